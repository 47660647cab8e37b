"""The forms in which people write times, told apart by their whole shape.

Nothing here is a float: a written fraction is exact until it is rounded, half up, to a microsecond.
Reading is linear: a text is at most `MAX_TEXT` characters long and is scanned once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import NamedTuple

from clipwright.errors import BadRequest
from clipwright.framerate import SECOND, Label, frame_of, parse_rate, round_half_up, start_of

MAX_US = 1000 * 3600 * SECOND
"""No written time may be longer: a thousand hours, in microseconds."""

MAX_TEXT = 100
"""No written time may have more characters."""

ACCEPTED_FORMS = (
    "Write a time as seconds (90 or 90.5), MM:SS, HH:MM:SS.mmm, with units (1h 30m 45.5s, 250 ms) or as "
    "ISO 8601 (PT1M30S); start, end, -10 (before the end) or 50% where the file's length is known; "
    "120f or HH:MM:SS:FF (HH:MM:SS;FF for drop frame) where the frame rate is known."
)
"""The hint of every refusal."""

_TOO_LONG = f"It is longer than {MAX_US // (3600 * SECOND)} hours."
_NO_FORM = "It has none of the accepted forms."

_MINUTE = 60 * SECOND
_UNITS: dict[str, int] = {
    name: us
    for us, names in {
        7 * 24 * 3600 * SECOND: "w week weeks",
        24 * 3600 * SECOND: "d day days",
        3600 * SECOND: "h hr hrs hour hours",
        _MINUTE: "m min mins minute minutes",
        SECOND: "s sec secs second seconds",
        1000: "ms msec msecs milli millis millisecond milliseconds",
        1: "us µs μs microsecond microseconds",  # both the micro sign and the Greek letter
    }.items()
    for name in names.split()
}

# Copied text brings these along. Digits of other scripts are refused: some of them look like other digits.
_PLAIN = str.maketrans({"\t": " ", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2212": "-"})

_NUMBER = r"(?:\d+(?:[.,]\d+)?|[.,]\d+)"
_SECONDS = re.compile(_NUMBER, re.ASCII)
_PERCENT = re.compile(rf"({_NUMBER}) *%", re.ASCII)
_FRAMES = re.compile(r"(\d+) *(?:f|frames?)\.?", re.ASCII)
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2}(?:[.,]\d+)?)", re.ASCII)
_TIMECODE = re.compile(r"(\d+)([:;])(\d{1,2})([:;])(\d{1,2})([:;])(\d{1,3})", re.ASCII)
_STAMP = re.compile(r"(\d{2,})-(\d{2})", re.ASCII)
_ISO = re.compile(
    rf"p(?:({_NUMBER})w)?(?:({_NUMBER})d)?(?:t(?:({_NUMBER})h)?(?:({_NUMBER})m)?(?:({_NUMBER})s)?)?(?<![pt])",
    re.ASCII,
)
_ISO_UNITS = tuple(_UNITS[unit] for unit in "wdhms")
_ITEM = re.compile(rf"({_NUMBER}) *([a-zµμ]+)(?:\.(?![^ ,]))?", re.ASCII)
_GAP = re.compile(r" *, *(?:and +)?| +(?:and +)?|", re.ASCII)


class Amount(NamedTuple):
    """A stretch of time; `frames` where it was written as a count of frames."""

    us: int
    frames: int | None = None


@dataclass(frozen=True)
class Writing:
    """What was written, what is known about the file it belongs to, and where in the request it stands."""

    written: str | int | float
    frame_rate: str | Fraction | None
    duration_us: int | None
    path: str

    def refusal(self, why: str) -> BadRequest:
        """The error that quotes what was written, says why, and lists the accepted forms."""
        message = f"{quote(self.written)} cannot be read as a time. {why}"
        return BadRequest(message, hint=ACCEPTED_FORMS, path=self.path)

    def rate(self) -> Fraction:
        """Frames per second; raises BadRequest where no rate is known."""
        if self.frame_rate is None:
            raise self.refusal("A time in frames needs a frame rate, and none is known.")
        return parse_rate(self.frame_rate)

    def duration(self) -> int:
        """The file's length in microseconds; raises BadRequest where it is not known."""
        if self.duration_us is None:
            raise self.refusal("It counts from the file's length, which is not known here.")
        return self.duration_us


def plain_text(writing: Writing) -> str:
    """The text to read: small letters, plain blanks, none around. Numbers become their text.

    Raises BadRequest for an empty or overlong text and for a number that is no time.
    """
    written = writing.written
    if isinstance(written, str):
        if len(written) > MAX_TEXT:
            raise writing.refusal(f"It is longer than {MAX_TEXT} characters.")
        text = written.translate(_PLAIN).strip(" \r\n")
        if not text:
            raise writing.refusal("It is empty.")
        return text.lower()
    if isinstance(written, bool) or (isinstance(written, float) and not isfinite(written)):
        raise writing.refusal("It is not a number of seconds.")
    if abs(written) * SECOND > MAX_US:
        raise writing.refusal(_TOO_LONG)
    return format(Decimal(repr(written)), "f")


def amount_of(plain: str, writing: Writing) -> Amount:
    """How much time `plain` says, which has no sign and is none of ``start``, ``end`` and ``inf``.

    Raises BadRequest for anything that is not a time, or not a possible one.
    """
    frames: int | None = None
    if _SECONDS.fullmatch(plain):
        us = round_half_up(_exact(plain) * SECOND)
    elif match := _PERCENT.fullmatch(plain):
        return Amount(_share(_exact(match[1]), writing))
    elif match := _CLOCK.fullmatch(plain):
        us = _clock(match[1], match[2], match[3], writing)
    elif match := _STAMP.fullmatch(plain):
        us = _clock(None, match[1], match[2], writing)
    elif match := _ISO.fullmatch(plain):
        parts = zip(match.groups(default="0"), _ISO_UNITS, strict=True)
        us = round_half_up(sum((_exact(number) * unit for number, unit in parts), Fraction()))
    else:
        if match := _FRAMES.fullmatch(plain):
            frames = int(match[1])
        elif match := _TIMECODE.fullmatch(plain):
            frames = _labelled_frame(match, writing)
        us = _units(plain, writing) if frames is None else start_of(frames, writing.rate())
    if us > MAX_US:
        raise writing.refusal(_TOO_LONG)
    return Amount(us, frames)


def _exact(number: str) -> Fraction:
    return Fraction(number.replace(",", "."))


def _share(percent: Fraction, writing: Writing) -> int:
    if percent > 100:
        raise writing.refusal("It is more than the whole file.")
    return round_half_up(writing.duration() * percent / 100)


def _clock(hours: str | None, minutes: str, seconds: str, writing: Writing) -> int:
    if hours is not None and (len(minutes) > 2 or int(minutes) >= 60):
        raise writing.refusal("After hours, minutes go from 0 to 59.")
    if _exact(seconds) >= 60:
        raise writing.refusal("After minutes, seconds go from 0 to 59.")
    return 60 * _MINUTE * int(hours or 0) + _MINUTE * int(minutes) + round_half_up(_exact(seconds) * SECOND)


def _labelled_frame(match: re.Match[str], writing: Writing) -> int:
    """The frame of an ``HH:MM:SS:FF``; a last ``;``, or ``;`` throughout, means drop frame."""
    separators = match[2] + match[4] + match[6]
    if separators not in (":::", "::;", ";;;"):
        raise writing.refusal(_NO_FORM)
    label = Label(int(match[1]), int(match[3]), int(match[5]), int(match[7]))
    if label.minutes >= 60 or label.seconds >= 60:
        raise writing.refusal("Minutes and seconds go from 0 to 59.")
    rate = writing.rate()
    try:
        return frame_of(label, rate, drop=separators.endswith(";"))
    except BadRequest as impossible:
        raise writing.refusal(impossible.message) from None


def _units(plain: str, writing: Writing) -> int:
    """Numbers with units, the greater unit first; after minutes a bare number means seconds."""
    total = Fraction()
    smallest: int | None = None
    position, gap = 0, ""
    while position < len(plain):
        if smallest is not None and not gap and plain[position] in ".,":
            raise writing.refusal(_NO_FORM)
        item = _ITEM.match(plain, position)
        if item is None:
            return round_half_up(total + _bare_seconds(plain[position:], smallest, gap, writing))
        unit = _UNITS.get(item[2])
        if unit is None:
            raise writing.refusal(f"There is no unit {quote(item[2])}.")
        if smallest is not None and unit >= smallest:
            raise writing.refusal("Each unit may stand once, the greater before the smaller.")
        total += _exact(item[1]) * unit
        smallest = unit
        gap = _next_gap(plain, item.end())
        position = item.end() + len(gap)
    if smallest is None or gap:
        raise writing.refusal(_NO_FORM)
    return round_half_up(total)


def _next_gap(plain: str, position: int) -> str:
    match = _GAP.match(plain, position)
    return match[0] if match else ""


def _bare_seconds(rest: str, smallest: int | None, gap: str, writing: Writing) -> Fraction:
    if smallest is None or "," in gap or not _SECONDS.fullmatch(rest):
        raise writing.refusal(_NO_FORM)
    if smallest != _MINUTE:
        raise writing.refusal(f"It does not say which unit the {rest} at its end has.")
    return _exact(rest) * SECOND


def quote(written: str | int | float) -> str:
    """What was written, in quotes: cut short, and with nothing in it that could disturb the sentence."""
    if not isinstance(written, str):
        # The text of a huge int takes quadratic time to make, and Python refuses to above 4300 digits.
        written = str(written) if isinstance(written, float) or abs(written) < 10**40 else "a huge number"
    short = written if len(written) <= 60 else f"{written[:60]}…"
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in short)
    return f"“{plain}”"
