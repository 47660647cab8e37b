"""What `auto` decides, which tracks are kept, what is said about the others, who does the work."""

from __future__ import annotations

import pytest

from tests import reading
from tests.clips import Recipe
from tests.contract.test_probe import DELAYED
from tests.drivers import Driver, Refused
from tests.judging import Wanted, assert_frames, assert_sound

FULL = Recipe(
    container="mkv",
    audio=("aac", "flac"),
    languages=("eng", "eng", "deu"),
    subtitles=True,
    chapters=True,
    title="Held <b>high</b>",
)


def codes(notes: list[dict[str, object]]) -> set[object]:
    return {note["code"] for note in notes}


@pytest.mark.parametrize(
    ("request_", "mode"),
    [
        ({"start": 1}, "lossless"),
        ({"start": "1.36"}, "smart"),
        ({"start": "1.36", "allow_lead_in": True}, "lossless"),
        ({"start": 1, "container": "webm"}, "exact"),
    ],
)
def test_auto_copies_where_nothing_is_lost_by_it(engine: Driver, make, request_, mode: str) -> None:
    media = engine.open(make(Recipe(seconds=3)))
    # What FFmpeg reads in the page, nothing there can cut smartly.
    mode = "exact" if engine.name == "ffmpeg" and mode == "smart" else mode
    request = {"end": "1.6", "mode": "auto", **request_}
    plan = engine.plan(media, request)
    clip = engine.clip(media, request)
    assert (plan["mode"], clip.report["mode"]) == (mode, mode)
    assert clip.report["notes"] == plan["notes"]
    assert bool(clip.report["copied"]) == (mode != "exact")


def test_planning_writes_nothing(engine: Driver, make) -> None:
    before = engine.leftovers()
    engine.plan(engine.open(make(Recipe())), {"start": 1, "end": 2})
    assert engine.leftovers() == before


def test_every_track_that_fits_is_kept(engine: Driver, make) -> None:
    source = make(FULL)
    media = engine.open(source)
    request = {"start": 1, "end": 3, "mode": "lossless", "container": "mkv"}
    clip = engine.clip(media, request)
    assert [kind for kind, _ in reading.stream_kinds(clip.path)] == ["video", "audio", "audio", "subtitle"]
    assert clip.report["copied"] == [0, 1, 2, 3]
    assert reading.languages(clip.path)[1:3] == ["eng", "deu"]
    assert reading.subtitle_lines(clip.path) == [
        (0, "line 1000"),
        (500, "line 1500"),
        (1000, "line 2000"),
        (1500, "line 2500"),
    ]


def test_tracks_that_do_not_fit_are_dropped_with_a_note(engine: Driver, make) -> None:
    media = engine.open(make(FULL))
    clip = engine.clip(media, {"start": 1, "end": 2, "mode": "exact", "container": "wav"})
    assert [kind for kind, _ in reading.stream_kinds(clip.path)] == ["audio"]
    noted = {note.get("track") for note in clip.report["notes"] if note["code"] == "track_dropped"}
    assert noted == set(clip.report["dropped"]) >= {0, 2}


def test_a_lossless_cut_into_a_container_that_cannot_hold_the_picture_makes_no_sense(
    engine: Driver, make
) -> None:
    media = engine.open(make(Recipe()))
    with pytest.raises(Refused) as refused:
        engine.plan(media, {"start": 1, "end": 2, "mode": "lossless", "container": "webm"})
    assert refused.value.code == "bad_request"
    assert refused.value.body["path"]


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(video="hevc", seconds=3),
        Recipe(video="mpeg4", seconds=3),
        Recipe(video="mpeg2", container="ts", audio=("ac3",), seconds=3),
        Recipe(audio=("ac3",), seconds=3),
    ],
    ids=["hevc", "mpeg4", "mpeg2-ac3", "ac3"],
)
def test_what_webcodecs_cannot_decode_is_done_by_ffmpeg(browser_app: Driver, make, recipe: Recipe) -> None:
    source = make(recipe)
    media = browser_app.open(source)
    clip = browser_app.clip(media, {"start": "1.2", "end": "1.8", "mode": "exact", "container": "mp4"})
    assert clip.report["engine"] == "ffmpeg"
    wanted = Wanted(source, 1_200_000, 1_800_000, media["info"]["origin_us"])
    assert_sound(wanted, clip.path, assert_frames(wanted, clip.path))


def test_what_webcodecs_can_do_it_does(browser_app: Driver, make) -> None:
    media = browser_app.open(make(Recipe(seconds=3)))
    assert media["reader"] == "media"
    for mode in ("exact", "lossless"):
        report = browser_app.clip(media, {"start": "1.2", "end": "1.8", "mode": mode}).report
        assert (report["engine"], report["mode"], report.get("replanned_from")) == ("media", mode, None)


def test_what_mediabunny_cannot_read_ffmpeg_opens(browser_app: Driver, make) -> None:
    media = browser_app.open(make(Recipe(video="mpeg4", container="avi", audio=("mp3",), bframes=0)))
    assert (media["reader"], media["info"]["container"]) == ("ffmpeg", "avi")


@pytest.mark.parametrize("container", ["mkv", "mp4"])
@pytest.mark.parametrize("mode", ["exact", "lossless"])
def test_subtitles_survive_a_cut_in_the_page(browser_app: Driver, make, container: str, mode: str) -> None:
    media = browser_app.open(make(FULL))
    clip = browser_app.clip(media, {"start": 1, "end": 2, "container": container, "mode": mode})
    assert "subtitle" in [kind for kind, _ in reading.stream_kinds(clip.path)]


def test_the_default_name_tells_the_cut(engine: Driver, make) -> None:
    source = make(Recipe())
    plan = engine.plan(engine.open(source), {"start": 1, "end": 3})
    assert plan["name"] == f"{source.stem}_clip_00-01_to_00-03.mp4"


@pytest.mark.parametrize("mode", ["exact", "lossless"])
def test_what_mediabunny_read_ffmpeg_cuts_at_the_same_frame(browser_app: Driver, make, mode: str) -> None:
    """Where one engine looked and another works, both must mean the same moment."""
    source = make(DELAYED)
    media = browser_app.open(source, "media")
    clip = browser_app.clip(
        media, {"start": "1.36", "end": "2.44", "mode": mode, "container": "mp4", "engine": "ffmpeg"}
    )
    wanted = Wanted(source, 1_360_000, 2_440_000, media["info"]["origin_us"])
    assert (media["reader"], clip.report["engine"]) == ("media", "ffmpeg")
    assert_sound(wanted, clip.path, assert_frames(wanted, clip.path))
