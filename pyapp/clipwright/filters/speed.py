"""Faster and slower: pictures by their times, sound by ``atempo``, which keeps its pitch."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from clipwright.errors import BadRequest
from clipwright.filters.expression import Expr, clip, total, variables
from clipwright.filters.graph import FilterChain, FilterGraph, chain, use
from clipwright.filters.ranges import Number, time, within
from clipwright.filters.timing import FINE_TIME

_PTS, _STARTPTS, _T, _TB = variables("PTS", "STARTPTS", "T", "TB")
_SLOWEST, _FASTEST = Fraction(1, 2), Fraction(2)
"""What one stage of atempo does without skipping sound."""
FROM_ZERO = use("asetpts", expr=_PTS - _STARTPTS)
"""Sound from its first sample on at 0."""
_AHEAD = Fraction(1, 10)
MOST_PIECES = 200
"""How many spans of their own speed one clip may have."""


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """A span of a clip, half-open, in microseconds, and how many times as fast it plays: more than 0, at most 100."""

    start_us: int
    end_us: int
    factor: Number


def video_speed(factor: Number, *, path: str = "$") -> FilterChain:
    """Pictures `factor` times as fast, 0.25 to 4. All stay: their rate changes until ``fps`` settles it."""
    exact = within(factor, Fraction(1, 4), 4, f"{path}.factor")
    return chain(FINE_TIME, use("setpts", expr=_PTS / exact)) if exact != 1 else chain(use("null"))


def audio_speed(factor: Number, *, duration_us: int | None = None, path: str = "$") -> FilterChain:
    """Sound `factor` times as fast, 0.25 to 4, at its own pitch.

    atempo swallows up to 60 ms at the end. Where the clip's length is given, silence takes their place, and the
    result lasts exactly as long as the pictures do.
    """
    exact = within(factor, Fraction(1, 4), 4, f"{path}.factor")
    if duration_us is None or exact == 1:
        return _tempo(exact)
    return _tempo(exact) + _lasting(time(duration_us, f"{path}.duration_us", least=1) / exact)


def variable_video_speed(paces: Sequence[Pace], *, path: str = "$") -> FilterChain:
    """Pictures of a clip that starts at 0, each span as fast as it says, what lies between as it is.

    The new time is what has been played of each piece: a sum that stays right however times are rounded.
    """
    pieces = _pieces(paces, path)
    saved: list[Expr] = [
        clip(_T - start, 0, end - start) * (1 / factor - 1) for start, end, factor in pieces if factor != 1
    ]
    return chain(FINE_TIME, use("setpts", expr=_PTS + total(saved) / _TB)) if saved else chain(use("null"))


def variable_audio_speed(paces: Sequence[Pace], *, path: str = "$") -> FilterGraph:
    """The same for the sound, from the open pad ``in`` to ``out``; no span may end after the clip."""
    pieces = _pieces(paces, path)
    spans: list[tuple[Fraction, Fraction | None, Fraction]] = []
    at = Fraction(0)
    for start, end, factor in pieces:
        if start > at:
            spans.append((at, start, Fraction(1)))
        spans.append((start, end, factor))
        at = end
    spans.append((at, None, Fraction(1)))
    count = len(spans)
    cut = [f"cut{place}" for place in range(count)]
    sped = [f"sped{place}" for place in range(count)]
    chains = [chain(use("asplit", outputs=count)).between("in", cut)]
    for source, target, span in zip(cut, sped, spans, strict=True):
        chains.append(_span(*span).between(source, target))
    chains.append(chain(use("concat", n=count, v=0, a=1)).between(sped, "out"))
    return FilterGraph(tuple(chains), ("in",), ("out",))


def played_us(paces: Sequence[Pace], duration_us: int, *, path: str = "$") -> Fraction:
    """How long a clip of `duration_us` plays with these paces, in microseconds."""
    length = time(duration_us, f"{path}.duration_us")
    saved = sum(
        (
            max(min(length, end) - start, Fraction(0)) * (1 / factor - 1)
            for start, end, factor in _pieces(paces, path)
        ),
        start=Fraction(0),
    )
    return (length + saved) * 1_000_000


def _span(start: Fraction, stop: Fraction | None, factor: Fraction) -> FilterChain:
    """The sound of one span, as fast as it shall be and exactly as long."""
    if factor == 1 or stop is None:
        return chain(use("atrim", start=start, end=stop), FROM_ZERO)
    # atempo gets to hear what comes next, so that what it swallows at the end is nothing of the span.
    heard = chain(use("atrim", start=start, end=stop + _AHEAD * max(factor, Fraction(1))), FROM_ZERO)
    return heard + _tempo(factor) + _lasting((stop - start) / factor)


def _lasting(seconds: Fraction) -> FilterChain:
    """Sound of exactly that length, to a microsecond: silence behind it, or its end cut off."""
    length = Fraction(round(seconds * 1_000_000), 1_000_000)
    return chain(use("apad", whole_dur=length), use("atrim", end=length))


def _tempo(factor: Fraction) -> FilterChain:
    """Stages from 0.5 to 2 whose product is exactly `factor`."""
    stages = []
    while factor > _FASTEST:
        stages.append(_FASTEST)
        factor /= _FASTEST
    while factor < _SLOWEST:
        stages.append(_SLOWEST)
        factor /= _SLOWEST
    if factor != 1:
        stages.append(factor)
    return chain(*(use("atempo", tempo=stage) for stage in stages)) if stages else chain(use("anull"))


def _pieces(paces: Sequence[Pace], path: str) -> list[tuple[Fraction, Fraction, Fraction]]:
    if not 1 <= len(paces) <= MOST_PIECES:
        raise BadRequest(
            f"A clip has 1 to {MOST_PIECES} spans of their own speed, not {len(paces)}.",
            hint="Give fewer, longer spans." if paces else "Give at least one.",
            path=f"{path}.paces",
        )
    pieces = []
    at = Fraction(0)
    for place, pace in enumerate(paces):
        here = f"{path}.paces[{place}]"
        start, end = time(pace.start_us, f"{here}.start_us"), time(pace.end_us, f"{here}.end_us")
        if start < at or end <= start:
            raise BadRequest(
                "Spans follow one another, and each ends after it starts.",
                hint="Sort them, and let none overlap.",
                path=f"{here}.{'end_us' if end <= start else 'start_us'}",
            )
        pieces.append((start, end, within(pace.factor, 0, 100, f"{here}.factor", above=True)))
        at = end
    return pieces
