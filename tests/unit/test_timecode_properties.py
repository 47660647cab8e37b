"""What must hold for every time, every rate and any text."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright import timecode
from clipwright.errors import BadRequest

SECOND = 1_000_000
DAY = 24 * 3600 * SECOND
RATES = [
    Fraction(text)
    for text in ("24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60", "120000/1001")
]
DROP = [Fraction("30000/1001"), Fraction("60000/1001")]

repeatable = settings(deadline=None, derandomize=True, database=None, max_examples=40)
few = settings(repeatable, max_examples=15)


@pytest.mark.parametrize(
    ("form", "grid"),
    [
        (timecode.hms, 1000),
        (timecode.ms, 1000),
        (timecode.human, 1000),
        (timecode.iso, 1),
        (timecode.stamp, SECOND),
    ],
)
@repeatable
@given(us=st.integers(0, 40 * DAY))
def test_a_written_time_reads_back(form: Callable[[int], str], grid: int, us: int) -> None:
    assert timecode.parse(form(us)) == us // grid * grid


@pytest.mark.parametrize(
    ("rate", "drop"), [(rate, False) for rate in RATES] + [(rate, True) for rate in DROP], ids=str
)
@few
@given(frame=st.integers(0, 24 * 3600 * 60))
def test_a_timecode_reads_back(rate: Fraction, drop: bool, frame: int) -> None:
    us = timecode.start_of(frame, rate)
    text = timecode.smpte(us, rate, drop)
    assert timecode.parse(text, frame_rate=rate) == us
    assert timecode.parse(f"{frame}f", frame_rate=rate) == us


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_no_error_gathers_over_a_day(rate: Fraction) -> None:
    last = int(24 * 3600 * rate)
    before = -1
    for frame in range(0, last, last // 200):
        us = timecode.start_of(frame, rate)
        assert abs(us - frame * SECOND / rate) <= Fraction(1, 2)
        assert timecode.frame_at(us, rate) == frame
        assert timecode.frame_at(us - 1, rate) == frame - 1
        assert us > before
        before = us


@few
@given(rate=st.fractions(Fraction(1, 100), 1000, max_denominator=10**6), frame=st.integers(0, 10**9))
def test_the_frame_that_starts_is_the_frame_on_show(rate: Fraction, frame: int) -> None:
    assert timecode.frame_at(timecode.start_of(frame, rate), rate) == frame


@few
@given(us=st.integers(0, DAY), rate=st.sampled_from(RATES))
def test_the_frame_on_show_has_started_and_not_ended(us: int, rate: Fraction) -> None:
    frame = timecode.frame_at(us, rate)
    assert timecode.start_of(frame, rate) <= us < timecode.start_of(frame + 1, rate)


@repeatable
@given(us=st.integers(0, 40 * DAY), decimal=st.sampled_from(".,"), blanks=st.sampled_from(["", " "]))
def test_seconds_read_alike_in_every_dress(us: int, decimal: str, blanks: str) -> None:
    number = f"{us // SECOND}{decimal}{us % SECOND:06}"
    for text in (number, f"{number}{blanks}s", f"{number}{blanks}Seconds", f"PT{number}S", f"{us}{blanks}us"):
        assert timecode.parse(f"{blanks}{text}{blanks}") == us


# Not st.text(): the table of all characters that it builds would take longer than all other tests together.
anything = st.lists(st.integers(0, 0x10FFFF).map(chr), max_size=20).map("".join)
timelike = st.text(st.sampled_from("0123456789:;.,-+%hmsdfwptHMSPT andµ\n"), max_size=14)
values = st.one_of(timelike, anything, st.floats(), st.integers(), st.booleans())


@settings(repeatable, max_examples=100)
@given(
    text=values, rate=st.sampled_from([None, "25", "30000/1001"]), duration=st.sampled_from([None, 0, DAY])
)
def test_any_value_is_a_time_or_a_bad_request(
    text: str | float, rate: str | None, duration: int | None
) -> None:
    try:
        us = timecode.parse(text, frame_rate=rate, duration_us=duration)
    except BadRequest:
        return
    assert 0 <= us <= timecode.MAX_US


@settings(repeatable, max_examples=80)
@given(start=values, end=st.none() | values, length=st.none() | values)
def test_any_request_is_a_span_inside_the_file_or_a_bad_request(
    start: str | float, end: str | float | None, length: str | float | None
) -> None:
    try:
        span = timecode.parse_span(start, end, length, media_duration_us=DAY, frame_rate="29.97")
    except BadRequest:
        return
    assert 0 <= span[0] < span[1] <= DAY
