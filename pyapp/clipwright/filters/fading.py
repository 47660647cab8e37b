"""What fades of pictures and of sound have in common: which way they go, when, and for how long."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, get_args

from clipwright.filters.ranges import one_of, time

Direction = Literal["in", "out"]
LONGEST_CROSSING_US = 60_000_000
"""How long one picture or sound may take to pass into another."""
_SHORTEST_US = 10_000


def passing(direction: Direction, start_us: int, duration_us: int, path: str) -> dict[str, str | Fraction]:
    """The options by which FFmpeg's ``fade`` and ``afade`` are told that; a fade lasts 10 ms or more."""
    return {
        "type": one_of(direction, get_args(Direction), f"{path}.direction"),
        "start_time": time(start_us, f"{path}.start_us"),
        "duration": time(duration_us, f"{path}.duration_us", least=_SHORTEST_US),
    }
