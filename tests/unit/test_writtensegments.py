"""Spans and lists of segments as people write them."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright import timecode, writtensegments
from clipwright.errors import BadRequest
from clipwright.plan.request import SegmentRequest
from clipwright.segments import MAX_SEGMENTS, Segment

SECOND = 1_000_000


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("1:00-2:00", "1:00", "2:00"),
        (" 1:00 - 2:00 ", "1:00", "2:00"),
        ("0:10..0:20", "0:10", "0:20"),
        ("90-120", "90", "120"),
        ("01-30", "01", "30"),
        ("01-30..02-45", "01-30", "02-45"),
        ("01-30 to 02-45", "01-30", "02-45"),
        ("1:00–2:00", "1:00", "2:00"),
        ("1:00 → 2:00", "1:00", "2:00"),
        ("start-end", "start", "end"),
        ("-20--10", "-20", "-10"),
        ("\u221220\u2212\u221210", "\u221220", "\u221210"),
        ("-20-end", "-20", "end"),
        ("-20..-10", "-20", "-10"),
        ("5--10", "5", "-10"),
        ("1:00-", "1:00", None),
        ("-10-", "-10", None),
        ("1:00..", "1:00", None),
        ("..1:00", "start", "1:00"),
        (".5...75", ".5", ".75"),
        ("1.5-2,5", "1.5", "2,5"),
        ("1h 2m 3s-PT2H", "1h 2m 3s", "PT2H"),
        ("25%-50%", "25%", "50%"),
        ("00:00:01:05-00:00:02;10", "00:00:01:05", "00:00:02;10"),
        ("25f-50 frames", "25f", "50 frames"),
    ],
)
def test_a_span_is_read(text: str, start: str, end: str | None) -> None:
    assert writtensegments.read_span(text) == SegmentRequest(start=start, end=end)
    named = writtensegments.read_span(f"2@{text}= A = b-c..d ")
    assert named == SegmentRequest(start=start, end=end, label="A = b-c..d", source=2)


def test_a_span_may_have_a_length() -> None:
    assert writtensegments.read_span("-1:00 + 30s=x") == SegmentRequest(
        start="-1:00", duration="30s", label="x"
    )


@pytest.mark.parametrize(
    "text",
    ["", "=a", "5", "-5", "1:00", "01-30-02-45", "1-2-3", "1...2..3", "..", "-", "--", "1+2+3", "+5", "5+",
     "1..2 to 3", " to ", "--5-6"],
)  # fmt: skip
def test_what_could_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        writtensegments.read_span(text)
    assert refused.value.path == "$.request.segments"
    assert ".." in refused.value.hint


times = st.integers(0, 900 * 3600 * SECOND)
forms = st.sampled_from(
    (timecode.hms, timecode.ms, timecode.iso, timecode.human, lambda us: f"-{us // SECOND}")
)


@settings(deadline=None, derandomize=True, database=None, max_examples=80)
@given(times, times, forms, forms, st.sampled_from(("-", "..", " to ", " - ", "–")))
def test_any_two_written_times_make_a_span(a: int, b: int, one, other, between: str) -> None:
    span = writtensegments.read_span(f"{one(a)}{between}{other(b)}")
    assert (span.start, span.end) == (one(a), other(b))


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("1,2,a\n3.5,4,\n", [("1", "2", "a"), ("3.5", "4", None)]),
        ("start,end,label\n1,2\n", [("1", "2", None)]),
        ("\ufeffStart,End,Name\r\n1,2,x\r\n\r\n", [("1", "2", "x")]),
        (',2,"a, ""b"""\n3,,\n', [("start", "2", 'a, "b"'), ("3", None, None)]),
        ('1:00\t2:00\ta,b\n', [("1:00", "2:00", "a,b")]),
        ('"1,5","2,5"', [("1,5", "2,5", None)]),
    ],
)  # fmt: skip
def test_lines_are_read(text: str, segments: list[tuple[str, str | None, str | None]]) -> None:
    found = writtensegments.read_list(text)
    assert [(segment.start, segment.end, segment.label) for segment in found] == segments


def test_json_is_read() -> None:
    text = ' [{"start": 1, "end": "2:00", "label": "a", "source": 1}, {"start": "-5", "duration": 2.5}]'
    assert writtensegments.read_list(text) == (
        SegmentRequest(start=1, end="2:00", label="a", source=1),
        SegmentRequest(start="-5", duration=2.5),
    )


def test_what_is_printed_is_read_exactly() -> None:
    printed = (Segment(start_us=1, end_us=3_600_000_001, label="a"), Segment(start_us=0, end_us=999_999))
    read = writtensegments.read_list(msgspec.json.encode({"segments": printed}).decode())
    assert read == writtensegments.requests(printed)
    assert [(timecode.parse(s.start), timecode.parse(s.end or "")) for s in read] == [
        (s.start_us, s.end_us) for s in printed
    ]


@pytest.mark.parametrize(
    "text",
    [
        "", "\n\n", "[]", "{}", "[1]", '[{"begin": 1}]', '{"segments": [{"start_us": 1}]}', "[", "1,2,3,4",
        "start,end,label", "0,1\n" * (MAX_SEGMENTS + 1), "x" * 4_000_001,
        "[" * 100_000, "[" * 50_000 + "]" * 50_000, '[{"start": "\ud800"}]', "a\0b,1\n" + "q" * 200_000,
    ],
    ids=lambda text: ascii(text[:20]),
)  # fmt: skip
def test_a_list_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        writtensegments.read_list(text)
    assert refused.value.path == "$.request.segments"
    assert refused.value.hint
    assert len(refused.value.message) < 300
