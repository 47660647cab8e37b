"""Everything that is seen as one picture: the lowest track in a row, what others show laid over it in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from clipwright.effects import registry
from clipwright.filters.graph import Filter, use
from clipwright.filters.layout import Box
from clipwright.plan.dressing import context_of
from clipwright.plan.frames import Frames
from clipwright.plan.picture import SQUARE, Pictured, counted, form, pictured
from clipwright.plan.scene import Layer, Scene, Shot
from clipwright.plan.titles import drawn, is_plain
from clipwright.plan.wiring import Wiring, in_a_row
from clipwright.project.document import Transition


class _Piece(msgspec.Struct, frozen=True):
    """Pictures that fill `frames` of the project."""

    label: str
    frames: Frames


def layered(wiring: Wiring, scene: Scene, window: Frames, inputs: Mapping[str, int]) -> str:
    """The label of what is seen in `window`, each picture at its time in the project."""
    below, above = _base(scene)
    label = wiring.add(counted(scene.grid, window.first), _row(wiring, scene, below, window, inputs))
    for layer in above:
        for island in islands(layer, window):
            if is_plain(island[0]):
                if text := drawn(island[0], scene.grid):
                    label = wiring.add(text, label)
                continue
            label = _over(wiring, scene, layer, island, window, inputs, label)
    return label


def islands(layer: Layer, window: Frames) -> Iterator[tuple[Shot, ...]]:
    """The shots of a layer that are seen in `window`, those together that touch; plain texts each by itself."""
    island: list[Shot] = []
    for shot in layer.within(window):
        if not shot.shown.count:
            continue
        apart = island and (
            island[-1].shown.last < shot.shown.first or is_plain(shot) or is_plain(island[-1])
        )
        if apart:
            yield tuple(island)
            island = []
        island.append(shot)
    if island:
        yield tuple(island)


def _base(scene: Scene) -> tuple[Layer | None, Sequence[Layer]]:
    """The lowest track, if it is one of pictures, and those above it."""
    if scene.layers and scene.layers[0].track.kind == "video":
        return scene.layers[0], scene.layers[1:]
    return None, scene.layers


def _row(wiring: Wiring, scene: Scene, layer: Layer | None, window: Frames, inputs: Mapping[str, int]) -> str:
    """The lowest track: opaque, background where nothing is."""
    if layer is None:
        return wiring.add(_ground(scene, window.count))
    parts: list[str] = []
    reached = window.first
    for island in islands(layer, window):
        start = island[0].shown.within(window).first
        if start > reached:
            parts.append(wiring.add(_ground(scene, start - reached)))
        reach = _reach(island, window)
        pieces = [_grounded(wiring, scene, shot, reach, inputs) for shot in island]
        parts += _crossed(wiring, scene, layer, island, pieces, window, False)
        reached = max(shot.shown.within(window).last for shot in island)
    if reached < window.last:
        parts.append(wiring.add(_ground(scene, window.last - reached)))
    return in_a_row(wiring, parts)


def _over(
    wiring: Wiring,
    scene: Scene,
    layer: Layer,
    island: Sequence[Shot],
    window: Frames,
    inputs: Mapping[str, int],
    label: str,
) -> str:
    """`label` with the island laid over it, where nothing of it is left before and after."""
    start = island[0].shown.within(window).first
    reach = _reach(island, window)
    found = [pictured(wiring, scene, shot, reach, _stream(shot, inputs)) for shot in island]
    box = found[0].box
    if len(found) > 1:
        box = Box(0, 0, *scene.size)
        pieces = [
            _Piece(_spread(wiring, scene, one), shot.shown.within(reach))
            for one, shot in zip(found, island, strict=True)
        ]
        row = in_a_row(wiring, _crossed(wiring, scene, layer, island, pieces, window, True))
    else:
        row = found[0].label
    placed = wiring.add(counted(scene.grid, start), row)
    return wiring.add((use("overlay", x=box.x, y=box.y, eof_action="pass", format="yuv420"),), label, placed)


def _crossed(
    wiring: Wiring,
    scene: Scene,
    layer: Layer,
    island: Sequence[Shot],
    pieces: Sequence[_Piece],
    window: Frames,
    alpha: bool,
) -> list[str]:
    """The pieces of an island, as far as they are in the window, those as one that a transition joins."""
    row = [pieces[0]]
    for shot, piece in zip(island[1:], pieces[1:], strict=True):
        last = row[-1]
        shared = last.frames.last - piece.frames.first
        if shared <= 0:
            row.append(piece)
            continue
        transition, number = layer.joins[shot.clip.id]
        path = f"{layer.path}.transitions[{number}]"
        passing = _passing(wiring, scene, transition, path, last, piece)
        label = wiring.add((SQUARE, form(alpha)), passing)
        row[-1] = _Piece(label, Frames(last.frames.first, piece.frames.last))
    return [_trimmed(wiring, piece, window) for piece in row]


def _reach(island: Sequence[Shot], window: Frames) -> Frames:
    """The window, and all of the transitions of which it has a part: they cannot begin halfway."""
    first, last = window.first, window.last
    for one, other in pairwise(island):
        crossing = Frames(other.shown.first, one.shown.last)
        if crossing.within(window).count:
            first, last = min(first, crossing.first), max(last, crossing.last)
    return Frames(first, last)


def _trimmed(wiring: Wiring, piece: _Piece, window: Frames) -> str:
    kept = piece.frames.within(window)
    if kept == piece.frames:
        return piece.label
    first = kept.first - piece.frames.first
    return wiring.add((use("trim", start_frame=first, end_frame=first + kept.count),), piece.label)


def _passing(
    wiring: Wiring, scene: Scene, transition: Transition, path: str, first: _Piece, second: _Piece
) -> str:
    grid = scene.grid
    # In microseconds, which xfade brings to its inputs' ticks: pictures, here.
    lasts = grid.us(first.frames.last - second.frames.first)
    begins = grid.us(second.frames.first - first.frames.first)
    context = context_of(scene, scene.size, scene.length_us)
    crossing = registry.transition(transition.name, transition.params, lasts, begins, context, path).video
    return wiring.add(crossing, first.label, second.label) if crossing else second.label


def _ground(scene: Scene, count: int) -> tuple[Filter, ...]:
    size = f"{scene.size.width}x{scene.size.height}"
    plain = use("color", color=scene.background, size=size, rate=scene.grid.rate)
    return plain, use("trim", end_frame=count), SQUARE, form(False)


def _grounded(wiring: Wiring, scene: Scene, shot: Shot, window: Frames, inputs: Mapping[str, int]) -> _Piece:
    """A shot on the background, as large as the frame."""
    found = pictured(wiring, scene, shot, window, _stream(shot, inputs))
    frames = shot.shown.within(window)
    label, box = found.label, found.box
    if found.alpha:
        ground = wiring.add(_ground(scene, frames.count))
        over = use("overlay", x=box.x, y=box.y, eof_action="pass", format="yuv420")
        label = wiring.add((over, form(False)), ground, label)
    elif box != Box(0, 0, *scene.size):
        label = wiring.add(_padded(scene, box, scene.background), label)
    return _Piece(label, frames)


def _spread(wiring: Wiring, scene: Scene, found: Pictured) -> str:
    """A shot as large as the frame, with nothing around it."""
    return wiring.add((form(True), *_padded(scene, found.box, "black@0")), found.label)


def _padded(scene: Scene, box: Box, color: str) -> tuple[Filter, ...]:
    w, h = scene.size
    return use("pad", width=w, height=h, x=box.x, y=box.y, color=color), SQUARE


def _stream(shot: Shot, inputs: Mapping[str, int]) -> str | None:
    return None if shot.video is None else f"{inputs[shot.clip.id]}:{shot.video.index}"
