"""Looking into files with PyAV: the same Sighting that the browser's engines fill."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import AttachmentStream, Disposition, Stream
from av.video.stream import VideoStream

from clipwright import color, sniff
from clipwright.media import Chapter
from clipwright.native.reading import beginning, opened, time_of, us_of
from clipwright.sighting import TIMESTAMPS, Kind, SightedTrack, Sighting, presentation

if TYPE_CHECKING:
    from av.container.core import Chapter as FoundChapter

_KINDS: dict[str, Kind] = {"video": "video", "audio": "audio", "subtitle": "subtitle"}
_RANGES = {1: False, 2: True}
_UNKNOWN_LEVEL = -99
_DECODED_FOR_ROTATION = 32


def look(path: Path) -> Sighting:
    """What is seen of the file at `path`.

    Raises MediaError when it cannot be read, UnsupportedFormat when it is no media file and CorruptMedia
    when it is a damaged one.
    """
    head, size = beginning(path)
    sniff.refuse(head, size)
    with opened(path, head) as container:
        seen = {stream.index: _Seen() for stream in container.streams if _is_picture(stream)}
        end_us = _end_us(container)
        _watch(container, seen, to_the_end=end_us is None)
        tags = dict(container.metadata)
        if container.format.name == "ogg":
            # Ogg keeps what is said of the whole file with its first stream.
            tags = {**container.streams[0].metadata, **tags}
        if end_us is None:
            end_us = max((watched.end_us for watched in seen.values()), default=None)
        return Sighting(
            head=head,
            size=size,
            format_name=container.format.name,
            end_us=end_us,
            tags=tags,
            chapters=tuple(_chapter(chapter) for chapter in container.chapters()),
            tracks=tuple(_track(stream, container, seen.get(stream.index)) for stream in container.streams),
        )


class _Seen:
    """What a picture track's first packets and frames showed."""

    def __init__(self) -> None:
        self.times: list[tuple[int | None, int | None]] = []
        self.rotation: int | None = None
        self.tried = 0
        self.end_us = 0


def _is_picture(stream: Stream) -> bool:
    return stream.type == "video" and not stream.disposition & Disposition.attached_pic


def _end_us(container: InputContainer) -> int | None:
    """When the file ends by its header. Matroska's duration counts from 0, the others' from the start."""
    if container.duration is None:
        return None
    late = 0 if "matroska" in container.format.name else container.start_time or 0
    return late + container.duration


def _watch(container: InputContainer, seen: dict[int, _Seen], *, to_the_end: bool) -> None:
    """Read the first packets of the picture tracks, or all of any track to find where the file ends."""
    streams: list[Stream] = [container.streams[index] for index in seen]
    if to_the_end and not streams:
        streams = list(container.streams.audio)
        seen.update({stream.index: _Seen() for stream in streams})
    missing = len(streams)
    for packet in container.demux(streams) if streams else ():
        watched = seen[packet.stream_index]
        time = time_of(packet)
        if time is None:
            continue
        watched.end_us = max(watched.end_us, us_of(time + (packet.duration or 0), packet.time_base))
        if len(watched.times) < TIMESTAMPS:
            watched.times.append((packet.pts, packet.dts))
            missing -= len(watched.times) == TIMESTAMPS
        if isinstance(packet.stream, VideoStream) and watched.rotation is None:
            _watch_rotation(cast("Packet[VideoStream]", packet), watched)
        if missing <= 0 and not to_the_end:
            return


def _watch_rotation(packet: Packet[VideoStream], watched: _Seen) -> None:
    """PyAV tells the turn of decoded frames only."""
    if watched.tried >= _DECODED_FOR_ROTATION:
        return
    watched.tried += 1
    # A first frame that does not decode is for whoever needs the picture to report.
    with suppress(av.FFmpegError):
        for frame in packet.decode():
            watched.rotation = frame.rotation


def _chapter(chapter: FoundChapter) -> Chapter:
    return Chapter(
        start_us=us_of(chapter["start"], chapter["time_base"]),
        end_us=us_of(chapter["end"], chapter["time_base"]),
        title=chapter["metadata"].get("title", "").strip() or None,
    )


def _track(stream: Stream, container: InputContainer, seen: _Seen | None) -> SightedTrack:
    words = {key.lower(): value for key, value in stream.metadata.items()}
    start, length = stream.start_time, stream.duration
    length = None if length is None else (start or 0) + length
    common: dict[str, Any] = {
        "index": stream.index,
        "kind": _KINDS.get(stream.type, "data"),
        "codec": _codec_name(stream),
        "time_base": str(stream.time_base),
        "start": 0 if container.format.name == "mp3" else start,
        "end": length,
        "language": words.get("language"),
        "title": words.get("title") or words.get("name"),
        "disposition": tuple(flag.name for flag in stream.disposition if flag.name),
    }
    if isinstance(stream, VideoStream):
        return SightedTrack(**common, **_picture(stream, seen or _Seen()))
    if isinstance(stream, AudioStream):
        return SightedTrack(**common, **_sound(stream))
    return SightedTrack(**common)


def _codec_name(stream: Stream) -> str:
    if isinstance(stream, AttachmentStream):
        return str(stream.metadata.get("mimetype", "unknown"))
    context = stream.codec_context
    codec = getattr(context, "codec", None)
    # The decoder's own name may be another's: mp3float, libdav1d.
    return str(codec.canonical_name if codec else stream.name or "unknown")


def _picture(stream: VideoStream, seen: _Seen) -> dict[str, Any]:
    context = stream.codec_context
    aspect: Fraction | None = stream.sample_aspect_ratio
    return {
        "extradata": bytes(context.extradata or b""),
        "codec_string": stream.codec_tag if context.name == "prores" else None,
        "timestamps": presentation(seen.times),
        "bitrate": context.bit_rate if stream.frames else None,
        "width": context.width,
        "height": context.height,
        # PyAV counts against the clock.
        "rotation": -round((seen.rotation or 0) / 90) * 90 % 360,
        "pixel_aspect": f"{aspect.numerator}/{aspect.denominator}" if aspect else None,
        "pixel_format": context.pix_fmt,
        "alpha": stream.metadata.get("alpha_mode") == "1",
        "profile": context.profile,
        "level": None if context.level == _UNKNOWN_LEVEL else context.level,
        "primaries": color.primaries(context.color_primaries),
        "transfer": color.transfer(context.color_trc),
        "matrix": color.matrix(context.colorspace),
        "full_range": _RANGES.get(context.color_range),
    }


def _sound(stream: AudioStream) -> dict[str, Any]:
    context = stream.codec_context
    return {
        "extradata": bytes(context.extradata or b""),
        "profile": context.profile,
        "bitrate": context.bit_rate if stream.frames else None,
        "channels": context.channels,
        "sample_rate": context.sample_rate,
    }
