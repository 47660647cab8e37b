"""From a document to what ffmpeg is told: inputs, one filter graph, and how to write what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from clipwright import names
from clipwright.capabilities import Capabilities
from clipwright.containers import RULES
from clipwright.errors import BadRequest, ResourceError
from clipwright.filters.geometry import fit
from clipwright.filters.graph import FilterGraph, use
from clipwright.filters.speed import FROM_ZERO
from clipwright.media import Media, Reader, Source, Span
from clipwright.plan import writing
from clipwright.plan.argvparts import BLIND_US, INDEXED, shifted_input
from clipwright.plan.buses import mixed
from clipwright.plan.companions import NOTHING, Companions, companions, together
from clipwright.plan.dressing import Dressed, dressed_picture, dressed_sound_from, lasts, moves
from clipwright.plan.frames import Frames, Grid
from clipwright.plan.lanes import sound_form
from clipwright.plan.layers import layered
from clipwright.plan.notes import slow_engine
from clipwright.plan.picture import LEAD_US, from_zero, on_grid
from clipwright.plan.portions import MOST_INPUTS, portions
from clipwright.plan.presets import Export, Target, container_of, target
from clipwright.plan.scene import FONT, FONTS, Scene, Shot, scene
from clipwright.plan.steps import (
    AssembleTrack,
    Mount,
    Piece,
    Rendering,
    RunFfmpeg,
    Step,
)
from clipwright.plan.transparency import decoder
from clipwright.plan.wiring import Wiring
from clipwright.project.document import Document
from clipwright.project.timeline import source_for

FONT_ID = "font"
"""What engines know the font by that ships with the project."""
MOST_OPEN = 900
"""Systems let a process have about a thousand files open."""
_OUT = "out0"
_NUMBERED = "out0_%06d.png"


class Composition(msgspec.Struct, frozen=True, kw_only=True):
    """A valid document that is to be written, and what it is made of.

    `files` are the opened files, `extras` the others (tables of colours, subtitles), `texts` what is written in those
    that `companions.read_files` names, all by the ids of the document's sources.
    """

    document: Document
    files: Mapping[str, Media]
    extras: Mapping[str, Source] = {}
    texts: Mapping[str, str] = {}
    export: Export = Export()
    caps: Capabilities
    engine: Reader
    output: str


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
    heard = bool(staged.sounds) and wanted.has_sound
    size = wanted.size if wanted.has_pictures and staged.layers else (0, 0)
    channels = staged.channels if heard else 0
    name = composition.export.name or document.name or _first_name(staged)
    span = _span(staged, window)
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
        notes=((slow_engine("Only FFmpeg puts pictures together"),) if engine == "ffmpeg" else ())
        + beside.notes,
        steps=_steps(_Order(composition, staged, wanted, window), beside, heard=heard),
    )


class _Order(msgspec.Struct, frozen=True):
    """What is to be rendered: the `window` of the whole, in pictures of the result."""

    composition: Composition
    staged: Scene
    wanted: Target
    window: Frames

    def read(self, window: Frames) -> Frames:
        """The pictures of the timeline of which those of the result are made: all where effects move them."""
        return self.staged.frames if moves(self.staged.effects) else window


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


def _span(staged: Scene, window: Frames) -> Span:
    return Span(staged.grid.us(window.first), staged.grid.us(window.last))


def _require_something(staged: Scene, wanted: Target) -> None:
    seen, heard = bool(staged.layers) and wanted.has_pictures, bool(staged.sounds) and wanted.has_sound
    if not seen and not heard:
        missing = "picture" if wanted.has_pictures and not wanted.has_sound else "sound"
        raise BadRequest(
            f"The project has no {missing} that {wanted.format} could hold.",
            hint="Choose another preset or format.",
            path="$.export.format",
        )


def _steps(order: _Order, beside: Companions, *, heard: bool) -> tuple[Step, ...]:
    """One run for all of it; or one for each portion, one for the sound, and what puts them together."""
    composition, staged, wanted, window = order.composition, order.staged, order.wanted, order.window
    seen = bool(staged.layers) and wanted.has_pictures
    container = container_of(wanted.format)
    parts = portions(staged, window, MOST_INPUTS[composition.engine])
    if container is None or not seen or staged.effects or len(parts) == 1:
        return (_run(order, window, composition.output, beside, seen=seen, heard=heard),)
    made = [
        _run(order, part, f"{composition.output}-{n}", seen=True, heard=False) for n, part in enumerate(parts)
    ]
    whole = _span(staged, window)
    starts = (staged.grid.us(part.first) - whole.start for part in parts)
    pieces = tuple(
        Piece(source=step.output.id, track=0, span=Span(0, step.duration_us), at=at)
        for step, at in zip(made, starts, strict=True)
    )
    tracks = [AssembleTrack(kind="video", pieces=pieces)]
    if heard:
        sound = f"{composition.output}-sound"
        made.append(_run(order, window, sound, seen=False, heard=True))
        piece = Piece(source=sound, track=0, span=Span(0, whole.duration), at=0)
        tracks.append(AssembleTrack(kind="audio", pieces=(piece,)))
    title = composition.document.name
    return (*made, *together(beside, container, tuple(tracks), composition.output, whole.duration, title))


def _run(
    order: _Order, window: Frames, output: str, beside: Companions = NOTHING, *, seen: bool, heard: bool
) -> RunFfmpeg:
    """A run that makes the pictures of the window, its sound, or both, and what stands beside them."""
    staged, wanted, read = order.staged, order.wanted, order.read(window)
    needed = _needed(staged, read, seen=seen, heard=heard)
    if len(needed) > MOST_OPEN:
        raise ResourceError(
            f"{len(needed)} clips would have to be open at once, and {MOST_OPEN} can be.",
            hint="Export it in parts (start_us, end_us), and join those.",
        )
    mounts = {shot.media.source.id: f"in{n}" for n, shot in enumerate(_one_each(needed)) if shot.media}
    opened = [word for shot in needed for word in _input(order, shot, read, mounts, heard=heard)]
    inputs = {shot.clip.id: number for number, shot in enumerate(needed)}
    graph, written = _written(order, window, inputs, seen=seen, heard=heard)
    lasting = staged.grid.us(window.last) - staged.grid.us(window.first)
    is_many = wanted.format == "zip"
    out = _NUMBERED if is_many else _OUT
    container = container_of(wanted.format)
    streams = beside.streams(container, len(needed)) if container else ()
    muxed = writing.muxed(wanted, order.composition.document.name, beside.described(len(needed)))
    return RunFfmpeg(
        inputs=tuple(Mount(id=source, name=name) for source, name in mounts.items()),
        output=Mount(id=output, name=out),
        argv=(*opened, *beside.inputs, "-filter_complex", graph.text(), *written, *streams, *muxed, out),
        duration_us=lasting,
        assets=_assets(graph, staged, order.composition.extras),
        texts=beside.texts,
        numbered=is_many,
        weight=max(lasting / 1_000_000, 1.0) * (1.0 if seen else 0.1),
    )


def _written(
    order: _Order, window: Frames, inputs: Mapping[str, int], *, seen: bool, heard: bool
) -> tuple[FilterGraph, tuple[str, ...]]:
    """The graph, and how what comes out of it is encoded."""
    staged, wanted = order.staged, order.wanted
    engine, caps = order.composition.engine, order.composition.caps
    wiring = Wiring()
    words: list[str] = []
    ends: list[str] = []
    if seen:
        lasting = staged.grid.us(order.window.last) - staged.grid.us(order.window.first)
        bits = writing.picture_bits(wanted, lasting, staged.channels if staged.sounds else 0)
        codec = writing.picture_codec(wanted, engine, caps)
        ends.append(_seen(wiring, order, window, inputs))
        words += ("-map", f"[{ends[-1]}]", *writing.pictures(wanted, engine, codec, bits))
    if heard:
        codec = writing.sound_codec(wanted, engine, caps) or ""
        ends.append(_heard(wiring, order, window, inputs))
        words += ("-map", f"[{ends[-1]}]", *writing.sound(wanted, engine, codec, staged.channels))
    return wiring.graph(*ends), tuple(words)


def _seen(wiring: Wiring, order: _Order, window: Frames, inputs: Mapping[str, int]) -> str:
    """The pictures of the window from 0 on, as large as they are wanted."""
    staged, wanted = order.staged, order.wanted
    label = layered(wiring, staged, order.read(window), inputs)
    given = Dressed(label, alpha=False, length_us=staged.length_us)
    label = dressed_picture(wiring, staged, staged.effects, staged.size, given).label
    filters = from_zero()
    if moves(staged.effects):
        cut = use("trim", start_frame=window.first, end_frame=window.last)
        filters = (*on_grid(staged.grid, window.last), cut, *filters)
    if wanted.size != staged.size:
        filters = (*filters, *fit(*wanted.size).filters)
    if wanted.format == "gif":
        one, other = wiring.split((*filters, use("split")), label, 2)
        palette = wiring.add((use("palettegen", stats_mode="diff"),), one)
        return wiring.add((use("paletteuse", diff_mode="rectangle"),), other, palette)
    return wiring.add((*filters, *writing.settled(wanted)), label)


def _heard(wiring: Wiring, order: _Order, window: Frames, inputs: Mapping[str, int]) -> str:
    """The sound of the window from 0 on."""
    staged = order.staged
    samples, read = staged.grid.heard(window), staged.grid.heard(order.read(window))
    label = mixed(wiring, staged, read, inputs)
    label = dressed_sound_from(wiring, staged, staged.effects, label, read.first).label
    if not moves(staged.effects):
        count = samples.count
        return wiring.add((use("apad", whole_len=count), use("atrim", end_sample=count)), label)
    cut = use("atrim", start_sample=samples.first, end_sample=samples.last)
    # Samples are counted from here on, in the result's rate.
    made = (sound_form(staged), use("apad", whole_len=samples.last), cut, FROM_ZERO)
    return wiring.add(made, label)


def _needed(staged: Scene, window: Frames, *, seen: bool, heard: bool) -> list[Shot]:
    """The shots of files of which something is seen or heard."""
    samples = staged.grid.heard(window)
    found: dict[str, Shot] = {}
    for layer in staged.layers if seen else ():
        found |= {shot.clip.id: shot for shot in layer.within(window) if shot.shown.count}
    for layer in staged.sounds if heard else ():
        found |= {shot.clip.id: shot for shot in layer.within(samples)}
    return [shot for shot in found.values() if shot.media]


def _one_each(shots: Sequence[Shot]) -> list[Shot]:
    """The first shot of each file."""
    firsts: dict[str, Shot] = {}
    for shot in shots:
        if shot.media:
            firsts.setdefault(shot.media.source.id, shot)
    return list(firsts.values())


def _input(
    order: _Order, shot: Shot, window: Frames, mounts: Mapping[str, str], *, heard: bool
) -> tuple[str, ...]:
    """The shot's file, read from shortly before the first picture that is needed; its in point is 0."""
    if shot.media is None:
        return ()
    name = mounts[shot.media.source.id]
    if shot.still:
        return ("-i", name)
    info, clip, staged = shot.media.info, shot.clip, order.staged
    zero = clip.source_start_us + info.origin_us
    skipped = staged.grid.us(max(0, window.first - shot.shown.first)) if shot.shown.count else 0
    # The sound of a clip is made from its beginning on, whatever part of it is wanted.
    first = zero + (0 if heard and shot.volume else source_for(skipped, clip.speed))
    margin = 2 * LEAD_US if info.container in INDEXED else BLIND_US
    clear = decoder(shot, order.composition.engine, order.composition.caps)
    return (*clear, *shifted_input(info, zero, first - margin, name))


def _assets(graph: FilterGraph, staged: Scene, extras: Mapping[str, Source]) -> tuple[Mount, ...]:
    """The files that filters of the graph open."""
    known = {FONT.name: FONT_ID, FONTS.name: FONT_ID}
    known |= {file.name: extras[source].id for source, file in staged.extras.items() if source in extras}
    return tuple(Mount(id=known[name], name=name) for name in sorted(graph.files) if name in known)


def _sources(staged: Scene, composition: Composition) -> tuple[Source, ...]:
    read = [shot.media.source for shot in _one_each(list(staged.shots)) if shot.media]
    return (*read, *(composition.extras[name] for name in staged.extras if name in composition.extras))


def _first_name(staged: Scene) -> str:
    """What a nameless project is called by: its first file, without the extension."""
    first = next((shot.media.source.name for shot in staged.shots if shot.media), "")
    return first.rpartition(".")[0] or first


def _extension(wanted: Target) -> str:
    container = container_of(wanted.format)
    return RULES[container].extension if container else wanted.format
