"""One handler per message, over whatever engine it is given.

The typed functions serve the terminal and scripts; `make_handler` wraps them for a host that speaks text.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from clipwright import timecode
from clipwright.cutting import (
    edit_segments,
    plan_clip,
    plan_cut,
    read_segments,
    require,
    run_clip,
    run_cut,
)
from clipwright.effects.catalogue import EffectsInfo
from clipwright.engine import Engine, Job
from clipwright.errors import (
    BadRequest,
    CapabilityError,
    ClipwrightError,
    ErrorBody,
    MediaError,
    ResourceError,
    UnsupportedFormat,
)
from clipwright.jsontext import looked_over
from clipwright.media import Media, Reader, Source
from clipwright.messages import (
    ApplyAction,
    Attach,
    Close,
    EditSegments,
    Effects,
    Open,
    ParseTime,
    PlanClip,
    PlanCut,
    PlanRender,
    ReadProject,
    ReadSegments,
    Reply,
    Request,
    RunClip,
    RunCut,
    RunRender,
    TimeReading,
)
from clipwright.plan.request import EngineChoice, WrittenTime
from clipwright.sniff import no_film

__all__ = [
    "edit_segments",
    "make_handler",
    "open_media",
    "plan_clip",
    "plan_cut",
    "read_segments",
    "read_time",
    "run_clip",
    "run_cut",
    "tell_effects",
]

Handler = Callable[[str, str], Coroutine[Any, Any, str]]
"""``await handler(job_id, request_text)`` gives the reply's text."""


class _Ok(msgspec.Struct, frozen=True):
    value: Reply
    timings: dict[str, float]
    ok: bool = True


class _Failed(msgspec.Struct, frozen=True):
    error: ErrorBody
    timings: dict[str, float]
    ok: bool = False


def make_handler(engine: Engine) -> Handler:
    """The text door: JSON in, JSON out, never an exception; while one clip runs a second is refused."""
    decoder = msgspec.json.Decoder(Request)
    door = _Door(engine)

    async def handle(job_id: str, text: str) -> str:
        started = time.perf_counter()

        def timings() -> dict[str, float]:
            return {"python": (time.perf_counter() - started) * 1000}

        try:
            value = await door.answer(Job(id=job_id), _decode(decoder, text))
            return msgspec.json.encode(_Ok(value, timings())).decode()
        except ClipwrightError as error:
            return msgspec.json.encode(_Failed(error.body, timings())).decode()

    return handle


class _Door:
    """Sends each message to its function."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._busy = False

    async def answer(self, job: Job, request: Request) -> Reply:
        engine = self._engine
        match request:
            case Open():
                return await open_media(engine, request.source, request.reader, job, stills=request.stills)
            case PlanClip():
                return await plan_clip(engine, request.media, request.request, job)
            case PlanCut():
                return await plan_cut(engine, request.media, request.request, job)
            case RunClip():
                with self._alone():
                    return await run_clip(engine, request.media, request.request, job)
            case RunCut():
                with self._alone():
                    return await run_cut(engine, request.media, request.request, job)
            case PlanRender() | ApplyAction() | ReadProject():
                return await self._edited(request, job)
            case RunRender():
                with self._alone():
                    return await self._edited(request, job)
            case EditSegments():
                return await edit_segments(engine, request, job)
            case Close():
                await engine.close(request.source)
                return None
            case _:
                return _told(request)

    async def _edited(self, request: PlanRender | RunRender | ApplyAction | ReadProject, job: Job) -> Reply:
        """What needs effects and all that builds pictures; they load slowly, and clips need none."""
        from clipwright import editing  # noqa: PLC0415  # when the first project comes

        return await editing.answer(self._engine, request, job)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._busy:
            raise _busy()
        self._busy = True
        try:
            yield
        finally:
            self._busy = False


def _told(request: Attach | Effects | ParseTime | ReadSegments) -> Reply:
    """What can be said without looking into any file."""
    match request:
        case Attach():
            return request.source
        case Effects():
            return tell_effects(request.name)
        case ParseTime():
            return read_time(request.text, request.frame_rate, request.duration_us)
        case ReadSegments():
            return read_segments(request)


def _busy() -> ResourceError:
    return ResourceError(
        "Another clip is being made.", hint="Wait until it is done, or cancel it, then try again."
    )


def _decode(decoder: msgspec.json.Decoder[Request], text: str) -> Request:
    try:
        return decoder.decode(looked_over(text, ""))
    except msgspec.ValidationError as error:
        raise unreadable(error) from error
    except msgspec.DecodeError as error:
        raise BadRequest("The request is not valid JSON.", detail=str(error)) from error


def unreadable(error: msgspec.ValidationError, root: str = "") -> BadRequest:
    """What to say of a value that is not of its type; `root` is where it stands, where that is not the whole."""
    message, _, path = str(error).partition(" - at `")
    path = path.rstrip("`")
    return BadRequest(f"{message}.", path=root + path.removeprefix("$") if root else path)


async def open_media(
    engine: Engine, source: Source, reader: EngineChoice, job: Job, *, stills: bool = False
) -> Media:
    """Look into `source` with `reader`, or with each reader in turn until one can; pictures only as `stills`.

    Raises UnsupportedFormat when nothing can read it, CorruptMedia or MediaError as the readers found.
    """
    if source.size == 0:
        raise UnsupportedFormat(f"“{source.name}” is empty.", hint="Choose another file.")
    if reader != "auto":
        found = await _look(engine, source, require(reader, engine.capabilities), job)
        return _wanted(found, stills=stills)
    refusals: list[str] = []
    for candidate in engine.capabilities.engines:
        try:
            return _wanted(await _look(engine, source, candidate, job), stills=stills)
        except CapabilityError as error:
            refusals.append(error.message)
    raise UnsupportedFormat(
        f"“{source.name}” is not a video or audio file that can be read here.",
        hint="Choose another file.",
        detail="; ".join(refusals),
    )


def _wanted(media: Media, *, stills: bool) -> Media:
    if media.info.still and not stills:
        raise no_film(f"“{media.source.name}” is a picture.")
    return media


async def _look(engine: Engine, source: Source, reader: Reader, job: Job) -> Media:
    """Probe; who looks does not know what a person calls the file, so its name is put to the complaint."""
    try:
        return await engine.probe(source, reader, job)
    except MediaError as error:
        if source.name in error.message:
            raise
        message = f"“{source.name}”: {error.message}"
        raise type(error)(message, hint=error.hint, detail=error.detail, path=error.path) from error


def read_time(
    text: WrittenTime, frame_rate: str | None = None, duration_us: int | None = None
) -> TimeReading:
    """A time that a person wrote, in every form; raises BadRequest for one that cannot be read."""
    rate = None if frame_rate is None else timecode.parse_rate(frame_rate)
    us = timecode.parse(text, frame_rate=rate, duration_us=duration_us)
    return TimeReading(
        us=us,
        hms=timecode.hms(us),
        ms=timecode.ms(us),
        human=timecode.human(us),
        iso=timecode.iso(us),
        stamp=timecode.stamp(us),
        timecode=None if rate is None else timecode.smpte(us, rate),
        frame=None if rate is None else timecode.frame_at(us, rate),
    )


def tell_effects(name: str | None = None) -> EffectsInfo:
    """All effects and transitions with their parameters, or those called `name`; BadRequest where there are none."""
    from clipwright.effects.description import effects_info  # noqa: PLC0415  # they load slowly; clips need none

    return effects_info(name)
