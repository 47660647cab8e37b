"""Colour tables that ship with the project, written as Adobe's ``.cube`` text (version 1.0)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

from clipwright.filters.ranges import one_of, whole

Look = Literal["identity", "calming_teal", "warm_fade"]
Colour = tuple[float, float, float]


def _identity(colour: Colour) -> Colour:
    return colour


def _calming_teal(colour: Colour) -> Colour:
    """Shadows towards teal, lights a little towards orange."""
    red, green, blue = colour
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    shade = 1 - light
    return red - 0.08 * shade + 0.03 * light, green + 0.03 * shade, blue + 0.06 * shade - 0.03 * light


def _warm_fade(colour: Colour) -> Colour:
    """Lifted blacks, softer whites, and warmth."""
    red, green, blue = (0.06 + 0.88 * value for value in colour)
    return red * 1.04 + 0.01, green, blue * 0.93


_LOOKS: dict[str, Callable[[Colour], Colour]] = {
    "identity": _identity,
    "calming_teal": _calming_teal,
    "warm_fade": _warm_fade,
}


def cube(look: Look, *, size: int = 17, path: str = "$") -> str:
    """The text of a table of `size` (2 to 65) steps for each colour, red fastest."""
    made = _LOOKS[one_of(look, get_args(Look), f"{path}.look")]
    steps = whole(size, 2, 65, f"{path}.size")
    grid = [step / (steps - 1) for step in range(steps)]
    rows = (made((red, green, blue)) for blue in grid for green in grid for red in grid)
    lines = (" ".join(f"{min(max(value, 0.0), 1.0):.6f}" for value in row) for row in rows)
    return f'TITLE "{look}"\nLUT_3D_SIZE {steps}\n' + "\n".join(lines) + "\n"
