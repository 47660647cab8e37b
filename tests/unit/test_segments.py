"""Lists of segments: what is refused, and what must hold for every list."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright import segments
from clipwright.errors import BadRequest
from clipwright.segments import SHORTEST_US, Segment, Segments

SECOND = 1_000_000
LENGTH = 100 * SECOND

repeatable = settings(deadline=None, derandomize=True, database=None, max_examples=60)


def some(*spans: tuple[float, float], label: str | None = None) -> Segments:
    return tuple(
        Segment(start_us=round(start * SECOND), end_us=round(end * SECOND), label=label)
        for start, end in spans
    )


@st.composite
def lists(draw: st.DrawFn, duration_us: int = LENGTH, least: int = 0) -> Segments:
    edge = st.integers(0, duration_us)
    spans = draw(st.lists(st.tuples(edge, edge), min_size=least, max_size=12))
    return tuple(
        Segment(start_us=min(a, b), end_us=max(a, b), label=draw(st.sampled_from((None, "a", "b"))))
        for a, b in spans
        if a != b
    )


def covered(these: Segments, us: int) -> bool:
    return any(segment.start_us <= us < segment.end_us for segment in these)


def edges(these: Segments) -> list[int]:
    return sorted({edge for segment in these for edge in (segment.start_us, segment.end_us)})


def seamless(parts: Segments, duration_us: int) -> bool:
    """Whether the parts are the whole, without a gap or an overlap."""
    ends = [(before.end_us, after.start_us) for before, after in pairwise(parts)]
    whole = (parts[0].start_us, parts[-1].end_us) == (0, duration_us)
    return whole and all(end == start for end, start in ends) and all(p.duration_us > 0 for p in parts)


# Checking


@pytest.mark.parametrize(
    ("span", "path", "word"),
    [
        ((-1, 2), "$.request.segments[1].start", "before the file"),
        ((100, 101), "$.request.segments[1].start", "only 1 min 40 s long"),
        ((5, 5), "$.request.segments[1].end", "hold nothing"),
        ((6, 5), "$.request.segments[1].end", "hold nothing"),
    ],
)
def test_a_bad_segment_is_named(span: tuple[float, float], path: str, word: str) -> None:
    bad = (*some((1, 2)), *some(span, label="the\nend"), *some((3, 4)))
    with pytest.raises(BadRequest) as refused:
        segments.check(bad, LENGTH, path="$.request.segments")
    assert refused.value.path == path
    assert refused.value.message.startswith("Segment 2 (“the\\nend”): It starts")
    assert word in refused.value.message
    assert refused.value.hint


def test_checking_sorts_and_stops_at_the_end_of_the_file() -> None:
    given_ = some((90, 110), (5, 7), (5, 6), (6, 8))
    assert segments.check(given_, LENGTH) == some((5, 6), (5, 7), (6, 8), (90, 100))
    assert segments.within(given_, LENGTH) == some((90, 100), (5, 7), (5, 6), (6, 8))


def test_a_list_has_a_limit() -> None:
    with pytest.raises(BadRequest, match="too long"):
        segments.check(some((0, 1)) * (segments.MAX_SEGMENTS + 1), LENGTH)


def test_an_error_about_a_time_is_given_its_segment() -> None:
    error = BadRequest("It is empty.", hint="Write one.", path="$.request.end")
    refused = segments.refusal(error, 4, None, "$.request.segments")
    assert refused.message == "Segment 5: It is empty."
    assert (refused.path, refused.hint) == ("$.request.segments[4].end", "Write one.")


# Sets of moments


@repeatable
@given(lists())
def test_merging_keeps_every_moment_and_leaves_gaps(these: Segments) -> None:
    merged = segments.merged(these)
    assert all(before.end_us < after.start_us for before, after in pairwise(merged))
    for us in edges(these):
        assert covered(merged, us) == covered(these, us)
        assert covered(merged, us - 1) == covered(these, us - 1)
    assert segments.merged(merged) == merged


def test_merging_joins_names() -> None:
    parts = (*some((0, 5), label="a"), *some((3, 4), label="b"), *some((5, 6), label="a"), *some((7, 8)))
    assert segments.merged(parts) == (*some((0, 6), label="a + b"), *some((7, 8)))


@repeatable
@given(lists())
def test_inverting_twice_gives_the_moments_back(these: Segments) -> None:
    inverse = segments.invert(these, LENGTH)
    assert all(covered(inverse, us) != covered(these, us) for us in edges(these) if us < LENGTH)
    back = segments.invert(inverse, LENGTH)
    unnamed = [(segment.start_us, segment.end_us) for segment in segments.merged(these)]
    assert [(segment.start_us, segment.end_us) for segment in back] == unnamed


def test_inverting_nothing_gives_all_and_all_nothing() -> None:
    assert segments.invert((), LENGTH) == some((0, 100))
    assert segments.invert(some((0, 60), (60, 100)), LENGTH) == ()


# Moving


@repeatable
@given(lists(), st.integers(-LENGTH // 2, LENGTH // 2))
def test_shifting_moves_every_moment_that_stays_inside(these: Segments, by: int) -> None:
    try:
        moved = segments.shift(these, by, LENGTH)
    except BadRequest:
        assert all(s.end_us + by <= 0 or s.start_us + by >= LENGTH for s in these)
        return
    assert all(0 <= s.start_us < s.end_us <= LENGTH for s in moved)
    for us in edges(these):
        if 0 <= us + by < LENGTH:
            assert covered(moved, us + by) == covered(these, us)


def test_shifting_everything_out_is_refused() -> None:
    assert segments.shift(some((1, 2), (98, 99)), 3 * SECOND, LENGTH) == some((4, 5))
    with pytest.raises(BadRequest) as refused:
        segments.shift(some((1, 2)), -2 * SECOND, LENGTH)
    assert refused.value.path == "$.value"


@repeatable
@given(lists(), st.lists(st.integers(0, LENGTH - 1), max_size=20))
def test_aligning_grows_to_the_nearest_key_frames(these: Segments, key_frames: list[int]) -> None:
    aligned = segments.align(these, key_frames, LENGTH)
    assert len(aligned) == len(these)
    starts = {segment.start_us for segment in these}
    for before in these:
        start = max((us for us in key_frames if us <= before.start_us), default=0)
        end = min((us for us in key_frames if us >= before.end_us), default=LENGTH)
        if before.end_us not in starts:
            assert Segment(start_us=start, end_us=end, label=before.label) in aligned
    assert segments.align(aligned, key_frames, LENGTH) == aligned


@repeatable
@given(st.integers(2, 40), st.lists(st.integers(0, LENGTH - 1), max_size=60))
def test_aligned_parts_of_a_whole_leave_no_gap(count: int, key_frames: list[int]) -> None:
    aligned = segments.align(segments.by_count(LENGTH, count), key_frames, LENGTH)
    assert len(aligned) == count
    assert segments.merged(aligned) == some((0, 100))
    assert {s.start_us for s in aligned} <= {0, *key_frames}
    assert {s.end_us for s in aligned} <= {LENGTH, *key_frames}


def test_where_segments_meet_they_still_do() -> None:
    times = [0, 2 * SECOND, 4 * SECOND]
    assert segments.align(some((1, 3), (3, 5)), times, LENGTH) == some((0, 2), (2, 100))
    assert segments.align(some((0, 1), (1, 3)), times, LENGTH) == some((0, 2), (0, 4))


# Dividing


@repeatable
@given(lists(least=1), st.integers(0, LENGTH))
def test_splitting_adds_an_edge_and_no_moment(these: Segments, at: int) -> None:
    hit = [s for s in these if s.start_us < at < s.end_us]
    if not hit:
        with pytest.raises(BadRequest) as refused:
            segments.split(these, at)
        assert refused.value.path == "$.value"
        return
    parts = segments.split(these, at)
    assert len(parts) == len(these) + len(hit)
    assert not [s for s in parts if s.start_us < at < s.end_us]
    assert segments.merged(parts) == segments.merged(these)


@repeatable
@given(st.integers(1, 3600 * SECOND), st.integers(SECOND, 600 * SECOND))
def test_parts_of_a_length_are_the_whole(duration: int, length: int) -> None:
    parts = segments.by_length(duration, length)
    assert seamless(parts, duration)
    assert all(part.duration_us == length for part in parts[:-1])
    assert parts[-1].duration_us < length + SHORTEST_US
    assert len(parts) == 1 or parts[-1].duration_us >= SHORTEST_US


@pytest.mark.parametrize(
    ("duration", "lengths"),
    [(30, [10, 10, 10]), (30.1, [10, 10, 10, 0.1]), (30.099999, [10, 10, 10.099999]), (0.05, [0.05])],
)
def test_a_rest_that_nobody_would_find_stays_with_its_part(duration: float, lengths: list[float]) -> None:
    parts = segments.by_length(round(duration * SECOND), 10 * SECOND)
    assert [part.duration_us for part in parts] == [round(length * SECOND) for length in lengths]


@repeatable
@given(st.integers(1, 3600 * SECOND), st.integers(1, 300))
def test_a_count_of_parts_is_the_whole(duration: int, count: int) -> None:
    if count > 1 and count * SHORTEST_US > duration:
        with pytest.raises(BadRequest):
            segments.by_count(duration, count)
        return
    parts = segments.by_count(duration, count)
    assert seamless(parts, duration)
    assert len(parts) == count
    lengths = [part.duration_us for part in parts]
    assert max(lengths) - min(lengths) <= 1


@repeatable
@given(st.integers(60 * SECOND, 3600 * SECOND), st.integers(1, 10**12), st.integers(1, 10**12))
def test_parts_of_a_size_are_the_whole_and_small_enough(duration: int, size: int, total: int) -> None:
    try:
        parts = segments.by_size(duration, size, total)
    except BadRequest:
        assert total / size * SHORTEST_US > duration - SHORTEST_US
        return
    assert seamless(parts, duration)
    assert all((part.duration_us - 1) * total <= size * duration for part in parts)
    assert len(parts) == 1 or (len(parts) - 1) * size < total


@pytest.mark.parametrize(
    "work",
    [
        lambda: segments.by_length(LENGTH, SHORTEST_US - 1),
        lambda: segments.by_length(3600 * 1000 * SECOND, SHORTEST_US),
        lambda: segments.by_count(LENGTH, 0),
        lambda: segments.by_count(LENGTH, 10**30),
        lambda: segments.by_size(LENGTH, 0, 5),
        lambda: segments.by_size(LENGTH, 1, 10**9),
        lambda: segments.divided(some((0, 60)) * 2000, lambda length: segments.by_count(length, 6)),
    ],
)
def test_too_many_or_too_short_parts_are_refused(work) -> None:
    with pytest.raises(BadRequest) as refused:
        work()
    assert refused.value.path == "$.value"
    assert refused.value.hint


def test_every_segment_of_a_list_is_divided() -> None:
    parts = segments.divided(
        (*some((10, 20), label="b"), *some((0, 5), label="a")),
        lambda length: segments.by_length(length, 4 * SECOND),
    )
    assert parts == (*some((0, 4), (4, 5), label="a"), *some((10, 14), (14, 18), (18, 20), label="b"))
