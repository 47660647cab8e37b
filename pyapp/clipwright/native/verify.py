"""Whether a result shows what its sources show: frames around the joints, decoded on both sides and compared."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from fractions import Fraction
from itertools import chain, pairwise
from pathlib import Path
from typing import NamedTuple, cast

import av
from av.audio.stream import AudioStream
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from clipwright.errors import Cancelled, MediaError
from clipwright.framerate import SECOND
from clipwright.media import Span
from clipwright.native.feed import Data, Feed, Given
from clipwright.plan.steps import Check, Verified

ALIKE_DB = 38.0
"""Pictures less alike than this, over luma and chroma together, are not the same."""
_IDENTICAL_DB = 100.0
_BASE = Fraction(1, SECOND)
_EDIT_US = 10
"""Edit lists round to this."""


class _Findings:
    """What was found so far."""

    def __init__(self) -> None:
        self.frames = 0
        self.worst_db: float | None = None
        self.shift_us = 0
        self.wrong: list[str] = []
        self.unseen: list[str] = []

    def verdict(self, checks: int) -> Verified:
        """The findings as the report carries them."""
        return Verified(
            ok=not self.wrong,
            joints=checks,
            frames=self.frames,
            worst_psnr_db=None if self.worst_db is None else round(self.worst_db, 2),
            worst_shift_us=self.shift_us,
            detail=" ".join([*self.wrong, *self.unseen]),
        )


class _Shot(NamedTuple):
    """A frame and when it is shown, in microseconds; None where it needs no decoding to be known."""

    at: int
    frame: VideoFrame | None


class _Stretch(NamedTuple):
    """Decoded sound: interleaved samples, and when they are heard, in microseconds."""

    at: int
    length_us: int
    longest_us: int
    content: bytes


def verify(
    result: Path, given: Mapping[str, Given], checks: Sequence[Check], stop: threading.Event
) -> Verified:
    """What comparing `result` with its sources shows; a difference is told, not raised.

    Frames count as the same when they are shown within one tick of the coarser clock and are alike by
    `ALIKE_DB`; sound has to consist of the source's packets. When `stop` is set, Cancelled is raised.
    """
    found = _Findings()
    with ExitStack() as stack:
        # Reading the index of a long file takes longer than comparing a few frames.
        feeds: dict[tuple[str | None, int], Feed] = {}

        def opened(source: str | None, track: int) -> Feed:
            if (source, track) not in feeds:
                file = Given(result, part=True) if source is None else given[source]
                feeds[source, track] = Feed(file, track)
                stack.callback(feeds[source, track].close)
            return feeds[source, track]

        for check in checks:
            if stop.is_set():
                raise Cancelled("The work was stopped.")
            try:
                _compare(check, opened(check.source, check.track), opened(None, check.result_track), found)
            except (MediaError, av.FFmpegError) as error:
                found.wrong.append(f"Around {_clock(check.at)}: {error}.")
            except IndexError:
                found.wrong.append(f"The result has no track {check.result_track}.")
    return found.verdict(len(checks))


def _compare(check: Check, source: Feed, made: Feed, found: _Findings) -> None:
    ticks = max(source.base, made.base)
    slack = int(ticks * SECOND) + 1 + _EDIT_US
    window = Span(check.at, check.at + check.span.duration)
    if isinstance(source.stream, VideoStream) and isinstance(made.stream, VideoStream):
        stretch = Span(max(window.start - slack, 0), window.end + slack)
        if undecoded := _same_bytes(source, check.span, made, stretch):
            _compare_pictures(check, *undecoded, slack, found)
            return
        try:
            theirs = _shots(source, check.span)
        except av.FFmpegError as error:
            found.unseen.append(f"The source cannot be decoded around {_clock(check.at)}: {error}.")
            return
        ours = _shots(made, stretch)
        _compare_pictures(check, theirs, ours, slack, found)
    elif source.codec.startswith("pcm_") or source.codec == "flac":
        _compare_samples(check, source, made, slack, found)
    else:
        _compare_packets(check, source, made, slack, found)


def _same_bytes(
    source: Feed, span: Span, made: Feed, stretch: Span
) -> tuple[list[_Shot], list[_Shot]] | None:
    """What both show, where a decoder gets the very same bytes from them and so cannot but show the same."""
    theirs, ours = list(source.pictures(span, last=True)), list(made.pictures(stretch, last=True))
    alike = source.stream.codec_context.extradata == made.stream.codec_context.extradata
    if not alike or [bytes(p) for p in theirs] != [bytes(p) for p in ours]:
        return None

    def shown(feed: Feed, packets: list[Data], within: Span) -> list[_Shot]:
        times = sorted(feed.at(packet) for packet in packets if not packet.is_discard)
        return [_Shot(at, None) for at in times if within.start <= at < within.end]

    return shown(source, theirs, span), shown(made, ours, stretch)


def _shots(feed: Feed, span: Span) -> list[_Shot]:
    """The frames that are presented in `span`, in order."""
    context = cast("VideoStream", feed.stream).codec_context
    context.flush_buffers()
    shots: list[_Shot] = []
    for packet in chain(feed.pictures(span, last=True), (None,)):
        timed = ((frame.pts, frame) for frame in context.decode(packet))
        shots.extend(
            _Shot(at, frame)
            for pts, frame in timed
            if pts is not None and span.start <= (at := feed.us(pts)) < span.end
        )
    return sorted(shots, key=lambda shot: shot.at)


def _compare_pictures(
    check: Check, theirs: list[_Shot], ours: list[_Shot], slack: int, found: _Findings
) -> None:
    moved = check.at - check.span.start
    free = list(ours)
    missing = 0
    for shot in theirs:
        near = min(free, key=lambda mine: abs(mine.at - shot.at - moved), default=None)
        if near is None or abs(near.at - shot.at - moved) > slack:
            missing += 1
            continue
        free.remove(near)
        found.frames += 1
        found.shift_us = max(found.shift_us, abs(near.at - shot.at - moved))
        alike = (
            _IDENTICAL_DB if shot.frame is None or near.frame is None else _likeness(shot.frame, near.frame)
        )
        found.worst_db = alike if found.worst_db is None else min(found.worst_db, alike)
        if alike < ALIKE_DB:
            found.wrong.append(f"The frame at {_clock(near.at)} differs from the source’s ({alike:.1f} dB).")
    inside = Span(check.at + slack, check.at + check.span.duration - slack)
    extra = sum(inside.start <= shot.at < inside.end for shot in free)
    if missing or extra:
        found.wrong.append(
            f"Around {_clock(check.at)}, {missing} frames are missing and {extra} are too many."
        )


def _likeness(one: VideoFrame, other: VideoFrame) -> float:
    """Peak signal to noise over all planes, in dB; FFmpeg's own filter computes it."""
    if (one.width, one.height) != (other.width, other.height):
        return 0.0
    graph = Graph()
    inputs = [
        graph.add_buffer(width=f.width, height=f.height, format=f.format, time_base=_BASE, name=name)
        for f, name in ((one, "one"), (other, "other"))
    ]
    alike = graph.add("format", one.format.name)
    psnr, sink = graph.add("psnr"), graph.add("buffersink")
    inputs[0].link_to(psnr, 0, 0)
    inputs[1].link_to(alike)
    alike.link_to(psnr, 0, 1)
    psnr.link_to(sink)
    graph.configure(auto_buffer=False)
    for node, frame in zip(inputs, (one, other), strict=True):
        frame.pts, frame.time_base = 0, _BASE
        node.push(frame)
        node.push(None)
    value = float(sink.pull().metadata["lavfi.psnr.psnr_avg"])
    return min(value, _IDENTICAL_DB)


def _compare_packets(check: Check, source: Feed, made: Feed, slack: int, found: _Findings) -> None:
    """Sound: whatever lies wholly inside has to be the source's packets, in their order.

    They may lie as far from their place as they are long, and so come from beyond the span.
    """
    ours = _bodies(made, Span(check.at, check.at + check.span.duration))
    around = max((length for _, length, _ in ours), default=0) + slack
    theirs = _bodies(source, Span(check.span.start - around, check.span.end + around))
    moved = check.at - check.span.start
    places: list[int] = []
    for at, length, body in ours:
        here = [
            n
            for n, (was, _, other) in enumerate(theirs)
            if other == body and abs(at - was - moved) <= length + slack
        ]
        if not here:
            found.wrong.append(f"The sound at {_clock(at)} is not the source’s.")
            return
        places.append(here[0] if not places else next((n for n in here if n > places[-1]), here[-1]))
    if any(following != before + 1 for before, following in pairwise(places)):
        found.wrong.append(f"Around {_clock(check.at)}, packets of sound are missing.")


def _compare_samples(check: Check, source: Feed, made: Feed, slack: int, found: _Findings) -> None:
    """PCM and FLAC: the samples are what is kept, however packets divide them.

    They may lie as far from their place as a packet is long, as other sound may.
    """
    ours = _samples(made, Span(check.at, check.at + check.span.duration))
    theirs = _samples(source, Span(check.span.start - SECOND, check.span.end + SECOND))
    if not ours.content or not theirs.content:
        return
    around = max(ours.longest_us, theirs.longest_us) + slack
    place = ours.at - (check.at - check.span.start) - theirs.at
    per_us = Fraction(len(ours.content), max(ours.length_us, 1))
    low, high = (max(int((place + by) * per_us), 0) for by in (-around, around))
    if theirs.content.find(ours.content, low, high + len(ours.content)) < 0:
        found.wrong.append(f"The sound at {_clock(ours.at)} is not the source’s.")


def _samples(feed: Feed, span: Span) -> _Stretch:
    """What the packets whose middle lies in `span` hold."""
    context = cast("AudioStream", feed.stream).codec_context
    context.flush_buffers()
    bodies = _packets(feed, span)
    frames = [frame for packet in bodies for frame in context.decode(packet)]
    lengths = [feed.us(packet.duration or 0) for packet in bodies]
    return _Stretch(
        at=feed.at(bodies[0]) if bodies else 0,
        length_us=sum(lengths),
        longest_us=max(lengths, default=0),
        content=b"".join(
            bytes(frame.planes[0])[: frame.samples * len(frame.layout.channels) * frame.format.bytes]
            for frame in frames
        ),
    )


def _bodies(feed: Feed, span: Span) -> list[tuple[int, int, bytes]]:
    """(time, length, content) of the packets whose middle lies in `span`."""
    return [(feed.at(one), feed.us(one.duration or 0), bytes(one)) for one in _packets(feed, span)]


def _packets(feed: Feed, span: Span) -> list[Data]:
    found = []
    for packet in feed.sounds(span.start):
        at, length = feed.at(packet), feed.us(packet.duration or 0)
        if at >= span.end:
            break
        if span.start <= at + length // 2 < span.end:
            found.append(packet)
    return found


def _clock(us: int) -> str:
    return f"{us / SECOND:.3f} s"
