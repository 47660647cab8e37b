"""What can be wrong with the small parts of a document: names, numbers, parameters, effects, where a picture stands."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, Protocol

import msgspec

from clipwright.errors import BadRequest
from clipwright.filters.layout import misfit
from clipwright.project.document import (
    MAX_NAME,
    MAX_TEXT,
    MAX_TIME_US,
    MAX_VOLUME,
    PLAIN,
    Crop,
    Effect,
    Params,
    Transform,
)

MAX_DEPTH = 20
"""No parameter may be nested deeper."""
MAX_VALUES = 10_000
"""No set of parameters may hold more values."""
SHOWN = 20
"""An error lists so many faults and counts the others."""

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_BUILT_IN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_DEGREES = 360


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong: the place in the document (``$.tracks[0].clips[2].speed``), what, and what to do."""

    path: str
    message: str
    hint: str = ""


Use = Literal["effect", "part", "sound", "ducking", "transition", "text"]
"""``sound``: an effect of a track's sound. ``ducking``: the parameters of ``duck``.

``part``: an effect that works on a part of the time, whatever its parameters are; the path is that of the limit.
"""


class Check(Protocol):
    """Whoever knows the effects says what is wrong with the use of one; `path` is where it stands."""

    def __call__(self, use: Use, name: str, params: Params, path: str) -> Iterable[Fault]:
        """The faults of one use: an unknown name at ``{path}.name``, a parameter at ``{path}.params.its_name``.

        For a text and for ducking there is no name; a text's parameters are at ``{path}.style``.
        """


def anything(use: Use, name: str, params: Params, path: str) -> Iterable[Fault]:  # noqa: ARG001 - it is a Check
    """The Check for where nobody knows the effects: any well-formed name with any JSON object will do."""
    return ()


def refusal(faults: Sequence[Fault]) -> BadRequest:
    """The one error for all of them: it says the first, counts the others and lists them as its detail."""
    first, others = faults[0], len(faults) - 1
    more = f" (and {others} more {'fault' if others == 1 else 'faults'})" if others else ""
    lines = [f"{fault.path}: {fault.message}" for fault in faults[:SHOWN]]
    if others >= SHOWN:
        lines.append(f"… and {others + 1 - SHOWN} more")
    return BadRequest(
        first.message + more, hint=first.hint, detail="\n".join(lines) if others else "", path=first.path
    )


def id_faults(text: str, path: str) -> Iterator[Fault]:
    """Ids are short and plain, because they stand in paths, graphs and logs."""
    if not _ID.fullmatch(text):
        yield Fault(path, f"“{text[:40]}” cannot be an id.", "Use 1 to 64 letters, digits, _ . : or -.")


def text_faults(text: str, path: str, most: int = MAX_NAME) -> Iterator[Fault]:
    """Any text will do that is short enough and can be written."""
    if len(text) > most:
        yield Fault(path, f"A text of {len(text)} characters is too long.", f"Use at most {most}.")
    if _UNWRITABLE.search(text):
        yield Fault(path, "The text holds a character that cannot be written.", "Leave it out.")


def time_faults(us: int, path: str) -> Iterator[Fault]:
    """Times of a project are between its start and a thousand hours."""
    if not 0 <= us <= MAX_TIME_US:
        what = "lies before the start" if us < 0 else "is beyond what a project can hold"
        yield Fault(path, f"The time {us} µs {what}.", f"Give 0 to {MAX_TIME_US}.")


def number_faults(value: float, least: float, most: float, path: str) -> Iterator[Fault]:
    """A finite number within its range."""
    if not (math.isfinite(value) and least <= value <= most):
        yield Fault(path, f"{value} is out of range.", f"Give {least:g} to {most:g}.")


def volume_faults(volume: float, path: str) -> Iterator[Fault]:
    """Volumes are linear."""
    yield from number_faults(volume, 0, MAX_VOLUME, path)


def params_faults(params: Params, path: str) -> Iterator[Fault]:
    """A JSON object that is not too big, without numbers that JSON does not have. One fault, the first."""
    left = MAX_VALUES
    waiting: list[tuple[object, str, int]] = [(params, path, 0)]
    while waiting:
        value, place, depth = waiting.pop()
        left -= 1
        if left < 0 or depth > MAX_DEPTH:
            yield Fault(path, "There is too much in these parameters.", _too_much())
            return
        if wrong := _no_json(value, place):
            yield wrong
            return
        if isinstance(value, dict):
            waiting += ((inner, f"{place}.{key}"[:MAX_NAME], depth + 1) for key, inner in value.items())
        elif isinstance(value, list | tuple):
            waiting += ((inner, f"{place}[{number}]", depth + 1) for number, inner in enumerate(value))


def _too_much() -> str:
    return f"Give at most {MAX_VALUES} values, nested at most {MAX_DEPTH} deep."


def _no_json(value: object, path: str) -> Fault | None:
    if isinstance(value, float) and not math.isfinite(value):
        return Fault(path, f"{value} is not a number.", "Give a finite one.")
    if isinstance(value, str):
        return next(text_faults(value, path, MAX_TEXT), None)
    if isinstance(value, dict):
        if len(value) > MAX_VALUES or not all(isinstance(key, str) and len(key) <= MAX_NAME for key in value):
            return Fault(path, "Parameters need names, and short ones.", _too_much())
        return None
    if isinstance(value, list | tuple):
        return Fault(path, "The list is too long.", _too_much()) if len(value) > MAX_VALUES else None
    if value is None or isinstance(value, bool | int | float):
        return None
    return Fault(path, f"A {type(value).__name__} cannot be a parameter.", "Use what JSON has.")


def use_faults(use: Use, name: str, params: Params, path: str, check: Check) -> Iterator[Fault]:
    """What is wrong with the use of an effect or transition; `check` is asked only if it is well formed."""
    wrong = list(params_faults(params, f"{path}.{'style' if use == 'text' else 'params'}"))
    if use not in ("text", "ducking") and not _BUILT_IN.fullmatch(name):
        wrong.append(
            Fault(
                f"{path}.name", f"“{name[:40]}” names no {use}.", "Use letters, digits and _, as in fade_in."
            )
        )
    yield from wrong or check(use, name, params, path)


def effect_faults(
    effect: Effect, duration_us: int, path: str, check: Check, use: Use = "effect"
) -> Iterator[Fault]:
    """What is wrong with an effect of something that lasts `duration_us`."""
    yield from use_faults(use, effect.name, effect.params, path, check)
    if effect.start_us or effect.end_us is not None:
        limit = "end_us" if effect.start_us is None else "start_us"
        yield from check("part", effect.name, {}, f"{path}.{limit}")
    start = 0 if effect.start_us is None else effect.start_us
    end = duration_us if effect.end_us is None else effect.end_us
    if start < 0 or (effect.start_us is not None and start >= duration_us):
        yield Fault(
            f"{path}.start_us", _outside(start, duration_us), "Let it start where there is something."
        )
    elif end <= start or end > duration_us:
        yield Fault(f"{path}.end_us", _outside(end, duration_us), "Let it end after it starts, and within.")


def _outside(us: int, duration_us: int) -> str:
    return f"An effect cannot start or end at {us} µs of what lasts {duration_us} µs."


def transform_faults(transform: Transform, path: str) -> Iterator[Fault]:
    """What is wrong with where a picture stands."""
    if transform is PLAIN:
        return
    if wrong := misfit(transform.cell):
        yield Fault(f"{path}.cell.{wrong[0]}", wrong[1], "Keep the picture inside the frame.")
    yield from _crop_faults(transform.crop, f"{path}.crop")
    yield from number_faults(transform.rotation, -_DEGREES, _DEGREES, f"{path}.rotation")
    yield from number_faults(transform.opacity, 0, 1, f"{path}.opacity")


def _crop_faults(crop: Crop, path: str) -> Iterator[Fault]:
    wrong = [
        fault
        for side in ("left", "top", "right", "bottom")
        for fault in number_faults(getattr(crop, side), 0, 0.99, f"{path}.{side}")
    ]
    yield from wrong
    if not wrong and (crop.left + crop.right > 0.99 or crop.top + crop.bottom > 0.99):
        yield Fault(path, "Nothing of the picture is left.", "Cut off less than 99 % in all.")
