"""Text in the picture: words, the time, subtitles."""

from __future__ import annotations

from typing import Annotated

import msgspec

from clipwright.effects.definition import Built, Context, Definition, Params, mounted
from clipwright.effects.fields import LONGEST_US, hint, number, source, words
from clipwright.effects.textlook import TextLook
from clipwright.errors import BadRequest
from clipwright.filters.graph import File
from clipwright.filters.subtitles import FAMILY, SubtitleStyle, burn
from clipwright.filters.text import clock, text

_WITHOUT_LAYOUT = (".srt", ".vtt")
"""How files are named that say nothing of a layout."""
_OUTLINE = Annotated[str, words("The outline's colour, as #RRGGBB.", 7, 7)]


class Text(TextLook, frozen=True, kw_only=True):
    """What `text.text` takes."""

    text: Annotated[str, words("What it says, as it is; new lines are new lines.", 10_000)]


class Clock(TextLook, frozen=True, kw_only=True):
    """What `text.clock` takes."""

    before: Annotated[str, words("What stands before the time.", 1000, 0)] = ""


class SubtitleLook(Params, frozen=True, kw_only=True):
    """What `subtitles.SubtitleStyle` takes."""

    font: Annotated[str, words("The family of the font; the page has DejaVu Sans only.", 64)] = FAMILY
    size: Annotated[float, number(6, 256, "How high letters are, in a frame 288 high.")] = 24
    color: Annotated[str, words("The letters' colour, as #RRGGBB.", 7, 7)] = "#FFFFFF"
    outline_color: _OUTLINE = "#000000"
    outline: Annotated[float, number(0, 20, "How wide the line around the letters is.")] = 2
    bold: Annotated[bool, hint("Whether letters are bold.")] = False


class Subtitles(Params, frozen=True, kw_only=True):
    """What `subtitles.burn` takes."""

    source: Annotated[str, source("The source with the subtitles: SRT, VTT, ASS, or a film.")]
    stream: (
        Annotated[int, number(0, 999, "Which of a film's subtitle tracks; null for the first.")] | None
    ) = None
    style: Annotated[SubtitleLook | None, hint("How they look; null as their file says.")] = None


def _font(context: Context, path: str) -> File:
    return _there(context.font, path)


def _there(file: File | None, path: str) -> File:
    if file is None:
        raise BadRequest("There is no font to write with.", hint="Add one.", path=f"{path}.name")
    return file


def _end(look: TextLook, context: Context) -> int | None:
    """A text ends where the effect does; what fades out needs to know when that is."""
    if context.end_us is None and not look.fade_out_us:
        return None
    return context.until_us or LONGEST_US


def _text(params: Text, context: Context, path: str) -> Built:
    font = _font(context, path)
    when = params.when(context.start_us, _end(params, context))
    return Built(
        video=text(
            params.text, font, style=params.style, place=params.place, when=when, path=f"{path}.params"
        )
    )


def _clock(params: Clock, context: Context, path: str) -> Built:
    font = _font(context, path)
    when = params.when(context.start_us, _end(params, context))
    drawn = clock(
        font, before=params.before, style=params.style, place=params.place, when=when, path=f"{path}.params"
    )
    return Built(video=drawn)


def _subtitles(params: Subtitles, context: Context, path: str) -> Built:
    style = None if params.style is None else SubtitleStyle(**msgspec.structs.asdict(params.style))
    file = mounted(params.source, context, path)
    is_plain = context.width > 0 and context.height > 0 and file.name.endswith(_WITHOUT_LAYOUT)
    return Built(
        video=burn(
            file,
            _there(context.fonts, path),
            style=style,
            stream=params.stream,
            size=(context.width, context.height) if is_plain else None,
            path=f"{path}.params",
        )
    )


DEFINITIONS = (
    Definition(
        name="text",
        summary="Writes a text on the picture.",
        kind="video",
        category="text",
        params=Text,
        builder=_text,
        example={"text": "Hello", "size": 32, "position": "bottom_center", "box_color": "black"},
        limitable=True,
    ),
    Definition(
        name="clock",
        summary="Writes the picture's own time on it (burned-in timecode), as 00:00:01.500.",
        kind="video",
        category="text",
        params=Clock,
        builder=_clock,
        example={"size": 20, "position": "top_left"},
        limitable=True,
    ),
    Definition(
        name="subtitles",
        summary="Draws subtitles into the picture.",
        kind="video",
        category="text",
        params=Subtitles,
        builder=_subtitles,
        example={"source": "subtitles1"},
    ),
)
