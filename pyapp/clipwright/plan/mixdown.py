"""The sound of very many clips: mixed in parts without any loss, one run for each, and encoded once, of all of them."""

from __future__ import annotations

from clipwright.media import Reader
from clipwright.plan.buses import has_buses
from clipwright.plan.companions import NOTHING, Companions
from clipwright.plan.frames import Frames
from clipwright.plan.lanes import exactly, sound_form
from clipwright.plan.order import Order
from clipwright.plan.portions import sound_portions
from clipwright.plan.runs import heard_in, muxed, opened_for, run, sound_written, weight
from clipwright.plan.steps import Mount, RunFfmpeg
from clipwright.plan.wiring import Wiring, in_a_row

MOST_SOUNDS: dict[Reader, int] = {"media": 0, "ffmpeg": 48, "native": 400}
"""With how many inputs one run of an engine is to mix: each holds the index of its file."""
_UNLOST = ("-c:a", "pcm_f32le", "-map_metadata", "-1", "-f", "w64")
"""Samples as they are mixed, in a file that may be as large as it likes."""


def mixdown(order: Order) -> tuple[Frames, ...]:
    """The parts, in pictures, in which the sound is mixed; one where all of it is needed at once."""
    staged = order.staged
    if staged.effects or has_buses(staged):
        return (order.window,)
    return sound_portions(staged, order.window, MOST_SOUNDS[order.composition.engine])


def mixed_down(
    order: Order, parts: tuple[Frames, ...], output: str, beside: Companions = NOTHING
) -> tuple[RunFfmpeg, ...]:
    """The runs that make the sound of the order's window, as it is to be written, out of those parts."""
    if len(parts) == 1:
        return (run(order, order.window, output, beside, seen=False, heard=True),)
    made = [_part(order, part, f"{output}-{n}") for n, part in enumerate(parts)]
    return (*made, _joined(order, made, output, beside))


def _part(order: Order, part: Frames, output: str) -> RunFfmpeg:
    wiring = Wiring()
    mounts, inputs, opened = opened_for(order, part, seen=False, heard=True)
    graph = wiring.graph(heard_in(wiring, order, part, inputs))
    lasting = order.span(part).duration
    return RunFfmpeg(
        inputs=mounts,
        output=Mount(id=output, name="out0"),
        argv=(*opened, "-filter_complex", graph.text(), "-map", f"[{graph.outputs[0]}]", *_UNLOST, "out0"),
        duration_us=lasting,
        weight=weight(lasting, seen=False),
    )


def _joined(order: Order, made: list[RunFfmpeg], output: str, beside: Companions) -> RunFfmpeg:
    """One part after the other, encoded."""
    staged, wiring = order.staged, Wiring()
    parts = [wiring.add((sound_form(staged),), f"{n}:a") for n in range(len(made))]
    count = staged.grid.heard(order.window).count
    end = wiring.add(exactly(count), in_a_row(wiring, parts, sound=True))
    names = [f"in{n}" for n in range(len(made))]
    lasting = order.span(order.window).duration
    return RunFfmpeg(
        inputs=tuple(Mount(id=one.output.id, name=name) for one, name in zip(made, names, strict=True)),
        output=Mount(id=output, name="out0"),
        argv=(
            *(word for name in names for word in ("-i", name)),
            *(*beside.inputs, "-filter_complex", wiring.graph(end).text()),
            *(*sound_written(order, end), *muxed(order, beside, len(made)), "out0"),
        ),
        duration_us=lasting,
        texts=beside.texts,
        weight=weight(lasting, seen=False),
    )
