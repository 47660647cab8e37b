"""Several sounds as one, and where a sound stands between left and right."""

from __future__ import annotations

from typing import Annotated

import msgspec

from clipwright.effects.definition import Built, Context, Definition, Params, sound
from clipwright.effects.fields import hint, number, several
from clipwright.filters import mixing
from clipwright.filters.graph import FilterGraph
from clipwright.filters.mixing import Ending


class Pan(Params, frozen=True, kw_only=True):
    """What `mixing.pan` takes."""

    position: Annotated[float, number(-1, 1, "-1 is left, 0 the middle, 1 right.")] = 0


class Duck(Params, frozen=True, kw_only=True):
    """What `mixing.duck` takes."""

    threshold: Annotated[
        float, number(0.000976563, 1, "Above which part of full scale the voice counts.")
    ] = 0.125
    ratio: Annotated[float, number(1, 20, "How much the bed makes way.")] = 2
    attack_ms: Annotated[float, number(0.01, 2000, "How soon it makes way.", unit="ms")] = 20
    release_ms: Annotated[float, number(0.01, 9000, "How soon it comes back.", unit="ms")] = 250


class Mix(Params, frozen=True, kw_only=True):
    """What `mixing.mix` takes."""

    weights: Annotated[
        tuple[Annotated[float, number(0, 10, "How many times as loud.")], ...],
        several("How loud each of the sounds is; as many sounds as weights.", 2, 32),
    ] = (1, 1)
    ending: Annotated[Ending, hint("Which of the sounds it ends with.")] = "longest"
    normalize: Annotated[bool, hint("Whether the sum is divided by the weights, so that it cannot clip.")] = (
        False
    )


def made_way(params: Params, path: str) -> FilterGraph:
    """`mixing.make_way` with the parameters of ``duck``."""
    return mixing.make_way(**msgspec.structs.asdict(params), path=path)


def _mix(params: Mix, _context: Context, path: str) -> Built:
    return Built(
        audio=mixing.mix(
            len(params.weights),
            weights=params.weights,
            ending=params.ending,
            normalize=params.normalize,
            path=f"{path}.params",
        )
    )


DEFINITIONS = (
    Definition(
        name="pan",
        summary="Moves the sound between left and right; it becomes stereo.",
        kind="audio",
        category="sound",
        params=Pan,
        builder=sound(mixing.pan),
        example={"position": -0.5},
    ),
    Definition(
        name="duck",
        summary="One sound, the bed, gets quieter while another, the voice, is heard.",
        kind="audio",
        category="sound",
        params=Duck,
        builder=sound(mixing.duck),
        example={"threshold": 0.02, "ratio": 8},
        inputs=("bed", "voice"),
    ),
    Definition(
        name="mix",
        summary="Several sounds as one; the third and further ones are in2 and on.",
        kind="audio",
        category="sound",
        params=Mix,
        builder=_mix,
        example={"weights": [1, 0.5]},
        inputs=("in0", "in1"),
    ),
)
