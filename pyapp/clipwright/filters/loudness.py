"""How loud: volume, loudness normalisation in two passes (EBU R 128), the limiter."""

from __future__ import annotations

import re
from fractions import Fraction
from math import isfinite, isnan
from typing import Literal, get_args

import msgspec

from clipwright.errors import BadRequest, EngineError
from clipwright.filters.expression import Expr, call, knowing, variables
from clipwright.filters.graph import Filter, FilterChain, Value, chain, use
from clipwright.filters.ranges import Number, decimal, exact, one_of, whole, within

Precision = Literal["fixed", "float", "double"]
"""How ``volume`` calculates."""
_VARIABLES = ("t", "n", "pts", "nb_channels", "sample_rate", "startt", "volume")
_STARTPTS, _N, _SR, _TB = variables("STARTPTS", "N", "SR", "TB")
_JSON = re.compile(r"\{\s*\"input_i\"[^{}]*\}")
_SILENCE = -70
"""EBU R 128 counts nothing below this; what measures no more is silent."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """How loud sound shall be: LUFS (-70 to -5), true peak in dBTP (-9 to 0), loudness range in LU (1 to 50)."""

    lufs: Number = -16
    true_peak_db: Number = -1
    range_lu: Number = 11


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What the first pass heard: LUFS, dBTP, LU, the gate's threshold in LUFS, and the gain to add in LU."""

    lufs: float
    true_peak_db: float
    range_lu: float
    threshold_lufs: float
    offset_lu: float


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    input_i: float
    input_tp: float
    input_lra: float
    input_thresh: float
    target_offset: float


def volume(factor: Number, *, precision: Precision = "float", path: str = "$") -> FilterChain:
    """Sound `factor` times as loud, 0 to 10."""
    return chain(
        use("volume", volume=within(factor, 0, 10, f"{path}.factor"), precision=_precise(precision, path))
    )


def gain(db: Number, *, precision: Precision = "float", path: str = "$") -> FilterChain:
    """Sound louder by `db` decibels, -91 to 20."""
    return chain(use("volume", volume=_db(db, -91, 20, f"{path}.db"), precision=_precise(precision, path)))


def volume_over_time(factor: Expr, *, path: str = "$") -> FilterChain:
    """Sound as many times as loud as the expression of the time `t` in seconds says."""
    return chain(use("volume", volume=knowing(factor, _VARIABLES, f"{path}.factor"), eval="frame"))


def measure_loudness(target: Target, *, path: str = "$") -> FilterChain:
    """The first pass: changes nothing that is kept, and says at the end what `measured` reads."""
    return chain(use("loudnorm", **_wanted(target, path), print_format="json"))


def measured(log: str) -> Measured:
    """What the first pass said in FFmpeg's log; EngineError where it said nothing."""
    found = _JSON.findall(log)
    if not found:
        raise EngineError(
            "The loudness could not be measured.", hint="Check that there is sound in it.", detail=log[-2000:]
        )
    said = msgspec.json.decode(found[-1], type=_Said, strict=False)
    return Measured(
        lufs=said.input_i,
        true_peak_db=said.input_tp,
        range_lu=said.input_lra,
        threshold_lufs=said.input_thresh,
        offset_lu=said.target_offset,
    )


def normalize_loudness(
    target: Target, heard: Measured, *, sample_rate: int = 48_000, path: str = "$"
) -> FilterChain:
    """The second pass: sound at the target, by one gain where that suffices. Silence stays as it is.

    loudnorm works at 192 kHz; `sample_rate` (8000 to 192 000 Hz) is what comes out.
    """
    rate = _rate(sample_rate, path)
    wanted = _wanted(target, path)
    if not isfinite(heard.lufs) or heard.lufs <= _SILENCE:
        return chain(rate)
    known = {
        "measured_I": _kept(heard.lufs, -99, 0),
        "measured_TP": _kept(heard.true_peak_db, -99, 99),
        "measured_LRA": _kept(heard.range_lu, 0, 99),
        "measured_thresh": _kept(heard.threshold_lufs, -99, 0),
        "offset": _kept(heard.offset_lu, -99, 99),
    }
    return chain(use("loudnorm", **wanted, **known, linear=1), rate)


def normalize_as_heard(target: Target, *, sample_rate: int = 48_000, path: str = "$") -> FilterChain:
    """Sound at about the target in one pass: the gain changes while it is heard. `sample_rate` as above."""
    return chain(use("loudnorm", **_wanted(target, path)), _rate(sample_rate, path))


def limit(
    ceiling_db: Number = -1, *, attack_ms: Number = 5, release_ms: Number = 50, path: str = "$"
) -> FilterChain:
    """Sound whose peaks stay below `ceiling_db` (-24 to 0 dB); attack 0.1 to 80 ms, release 1 to 8000 ms."""
    limiter = use(
        "alimiter",
        limit=_db(ceiling_db, -24, 0, f"{path}.ceiling_db"),
        attack=within(attack_ms, Fraction(1, 10), 80, f"{path}.attack_ms", unit="ms"),
        release=within(release_ms, 1, 8000, f"{path}.release_ms", unit="ms"),
        level=0,
        # It looks ahead for as long as the attack: without this, sound comes later by that.
        latency=1,
    )
    # What it keeps back until the end comes with times that may go back.
    return chain(limiter, use("asetpts", expr=_STARTPTS + call("round", _N / _SR / _TB)))


def _rate(sample_rate: int, path: str) -> Filter:
    # FFmpeg 5.1 finds no channel layout where `aresample` itself follows `loudnorm`.
    return use("aformat", sample_rates=whole(sample_rate, 8000, 192_000, f"{path}.sample_rate", unit="Hz"))


def _wanted(target: Target, path: str) -> dict[str, Value]:
    return {
        "I": within(target.lufs, -70, -5, f"{path}.lufs", unit="LUFS"),
        "TP": within(target.true_peak_db, -9, 0, f"{path}.true_peak_db", unit="dBTP"),
        "LRA": within(target.range_lu, 1, 50, f"{path}.range_lu", unit="LU"),
    }


def _kept(value: float, low: int, high: int) -> Fraction:
    """What was measured, within what the filter takes back."""
    if isnan(value):
        raise BadRequest("The measured loudness is not a number.", hint="Measure again.", path="$.measured")
    return exact(min(max(value, float(low)), float(high)))


def _db(value: Number, low: int, high: int, path: str) -> str:
    # FFmpeg's numbers may end in dB, where its fractions may not; a thousandth is more than anybody hears.
    return f"{decimal(Fraction(round(within(value, low, high, path, unit='dB') * 1000), 1000))}dB"


def _precise(precision: Precision, path: str) -> str:
    return one_of(precision, get_args(Precision), f"{path}.precision")
