"""One clip or many: read what a person asked for, ask where it can be cut, plan it, do it, and check it."""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec

from clipwright import names, segments, timecode, writtensegments
from clipwright.capabilities import Capabilities
from clipwright.containers import RULES
from clipwright.cutpoints import cut_points, key_frames
from clipwright.engine import WHOLE, Engine, Job, Output
from clipwright.errors import BadRequest, CapabilityError, ClipwrightError, EngineError
from clipwright.media import Media, Reader, Span
from clipwright.messages import ClipResult, CutPlan, CutResult, EditSegments, ReadSegments, Segments
from clipwright.plan import cut, notes
from clipwright.plan.cut import Wish
from clipwright.plan.make import Order, clip_order, container_for, plan
from clipwright.plan.request import ClipRequest, CutRequest, SegmentRequest, WrittenTime
from clipwright.plan.steps import Note, Plan, Report
from clipwright.segments import Segment

_SEGMENTS = "$.request.segments"


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A segment whose times have been read."""

    media: Media
    span: Span
    label: str | None
    notes: tuple[Note, ...] = ()


def require(reader: Reader, caps: Capabilities) -> Reader:
    """`reader`, or CapabilityError where this machine has no such engine."""
    if reader not in caps.engines:
        raise CapabilityError(
            f"There is no engine “{reader}” here.", hint=f"Use one of: {', '.join(caps.engines)}."
        )
    return reader


async def plan_clip(engine: Engine, media: Media, request: ClipRequest, job: Job) -> Plan:
    """What would be done for `request`; nothing is written.

    Raises BadRequest, or CapabilityError when nothing here can do it.
    """
    return plan(await _clip_order(engine, media, request, job))


async def run_clip(engine: Engine, media: Media, request: ClipRequest, job: Job) -> ClipResult:
    """Plan, do and check; when the first way cannot or fails, plan again without it.

    Raises what the last attempt raised; no partial output is left behind.
    """
    return await _made(engine, await _clip_order(engine, media, request, job), job.rising())


async def plan_cut(engine: Engine, media: Sequence[Media], request: CutRequest, job: Job) -> CutPlan:
    """What would be done for all segments; nothing is written. Raises as `plan_clip` does."""
    orders, said = await _cut_orders(engine, tuple(media), request, job)
    return CutPlan(plans=tuple(plan(order) for order in orders), notes=said)


async def run_cut(engine: Engine, media: Sequence[Media], request: CutRequest, job: Job) -> CutResult:
    """Make every result in turn. Raises as `run_clip` does; results that were finished before stay."""
    orders, said = await _cut_orders(engine, tuple(media), request, job)
    results = []
    job = job.rising()
    for number, order in enumerate(orders):
        share = Span(number * WHOLE // len(orders), (number + 1) * WHOLE // len(orders))
        results.append(await _made(engine, order, job.part(share)))
    return CutResult(results=tuple(results), notes=said)


async def edit_segments(engine: Engine, message: EditSegments, job: Job) -> Segments:
    """The list of segments after one action; BadRequest for what makes no sense for this file."""
    info, value = message.media.info, message.value
    length = info.duration_us
    listed = segments.within(_read(message.media, message.segments), length)
    shortest = max(cut.frame_us(info), segments.SHORTEST_US)
    whole = listed or (Segment(start_us=0, end_us=length),)

    def at() -> int:
        return timecode.parse(
            _given(value), frame_rate=cut.frame_rate(info), duration_us=length, path="$.value"
        )

    match message.action:
        case "check":
            changed = segments.check(listed, length)
        case "invert":
            changed = segments.invert(listed, length)
        case "shift":
            changed = segments.shift(listed, _signed(_given(value), message.media), length)
        case "align":
            changed = segments.align(listed, await key_frames(engine, message.media, listed, job), length)
        case "split":
            changed = segments.split(whole, at())
        case "length":
            changed = segments.divided(whole, lambda us: segments.by_length(us, at(), shortest))
        case "count":
            changed = segments.divided(whole, lambda us: segments.by_count(us, _whole(value), shortest))
        case "size":
            size = message.media.source.size
            changed = segments.divided(
                whole, lambda us: segments.by_size(us, _whole(value), size * us // max(length, 1), shortest)
            )
    return Segments(segments=tuple(changed))


def read_segments(message: ReadSegments) -> Segments:
    """The list that a text holds, in its order; BadRequest for what cannot be read or does not fit this file."""
    read = _read(message.media, writtensegments.read_list(message.text))
    return Segments(segments=segments.within(read, message.media.info.duration_us))


def remaining(media: Media, request: CutRequest) -> tuple[Segment, ...]:
    """What `request` leaves of its one file, or keeps of it; BadRequest as `plan_cut`."""
    asked, _ = _segments((media,), request)
    return tuple(Segment(start_us=one.span.start, end_us=one.span.end, label=one.label) for one in asked)


def _given(value: WrittenTime | None) -> WrittenTime:
    if value is None:
        raise BadRequest("This needs a time.", hint="Give one, for example 10 or 1:30.", path="$.value")
    return value


def _signed(value: WrittenTime, media: Media) -> int:
    """A length that may be negative: ``-1:30`` is that much earlier."""
    text = str(value).strip()
    back = text.startswith(("-", "−"))
    length = timecode.parse(
        text[1:] if back else text.removeprefix("+"), frame_rate=cut.frame_rate(media.info), path="$.value"
    )
    return -length if back else length


def _whole(value: WrittenTime | None) -> int:
    try:
        number = int(str(_given(value)))
    except ValueError:
        number = 0
    if number < 1:
        raise BadRequest(
            "This needs a whole number above zero.", hint="Give one, for example 4.", path="$.value"
        )
    return number


def _read(media: Media, asked: Sequence[SegmentRequest]) -> tuple[Segment, ...]:
    read = []
    for number, segment in enumerate(asked):
        span, _ = _span(media, segment, number, "$.segments")
        read.append(Segment(start_us=span.start, end_us=span.end, label=segment.label))
    return tuple(read)


def _span(media: Media, asked: SegmentRequest, number: int, path: str) -> tuple[Span, tuple[Note, ...]]:
    try:
        return cut.requested_span(media.info, asked)
    except BadRequest as error:
        raise segments.refusal(error, number, asked.label, path) from error


async def _clip_order(engine: Engine, media: Media, request: ClipRequest, job: Job) -> Order:
    if request.engine != "auto":
        require(request.engine, engine.capabilities)
    span, said = cut.requested_span(media.info, request)
    (point,) = await cut_points(engine, [(media, span)], media, request, job)
    wish = Wish(media=media, requested=span, notes=said, point=point)
    return clip_order(wish, request, engine.capabilities)


async def _cut_orders(
    engine: Engine, media: tuple[Media, ...], request: CutRequest, job: Job
) -> tuple[tuple[Order, ...], tuple[Note, ...]]:
    """One Order for each result."""
    if not media:
        raise BadRequest("There is no file to cut.", hint="Open one first.", path="$.media")
    if request.engine != "auto":
        require(request.engine, engine.capabilities)
    asked, said = _segments(media, request)
    wanted = [(segment.media, segment.span) for segment in asked]
    points = await cut_points(engine, wanted, media[0], request, job)
    wishes = tuple(
        Wish(
            media=segment.media,
            requested=segment.span,
            notes=segment.notes,
            point=point,
            label=segment.label,
        )
        for segment, point in zip(asked, points, strict=True)
    )
    if request.join:
        return (_order(engine, request, media, wishes, 0, request.name),), said
    called = _names(request, wishes)
    return tuple(
        _order(engine, request, media, (wish,), number, called[number]) for number, wish in enumerate(wishes)
    ), said


def _order(
    engine: Engine,
    request: CutRequest,
    media: tuple[Media, ...],
    wishes: tuple[Wish, ...],
    number: int,
    name: str | None,
) -> Order:
    return Order(
        wishes=wishes,
        how=request,
        files=media,
        caps=engine.capabilities,
        output=f"{wishes[0].media.source.id}-cut{number}",
        name=name,
    )


def _names(request: CutRequest, wishes: Sequence[Wish]) -> tuple[str, ...]:
    template = request.name or (names.SEGMENT_TEMPLATE if len(wishes) > 1 else names.TEMPLATE)
    return names.distinct(
        names.segment_name(
            template,
            wish.media.source.name,
            number + 1,
            len(wishes),
            wish.requested.start,
            wish.requested.end,
            wish.label,
            RULES[container_for(wish.media, request, "lossless")].extension,
        )
        for number, wish in enumerate(wishes)
    )


def _segments(media: tuple[Media, ...], request: CutRequest) -> tuple[list[_Asked], tuple[Note, ...]]:
    """What is to be kept, in order; segments that touch or overlap become one where that is one result."""
    asked = [_asked(media, segment, number) for number, segment in enumerate(request.segments)]
    if not asked:
        raise BadRequest("There is no segment to cut.", hint="Mark at least one.", path=_SEGMENTS)
    if request.action == "remove":
        return _remaining(asked)
    if not request.join:
        return asked, ()
    kept: list[_Asked] = []
    for segment in asked:
        last = kept[-1] if kept else None
        if last and last.media is segment.media and last.span.end == segment.span.start:
            span = Span(last.span.start, segment.span.end)
            kept[-1] = msgspec.structs.replace(last, span=span, notes=(*last.notes, *segment.notes))
        else:
            kept.append(segment)
    merged = len(asked) - len(kept)
    return kept, (notes.segments_merged(merged),) if merged else ()


def _asked(media: tuple[Media, ...], segment: SegmentRequest, number: int) -> _Asked:
    if not 0 <= segment.source < len(media):
        raise BadRequest(
            f"{segments.named(number, segment.label)}: there is no file number {segment.source}.",
            hint="Files count from 0.",
            path=f"{_SEGMENTS}[{number}].source",
        )
    file = media[segment.source]
    span, said = _span(file, segment, number, _SEGMENTS)
    return _Asked(media=file, span=span, label=segment.label, notes=said)


def _remaining(asked: Sequence[_Asked]) -> tuple[list[_Asked], tuple[Note, ...]]:
    file = asked[0].media
    if any(segment.media is not file for segment in asked):
        raise BadRequest(
            "Segments can be taken out of one file at a time.",
            hint="Cut the files one after the other, or list what to keep.",
            path=_SEGMENTS,
        )
    listed = [
        Segment(start_us=segment.span.start, end_us=segment.span.end, label=segment.label)
        for segment in asked
    ]
    merged = len(listed) - len(segments.merged(listed))
    kept = segments.invert(listed, file.info.duration_us)
    if not kept:
        raise BadRequest("Nothing would be left of the file.", hint="Take out less of it.", path=_SEGMENTS)
    said = (notes.segments_merged(merged),) if merged else ()
    return [_Asked(media=file, span=Span(s.start_us, s.end_us), label=None) for s in kept], said


async def _made(engine: Engine, order: Order, job: Job) -> ClipResult:
    started = time.perf_counter()
    said: list[Note] = []
    failed: ClipwrightError | None = None
    replanned_from: Reader | None = None
    while True:
        try:
            planned = plan(order)
        except CapabilityError:
            if failed is None:
                raise
            raise failed from None
        try:
            output = await engine.run(planned, job)
        except (CapabilityError, EngineError) as error:
            failed = error
            replanned_from = replanned_from or planned.engine
            said.append(notes.replanned(error.message))
            order = _otherwise(order, planned)
            continue
        if _proved(planned, output):
            planned = msgspec.structs.replace(planned, notes=(*planned.notes, *said))
            elapsed = round((time.perf_counter() - started) * 1000)
            return ClipResult(output=output.id, report=_report(planned, output, elapsed, replanned_from))
        failed = _unlike(output)
        said.append(notes.verification_failed(failed.detail))
        order = msgspec.structs.replace(order, how=msgspec.structs.replace(order.how, mode="exact"))


def _unlike(output: Output) -> EngineError:
    return EngineError(
        "The result did not match the source.",
        hint="Try another output format, or switch the check off and look for yourself.",
        detail=output.verified.detail if output.verified else "",
    )


def _proved(planned: Plan, output: Output) -> bool:
    return output.verified is None or output.verified.ok or planned.mode == "exact"


def _otherwise(order: Order, planned: Plan) -> Order:
    """The same order without the way that has just failed."""
    files = {wish.media.source.id for wish in order.wishes}
    if planned.mode != "exact" and len(files) > 1 and not order.apart:
        return msgspec.structs.replace(order, apart=True)
    if planned.mode == "smart":
        return msgspec.structs.replace(order, smart=False)
    return msgspec.structs.replace(order, without=order.without | {planned.engine})


def _report(planned: Plan, output: Output, elapsed_ms: int, replanned_from: Reader | None) -> Report:
    def having(*actions: str) -> tuple[int, ...]:
        return tuple(track.index for track in planned.tracks if track.source == 0 and track.action in actions)

    return Report(
        engine=planned.engine,
        mode=planned.mode,
        container=planned.container,
        name=planned.name,
        size=output.size,
        request_span=planned.request_span,
        span=planned.span,
        lead_in_us=planned.lead_in_us,
        lead_in_hidden=planned.lead_in_hidden,
        segments=planned.segments,
        verified=output.verified,
        copied=having("copy", "smart"),
        encoded=having("encode"),
        dropped=having("drop"),
        notes=planned.notes,
        elapsed_ms=elapsed_ms,
        replanned_from=replanned_from,
    )
