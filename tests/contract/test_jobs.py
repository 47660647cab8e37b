"""Running jobs: progress, cancel, one at a time, and life after a failure."""

from __future__ import annotations

import pytest

from tests import reading
from tests.clips import Recipe
from tests.drivers import Driver, Refused

LONG = Recipe(seconds=60, size=(640, 360), gop=50)
"""Long enough that no engine encodes it before it can be cancelled."""


def test_progress_rises_and_ends_at_one(engine: Driver, make) -> None:
    media = engine.open(make(Recipe()))
    for request in ({"start": "0.4", "mode": "exact"}, {"start": "0.4", "mode": "lossless"}):
        progress = engine.clip(media, request).progress
        assert progress, "no progress was heard"
        assert progress == sorted(progress)
        assert all(0 <= done <= 1 for done in progress)
        assert progress[-1] == 1


def test_cancel_answers_within_two_seconds_and_the_next_clip_works(engine: Driver, make) -> None:
    media = engine.open(make(LONG))
    took = engine.cancel(media, {"start": 0, "mode": "exact"}, after_s=0.8)
    assert took < 2
    assert engine.leftovers() == []
    clip = engine.clip(media, {"start": 1, "end": "1.4", "mode": "exact"})
    assert reading.numbers(clip.path) == list(range(25, 35))


def test_times_outside_the_file_are_refused_and_the_next_clip_works(engine: Driver, make) -> None:
    media = engine.open(make(Recipe()))
    for request in (
        {"start": 10, "end": 12},
        {"start": 2, "end": 1},
        {"start": 1, "end": 1},
        {"start": "soon"},
        {"end": ""},
    ):
        with pytest.raises(Refused) as refused:
            engine.clip(media, request)
        assert refused.value.code == "bad_request", request
        assert refused.value.body["message"]
    assert reading.numbers(engine.clip(media, {"start": 1, "end": "1.2", "mode": "exact"}).path) == [
        25,
        26,
        27,
        28,
        29,
    ]


def test_an_end_beyond_the_file_is_the_end_of_the_file(engine: Driver, make) -> None:
    media = engine.open(make(Recipe()))
    clip = engine.clip(media, {"start": "3.5", "end": "1:00:00", "mode": "exact"})
    assert "end_clamped" in {note["code"] for note in clip.report["notes"]}
    assert reading.numbers(clip.path) == list(range(88, 100))


def test_fields_that_do_not_exist_are_refused_by_name(engine: Driver, make) -> None:
    media = engine.open(make(Recipe()))
    with pytest.raises(Refused) as refused:
        engine.plan(media, {"start": 1, "ennd": 2})
    assert refused.value.code == "bad_request"
    assert "ennd" in refused.value.body["message"]
    assert refused.value.body["path"].startswith("$.request")
