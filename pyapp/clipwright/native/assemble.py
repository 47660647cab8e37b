"""The Assemble step with PyAV: packets of several files put together, read and written in a stream."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from fractions import Fraction
from functools import reduce
from heapq import merge
from operator import or_
from pathlib import Path
from typing import NamedTuple

import av
from av.container import OutputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from clipwright.containers import RULES, Container
from clipwright.errors import Cancelled, CapabilityError
from clipwright.framerate import SECOND
from clipwright.languages import in_quicktime
from clipwright.native import editlist
from clipwright.native.faults import writing
from clipwright.native.feed import Data, Given
from clipwright.native.fitting import Fitting
from clipwright.native.lanes import Lane, Placed
from clipwright.native.pictures import Pictures
from clipwright.native.preskip import OggSounds
from clipwright.native.sounds import DelayedSounds, Sounds
from clipwright.native.texts import Texts
from clipwright.native.timecodes import TAG, counted_on
from clipwright.plan.argv import FASTSTART_BYTES, MUXERS
from clipwright.plan.steps import Assemble, AssembleTrack

_MOVIE_TICKS = 120_000
"""Edit lists count in these: the default of 1/1000 s falls between the frames of most rates."""
_PAUSE_S = 0.1
_OF_THE_FILE = frozenset({"major_brand", "minor_version", "compatible_brands", "encoder", "duration", TAG})
_OF_THE_TRACK = ("duration", "bps", "number_of_", "_statistics", "encoder", "vendor_id", "timecode")
"""Tags that are no longer true of a part."""


class _Line(NamedTuple):
    """A track on its way: where its packets come from, how they change, and where they go."""

    lane: Lane
    fitting: Fitting
    stream: Stream
    base: Fraction
    moved: int = 0
    """Ticks that the writer's times are later than the lane's."""


def assemble(
    step: Assemble,
    given: Mapping[str, Given],
    target: Path,
    tell: Callable[[float], None],
    stop: threading.Event,
) -> None:
    """Write the result of `step` to `target`; `given` holds every file that its pieces name.

    `tell` hears the share that is done, ten times a second at most. When `stop` is set, Cancelled is raised.
    Raises MediaError for a source that cannot be read, CapabilityError for pieces that do not fit together,
    ResourceError when the disk is full and EngineError when the container refuses.
    """
    rules = RULES[step.container]
    with ExitStack() as stack:
        lanes: list[Lane] = []
        for track in step.tracks:
            lanes.append(_lane_of(track, given, step.container))
            stack.callback(lanes[-1].close)
        lead_us = max((lane.lead_us() for lane in lanes), default=0)
        if lead_us and not step.shift_lead_in:
            raise CapabilityError(
                f"{step.container.upper()} cannot hide what comes before the first picture.",
                hint="Use mode exact.",
            )
        with writing():
            _write(step, lanes, target, lead_us, _watched(tell, stop, step.duration_us + lead_us))
    if rules.hides_lead_in:
        editlist.present_until(target, step.duration_us)


def _lane_of(track: AssembleTrack, given: Mapping[str, Given], container: Container) -> Lane:
    rules = RULES[container]
    kinds: dict[str, type[Lane]] = {"video": Pictures, "audio": Sounds, "subtitle": Texts}
    if track.kind == "audio" and container == "ogg":
        return OggSounds(track, given)
    if track.kind == "audio" and rules.tells_delay:
        return DelayedSounds(track, given, hides=rules.hides_lead_in)
    return kinds[track.kind](track, given, hides=rules.hides_lead_in)


def _write(
    step: Assemble, lanes: list[Lane], target: Path, lead_us: int, watch: Callable[[float], None]
) -> None:
    output = av.open(f"file:{target}", "w", format=MUXERS[step.container], options=_options(step, lanes))
    try:
        lines = [_line(output, lane, lane.track) for lane in lanes]
        _describe(output, step, lanes, lead_us)
        for line, placed in _in_turn(lines, lead_us):
            watch(placed.dts / line.lane.rate)
            _put(output, line, placed)
    except BaseException:
        # The trailer of a file that nobody will have: a second trouble says nothing new.
        with suppress(av.FFmpegError, OSError):
            output.close()
        raise
    output.close()


def _in_turn(lines: list[_Line], lead_us: int) -> Iterator[tuple[_Line, Placed]]:
    """Packets of all tracks by decode time."""

    def tagged(line: _Line) -> Iterator[tuple[_Line, Placed]]:
        return ((line, placed) for placed in line.lane.placed(lead_us))

    return merge(*map(tagged, lines), key=lambda item: item[1].dts / item[0].lane.rate)


def _put(output: OutputContainer, line: _Line, placed: Placed) -> None:
    packet: Data = line.fitting.fitted(placed.packet, placed.feed, anew=placed.anew, apart=placed.apart)
    packet.stream = line.stream
    packet.time_base = line.base
    packet.pts, packet.dts = placed.pts + line.moved, placed.dts + line.moved
    packet.duration = placed.duration
    output.mux_one(packet)


def _line(output: OutputContainer, lane: Lane, track: AssembleTrack) -> _Line:
    feeds = lane.feeds
    template = feeds[0].stream
    fitting = Fitting(feeds, lane.repeated)
    stream = output.add_stream_from_template(template, opaque=True)
    stream.time_base = Fraction(1, lane.rate)
    if fitting.extradata:
        stream.codec_context.extradata = fitting.extradata
    skip = lane.skip(int(stream.codec_context.delay)) if isinstance(lane, OggSounds) else None
    if skip:
        stream.codec_context.extradata = skip.head
    if feeds[0].codec == "hevc" and lane.hides:
        # Apple's players take HEVC under one of its two names only.
        stream.codec_context.codec_tag = "hvc1"
    stream.metadata.update(_track_words(template.metadata, track))
    if output.format.name == MUXERS["mov"] and (language := stream.metadata.get("language")):
        stream.metadata["language"] = in_quicktime(language)
    if isinstance(template, VideoStream) and lane.hides:
        number = counted_on(template.metadata, template.average_rate, lane.passed_us())
        stream.metadata.update({TAG: number} if number else {})
    stream.disposition = template.disposition if track.disposition is None else _flags(track.disposition)
    if track.rotation is not None and isinstance(stream, VideoStream):
        # PyAV counts against the clock.
        stream.set_display_rotation(-track.rotation)
    return _Line(lane, fitting, stream, Fraction(1, lane.rate), skip.moved if skip else 0)


def _track_words(found: Mapping[str, str], track: AssembleTrack) -> dict[str, str]:
    kept = {key: value for key, value in found.items() if not key.lower().startswith(_OF_THE_TRACK)}
    replaced = {"language": track.language, "title": track.title}
    return kept | {key: value for key, value in replaced.items() if value is not None}


def _flags(names: Iterable[str]) -> Disposition:
    return reduce(
        or_, (Disposition[name] for name in names if name in Disposition.__members__), Disposition(0)
    )


def _describe(output: OutputContainer, step: Assemble, lanes: list[Lane], lead_us: int) -> None:
    tags = step.metadata.tags
    if tags is None:
        tags = lanes[0].feeds[0].tags if lanes else {}
    output.metadata.update({key: value for key, value in tags.items() if key.lower() not in _OF_THE_FILE})
    chapters = step.metadata.chapters
    hides = RULES[step.container].hides_lead_in
    if chapters:
        base = Fraction(1, SECOND)
        output.set_chapters(
            [
                {
                    "id": number,
                    "start": chapter.start_us + lead_us,
                    "end": chapter.end_us + lead_us,
                    "time_base": base,
                    # QuickTime's chapters have a text each, so that those behind them keep their places.
                    "metadata": {"title": chapter.title or ""} if chapter.title or hides else {},
                }
                for number, chapter in enumerate(chapters)
            ]
        )


def _options(step: Assemble, lanes: list[Lane]) -> dict[str, str]:
    # Times are right as they are; what lies before 0 is for the edit list.
    options = {"avoid_negative_ts": "disabled"}
    if not RULES[step.container].hides_lead_in:
        return options
    options["movie_timescale"] = str(_MOVIE_TICKS)
    rates = [lane.rate for lane in lanes if lane.track.kind == "video"]
    if rates:
        options["video_track_timescale"] = str(max(rates))
    if _bytes(lanes) <= FASTSTART_BYTES:
        options["movflags"] = "+faststart"
    return options


def _bytes(lanes: list[Lane]) -> float:
    """About how big the result will be, as if the files' bytes were spread evenly over time and all were taken."""
    rate = max((feed.bytes_per_us for lane in lanes for feed in lane.feeds if not feed.part), default=0.0)
    return rate * max((sum(piece.span.duration for piece in lane.pieces) for lane in lanes), default=0)


def _watched(
    tell: Callable[[float], None], stop: threading.Event, duration_us: int
) -> Callable[[float], None]:
    """What is called for every packet, with its time in seconds."""
    told = 0.0

    def watch(seconds: float) -> None:
        nonlocal told
        if stop.is_set():
            raise Cancelled("The work was stopped.")
        now = time.monotonic()
        if now - told >= _PAUSE_S:
            told = now
            tell(seconds * SECOND / max(duration_us, 1))

    return watch
