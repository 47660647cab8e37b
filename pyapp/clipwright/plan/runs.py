"""Single runs of ffmpeg for a project: which files are opened, the one graph of filters, how its ends are encoded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clipwright.errors import ResourceError
from clipwright.filters.geometry import fit
from clipwright.filters.graph import FilterGraph, use
from clipwright.filters.speed import FROM_ZERO
from clipwright.media import Source
from clipwright.plan import writing
from clipwright.plan.argvparts import BLIND_US, INDEXED, shifted_input
from clipwright.plan.buses import mixed
from clipwright.plan.companions import NOTHING, Companions
from clipwright.plan.dressing import Dressed, dressed_picture, dressed_sound_from, moves
from clipwright.plan.frames import Frames
from clipwright.plan.lanes import exactly, sound_form
from clipwright.plan.layers import layered
from clipwright.plan.order import Order
from clipwright.plan.picture import LEAD_US, from_zero, on_grid
from clipwright.plan.presets import container_of
from clipwright.plan.scene import FONT, FONTS, Scene, Shot
from clipwright.plan.steps import Mount, RunFfmpeg
from clipwright.plan.transparency import decoder
from clipwright.plan.wiring import Wiring
from clipwright.project.timeline import source_for

FONT_ID = "font"
"""What engines know the font by that ships with the project."""
MOST_OPEN = 900
"""Systems let a process have about a thousand files open."""
_OUT = "out0"
_NUMBERED = "out0_%06d.png"


def run(
    order: Order, window: Frames, output: str, beside: Companions = NOTHING, *, seen: bool, heard: bool
) -> RunFfmpeg:
    """A run that makes the pictures of the window, its sound, or both, and what stands beside them."""
    staged, wanted = order.staged, order.wanted
    mounts, inputs, opened = opened_for(order, window, seen=seen, heard=heard)
    graph, written = _written(order, window, inputs, seen=seen, heard=heard)
    lasting = order.span(window).duration
    is_many = wanted.format == "zip"
    out = _NUMBERED if is_many else _OUT
    return RunFfmpeg(
        inputs=mounts,
        output=Mount(id=output, name=out),
        argv=(
            *(*opened, *beside.inputs, "-filter_complex", graph.text(), *written),
            *(*muxed(order, beside, len(inputs)), out),
        ),
        duration_us=lasting,
        assets=_assets(graph, staged, order.composition.extras),
        texts=beside.texts,
        numbered=is_many,
        weight=weight(lasting, seen=seen),
    )


def muxed(order: Order, beside: Companions, inputs: int) -> tuple[str, ...]:
    """What stands beside pictures and sound, in the files after so many inputs, and how all of it is written."""
    container = container_of(order.wanted.format)
    streams = beside.streams(container, inputs) if container else ()
    name = order.composition.document.name
    return (*streams, *writing.muxed(order.wanted, name, beside.described(inputs)))


def weight(lasting_us: int, *, seen: bool) -> float:
    """How much of the work a run is: sound alone is soon made."""
    return max(lasting_us / 1_000_000, 1.0) * (1.0 if seen else 0.1)


def opened_for(
    order: Order, window: Frames, *, seen: bool, heard: bool
) -> tuple[tuple[Mount, ...], dict[str, int], tuple[str, ...]]:
    """The files that the window needs, the numbers of the inputs by their clips' ids, and how those are opened."""
    read = order.read(window)
    needed = _needed(order.staged, read, seen=seen, heard=heard)
    if len(needed) > MOST_OPEN:
        raise ResourceError(
            f"{len(needed)} clips would have to be open at once, and {MOST_OPEN} can be.",
            hint="Export it in parts (start_us, end_us), and join those.",
        )
    names = {shot.media.source.id: f"in{n}" for n, shot in enumerate(one_each(needed)) if shot.media}
    opened = tuple(word for shot in needed for word in _input(order, shot, read, names, heard=heard))
    inputs = {shot.clip.id: number for number, shot in enumerate(needed)}
    return tuple(Mount(id=source, name=name) for source, name in names.items()), inputs, opened


def _written(
    order: Order, window: Frames, inputs: Mapping[str, int], *, seen: bool, heard: bool
) -> tuple[FilterGraph, tuple[str, ...]]:
    """The graph, and how what comes out of it is encoded."""
    staged, wanted = order.staged, order.wanted
    engine, caps = order.composition.engine, order.composition.caps
    wiring = Wiring()
    words: list[str] = []
    ends: list[str] = []
    if seen:
        lasting = order.span(order.window).duration
        bits = writing.picture_bits(wanted, lasting, staged.channels if staged.sounds else 0)
        codec = writing.picture_codec(wanted, engine, caps)
        ends.append(_seen(wiring, order, window, inputs))
        words += ("-map", f"[{ends[-1]}]", *writing.pictures(wanted, engine, codec, bits))
    if heard:
        ends.append(heard_in(wiring, order, window, inputs))
        words += sound_written(order, ends[-1])
    return wiring.graph(*ends), tuple(words)


def sound_written(order: Order, end: str) -> tuple[str, ...]:
    """How the sound at that end of the graph is encoded."""
    engine, caps = order.composition.engine, order.composition.caps
    codec = writing.sound_codec(order.wanted, engine, caps) or ""
    return "-map", f"[{end}]", *writing.sound(order.wanted, engine, codec, order.staged.channels)


def _seen(wiring: Wiring, order: Order, window: Frames, inputs: Mapping[str, int]) -> str:
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


def heard_in(wiring: Wiring, order: Order, window: Frames, inputs: Mapping[str, int]) -> str:
    """The sound of the window from 0 on."""
    staged = order.staged
    samples, read = staged.grid.heard(window), staged.grid.heard(order.read(window))
    label = mixed(wiring, staged, read, inputs)
    label = dressed_sound_from(wiring, staged, staged.effects, label, read.first).label
    if not moves(staged.effects):
        return wiring.add(exactly(samples.count), label)
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


def one_each(shots: Sequence[Shot]) -> list[Shot]:
    """The first shot of each file."""
    firsts: dict[str, Shot] = {}
    for shot in shots:
        if shot.media:
            firsts.setdefault(shot.media.source.id, shot)
    return list(firsts.values())


def _input(
    order: Order, shot: Shot, window: Frames, mounts: Mapping[str, str], *, heard: bool
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
