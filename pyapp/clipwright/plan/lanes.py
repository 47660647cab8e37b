"""Everything that is heard as one sound: shots in lanes, none over another in a lane, and the lanes mixed.

Each shot is as many samples long as its place in the project has, and so is each silence between two: nothing drifts.
Where a transition joins two shots, the first fades out while the second, in another lane, fades in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

import msgspec

from clipwright.effects import registry
from clipwright.effects.crossings import Crossing
from clipwright.filters.graph import Filter, use
from clipwright.filters.loudness import volume
from clipwright.filters.mixing import mix
from clipwright.filters.speed import FROM_ZERO, audio_speed
from clipwright.plan.dressing import Dressed, dressed_sound
from clipwright.plan.frames import SECOND, Frames
from clipwright.plan.scene import Layer, Scene, Shot, enabled
from clipwright.plan.wiring import Wiring, in_a_row
from clipwright.project.timeline import ratio

T = TypeVar("T")
_PLAIN = (0, Crossing())

LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
"""FFmpeg's names of as many channels as a project may have."""
_AS_LOUD = {
    (1, 2): (use("pan", args="stereo|c0=c0|c1=c0"),),
    (2, 1): (use("pan", args="mono|c0=0.5*c0+0.5*c1"),),
}
"""From so many channels to so many, as players do it: FFmpeg would take away 3 dB, or add them and clip."""
_MOST = 32
"""How many sounds amix takes at once."""


class _Heard(msgspec.Struct, frozen=True):
    """A shot, and how many samples it takes to come and to go where a transition says so."""

    shot: Shot
    rise: int = 0
    fall: int = 0
    rises: str = "tri"
    falls: str = "tri"


def laid(
    wiring: Wiring, scene: Scene, layers: Iterable[Layer], window: Frames, inputs: Mapping[str, int]
) -> list[str]:
    """The labels of the lanes in which those layers are heard in `window` (of samples), each as long as it is.

    `inputs` are those of clips, by id.
    """
    placed = [
        (heard.shot.heard, heard)
        for layer in layers
        for heard in _joined(layer, scene)
        if heard.shot.heard.within(window).count
    ]
    return [_lane(wiring, scene, lane, window, inputs) for lane in in_lanes(placed)]


def summed(wiring: Wiring, scene: Scene, lanes: Sequence[str], count: int) -> str:
    """The plain sum of lanes of `count` samples: what is put together is as loud as it was. Silence of none."""
    rest = list(lanes)
    while len(rest) > 1:
        rest = [_mix(wiring, rest[n : n + _MOST]) for n in range(0, len(rest), _MOST)]
    return rest[0] if rest else wiring.add(_silence(scene, count))


def in_lanes(placed: Sequence[tuple[Frames, T]]) -> list[list[T]]:
    """The things in as few lanes as keep those apart that lie over each other; in order of time."""
    lanes: list[list[T]] = []
    ends: list[int] = []
    for frames, thing in sorted(placed, key=lambda one: (one[0].first, one[0].last)):
        free = next((n for n, end in enumerate(ends) if end <= frames.first), len(lanes))
        if free == len(lanes):
            lanes.append([])
            ends.append(0)
        lanes[free].append(thing)
        ends[free] = frames.last
    return lanes


def _joined(layer: Layer, scene: Scene) -> Iterator[_Heard]:
    before: dict[str, tuple[int, Crossing]] = {}
    after: dict[str, tuple[int, Crossing]] = {}
    for number, transition in enumerate(layer.track.transitions):
        path = f"{layer.path}.transitions[{number}]"
        params = registry.read(registry.crossing(transition.name, path), transition.params, path)
        count = scene.grid.samples(0, transition.duration_us).count
        curves = params if isinstance(params, Crossing) else Crossing()
        before[transition.after] = after[transition.before] = (count, curves)
    for shot in layer.shots:
        rise, coming = before.get(shot.clip.id, _PLAIN)
        fall, going = after.get(shot.clip.id, _PLAIN)
        yield _Heard(shot, rise, fall, coming.curve_in, going.curve_out)


def _lane(
    wiring: Wiring, scene: Scene, lane: Sequence[_Heard], window: Frames, inputs: Mapping[str, int]
) -> str:
    """Silence, sound, silence ..., exactly as long as the window."""
    parts = []
    reached = window.first
    for heard in lane:
        stands = heard.shot.heard.within(window)
        if stands.first > reached:
            parts.append(wiring.add(_silence(scene, stands.first - reached)))
        parts.append(_sounding(wiring, scene, heard, stands, inputs[heard.shot.clip.id]))
        reached = stands.last
    if reached < window.last:
        parts.append(wiring.add(_silence(scene, window.last - reached)))
    return in_a_row(wiring, parts, sound=True)


def _sounding(wiring: Wiring, scene: Scene, heard: _Heard, stands: Frames, number: int) -> str:
    shot = heard.shot
    track = shot.audio
    label = wiring.add(_timed(shot, scene), f"{number}:{track.index if track else 0}")
    given = Dressed(label, alpha=False, length_us=shot.clip.duration_us)
    label = dressed_sound(wiring, scene, enabled(shot.clip.effects, shot.path), given).label
    whole, first = shot.heard.count, stands.first - shot.heard.first
    filters = [*volume(shot.volume).filters] if shot.volume != 1 else []
    filters += exactly(whole)
    if heard.rise:
        filters.append(use("afade", type="in", start_sample=0, nb_samples=heard.rise, curve=heard.rises))
    if heard.fall:
        start = whole - heard.fall
        filters.append(use("afade", type="out", start_sample=start, nb_samples=heard.fall, curve=heard.falls))
    if stands.count != whole:
        filters += (use("atrim", start_sample=first, end_sample=first + stands.count), FROM_ZERO)
    return wiring.add((*filters, sound_form(scene)), label)


def _timed(shot: Shot, scene: Scene) -> tuple[Filter, ...]:
    """Sound of a source from the clip's start on, in its speed, silence where the source has none."""
    clip = shot.clip
    length = clip.source_end_us - clip.source_start_us
    even = _even(scene.grid.sample_rate)
    speed = Fraction(*ratio(clip.speed))
    return (
        use("atrim", start=0, end=Fraction(length, SECOND)),
        even,
        *(_AS_LOUD.get((shot.audio.channels, scene.channels), ()) if shot.audio else ()),
        sound_form(scene),
        *(audio_speed(speed, duration_us=length).filters if speed != 1 else ()),
    )


@lru_cache
def _even(sample_rate: int) -> Filter:
    """From 0 on, without gaps."""
    return use("aresample", osr=sample_rate, **{"async": 1}, first_pts=0)


def _silence(scene: Scene, count: int) -> tuple[Filter, ...]:
    made = use("anullsrc", channel_layout=LAYOUTS[scene.channels], sample_rate=scene.grid.sample_rate)
    return made, use("atrim", end_sample=count), sound_form(scene)


def exactly(count: int) -> tuple[Filter, ...]:
    """So many samples: what is missing is silence, what is too much is cut off."""
    return use("apad", whole_len=count), use("atrim", end_sample=count)


def sound_form(scene: Scene) -> Filter:
    """What all sounds are brought to."""
    return _form(scene.grid.sample_rate, scene.channels)


@lru_cache
def _form(sample_rate: int, channels: int) -> Filter:
    return use("aformat", sample_fmts="fltp", sample_rates=sample_rate, channel_layouts=LAYOUTS[channels])


def _mix(wiring: Wiring, lanes: Sequence[str]) -> str:
    return wiring.add(mix(len(lanes)), *lanes) if len(lanes) > 1 else lanes[0]
