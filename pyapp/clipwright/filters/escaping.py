"""Text that stays text: one function for each level of FFmpeg's filter syntax, to be applied from the inside out.

    drawtext_text       what ``drawtext`` expands: ``%{...}`` and backslashes
    option_value        one value among ``key=value:key=value``
    filter_description  those options among ``name=options,name=options;...``
    graph_label         a pad's name between brackets, which is checked and never escaped

libavutil's av_get_token reads both middle levels: a backslash takes the next character as it is, quotes take all
up to the next quote, and blanks at the ends go unless a backslash is before them. A text in ``-filter_complex``
reaches FFmpeg as one argument, so no shell takes part.
"""

from __future__ import annotations

import re

from clipwright.errors import BadRequest
from clipwright.filters.ranges import plain

_BLANK = " \n\t\r"
"""WHITESPACES in av_get_token."""
_LABEL = re.compile(r"[A-Za-z0-9_]{1,64}")
STREAM = re.compile(r"[0-9]{1,5}:([vas](:[0-9]{1,4})?|[0-9]{1,4})")
"""A stream of an input file: ``0:v``, ``1:a:0``, ``1:2``."""


def drawtext_text(text: str) -> str:
    """`text` as drawtext shows it unchanged where ``expansion`` is ``normal``; backslash and percent are escaped."""
    return re.sub(r"([\\%])", r"\\\1", text)


def option_value(text: str) -> str:
    """`text` as one option's value: escapes backslash, quote, colon, and blanks at the ends."""
    return _blanks_kept(re.sub(r"([\\':])", r"\\\1", text))


def filter_description(text: str) -> str:
    r"""The options of one filter inside a graph: escapes backslash, quote, ``[ ] , ;``, and blanks at the ends."""
    return _blanks_kept(re.sub(r"([\\'\[\],;])", r"\\\1", text))


def graph_label(text: object, path: str = "") -> str:
    """A pad's name as it stands between brackets; BadRequest for what is neither a plain name nor a stream."""
    if not isinstance(text, str) or not (_LABEL.fullmatch(text) or STREAM.fullmatch(text)):
        raise BadRequest(
            f"“{str(text)[:60]}” cannot name a pad.",
            hint="Use up to 64 letters, digits and _, or a stream such as 0:v or 1:a:0.",
            path=path,
        )
    return text


def argument(text: str, path: str = "") -> str:
    """`text` if an argument can hold it at all (see `plain`), however long it is."""
    return plain(text, path, longest=len(text) or 1)


def _blanks_kept(text: str) -> str:
    core = text.strip(_BLANK)
    if core == text:
        return text
    if not core:
        return "".join(f"\\{blank}" for blank in text)
    start = text.index(core)
    before, after = text[:start], text[start + len(core) :]
    return "".join((*(f"\\{blank}" for blank in before), core, *(f"\\{blank}" for blank in after)))
