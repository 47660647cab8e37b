"""What a written time means, what is refused, and how a time is written back."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

from clipwright import timecode
from clipwright.errors import BadRequest

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

ALONE = [
    ("90", 90 * SECOND),
    ("90.5", 90_500_000),
    ("90,5", 90_500_000),
    (".5", 500_000),
    ("1,500", 1_500_000),
    ("0", 0),
    ("1:30", 90 * SECOND),
    ("0:05", 5 * SECOND),
    ("90:00", 90 * MINUTE),
    ("600:00.5", 600 * MINUTE + 500_000),
    ("01:02:03", HOUR + 2 * MINUTE + 3 * SECOND),
    ("1:02:03.25", HOUR + 2 * MINUTE + 3_250_000),
    ("1:02:03,25", HOUR + 2 * MINUTE + 3_250_000),
    ("1:30.5", 90_500_000),
    ("61-01", 61 * MINUTE + SECOND),
    ("1h30m45s", HOUR + 30 * MINUTE + 45 * SECOND),
    ("1H30M45S", HOUR + 30 * MINUTE + 45 * SECOND),
    ("1 hour 3 minutes", HOUR + 3 * MINUTE),
    ("1 hour, 3 minutes, and 2 seconds", HOUR + 3 * MINUTE + 2 * SECOND),
    ("1 hour and 2 minutes", HOUR + 2 * MINUTE),
    ("1h,30m,45s", HOUR + 30 * MINUTE + 45 * SECOND),
    ("87 Min.", 87 * MINUTE),
    ("2 hrs. 3 min.", 2 * HOUR + 3 * MINUTE),
    ("2hrs 3mins", 2 * HOUR + 3 * MINUTE),
    ("2.5 hours", 2 * HOUR + 30 * MINUTE),
    ("2,5h", 2 * HOUR + 30 * MINUTE),
    (".5h", 30 * MINUTE),
    ("250ms", 250_000),
    ("1s 250 ms", 1_250_000),
    ("90000000us", 90 * SECOND),
    ("5\u00b5s", 5),
    ("5\u03bcs", 5),
    ("30m45", 30 * MINUTE + 45 * SECOND),
    ("30m 45.5", 30 * MINUTE + 45_500_000),
    ("1h30m45", HOUR + 30 * MINUTE + 45 * SECOND),
    ("1d2h", 26 * HOUR),
    ("2 days", 48 * HOUR),
    ("1 week", 168 * HOUR),
    ("PT1H2M3.5S", HOUR + 2 * MINUTE + 3_500_000),
    ("pt1h2m3,5s", HOUR + 2 * MINUTE + 3_500_000),
    ("P1DT2H", 26 * HOUR),
    ("P1W", 168 * HOUR),
    ("PT90M", 90 * MINUTE),
    ("start", 0),
    ("START", 0),
    ("  1:30\n", 90 * SECOND),
    ("1\u00a0h 30\u202fmin", 90 * MINUTE),
    ("1000h", 1000 * HOUR),
    (90, 90 * SECOND),
    (90.5, 90_500_000),
    (0.1, 100_000),
    (0.30000000000000004, 300_000),
    (1e-7, 0),
]


@pytest.mark.parametrize(("text", "us"), ALONE)
def test_reads_a_time_that_stands_alone(text: str | float, us: int) -> None:
    assert timecode.parse(text) == us


@pytest.mark.parametrize(
    ("text", "us"),
    [("0.0000004", 0), ("0.0000005", 1), ("0.1234565", 123_457), ("1.0000015h", 3_600_005_400)],
)
def test_a_fraction_finer_than_a_microsecond_is_rounded_half_up(text: str, us: int) -> None:
    assert timecode.parse(text) == us


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("end", 200 * SECOND),
        ("inf", 200 * SECOND),
        ("-10", 190 * SECOND),
        ("\u221210", 190 * SECOND),
        ("-0:10", 190 * SECOND),
        ("-1m", 140 * SECOND),
        ("-PT1M", 140 * SECOND),
        ("-200", 0),
        ("50%", 100 * SECOND),
        ("12,5 %", 25 * SECOND),
        ("100%", 200 * SECOND),
        ("-25%", 150 * SECOND),
        (-10, 190 * SECOND),
        ("300", 300 * SECOND),
    ],
)
def test_reads_a_time_that_counts_from_the_length(text: str | float, us: int) -> None:
    assert timecode.parse(text, duration_us=200 * SECOND) == us


@pytest.mark.parametrize(
    ("text", "rate", "us"),
    [
        ("120f", "30000/1001", 4_004_000),
        ("120 frames", "24", 5 * SECOND),
        ("1 frame", "24", 41_667),
        ("01:00:00:00", "30000/1001", 3_603_600_000),
        ("01:00:00;00", "30000/1001", 3_599_996_400),
        ("00;00;10;00", "30000/1001", 10_010_000),
        ("00:01:00;02", "30000/1001", 60_060_000),
        ("00:10:00;00", "30000/1001", 599_999_400),
        ("00:01:00;04", "60000/1001", 60_060_000),
        ("00:00:01:12", "25", 1_480_000),
        ("1:2:3:4", "25", HOUR + 2 * MINUTE + 3 * SECOND + 160_000),
        ("00:00:00:119", "120", 991_667),
        ("00:00:02:00", "23.976", 2_002_000),
    ],
)
def test_reads_frames_where_the_rate_is_known(text: str, rate: str, us: int) -> None:
    assert timecode.parse(text, frame_rate=rate) == us


def test_frames_before_the_end_are_counted_on_the_frame_grid() -> None:
    rate = Fraction(24000, 1001)
    duration = timecode.start_of(100, rate)
    assert timecode.parse("-1f", frame_rate=rate, duration_us=duration) == timecode.start_of(99, rate)
    assert timecode.parse("-10f", frame_rate=rate, duration_us=duration + 5) == timecode.start_of(91, rate)


EMPTY = ["", " ", "\n\t", "\u00a0"]
AMBIGUOUS = [
    "1:30.5:10",
    "1.5:30",
    "1h 2h",
    "30m 1h",
    "1,500.2",
    "1.2.3",
    "1h30",
    "1h 30",
    "30s10",
    "10:20-10:30",
]
AMBIGUOUS += ["30m,5", "30m.5", "30m.5s", "1 2", "1:2;3:4", "12:00;00", "1h30m45,", "1h and", "5 m s"]
SHAPELESS = [
    ":30",
    "30:",
    "1::2",
    "90.",
    "1:30.",
    ":",
    "1h30x",
    "h30m",
    "-",
    "--1",
    "- 1",
    "+5",
    "1e3",
    "0x10",
]
SHAPELESS += [
    "1_0",
    "nan",
    "infinity",
    "P",
    "PT",
    "P1DT",
    "P1M",
    "PT1H2H",
    "abc",
    "1:2:3:4:5",
    "%",
    "f",
    "1.5f",
]
SHAPELESS += [
    "\uff11\uff12",
    "\u0663",
    "\u00bd",
    "1\u00b2",
    "1\u200b0",
    "\ud800",
    "\x00",
    "start 5",
    "-end",
    "1/2",
]
IMPOSSIBLE = [
    "1:75:00",
    "1:075:00",
    "1:60",
    "0:00:60",
    "100-60",
    "1001h",
    "9" * 99,
    "9" * 100_000,
    " " * 1000,
]
UNKNOWN = ["end", "inf", "-1", "50%", "1:2:3:4", "1:2:3;4", "120f"]
NUMBERS = [True, False, float("nan"), float("inf"), float("-inf"), -5, 1e300, 3_600_001, 10**39]


REFUSED = [*EMPTY, *AMBIGUOUS, *SHAPELESS, *IMPOSSIBLE, *UNKNOWN, *NUMBERS]


@pytest.mark.parametrize("text", REFUSED, ids=[ascii(text)[:20] for text in REFUSED])
def test_refuses_what_is_no_time(text: str | float) -> None:
    with pytest.raises(BadRequest) as refused:
        timecode.parse(text, path="$.request.start")
    assert refused.value.hint == timecode.ACCEPTED_FORMS
    assert refused.value.path == "$.request.start"


@pytest.mark.parametrize(
    "text", ["", "1:30.5:10", "101%", "-2h", "00:00:00:25", "00:00:01;00", "00:60:00:00", "00:00:60:00"]
)
def test_a_refusal_quotes_the_text(text: str) -> None:
    with pytest.raises(BadRequest, match=f"^“{text}” ") as refused:
        timecode.parse(text, frame_rate="25", duration_us=HOUR)
    assert refused.value.hint == timecode.ACCEPTED_FORMS


@pytest.mark.parametrize("text", ["00:01:00;00", "00:01:00;01", "00:59:00;00"])
def test_a_dropped_number_is_no_time(text: str) -> None:
    with pytest.raises(BadRequest, match="skips"):
        timecode.parse(text, frame_rate="29.97")


def test_a_quote_is_short_and_harmless() -> None:
    with pytest.raises(BadRequest) as refused:
        timecode.parse("1\n\u202e" + "x" * 90)
    assert len(refused.value.message) < 150
    assert "1\\n\\u202ex" in refused.value.message


def test_a_number_too_long_to_print_is_refused() -> None:
    with pytest.raises(BadRequest, match="longer than 1000 hours"):
        timecode.parse(-(10**5000))


def test_a_length_below_zero_is_refused() -> None:
    with pytest.raises(BadRequest):
        timecode.parse("1", duration_us=-1)


def test_hostile_text_is_refused_at_once() -> None:
    started = time.perf_counter()
    for text in ("9" * 10**6, "1h" * 50, "1 " * 50, "1" * 99 + "x", "p" + "1" * 99, "1:" * 50, "," * 100):
        with pytest.raises(BadRequest):
            timecode.parse(text)
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize(
    ("us", "hms", "ms", "human", "iso", "stamp"),
    [
        (0, "00:00:00.000", "00:00.000", "0 s", "PT0S", "00-00"),
        (1, "00:00:00.000", "00:00.000", "0 s", "PT0.000001S", "00-00"),
        (250_000, "00:00:00.250", "00:00.250", "0.25 s", "PT0.25S", "00-00"),
        (59_999_999, "00:00:59.999", "00:59.999", "59.999 s", "PT59.999999S", "00-59"),
        (MINUTE, "00:01:00.000", "01:00.000", "1 min", "PT1M", "01-00"),
        (3_661_000_000, "01:01:01.000", "61:01.000", "1 h 1 min 1 s", "PT1H1M1S", "61-01"),
        (5_445_500_000, "01:30:45.500", "90:45.500", "1 h 30 min 45.5 s", "PT1H30M45.5S", "90-45"),
        (100 * HOUR, "100:00:00.000", "6000:00.000", "100 h", "PT100H", "6000-00"),
        (-1_500_000, "-00:00:01.500", "-00:01.500", "-1.5 s", "-PT1.5S", "-00-02"),
    ],
)
def test_writes_a_time(us: int, hms: str, ms: str, human: str, iso: str, stamp: str) -> None:
    written = [form(us) for form in (timecode.hms, timecode.ms, timecode.human, timecode.iso, timecode.stamp)]
    assert written == [hms, ms, human, iso, stamp]


@pytest.mark.parametrize(
    ("us", "rate", "drop", "text"),
    [
        (0, "30000/1001", None, "00:00:00;00"),
        (3_603_600_000, "30000/1001", False, "01:00:00:00"),
        (3_603_600_000, "30000/1001", None, "01:00:03;18"),
        (60_060_000, "30000/1001", None, "00:01:00;02"),
        (60_059_999, "30000/1001", None, "00:00:59;29"),
        (599_999_400, "30000/1001", None, "00:10:00;00"),
        (60_060_000, "60000/1001", None, "00:01:00;04"),
        (HOUR, "25", None, "01:00:00:00"),
        (2_002_000, "24000/1001", None, "00:00:02:00"),
        (991_667, "120", None, "00:00:00:119"),
        (0, "120000/1001", None, "00:00:00:000"),
    ],
)
def test_writes_the_timecode_of_the_frame_on_show(us: int, rate: str, drop: bool | None, text: str) -> None:
    assert timecode.smpte(us, rate, drop) == text


def test_drop_frame_is_refused_where_it_does_not_exist() -> None:
    with pytest.raises(BadRequest, match="only at 29"):
        timecode.smpte(0, "25", drop=True)
