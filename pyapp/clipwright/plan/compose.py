"""From a document to what ffmpeg is told: inputs, one filter graph, and how to write what comes out of it."""

from __future__ import annotations

from clipwright import names
from clipwright.containers import RULES
from clipwright.errors import BadRequest
from clipwright.media import Source, Span
from clipwright.plan import writing
from clipwright.plan.burning import refuse_unspoken
from clipwright.plan.companions import Companions, companions, together
from clipwright.plan.dressing import lasts
from clipwright.plan.frames import Frames, Grid
from clipwright.plan.mixdown import mixdown, mixed_down
from clipwright.plan.notes import slow_engine
from clipwright.plan.order import Composition, Order
from clipwright.plan.portions import MOST_INPUTS, portions
from clipwright.plan.presets import Export, Target, container_of, target
from clipwright.plan.runs import one_each, run
from clipwright.plan.scene import Scene, scene
from clipwright.plan.steps import (
    AssembleTrack,
    Piece,
    Rendering,
    Step,
)


def compose(composition: Composition) -> Rendering:
    """How the document is rendered by one of FFmpeg's engines.

    Raises BadRequest with a path for what the document or the export asks for and cannot have, CapabilityError where
    this machine has no encoder for the format.
    """
    document, engine = composition.document, composition.engine
    wanted = target(document.output, composition.export)
    staged = scene(document, composition.files, str(wanted.rate))
    made_us = lasts(staged.effects, staged.length_us)
    window = _window(staged.grid, made_us, wanted, composition.export)
    _require_something(staged, wanted)
    refuse_unspoken(document, wanted, composition.files, composition.texts)
    heard = bool(staged.sounds) and wanted.has_sound
    size = wanted.size if wanted.has_pictures and staged.layers else (0, 0)
    channels = staged.channels if heard else 0
    name = composition.export.name or document.name or _first_name(staged)
    order = Order(composition, staged, wanted, window)
    span = order.span(window)
    beside = companions(document, composition.texts, wanted, span, marked=composition.export.chapters)
    return Rendering(
        sources=_sources(staged, composition),
        engine=engine,
        format=wanted.format,
        name=names.sanitised(name, _extension(wanted)),
        output=composition.output,
        width=size[0],
        height=size[1],
        frame_rate=str(wanted.rate),
        duration_us=span.duration,
        estimated_bytes=writing.estimated(wanted, span.duration, channels),
        most_bytes=wanted.max_bytes,
        notes=((slow_engine("Only FFmpeg puts pictures together"),) if engine == "ffmpeg" else ())
        + beside.notes,
        steps=_steps(order, beside, heard=heard),
    )


def _window(grid: Grid, made_us: int, wanted: Target, export: Export) -> Frames:
    """The pictures that are wanted, of all that there are in `made_us`."""
    if wanted.is_single:
        at = grid.frames(0, (export.at_us or 0) + 1).last - 1
        if not 0 <= at < grid.frames(0, made_us).last:
            raise BadRequest(
                f"There is no picture at {export.at_us} µs.",
                hint=f"The project is {made_us} µs long.",
                path="$.export.at_us",
            )
        return Frames(at, at + 1)
    end = made_us if export.end_us is None else export.end_us
    window = grid.frames(export.start_us, end)
    if export.start_us < 0 or end > made_us or not window.count:
        raise BadRequest(
            f"There is nothing to export from {export.start_us} to {end} µs.",
            hint=f"The project is {made_us} µs long.",
            path="$.export.end_us" if export.end_us is not None else "$.export.start_us",
        )
    return window


def _require_something(staged: Scene, wanted: Target) -> None:
    seen, heard = bool(staged.layers) and wanted.has_pictures, bool(staged.sounds) and wanted.has_sound
    if not seen and not heard:
        missing = "picture" if wanted.has_pictures and not wanted.has_sound else "sound"
        raise BadRequest(
            f"The project has no {missing} that {wanted.format} could hold.",
            hint="Choose another preset or format.",
            path="$.export.format",
        )


def _steps(order: Order, beside: Companions, *, heard: bool) -> tuple[Step, ...]:
    """One run for all of it; or one for each portion, one for the sound, and what puts them together."""
    composition, staged, wanted, window = order.composition, order.staged, order.wanted, order.window
    seen = bool(staged.layers) and wanted.has_pictures
    container = container_of(wanted.format)
    parts = portions(staged, window, MOST_INPUTS[composition.engine]) if seen else (window,)
    mixing = mixdown(order) if heard else ()
    if container is None or staged.effects or (len(parts) == 1 and len(mixing) < 2):
        return (run(order, window, composition.output, beside, seen=seen, heard=heard),)
    if not seen:
        return mixed_down(order, mixing, composition.output, beside)
    made = [
        run(order, part, f"{composition.output}-{n}", seen=True, heard=False) for n, part in enumerate(parts)
    ]
    whole = order.span(window)
    starts = (staged.grid.us(part.first) - whole.start for part in parts)
    pieces = tuple(
        Piece(source=step.output.id, track=0, span=Span(0, step.duration_us), at=at)
        for step, at in zip(made, starts, strict=True)
    )
    tracks = [AssembleTrack(kind="video", pieces=pieces)]
    if heard:
        sound = f"{composition.output}-sound"
        made += mixed_down(order, mixing, sound)
        piece = Piece(source=sound, track=0, span=Span(0, whole.duration), at=0)
        tracks.append(AssembleTrack(kind="audio", pieces=(piece,)))
    title = composition.document.name
    return (*made, *together(beside, container, tuple(tracks), composition.output, whole.duration, title))


def _sources(staged: Scene, composition: Composition) -> tuple[Source, ...]:
    read = [shot.media.source for shot in one_each(list(staged.shots)) if shot.media]
    opened = (composition.extras[name] for name in staged.extras if name in composition.extras)
    return tuple(dict.fromkeys((*read, *opened)))


def _first_name(staged: Scene) -> str:
    """What a nameless project is called by: its first file, without the extension."""
    first = next((shot.media.source.name for shot in staged.shots if shot.media), "")
    return first.rpartition(".")[0] or first


def _extension(wanted: Target) -> str:
    container = container_of(wanted.format)
    return RULES[container].extension if container else wanted.format
