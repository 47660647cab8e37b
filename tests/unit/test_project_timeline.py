"""Where things are on a project's clock: against the plainest model that could be right."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright.errors import BadRequest
from clipwright.media import Span
from clipwright.project import timeline
from clipwright.project.document import Clip, Document, Marker, Track

repeatable = settings(deadline=None, derandomize=True, database=None, max_examples=60)
speeds = st.builds(lambda top, bottom: f"{top}/{bottom}", st.integers(250, 400), st.integers(100, 1000))


@st.composite
def clips(draw: st.DrawFn) -> tuple[Clip, ...]:
    edges = st.tuples(st.integers(0, 60), st.integers(1, 20))
    spans = draw(st.lists(edges, max_size=12))
    return tuple(
        Clip(id=f"c{number}", start_us=start, end_us=start + length, text="")
        for number, (start, length) in enumerate(spans)
    )


def covered(these: tuple[Clip, ...], us: int) -> bool:
    return any(clip.start_us <= us < clip.end_us for clip in these)


@repeatable
@given(these=clips())
def test_positions_agree_with_a_naive_model(these: tuple[Clip, ...]) -> None:
    found = timeline.positions(Track(id="t", kind="text", clips=these))
    assert [(one.start_us, one.end_us) for one in found] == sorted((c.start_us, c.end_us) for c in these)
    for number, one in enumerate(found):
        before = [earlier.end_us for earlier in found[:number]]
        common = max(0, min(max(before, default=0), one.end_us) - one.start_us)
        assert one.overlap_us == common


@repeatable
@given(these=clips(), until=st.none() | st.integers(0, 100))
def test_gaps_are_where_nothing_is(these: tuple[Clip, ...], until: int | None) -> None:
    found = timeline.gaps(these, until)
    last = max((clip.end_us for clip in these), default=0) if until is None else until
    empty = {us for gap in found for us in range(gap.start, gap.end)}
    assert empty == {us for us in range(last) if not covered(these, us)}
    assert all(gap.duration > 0 for gap in found)
    assert all(a.end < b.start for a, b in pairwise(found))


@repeatable
@given(these=clips())
def test_overlaps_are_found_for_every_clip_that_starts_too_soon(these: tuple[Clip, ...]) -> None:
    found = {one.after: one for one in timeline.overlaps(these)}
    ordered = sorted(these, key=lambda clip: (clip.start_us, clip.end_us))
    for number, clip in enumerate(ordered):
        ends = [earlier.end_us for earlier in ordered[:number]]
        if max(ends, default=0) > clip.start_us:
            assert found[clip.id].duration_us == min(max(ends), clip.end_us) - clip.start_us
        else:
            assert clip.id not in found


@repeatable
@given(these=clips(), start=st.integers(0, 80), length=st.integers(1, 20))
def test_free_means_nothing_stands_there(these: tuple[Clip, ...], start: int, length: int) -> None:
    nothing = not any(covered(these, us) for us in range(start, start + length))
    assert timeline.free(these, start, start + length) == nothing


@repeatable
@given(
    durations=st.lists(st.integers(10, 50), min_size=1, max_size=10),
    overlaps=st.lists(st.integers(0, 5), max_size=10),
)
def test_transitions_shorten_the_whole(durations: list[int], overlaps: list[int]) -> None:
    spans = timeline.laid_out(durations, overlaps)
    used = overlaps[: len(durations) - 1]
    assert [span.duration for span in spans] == durations
    assert spans[-1].end == sum(durations) - sum(used)
    for number, (a, b) in enumerate(pairwise(spans)):
        assert a.end - b.start == (used[number] if number < len(used) else 0)


@pytest.mark.parametrize(
    ("durations", "overlaps"), [([5, 5], [6]), ([5, 5, 9], [3, 3]), ([-1], []), ([5, 5], [-1])]
)
def test_transitions_longer_than_their_clips_are_refused(durations: list[int], overlaps: list[int]) -> None:
    with pytest.raises(BadRequest):
        timeline.laid_out(durations, overlaps)


# Snapping


@repeatable
@given(
    points=st.lists(st.integers(0, 100), max_size=8).map(sorted),
    us=st.integers(0, 100),
    near=st.integers(0, 30),
)
def test_a_time_snaps_to_the_nearest_point(points: list[int], us: int, near: int) -> None:
    best = min(points, key=lambda point: (abs(point - us), point), default=None)
    expected = best if best is not None and abs(best - us) <= near else us
    assert timeline.snapped(us, points, near) == expected


@repeatable
@given(
    points=st.lists(st.integers(0, 100), max_size=8).map(sorted),
    start=st.integers(0, 80),
    length=st.integers(1, 20),
    near=st.integers(0, 30),
)
def test_a_clip_snaps_by_its_nearer_edge(points: list[int], start: int, length: int, near: int) -> None:
    moves = [point - edge for point in points for edge in (start, start + length)]
    allowed = [abs(move) for move in moves if abs(move) <= near and start + move >= 0]
    found = timeline.snapped_span(start, start + length, points, near)
    assert found >= 0
    assert abs(found - start) == min(allowed, default=0)


def test_points_to_snap_to_are_edges_and_markers() -> None:
    track = Track(
        id="t",
        kind="text",
        clips=(
            Clip(id="a", start_us=5, end_us=9, text=""),
            Clip(id="b", start_us=9, end_us=12, text=""),
        ),
    )
    document = Document(tracks=(track,), markers=(Marker(id="m", time_us=7),))
    assert timeline.snap_points(document) == (0, 5, 7, 9, 12)
    assert timeline.snap_points(document, frozenset({"a"})) == (0, 7, 9, 12)
    assert timeline.duration(document) == timeline.end_of(track) == 12
    assert timeline.gaps(track.clips) == (Span(0, 5),)


# Speed


@repeatable
@given(us=st.integers(0, 10**12), speed=speeds)
def test_speeds_are_exact_to_half_a_microsecond(us: int, speed: str) -> None:
    factor = Fraction(speed)
    assert abs(timeline.shown_for(us, speed) - us / factor) <= Fraction(1, 2)
    assert abs(timeline.source_for(us, speed) - us * factor) <= Fraction(1, 2)
    assert timeline.agrees(timeline.shown_for(us, speed), us, speed)
    assert timeline.agrees(us, timeline.source_for(us, speed), speed)
    assert not timeline.agrees(timeline.shown_for(us, speed) + 10, us, speed)


@pytest.mark.parametrize("speed", ["1/4", "4", "1", "3/2"])
def test_speeds_that_are(speed: str) -> None:
    top, bottom = timeline.ratio(speed)
    assert Fraction(top, bottom) == Fraction(speed)


@pytest.mark.parametrize(
    "speed", ["", "0", "1/0", "0/1", "5", "1/5", "-1", "1.5", "nan", "1e1", "٣", "9" * 99, "1 "]
)
def test_speeds_that_are_none(speed: str) -> None:
    with pytest.raises(BadRequest):
        timeline.ratio(speed)


def test_ten_thousand_clips_are_placed_at_once() -> None:
    def seconds(count: int) -> float:
        these = tuple(
            Clip(id=f"c{n}", start_us=n * 7919 % count * 1000, end_us=n * 7919 % count * 1000 + 900, text="")
            for n in range(count)
        )
        track = Track(id="t", kind="text", clips=these)
        began = perf_counter()
        assert len(timeline.positions(track)) == count
        timeline.gaps(these)
        timeline.overlaps(these)
        return perf_counter() - began

    seconds(100)
    # The issue asks for 200 ms in Pyodide; CPython takes a tenth of that, an n² could not.
    assert min(seconds(10_000) for _ in range(3)) < 1.0
