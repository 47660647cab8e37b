"""Frame rates from presentation times, in every clock and order that files have."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright.cadence import frame_rate
from clipwright.framerate import round_half_up

MP4 = Fraction(1, 15360)
MATROSKA = Fraction(1, 1000)
STREAM = Fraction(1, 90000)
RATES = [Fraction(rate) for rate in (10, 12, 15, 24, 25, 30, 48, 50, 60, 100)]
RATES += [Fraction(nominal * 1000, 1001) for nominal in (24, 30, 60)]

rates = st.sampled_from(RATES)
clocks = st.sampled_from(
    [MP4, MATROSKA, STREAM, Fraction(1, 12800), Fraction(1, 57600), Fraction(1, 1_000_000)]
)


def grid(rate: Fraction, clock: Fraction, count: int, phase: Fraction = Fraction(0)) -> list[int]:
    return [round_half_up(number / rate / clock + phase) for number in range(count)]


def decode_order(times: list[int], ahead: int) -> list[int]:
    """As an encoder with `ahead` B-frames in a row hands them out."""
    order = times[:1]
    for start in range(1, len(times), ahead + 1):
        *between, reference = times[start : start + ahead + 1]
        order += [reference, *between]
    return order


@given(rates, clocks, st.integers(120, 300), st.fractions(0, 1), st.integers(0, 4))
@settings(max_examples=25, deadline=None)
def test_an_even_grid_has_its_rate_in_every_clock_and_order(rate, clock, count, phase, ahead):
    times = decode_order(grid(rate, clock, count, phase), ahead)
    assert frame_rate(times, clock) == (rate, False)


@given(rates, clocks, st.integers(1, 3), st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_a_window_may_stop_in_the_middle_of_a_group(rate, clock, ahead, cut):
    times = decode_order(grid(rate, clock, 200), ahead)
    assert frame_rate(times[: len(times) - cut], clock) == (rate, False)


@given(rates, clocks, st.integers(40, 110), st.integers(1, 3))
@settings(max_examples=25, deadline=None)
def test_a_frame_left_out_is_no_constant_rate(rate, clock, place, missing):
    times = grid(rate, clock, 120)
    del times[place : place + missing]
    found, vfr = frame_rate(times, clock)
    assert vfr
    assert found is not None
    assert rate * Fraction(9, 10) < found < rate


@given(rates, st.integers(-3, 3))
@settings(max_examples=25, deadline=None)
def test_the_first_interval_may_be_odd(rate, shift):
    times = grid(rate, STREAM, 100)
    assert frame_rate([times[0] + shift * 300, *times[1:]], STREAM)[0] == rate


@pytest.mark.parametrize(
    ("times", "clock", "expected"),
    [
        ([0, 33, 67, 100, 133], MATROSKA, (Fraction(30), False)),
        ([0, 512, 1024, 1536], MP4, (Fraction(30), False)),
        ([0, 1, 2, 3, 4], Fraction(1001, 30000), (Fraction(30000, 1001), False)),
        ([0, 1, 3, 4, 5, 6], Fraction(1, 25), (Fraction(125, 6), True)),
        ([0, 1, 2, 3], Fraction(1, 17), (Fraction(17), False)),
        ([round(number * 1000 / 17) for number in range(90)], MATROSKA, (Fraction(17), False)),
        ([0, 40, 40, 80, 120], MATROSKA, (Fraction(25), False)),
        ([0, 100, 140, 400, 410, 900], MATROSKA, (Fraction(50, 9), True)),
        ([0, 1, 2, 3], Fraction(1, 90000), (None, False)),
        ([0], MP4, (None, False)),
        ([], MP4, (None, False)),
        ([7, 7, 7], MP4, (None, False)),
    ],
)
def test_known_cases(times, clock, expected):
    assert frame_rate(times, clock) == expected


def test_milliseconds_that_came_through_matroska_stay_constant_in_mp4():
    times = [ms * 16 for ms in grid(Fraction(30000, 1001), MATROSKA, 250)]
    assert frame_rate(times, Fraction(1, 16000)) == (Fraction(30000, 1001), False)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-1000, 100_000), max_size=60), clocks)
def test_any_times_get_an_answer(times, clock):
    rate, vfr = frame_rate(times, clock)
    assert rate is None or 0 < rate <= 1000
    assert isinstance(vfr, bool)
