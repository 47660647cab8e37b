"""What to ask ffprobe, and what its answers mean (5.1.4, as in @ffmpeg/core 0.12.10)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import msgspec

from clipwright import sniff
from clipwright.errors import CorruptMedia, EngineError, MediaError, UnsupportedFormat
from clipwright.framerate import SECOND, round_half_up
from clipwright.media import Chapter, CutPoint, Span
from clipwright.sighting import TIMESTAMPS, Kind, SightedTrack, Sighting, presentation

_REACH_US = 12 * SECOND
"""How far around an in point to look for key frames; common encoders space them at most 250 frames."""

_STREAM = (
    "index,codec_name,codec_type,codec_tag_string,profile,level,width,height,sample_aspect_ratio,pix_fmt,"
    "color_range,color_space,color_transfer,color_primaries,time_base,start_pts,duration_ts,bit_rate,"
    "nb_frames,sample_rate,channels,extradata"
)
_ASKED = (
    f"error:format=format_name,start_time,duration:format_tags:stream={_STREAM}:stream_tags:"
    "stream_disposition:stream_side_data=rotation:chapter=start,end,time_base:chapter_tags"
)
_INVALID_DATA = -1094995529
_AGAIN = "Try again, or choose another copy of the file."
_RANGES = {"tv": False, "pc": True}


class _Packet(NamedTuple):
    stream: int
    shown: int | None
    decoded: int | None
    duration: int
    flags: str

    @property
    def time(self) -> int:
        """When it is shown, or at least decoded."""
        return self.shown if self.shown is not None else self.decoded or 0


def probe_argv(name: str) -> tuple[str, ...]:
    """Asks what the file is; `sighting_of` reads the answer."""
    return ("-v", "error", "-show_data", "-of", "json", "-show_entries", _ASKED, "-i", name)


def packets_argv(name: str, answer: str) -> tuple[str, ...] | None:
    """Asks when the first pictures are shown, given the answer to `probe_argv`; None if not needed.

    A second run, because ffprobe writes out every packet's bytes when it is asked for codec headers.
    Where the header does not tell how long the file is (what browsers record), it is read to the end.
    """
    header = _decoded(answer)
    kinds = {_kind(stream) for stream in header.get("streams", []) if not _attached(stream)}
    asked = ("-v", "error", "-of", "compact", "-show_entries", "packet=stream_index,pts,dts,duration")
    endless = _end_us(header) is None and not any("duration_ts" in s for s in header.get("streams", []))
    if "video" in kinds:
        limit = () if endless else ("-read_intervals", f"%+#{TIMESTAMPS}")
        return (*asked, "-select_streams", "V", *limit, "-i", name)
    return (*asked, "-select_streams", "a", "-i", name) if endless and "audio" in kinds else None


def sighting_of(answer: str, packets: str, head: bytes, size: int) -> Sighting:
    """The answers to `probe_argv` and `packets_argv` (or nothing) as a Sighting.

    Raises UnsupportedFormat, CorruptMedia or MediaError where ffprobe could not read the file.
    """
    sniff.refuse(head, size)
    header = _decoded(answer)
    if "error" in header:
        raise _failure(header["error"], head)
    found = header.get("format", {})
    streams = header.get("streams", [])
    name = str(found.get("format_name", ""))
    if not name:
        raise EngineError("FFmpeg could not tell what this file is.", hint=_AGAIN, detail=answer[-500:])
    seen = list(_packets(packets))
    tags = dict(found.get("tags", {}))
    if name == "ogg" and streams:
        # Ogg keeps what is said of the whole file with its first stream.
        tags = {**streams[0].get("tags", {}), **tags}
    end_us = _end_us(header)
    if end_us is None:
        bases = {stream["index"]: Fraction(stream["time_base"]) for stream in streams}
        ends = [(packet.time + packet.duration) * bases[packet.stream] for packet in seen]
        end_us = round_half_up(max(ends) * SECOND) if ends else None
    return Sighting(
        head=head,
        size=size,
        format_name=name,
        end_us=end_us,
        tags=tags,
        chapters=tuple(_chapter(chapter) for chapter in header.get("chapters", [])),
        tracks=tuple(_track(stream, name, seen) for stream in streams),
    )


def locate_argv(name: str, track: int, times_us: Sequence[int]) -> tuple[str, ...]:
    """Asks for the packets of track number `track` around absolute times; `cut_points` reads the answer."""
    return (
        *("-v", "error", "-of", "compact", "-select_streams", str(track)),
        *("-show_entries", "packet=stream_index,pts,dts,duration,flags:stream=index,time_base"),
        # Without a start ffprobe does not seek, so that a key frame before time 0 is not skipped.
        "-read_intervals",
        ",".join(
            f"{_seconds(span.start) if span.start else ''}%{_seconds(span.end)}"
            for span in _intervals(times_us)
        ),
        *("-i", name),
    )


def _intervals(times_us: Iterable[int]) -> list[Span]:
    """What is read around some times, in order; where this overlaps it is read once."""
    found: list[Span] = []
    for time_us in sorted(times_us):
        span = Span(max(0, time_us - _REACH_US), time_us + _REACH_US)
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def cut_points(answer: str, times_us: Sequence[int]) -> tuple[CutPoint, ...]:
    """Where a cut may fall near absolute times, in absolute times, from the answer to `locate_argv`.

    A key frame further than 12 s from its time counts as none, unless seeking found it.
    """
    bases = [row["time_base"] for row in _rows(answer, "stream") if "time_base" in row]
    scale = Fraction(bases[0] if bases else 1) * SECOND
    seen = sorted((round_half_up(packet.time * scale), packet.flags) for packet in _packets(answer))
    read = _Read(
        all=[us for us, _ in seen],
        # A packet to be discarded is decoded but not shown: a place to start from, never a frame.
        frames=[us for us, flags in seen if "D" not in flags],
        keys=[us for us, flags in seen if "K" in flags],
        shown_keys=[us for us, flags in seen if "K" in flags and "D" not in flags],
        intervals=_intervals(times_us),
    )
    return tuple(read.point(time_us) for time_us in times_us)


class _Read(NamedTuple):
    """The times of the packets that were read in some intervals, all of them sorted."""

    all: list[int]
    frames: list[int]
    keys: list[int]
    shown_keys: list[int]
    intervals: list[Span]

    def point(self, time_us: int) -> CutPoint:
        first = _following(self.frames, time_us)
        if first is None:
            return CutPoint(first_frame=None, key_frame=None, next_key_frame=None)
        return CutPoint(
            first_frame=first,
            key_frame=self._key(first, time_us),
            next_key_frame=_following(self.shown_keys, time_us),
        )

    def _key(self, first: int, time_us: int) -> int | None:
        """The last key frame up to `first`, None where what follows it has not been read up to there."""
        before = bisect_right(self.keys, first)
        if not before:
            return None
        key = self.keys[before - 1]
        number = max(bisect_right(self.intervals, time_us, key=lambda span: span.start) - 1, 0)
        start = self.intervals[number].start
        ended = self.intervals[number - 1].end if number else None
        # Seeking to an interval leads to a key frame before it, unless the container has no index.
        skipped = ended is not None and bisect_left(self.all, ended) == bisect_left(self.all, start)
        return None if ended is not None and key < ended and skipped else key


def _following(times: list[int], time_us: int) -> int | None:
    """The first of the sorted times at or after `time_us`, where it is within reach."""
    at = bisect_left(times, time_us)
    return times[at] if at < len(times) and times[at] < time_us + _REACH_US else None


def _decoded(answer: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(answer, type=dict[str, Any])
    except msgspec.DecodeError as error:
        message = "FFmpeg stopped while it looked into this file."
        raise EngineError(message, hint=_AGAIN, detail=answer[-500:]) from error


def _failure(error: dict[str, Any], head: bytes) -> MediaError:
    detail = str(error.get("string", ""))
    if error.get("code") != _INVALID_DATA:
        return MediaError("This file cannot be read.", hint="Choose it again.", detail=detail)
    if sniff.container(head) is None:
        return UnsupportedFormat(
            "This is not a video or audio file that can be read here.",
            hint="Choose a video or audio file.",
            detail=detail,
        )
    return CorruptMedia(
        "This file is damaged or incomplete.", hint="Copy or download it again.", detail=detail
    )


def _end_us(header: dict[str, Any]) -> int | None:
    """When the file ends by its header. Matroska's duration counts from 0, the others' from the start."""
    found = header.get("format", {})
    if "duration" not in found:
        return None
    start = "0" if "matroska" in found.get("format_name", "") else found.get("start_time", "0")
    return round_half_up((Fraction(start) + Fraction(found["duration"])) * SECOND)


def _kind(stream: dict[str, Any]) -> Kind:
    kind = stream.get("codec_type")
    return kind if kind in ("video", "audio", "subtitle") else "data"


def _attached(stream: dict[str, Any]) -> bool:
    return bool(stream.get("disposition", {}).get("attached_pic"))


def _chapter(chapter: dict[str, Any]) -> Chapter:
    scale = Fraction(chapter["time_base"]) * SECOND
    return Chapter(
        start_us=round_half_up(chapter["start"] * scale),
        end_us=round_half_up(chapter["end"] * scale),
        title=_tag(chapter, "title"),
    )


def _tag(section: dict[str, Any], name: str) -> str | None:
    for key, value in section.get("tags", {}).items():
        if key.lower() == name and value.strip():
            return str(value).strip()
    return None


def _track(stream: dict[str, Any], format_name: str, seen: list[_Packet]) -> SightedTrack:
    index, codec = stream["index"], stream.get("codec_name", "unknown")
    start, length = stream.get("start_pts"), stream.get("duration_ts")
    if format_name == "mp3":
        # Both count the silence that LAME puts in front, the one as skipped, the other as lasting.
        start = 0
    return SightedTrack(
        index=index,
        kind=_kind(stream),
        codec=codec,
        codec_string=stream.get("codec_tag_string") if codec == "prores" else None,
        extradata=_extradata(stream.get("extradata", "")),
        time_base=stream["time_base"],
        start=start,
        end=None if length is None else (start or 0) + length,
        timestamps=presentation([(p.shown, p.decoded) for p in seen if p.stream == index][:TIMESTAMPS]),
        language=_tag(stream, "language"),
        title=_tag(stream, "title") or _tag(stream, "name"),
        disposition=tuple(name for name, on in stream.get("disposition", {}).items() if on),
        bitrate=int(stream["bit_rate"]) if "bit_rate" in stream and "nb_frames" in stream else None,
        width=stream.get("width", 0),
        height=stream.get("height", 0),
        rotation=_rotation(stream),
        pixel_aspect=stream.get("sample_aspect_ratio", "").replace(":", "/") or None,
        pixel_format=stream.get("pix_fmt"),
        alpha=_tag(stream, "alpha_mode") == "1",
        profile=stream.get("profile"),
        level=stream.get("level"),
        primaries=stream.get("color_primaries"),
        transfer=stream.get("color_transfer"),
        matrix=stream.get("color_space"),
        full_range=_RANGES.get(stream.get("color_range", "")),
        channels=stream.get("channels", 0),
        sample_rate=int(stream.get("sample_rate", 0)),
    )


def _rotation(stream: dict[str, Any]) -> int:
    """Clockwise, in right angles; ffprobe counts the other way round."""
    for data in stream.get("side_data_list", []):
        if "rotation" in data:
            return -round(float(data["rotation"]) / 90) * 90 % 360
    return 0


def _extradata(dump: str) -> bytes:
    """The bytes of a hex dump whose lines have an offset, eight groups of two bytes, and the text."""
    return bytes.fromhex("".join(line[10:50] for line in dump.splitlines()))


def _seconds(us: int) -> str:
    return f"{us // SECOND}.{us % SECOND:06}"


def _rows(answer: str, section: str) -> Iterator[dict[str, str]]:
    """The rows of one section of a compact answer."""
    for line in answer.splitlines():
        name, *fields = line.split("|")
        if name == section:
            yield dict(field.split("=", 1) for field in fields if "=" in field)


def _packets(answer: str) -> Iterator[_Packet]:
    """The packets of which some time is known."""
    for row in _rows(answer, "packet"):
        shown, decoded = _number(row, "pts"), _number(row, "dts")
        if shown is not None or decoded is not None:
            duration = _number(row, "duration") or 0
            yield _Packet(int(row["stream_index"]), shown, decoded, duration, row.get("flags", ""))


def _number(row: dict[str, str], key: str) -> int | None:
    text = row.get(key, "N/A")
    return None if text == "N/A" else int(text)
