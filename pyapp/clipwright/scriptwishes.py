"""What a script says, as requests: checked at once, so that a mistake is told with the line that made it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from clipwright import api
from clipwright.errors import BadRequest
from clipwright.plan.request import CutRequest, How, SegmentRequest, WrittenTime
from clipwright.segments import Segment
from clipwright.writtensegments import read_span, requests

AnySegment = (
    str | Segment | SegmentRequest | tuple[WrittenTime, WrittenTime] | tuple[WrittenTime, WrittenTime, str]
)
"""A segment as a script may give it: ``"1:30-2:45=intro"``, ``(90, 165)``, ``("1:30", "2:45", "intro")``."""

T = TypeVar("T")


def checked(value: object, kind: type[T], path: str) -> T:
    """`value` as `kind`, or BadRequest where it is none; `path` says where in the request it stands."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise api.unreadable(error, path) from error


def span(**fields: object) -> SegmentRequest:
    """The one segment of a cut; BadRequest for what is no time."""
    return checked(fields, SegmentRequest, "$.request.segments[0]")


def listed(segments: str | Iterable[AnySegment]) -> tuple[SegmentRequest, ...]:
    """Segments in every way that they may be written; BadRequest for what is none."""
    if isinstance(segments, str):
        return (read_span(segments),)
    if not isinstance(segments, Iterable):
        raise _no_segment(segments)
    return tuple(_segment(segment) for segment in segments)


def _segment(written: AnySegment) -> SegmentRequest:
    match written:
        case str():
            return read_span(written)
        case SegmentRequest():
            return written
        case Segment():
            return requests((written,))[0]
        case (start, end):
            return checked({"start": start, "end": end}, SegmentRequest, "$.request.segments")
        case (start, end, label):
            fields = {"start": start, "end": end, "label": str(label)}
            return checked(fields, SegmentRequest, "$.request.segments")
    raise _no_segment(written)


def _no_segment(written: object) -> BadRequest:
    return BadRequest(
        f"{written!r} is no segment.",
        hint='Write "1:30-2:45=intro", or a start, an end and perhaps a name: ("1:30", "2:45", "intro").',
        path="$.request.segments",
    )


def request(how: dict[str, Any], segments: tuple[SegmentRequest, ...], **rest: Any) -> CutRequest:  # noqa: ANN401  # fields of CutRequest
    """How segments are to be written; tracks may be numbers, chapters pairs of a time and a title.

    Raises BadRequest for what is no field of How.
    """
    fields = dict(how)
    if isinstance(tracks := fields.get("tracks"), Iterable):
        fields["tracks"] = [{"track": one} if isinstance(one, int) else one for one in tracks]
    if isinstance(chapters := fields.get("chapters"), Iterable):
        fields["chapters"] = [
            {"start": one[0], "title": one[1]} if isinstance(one, tuple) and len(one) == 2 else one
            for one in chapters
        ]
    written = checked(fields, How, "$.request")
    return CutRequest(segments=segments, **msgspec.structs.asdict(written), **rest)
