"""Sound made cleaner: noise, clicks, sharp S and plosives taken out, and an equaliser."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, get_args

import msgspec

from clipwright.errors import BadRequest
from clipwright.filters.expression import call, variables
from clipwright.filters.graph import Filter, FilterChain, chain, use
from clipwright.filters.ranges import Number, one_of, within

WidthUnit = Literal["q", "octaves", "hz"]
"""What the width of a band is counted in."""
_UNITS = {"q": "q", "octaves": "o", "hz": "h"}
MOST_BANDS = 32
_LATE = Fraction(1, 40)
_PTS, _TB = variables("PTS", "TB")


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """One band of the equaliser: 20 to 20 000 Hz, -24 to 24 dB, a width of more than 0 (at most 20 000)."""

    frequency: Number
    gain_db: Number
    width: Number = 1
    width_unit: WidthUnit = "q"


def denoise(strength: Number = Fraction(1, 8), *, path: str = "$") -> FilterChain:
    """Less steady noise; strength 0 to 1, which is up to 97 dB."""
    reduction = within(strength, 0, 1, f"{path}.strength") * 97
    return chain(
        # afftdn gives its sound later by two of its blocks, and not the end of it.
        use("apad", pad_dur=_LATE),
        # What it calls the least.
        use("afftdn", noise_reduction=max(reduction, Fraction(1, 100))),
        use("atrim", start=_LATE),
        use("asetpts", expr=_PTS - call("round", _LATE / _TB)),
    )


def declick(threshold: Number = 2, *, path: str = "$") -> FilterChain:
    """Without clicks; a `threshold` of 1 to 100, where less finds more of them."""
    return chain(use("adeclick", threshold=within(threshold, 1, 100, f"{path}.threshold")))


def deess(
    intensity: Number = Fraction(1, 2),
    frequency: Number = 6000,
    *,
    sample_rate: int = 48_000,
    path: str = "$",
) -> FilterChain:
    """Softer S; intensity 0 to 1, above a frequency of 1000 to 16 000 Hz in sound of `sample_rate` Hz."""
    rate = within(sample_rate, 8000, 192_000, f"{path}.sample_rate", unit="Hz")
    above = within(frequency, 1000, 16_000, f"{path}.frequency", unit="Hz")
    return chain(
        use("deesser", i=within(intensity, 0, 1, f"{path}.intensity"), f=min(above / (rate / 2), Fraction(1)))
    )


def deplode(cutoff: Number = 60, *, path: str = "$") -> FilterChain:
    """Without plosives' rumble: nothing below `cutoff`, 10 to 200 Hz."""
    return chain(use("highpass", frequency=within(cutoff, 10, 200, f"{path}.cutoff", unit="Hz")))


def equalize(bands: Sequence[Band], *, path: str = "$") -> FilterChain:
    """Each of 1 to 32 bands louder or quieter."""
    if not 1 <= len(bands) <= MOST_BANDS:
        raise BadRequest(
            f"The equaliser has 1 to {MOST_BANDS} bands, not {len(bands)}.",
            hint="Give at least one, and fewer than that.",
            path=f"{path}.bands",
        )
    return chain(*(_band(band, f"{path}.bands[{place}]") for place, band in enumerate(bands)))


def _band(band: Band, path: str) -> Filter:
    return use(
        "equalizer",
        frequency=within(band.frequency, 20, 20_000, f"{path}.frequency", unit="Hz"),
        width_type=_UNITS[one_of(band.width_unit, get_args(WidthUnit), f"{path}.width_unit")],
        width=within(band.width, 0, 20_000, f"{path}.width", above=True),
        gain=within(band.gain_db, -24, 24, f"{path}.gain_db", unit="dB"),
    )
