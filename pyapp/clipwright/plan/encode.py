"""What to encode to: codec, bitrate and pixel format for a track that cannot be copied."""

from __future__ import annotations

from fractions import Fraction

from clipwright.capabilities import Capabilities
from clipwright.containers import RULES, Container
from clipwright.media import AudioTrack, Reader, VideoTrack

_KEEP = ("h264", "hevc", "vp9", "vp8")
"""Picture codecs worth keeping when the container holds them and the engine encodes them."""

_KEEP_SOUND = ("aac", "opus", "flac")
"""Sound codecs worth keeping likewise."""

_FALLBACKS = {"vp9": ("vp8",), "opus": ("vorbis",)}
"""Second choices that the same containers hold."""

_CANNOT_DECODE: dict[Reader, frozenset[str]] = {"ffmpeg": frozenset({"av1"})}
"""@ffmpeg/core 0.12 has an AV1 decoder for hardware only."""

_MIN_VIDEO_BITRATE = 500_000
_MAX_VIDEO_BITRATE = 80_000_000
_BITS_PER_PIXEL = Fraction(12, 100)
"""Generous for H.264 at 1080p30 (7.5 Mbit/s), so that a re-encoded edge does not look worse than its source."""
_HEADROOM = Fraction(5, 4)
"""A second generation needs more bits than the first to look the same."""


def decodes(engine: Reader, codec: str, index: int, decodable: tuple[int, ...]) -> bool:
    """Whether `engine` can decode track `index`; `decodable` is what the browser said of itself."""
    if engine == "media":
        return index in decodable
    return codec not in _CANNOT_DECODE.get(engine, frozenset())


def video_codec(track: VideoTrack, container: Container, engine: Reader, caps: Capabilities) -> str | None:
    """The codec to encode `track` to, or None where this engine has no encoder that fits."""
    can = caps.encode.get(engine, ())
    rules = RULES[container]
    wanted = [track.codec] if track.codec in _KEEP and rules.holds("video", track.codec) else []
    return _first(wanted, rules.video_codec, can)


def audio_codec(track: AudioTrack, container: Container, engine: Reader, caps: Capabilities) -> str | None:
    """The codec to encode `track` to, or None where this engine has no encoder that fits."""
    rules = RULES[container]
    wanted = [track.codec] if track.codec in _KEEP_SOUND and rules.holds("audio", track.codec) else []
    return _first(wanted, rules.audio_codec, caps.encode.get(engine, ()))


def _first(wanted: list[str], default: str | None, can: tuple[str, ...]) -> str | None:
    choices = wanted if default is None else [*wanted, default, *_FALLBACKS.get(default, ())]
    return next((codec for codec in choices if codec in can), None)


def edge_container(codec: str) -> Container:
    """What edges of a codec are kept in: MP4 where it has exact times for it."""
    return "mkv" if codec == "vp8" else "mp4"


def video_bitrate(track: VideoTrack) -> int:
    """Bits per second that keep a re-encoded picture close to its source.

    Above the source's own rate, or from its size and frame rate where the file does not say.
    """
    rate = Fraction(track.frame_rate) if track.frame_rate else Fraction(30)
    if track.bitrate:
        wanted = int(track.bitrate * _HEADROOM)
    else:
        wanted = int(track.width * track.height * rate * _BITS_PER_PIXEL)
    return min(max(wanted, _MIN_VIDEO_BITRATE), _MAX_VIDEO_BITRATE)


def audio_bitrate(track: AudioTrack, codec: str) -> int:
    """Bits per second for `track` encoded to `codec`; for PCM and FLAC the size to expect."""
    if codec.startswith("pcm") or codec == "flac":
        return track.sample_rate * track.channels * (track.bit_depth or 16)
    per_channel = 64_000 if codec == "opus" else 96_000
    return per_channel * max(track.channels, 1)


def keeps_depth(engine: Reader, track: VideoTrack, codec: str) -> bool:
    """Whether more than 8 bits survive: only where the source's own codec is kept by FFmpeg."""
    return engine != "media" and codec == track.codec and codec in ("h264", "hevc")
