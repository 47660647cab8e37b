"""FFmpeg's own form of chapters: the text of a file that its demuxer `ffmetadata` reads."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

_SPECIAL = re.compile(r"[=;#\\\n\r]")


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A chapter from `start_us` until before `end_us`."""

    start_us: int
    end_us: int
    title: str


def escaped(value: str) -> str:
    """A value as the demuxer reads it back, whatever it holds, but for a space that follows a backslash at its end.

    FFmpeg takes a backslash before the end of a line for one that hides it, also where it is hidden itself.
    """
    hidden = _SPECIAL.sub(r"\\\g<0>", value)
    return f"{hidden} " if hidden.endswith("\\") else hidden


def ffmetadata(marks: Sequence[Mark]) -> str:
    """The file's text."""
    chapters = (
        f"[CHAPTER]\nTIMEBASE=1/1000000\nSTART={mark.start_us}\nEND={mark.end_us}\ntitle={escaped(mark.title)}\n"
        for mark in marks
    )
    return ";FFMETADATA1\n" + "".join(chapters)
