"""Light and colour: brightness and its kin, hue, curves, colour tables, the vignette."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Literal, get_args

from clipwright.errors import BadRequest
from clipwright.filters.expression import variables
from clipwright.filters.graph import File, FilterChain, chain, use
from clipwright.filters.ranges import Number, decimal, one_of, within

CurvePreset = Literal[
    "none", "color_negative", "cross_process", "darker", "increase_contrast", "lighter",
    "linear_contrast", "medium_contrast", "negative", "strong_contrast", "vintage",
]  # fmt: skip
Channel = Literal["master", "red", "green", "blue"]
Interpolation = Literal["nearest", "trilinear", "tetrahedral"]
Point = tuple[Number, Number]
"""What comes in and what goes out, both from 0 to 1."""

TABLES = (".cube", ".3dl", ".dat", ".m3d", ".csp")
"""How files of tables end: FFmpeg goes by it."""
_PI = variables("PI")[0]
_MOST_POINTS = 64
_SMOOTH = Fraction(1, 10_000)


def adjust(
    *,
    brightness: Number = 0,
    contrast: Number = 1,
    saturation: Number = 1,
    gamma: Number = 1,
    gamma_rgb: tuple[Number, Number, Number] = (1, 1, 1),
    path: str = "$",
) -> FilterChain:
    """Brightness -1 to 1, contrast -2 to 4, saturation 0 to 3, gamma 0.1 to 10, of all and of each colour."""
    least = Fraction(1, 10)
    red, green, blue = (
        within(one, least, 10, f"{path}.gamma_rgb[{place}]") for place, one in enumerate(gamma_rgb)
    )
    return chain(
        use(
            "eq",
            brightness=within(brightness, -1, 1, f"{path}.brightness"),
            contrast=within(contrast, -2, 4, f"{path}.contrast"),
            saturation=within(saturation, 0, 3, f"{path}.saturation"),
            gamma=within(gamma, least, 10, f"{path}.gamma"),
            gamma_r=red,
            gamma_g=green,
            gamma_b=blue,
        )
    )


def rotate_hue(
    degrees: Number = 0, *, saturation: Number = 1, brightness: Number = 0, path: str = "$"
) -> FilterChain:
    """Colours turned by -360 to 360 degrees, with a saturation and a brightness of -10 to 10."""
    return chain(
        use(
            "hue",
            h=within(degrees, -360, 360, f"{path}.degrees", unit="degrees"),
            s=within(saturation, -10, 10, f"{path}.saturation"),
            b=within(brightness, -10, 10, f"{path}.brightness"),
        )
    )


def curves(
    preset: CurvePreset = "none", *, points: dict[Channel, Sequence[Point]] | None = None, path: str = "$"
) -> FilterChain:
    """Tones by one of 11 presets, or for each channel by points, whose inputs rise."""
    drawn = {
        one_of(channel, get_args(Channel), f"{path}.points"): _points(listed, f"{path}.points.{channel}")
        for channel, listed in (points or {}).items()
    }
    named = one_of(preset, get_args(CurvePreset), f"{path}.preset")
    return chain(use("curves", preset=named, **drawn))


def color_table(table: File, *, interpolation: Interpolation = "tetrahedral", path: str = "$") -> FilterChain:
    """Colours by a table (``.cube``, ``.3dl``, ...) in the file `table`."""
    return chain(
        use(
            "lut3d",
            file=table,
            interp=one_of(interpolation, get_args(Interpolation), f"{path}.interpolation"),
        )
    )


def vignette(strength: Number = Fraction(2, 5), *, path: str = "$") -> FilterChain:
    """Darker corners; strength 0 to 1, which is a lens of up to a right angle."""
    return chain(use("vignette", angle=_PI / 2 * within(strength, 0, 1, f"{path}.strength")))


def _points(listed: Sequence[Point], path: str) -> str:
    if not 2 <= len(listed) <= _MOST_POINTS:
        raise BadRequest(
            f"A curve has 2 to {_MOST_POINTS} points, not {len(listed)}.", hint="Give as many.", path=path
        )
    exact = [
        (within(x, 0, 1, f"{path}[{place}][0]"), within(y, 0, 1, f"{path}[{place}][1]"))
        for place, (x, y) in enumerate(listed)
    ]
    rounded = [(round(x / _SMOOTH) * _SMOOTH, round(y / _SMOOTH) * _SMOOTH) for x, y in exact]
    for place, (before, after) in enumerate(pairwise(rounded)):
        if after[0] <= before[0]:
            raise BadRequest(
                "A curve's inputs rise from point to point, by 0.0001 or more.",
                hint="Sort the points, and leave out what stands twice.",
                path=f"{path}[{place + 1}][0]",
            )
    return " ".join(f"{decimal(x)}/{decimal(y)}" for x, y in rounded)
