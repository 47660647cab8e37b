"""The API that scripts are written against, the same in the terminal and on the page.

    import clipwright as cw

    media = await cw.open("talk.mp4")
    saved = await media.cut("1:30", "2:45").save()
    print(saved.output, saved.report.mode)

Times are written as people write them; a number means seconds. Where files come from and where results go is the
business of a Desk: natively paths (``native/desk.py``), on the page the files that were picked. Whatever goes wrong is
raised as an error of the tree (``errors.py``).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from typing import Any, Protocol

import msgspec

from clipwright import api, containers, scriptwishes
from clipwright.cutting import remaining
from clipwright.engine import Engine, Job
from clipwright.errors import (
    BadRequest,
    Cancelled,
    CapabilityError,
    ClipwrightError,
    CorruptMedia,
    EngineError,
    MediaError,
    ResourceError,
    UnsupportedFormat,
)
from clipwright.media import Media, MediaInfo, Source
from clipwright.messages import ClipResult, CutPlan, CutResult, EditSegments
from clipwright.plan.request import CutRequest, How, SegmentRequest, WrittenTime
from clipwright.plan.steps import Plan, Progress, Report
from clipwright.scriptwishes import AnySegment
from clipwright.segments import Segment, SegmentAction
from clipwright.writtensegments import read_list, requests

__all__ = [
    "BadRequest",
    "Cancelled",
    "CapabilityError",
    "ClipwrightError",
    "CorruptMedia",
    "Cut",
    "Cuts",
    "Desk",
    "EngineError",
    "Making",
    "MediaError",
    "Opened",
    "ResourceError",
    "Saved",
    "UnsupportedFormat",
    "join",
    "open",
    "read_segments",
    "sit_at",
]

Hear = Callable[[Progress], None]
_NUMBERS = itertools.count(1)
_JOINED = "Give cuts or open files."


class Saved(msgspec.Struct):
    """A finished result: where it was saved (natively the path, on the page the name), and what was done."""

    output: str
    report: Report


class Making(Protocol):
    """Results in the making, all of which vanish unless they are kept."""

    @property
    def engine(self) -> Engine:
        """Who makes them."""
        ...

    def keep(self, results: Sequence[ClipResult]) -> list[str]:
        """Save finished results and tell where; BadRequest for a name that is taken, ResourceError for a full disk."""
        ...


class Desk(Protocol):
    """Where a script's files come from and where its results go."""

    @property
    def engine(self) -> Engine:
        """Who looks into files."""
        ...

    def register(self, file: object) -> Source:
        """Give `file` an id; BadRequest for what is no file here, MediaError for one that cannot be read."""
        ...

    def name(self, to: object) -> str | None:
        """The one file that `to` means, or None where results are to be named for what they are.

        Raises BadRequest where nothing can be saved.
        """
        ...

    def making(self, to: object) -> AbstractAsyncContextManager[Making]:
        """Results that will be saved at `to`."""
        ...


class _Seat:
    desk: Desk | None = None


def sit_at(desk: Desk) -> None:
    """From now on files are opened at `desk`."""
    _Seat.desk = desk


def _desk() -> Desk:
    if _Seat.desk is None:
        # A plain Python on a machine of its own; PyAV loads slowly, and the page has none.
        _Seat.desk = import_module("clipwright.native.desk").NativeDesk()
    return _Seat.desk


def _job(hear: Hear | None = None) -> Job:
    return Job(id=f"script-{next(_NUMBERS)}", on_progress=hear)


class _Ear:
    """Who hears of progress for a script. A mistake of the script's there must not fall upon an engine."""

    def __init__(self, hear: Hear) -> None:
        self._hear = hear
        self.mistake: Exception | None = None

    def __call__(self, told: Progress) -> None:
        if self.mistake is None:
            try:
                self._hear(told)
            except Exception as error:  # noqa: BLE001  # whatever the script raises comes to it when the work is done
                self.mistake = error


async def open(file: object) -> Opened:  # noqa: A001  # scripts say cw.open
    """Look into a media file: natively a path, on the page the name of a file that was picked.

    Raises BadRequest where there is none, UnsupportedFormat, CorruptMedia or MediaError for one that cannot be read.
    """
    desk = _desk()
    return Opened(desk, await api.open_media(desk.engine, desk.register(file), "auto", _job()))


def join(parts: Iterable[Cut | Opened], **how: Any) -> Cut:  # noqa: ANN401  # the fields of How
    """One result of several cuts and whole files, in this order.

    How it is written (`mode`, `container` ...) is said here, not of its parts. Raises BadRequest for no parts.
    """
    listed = [_part(part) for part in parts]
    if not listed:
        raise BadRequest("There is nothing to join.", hint=_JOINED, path="$.request.segments")
    files: list[Opened] = []
    for part in listed:
        files.extend(file for file in part.files if file not in files)
    segments = tuple(
        msgspec.structs.replace(segment, source=files.index(part.files[segment.source]))
        for part in listed
        for segment in part.parts()
    )
    return Cut(files, scriptwishes.request(how, segments, join=True))


def _part(part: object) -> Cut:
    match part:
        case Cut():
            return part
        case Opened():
            return part.cut()
    raise BadRequest(f"{part!r} cannot be joined.", hint=_JOINED, path="$.request.segments")


def read_segments(text: str) -> tuple[SegmentRequest, ...]:
    """The segments of a text, JSON or lines of ``start,end,label``; BadRequest for one that cannot be read."""
    return read_list(text)


class Opened:
    """An open file; `media` holds all that is known of it."""

    def __init__(self, desk: Desk, media: Media) -> None:
        self.desk = desk
        self.media = media

    def __repr__(self) -> str:
        return f"<{self.name}: {self.info.container}, {self.duration_us / 1e6:g} s>"

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.media.source.name

    @property
    def info(self) -> MediaInfo:
        """Container, tracks, tags and chapters."""
        return self.media.info

    @property
    def duration_us(self) -> int:
        """Its length in microseconds."""
        return self.info.duration_us

    def cut(
        self,
        start: WrittenTime = "start",
        end: WrittenTime | None = None,
        *,
        duration: WrittenTime | None = None,
        label: str | None = None,
        **how: Any,  # noqa: ANN401  # the fields of How
    ) -> Cut:
        """One span of the file: until `end`, or `duration` long, or to the end of the file.

        `how` says how it is written: `mode` (auto, lossless, smart, exact), `container`, `tracks`, `tags`, `chapters`,
        `name`, `verify` ... as ``plan.request.How`` has them. Nothing is done before `plan` or `save`.
        """
        segment = scriptwishes.span(start=start, end=end, duration=duration, label=label)
        return Cut([self], scriptwishes.request(how, (segment,)))

    def cuts(self, segments: str | Iterable[AnySegment], **how: Any) -> Cuts:  # noqa: ANN401  # the fields of How
        """Several spans of the file, each a result of its own; `name` may be a template (``{stem}_{n:02}``)."""
        return Cuts([self], scriptwishes.request(how, scriptwishes.listed(segments)))

    def without(self, segments: str | Iterable[AnySegment], **how: Any) -> Cut:  # noqa: ANN401  # the fields of How
        """One result of what is left when these spans are taken out."""
        listed = scriptwishes.listed(segments)
        return Cut([self], scriptwishes.request(how, listed, action="remove", join=True))

    async def segments(
        self,
        action: SegmentAction = "check",
        value: WrittenTime | None = None,
        segments: str | Iterable[AnySegment] = ("start..end",),
    ) -> tuple[Segment, ...]:
        """A list of segments changed, by default the one of the whole file: ``await media.segments("count", 4)``.

        `action` is check, invert, shift (by `value`), align (to key frames), split (at `value`), or a division into
        parts of a length, a count or a size in bytes. Raises BadRequest for what makes no sense for this file.
        """
        listed = scriptwishes.listed(segments)
        fields = {"media": self.media, "segments": listed, "action": action, "value": value}
        edit = scriptwishes.checked(fields, EditSegments, "$")
        return (await api.edit_segments(self.desk.engine, edit, _job())).segments

    async def close(self) -> None:
        """Forget the file."""
        await self.desk.engine.close(self.media.source)


class _Wish:
    """What is to be made of which files."""

    def __init__(self, files: Sequence[Opened], request: CutRequest) -> None:
        self.files = tuple(files)
        self.request = request

    def parts(self) -> tuple[SegmentRequest, ...]:
        """The segments to keep, for a join; BadRequest where more is said of them than that."""
        if msgspec.convert(self.request, How, from_attributes=True) != How():
            raise BadRequest(
                "A part of a join cannot be written in a way of its own.",
                hint="Say mode, container and the like of the join.",
                path="$.request",
            )
        if self.request.action == "keep":
            return self.request.segments
        return requests(remaining(self.files[0].media, self.request))

    @property
    def _desk(self) -> Desk:
        return self.files[0].desk

    @property
    def _medias(self) -> tuple[Media, ...]:
        return tuple(file.media for file in self.files)

    def _named(self, to: object) -> CutRequest:
        """The request with the container that the name of its one result asks for."""
        name = self._desk.name(to)
        if name is None:
            return self.request
        if not self.request.join and len(self.request.segments) > 1:
            raise BadRequest(
                f"“{name}” is one file, but there would be {len(self.request.segments)} results.",
                hint="Give a folder, or join them.",
                path="$.output",
            )
        container = containers.named(name, self.request.container)
        return msgspec.structs.replace(self.request, container=container)

    async def _planned(self, to: object) -> CutPlan:
        return await api.plan_cut(self._desk.engine, self._medias, self._named(to), _job())

    async def _saved(self, to: object, hear: Hear | None) -> tuple[CutResult, list[str]]:
        request = self._named(to)
        ear = _Ear(hear) if hear else None
        async with self._desk.making(to) as making:
            made = await api.run_cut(making.engine, self._medias, request, _job(ear))
            if ear and ear.mistake:
                raise ear.mistake
            return made, making.keep(made.results)


class Cut(_Wish):
    """One result: a span, what is left of a file, or a join."""

    async def plan(self, to: object = None) -> Plan:
        """What would be done; nothing is written. Raises BadRequest, or CapabilityError when nothing here can do it."""
        planned = await self._planned(to)
        (plan,) = planned.plans
        return msgspec.structs.replace(plan, notes=(*planned.notes, *plan.notes))

    async def save(self, to: object = None, *, progress: Hear | None = None) -> Saved:
        """Make it and save it at `to`: a file or a folder, by default under a new name in the current folder.

        `progress` hears how far it is: `done` from 0 to 1, `eta_s`; what it raises, this raises in the end. Nothing
        is overwritten, and a failure leaves nothing behind. Raises BadRequest, CapabilityError, MediaError,
        ResourceError or EngineError.
        """
        made, (output,) = await self._saved(to, progress)
        report = made.results[0].report
        return Saved(output, msgspec.structs.replace(report, notes=(*made.notes, *report.notes)))


class Cuts(_Wish):
    """Several results."""

    async def plan(self) -> tuple[Plan, ...]:
        """What would be done, result by result; nothing is written. Raises as `Cut.plan`."""
        return (await self._planned(None)).plans

    async def save(self, to: object = None, *, progress: Hear | None = None) -> tuple[Saved, ...]:
        """Make all of them and save them in the folder `to`, by default the current one, or none; see `Cut.save`."""
        made, outputs = await self._saved(to, progress)
        return tuple(
            Saved(output, result.report) for output, result in zip(outputs, made.results, strict=True)
        )
