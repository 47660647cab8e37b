"""Every transition: FFmpeg's own, those that it lacks, and one by a formula of one's own."""

from __future__ import annotations

from typing import Annotated

from clipwright.effects.definition import Built, Context, Definition, Params
from clipwright.effects.fields import hint
from clipwright.filters.soundfades import Curve, crossfade_sound
from clipwright.filters.transitions import TRANSITIONS as NAMES
from clipwright.filters.transitions import crossfade


class Crossing(Params, frozen=True, kw_only=True):
    """How the sound passes, which it does while the pictures do."""

    curve_out: Annotated[Curve, hint("How the first sound goes; tri is a straight line.")] = "tri"
    curve_in: Annotated[Curve, hint("How the second sound comes.")] = "tri"


def _sound(params: Crossing, context: Context, path: str) -> Built:
    return Built(
        audio=crossfade_sound(
            context.duration_us,
            curve_out=params.curve_out,
            curve_in=params.curve_in,
            path=path,
        )
    )


def _named(name: str) -> Definition:
    def build(params: Crossing, context: Context, path: str) -> Built:
        video = crossfade(name, context.duration_us, context.start_us, path=path)
        return Built(video, _sound(params, context, path).audio)

    return Definition(
        name=name,
        summary=f"The first picture passes into the second by “{name}”; the sounds are crossfaded.",
        kind="both",
        category="transition",
        params=Crossing,
        builder=build,
        example={},
        inputs=("first", "second"),
    )


DEFINITIONS = tuple(_named(name) for name in NAMES)
