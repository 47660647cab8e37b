"""Frame rates as they follow from presentation times."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from clipwright.framerate import MAX_RATE, round_half_up

_KNOWN = tuple(
    sorted(
        [Fraction(rate) for rate in (5, 6, 8, 10, 12, 15, 18, 20, 24, 25, 30, 48, 50, 60, 72, 75)]
        + [Fraction(rate) for rate in (90, 100, 120, 144, 200, 240)]
        + [Fraction(nominal * 1000, 1001) for nominal in (12, 15, 24, 30, 48, 60, 120, 240)]
        + [Fraction(25, 2)]
    )
)
_ROUNDING = Fraction(11, 10)
"""Ticks within which a rounded grid lies; a little over one, as times may have been rounded twice."""

_FOREIGN_ROUNDING = Fraction(11, 10_000)
"""The same in seconds, for times that were whole milliseconds in Matroska or WebM before."""

_LARGEST_DENOMINATOR = 1001


def frame_rate(timestamps: Sequence[int], time_base: Fraction) -> tuple[Fraction | None, bool]:
    """The frame rate of pictures presented at `timestamps`, and whether it varies.

    `timestamps` are ticks of `time_base` seconds in decode order, which may stop in the middle of a
    stream. The rate is constant where every picture lies on an even grid as exactly as the clock can say
    it, the first interval aside; otherwise it is the average. None where there are too few to tell.
    """
    times = _settled(timestamps)
    if len(times) < 2:
        return None, False
    rate = _even(times, time_base)
    if rate is None and len(times) > 4:
        rate = _even(times[1:], time_base)
    if rate is not None:
        return (rate, False) if rate <= MAX_RATE else (None, False)
    average = (len(times) - 1) / ((times[-1] - times[0]) * time_base)
    rounded = average.limit_denominator(_LARGEST_DENOMINATOR)
    return (rounded, True) if 0 < rounded <= MAX_RATE else (None, True)


def _settled(timestamps: Sequence[int]) -> list[int]:
    """The distinct times in order, without those among which a picture not yet seen may fall.

    A picture that is decoded ahead of its turn leaves a gap until the ones before it arrive. So many as
    the most that any went ahead, so many at the end may be waiting.
    """
    decoded = list(dict.fromkeys(timestamps))
    shown = sorted(decoded)
    turn = {time: place for place, time in enumerate(shown)}
    ahead = max((turn[time] - place for place, time in enumerate(decoded)), default=0)
    settled = shown[: len(shown) - ahead]
    return settled if len(settled) > 1 else shown


def _even(times: Sequence[int], time_base: Fraction) -> Fraction | None:
    """The rate at which `times` are one picture after another, within what rounding explains; else None."""
    count = len(times) - 1
    mean = Fraction(times[-1] - times[0], count)
    stray = _spread(times, mean)
    measured = 1 / (mean * time_base)
    if stray == 0 and (measured in _KNOWN or measured.denominator == 1):
        return measured
    # Less than a quarter of an interval, or a picture left out would pass for rounding.
    tolerance = min(max(_ROUNDING, min(_FOREIGN_ROUNDING / time_base, mean / 8)), mean / 5)
    # Rounding of the first and the last time tilts the mean, which doubles what it explains.
    if stray > 2 * tolerance:
        return None
    slack = 2 * tolerance / (mean * count) * measured
    near = [rate for rate in _KNOWN if abs(rate - measured) <= slack]
    fitting = [rate for rate in near if _spread(times, 1 / (rate * time_base)) <= tolerance]
    if fitting:
        return min(fitting, key=lambda rate: abs(rate - measured))
    whole = Fraction(max(1, round_half_up(measured)))
    if stray and abs(whole - measured) <= slack:
        return whole
    return measured.limit_denominator(_LARGEST_DENOMINATOR)


def _spread(times: Sequence[int], period: Fraction) -> Fraction:
    """How far `times` stray from a grid of `period`, from the earliest of them to the latest, in ticks."""
    strays = [time * period.denominator - place * period.numerator for place, time in enumerate(times)]
    return Fraction(max(strays) - min(strays), period.denominator)
