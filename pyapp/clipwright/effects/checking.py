"""What is wrong with the use of an effect, a transition or a style of text in a document, all of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import msgspec

from clipwright.effects.definition import ANY, Context, Definition
from clipwright.effects.limiting import unlimitable
from clipwright.effects.reading import looked_over
from clipwright.effects.registry import EFFECTS, crossing, effect
from clipwright.effects.textlook import TextLook
from clipwright.errors import BadRequest
from clipwright.filters.graph import File
from clipwright.project.document import Params as Given
from clipwright.project.faults import Fault, Use


class _AnyFile(Mapping[str, File]):
    """Has every source: whether it is there is seen when it is opened."""

    def __getitem__(self, source: str) -> File:
        return ANY

    def __contains__(self, source: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


ANYTHING = Context(
    width=0,
    height=0,
    frame_rate=Fraction(30),
    sample_rate=48_000,
    channels=2,
    duration_us=0,
    font=File("font"),
    fonts=File("fonts"),
    files=_AnyFile(),
)
"""What nothing is known of."""
CROSSING = msgspec.structs.replace(ANYTHING, duration_us=1_000_000)
"""The same, with a transition that lasts."""


def check(use: Use, name: str, params: Given, path: str) -> Iterable[Fault]:
    """A `project.faults.Check`: every fault of the parameters, or that they do not go together."""
    if use == "text":
        return map(_fault, looked_over(TextLook, params, f"{path}.style")[1])
    if use == "part":
        # Who does not know the effect has said so already.
        return [_fault(unlimitable(path))] if name in EFFECTS and not EFFECTS[name].limitable else ()
    try:
        known, context = _known(use, name, path)
        typed, faults = looked_over(known.params, params, f"{path}.params")
        if typed is not None:
            known.build(typed, context, path)
    except BadRequest as fault:
        return [_fault(fault)]
    return map(_fault, faults)


def _known(use: Use, name: str, path: str) -> tuple[Definition, Context]:
    """What is used, and on what."""
    if use == "transition":
        return crossing(name, path), CROSSING
    if use == "ducking":
        return effect("duck"), ANYTHING
    known = effect(name, path)
    if known.arity > 1:
        raise BadRequest(
            f"“{name}” makes one of {known.arity} sounds, and here is only one.",
            hint="Tracks are mixed by themselves; set the “ducking” of one to let it make way for others.",
            path=f"{path}.name",
        )
    if use == "sound" and (known.kind != "audio" or known.changes_time):
        raise BadRequest(
            f"“{name}” cannot be done to the sound of a track.",
            hint="Give it to clips, or to the project.",
            path=f"{path}.name",
        )
    return known, ANYTHING


def _fault(fault: BadRequest) -> Fault:
    return Fault(fault.path, fault.message, fault.hint)
