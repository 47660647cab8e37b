"""Files of subtitles, read: SubRip, WebVTT and ASS (or its older form, SSA) as lines with their times.

What cannot be understood of a file is passed over, as players do; each step looks at a character a few times at most.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

import msgspec

from clipwright.errors import BadRequest
from clipwright.filters.subtitlelines import ASS_HEAD, Form, Line
from clipwright.filters.subtitles import MOST_CUES

_TIMES = re.compile(
    r"[ \t]*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[,.](\d{1,6})[ \t]*-->[ \t]*"
    r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[,.](\d{1,6})(?:[ \t]+(\S.*))?",
    re.ASCII,
)
_CLOCK = re.compile(r"\s*(\d{1,4}):(\d{1,2}):(\d{1,2})[.:](\d{1,6})\s*", re.ASCII)
_NUMBER = re.compile(r"\s*\d+\s*", re.ASCII)
_OLD_FIELDS = (
    "Marked",
    "Start",
    "End",
    "Style",
    "Name",
    "MarginL",
    "MarginR",
    "MarginV",
    "AlphaLevel",
    "Effect",
    "Text",
)
_FIELDS = ("Layer", "Style", "Name", "MarginL", "MarginR", "MarginV", "Effect")
_NUMBERS = ("Layer", "MarginL", "MarginR", "MarginV")
_SETTINGS = re.compile(r"[!-;=?-~ ]{0,200}")


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """What a file of subtitles holds, in its own `form`, in order of time.

    None of its lines shows for more than `longest_us`. `head` is what ASS says before its events.
    """

    form: Form
    lines: tuple[Line, ...]
    longest_us: int = 0
    head: str = ASS_HEAD

    def between(self, start_us: int, end_us: int) -> Iterator[Line]:
        """The lines that show between those times; as soon found in a long film as in a short one."""
        first = bisect_left(self.lines, start_us - self.longest_us, key=_start)
        last = bisect_left(self.lines, end_us, key=_start)
        return (line for line in self.lines[first:last] if line.end_us > start_us)


def script(text: str, *, path: str = "$") -> Script:
    """The subtitles in a file's text, told by what it looks like. Raises BadRequest for one that has none."""
    rows = text.removeprefix("\ufeff").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((row for row in rows if row.strip()), "").strip()
    if first.lower() == "[script info]":
        found = _ass(rows)
    elif first.startswith("WEBVTT"):
        found = Script(form="vtt", lines=tuple(_cues(rows)))
    else:
        found = Script(form="srt", lines=tuple(_blocks(rows)))
    if not found.lines:
        raise BadRequest(
            "There are no subtitles in this file.", hint="Give a file of SubRip, WebVTT or ASS.", path=path
        )
    if len(found.lines) > MOST_CUES:
        raise BadRequest(
            f"{len(found.lines)} subtitles are too many; {MOST_CUES} is the most.",
            hint="Split them.",
            path=path,
        )
    ordered = tuple(sorted(found.lines, key=_start))
    longest = max(line.end_us - line.start_us for line in ordered)
    return msgspec.structs.replace(found, lines=ordered, longest_us=longest)


def _start(line: Line) -> int:
    return line.start_us


def _us(hours: str | None, minutes: str, seconds: str, part: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1_000_000 + int(part.ljust(6, "0"))


def _timed(rows: list[str]) -> Iterator[tuple[re.Match[str], list[str], bool]]:
    """Each line of times with the rows up to the next one, and whether there is none."""
    last: re.Match[str] | None = None
    said: list[str] = []
    for row in rows:
        times = _TIMES.fullmatch(row.rstrip())
        if times is None:
            said.append(row)
            continue
        if last is not None:
            yield last, said, False
        last, said = times, []
    if last is not None:
        yield last, said, True


def _line(times: re.Match[str], body: list[str], manner: tuple[str, ...] = ()) -> Iterator[Line]:
    start, end = _us(times[1], times[2], times[3], times[4]), _us(times[5], times[6], times[7], times[8])
    said = "\n".join(row.rstrip() for row in body if row.strip())
    if said and start < end:
        yield Line(start, end, said, manner)


def _blocks(rows: list[str]) -> Iterator[Line]:
    """SubRip: rows may be empty within what is said, and the number before the next times is not said."""
    for times, said, is_last in _timed(rows):
        numbered = not is_last and said and _NUMBER.fullmatch(said[-1])
        yield from _line(times, said[:-1] if numbered else said)


def _cues(rows: list[str]) -> Iterator[Line]:
    """WebVTT: an empty row ends what is said; what follows is the next one's name, or a note."""
    for times, said, _ in _timed(rows):
        end = next((number for number, row in enumerate(said) if not row.strip()), len(said))
        settings = times[9] or ""
        manner = (settings,) if _SETTINGS.fullmatch(settings) else ()
        yield from _line(times, said[:end], manner)


def _ass(rows: list[str]) -> Script:
    """ASS: every section but the events is its head, with the styles; comments are passed over."""
    head: list[str] = []
    lines: list[Line] = []
    section = ""
    fields: tuple[str, ...] = ()
    is_old = any(row.strip().lower() == "[v4 styles]" for row in rows)
    for row in rows:
        stripped = row.strip()
        if stripped.startswith("[") and stripped.endswith("]"):
            section = stripped.lower()
        if section != "[events]":
            # Fonts and pictures that a file carries are not for a track of subtitles.
            head += [row] if section not in ("[fonts]", "[graphics]") else []
            continue
        kind, _, rest = stripped.partition(":")
        if kind == "Format":
            fields = tuple(one.strip() for one in rest.split(","))
        elif kind == "Dialogue":
            lines += _dialogue(rest.lstrip(), fields or (_OLD_FIELDS if is_old else _standard()))
    return Script(form="ass", lines=tuple(lines), head="\n".join(head))


def _standard() -> tuple[str, ...]:
    return ("Layer", "Start", "End", *_FIELDS[1:], "Text")


def _dialogue(row: str, fields: tuple[str, ...]) -> Iterator[Line]:
    values = row.split(",", len(fields) - 1)
    if len(values) < len(fields) or fields[-1] != "Text":
        return
    said = dict(zip(fields, values, strict=True))
    start, end = (_CLOCK.fullmatch(said.get(name, "")) for name in ("Start", "End"))
    if start is None or end is None or not said["Text"].strip():
        return
    manner = tuple(_value(name, said.get(name, "").strip()) for name in _FIELDS)
    line = Line(_us(*start.groups()), _us(*end.groups()), said["Text"], manner)
    if line.start_us < line.end_us:
        yield line


def _value(name: str, said: str) -> str:
    if name not in _NUMBERS:
        return said
    return said if _NUMBER.fullmatch(said) else "0"
