"""All effects and transitions by their names: their parameters read, their filters built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from clipwright.effects import (
    cleaning,
    crossings,
    detail,
    fades,
    frame,
    light,
    loudness,
    mixing,
    pace,
    transparency,
    writing,
)
from clipwright.effects.definition import Built, Context, Definition, Params
from clipwright.effects.limiting import limited, span, unlimitable
from clipwright.effects.reading import read_params
from clipwright.effects.textlook import TextLook
from clipwright.errors import BadRequest
from clipwright.filters.ranges import nearest
from clipwright.filters.text import TextPlace, TextStyle, TextTime
from clipwright.framerate import round_half_up

_ROOMS = (light, detail, frame, transparency, fades, writing, pace, loudness, cleaning, mixing)
EFFECTS: dict[str, Definition] = {one.name: one for room in _ROOMS for one in room.DEFINITIONS}
"""What can be done to a clip, or to several."""
TRANSITIONS: dict[str, Definition] = {one.name: one for one in crossings.DEFINITIONS}
"""How one clip can become the next; their graphs take the pads ``first`` and ``second``."""


def effect(name: str, path: str = "$") -> Definition:
    """The effect of that name; BadRequest at ``{path}.name`` with the nearest ones."""
    return _known(EFFECTS, name, "effect", path)


def crossing(name: str, path: str = "$") -> Definition:
    """The transition of that name; BadRequest at ``{path}.name`` with the nearest ones."""
    return _known(TRANSITIONS, name, "transition", path)


def read(definition: Definition, params: Mapping[str, Any], path: str = "$") -> Params:
    """Typed parameters; BadRequest at ``{path}.params.its_name`` with the allowed range or the nearest name."""
    return read_params(definition.params, params, f"{path}.params")


def build(
    name: str,
    params: Mapping[str, Any],
    context: Context,
    path: str = "$",
    start_us: int | None = None,
    end_us: int | None = None,
) -> Built:
    """The filters of an effect; with `start_us` or `end_us` they work only from the one until before the other.

    BadRequest for an unknown name, wrong parameters, and a part of the time where the effect works on all of it.
    """
    known = effect(name, path)
    typed = read(known, params, path)
    if start_us is None and end_us is None:
        return known.build(typed, context, path)
    if not known.limitable:
        raise unlimitable(f"{path}.{'end_us' if start_us is None else 'start_us'}")
    when = span(start_us, end_us, context.duration_us, path)
    built = known.build(typed, msgspec.structs.replace(context, start_us=start_us or 0, end_us=end_us), path)
    return built if when is None else limited(built, when, path)


def duration_after(name: str, params: Mapping[str, Any], duration_us: int, path: str = "$") -> int:
    """How long lasts what comes of `duration_us`, to the nearest microsecond."""
    known = effect(name, path)
    typed = read(known, params, path)
    return duration_us if known.lasting is None else round_half_up(known.lasting(typed, duration_us))


def transition(
    name: str,
    params: Mapping[str, Any],
    duration_us: int,
    offset_us: int,
    context: Context,
    path: str = "$",
) -> Built:
    """From ``first`` to ``second`` within `duration_us`, from `offset_us` of the first on."""
    known = crossing(name, path)
    part = msgspec.structs.replace(context, duration_us=duration_us, start_us=offset_us)
    return known.build(read(known, params, path), part, path)


def text_style(style: Mapping[str, Any], path: str = "$") -> tuple[TextStyle, TextPlace, TextTime]:
    """How a clip that says a text shows it, and how long it fades; BadRequest at ``{path}.style.its_name``."""
    look = read_params(TextLook, style, f"{path}.style")
    return look.style, look.place, look.when()


def _known(table: Mapping[str, Definition], name: str, what: str, path: str) -> Definition:
    if name not in table:
        article = "an" if what == "effect" else "a"
        raise BadRequest(
            f"“{name[:40]}” is not {article} {what}.", hint=nearest(name, table), path=f"{path}.name"
        )
    return table[name]
