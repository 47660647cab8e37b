"""Subtitles drawn into the picture, as tracks of their own, and their texts in the three common forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, get_args

import msgspec

from clipwright.errors import BadRequest
from clipwright.filters.graph import File, FilterChain, chain, use
from clipwright.filters.ranges import Number, decimal, one_of, plain, time, whole, within

Form = Literal["srt", "vtt", "ass"]
MOST_CUES = 100_000
FAMILY = "DejaVu Sans"
"""The family of the font that ships."""
_LAYOUT_HEIGHT = 288
"""Of the layout that FFmpeg gives to subtitles which have none."""
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
_MARKUP = re.compile(r"(<|\{|--(?=>))")
_FAMILY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,63}")
_SOFT = {"mp4": "mov_text", "mov": "mov_text", "m4a": "mov_text", "mkv": "srt", "webm": "webvtt", "srt": "srt",
         "vtt": "webvtt", "ass": "ass"}  # fmt: skip


class Cue(msgspec.Struct, frozen=True, kw_only=True):
    """A text that shows from `start_us` until before `end_us`."""

    start_us: int
    end_us: int
    text: str


class SubtitleStyle(msgspec.Struct, frozen=True, kw_only=True):
    """How burned subtitles look: a font family, a size of 6 to 256, colours as ``#RRGGBB``, an outline of 0 to 20."""

    font: str = FAMILY
    size: Number = 24
    color: str = "#FFFFFF"
    outline_color: str = "#000000"
    outline: Number = 2
    bold: bool = False


def burn(
    file: File,
    fonts: File,
    *,
    style: SubtitleStyle | None = None,
    stream: int | None = None,
    size: tuple[int, int] | None = None,
    alpha: bool = False,
    path: str = "$",
) -> FilterChain:
    """The subtitles of `file` (SRT, VTT, ASS, or the `stream`-th subtitle track in a film) in the picture.

    `fonts` is a folder that the engine has under this name, with the font that is drawn with: the one that `style`
    names, else DejaVu Sans, plain and bold (versions of libass do not agree on how to make one bold). In the page
    there is no other, and what asks for one is drawn as nothing at all, so the fonts that a file asks for are
    overruled. All else is as the file says unless `style` does.

    `size` is the picture's, 1 to 16384 pixels each way, for subtitles without a layout of their own (SRT, VTT): the
    one that FFmpeg gives them is 4:3, and versions of libass do not agree on what it does to outlines in another shape.
    With `alpha` they hide what is behind them, too, where the picture lets through.
    """
    forced = f"FontName={FAMILY}" if style is None else _forced(style, path)
    if size is not None:
        width, height = (whole(side, 1, 16_384, f"{path}.size", unit="pixels") for side in size)
        forced = f"PlayResX={max(1, round(Fraction(_LAYOUT_HEIGHT * width, height)))},{forced}"
    if stream is not None:
        whole(stream, 0, 999, f"{path}.stream")
    clear = 1 if alpha else None
    return chain(
        use(
            "subtitles",
            filename=file,
            fontsdir=fonts,
            alpha=clear,
            stream_index=stream,
            force_style=forced,
        )
    )


def soft_codec(container: str, *, path: str = "$") -> str:
    """FFmpeg's name of the encoder for a subtitle track in `container`."""
    return _SOFT[one_of(container, _SOFT, f"{path}.container")]


def written(cues: Sequence[Cue], form: Form, *, path: str = "$") -> str:
    """The cues as the text of a file; what they say stays text in each form."""
    if len(cues) > MOST_CUES:
        raise BadRequest(
            f"{len(cues)} subtitles are too many; {MOST_CUES} is the most.", hint="Split them.", path=path
        )
    write = {"srt": _srt, "vtt": _vtt, "ass": _ass}[one_of(form, get_args(Form), f"{path}.form")]
    for place, cue in enumerate(cues):
        start = time(cue.start_us, f"{path}.cues[{place}].start_us")
        if time(cue.end_us, f"{path}.cues[{place}].end_us") <= start:
            raise BadRequest(
                "A subtitle ends before it starts.",
                hint="Give a later end.",
                path=f"{path}.cues[{place}].end_us",
            )
        plain(cue.text, f"{path}.cues[{place}].text")
    return write(sorted(cues, key=lambda cue: (cue.start_us, cue.end_us)))


def _forced(style: SubtitleStyle, path: str) -> str:
    if not _FAMILY.fullmatch(style.font):
        raise BadRequest(
            "That cannot name a font family.", hint="Use letters, digits and spaces.", path=f"{path}.font"
        )
    fields = {
        "FontName": style.font,
        "FontSize": decimal(_tenths(within(style.size, 6, 256, f"{path}.size"))),
        "PrimaryColour": _ass_colour(style.color, f"{path}.color"),
        "OutlineColour": _ass_colour(style.outline_color, f"{path}.outline_color"),
        "Outline": decimal(_tenths(within(style.outline, 0, 20, f"{path}.outline"))),
        "Bold": str(int(style.bold)),
    }
    return ",".join(f"{name}={value}" for name, value in fields.items())


def _tenths(value: Fraction) -> Fraction:
    return Fraction(round(value * 10), 10)


def _ass_colour(text: str, path: str) -> str:
    if not _HEX.fullmatch(text):
        raise BadRequest(f"“{text[:40]}” is no colour.", hint="Write it as #RRGGBB.", path=path)
    return f"&H00{text[5:7]}{text[3:5]}{text[1:3]}".upper()


def _lines(text: str) -> list[str]:
    """The lines that show: an empty one would end the cue."""
    return [line for line in text.splitlines() if line.strip()]


def _stamp(us: int, point: str, digits: int) -> str:
    ticks = us * 10**digits // 1_000_000
    full, part = divmod(ticks, 10**digits)
    return f"{full // 3600:02}:{full // 60 % 60:02}:{full % 60:02}{point}{part:0{digits}}"


def _srt(cues: Sequence[Cue]) -> str:
    def said(text: str) -> str:
        # A word joiner keeps what looks like a tag, a command or a time from being one.
        return _MARKUP.sub("\\1\u2060", "\n".join(_lines(text)))

    blocks = (
        f"{place}\n{_stamp(cue.start_us, ',', 3)} --> {_stamp(cue.end_us, ',', 3)}\n{said(cue.text)}"
        for place, cue in enumerate(cues, 1)
    )
    return "\n\n".join(blocks) + "\n"


def _vtt(cues: Sequence[Cue]) -> str:
    def said(text: str) -> str:
        return "\n".join(_lines(text)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    blocks = (
        f"{_stamp(cue.start_us, '.', 3)} --> {_stamp(cue.end_us, '.', 3)}\n{said(cue.text)}" for cue in cues
    )
    return "WEBVTT\n\n" + "\n\n".join(blocks) + "\n"


_ASS = """[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288
WrapStyle: 0

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,DejaVu Sans,18,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,1,0,2,10,10,12,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def _ass(cues: Sequence[Cue]) -> str:
    def said(text: str) -> str:
        # As FFmpeg does: a word joiner keeps a backslash from being a command, and `{}` ends what a brace opens.
        kept = (line.replace("\\", "\\\u2060").replace("{", "\\{{}") for line in _lines(text))
        return "\\N".join(kept)

    def spoken(cue: Cue) -> str:
        start, end = (_stamp(us, ".", 2).removeprefix("0") for us in (cue.start_us, cue.end_us))
        return f"Dialogue: 0,{start},{end},Default,,0,0,0,,{said(cue.text)}\n"

    return _ASS + "".join(spoken(cue) for cue in cues)
