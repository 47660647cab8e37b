"""Frame rates, and where frames lie on the clock, in exact arithmetic.

Frame `n` at rate `R` starts at ``n / R`` seconds, rounded half up to a whole microsecond; a frame lasts
until the next one starts. A timecode is a *label* that counts frames at the nominal rate (30 for
30000/1001), so it runs behind the clock unless drop frame skips labels (never frames) to catch up.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from clipwright.errors import BadRequest

SECOND = 1_000_000
"""Microseconds in a second."""

MAX_RATE = 1000
"""Rates above this are refused: no picture is that fast, and frame starts must stay distinct in µs."""

_NTSC_NOMINAL = (24, 30, 48, 60, 120, 240)
_RATE = re.compile(r"(?P<number>\d{1,20})(?:/(?P<den>\d{1,20})|\.(?P<decimals>\d{1,12}))?", re.ASCII)


class Label(NamedTuple):
    """The four fields of a timecode."""

    hours: int
    minutes: int
    seconds: int
    frames: int


def parse_rate(text: str | Fraction) -> Fraction:
    """Frames per second from ``30000/1001``, ``25`` or ``29.97``.

    The decimals by which NTSC rates are known (23.976, 23.98, 29.97, 59.94, 119.88 ...) mean the exact
    n*1000/1001. Raises BadRequest for anything else, for 0 and for more than 1000.
    """
    rate = text if isinstance(text, Fraction) else _read_rate(text)
    if rate is None or not 0 < rate <= MAX_RATE:
        raise BadRequest(
            f'"{str(text)[:40]}" is not a frame rate.',
            hint=f"Write frames per second as 25, 29.97 or 30000/1001, above 0 and at most {MAX_RATE}.",
        )
    return rate


def _read_rate(text: str) -> Fraction | None:
    match = _RATE.fullmatch(text.strip(" "))
    if match is None:
        return None
    if match["den"] is not None:
        return Fraction(int(match["number"]), int(match["den"])) if int(match["den"]) else None
    if match["decimals"] is None:
        return Fraction(match["number"])
    return _ntsc_meant(match["number"], match["decimals"]) or Fraction(match[0])


def _ntsc_meant(number: str, decimals: str) -> Fraction | None:
    """The NTSC rate that was rounded or cut to these decimals, if one was."""
    if len(decimals) < 2:
        return None
    scale = 10 ** len(decimals)
    written = int(number + decimals)
    for nominal in _NTSC_NOMINAL:
        exact = Fraction(nominal * 1000, 1001)
        if written in (exact * scale // 1, round_half_up(exact * scale)):
            return exact
    return None


def round_half_up(value: Fraction) -> int:
    """The nearest whole number; the greater of two that are equally near."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def start_of(frame: int, rate: Fraction) -> int:
    """When frame number `frame`, counted from 0, starts; in microseconds."""
    # As whole numbers: timelines ask this for every clip many times, and a Fraction takes ten times as long.
    us = 2 * frame * SECOND * rate.denominator
    return (us + rate.numerator) // (2 * rate.numerator)


def frame_at(us: int, rate: Fraction) -> int:
    """The number of the frame on show at `us` microseconds; ``frame_at(start_of(n)) == n`` for every n.

    It is the last n with ``start_of(n) <= us``: floor(n/R + 1/2) <= us is n/R < us + 1/2.
    """
    return -(-(2 * us + 1) * rate.numerator // (2 * SECOND * rate.denominator)) - 1


def frames_before(us: int, rate: Fraction) -> int:
    """How many frames start before `us` microseconds; also the first frame that starts at or after it."""
    return frame_at(us - 1, rate) + 1


def nominal_rate(rate: Fraction) -> int:
    """How many frames a timecode counts per second: 24 for 24000/1001, 30 for 30000/1001."""
    return max(1, round_half_up(rate))


def dropped_per_minute(rate: Fraction) -> int:
    """How many labels drop frame skips each minute but every tenth; 0 where drop frame does not exist.

    It exists for 29.97 (2) and 59.94 (4). Rates measured from a file come close without being exact.
    """
    for nominal, dropped in ((30, 2), (60, 4)):
        if abs(rate - Fraction(nominal * 1000, 1001)) < Fraction(1, 100):
            return dropped
    return 0


def label_of(frame: int, rate: Fraction, *, drop: bool) -> Label:
    """The timecode of frame number `frame` >= 0, counting by drop frame or not.

    Raises BadRequest where `drop` is asked for and the rate has no drop frame.
    """
    nominal = nominal_rate(rate)
    if drop:
        dropped = _required_drop(rate)
        minute = 60 * nominal - dropped
        tens, rest = divmod(frame, 10 * minute + dropped)
        # The first minute of ten keeps all its labels, so it is `dropped` frames longer than the others.
        skipping_minutes = max(0, rest - dropped) // minute
        frame += dropped * (9 * tens + skipping_minutes)
    seconds, frames = divmod(frame, nominal)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return Label(hours, minutes, seconds, frames)


def frame_of(label: Label, rate: Fraction, *, drop: bool) -> int:
    """The number of the frame that bears `label`.

    Raises BadRequest for a label that no frame bears: a frame field at or above the nominal rate, a
    label that drop frame skips, or drop frame at a rate that has none.
    """
    nominal = nominal_rate(rate)
    if label.frames >= nominal:
        raise BadRequest(
            f"Timecode at {rate} fps numbers the frames of a second from 0 to {nominal - 1}.",
            hint=f"Write a frame number up to {nominal - 1}, or the seconds with a decimal point.",
        )
    minutes = 60 * label.hours + label.minutes
    frame = (60 * minutes + label.seconds) * nominal + label.frames
    if not drop:
        return frame
    dropped = _required_drop(rate)
    if label.minutes % 10 and label.seconds == 0 and label.frames < dropped:
        raise BadRequest(
            f"Drop frame skips the first {dropped} frame numbers of this minute.",
            hint=f"Write frame {dropped:02}, the first that this minute has.",
        )
    return frame - dropped * (minutes - minutes // 10)


def _required_drop(rate: Fraction) -> int:
    dropped = dropped_per_minute(rate)
    if not dropped:
        raise BadRequest(
            f"Drop frame exists only at 29.97 and 59.94 fps, not at {rate} fps.",
            hint="Write a colon, not a semicolon, before the frame number.",
        )
    return dropped
