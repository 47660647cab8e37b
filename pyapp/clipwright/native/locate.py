"""Where a track can be cut, read off its packets near the two edges of each span."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import msgspec
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

from clipwright.bitstream import nal
from clipwright.errors import Cancelled
from clipwright.framerate import SECOND, round_half_up
from clipwright.media import CutPoint, Span
from clipwright.native.reading import beginning, layout, only, opened, rewound, ticker, time_of
from clipwright.native.rows import Rows

STEPS_BACK_US = (SECOND, 12 * SECOND, 60 * SECOND, 600 * SECOND)
"""How much earlier than the wanted time to start reading: seeking goes by decode times in some containers
and lands anywhere in others."""

_CLOCK = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", re.ASCII)
"""A length of time as FFmpeg writes it into tags of Matroska: hours, minutes and seconds."""


def locate(path: Path, track: int, spans: Sequence[Span], stop: threading.Event) -> tuple[CutPoint, ...]:
    """Where track number `track` can be cut for each of some absolute spans, in absolute times.

    The file is opened once, and read in the order of its times: what spans have in common is read once.
    Raises MediaError when the file cannot be read, CorruptMedia when it is damaged and, when `stop` is set, Cancelled.
    """
    head, _ = beginning(path)
    found: dict[Span, CutPoint] = {}
    with opened(path, head) as container:
        source = _Source(container, track, stop)
        for _, is_end, span in sorted(_edges(spans), key=itemgetter(0, 1)):
            if not is_end:
                found[span] = _start(source, span)
            elif (first := found[span].first_frame) is not None and first < span.end:
                found[span] = _with_end(source, span, found[span])
    return tuple(found[span] for span in spans)


def _edges(spans: Sequence[Span]) -> Iterator[tuple[int, bool, Span]]:
    """Both edges of every span: when, and whether it is its end."""
    for span in dict.fromkeys(spans):
        yield span.start, False, span
        yield span.end, True, span


def _start(source: _Source, span: Span) -> CutPoint:
    """The in point, without what concerns the end."""
    for back_us in (*STEPS_BACK_US, None):
        found, sure = _around_start(source, span, None if back_us is None else span.start - back_us)
        if sure:
            break
    return found


class _Row(NamedTuple):
    """What matters of a packet, in microseconds; `shown` is False where an edit list hides it."""

    at: int
    dts: int | None
    until: int
    key: bool
    clean: bool
    shown: bool


class _Source:
    """One track of an open file."""

    def __init__(self, container: InputContainer, track: int, stop: threading.Event) -> None:
        self._container = container
        self._stream = only(container, track)
        self._base = self._stream.time_base or Fraction(1)
        self._us = ticker(self._base)
        self._stop = stop
        self._rows = Rows(self._read)
        self._codec, self._prefix = layout(self._stream)
        self.lasts_by_decoding = "mp4" in container.format.name
        """Whether the length of a packet is the time to the next one in decoding order."""

    def ends(self, after: int) -> int | None:
        """When the track ends, in microseconds, where a tag says so and its last frame, at `after`, comes before.

        FFmpeg writes the tag into Matroska and WebM (mkv_write_trailer in libavformat/matroskaenc.c): the end of
        what ends last, on the clock of the file. mkvmerge counts from the first frame and leaves other tags too.
        """
        tags = self._stream.metadata
        found = _CLOCK.fullmatch(tags.get("DURATION", ""))
        counted = any(key.startswith("_STATISTICS") for key in tags)
        if found is None or counted or "matroska" not in self._container.format.name:
            return None
        hours, minutes, seconds = found.groups()
        at = round_half_up((int(hours) * 3600 + int(minutes) * 60 + Fraction(seconds)) * SECOND)
        return at if at > after else None

    def rows(self, from_us: int | None) -> Iterator[_Row]:
        """Packets in decoding order, from a key frame or where seeking to a time leads; None: from the beginning.

        Those from before are of no use any more.
        """
        return self._rows.start(from_us)

    def _read(self, from_us: int | None) -> Iterator[_Row]:
        rewound(self._container, self._stream, int((from_us or 0) / (self._base * SECOND)))
        for packet in self._container.demux(self._stream):
            if self._stop.is_set():
                raise Cancelled("The work was stopped.")
            time = time_of(packet)
            if time is not None:
                yield self._row(packet, time)

    def _row(self, packet: Packet[Stream], time: int) -> _Row:
        key = packet.is_keyframe
        return _Row(
            at=self._us(time),
            dts=None if packet.dts is None else self._us(packet.dts),
            until=self._us(time + (packet.duration or 0)),
            key=key,
            clean=key and nal.is_clean(self._codec, bytes(packet), self._prefix),
            # A packet to be discarded is decoded but not shown: a place to start from, never a frame.
            shown=not packet.is_discard,
        )


def _around_start(source: _Source, span: Span, from_us: int | None) -> tuple[CutPoint, bool]:
    """The in point as it shows when reading from `from_us`, without what concerns the end.

    Also whether it is sure: a key frame at or before the time was seen, so that nothing was passed over.
    """
    frames: list[int] = []
    keys: list[int] = []
    next_key: int | None = None
    clean: int | None = None
    for row in source.rows(from_us):
        inside = row.shown and row.at >= span.start
        if inside:
            frames.append(row.at)
        if row.key:
            keys.append(row.at)
            next_key = row.at if inside and next_key is None else next_key
            clean = row.at if inside and row.clean and row.at < span.end and clean is None else clean
        # Whatever is decoded from here on is shown later than the frames that matter.
        known = next_key is not None and row.dts is not None and row.dts >= min(frames)
        if known and row.dts is not None and row.dts >= (span.end if clean is None else clean):
            break
    first = min(frames, default=None)
    found = CutPoint(
        first_frame=first,
        key_frame=None if first is None else max((key for key in keys if key <= first), default=None),
        next_key_frame=next_key,
        clean_frame=clean,
        head_frames=sum(at < (span.end if clean is None else clean) for at in frames),
    )
    return found, any(key <= span.start for key in keys)


def _with_end(source: _Source, span: Span, found: CutPoint) -> CutPoint:
    """`found` with where copying can stop around the end."""
    for back_us in (*STEPS_BACK_US, None):
        from_us = None if back_us is None else span.end - back_us
        ends = _around_end(source, span.end, found.clean_frame, from_us)
        if ends.clean is not None or back_us is None:
            break
    later = (at for at in (*ends.shown, *ends.places) if at >= span.end)
    found = msgspec.structs.replace(
        found, next_frame=min(later, default=None if ends.until is None else min(ends.until, span.end))
    )
    if found.clean_frame is None or ends.clean is None:
        return msgspec.structs.replace(found, closed_end=ends.closed)
    tail = sum(ends.clean <= at < span.end for at in ends.shown)
    return msgspec.structs.replace(found, clean_end=ends.clean, closed_end=ends.closed, tail_frames=tail)


class _Ends(NamedTuple):
    """The last closed place up to a time, the first one from it on, and the frames shown around them.

    `places` are all closed places that were seen; each is the time of a frame. `until` is when the last frame of the
    track has been shown, where all was read and its packet says so.
    """

    clean: int | None
    closed: int | None
    shown: list[int]
    places: list[int]
    until: int | None = None


def _around_end(source: _Source, end: int, clean: int | None, from_us: int | None) -> _Ends:
    """Where a row of packets in decoding order is closed: all that come before are shown before all that follow.

    `clean` is the frame that copying starts with; what is shown before it is left out.
    """
    rows: list[_Row] = []
    for row in source.rows(from_us):
        if (clean is not None and row.at < clean) or not (rows or row.key):
            continue
        if not rows and row.at > end:
            return _Ends(None, None, [], [])
        rows.append(row)
        if (
            row.dts is not None
            and row.dts >= end
            and (ends := _closed(rows, end, row.dts)).closed is not None
        ):
            return ends
    ends = _closed(rows, end, None)
    ends = ends._replace(until=_shown_until(source, rows))
    if ends.closed is None and rows:
        # Where the track ends, nothing follows.
        if all(row.at < end for row in rows):
            return ends._replace(clean=end, closed=end)
        return ends._replace(closed=max(end, *(row.until for row in rows)))
    return ends


def _shown_until(source: _Source, rows: list[_Row]) -> int | None:
    """When the last frame of all has been shown, in microseconds; None where its packet does not say.

    `rows` are the last ones of the track.
    """
    final = sorted((row for row in rows if row.shown), key=lambda row: row.at)[-2:]
    stated = source.ends(final[-1].at) if final else None
    if stated is not None:
        return stated
    # In mp4 and mov a packet lasts until the next one is decoded, and only the last one until the track ends.
    if len(final) < 2 or (source.lasts_by_decoding and final[1] is not rows[-1]):
        return None
    # Matroska need not say how long its last frame lasts; FFmpeg then makes something up.
    told = 2 * (final[1].until - final[1].at) >= final[1].at - final[0].at
    return final[1].until if told else None


def _closed(rows: list[_Row], end: int, read_until: int | None) -> _Ends:
    """The closed places among `rows`; what was not read is shown at `read_until` or later, None: all was read."""
    if not rows:
        return _Ends(None, None, [], [])
    following = list(accumulate((row.at for row in reversed(rows)), min))[::-1]
    before = accumulate((row.at for row in rows), max)
    # The first packet is a key frame: what is decoded before it is shown before it.
    places = [rows[0].at] if rows[0].at == following[0] else []
    for last, first in zip(before, following[1:], strict=False):
        if last < first and (read_until is None or first <= read_until):
            places.append(first)
    shown = [row.at for row in rows if row.shown]
    earlier = max((place for place in places if place < end), default=None)
    later = min((place for place in places if place >= end), default=None)
    if later is not None and not any(end <= row.at < later for row in rows):
        # Between the last frame before the end and the end there is nothing to take.
        return _Ends(end, end, shown, places)
    return _Ends(earlier, later, shown, places)
