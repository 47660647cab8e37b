"""Where things are on a project's clock. Whole microseconds throughout; no function is slower than n log n.

Lists of clips are those of one track. They may stand in any order, unless a function says otherwise.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from clipwright.errors import BadRequest
from clipwright.media import Span
from clipwright.project.document import Clip, Document, Track

SLOWEST, FASTEST = (1, 4), (4, 1)
"""The limits of speed, as ratios."""

_RATIO = re.compile(r"(\d{1,6})(?:/(\d{1,6}))?", re.ASCII)
_in_time = attrgetter("start_us", "end_us")


class Position(NamedTuple):
    """Where a clip stands, and for how long the clip before it is shown with it, all in microseconds."""

    id: str
    start_us: int
    end_us: int
    overlap_us: int


class Overlap(NamedTuple):
    """The clip `after` starts `duration_us` before the clip `before` ends, or ends within it."""

    before: str
    after: str
    duration_us: int


@lru_cache(maxsize=4096)
def ratio(speed: str) -> tuple[int, int]:
    """``"3/2"`` as (3, 2): microseconds of source, microseconds of project. Raises BadRequest outside 1/4 to 4."""
    match = _RATIO.fullmatch(speed)
    top, bottom = (int(match[1]), int(match[2] or 1)) if match else (0, 0)
    if not bottom or not bottom <= 4 * top <= 16 * bottom:
        raise BadRequest(
            f'"{speed[:40]}" is not a speed.',
            hint="Write a ratio such as 2 or 3/2, at least 1/4 and at most 4.",
            path="$.speed",
        )
    return top, bottom


def checked_speed(speed: str, path: str) -> str:
    """The speed, if it is one; `path` is where it stands. Raises BadRequest outside 1/4 to 4."""
    try:
        ratio(speed)
    except BadRequest as refused:
        raise BadRequest(refused.message, hint=refused.hint, path=path) from None
    return speed


def shown_for(source_us: int, speed: str) -> int:
    """How long so much of a source lasts at that speed; rounded half up to a microsecond."""
    top, bottom = ratio(speed)
    return (2 * source_us * bottom + top) // (2 * top)


def source_for(duration_us: int, speed: str) -> int:
    """How much of a source is shown in that time; rounded half up to a microsecond."""
    top, bottom = ratio(speed)
    return (2 * duration_us * top + bottom) // (2 * bottom)


def agrees(duration_us: int, source_us: int, speed: str) -> bool:
    """Whether one is the other at that speed, to within a microsecond of either clock."""
    top, bottom = ratio(speed)
    return abs(duration_us * top - source_us * bottom) <= top + bottom


def positions(track: Track) -> tuple[Position, ...]:
    """Where the clips stand, in order of time, each with how long it is shown together with what came before."""
    found = []
    reach = 0
    for clip in sorted(track.clips, key=_in_time):
        start, end = clip.start_us, clip.end_us
        found.append(Position(clip.id, start, end, max(0, min(reach, end) - start)))
        reach = max(reach, end)
    return tuple(found)


def laid_out(
    durations_us: Sequence[int], overlaps_us: Sequence[int] = (), start_us: int = 0
) -> tuple[Span, ...]:
    """Where clips of these lengths come to stand one after the other, each overlap shortening the whole.

    ``overlaps_us[n]`` is how long clips n and n + 1 are shown together; those that are missing are 0. Raises BadRequest
    for what is below zero, and for overlaps that are together longer than the clip they share.
    """
    spans = []
    before = 0
    for number, duration in enumerate(durations_us):
        overlap = overlaps_us[number] if number < min(len(overlaps_us), len(durations_us) - 1) else 0
        if duration < 0 or overlap < 0 or before + overlap > duration:
            raise BadRequest(
                f"Clip {number + 1} lasts {duration} µs, its transitions {before + overlap} µs.",
                hint="Make the clip longer or the transitions shorter.",
                path=f"$.durations_us[{number}]",
            )
        spans.append(Span(start_us, start_us + duration))
        start_us += duration - overlap
        before = overlap
    return tuple(spans)


def overlaps(clips: Iterable[Clip]) -> tuple[Overlap, ...]:
    """Every clip that starts before all earlier ones have ended, with the one of them that ends last."""
    found = []
    reach: Clip | None = None
    for clip in sorted(clips, key=_in_time):
        if reach is not None and clip.start_us < reach.end_us:
            common = min(reach.end_us, clip.end_us) - clip.start_us
            found.append(Overlap(reach.id, clip.id, common))
        if reach is None or clip.end_us > reach.end_us:
            reach = clip
    return tuple(found)


def gaps(clips: Iterable[Clip], until_us: int | None = None) -> tuple[Span, ...]:
    """Where no clip is, from 0 to `until_us`, which is where the last one ends if it is None."""
    found = []
    reach = 0
    for clip in sorted(clips, key=_in_time):
        if clip.start_us > reach:
            found.append(Span(reach, clip.start_us))
        reach = max(reach, clip.end_us)
    if until_us is None:
        return tuple(found)
    found = [Span(gap.start, min(gap.end, until_us)) for gap in found if gap.start < until_us]
    return (*found, Span(reach, until_us)) if reach < until_us else tuple(found)


def free(clips: Iterable[Clip], start_us: int, end_us: int) -> bool:
    """Whether nothing stands between the two times."""
    return all(clip.end_us <= start_us or clip.start_us >= end_us for clip in clips)


def end_of(track: Track) -> int:
    """When the last clip of a track ends; 0 if it has none."""
    return max((clip.end_us for clip in track.clips), default=0)


def duration(document: Document) -> int:
    """When the last clip of all ends; 0 if there is none."""
    return max(map(end_of, document.tracks), default=0)


def snap_points(document: Document, leaving_out: frozenset[str] = frozenset()) -> tuple[int, ...]:
    """The times that an edge may be drawn to, in order: 0, the markers, and both edges of every clip not left out."""
    edges = {0, *(marker.time_us for marker in document.markers)}
    for track in document.tracks:
        for clip in track.clips:
            if clip.id not in leaving_out:
                edges.update((clip.start_us, clip.end_us))
    return tuple(sorted(edges))


def snapped(time_us: int, points: Sequence[int], within_us: int) -> int:
    """The nearest of the ordered `points` that is at most `within_us` away, the earlier of two; else the time."""
    return time_us + min(_moves(time_us, points, within_us), key=abs, default=0)


def snapped_span(start_us: int, end_us: int, points: Sequence[int], within_us: int) -> int:
    """Where a clip has to start so that its nearer edge lies on one of the ordered `points`; never below 0."""
    moves = (move for edge in (start_us, end_us) for move in _moves(edge, points, within_us))
    return start_us + min((move for move in moves if start_us + move >= 0), key=abs, default=0)


def _moves(time_us: int, points: Sequence[int], within_us: int) -> list[int]:
    """How far it is to the points just before and after a time, as far as they are near enough."""
    at = bisect_left(points, time_us)
    near = (point - time_us for point in points[max(0, at - 1) : at + 1])
    return [move for move in near if abs(move) <= within_us]
