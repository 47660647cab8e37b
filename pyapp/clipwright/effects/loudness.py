"""Effects on how loud sound is."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Annotated

import msgspec

from clipwright.effects.definition import Built, Context, Definition, Params, sound
from clipwright.effects.fields import hint, microseconds, number, several
from clipwright.errors import BadRequest
from clipwright.filters import dynamics, loudness
from clipwright.filters.dynamics import MOST_SPLITS, Squeeze
from clipwright.filters.expression import Expr, clip, expression, total, variables
from clipwright.filters.loudness import Measured, Precision, Target
from clipwright.filters.ranges import exact

_T = variables("t")[0]
_PRECISION = hint("How it is calculated.")
_MOST_POINTS = 200


class Volume(Params, frozen=True, kw_only=True):
    """What `loudness.volume` takes."""

    factor: Annotated[float, number(0, 10, "How many times as loud; 0 is silent.")] = 1
    precision: Annotated[Precision, _PRECISION] = "float"


class Gain(Params, frozen=True, kw_only=True):
    """What `loudness.gain` takes."""

    db: Annotated[float, number(-91, 20, "How much louder; below 0 quieter.", unit="dB")] = 0
    precision: Annotated[Precision, _PRECISION] = "float"


class VolumePoint(Params, frozen=True, kw_only=True):
    """How loud at a moment."""

    at_us: Annotated[int, microseconds("The moment, from the start of the clip.")]
    factor: Annotated[float, number(0, 10, "How many times as loud.")]


class VolumeEnvelope(Params, frozen=True, kw_only=True):
    """What `loudness.volume_over_time` is made from."""

    points: Annotated[
        tuple[VolumePoint, ...], several("Moments in order; between them it passes evenly.", 1, _MOST_POINTS)
    ]


class MeasuredLoudness(Params, frozen=True, kw_only=True):
    """What `loudness.Measured` takes."""

    lufs: Annotated[float, number(-99, 0, "How loud it is.", unit="LUFS")]
    true_peak_db: Annotated[float, number(-99, 99, "Its true peak.", unit="dBTP")]
    range_lu: Annotated[float, number(0, 99, "Its loudness range.", unit="LU")]
    threshold_lufs: Annotated[float, number(-99, 0, "The gate's threshold.", unit="LUFS")]
    offset_lu: Annotated[float, number(-99, 99, "The gain to add.", unit="LU")]


class NormalizeLoudness(Params, frozen=True, kw_only=True):
    """What `loudness.normalize_loudness` takes."""

    lufs: Annotated[float, number(-70, -5, "How loud it shall be (EBU R 128).", unit="LUFS")] = -16
    true_peak_db: Annotated[float, number(-9, 0, "What no peak goes above.", unit="dBTP")] = -1
    range_lu: Annotated[float, number(1, 50, "How far loud and quiet may be apart.", unit="LU")] = 11
    measured: Annotated[
        MeasuredLoudness | None,
        hint("What a first pass heard: then one gain does it where it can. null hears as it goes."),
    ] = None


class Limiter(Params, frozen=True, kw_only=True):
    """What `loudness.limit` takes."""

    ceiling_db: Annotated[float, number(-24, 0, "What no peak goes above.", unit="dB")] = -1
    attack_ms: Annotated[float, number(0.1, 80, "How soon it reacts.", unit="ms")] = 5
    release_ms: Annotated[float, number(1, 8000, "How soon it lets go.", unit="ms")] = 50


class Compressor(Params, frozen=True, kw_only=True):
    """What `dynamics.Squeeze` takes."""

    threshold: Annotated[float, number(0.000976563, 1, "Above which part of full scale it gets quieter.")] = (
        0.125
    )
    ratio: Annotated[float, number(1, 20, "How many times less it grows above that.")] = 2
    attack_ms: Annotated[float, number(0.01, 2000, "How soon it reacts.", unit="ms")] = 20
    release_ms: Annotated[float, number(0.01, 9000, "How soon it lets go.", unit="ms")] = 250
    makeup: Annotated[float, number(1, 64, "How many times as loud all of it gets afterwards.")] = 1


class MultibandCompressor(Params, frozen=True, kw_only=True):
    """What `dynamics.compress_bands` takes."""

    splits: Annotated[
        tuple[Annotated[int, number(20, 20_000, "A border between bands.", unit="Hz")], ...],
        several("Borders between bands, rising.", 1, MOST_SPLITS),
    ] = (200, 2000)
    bands: Annotated[
        tuple[Compressor, ...],
        several("A compressor for each band, one more than borders.", 2, MOST_SPLITS + 1),
    ] = (Compressor(), Compressor(), Compressor())


def _squeeze(params: Compressor) -> Squeeze:
    return Squeeze(**msgspec.structs.asdict(params))


def _compressor(params: Compressor, _context: Context, path: str) -> Built:
    return Built(audio=dynamics.compress(_squeeze(params), path=f"{path}.params"))


def _multiband(params: MultibandCompressor, _context: Context, path: str) -> Built:
    bands = [_squeeze(band) for band in params.bands]
    return Built(audio=dynamics.compress_bands(params.splits, bands, path=f"{path}.params"))


def _normalize(params: NormalizeLoudness, context: Context, path: str) -> Built:
    target = Target(lufs=params.lufs, true_peak_db=params.true_peak_db, range_lu=params.range_lu)
    here = f"{path}.params"
    if params.measured is None:
        return Built(audio=loudness.normalize_as_heard(target, sample_rate=context.sample_rate, path=here))
    heard = Measured(**msgspec.structs.asdict(params.measured))
    return Built(audio=loudness.normalize_loudness(target, heard, sample_rate=context.sample_rate, path=here))


def _envelope(params: VolumeEnvelope, _context: Context, path: str) -> Built:
    factor = expression(exact(params.points[0].factor))
    steps: list[Expr] = []
    for place, (before, after) in enumerate(pairwise(params.points), 1):
        if after.at_us <= before.at_us:
            raise BadRequest(
                "Points follow one another in time.",
                hint="Sort them, and leave out what stands twice.",
                path=f"{path}.params.points[{place}].at_us",
            )
        start = Fraction(before.at_us, 1_000_000)
        length = Fraction(after.at_us - before.at_us, 1_000_000)
        steps.append(clip((_T - start) / length, 0, 1) * (exact(after.factor) - exact(before.factor)))
    return Built(audio=loudness.volume_over_time(factor + total(steps) if steps else factor))


DEFINITIONS = (
    Definition(
        name="volume",
        summary="Makes the sound louder or quieter by a factor.",
        kind="audio",
        category="sound",
        params=Volume,
        builder=sound(loudness.volume),
        example={"factor": 0.5},
        limitable=True,
    ),
    Definition(
        name="gain",
        summary="Makes the sound louder or quieter by decibels.",
        kind="audio",
        category="sound",
        params=Gain,
        builder=sound(loudness.gain),
        example={"db": -6},
        limitable=True,
    ),
    Definition(
        name="volume_envelope",
        summary="Changes how loud the sound is over time, from point to point.",
        kind="audio",
        category="sound",
        params=VolumeEnvelope,
        builder=_envelope,
        example={"points": [{"at_us": 0, "factor": 1}, {"at_us": 1_500_000, "factor": 0.2}]},
        limitable=True,
    ),
    Definition(
        name="normalize_loudness",
        summary="Brings sound to a loudness (EBU R 128), as platforms ask for it.",
        kind="audio",
        category="sound",
        params=NormalizeLoudness,
        builder=_normalize,
        example={"lufs": -14, "true_peak_db": -1},
    ),
    Definition(
        name="limiter",
        summary="Keeps peaks below a ceiling.",
        kind="audio",
        category="sound",
        params=Limiter,
        builder=sound(loudness.limit),
        example={"ceiling_db": -20},
    ),
    Definition(
        name="compressor",
        summary="Makes loud passages quieter, so that all can be louder.",
        kind="audio",
        category="sound",
        params=Compressor,
        builder=_compressor,
        example={"threshold": 0.05, "ratio": 4, "makeup": 1.5},
    ),
    Definition(
        name="multiband_compressor",
        summary="A compressor for each band of the sound by itself.",
        kind="audio",
        category="sound",
        params=MultibandCompressor,
        builder=_multiband,
        example={"splits": [250, 4000], "bands": [{"ratio": 4}, {"ratio": 2}, {"threshold": 0.05}]},
    ),
)
