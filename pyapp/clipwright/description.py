"""From what an engine saw to what the file is."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from clipwright import color, languages, sniff
from clipwright.bitstream import read_header
from clipwright.bitstream.header import Header
from clipwright.cadence import frame_rate
from clipwright.codecs import (
    audio_bit_depth,
    codec_string,
    ffmpeg_name,
    picture_alpha,
    picture_bit_depth,
    pixel_bit_depth,
)
from clipwright.errors import CapabilityError, CorruptMedia, UnsupportedFormat
from clipwright.framerate import SECOND, round_half_up
from clipwright.media import AudioTrack, Color, DataTrack, MediaInfo, SubtitleTrack, Track, VideoTrack
from clipwright.sighting import SightedTrack, Sighting
from clipwright.tags import file_tags

_MP4 = frozenset({"mp4", "mov", "m4a"})
_MATROSKA = frozenset({"mkv", "webm"})
_TIMELINE = _MP4 | _MATROSKA
"""Containers whose own time 0 is where a movie starts."""

_SAMPLES_ONLY = frozenset({"mp3", "aac", "flac", "wav"})
"""Containers without a clock: their first packet is at 0."""

_PROGRAM = frozenset({"mpegts", "mpeg"})

_DISPOSITIONS = frozenset({"comment", "default", "forced", "hearing_impaired", "original", "visual_impaired"})
"""The flags that every looker sees. Only containers with a timeline store ``default``."""

_USUAL = {
    "bt470bg": ("bt470bg", "smpte170m"),
    "bt709": ("bt709", "bt709"),
    "smpte170m": ("smpte170m", "smpte170m"),
    "smpte240m": ("smpte240m", "smpte240m"),
    "bt2020nc": ("bt2020", "bt2020-10"),
    "gbr": ("bt709", "iec61966-2-1"),
}
"""The primaries and transfer that usually go with a matrix."""

_FORMATS = {
    "matroska": "mkv",
    "quicktime file format": "mov",
    "mov": "mp4",
    "mpeg transport stream": "mpegts",
    "wave": "wav",
    "adts": "aac",
}


def describe(sighting: Sighting) -> MediaInfo:
    """What the file is.

    A file of subtitles, which may not tell how long it is, is there to be added to another. Raises
    UnsupportedFormat for what is no media file, CorruptMedia for one without tracks or length, and
    CapabilityError where the looker could not see the pictures.
    """
    sniff.refuse(sighting.head, sighting.size)
    container = container_of(sighting)
    if sniff.still(sighting.head):
        return _still(sighting, container)
    only_text = sniff.subtitles(sighting.head)
    sounding = _presented(sighting, only_text=only_text)
    starts = [_start(track, container) for track in sounding]
    start = min(starts)
    origin = 0 if only_text or container in _TIMELINE else start
    duration = max(_end(sighting, sounding, container) - origin, int(only_text))
    if duration <= 0:
        raise CorruptMedia(
            "Nothing in this file tells how long it is.",
            hint="It may be incomplete; try to copy or record it again.",
        )
    bitrate = round_half_up(Fraction(8 * SECOND * sighting.size, duration))
    return MediaInfo(
        container=container,
        duration_us=duration,
        start_us=start,
        origin_us=origin,
        bitrate=bitrate,
        tags=file_tags(sighting.tags),
        chapters=tuple(sorted(sighting.chapters, key=lambda chapter: chapter.start_us)),
        tracks=tuple(
            _track(track, container, start, bitrate if len(sighting.tracks) == 1 else None)
            for track in sighting.tracks
        ),
    )


def _still(sighting: Sighting, container: str) -> MediaInfo:
    """A single picture."""
    (found, *_) = [track for track in _presented(sighting, only_text=False) if _is_picture(track)]
    shown = _track(found, container, 0, None)
    picture = msgspec.structs.replace(shown, start_us=0, duration_us=None)
    return MediaInfo(container=container, duration_us=0, tracks=(picture,), still=True)


def _presented(sighting: Sighting, *, only_text: bool) -> list[SightedTrack]:
    """The tracks that decide when the file starts and ends."""
    presented = [
        track for track in sighting.tracks if only_text or _is_picture(track) or track.kind == "audio"
    ]
    if not presented:
        raise _nothing_in(sighting)
    if any(_is_picture(track) and not track.width for track in presented):
        raise CapabilityError(
            "The pictures in this file cannot be read by this engine.", hint="Another engine may."
        )
    return presented


def container_of(sighting: Sighting) -> str:
    """The container by the file's first bytes, else by what the looker calls it."""
    name = sighting.format_name.lower().split(",")[0]
    return sniff.container(sighting.head) or _FORMATS.get(name, name)


def _nothing_in(sighting: Sighting) -> UnsupportedFormat | CorruptMedia:
    if sighting.tracks or sniff.container(sighting.head) is None:
        return UnsupportedFormat(
            "There is neither video nor sound in this file.", hint="Choose a video or audio file."
        )
    return CorruptMedia(
        "No tracks could be found in this file.", hint="It may be incomplete; try to copy or record it again."
    )


def _is_attached(track: SightedTrack) -> bool:
    return "attached_pic" in track.disposition


def _is_picture(track: SightedTrack) -> bool:
    return track.kind == "video" and not _is_attached(track)


def _us(ticks: int, track: SightedTrack) -> int:
    return round_half_up(ticks * Fraction(track.time_base) * SECOND)


def _start(track: SightedTrack, container: str) -> int:
    """When presentation starts. What lies before 0 (audio priming, a hidden lead-in) is not presented."""
    if container in _SAMPLES_ONLY or track.start is None:
        return 0
    return max(0, _us(track.start, track))


def _end(sighting: Sighting, sounding: list[SightedTrack], container: str) -> int:
    ends = [_us(track.end, track) for track in sounding if track.end is not None]
    seen = max(ends, default=None)
    declared = sighting.end_us
    first, second = (declared, seen) if container in _MATROSKA else (seen, declared)
    return first or second or 0


def _duration(track: SightedTrack, container: str) -> int | None:
    """How long the track is presented; None where lookers cannot agree without reading it all.

    Matroska stores no length per track. Transport streams pack several audio frames at a time.
    """
    if track.end is None or container in _MATROSKA:
        return None
    if container in _PROGRAM and track.kind != "video":
        return None
    length = _us(track.end, track) - _start(track, container)
    return length if length > 0 else None


def _track(track: SightedTrack, container: str, file_start: int, only: int | None) -> Track:
    """One track; `only` is the file's bitrate if it is the only one."""
    if _is_picture(track):
        return _video(track, container, only)
    if track.kind == "audio":
        return _audio(track, container, only)
    kind = SubtitleTrack if track.kind == "subtitle" else DataTrack
    return kind(
        index=track.index,
        codec=ffmpeg_name(track.codec),
        time_base="1/90000" if _is_attached(track) else _rational(track.time_base),
        start_us=file_start,
        language=languages.normalized(track.language),
        title=None if _is_attached(track) else _title(track, container),
        disposition=("attached_pic",) if _is_attached(track) else _disposition(track, container),
    )


def _video(track: SightedTrack, container: str, only: int | None) -> VideoTrack:
    codec = ffmpeg_name(track.codec)
    header = read_header(codec, track.extradata) or Header()
    width, height = header.width or track.width, header.height or track.height
    text = track.codec_string if codec == "prores" else None
    text = text or codec_string(
        codec,
        track.extradata,
        profile=track.profile,
        bit_depth=_pixel_depth(track),
        width=width,
        height=height,
    )
    depth = header.bit_depth or picture_bit_depth(codec, text) or _pixel_depth(track)
    rate, vfr = frame_rate(track.timestamps, Fraction(track.time_base))
    return VideoTrack(
        index=track.index,
        codec=codec,
        codec_string=text,
        time_base=_rational(track.time_base),
        start_us=_start(track, container),
        duration_us=_duration(track, container),
        language=languages.normalized(track.language),
        title=_title(track, container),
        disposition=_disposition(track, container),
        bitrate=_bitrate(track, container, only),
        width=width,
        height=height,
        rotation=track.rotation % 360,
        pixel_aspect=_pixel_aspect(track, header),
        frame_rate=None if rate is None else f"{rate.numerator}/{rate.denominator}",
        vfr=vfr,
        bit_depth=depth,
        alpha=picture_alpha(codec, track.pixel_format, track.extradata) or track.alpha,
        color=_color(codec, track, header),
    )


def _audio(track: SightedTrack, container: str, only: int | None) -> AudioTrack:
    codec = ffmpeg_name(track.codec)
    depth = audio_bit_depth(codec, track.extradata)
    # Opus always decodes to 48 kHz, whatever rate was recorded as a memory of its source.
    rate = 48_000 if codec == "opus" else track.sample_rate
    exact = depth * rate * track.channels if depth and codec.startswith("pcm_") else None
    counts_samples = rate and (container in _SAMPLES_ONLY or container == "ogg")
    return AudioTrack(
        index=track.index,
        codec=codec,
        codec_string=codec_string(codec, track.extradata),
        time_base=f"1/{rate}" if counts_samples else _rational(track.time_base),
        start_us=_start(track, container),
        duration_us=_duration(track, container),
        language=languages.normalized(track.language),
        title=_title(track, container),
        disposition=_disposition(track, container),
        bitrate=exact or _bitrate(track, container, only),
        channels=track.channels,
        sample_rate=rate,
        bit_depth=depth,
    )


def _rational(text: str) -> str:
    value = Fraction(text)
    return f"{value.numerator}/{value.denominator}"


def _title(track: SightedTrack, container: str) -> str | None:
    """The track's name. Of those in mp4 only some lookers hear, and in Ogg it is the file's own title."""
    return track.title or None if container in _MATROSKA else None


def _disposition(track: SightedTrack, container: str) -> tuple[str, ...]:
    known = _DISPOSITIONS if container in _TIMELINE else _DISPOSITIONS - {"default"}
    return tuple(sorted(known.intersection(track.disposition)))


def _bitrate(track: SightedTrack, container: str, only: int | None) -> int | None:
    return (track.bitrate or only) if container in _MP4 else only


def _pixel_depth(track: SightedTrack) -> int | None:
    return pixel_bit_depth(track.pixel_format) or track.bit_depth


def _pixel_aspect(track: SightedTrack, header: Header) -> str:
    """The container's word; one to one is what some lookers say where it is silent."""
    for text in (track.pixel_aspect, header.pixel_aspect):
        if text and all(int(number) for number in text.split("/")) and Fraction(text) != 1:
            return _rational(text)
    return "1/1"


def _color(codec: str, track: SightedTrack, header: Header) -> Color:
    """The header's word, then the container's.

    The range comes from the header alone where the codec has one: a container's "limited" cannot be told
    from a looker's assumption.
    """
    if codec == "vp8":
        # Its one bit of colour says BT.601 or nothing that anybody defined.
        return Color()
    primaries, transfer = color.named(track.primaries), color.named(track.transfer)
    matrix = header.matrix or color.named(track.matrix)
    if codec == "vp9" and _is_implied(matrix, primaries, transfer):
        primaries = transfer = None
    full_range = header.full_range
    if full_range is None and codec not in ("h264", "hevc", "av1", "prores"):
        full_range = track.full_range
    return Color(
        primaries=header.primaries or primaries,
        transfer=header.transfer or transfer,
        matrix=matrix,
        full_range=full_range,
    )


def _is_implied(matrix: str | None, primaries: str | None, transfer: str | None) -> bool:
    """Whether primaries and transfer say no more than the matrix.

    VP9 stores a matrix only; mediabunny makes up the rest from it, which cannot be told from the
    container's own word.
    """
    usual_primaries, usual_transfer = _USUAL.get(matrix or "", (None, None))
    return primaries in (None, usual_primaries) and transfer in (None, usual_transfer)
