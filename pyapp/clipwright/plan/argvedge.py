"""The RunFfmpeg step that encodes one edge of a smart cut: few pictures, made to follow copied packets.

Whatever a decoder is told once for the whole track must not change at the joint, so profile, level, colour and
the shape of pixels are the source's.
"""

from __future__ import annotations

from clipwright.media import Color, Media, Reader, Span, VideoTrack
from clipwright.plan.argvparts import BLIND_US, exact_pictures, seek_margin, shifted_input, ticks
from clipwright.plan.encode import edge_container
from clipwright.plan.steps import Mount, RunFfmpeg

PARAMETER_SET = 31
"""The id of the H.264 parameter sets of what is made for a result; encoders otherwise start with 0, as the source's
will have done. Where another file uses it for other sets, engines give it another id (``renumber.py``,
``avcrewrite.js``).
"""

_REORDERED = 3
"""x264 then builds pyramids of B-frames, whose depth of two is also that of nearly every source."""

_IN = "in0"
_OUT = "out0"
_AVC_PROFILES = {66: "baseline", 77: "main", 100: "high", 110: "high10", 122: "high422", 244: "high444"}
_HEVC_PROFILES = {"1": "main", "2": "main10"}
_RANGES = {False: "tv", True: "pc"}

_PLAIN_EFFORT = {
    "vp8": ("-c:v", "libvpx", "-deadline", "good", "-cpu-used", "4", "-crf", "4", "-b:v", "100M", "-qmin", "0",
            "-qmax", "16", "-auto-alt-ref", "0", "-lag-in-frames", "0"),
    "vp9": ("-c:v", "libvpx-vp9", "-deadline", "good", "-cpu-used", "4", "-crf", "10", "-b:v", "0",
            "-auto-alt-ref", "0", "-lag-in-frames", "0", "-row-mt", "1"),
    "av1": ("-c:v", "libsvtav1", "-preset", "8", "-svtav1-params", "pred-struct=1", "-crf", "8"),
}  # fmt: skip


def edge(  # noqa: PLR0913, PLR0917  # one value each of what, where and how
    media: Media,
    track: VideoTrack,
    span: Span,
    key_frame: int | None,
    codec: str,
    engine: Reader,
    output: str,
    weight: float,
) -> RunFfmpeg:
    """The step that encodes what `track` presents in `span` into a file whose time starts with the span.

    `span` and `key_frame`, from which decoding has to start, are in the file's own presentation time. `codec` is
    one of ``h264 hevc vp8 vp9 av1``; `output` is the id of the file that is made, picture only.
    """
    container = edge_container(codec)
    seek = span.start - BLIND_US if key_frame is None else key_frame - seek_margin(media.info)
    rate = ticks(track)
    argv = (
        # Pictures stay as they are stored: the turn is marked on the whole track.
        "-noautorotate", *shifted_input(media.info, span.start, seek, _IN),
        "-map", f"0:{track.index}",
        "-filter:v", exact_pictures(span.start, span.end),
        "-fps_mode", "passthrough", "-enc_time_base", f"1/{rate}",
        *_encoder(track, codec, engine), "-g", "250", "-bf", str(_later_pictures(track, codec, engine)),
        *_colors(track.color),
        "-map_metadata", "-1", "-map_chapters", "-1",
        *_muxer(container, rate),
        _OUT,
    )  # fmt: skip
    return RunFfmpeg(
        inputs=(Mount(id=media.source.id, name=_IN),),
        output=Mount(id=output, name=_OUT),
        argv=argv,
        duration_us=span.duration,
        weight=weight,
    )


def _encoder(track: VideoTrack, codec: str, engine: Reader) -> tuple[str, ...]:
    if codec == "h264":
        return _avc(track, engine)
    if codec == "hevc":
        return _hevc(track)
    return _PLAIN_EFFORT[codec]


def _avc(track: VideoTrack, engine: Reader) -> tuple[str, ...]:
    # The same settings give the same parameter sets for every edge of a source, also in a later cut of the result.
    params = [f"sps-id={PARAMETER_SET}", "stitchable=1", "mbtree=0", "rc-lookahead=0", "scenecut=0", "ref=1"]
    idc, level = _avc_profile(track)
    profile = _AVC_PROFILES.get(idc)
    if level:
        params.append(f"level={level}")
    # Without threads and assembler a better preset takes several times as long.
    preset = "ultrafast" if engine == "ffmpeg" else "veryfast"
    if profile not in ("baseline", "main"):
        params.append("8x8dct=1")
    return (
        *("-c:v", "libx264", "-preset", preset, "-crf", "14"),
        *(("-profile:v", profile) if profile else ()),
        *("-x264-params", ":".join(params)),
    )


def _later_pictures(track: VideoTrack, codec: str, engine: Reader) -> int:
    """How many B-frames may follow each other.

    FFmpeg's H.264 decoder, which is Chromium's too, drops pictures when only a copied part behind the edge says that
    some will be held back. An encoder with B-frames says so at once. In the page the parameter sets are rewritten
    to say it (``avcrewrite.js``).
    """
    plain = codec != "h264" or engine != "native"
    return 0 if plain or _avc_profile(track)[0] in (0, 66) else _REORDERED


def _avc_profile(track: VideoTrack) -> tuple[int, int]:
    """profile_idc and level_idc by the codec string (``avc1.64001f``); zeros where it is not known."""
    kind, _, digits = (track.codec_string or "").partition(".")
    if not kind.startswith("avc") or len(digits) != len("64001f"):
        return 0, 0
    number = int(digits, 16)
    return number >> 16, number & 255


def _hevc(track: VideoTrack) -> tuple[str, ...]:
    kind, _, words = (track.codec_string or "").partition(".")
    profile = _HEVC_PROFILES.get(words.partition(".")[0]) if kind.startswith("h") else None
    return (
        *("-c:v", "libx265", "-preset", "veryfast", "-crf", "14", "-tag:v", "hvc1"),
        *(("-profile:v", profile) if profile else ()),
        *("-x265-params", "bframes=0:scenecut=0:rc-lookahead=1:cutree=0:log-level=error"),
    )


def _colors(color: Color) -> tuple[str, ...]:
    named = {
        "-color_primaries": color.primaries,
        "-color_trc": color.transfer,
        "-colorspace": color.matrix,
        "-color_range": None if color.full_range is None else _RANGES[color.full_range],
    }
    return tuple(word for option, value in named.items() if value for word in (option, value))


def _muxer(container: str, rate: int) -> tuple[str, ...]:
    if container == "mkv":
        return ("-avoid_negative_ts", "disabled", "-f", "matroska")
    return ("-video_track_timescale", str(rate), "-movie_timescale", str(rate), "-f", "mp4")
