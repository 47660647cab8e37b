"""How a composed picture and sound are encoded and written: the words of ffmpeg's argv for each format."""

from __future__ import annotations

from fractions import Fraction

from clipwright.capabilities import Capabilities
from clipwright.containers import RULES, Container
from clipwright.errors import CapabilityError
from clipwright.filters.graph import Filter, use
from clipwright.media import Reader
from clipwright.plan.argv import ENCODERS, MUXERS, OPUS_DELAY
from clipwright.plan.presets import Target, container_of

_SPEEDS = {
    # Without threads and assembler x264's "veryfast" takes 2.6 times as long as "ultrafast".
    "ffmpeg": {"fast": "ultrafast", "even": "ultrafast", "thorough": "veryfast"},
    "native": {"fast": "veryfast", "even": "medium", "thorough": "slow"},
}
_PICTURES = {
    "gif": ("-c:v", "gif", "-loop", "0", "-f", "gif"),
    "webp": ("-c:v", "libwebp_anim", "-quality", "80", "-loop", "0", "-f", "webp"),
    "png": ("-c:v", "png", "-frames:v", "1", "-f", "image2pipe"),
    "jpg": ("-c:v", "mjpeg", "-q:v", "2", "-frames:v", "1", "-f", "image2pipe"),
    "zip": ("-c:v", "png", "-f", "image2"),
}
_SECOND_CHOICES = {"vp9": "vp8", "opus": "vorbis"}
_LEAST_BITS = 20_000
_HEADROOM = Fraction(94, 100)
"""What remains for the streams of a result that has to be small."""


def picture_codec(target: Target, engine: Reader, caps: Capabilities) -> str | None:
    """The codec of the pictures, None where the format holds none or is a picture itself."""
    container = container_of(target.format)
    return None if container is None else _encodable(RULES[container].video_codec, engine, caps)


def sound_codec(target: Target, engine: Reader, caps: Capabilities) -> str | None:
    """The codec of the sound, None where the format holds none."""
    container = container_of(target.format)
    return None if container is None else _encodable(RULES[container].audio_codec, engine, caps)


def _encodable(wanted: str | None, engine: Reader, caps: Capabilities) -> str | None:
    can = caps.encode.get(engine, ())
    if wanted is None or wanted in can:
        return wanted
    second = _SECOND_CHOICES.get(wanted)
    if second in can:
        return second
    raise CapabilityError(f"Nothing here can encode {wanted}.", hint="Export in another format.")


def settled(target: Target) -> tuple[Filter, ...]:
    """The last filters of the pictures: pixels as the format has them."""
    if target.format == "jpg":
        return (
            use("scale", in_range="tv", out_range="pc", in_color_matrix="bt709", out_color_matrix="bt601"),
            use("format", pix_fmts="yuvj420p"),
        )
    if target.format in ("png", "zip"):
        return use("scale", in_color_matrix="bt709"), use("format", pix_fmts="rgb24")
    # What pictures are put together of may say nothing, or something else, of its colours.
    said = use("setparams", range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709")
    return use("format", pix_fmts="yuv420p"), said


def pictures(target: Target, engine: Reader, codec: str | None, bits: int | None) -> tuple[str, ...]:
    """Encode pictures; `bits` per second bound them where the result has to be small."""
    rate = ("-r", str(target.rate))
    if codec is None:
        return rate
    words = (*rate, "-c:v", ENCODERS.get(codec, codec), "-pix_fmt", "yuv420p")
    colours = (
        "-color_range",
        "tv",
        "-colorspace",
        "bt709",
        "-color_primaries",
        "bt709",
        "-color_trc",
        "bt709",
    )
    crf = target.preset.crf
    if codec in ("vp8", "vp9"):
        most = bits or _generous(target)
        quality = () if bits else ("-crf", str(crf - 8 if codec == "vp8" else crf + 8))
        return (*words, *colours, *quality, "-b:v", str(most), "-deadline", "good", "-cpu-used", "4")
    speed = ("-preset", _SPEEDS["ffmpeg" if engine == "ffmpeg" else "native"][target.preset.speed])
    if bits is None:
        return (*words, *colours, *speed, "-crf", str(crf))
    return (*words, *colours, *speed, "-b:v", str(bits), "-maxrate", str(bits), "-bufsize", str(2 * bits))


def sound(target: Target, engine: Reader, codec: str, channels: int) -> tuple[str, ...]:
    """Encode sound."""
    words = ("-c:a", ENCODERS.get(codec, codec))
    if codec.startswith("pcm") or codec == "flac":
        return words
    rate = (*words, "-b:a", str(sound_bits(target, channels)))
    # With more effort, libopus in @ffmpeg/core writes out of bounds.
    if (codec, engine) != ("opus", "ffmpeg"):
        return rate
    container = container_of(target.format)
    late = container is not None and RULES[container].tells_delay
    delay = ("-bsf:a", f"setts=ts=TS+{OPUS_DELAY}") if late else ()
    return (*rate, "-compression_level", "4", *delay)


def sound_bits(target: Target, channels: int) -> int:
    """Bits per second of the sound."""
    return target.preset.kbps * 1000 * channels


def picture_bits(target: Target, duration_us: int, channels: int) -> int | None:
    """Bits per second that pictures may have, None where nothing bounds them."""
    if target.max_bytes is None:
        return None
    every = int(target.max_bytes * 8 * _HEADROOM * 1_000_000 / max(duration_us, 1))
    return max(_LEAST_BITS, every - (sound_bits(target, channels) if channels else 0))


def muxed(target: Target, title: str, described: tuple[str, ...]) -> tuple[str, ...]:
    """Write the file; `described` says what inputs say of it."""
    container = container_of(target.format)
    if container is None:
        return _PICTURES[target.format]
    named = ("-metadata", f"title={title}") if title else ()
    return (*described, *named, *edges(container), "-f", MUXERS[container])


def edges(container: Container) -> tuple[str, ...]:
    """How the first packets of encoded sound, which lie before 0, are told; and where the index stands."""
    if RULES[container].hides_lead_in:
        return "-movflags", "+faststart"
    # FFmpeg 5.1 would shift pictures and texts to let them in, but no chapters.
    return ("-avoid_negative_ts", "disabled") if RULES[container].chapters else ()


def _generous(target: Target) -> int:
    """More bits per second than any quality needs: libvpx wants a bound."""
    return int(target.size.width * target.size.height * target.rate / 5)


def estimated(target: Target, duration_us: int, channels: int) -> int:
    """About how many bytes come of it, by what such pictures usually need."""
    if target.max_bytes is not None:
        return target.max_bytes
    sharper = Fraction(2) ** Fraction(23 - target.preset.crf, 6).__round__()
    pixels = target.size.width * target.size.height * target.rate
    bits = int(pixels * sharper * 7 / 100) if target.has_pictures else 0
    if target.is_single:
        return target.size.width * target.size.height
    return (bits + (sound_bits(target, channels) if target.has_sound else 0)) * duration_us // 8_000_000
