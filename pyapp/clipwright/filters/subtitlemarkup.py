"""What lines of subtitles say, from one form to another: the words, and what is slanted, bold or underlined of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from clipwright.filters.subtitlelines import Form, escaped

_TAGS = {
    "srt": re.compile(r"<(/?)([A-Za-z]\w*)[^<>]*>|\{\\[^{}]*\}"),
    "vtt": re.compile(r"<(/?)([A-Za-z]\w*)?[^<>]*>"),
}
_OVERRIDE = re.compile(r"\\([Nnh{}])|\{([^{}]*)\}")
_SWITCH = re.compile(r"\\(?:([ibu])(-?\d*)|(p)(\d+)|(r))(?![A-Za-z])")
_KEPT = frozenset("ibu")
_SIGNS = {"N": "\n", "n": "\n", "h": "\u00a0", "{": "{", "}": "}"}


class _Word(NamedTuple):
    """Some text, with the marks that it bears."""

    text: str
    marks: frozenset[str]


def translated(body: str, old: Form, new: Form) -> str:
    """A line's body in another form; in the same one it stays as it is. Colours, fonts and places are left out."""
    if old == new:
        return body
    words = list(_spoken(body) if old == "ass" else _tagged(body, old))
    return _marked(words, new)


def _tagged(body: str, form: Form) -> Iterator[_Word]:
    """SubRip and WebVTT."""
    marks: list[str] = []
    at = 0
    for tag in _TAGS[form].finditer(body):
        yield _word(body[at : tag.start()], form, marks)
        at = tag.end()
        name = (tag[2] or "").lower()
        if name in _KEPT:
            if not tag[1]:
                marks.append(name)
            elif name in marks:
                marks.remove(name)
    yield _word(body[at:], form, marks)


def _word(text: str, form: Form, marks: list[str]) -> _Word:
    said = unescape(text) if form == "vtt" else text
    return _Word(said, frozenset(marks))


def _spoken(body: str) -> Iterator[_Word]:
    """ASS; what it draws is not said."""
    marks: set[str] = set()
    drawing = False
    at = 0
    for found in _OVERRIDE.finditer(body):
        if not drawing:
            yield _Word(body[at : found.start()], frozenset(marks))
        at = found.end()
        if found[1]:
            yield _Word("" if drawing else _SIGNS[found[1]], frozenset(marks))
            continue
        for switch in _SWITCH.finditer(found[2]):
            if switch[1]:
                (marks.add if switch[2] not in ("", "0") else marks.discard)(switch[1])
            elif switch[3]:
                drawing = switch[4].strip("0") != ""
            else:
                marks.clear()
    if not drawing:
        yield _Word(body[at:], frozenset(marks))


def _marked(words: list[_Word], form: Form) -> str:
    """The words with tags around them, none of which reaches over the end of a row."""
    rows: list[list[_Word]] = [[]]
    for word in words:
        first, *others = word.text.split("\n")
        rows[-1].append(_Word(first, word.marks))
        rows += [[_Word(other, word.marks)] for other in others]
    full = (row for row in rows if "".join(word.text for word in row).strip())
    return ("\\N" if form == "ass" else "\n").join(
        "".join(_dressed(word, form) for word in row) for row in full
    )


def _dressed(word: _Word, form: Form) -> str:
    if not word.text:
        return ""
    text = escaped(word.text, form) if word.text.strip() else word.text
    for mark in sorted(word.marks):
        text = f"{{\\{mark}1}}{text}{{\\{mark}0}}" if form == "ass" else f"<{mark}>{text}</{mark}>"
    return text
