"""Lists of segments: named Spans of one source, and what people do with them. All times in microseconds.

Functions take segments in any order and give them back in order of time, unless they say otherwise. `path` is where
in the request the list stands, for errors.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Literal

import msgspec

from clipwright.errors import BadRequest
from clipwright.framerate import round_half_up
from clipwright.timecode import hms, human
from clipwright.writtentime import quote

SegmentAction = Literal["check", "invert", "shift", "align", "split", "length", "count", "size"]
"""What can be done with a list: see the function of the same name, for the last three with ``by_`` before it."""

MAX_SEGMENTS = 10_000
"""No list may be longer."""

SHORTEST_US = 100_000
"""Dividing makes no part shorter than this; nobody would find it, and it may hold no frame."""

_VALUE = "$.value"
"""Where in the request the number stands that an action needs."""


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """Half-open interval ``[start_us, end_us)`` with an optional name."""

    start_us: int
    end_us: int
    label: str | None = None

    @property
    def duration_us(self) -> int:
        """Length in microseconds."""
        return self.end_us - self.start_us


Segments = tuple[Segment, ...]


def named(number: int, label: str | None) -> str:
    """How an error calls segment `number`, counted from 0: ``Segment 3 (“intro”)``."""
    return f"Segment {number + 1} ({quote(label)})" if label else f"Segment {number + 1}"


def refusal(error: BadRequest, number: int, label: str | None, path: str = "$.segments") -> BadRequest:
    """`error`, about a time of segment `number`, as one that names the segment and its place in the list."""
    field = error.path.rpartition(".")[2] or "start"
    message = f"{named(number, label)}: {error.message}"
    return BadRequest(message, hint=error.hint, detail=error.detail, path=f"{path}[{number}].{field}")


def within(segments: Sequence[Segment], duration_us: int, *, path: str = "$.segments") -> Segments:
    """The segments in the order given, ends beyond the file of `duration_us` brought back to its end.

    Raises BadRequest for a list that is too long and for the first segment that is empty, runs backwards or
    lies outside the file.
    """
    if len(segments) > MAX_SEGMENTS:
        raise BadRequest(
            f"A list of {len(segments)} segments is too long.",
            hint=f"Give at most {MAX_SEGMENTS} at once.",
            path=path,
        )
    for number, segment in enumerate(segments):
        if misfit := _misfit(segment, duration_us):
            raise refusal(misfit, number, segment.label, path)
    return tuple(_moved(s, s.start_us, min(s.end_us, duration_us)) for s in segments)


def _misfit(segment: Segment, duration_us: int) -> BadRequest | None:
    if segment.start_us < 0:
        return BadRequest(
            f"It starts {human(-segment.start_us)} before the file.", hint="Let it start later.", path="start"
        )
    if segment.start_us >= duration_us:
        return BadRequest(
            f"It starts at {hms(segment.start_us)}, but the file is only {human(duration_us)} long.",
            hint=f"Choose a start before {hms(duration_us)}.",
            path="start",
        )
    if segment.end_us <= segment.start_us:
        return BadRequest(
            f"It starts at {hms(segment.start_us)} and ends at {hms(segment.end_us)}, so it would hold nothing.",
            hint="Choose a later end or an earlier start.",
            path="end",
        )
    return None


def check(segments: Sequence[Segment], duration_us: int, *, path: str = "$.segments") -> Segments:
    """What `within` gives, in order of time; segments may overlap."""
    return _sorted(within(segments, duration_us, path=path))


def merged(segments: Iterable[Segment]) -> Segments:
    """Segments that overlap or touch made into one, so that there is a gap before every other.

    A merged one bears the names of all its parts, each once, with ``+`` between them.
    """
    groups: list[list[Segment]] = []
    reach = 0
    for segment in _sorted(segments):
        if not groups or segment.start_us > reach:
            groups.append([])
            reach = segment.end_us
        groups[-1].append(segment)
        reach = max(reach, segment.end_us)
    return tuple(_union(group) for group in groups)


def _union(group: list[Segment]) -> Segment:
    labels = dict.fromkeys(segment.label for segment in group if segment.label)
    end = max(segment.end_us for segment in group)
    return Segment(start_us=group[0].start_us, end_us=end, label=" + ".join(labels) or None)


def invert(segments: Iterable[Segment], duration_us: int) -> Segments:
    """Everything in a file of `duration_us` that is in none of the segments, without names.

    The whole file for an empty list; nothing where the segments leave no gap.
    """
    gaps: list[Segment] = []
    position = 0
    for segment in merged(segments):
        if segment.start_us > position:
            gaps.append(Segment(start_us=position, end_us=segment.start_us))
        position = segment.end_us
    if position < duration_us:
        gaps.append(Segment(start_us=position, end_us=duration_us))
    return tuple(gaps)


def shift(segments: Iterable[Segment], by_us: int, duration_us: int) -> Segments:
    """Every segment `by_us` later (earlier below zero), cut off at the file's edges.

    Those that would lie outside the file are left out; BadRequest where that leaves none of them.
    """
    moved = [
        _moved(s, max(s.start_us + by_us, 0), min(s.end_us + by_us, duration_us)) for s in _sorted(segments)
    ]
    kept = tuple(segment for segment in moved if segment.duration_us > 0)
    if moved and not kept:
        raise BadRequest(
            f"Moved by {human(by_us)}, every segment would lie outside the file.",
            hint="Move them by less.",
            path=_VALUE,
        )
    return kept


def align(segments: Iterable[Segment], key_frames: Iterable[int], duration_us: int) -> Segments:
    """Every segment grown to whole groups of pictures, so that it can be copied as it is.

    Starts go to the key frame at or before them (the file's start where there is none), ends to the key
    frame at or after them (the file's end). Where one segment ends and another starts, both go to the same
    key frame, unless that would leave nothing of the first. `key_frames` are times; only those near the edges
    are needed.
    """
    times = sorted(key_frames)
    listed = _sorted(segments)
    starts = {segment.start_us for segment in listed}

    def before(us: int) -> int:
        count = bisect_right(times, us)
        return times[count - 1] if count else 0

    def after(us: int) -> int:
        count = bisect_left(times, us)
        return times[count] if count < len(times) else duration_us

    def grown(segment: Segment) -> Segment:
        start, shared = before(segment.start_us), before(segment.end_us)
        meets = segment.end_us in starts and shared > start
        return _moved(segment, start, shared if meets else after(segment.end_us))

    return _sorted(grown(segment) for segment in listed)


def split(segments: Iterable[Segment], at_us: int) -> Segments:
    """Every segment that is under way at `at_us` made into two, both of its name; BadRequest where none is."""
    whole = _sorted(segments)
    if not any(_spans(segment, at_us) for segment in whole):
        raise BadRequest(
            f"No segment can be split at {hms(at_us)}: none is under way there.",
            hint="Choose a time inside a segment.",
            path=_VALUE,
        )
    parts: list[Segment] = []
    for s in whole:
        middle = (at_us,) if _spans(s, at_us) else ()
        parts += (_moved(s, *edges) for edges in pairwise((s.start_us, *middle, s.end_us)))
    return _sorted(parts)


def divided(segments: Iterable[Segment], divide: Callable[[int], Segments]) -> Segments:
    """Every segment made into the parts that `divide` makes of its length; each keeps the segment's name."""
    parts: list[Segment] = []
    for s in _sorted(segments):
        parts += (
            _moved(s, s.start_us + part.start_us, s.start_us + part.end_us) for part in divide(s.duration_us)
        )
    _few(len(parts))
    return _sorted(parts)


def by_length(duration_us: int, length_us: int, shortest_us: int = SHORTEST_US) -> Segments:
    """``[0, duration_us)`` in parts of `length_us`; the last may be shorter.

    A rest below `shortest_us` (a frame, say) is no part of its own: it stays with the part before it. Raises BadRequest
    for a length below that, and where too many parts would come of it.
    """
    if length_us < shortest_us:
        raise BadRequest(
            f"Parts of {length_us / 1_000_000:g} s are too short.",
            hint=f"Let them be {shortest_us / 1_000_000:g} s long or longer.",
            path=_VALUE,
        )
    count = max(-(-(duration_us - shortest_us + 1) // length_us), 1)
    _few(count)
    return _parts([*range(0, count * length_us, length_us), duration_us])


def by_count(duration_us: int, count: int, shortest_us: int = SHORTEST_US) -> Segments:
    """``[0, duration_us)`` in `count` parts whose lengths differ by a microsecond at most.

    Raises BadRequest for a count below one, and where the parts would be shorter than `shortest_us`.
    """
    if count < 1:
        raise BadRequest(
            f"Nothing can be divided into {count} parts.", hint="Ask for one or more.", path=_VALUE
        )
    if count > 1 and count * shortest_us > duration_us:
        raise BadRequest(
            f"Divided into {count} parts, {human(duration_us)} would leave less than "
            f"{shortest_us / 1_000_000:g} s for each.",
            hint="Ask for fewer.",
            path=_VALUE,
        )
    _few(count)
    return _parts([round_half_up(Fraction(duration_us * n, count)) for n in range(count + 1)])


def by_size(duration_us: int, size: int, total_size: int, shortest_us: int = SHORTEST_US) -> Segments:
    """``[0, duration_us)``, which takes `total_size` bytes, in equal parts of at most `size` bytes each, on average.

    As many parts as must be, and no short one at the end: that leaves the most room for parts that are more
    complicated than others. Raises BadRequest as `by_count` does.
    """
    if size < 1:
        raise BadRequest(f"No part can have {size} bytes.", hint="Ask for more.", path=_VALUE)
    return by_count(duration_us, max(-(-total_size // size), 1), shortest_us)


def _parts(edges: Sequence[int]) -> Segments:
    return tuple(Segment(start_us=start, end_us=end) for start, end in pairwise(edges))


def _few(count: int) -> None:
    if count > MAX_SEGMENTS:
        raise BadRequest(
            f"That would make {count} segments.",
            hint=f"At most {MAX_SEGMENTS} can be made at once.",
            path=_VALUE,
        )


def _spans(segment: Segment, at_us: int) -> bool:
    return segment.start_us < at_us < segment.end_us


def _moved(segment: Segment, start_us: int, end_us: int) -> Segment:
    return Segment(start_us=start_us, end_us=end_us, label=segment.label)


def _sorted(segments: Iterable[Segment]) -> Segments:
    return tuple(sorted(segments, key=lambda segment: (segment.start_us, segment.end_us)))
