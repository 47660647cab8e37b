"""One clip's interval, as a request writes it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from clipwright import timecode
from clipwright.errors import BadRequest

SECOND = 1_000_000
HOUR = 3600 * SECOND


@pytest.mark.parametrize(
    ("start", "end", "duration", "span"),
    [
        ("0:10", "0:20", None, (10, 20)),
        ("10", None, "5", (10, 15)),
        ("10", None, None, (10, 60)),
        ("start", "end", None, (0, 60)),
        ("-10", "-5", None, (50, 55)),
        ("25%", "50%", None, (15, 30)),
        ("25%", None, "50%", (15, 45)),
        ("10", None, "inf", (10, 60)),
        ("10", "5:00", None, (10, 300)),
        ("10", None, "5:00", (10, 310)),
        (10, 20.0, None, (10, 20)),
    ],
)
def test_reads_a_span(
    start: str | float, end: str | float | None, duration: str | None, span: tuple[int, int]
) -> None:
    read = timecode.parse_span(start, end, duration, media_duration_us=60 * SECOND)
    assert read == (span[0] * SECOND, span[1] * SECOND)


def test_without_a_length_an_end_is_taken_as_written() -> None:
    assert timecode.parse_span("1", "2") == (SECOND, 2 * SECOND)
    assert timecode.parse_span("1", duration="2") == (SECOND, 3 * SECOND)


@pytest.mark.parametrize(
    ("start", "end", "duration", "field", "said"),
    [
        ("1", "2", "3", "duration", ["“2”", "“3”"]),
        ("1:00", None, None, "start", ["“1:00”", "1 min"]),
        ("5:00", "6:00", None, "start", ["“5:00”", "1 min"]),
        ("end", None, None, "start", ["“end”", "1 min"]),
        ("10", "10", None, "end", ["“10”", "1 min"]),
        ("10", "0:05", None, "end", ["“10”", "“0:05”", "1 min"]),
        ("10", "start", None, "end", ["“start”"]),
        ("10", "x", None, "end", ["“x”"]),
        ("x", "10", None, "start", ["“x”"]),
        ("-2:00", None, None, "start", ["“-2:00”", "1 min"]),
        ("10", "-2:00", None, "end", ["“-2:00”", "1 min"]),
        ("10", None, "0", "duration", ["“0”"]),
        ("10", None, "start", "duration", ["“start”"]),
        ("10", None, "-5", "duration", ["“-5”"]),
        ("10", None, "", "duration", ["“”"]),
        ("10", "", None, "end", ["“”"]),
    ],
)
def test_refuses_what_is_no_span(
    start: str, end: str | None, duration: str | None, field: str, said: list[str]
) -> None:
    with pytest.raises(BadRequest) as refused:
        timecode.parse_span(start, end, duration, media_duration_us=60 * SECOND)
    assert refused.value.path == f"$.request.{field}"
    assert refused.value.hint
    for words in said:
        assert words in refused.value.message


def test_without_a_length_there_is_no_end() -> None:
    with pytest.raises(BadRequest) as refused:
        timecode.parse_span("1")
    assert refused.value.path == "$.request.end"


@pytest.mark.parametrize("rate", ["24000/1001", "30000/1001", "60000/1001", "24", "60"])
@pytest.mark.parametrize("offset", [0, 1, 20_000])
def test_a_length_in_frames_holds_exactly_that_many(rate: str, offset: int) -> None:
    fps = Fraction(rate)
    starts = [timecode.start_of(n, fps) for n in range(400)]
    for first in range(0, 200, 23):
        start = timecode.iso(starts[first] + offset)
        begin, end = timecode.parse_span(start, duration="120f", media_duration_us=HOUR, frame_rate=rate)
        assert sum(begin <= us < end for us in starts) == 120
