"""What a result says of itself: its tags, and the chapters that fall into it."""

from __future__ import annotations

from clipwright import timecode
from clipwright.errors import BadRequest
from clipwright.media import Chapter, MediaInfo
from clipwright.plan.cut import frame_rate
from clipwright.plan.parts import Segment
from clipwright.plan.request import ChapterRequest, How
from clipwright.plan.steps import Metadata


def edited(how: How) -> bool:
    """Whether the request changes what the source says of itself."""
    renamed = any(
        field is not None
        for track in how.tracks or ()
        for field in (track.language, track.title, track.disposition, track.rotation)
    )
    return bool(how.tags) or (how.chapters, how.result_chapters) != (None, None) or renamed


def of(info: MediaInfo, how: How, segments: tuple[Segment, ...]) -> Metadata:
    """The metadata of a result of `segments`, the first of which comes from the file `info` is about.

    Chapters are trimmed to what is kept of them and moved to where that lies in the result. Raises
    BadRequest for chapters whose times cannot be read or do not follow each other.
    """
    asked = () if how.result_chapters is not None else how.chapters
    named = None if asked is None else _written(info, asked)
    moved = [
        chapter
        for segment in segments
        for chapter in _inside(segment, _own(segment.media.info) if named is None else named)
    ]
    tags = None
    if how.tags:
        merged: dict[str, str | None] = {**info.tags, **how.tags}
        tags = {key: value for key, value in merged.items() if value is not None}
    return Metadata(tags=tags, chapters=how.result_chapters or tuple(_joined(moved)))


def _written(info: MediaInfo, asked: tuple[ChapterRequest, ...]) -> tuple[Chapter, ...]:
    rate = frame_rate(info)
    starts = [
        timecode.parse(
            chapter.start,
            frame_rate=rate,
            duration_us=info.duration_us,
            path=f"$.request.chapters[{number}].start",
        )
        for number, chapter in enumerate(asked)
    ]
    ends = [*starts[1:], info.duration_us]
    for number, (start, end) in enumerate(zip(starts, ends, strict=False)):
        if end <= start:
            raise BadRequest(
                f"Chapter {number + 1}, “{asked[number].title}”, would have no length.",
                hint="Give chapters in the order of their times, all inside the file.",
                path=f"$.request.chapters[{number}].start",
            )
    return tuple(
        Chapter(start_us=start, end_us=end, title=chapter.title)
        for start, end, chapter in zip(starts, ends, asked, strict=False)
    )


def _own(info: MediaInfo) -> tuple[Chapter, ...]:
    """The file's chapters, which stand in its own time, on the person's clock."""
    return tuple(
        Chapter(start_us=c.start_us - info.origin_us, end_us=c.end_us - info.origin_us, title=c.title)
        for c in info.chapters
    )


def _inside(segment: Segment, chapters: tuple[Chapter, ...]) -> list[Chapter]:
    span = segment.window.span
    found = []
    for chapter in chapters:
        start, end = max(chapter.start_us, span.start), min(chapter.end_us, span.end)
        if start < end:
            moved = segment.at - span.start
            found.append(Chapter(start_us=start + moved, end_us=end + moved, title=chapter.title))
    return found


def _joined(chapters: list[Chapter]) -> list[Chapter]:
    """Pieces of one chapter that follow each other without a gap, as one."""
    joined: list[Chapter] = []
    for chapter in chapters:
        last = joined[-1] if joined else None
        if last and last.title == chapter.title and last.end_us == chapter.start_us:
            joined[-1] = Chapter(start_us=last.start_us, end_us=chapter.end_us, title=last.title)
        else:
            joined.append(chapter)
    return joined
