"""Times as people write them, read into whole microseconds, and written back.

Every writer here has its reader: ``parse(write(t)) == t`` for every t that the form can express.
"""

from __future__ import annotations

from fractions import Fraction

from clipwright.errors import BadRequest
from clipwright.framerate import (
    SECOND,
    dropped_per_minute,
    frame_at,
    frames_before,
    label_of,
    nominal_rate,
    parse_rate,
    start_of,
)
from clipwright.writtentime import ACCEPTED_FORMS, MAX_US, Amount, Writing, amount_of, plain_text, quote

__all__ = [
    "ACCEPTED_FORMS",
    "MAX_US",
    "frame_at",
    "hms",
    "human",
    "iso",
    "ms",
    "parse",
    "parse_rate",
    "parse_span",
    "smpte",
    "stamp",
    "start_of",
]

_MINUTE = 60 * SECOND

Written = str | int | float
"""What a person or a script may give as a time."""


def parse(
    text: Written,
    *,
    frame_rate: str | Fraction | None = None,
    duration_us: int | None = None,
    path: str = "",
) -> int:
    """The time that `text` means, in microseconds from the start; `ACCEPTED_FORMS` lists what it may say.

    A number means what the same text means: seconds. `duration_us` is the file's length, which ``end``,
    ``-10`` and ``50%`` count from; `path` is where in the request the text stands, for the error.
    Raises BadRequest for a text that is empty, ambiguous or impossible.
    """
    writing = Writing(text, frame_rate, duration_us, path)
    if duration_us is not None and duration_us < 0:
        raise BadRequest(f"A file cannot be {duration_us} µs long.", hint="Give its length, or none.")
    plain = plain_text(writing)
    if plain == "start":
        return 0
    if plain in ("end", "inf"):
        return writing.duration()
    if plain.startswith("-"):
        return _before_end(plain[1:], writing)
    return amount_of(plain, writing).us


def _before_end(plain: str, writing: Writing) -> int:
    amount = amount_of(plain, writing)
    duration = writing.duration()
    time = duration - amount.us
    if amount.frames is not None:
        rate = writing.rate()
        time = start_of(frames_before(duration, rate) - amount.frames, rate)
    if time < 0:
        raise writing.refusal(f"That lies before the start: the file is only {human(duration)} long.")
    return time


def parse_span(
    start: Written,
    end: Written | None = None,
    duration: Written | None = None,
    *,
    media_duration_us: int | None = None,
    frame_rate: str | Fraction | None = None,
) -> tuple[int, int]:
    """The half-open interval ``(start_us, end_us)`` of a request for one clip.

    Without `end` and `duration` it runs to the end of the file, whose length is `media_duration_us`. An
    end beyond that stands as it was asked for: the caller decides what to make of it. A `duration` in
    frames is that many whole frames. Raises BadRequest where both are given, for a start at or beyond the
    end of the file, and for a span that is empty or runs backwards; its `path` says which field.
    """
    if end is not None and duration is not None:
        raise BadRequest(
            f"Both an end, {quote(end)}, and a length, {quote(duration)}, were given.",
            hint="Give one of the two.",
            path="$.request.duration",
        )
    start_us = parse(start, frame_rate=frame_rate, duration_us=media_duration_us, path="$.request.start")
    if media_duration_us is not None and start_us >= media_duration_us:
        raise BadRequest(
            f"The clip cannot start at {quote(start)}: the file is only {human(media_duration_us)} long.",
            hint=f"Choose a start before {hms(media_duration_us)}.",
            path="$.request.start",
        )
    if duration is not None:
        length = Writing(duration, frame_rate, media_duration_us, "$.request.duration")
        end_us = start_us + _length(length, start_us)
    else:
        end = "end" if end is None else end
        end_us = parse(end, frame_rate=frame_rate, duration_us=media_duration_us, path="$.request.end")
        if end_us <= start_us:
            raise _ends_too_early(start, end, media_duration_us)
    return start_us, end_us


def _ends_too_early(start: Written, end: Written, media_duration_us: int | None) -> BadRequest:
    file = "" if media_duration_us is None else f" in a file that is {human(media_duration_us)} long"
    return BadRequest(
        f"The clip cannot start at {quote(start)} and end at {quote(end)}{file}: it would hold nothing.",
        hint="Choose a later end or an earlier start.",
        path="$.request.end",
    )


def _length(writing: Writing, start_us: int) -> int:
    """How long a clip from `start_us` is whose length was written so; in microseconds, above zero."""
    plain = plain_text(writing)
    if plain.startswith("-"):
        raise writing.refusal("A length cannot be below zero.")
    if plain in ("end", "inf"):
        return writing.duration() - start_us
    amount = Amount(0) if plain == "start" else amount_of(plain, writing)
    if amount.us == 0:
        raise writing.refusal("A clip of no length holds nothing.")
    if amount.frames is None:
        return amount.us
    # Counted on the frame grid: frame starts are rounded, so adding lengths could let one more frame in.
    rate = writing.rate()
    return start_of(frames_before(start_us, rate) + amount.frames, rate) - start_us


def hms(us: int) -> str:
    """``HH:MM:SS.mmm``, milliseconds cut off so that a time never lies after the frame it belongs to."""
    sign, ms = _signed(us // 1000)
    return f"{sign}{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def ms(us: int) -> str:
    """``MM:SS.mmm``, minutes going on past 59, milliseconds cut off as in `hms`."""
    sign, ms = _signed(us // 1000)
    return f"{sign}{ms // 60_000:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def human(us: int) -> str:
    """``1 h 30 min 45.5 s``: only the parts that are not zero, milliseconds cut off as in `hms`."""
    sign, ms = _signed(us // 1000)
    hours, minutes, seconds = ms // 3_600_000, ms // 60_000 % 60, _decimal(ms % 60_000, 3)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    if seconds != "0" or not ms:
        parts.append(f"{seconds} s")
    return sign + " ".join(filter(None, parts))


def iso(us: int) -> str:
    """ISO 8601, ``PT1H30M45.5S``, exact to the microsecond."""
    sign, us = _signed(us)
    hours, minutes, seconds = us // (60 * _MINUTE), us // _MINUTE % 60, _decimal(us % _MINUTE, 6)
    parts = [f"{hours}H" if hours else "", f"{minutes}M" if minutes else ""]
    if seconds != "0" or not us:
        parts.append(f"{seconds}S")
    return f"{sign}PT{''.join(parts)}"


def stamp(us: int) -> str:
    """``MM-SS`` for file names, minutes going on past 59, the fraction cut off."""
    sign, seconds = _signed(us // SECOND)
    return f"{sign}{seconds // 60:02}-{seconds % 60:02}"


def smpte(us: int, rate: Fraction | str, drop: bool | None = None) -> str:
    """The timecode of the frame on show at `us`: ``HH:MM:SS:FF``, or ``HH:MM:SS;FF`` by drop frame.

    `drop` None means drop frame wherever it exists, 29.97 and 59.94. Raises BadRequest for a `drop` at
    another rate.
    """
    rate = parse_rate(rate)
    drop = bool(dropped_per_minute(rate)) if drop is None else drop
    sign, frame = _signed(frame_at(us, rate))
    label = label_of(frame, rate, drop=drop)
    width = len(str(nominal_rate(rate) - 1))
    return (
        f"{sign}{label.hours:02}:{label.minutes:02}:{label.seconds:02}"
        f"{';' if drop else ':'}{label.frames:0{max(2, width)}}"
    )


def _signed(ticks: int) -> tuple[str, int]:
    return ("-" if ticks < 0 else ""), abs(ticks)


def _decimal(ticks: int, digits: int) -> str:
    """`ticks` of 10^-digits seconds as the shortest decimal."""
    whole, fraction = divmod(ticks, 10**digits)
    return f"{whole}.{fraction:0{digits}}".rstrip("0").rstrip(".")
