"""Files of plain text, such as subtitles, from their bytes."""

from __future__ import annotations

import codecs

from clipwright.errors import MediaError
from clipwright.media import Source

MOST_TEXT_BYTES = 8 << 20
"""No file that is read as text may be larger."""
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(source: Source, data: bytes) -> str:
    """What is written in a file that begins with `data`, which holds all of it unless that is too much.

    It is UTF-8, or UTF-16 with a byte order mark. Raises MediaError for anything else, and for one that is too large.
    """
    if len(data) > MOST_TEXT_BYTES:
        raise MediaError(
            f"“{source.name}” is too large to be a file of subtitles.",
            hint=f"Give one of at most {MOST_TEXT_BYTES >> 20} MB.",
        )
    try:
        return data.decode("utf-16" if data.startswith(_WIDE) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise MediaError(
            f"“{source.name}” is no text.",
            hint="Save it as UTF-8; take subtitles in a film out of it first.",
            detail=str(error),
        ) from error
