"""Loud passages made quieter: the compressor, for all of the sound or for each band of it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from clipwright.errors import BadRequest
from clipwright.filters.graph import Filter, FilterChain, FilterGraph, chain, use
from clipwright.filters.ranges import Number, whole, within

MOST_SPLITS = 8


class Squeeze(msgspec.Struct, frozen=True, kw_only=True):
    """A compressor: threshold 0.000976563 to 1 (of full scale), ratio 1 to 20, makeup 1 to 64.

    Attack 0.01 to 2000 ms, release 0.01 to 9000 ms.
    """

    threshold: Number = Fraction(1, 8)
    ratio: Number = 2
    attack_ms: Number = 20
    release_ms: Number = 250
    makeup: Number = 1


_GENTLE = Squeeze()


def compress(how: Squeeze = _GENTLE, *, path: str = "$") -> FilterChain:
    """What is louder than the threshold gets quieter."""
    return chain(_squeezing(how, path))


def compress_bands(splits: Sequence[int], bands: Sequence[Squeeze], *, path: str = "$") -> FilterGraph:
    """Each band by itself: 1 to 8 `splits` in Hz (20 to 20 000), rising, and one compressor more; ``in``, ``out``."""
    if not 1 <= len(splits) <= MOST_SPLITS or len(bands) != len(splits) + 1:
        raise BadRequest(
            f"{len(splits)} splits and {len(bands)} bands do not go together.",
            hint=f"Give 1 to {MOST_SPLITS} splits, and one band more.",
            path=f"{path}.bands",
        )
    at = [whole(split, 20, 20_000, f"{path}.splits[{n}]", unit="Hz") for n, split in enumerate(splits)]
    for place in range(1, len(at)):
        if at[place] <= at[place - 1]:
            raise BadRequest("Splits rise.", hint="Sort them.", path=f"{path}.splits[{place}]")
    cut, done = ([f"{name}{place}" for place in range(len(bands))] for name in ("band", "even"))
    chains = [
        chain(_squeezing(band, f"{path}.bands[{place}]")).between(cut[place], done[place])
        for place, band in enumerate(bands)
    ]
    split = use("acrossover", split=" ".join(map(str, at)))
    mixed = use("amix", inputs=len(bands), duration="longest", dropout_transition=0, normalize=0)
    ends = (chain(split).between("in", cut), *chains, chain(mixed).between(done, "out"))
    return FilterGraph(ends, ("in",), ("out",))


def _squeezing(how: Squeeze, path: str) -> Filter:
    least = Fraction(1, 100)
    return use(
        "acompressor",
        threshold=within(how.threshold, Fraction("0.000976563"), 1, f"{path}.threshold"),
        ratio=within(how.ratio, 1, 20, f"{path}.ratio"),
        attack=within(how.attack_ms, least, 2000, f"{path}.attack_ms", unit="ms"),
        release=within(how.release_ms, least, 9000, f"{path}.release_ms", unit="ms"),
        makeup=within(how.makeup, 1, 64, f"{path}.makeup"),
    )
