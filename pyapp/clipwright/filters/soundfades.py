"""Sound that comes, goes, and passes into other sound."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, get_args

from clipwright.filters.fading import LONGEST_CROSSING_US, Direction, passing
from clipwright.filters.graph import FilterChain, FilterGraph, chain, use
from clipwright.filters.ranges import one_of, time

Curve = Literal[
    "tri", "qsin", "hsin", "esin", "log", "ipar", "qua", "cub", "squ", "cbr", "par",
    "exp", "iqsin", "ihsin", "dese", "desi", "losi", "sinc", "isinc", "nofade",
]  # fmt: skip
"""The shapes of a fade that every FFmpeg from 5.1 on has; `tri` is a straight line."""


def fade_sound(
    direction: Direction, duration_us: int, *, start_us: int = 0, curve: Curve = "tri", path: str = "$"
) -> FilterChain:
    """Sound that comes or goes from `start_us` on within `duration_us`, which is 10 ms or more."""
    return chain(
        use(
            "afade",
            **passing(direction, start_us, duration_us, path),
            curve=one_of(curve, get_args(Curve), f"{path}.curve"),
        )
    )


@lru_cache(maxsize=1024, typed=True)
def crossfade_sound(
    duration_us: int,
    *,
    curve_out: Curve = "tri",
    curve_in: Curve = "tri",
    overlap: bool = True,
    path: str = "$",
) -> FilterGraph:
    """The end of sound ``first`` passes into the start of ``second`` within more than 0 to 60 s; gives ``out``.

    Without `overlap` the first goes before the second comes.
    """
    crossing = use(
        "acrossfade",
        duration=time(duration_us, f"{path}.duration_us", least=1, most=LONGEST_CROSSING_US),
        overlap=int(overlap),
        curve1=one_of(curve_out, get_args(Curve), f"{path}.curve_out"),
        curve2=one_of(curve_in, get_args(Curve), f"{path}.curve_in"),
    )
    return FilterGraph((chain(crossing).between(("first", "second"), "out"),), ("first", "second"), ("out",))
