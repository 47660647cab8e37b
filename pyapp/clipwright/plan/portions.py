"""A long project in portions: each is rendered by itself, with few files open, and all of them are put together.

Every input has a decoder that holds pictures, so a run with a hundred of them needs more memory than a page has.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise

from clipwright.media import Reader
from clipwright.plan.frames import Frames
from clipwright.plan.scene import Scene, Shot, is_dressed

MOST_INPUTS: dict[Reader, int] = {"media": 0, "ffmpeg": 12, "native": 48}
"""With how many inputs one run of an engine is to do, where it can be divided."""


def portions(scene: Scene, window: Frames, most: int) -> tuple[Frames, ...]:
    """The window in portions that have at most so many inputs each, as far as transitions and effects let it be.

    It is divided only where clips begin and end, never within a transition or a clip that has effects: those may look
    back at what came before.
    """
    spans = [_span(shot) for layer in scene.layers for shot in layer.shots if shot.media]
    return _divided(spans, _places(scene, window), window, most)


def sound_portions(scene: Scene, window: Frames, most: int) -> tuple[Frames, ...]:
    """The same for what is heard; that can be divided everywhere."""
    spans = [_span(shot) for layer in scene.sounds for shot in layer.shots]
    edges = {edge for span in spans for edge in span if window.first < edge < window.last}
    return _divided(spans, sorted(edges), window, most)


def _divided(
    spans: list[tuple[int, int]], places: Iterable[int], window: Frames, most: int
) -> tuple[Frames, ...]:
    starts = sorted(start for start, _ in spans)
    ends = sorted(end for _, end in spans)

    def inputs(first: int, last: int) -> int:
        return bisect_left(starts, last) - bisect_right(ends, first)

    found: list[Frames] = []
    first = safe = window.first
    for place in (*places, window.last):
        if inputs(first, place) > most and safe > first:
            found.append(Frames(first, safe))
            first = safe
        safe = place
    return (*found, Frames(first, window.last))


def _places(scene: Scene, window: Frames) -> Iterator[int]:
    """Where it can be divided, in order."""
    closed: list[tuple[int, int]] = []
    edges: set[int] = set()
    for layer in scene.layers:
        edges.update(edge for shot in layer.shots for edge in (shot.shown.first, shot.shown.last))
        closed += (_span(shot) for shot in layer.shots if is_dressed(shot.clip))
        closed += ((two.shown.first, one.shown.last) for one, two in pairwise(layer.shots))
    inside = sorted(span for span in closed if span[0] < span[1])
    reached = -1
    at = 0
    for edge in sorted(edges):
        while at < len(inside) and inside[at][0] < edge:
            reached = max(reached, inside[at][1])
            at += 1
        if edge >= reached and window.first < edge < window.last:
            yield edge


def _span(shot: Shot) -> tuple[int, int]:
    return shot.shown.first, shot.shown.last
