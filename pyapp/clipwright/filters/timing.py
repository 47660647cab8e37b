"""When pictures show: backwards, standing still, or at another rate."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, get_args

from clipwright.errors import BadRequest
from clipwright.filters.expression import call, variables
from clipwright.filters.graph import FilterChain, FilterGraph, chain, use
from clipwright.filters.ranges import Number, one_of, time, within

RateMethod = Literal["duplicate", "blend", "motion"]
"""How pictures come to be that are missing: the same again, mixed of two, or moved along."""
LONGEST_REVERSED_US = 30_000_000
"""Reversing keeps all of it in memory."""

FINE_TIME = use("settb", expr=Fraction(1, 1_000_000))
"""Pictures counted in microseconds: in coarse time bases such as 1/25 s, where new times would be rounded off."""

_PTS, _STARTPTS, _T, _TB = variables("PTS", "STARTPTS", "T", "TB")
_TICK = Fraction(1, 1_000_000)
_LONGEST_STILL_US = 3600 * 1_000_000


def reverse_video(duration_us: int, *, path: str = "$") -> FilterChain:
    """Pictures last to first, of a clip of at most 30 s."""
    _short(duration_us, path)
    return chain(use("reverse"))


def reverse_audio(duration_us: int, *, path: str = "$") -> FilterChain:
    """Sound last to first, of a clip of at most 30 s."""
    _short(duration_us, path)
    return chain(use("areverse"))


def convert_rate(rate: Number, *, method: RateMethod = "duplicate", path: str = "$") -> FilterChain:
    """Pictures at a constant rate of 1 to 240 per second; ``motion`` may end one picture later."""
    fps = within(rate, 1, 240, f"{path}.rate", unit="pictures per second")
    match one_of(method, get_args(RateMethod), f"{path}.method"):
        case "blend":
            return chain(use("framerate", fps=fps))
        case "motion":
            # It keeps the last two pictures to itself.
            more = use("tpad", stop=2, stop_mode="clone")
            return chain(more, use("minterpolate", fps=fps, mi_mode="mci"))
        case _:
            return chain(use("fps", fps=fps))


def freeze_video(at_us: int, duration_us: int, *, path: str = "$") -> FilterChain:
    """The picture that shows at `at_us` stands for `duration_us` (1 µs to 1 h), then all goes on.

    It is shown for longer, not repeated; `convert_rate` after it makes the rate constant again.
    """
    # Half a tick more: a picture whose time is `at` shows there, however the division came out.
    at, length = time(at_us, f"{path}.at_us") + _TICK / 2, _still(duration_us, path)
    later = call("gt", _T, at) * length / _TB
    return chain(FINE_TIME, use("setpts", expr=_PTS + later))


def hold_last(duration_us: int, *, path: str = "$") -> FilterChain:
    """The last picture stands for `duration_us` more (1 µs to 1 h), to the nearest picture."""
    return chain(use("tpad", stop_mode="clone", stop_duration=_still(duration_us, path)))


def hold_silence(duration_us: int, *, path: str = "$") -> FilterChain:
    """The sound that goes with a last picture held: silence of the same length behind it."""
    return chain(use("apad", pad_dur=_still(duration_us, path)))


def freeze_audio(at_us: int, duration_us: int, *, path: str = "$") -> FilterGraph:
    """The sound that goes with it: silence for `duration_us` from `at_us` on; ``in``, ``out``."""
    at, length = time(at_us, f"{path}.at_us"), _still(duration_us, path)
    if not at:
        delay = use("adelay", delays=str(round(length * 1000)), all=1)
        return FilterGraph((chain(delay).between("in", "out"),), ("in",), ("out",))
    return FilterGraph(
        (
            chain(use("asplit")).between("in", ("one", "other")),
            chain(use("atrim", end=at), use("apad", whole_dur=at + length)).between("one", "held"),
            chain(use("atrim", start=at), use("asetpts", expr=_PTS - _STARTPTS)).between("other", "rest"),
            chain(use("concat", n=2, v=0, a=1)).between(("held", "rest"), "out"),
        ),
        ("in",),
        ("out",),
    )


def _still(duration_us: int, path: str) -> Fraction:
    return time(duration_us, f"{path}.duration_us", least=1, most=_LONGEST_STILL_US)


def _short(duration_us: int, path: str) -> None:
    if time(duration_us, f"{path}.duration_us") > LONGEST_REVERSED_US * _TICK:
        raise BadRequest(
            "Only clips of up to 30 s can be reversed: all of it has to be in memory.",
            hint="Cut it into shorter clips.",
            path=f"{path}.duration_us",
        )
