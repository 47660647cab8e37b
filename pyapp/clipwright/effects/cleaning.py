"""Effects that clean sound, or bring out a part of it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from clipwright.effects.definition import Built, Context, Definition, Params, sound
from clipwright.effects.fields import hint, number, several
from clipwright.filters import cleaning
from clipwright.filters.cleaning import MOST_BANDS, Band, WidthUnit


class NoiseReduction(Params, frozen=True, kw_only=True):
    """What `cleaning.denoise` takes."""

    strength: Annotated[float, number(0, 1, "How much of the noise goes.")] = 0.125


class Declick(Params, frozen=True, kw_only=True):
    """What `cleaning.declick` takes."""

    threshold: Annotated[float, number(1.5, 100, "How strong a click must be; less finds more of them.")] = 2


class Deesser(Params, frozen=True, kw_only=True):
    """What `cleaning.deess` takes."""

    intensity: Annotated[float, number(0, 1, "How much softer an S gets.")] = 0.5
    frequency: Annotated[float, number(1000, 16_000, "Above what.", unit="Hz")] = 6000


class RumbleFilter(Params, frozen=True, kw_only=True):
    """What `cleaning.deplode` takes."""

    cutoff: Annotated[float, number(10, 200, "Below what nothing is heard.", unit="Hz")] = 60


class EqualizerBand(Params, frozen=True, kw_only=True):
    """What `cleaning.Band` takes."""

    frequency: Annotated[float, number(20, 20_000, "The middle of the band.", unit="Hz")]
    gain_db: Annotated[float, number(-24, 24, "How much louder; below 0 quieter.", unit="dB")]
    width: Annotated[float, number(0, 20_000, "How wide the band is.", above=True)] = 1
    width_unit: Annotated[WidthUnit, hint("What the width counts in.")] = "q"


class Equalizer(Params, frozen=True, kw_only=True):
    """What `cleaning.equalize` takes."""

    bands: Annotated[tuple[EqualizerBand, ...], several("What gets louder or quieter.", 1, MOST_BANDS)]


def _deesser(params: Deesser, context: Context, path: str) -> Built:
    return Built(
        audio=cleaning.deess(
            params.intensity, params.frequency, sample_rate=context.sample_rate, path=f"{path}.params"
        )
    )


def _equalizer(params: Equalizer, _context: Context, path: str) -> Built:
    bands = [Band(**msgspec.structs.asdict(band)) for band in params.bands]
    return Built(audio=cleaning.equalize(bands, path=f"{path}.params"))


DEFINITIONS = (
    Definition(
        name="noise_reduction",
        summary="Takes out steady noise.",
        kind="audio",
        category="sound",
        params=NoiseReduction,
        builder=sound(cleaning.denoise),
        example={"strength": 0.3},
    ),
    Definition(
        name="declick",
        summary="Takes out clicks.",
        kind="audio",
        category="sound",
        params=Declick,
        builder=sound(cleaning.declick),
        example={"threshold": 2},
        limitable=True,
    ),
    Definition(
        name="deesser",
        summary="Softens sharp S sounds.",
        kind="audio",
        category="sound",
        params=Deesser,
        builder=_deesser,
        example={"intensity": 0.6},
        limitable=True,
    ),
    Definition(
        name="rumble_filter",
        summary="Takes out rumble and the plosives of a P.",
        kind="audio",
        category="sound",
        params=RumbleFilter,
        builder=sound(cleaning.deplode),
        example={"cutoff": 80},
        limitable=True,
    ),
    Definition(
        name="equalizer",
        summary="Makes bands of the sound louder or quieter.",
        kind="audio",
        category="sound",
        params=Equalizer,
        builder=_equalizer,
        example={"bands": [{"frequency": 440, "gain_db": -6}, {"frequency": 3000, "gain_db": 3, "width": 2}]},
        limitable=True,
    ),
)
