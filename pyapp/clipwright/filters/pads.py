"""Which filters may stand in a graph, and how many pads each has; what is not listed here reaches no FFmpeg.

Left out are filters that open files or addresses, load code or take commands by themselves (``movie``,
``ladspa``, ``frei0r``, ``sendcmd``, ``zmq``, ...). The few listed ones that read a file get it as a `File`.
"""

from __future__ import annotations

from collections.abc import Mapping

_ONE_TO_ONE = """
    acompressor adeclick adelay aecho aeval afade afftdn afftfilt aformat agate alimiter anull apad
    areverse aresample asetnsamples asetpts asetrate asettb asidedata atempo atrim bandpass bandreject bass boxblur
    channelmap chromakey chromashift colorbalance colorchannelmixer colorkey colorlevels compand crop cropdetect
    curves dblur deband deesser deflicker despill drawbox drawtext dynaudnorm eq equalizer extrastereo fade
    firequalizer format fps framerate gblur geq hflip highpass highshelf hqdn3d hue lenscorrection limiter loop
    loudnorm lowpass lowshelf lut lut3d lutrgb lutyuv minterpolate negate noise null pad palettegen pan pixelize
    realtime replaygain reverse rgbashift rotate scale select aselect setdar setparams setpts setrange setsar settb
    showinfo sidedata smartblur speechnorm stereotools stereowiden subtitles ass tmix tonemap tpad transpose
    treble tremolo trim unsharp vflip vibrance vibrato vignette volume yadif zoompan zscale
"""
FIXED: dict[str, tuple[int, int]] = {
    **dict.fromkeys(_ONE_TO_ONE.split(), (1, 1)),
    **dict.fromkeys(("overlay", "xfade", "acrossfade", "sidechaincompress", "sidechaingate"), (2, 1)),
    **dict.fromkeys(
        ("alphamerge", "blend", "afir", "haldclut", "psnr", "ssim", "displace", "paletteuse"), (2, 1)
    ),
    **dict.fromkeys(("maskedmerge",), (3, 1)),
    **dict.fromkeys(("color", "testsrc", "testsrc2", "smptebars", "gradients", "nullsrc"), (0, 1)),
    **dict.fromkeys(("aevalsrc", "anoisesrc", "anullsrc", "sine"), (0, 1)),
    **dict.fromkeys(("nullsink", "anullsink"), (1, 0)),
}
"""How many streams those filters take and give that do not let anybody choose."""
_MANY_IN = {"amix": 2, "amerge": 2, "hstack": 2, "vstack": 2, "xstack": 2, "mix": 2, "interleave": 2}
_MANY_OUT = {"split": 2, "asplit": 2}
_MOST = 1024

NAMES = frozenset({*FIXED, *_MANY_IN, *_MANY_OUT, "acrossover", "concat"})
"""Every filter that may be used."""

FILE_OPTIONS: dict[str, frozenset[str]] = {
    "drawtext": frozenset({"fontfile", "textfile"}),
    "subtitles": frozenset({"filename", "f", "fontsdir"}),
    "ass": frozenset({"filename", "f", "fontsdir"}),
    "lut3d": frozenset({"file"}),
    "curves": frozenset({"psfile", "plot"}),
    "psnr": frozenset({"stats_file", "f"}),
    "ssim": frozenset({"stats_file", "f"}),
}
"""The options by which a filter opens a file; their values are Files, and nothing else is."""


_TIMELINE = """
    adeclick adelay aeval afade afftdn afftfilt agate alimiter alphamerge apad asidedata bandpass bandreject bass blend
    boxblur chromakey chromashift colorbalance colorchannelmixer colorkey colorlevels cropdetect curves dblur deband
    deesser despill displace drawbox drawtext dynaudnorm eq equalizer extrastereo fade gblur geq haldclut hflip highpass
    highshelf hqdn3d hue lenscorrection limiter lowpass lowshelf lut lut3d lutrgb lutyuv maskedmerge mix negate noise
    overlay pixelize psnr rgbashift rotate sidechaingate sidedata smartblur speechnorm ssim stereotools stereowiden tmix
    treble tremolo unsharp vflip vibrance vibrato vignette volume yadif
"""
TIMELINE = frozenset(_TIMELINE.split())
"""Those that take ``enable`` in FFmpeg 5.1, which the page has, and in the one of the terminal."""


def pads(name: str, options: Mapping[str, object]) -> tuple[int, int]:
    """How many streams the filter takes and gives; `options` may say how many."""
    if name in FIXED:
        return FIXED[name]
    if name in _MANY_IN:
        return _count(options, "inputs", _MANY_IN[name]), 1
    if name in _MANY_OUT:
        return 1, _count(options, "outputs", _MANY_OUT[name])
    if name == "acrossover":
        return 1, len(str(options.get("split", 500)).split()) + 1
    streams = _count(options, "v", 1) + _count(options, "a", 0)
    return _count(options, "n", 2) * streams, streams


def _count(options: Mapping[str, object], key: str, default: int) -> int:
    value = options.get(key, default)
    # What is no sensible count leaves the filter without fitting labels, so no graph takes it.
    return value if isinstance(value, int) and 0 <= value <= _MOST else -1
