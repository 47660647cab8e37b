"""Several sounds together: mixed, one making way for another, or placed between left and right."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, get_args

from clipwright.errors import BadRequest
from clipwright.filters.graph import FilterChain, FilterGraph, chain, use
from clipwright.filters.ranges import Number, decimal, one_of, whole, within

Ending = Literal["longest", "shortest", "first"]
"""Which of the inputs a mix ends with."""
_QUIETEST = Fraction("0.000976563")
"""What sidechaincompress takes as the lowest threshold."""


def mix(
    count: int,
    *,
    weights: Sequence[Number] = (),
    ending: Ending = "longest",
    normalize: bool = False,
    path: str = "$",
) -> FilterGraph:
    """2 to 32 sounds, ``in0`` and on, as one, ``out``; each `weights` times (0 to 10) as loud as it is.

    With `normalize` the sum is divided by the weights, so that it cannot clip and gets quieter by that.
    """
    inputs = [f"in{place}" for place in range(whole(count, 2, 32, f"{path}.count"))]
    if weights and len(weights) != count:
        raise BadRequest(
            f"{count} sounds need {count} weights, not {len(weights)}.",
            hint="Give one for each, or none.",
            path=f"{path}.weights",
        )
    shares = [within(one, 0, 10, f"{path}.weights[{place}]") for place, one in enumerate(weights)]
    mixed = use(
        "amix",
        inputs=len(inputs),
        duration=one_of(ending, get_args(Ending), f"{path}.ending"),
        dropout_transition=0,
        weights=" ".join(_plain(one) for one in shares) or None,
        normalize=int(normalize),
    )
    return FilterGraph((chain(mixed).between(inputs, "out"),), tuple(inputs), ("out",))


def duck(
    *,
    threshold: Number = Fraction(1, 8),
    ratio: Number = 2,
    attack_ms: Number = 20,
    release_ms: Number = 250,
    path: str = "$",
) -> FilterGraph:
    """The sound ``bed`` gets quieter while ``voice`` is louder than the threshold; ``out`` has both.

    It lasts as long as the longer of the two. See `make_way` for the ranges.
    """
    quieter = make_way(
        threshold=threshold, ratio=ratio, attack_ms=attack_ms, release_ms=release_ms, path=path
    ).renamed({"voice": "heard", "out": "ducked"})
    return FilterGraph(
        (
            chain(use("asplit")).between("voice", ("said", "heard")),
            *quieter.chains,
            chain(use("amix", inputs=2, duration="longest", dropout_transition=0, normalize=0)).between(
                ("ducked", "said"), "out"
            ),
        ),
        ("bed", "voice"),
        ("out",),
    )


def make_way(
    *,
    threshold: Number = Fraction(1, 8),
    ratio: Number = 2,
    attack_ms: Number = 20,
    release_ms: Number = 250,
    path: str = "$",
) -> FilterGraph:
    """The sound ``bed`` alone, as long as it is, quieter while ``voice`` is louder than the threshold.

    Threshold 0.000976563 to 1 (of full scale), ratio 1 to 20, attack 0.01 to 2000 ms, release 0.01 to 9000 ms.
    """
    least = Fraction(1, 100)
    squeeze = use(
        "sidechaincompress",
        threshold=within(threshold, _QUIETEST, 1, f"{path}.threshold"),
        ratio=within(ratio, 1, 20, f"{path}.ratio"),
        attack=within(attack_ms, least, 2000, f"{path}.attack_ms", unit="ms"),
        release=within(release_ms, least, 9000, f"{path}.release_ms", unit="ms"),
    )
    return FilterGraph(
        (
            # The compressor ends with the first of its inputs, and the bed may outlast the voice.
            chain(use("apad")).between("voice", "key"),
            chain(squeeze).between(("bed", "key"), "out"),
        ),
        ("bed", "voice"),
        ("out",),
    )


def pan(position: Number, *, path: str = "$") -> FilterChain:
    """Stereo sound moved between left (-1) and right (1): the other side gets quieter, at the ends silent."""
    side = within(position, -1, 1, f"{path}.position")
    left, right = (_plain(min(Fraction(1), share)) for share in (1 - side, 1 + side))
    return chain(
        use("aformat", channel_layouts="stereo"),
        use("pan", args=f"stereo|c0={left}*c0|c1={right}*c1"),
    )


def _plain(share: Fraction) -> str:
    """A number where FFmpeg reads digits only, no fractions."""
    return decimal(Fraction(round(share * 10**6), 10**6))
