"""Segments as people and other programs write them: ``1:00-2:00=intro``, CSV and JSON.

What the times mean is not decided here: they stay as they were written.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator

import msgspec

from clipwright import timecode
from clipwright.errors import BadRequest
from clipwright.jsontext import looked_over
from clipwright.plan.request import SegmentRequest
from clipwright.segments import MAX_SEGMENTS, Segment
from clipwright.writtentime import quote

ACCEPTED_SPANS = (
    "Write a span as 1:00-2:00, 1:00..2:00, 1:00.. (to the end) or 1:00+30 (so long), a name behind it as "
    "1:00-2:00=Intro, and the file it is of before it, counted from 0, as 1@1:00-2:00. Times that "
    "have a hyphen in them need the two dots: 01-30..02-45."
)
"""The hint of every refusal."""

_MAX_TEXT = 4_000_000
_SOURCE = re.compile(r" *(\d{1,3})@(.*)", re.ASCII | re.DOTALL)
_CLEAR = re.compile(r"\.\.|[–—→]|(?<=\S) to (?=\S)")
_SIGN = "[-\u2212]"
_HYPHENATED = re.compile(rf"( *{_SIGN}?[^-\u2212]+){_SIGN}( *{_SIGN}?[^-\u2212]*)")
_HEADS = ({"start", "end"}, {"start", "end", "label"}, {"start", "end", "name"})


class _List(msgspec.Struct, forbid_unknown_fields=True):
    """What ``clipwright segments --json`` prints."""

    segments: tuple[Segment, ...]


def read_span(text: str) -> SegmentRequest:
    """The segment that `text` means: ``A-B``, ``A..B`` or ``A+LENGTH``, with ``=NAME`` behind and ``N@`` before it.

    A hyphen at the very start of a time is its sign; exactly one other must stand between the two. Raises
    BadRequest for anything else.
    """
    written, _, label = text.partition("=")
    source = _SOURCE.fullmatch(written)
    start, end, duration = _edges(source[2] if source else written, text)
    return SegmentRequest(
        start=start,
        end=end,
        duration=duration,
        label=label.strip() or None,
        source=int(source[1]) if source else 0,
    )


def _edges(span: str, text: str) -> tuple[str, str | None, str | None]:
    """What is written of the start, the end and the length."""
    if len(marks := list(_CLEAR.finditer(span))) == 1:
        start, end = span[: marks[0].start()].strip(), span[marks[0].end() :].strip()
        if start or end:
            return start or "start", end or None, None
    elif not marks and span.count("+") == 1:
        start, _, length = (part.strip() for part in span.partition("+"))
        if start and length:
            return start, None, length
    elif not marks and (hyphenated := _HYPHENATED.fullmatch(span)) and hyphenated[1].strip():
        return hyphenated[1].strip(), hyphenated[2].strip() or None, None
    raise BadRequest(
        f"{quote(text)} cannot be read as a span of time.", hint=ACCEPTED_SPANS, path="$.request.segments"
    )


def read_list(text: str) -> tuple[SegmentRequest, ...]:
    """The segments of a file: JSON, or lines of ``start,end,label``, also with tabs between them.

    Of a line the end and the label may be missing. JSON is a list of objects with the fields of a SegmentRequest,
    or what ``clipwright segments --json`` prints.
    Raises BadRequest for anything else, for no segment and for too many.
    """
    if len(text) > _MAX_TEXT:
        raise _refusal("It is too long.")
    plain = text.removeprefix("\ufeff")
    found = _of_json(plain) if plain.lstrip()[:1] in ("[", "{") else tuple(_of_rows(plain))
    if not found:
        raise _refusal("It is empty.")
    if len(found) > MAX_SEGMENTS:
        raise _refusal(f"It has {len(found)} segments, more than {MAX_SEGMENTS}.")
    return found


def _of_json(text: str) -> tuple[SegmentRequest, ...]:
    try:
        raw = looked_over(text, "")
    except BadRequest as error:
        raise _refusal(f"{error.message} {error.hint}") from error
    try:
        if text.lstrip().startswith("["):
            return tuple(msgspec.json.decode(raw, type=list[SegmentRequest]))
        return requests(msgspec.json.decode(raw, type=_List).segments)
    except msgspec.DecodeError as error:
        raise _refusal(f"{error}.") from error


def _of_rows(text: str) -> Iterator[SegmentRequest]:
    lines = text.splitlines()
    rows = csv.reader(lines, delimiter="\t" if any("\t" in line for line in lines) else ",")
    try:
        for number, row in enumerate(rows, 1):
            cells = [cell.strip() for cell in row]
            if not any(cells) or (number == 1 and {cell.lower() for cell in cells} in _HEADS):
                continue
            if len(cells) > 3:
                raise _refusal(f"Line {number} has {len(cells)} fields.")
            start, end, label = (*cells, "", "")[:3]
            yield SegmentRequest(start=start or "start", end=end or None, label=label or None)
    except csv.Error as error:
        raise _refusal(f"{error}.") from error


def _refusal(why: str) -> BadRequest:
    return BadRequest(
        f"The list of segments cannot be read. {why}",
        hint="Give lines of start,end,label or a JSON list of objects with start, end and label.",
        path="$.request.segments",
    )


def requests(segments: Iterable[Segment], source: int = 0) -> tuple[SegmentRequest, ...]:
    """The same segments as a request for media number `source`, their times written out exactly."""
    return tuple(
        SegmentRequest(
            start=timecode.iso(segment.start_us),
            end=timecode.iso(segment.end_us),
            label=segment.label,
            source=source,
        )
        for segment in segments
    )
