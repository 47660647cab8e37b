"""Codecs by their names: FFmpeg's inside Clipwright, mediabunny's and the containers' at its border."""

from __future__ import annotations

from clipwright.bitstream import read_header
from clipwright.bitstream.vp9 import codec_string as vp9_string

FROM_MEDIABUNNY = {
    "avc": "h264",
    "hevc": "hevc",
    "vp8": "vp8",
    "vp9": "vp9",
    "av1": "av1",
    "prores": "prores",
    "aac": "aac",
    "opus": "opus",
    "mp3": "mp3",
    "vorbis": "vorbis",
    "flac": "flac",
    "ac3": "ac3",
    "eac3": "eac3",
    "dts": "dts",
    "pcm-u8": "pcm_u8",
    "pcm-s8": "pcm_s8",
    "pcm-s16": "pcm_s16le",
    "pcm-s16be": "pcm_s16be",
    "pcm-s24": "pcm_s24le",
    "pcm-s24be": "pcm_s24be",
    "pcm-s32": "pcm_s32le",
    "pcm-s32be": "pcm_s32be",
    "pcm-f32": "pcm_f32le",
    "pcm-f32be": "pcm_f32be",
    "pcm-f64": "pcm_f64le",
    "pcm-f64be": "pcm_f64be",
    "ulaw": "pcm_mulaw",
    "alaw": "pcm_alaw",
    "webvtt": "webvtt",
}
"""mediabunny's name to FFmpeg's."""

TO_MEDIABUNNY = {name: theirs for theirs, name in FROM_MEDIABUNNY.items()}
"""FFmpeg's name to mediabunny's."""

_FROM_CONTAINER = {
    # Sample entries of ISO base media files.
    "alac": "alac",
    "mp4v": "mpeg4",
    "jpeg": "mjpeg",
    "mjpa": "mjpeg",
    "s263": "h263",
    "dtsc": "dts",
    "tx3g": "mov_text",
    "wvtt": "webvtt",
    "stpp": "ttml",
    "c608": "eia_608",
    "text": "bin_data",
    "samr": "amr_nb",
    "sawb": "amr_wb",
    # Codec ids of Matroska.
    "V_MPEG1": "mpeg1video",
    "V_MPEG2": "mpeg2video",
    "V_MPEG4/ISO/SP": "mpeg4",
    "V_MPEG4/ISO/ASP": "mpeg4",
    "V_MPEG4/ISO/AP": "mpeg4",
    "V_THEORA": "theora",
    "V_FFV1": "ffv1",
    "V_MJPEG": "mjpeg",
    "A_ALAC": "alac",
    "A_DTS": "dts",
    "A_TRUEHD": "truehd",
    "A_MPEG/L2": "mp2",
    "A_WAVPACK4": "wavpack",
    "A_TTA1": "tta",
    "S_TEXT/UTF8": "subrip",
    "S_TEXT/ASS": "ass",
    "S_TEXT/SSA": "ass",
    "S_ASS": "ass",
    "S_SSA": "ass",
    "S_TEXT/WEBVTT": "webvtt",
    "D_WEBVTT/SUBTITLES": "webvtt",
    "S_VOBSUB": "dvd_subtitle",
    "S_HDMV/PGS": "hdmv_pgs_subtitle",
    "S_DVBSUB": "dvb_subtitle",
    # Media types of attachments.
    "image/jpeg": "mjpeg",
    "image/jpg": "mjpeg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/bmp": "bmp",
    "image/tiff": "tiff",
}

_PRORES = {
    "Proxy": "apco",
    "LT": "apcs",
    "Standard": "apcn",
    "HQ": "apch",
    "4444": "ap4h",
    "XQ": "ap4x",
    "4444XQ": "ap4x",
}

_EIGHT_BIT = frozenset(
    {
        "h263",
        "mjpeg",
        "mpeg1video",
        "mpeg2video",
        "mpeg4",
        "msmpeg4v2",
        "msmpeg4v3",
        "qtrle",
        "theora",
        "vp6f",
        "vp8",
    }
)
"""Picture codecs that have no other depth."""

_FIXED = {
    "vp8": "vp8",
    "mp3": "mp3",
    "opus": "opus",
    "vorbis": "vorbis",
    "flac": "flac",
    "alac": "alac",
    "ac3": "ac-3",
    "eac3": "ec-3",
    "dts": "dtsc",
    "pcm_mulaw": "ulaw",
    "pcm_alaw": "alaw",
}

_CLEAR = ("yuva", "rgba", "bgra", "argb", "abgr", "ya8", "ya16", "gbrap", "ayuv", "vuya", "pal8")
_PRORES_ALPHA = 25
"""The byte of a frame that says how its alpha is coded, if it is (SMPTE RDD 36)."""


def ffmpeg_name(name: str) -> str:
    """FFmpeg's codec name for mediabunny's, for a container's own id, or for FFmpeg's; others unchanged."""
    return FROM_MEDIABUNNY.get(name) or _FROM_CONTAINER.get(name) or name


def codec_string(
    codec: str,
    extradata: bytes,
    *,
    profile: str | None = None,
    bit_depth: int | None = None,
    width: int = 0,
    height: int = 0,
) -> str | None:
    """The string by which browsers know a codec (RFC 6381, WebCodecs registry); None where there is none.

    `codec` and `profile` are FFmpeg's names. `extradata` is the container's private header, or the start of
    the stream where the container keeps none; `bit_depth` and the size in pixels serve where it says
    nothing.
    """
    if codec == "aac":
        return f"mp4a.40.{_aac_object_type(extradata)}"
    if codec == "prores":
        return _PRORES.get(profile or "")
    header = read_header(codec, extradata)
    if header is not None and header.codec_string:
        return header.codec_string
    if codec == "vp9" and width and height:
        number = _trailing_number(profile)
        return vp9_string(number, bit_depth or (10 if number > 1 else 8), width, height)
    if codec.startswith("pcm_"):
        return _FIXED.get(codec) or TO_MEDIABUNNY.get(codec)
    return _FIXED.get(codec)


def audio_bit_depth(codec: str, extradata: bytes) -> int | None:
    """Bits per sample of a lossless audio codec; None for the others, which have no such thing."""
    if codec in ("pcm_mulaw", "pcm_alaw"):
        return 8
    if codec.startswith("pcm_"):
        return _trailing_number(codec.removesuffix("le").removesuffix("be")) or None
    if codec == "flac":
        info = extradata[8:] if extradata[:4] == b"fLaC" else extradata
        return ((info[12] & 1) << 4 | info[13] >> 4) + 1 if len(info) > 13 else None
    if codec == "alac" and len(extradata) >= 24:
        config = extradata[12:] if extradata[4:8] == b"alac" else extradata
        return config[5] or None
    return None


def pixel_bit_depth(pixel_format: str | None) -> int | None:
    """Bits per component of FFmpeg's pixel format (10 for ``yuv420p10le``)."""
    if not pixel_format:
        return None
    name = pixel_format.removesuffix("le").removesuffix("be")
    for ending in ("9", "10", "12", "14", "16"):
        if name.endswith((f"p{ending}", f"p0{ending}", f"p2{ending}", f"p4{ending}", f"gray{ending}")):
            return int(ending)
    if name.startswith(("rgb48", "bgr48", "rgba64", "bgra64", "ya16")):
        return 16
    return 10 if name.startswith(("x2rgb10", "x2bgr10")) else 8


def picture_alpha(codec: str, pixel_format: str | None, frame: bytes) -> bool:
    """Whether something may show through pictures of FFmpeg's pixel format, or, where none is known, of this frame."""
    if pixel_format:
        return pixel_format.startswith(_CLEAR)
    return (
        codec == "prores"
        and frame[4:8] == b"icpf"
        and len(frame) > _PRORES_ALPHA
        and frame[_PRORES_ALPHA] & 15 != 0
    )


def picture_bit_depth(codec: str, text: str | None) -> int | None:
    """Bits per component where the codec, or its codec string `text`, leaves no choice; else None."""
    if codec == "prores" and text:
        return 12 if text.startswith("ap4") else 10
    return 8 if codec in _EIGHT_BIT else None


def _aac_object_type(config: bytes) -> int:
    """The object type of an AudioSpecificConfig; plain AAC-LC where there is none, as in ADTS."""
    if len(config) < 2:
        return 2
    kind = config[0] >> 3
    return kind if kind != 31 else 32 + (((config[0] & 7) << 3) | config[1] >> 5)


def _trailing_number(text: str | None) -> int:
    digits = (text or "")[len((text or "").rstrip("0123456789")) :]
    return int(digits) if digits else 0
