"""Subtitles drawn into the picture, and texts as files of subtitles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import get_args

import msgspec

from clipwright.errors import BadRequest
from clipwright.filters.graph import File, FilterChain, chain, use
from clipwright.filters.ranges import Number, decimal, one_of, plain, time, whole, within
from clipwright.filters.subtitlelines import Form, Line, escaped, laid_out

MOST_CUES = 100_000
FAMILY = "DejaVu Sans"
"""The family of the font that ships."""
_LAYOUT_HEIGHT = 288
"""Of the layout that FFmpeg gives to subtitles which have none."""
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
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
    forced = f"FontName={FAMILY}" if style is None else _forced(style, f"{path}.style")
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
    one_of(form, get_args(Form), f"{path}.form")
    for place, cue in enumerate(cues):
        start = time(cue.start_us, f"{path}.cues[{place}].start_us")
        if time(cue.end_us, f"{path}.cues[{place}].end_us") <= start:
            raise BadRequest(
                "A subtitle ends before it starts.",
                hint="Give a later end.",
                path=f"{path}.cues[{place}].end_us",
            )
        plain(cue.text, f"{path}.cues[{place}].text")
    return laid_out([Line(cue.start_us, cue.end_us, escaped(cue.text, form)) for cue in cues], form)


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
