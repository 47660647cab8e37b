"""What the person wants, as they wrote it."""

from __future__ import annotations

from typing import Literal

import msgspec

from clipwright.containers import Container
from clipwright.media import Chapter, Media, Reader, Source
from clipwright.project.document import Document

Mode = Literal["auto", "lossless", "smart", "exact"]
EngineChoice = Literal["auto"] | Reader
WrittenTime = str | int | float
"""A time as a person writes it, for ``timecode.parse``; a bare number means seconds, as it does in text."""


class TrackRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A track to keep: number `track` of media number `source`, and what it is to be called, None for as it is.

    `rotation` is in degrees clockwise: 0, 90, 180 or 270. `disposition` lists FFmpeg's flag names.
    """

    track: int
    source: int = 0
    language: str | None = None
    title: str | None = None
    disposition: tuple[str, ...] | None = None
    rotation: int | None = None


class ChapterRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A chapter that starts at `start` on the first source's clock and lasts until the next one."""

    start: WrittenTime
    title: str


class How(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to write what is kept.

    `container` None keeps the source's where it can be written. `allow_lead_in` lets `auto` stay lossless although
    the in point is not on a key frame. `engine` forces one engine; `name` replaces the default output name.
    `verify` compares the result with the source around every joint. `tracks` lists what to keep, in
    order, None for everything that fits. `tags` adds to and replaces the source's tags, None as a value
    removes one. `chapters` replaces the source's, None keeps them; `result_chapters` are on the clock of the (one)
    result, and replace both.
    """

    mode: Mode = "auto"
    container: Container | None = None
    allow_lead_in: bool = False
    engine: EngineChoice = "auto"
    name: str | None = None
    verify: bool = True
    tracks: tuple[TrackRequest, ...] | None = None
    tags: dict[str, str | None] = {}
    chapters: tuple[ChapterRequest, ...] | None = None
    result_chapters: tuple[Chapter, ...] | None = None


class ClipRequest(How, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One clip: what to keep and how to write it.

    Give `end` or `duration`, or neither for "to the end".
    """

    start: WrittenTime = "start"
    end: WrittenTime | None = None
    duration: WrittenTime | None = None


class SegmentRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One span of media number `source`. Give `end` or `duration`, or neither for "to the end"."""

    start: WrittenTime = "start"
    end: WrittenTime | None = None
    duration: WrittenTime | None = None
    label: str | None = None
    source: int = 0


class CutRequest(How, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Several segments in one go: to keep, or to take out of the (one) source.

    `join` makes one result of them, in the order given; otherwise each becomes one. `name` may be a template
    (``names.TEMPLATE_FIELDS``).
    """

    segments: tuple[SegmentRequest, ...] = (SegmentRequest(),)
    action: Literal["keep", "remove"] = "keep"
    join: bool = False


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A document with the files that were opened for it.

    A source of the document names its file by `media`, the id of a Source: among `media`, or for tables of colours and
    subtitles among `extras`.
    """

    document: Document
    media: tuple[Media, ...] = ()
    extras: tuple[Source, ...] = ()
