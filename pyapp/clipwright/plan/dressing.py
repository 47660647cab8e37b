"""Effects on a shot or on the whole: each built by the registry, and wired in where it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from clipwright.effects import registry
from clipwright.effects.definition import Context, Definition
from clipwright.filters.expression import call, variables
from clipwright.filters.graph import Filter, use
from clipwright.filters.layout import Size
from clipwright.filters.speed import FROM_ZERO
from clipwright.plan.frames import Grid
from clipwright.plan.scene import FONT, FONTS, Scene
from clipwright.plan.wiring import Wiring
from clipwright.project.document import Effect

_PTS, _TB = variables("PTS", "TB")


class Dressed(msgspec.Struct, frozen=True):
    """What came of effects: the stream's label, whether something shows through, how long it lasts."""

    label: str
    alpha: bool
    length_us: int


def context_of(scene: Scene, size: Size, length_us: int) -> Context:
    """What effects are told of what they are applied to."""
    return Context(
        width=size.width,
        height=size.height,
        frame_rate=scene.grid.rate,
        sample_rate=scene.grid.sample_rate,
        channels=scene.channels,
        duration_us=length_us,
        font=FONT,
        fonts=FONTS,
        files=scene.extras,
    )


def dressed_picture(
    wiring: Wiring, scene: Scene, effects: Sequence[tuple[Effect, str]], size: Size, given: Dressed
) -> Dressed:
    """The picture after those of the effects that change pictures, each with its path; as large as before."""
    for effect, path in effects:
        definition = registry.effect(effect.name, path)
        if definition.kind == "audio":
            continue
        context = context_of(scene, size, given.length_us)
        built = registry.build(effect.name, effect.params, context, path, *snapped(scene.grid, effect)).video
        label = given.label if built is None else wiring.add(built, given.label)
        alpha = given.alpha or definition.alpha
        if definition.resizes:
            label = wiring.add(_refitted(size, alpha), label)
        length = _lasting(definition, effect, given.length_us)
        given = Dressed(label, alpha, length)
    return given


def dressed_sound(
    wiring: Wiring, scene: Scene, effects: Sequence[tuple[Effect, str]], given: Dressed
) -> Dressed:
    """The sound after those of the effects that change sounds."""
    for effect, path in effects:
        definition = registry.effect(effect.name, path)
        if definition.kind == "video" and not definition.changes_time:
            continue
        context = context_of(scene, scene.size, given.length_us)
        limits = (effect.start_us, effect.end_us)
        built = registry.build(effect.name, effect.params, context, path, *limits).audio
        label = given.label if built is None else wiring.add(built, given.label)
        length = _lasting(definition, effect, given.length_us)
        given = Dressed(label, given.alpha, length)
    return given


def dressed_sound_from(
    wiring: Wiring, scene: Scene, effects: Sequence[tuple[Effect, str]], label: str, first: int
) -> Dressed:
    """As `dressed_sound`, for sound that begins at 0 and with sample `first` of the project, by whose times they go."""
    given = Dressed(label, alpha=False, length_us=scene.length_us)
    if not first or not effects:
        return dressed_sound(wiring, scene, effects, given)
    later = use("asetpts", expr=_PTS + call("round", Fraction(first, scene.grid.sample_rate) / _TB))
    worn = dressed_sound(
        wiring, scene, effects, msgspec.structs.replace(given, label=wiring.add((later,), label))
    )
    return msgspec.structs.replace(worn, label=wiring.add((FROM_ZERO,), worn.label))


def moves(effects: Sequence[tuple[Effect, str]]) -> bool:
    """Whether any of them changes when things happen."""
    return bool(first_moving(effects))


def first_moving(effects: Sequence[tuple[Effect, str]]) -> str:
    """The path of the first of them that changes when things happen, if there is one."""
    return next((path for effect, path in effects if registry.effect(effect.name, path).changes_time), "")


def lasts(effects: Sequence[tuple[Effect, str]], length_us: int) -> int:
    """How long what they make of so much lasts, in microseconds."""
    for effect, path in effects:
        length_us = _lasting(registry.effect(effect.name, path), effect, length_us)
    return length_us


def _lasting(definition: Definition, effect: Effect, length_us: int) -> int:
    """How long what the effect makes of so much lasts."""
    if not definition.changes_time:
        return length_us
    return registry.duration_after(effect.name, effect.params, length_us)


def snapped(grid: Grid, effect: Effect) -> tuple[int | None, int | None]:
    """An effect's limits half a picture earlier, so that no rounding decides whether a picture is within."""
    start, end = (
        None if us is None else grid.before_us(grid.frames(0, us).last)
        for us in (effect.start_us, effect.end_us)
    )
    return start or None, end


def _refitted(size: Size, alpha: bool) -> tuple[Filter, ...]:
    """All of a picture of another size in the middle of the old one, with bars, which let through if it does."""
    bars = "black@0" if alpha else "black"
    kept = (use("format", pix_fmts="yuva444p"),) if alpha else ()
    w, h = size
    return (
        *kept,
        use("scale", w=w, h=h, flags="bicubic", force_original_aspect_ratio="decrease"),
        use("pad", width=w, height=h, x=-1, y=-1, color=bars),
        use("setsar", sar=1),
    )
