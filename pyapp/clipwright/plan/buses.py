"""Everything that is heard as one sound: tracks that are treated as a whole each by itself, all others in shared lanes.

A track's sound goes through its effects; then it makes way for others, if it has to, and only then is it mixed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from clipwright.effects import registry
from clipwright.effects.mixing import made_way
from clipwright.filters.graph import use
from clipwright.plan.dressing import dressed_sound_from
from clipwright.plan.frames import Frames
from clipwright.plan.lanes import exactly, laid, sound_form, summed
from clipwright.plan.scene import Layer, Scene, enabled, is_dressed
from clipwright.plan.wiring import Wiring
from clipwright.project.document import Ducking


def mixed(wiring: Wiring, scene: Scene, window: Frames, inputs: Mapping[str, int]) -> str:
    """The label of what is heard in `window` (of samples), which begins at 0; `inputs` are those of clips, by id."""
    heard = {layer.track.id for layer in scene.sounds}
    ducked = {name: one for name, one in _ducked(scene).items() if heard.intersection(one.voices)}
    asked = Counter(voice for one in ducked.values() for voice in one.voices if voice in heard)
    named = {*ducked, *asked}
    alone = [layer for layer in scene.sounds if _is_bus(layer, named)]
    together = [layer for layer in scene.sounds if not _is_bus(layer, named)]
    lanes = laid(wiring, scene, together, window, inputs)
    treated = {one.track.id: _bus(wiring, scene, one, window, inputs) for one in alone}
    keys: dict[str, list[str]] = {}
    for voice, times in asked.items():
        treated[voice], *keys[voice] = wiring.split(
            (use("asplit", outputs=times + 1),), treated[voice], times + 1
        )
    for layer in alone:
        name = layer.track.id
        if name in ducked:
            said = [keys[voice].pop() for voice in ducked[name].voices if voice in heard]
            key = summed(wiring, scene, said, window.count)
            path = f"{layer.path}.ducking"
            params = registry.read(registry.effect("duck"), ducked[name].params, path)
            treated[name] = wiring.add(made_way(params, f"{path}.params"), treated[name], key)
    return summed(wiring, scene, (*lanes, *treated.values()), window.count)


def has_buses(scene: Scene) -> bool:
    """Whether a track is treated as a whole, so that no part of it can be heard without what came before."""
    return any(one.track.ducking or is_dressed(one.track) for one in scene.sounds)


def _ducked(scene: Scene) -> dict[str, Ducking]:
    """The tracks that make way for others, by their ids."""
    return {one.track.id: one.track.ducking for one in scene.sounds if one.track.ducking}


def _is_bus(layer: Layer, named: set[str]) -> bool:
    return layer.track.id in named or is_dressed(layer.track)


def _bus(wiring: Wiring, scene: Scene, layer: Layer, window: Frames, inputs: Mapping[str, int]) -> str:
    """A track's sound after its effects, exactly as long as the window."""
    label = summed(wiring, scene, laid(wiring, scene, (layer,), window, inputs), window.count)
    effects = enabled(layer.track.effects, layer.path)
    if not effects:
        return label
    label = dressed_sound_from(wiring, scene, effects, label, window.first).label
    return wiring.add((sound_form(scene), *exactly(window.count)), label)
