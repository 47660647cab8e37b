"""What a file says about itself in words, by the same keys whatever the container."""

from __future__ import annotations

import re
from collections.abc import Mapping

KEYS = frozenset(
    {
        *("title", "artist", "album", "album_artist", "comment", "composer", "copyright", "date"),
        *("description", "disc", "genre", "lyrics", "track"),
    }
)
"""Everything else is left out: it is about the tool that wrote the file, or known to one looker only."""

_SAME = {
    "©nam": "title",
    "©art": "artist",
    "©alb": "album",
    "aart": "album_artist",
    "©cmt": "comment",
    "©wrt": "composer",
    "cprt": "copyright",
    "©cpy": "copyright",
    "©day": "date",
    "desc": "description",
    "©des": "description",
    "©gen": "genre",
    "©lyr": "lyrics",
    "tit2": "title",
    "tpe1": "artist",
    "talb": "album",
    "tpe2": "album_artist",
    "tcom": "composer",
    "tcop": "copyright",
    "tdrc": "date",
    "tyer": "date",
    "tcon": "genre",
    "trck": "track",
    "tpos": "disc",
    "inam": "title",
    "iart": "artist",
    "iprd": "album",
    "icmt": "comment",
    "icop": "copyright",
    "icrd": "date",
    "ignr": "genre",
    "iprt": "track",
    "albumartist": "album_artist",
    "date_released": "date",
    "year": "date",
    "discnumber": "disc",
    "part_number": "track",
    "tracknumber": "track",
}

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_PART = re.compile(r"0*(\d+)(?:/0*(\d+))?")


def file_tags(raw: Mapping[str, str]) -> dict[str, str]:
    """The tags in KEYS, sorted, from FFmpeg's keys in any case or the container's own.

    Dates are cut to ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; track and disc are ``3`` or ``3/9``.
    """
    found: dict[str, str] = {}
    for key, value in raw.items():
        name = _SAME.get(key.lower(), key.lower())
        text = _tidy(name, value.strip("\x00 \t\r\n")) if name in KEYS else ""
        if text:
            found.setdefault(name, text)
    return dict(sorted(found.items()))


def _tidy(name: str, value: str) -> str:
    if name == "date":
        written = _DATE.match(value)
        return written[0] if written else ""
    if name in ("track", "disc"):
        part = _PART.fullmatch(value)
        if part is None:
            return ""
        number, total = part[1], part[2] or "0"
        return number if total == "0" else f"{number}/{total}"
    return value
