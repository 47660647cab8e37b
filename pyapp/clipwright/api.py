"""One handler per message, over whatever engine it is given.

The typed functions serve the terminal and scripts; `make_handler` wraps them for a host that speaks text.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from clipwright import timecode
from clipwright.capabilities import Capabilities
from clipwright.engine import Engine, Job
from clipwright.errors import (
    BadRequest,
    CapabilityError,
    ClipwrightError,
    EngineError,
    ErrorBody,
    MediaError,
    ResourceError,
    UnsupportedFormat,
)
from clipwright.media import CutPoint, Media, Reader, Source, VideoTrack
from clipwright.messages import (
    ClipResult,
    Close,
    Open,
    ParseTime,
    PlanClip,
    Reply,
    Request,
    RunClip,
    TimeReading,
)
from clipwright.plan import cut, notes
from clipwright.plan.make import container_for, make
from clipwright.plan.request import ClipRequest, EngineChoice, WrittenTime
from clipwright.plan.steps import Plan, Report

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
    clipping: list[str] = []

    async def answer(job: Job, request: Request) -> Reply:
        match request:
            case Open():
                return await open_media(engine, request.source, request.reader, job)
            case ParseTime():
                return read_time(request.text, request.frame_rate, request.duration_us)
            case PlanClip():
                return await plan_clip(engine, request.media, request.request, job)
            case RunClip():
                if clipping:
                    raise _busy()
                clipping.append(job.id)
                try:
                    return await run_clip(engine, request.media, request.request, job)
                finally:
                    clipping.clear()
            case Close():
                await engine.close(request.source)
                return None

    async def handle(job_id: str, text: str) -> str:
        started = time.perf_counter()

        def timings() -> dict[str, float]:
            return {"python": (time.perf_counter() - started) * 1000}

        try:
            value = await answer(Job(id=job_id), _decode(decoder, text))
            return msgspec.json.encode(_Ok(value, timings())).decode()
        except ClipwrightError as error:
            return msgspec.json.encode(_Failed(error.body, timings())).decode()

    return handle


def _busy() -> ResourceError:
    return ResourceError(
        "Another clip is being made.", hint="Wait until it is done, or cancel it, then try again."
    )


def _decode(decoder: msgspec.json.Decoder[Request], text: str) -> Request:
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        raise BadRequest(f"{message}.", path=path.rstrip("`")) from error
    except msgspec.DecodeError as error:
        raise BadRequest("The request is not valid JSON.", detail=str(error)) from error


async def open_media(engine: Engine, source: Source, reader: EngineChoice, job: Job) -> Media:
    """Look into `source` with `reader`, or with each reader in turn until one can.

    Raises UnsupportedFormat when nothing can read it, CorruptMedia or MediaError as the readers found.
    """
    if source.size == 0:
        raise UnsupportedFormat(f"“{source.name}” is empty.", hint="Choose another file.")
    if reader != "auto":
        return await _look(engine, source, _known(reader, engine.capabilities), job)
    refusals: list[str] = []
    for candidate in engine.capabilities.engines:
        try:
            return await _look(engine, source, candidate, job)
        except CapabilityError as error:
            refusals.append(error.message)
    raise UnsupportedFormat(
        f"“{source.name}” is not a video or audio file that can be read here.",
        hint="Choose another file.",
        detail="; ".join(refusals),
    )


async def _look(engine: Engine, source: Source, reader: Reader, job: Job) -> Media:
    """Probe; who looks does not know what a person calls the file, so its name is put to the complaint."""
    try:
        return await engine.probe(source, reader, job)
    except MediaError as error:
        if source.name in error.message:
            raise
        message = f"“{source.name}”: {error.message}"
        raise type(error)(message, hint=error.hint, detail=error.detail, path=error.path) from error


def _known(reader: Reader, caps: Capabilities) -> Reader:
    if reader not in caps.engines:
        raise CapabilityError(
            f"There is no engine “{reader}” here.", hint=f"Use one of: {', '.join(caps.engines)}."
        )
    return reader


async def _point(engine: Engine, media: Media, request: ClipRequest, job: Job) -> CutPoint | None:
    span, _ = cut.requested_span(media.info, request)
    track = cut.primary(media.info, container_for(media, request, "lossless"))
    if not isinstance(track, VideoTrack):
        return None
    return await engine.locate(media, track.index, span, job)


async def plan_clip(engine: Engine, media: Media, request: ClipRequest, job: Job) -> Plan:
    """What would be done for `request`; nothing is written.

    Raises BadRequest, or CapabilityError when nothing here can do it.
    """
    if request.engine != "auto":
        _known(request.engine, engine.capabilities)
    return make(media, request, await _point(engine, media, request, job), engine.capabilities)


async def run_clip(engine: Engine, media: Media, request: ClipRequest, job: Job) -> ClipResult:
    """Plan and do; when the first engine cannot or fails, plan once more without it.

    Raises what the last attempt raised; no partial output is left behind.
    """
    started = time.perf_counter()
    if request.engine != "auto":
        _known(request.engine, engine.capabilities)
    point = await _point(engine, media, request, job)
    plan = make(media, request, point, engine.capabilities)
    try:
        output = await engine.run(plan, job)
        replanned_from = None
    except (CapabilityError, EngineError) as error:
        replanned_from = plan.engine
        plan = _again(media, request, point, engine.capabilities, plan.engine, error)
        output = await engine.run(plan, job)
    elapsed = round((time.perf_counter() - started) * 1000)
    return ClipResult(output=output.id, report=_report(plan, output.size, elapsed, replanned_from))


def _again(
    media: Media,
    request: ClipRequest,
    point: CutPoint | None,
    caps: Capabilities,
    failed: Reader,
    error: ClipwrightError,
) -> Plan:
    try:
        plan = make(media, request, point, caps, without=frozenset({failed}))
    except CapabilityError:
        raise error from None
    return msgspec.structs.replace(plan, notes=(*plan.notes, notes.replanned(error.message)))


def _report(plan: Plan, size: int, elapsed_ms: int, replanned_from: Reader | None) -> Report:
    def having(action: str) -> tuple[int, ...]:
        return tuple(track.index for track in plan.tracks if track.action == action)

    return Report(
        engine=plan.engine,
        mode=plan.mode,
        container=plan.container,
        name=plan.name,
        size=size,
        request_span=plan.request_span,
        span=plan.span,
        lead_in_us=plan.lead_in_us,
        lead_in_hidden=plan.lead_in_hidden,
        copied=having("copy"),
        encoded=having("encode"),
        dropped=having("drop"),
        notes=plan.notes,
        elapsed_ms=elapsed_ms,
        replanned_from=replanned_from,
    )


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
