"""Cuts that make no sense, files that lie about themselves, work that is broken off: one error or note, no remains."""

from __future__ import annotations

import hashlib
import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import reading
from tests.clips import Maker, Recipe
from tests.drivers import Driver, Native, Refused
from tests.equipment import CACHE, tool
from tests.judging import Wanted
from tests.proving import assert_shown, assert_silent

OFF_KEY = {"start": "1.36", "end": "3.44", "mode": "smart"}
LONG = Recipe(seconds=60, size=(640, 360), gop=50)


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"start": 2, "end": 1}, "end"),
        ({"start": 1, "end": 1}, "end"),
        ({"start": 10, "end": 12}, "start"),
        ({"start": "4.0", "end": 5}, "start"),
        ({"start": "soon"}, "start"),
        ({"start": 1, "end": 2, "duration": 1}, ""),
        ({"start": 1, "source": 1}, "source"),
    ],
    ids=["reversed", "empty", "outside", "at-the-end", "unreadable", "twofold", "no-such-file"],
)
def test_a_bad_segment_is_refused_by_its_number(cutter: Driver, make, bad, field: str) -> None:
    media = cutter.open(make(Recipe()))
    request = {"segments": [{"start": 0, "end": 1}, {**bad, "label": "third"}], "mode": "smart"}
    for ask in (cutter.plan_cut, cutter.cut):
        with pytest.raises(Refused) as refused:
            ask([media], request)
        assert refused.value.code == "bad_request"
        assert "Segment 2" in refused.value.body["message"] and "third" in refused.value.body["message"]
        assert refused.value.body["path"].startswith("$.request.segments[1]")
        assert refused.value.body["path"].endswith(field)
        assert refused.value.body["hint"]
    assert cutter.leftovers() == []


@pytest.mark.parametrize(
    "request_",
    [
        {"segments": []},
        {"segments": [{}], "action": "remove"},
        {"segments": [{"start": 0, "end": 2}, {"start": 1}], "action": "remove", "join": True},
        {"tracks": [{"track": 7}]},
        {"tracks": []},
        {"chapters": [{"start": 3, "title": "b"}, {"start": 1, "title": "a"}], "tags": {"title": "x"}},
    ],
    ids=["none", "all-removed", "all-removed-in-parts", "no-such-track", "no-track", "chapters-backwards"],
)
def test_what_would_leave_nothing_or_makes_no_sense_is_refused(cutter: Driver, make, request_) -> None:
    media = cutter.open(make(Recipe()))
    with pytest.raises(Refused) as refused:
        cutter.cut([media], {"mode": "lossless", **request_})
    assert refused.value.code == "bad_request"
    assert refused.value.body["hint"]
    assert refused.value.body["path"]
    assert cutter.leftovers() == []


def test_an_end_beyond_the_file_is_brought_back_with_a_note(cutter: Driver, make) -> None:
    source = make(Recipe())
    media = cutter.open(source)
    (clip,) = cutter.cut([media], {"segments": [{"start": "1.36", "end": "1:00:00"}], "mode": "smart"})
    assert "end_clamped" in {note["code"] for note in clip.report["notes"]}
    assert_shown([Wanted(source, 1_360_000, 4_000_000, media["info"]["origin_us"])], clip.path)


def test_overlapping_segments_are_kept_as_they_are_asked_for(cutter: Driver, make) -> None:
    source = make(Recipe())
    media = cutter.open(source)
    spans = ((360_000, 2_440_000), (1_480_000, 3_440_000))
    listed = [{"start": start / 1e6, "end": end / 1e6} for start, end in spans]
    wanted = [Wanted(source, *span, media["info"]["origin_us"]) for span in spans]
    (joined,) = cutter.cut([media], {"segments": listed, "join": True, "mode": "smart"})
    assert_shown(wanted, joined.path)
    for cut, clip in zip(wanted, cutter.cut([media], {"segments": listed, "mode": "smart"}), strict=True):
        assert_shown([cut], clip.path)


def without_box(source: Path, target: Path, box: bytes) -> Path:
    """A copy in which every box of that kind has become one that nobody reads."""
    data = source.read_bytes()
    assert box in data
    target.write_bytes(data.replace(box, b"free"))
    return target


@pytest.mark.parametrize("recipe", [Recipe(bframes=0), Recipe(bframes=0, open_gop=True)], ids=["idr", "open"])
def test_without_key_frame_flags_the_pictures_decide(
    cutter: Driver, make, tmp_path: Path, recipe: Recipe
) -> None:
    """An MP4 without a list of key frames says that all of them are."""
    source = without_box(make(recipe), tmp_path / "flagless.mp4", b"stss")
    media = cutter.open(source)
    for mode in ("smart", "lossless"):
        clip = cutter.clip(media, {**OFF_KEY, "mode": mode})
        assert_shown([Wanted(source, 1_360_000, 3_440_000, media["info"]["origin_us"])], clip.path)
        assert_silent(clip.path, source)


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_a_file_that_starts_without_a_key_frame(cutter: Driver, make, tmp_path: Path, container: str) -> None:
    source = tmp_path / f"headless.{container}"
    Maker(tool("ffmpeg"), CACHE).run(
        ["-ss", "0.4", "-i", str(make(Recipe(bframes=0, audio=()))), "-copyinkf", "-c", "copy", "-avoid_negative_ts",
         "make_zero", str(source)]
    )  # fmt: skip
    media = cutter.open(source)
    clip = cutter.clip(media, {"start": 1, "end": 3, "mode": "smart"})
    wanted = Wanted(source, 1_000_000, 3_000_000, media["info"]["origin_us"])
    assert_shown([wanted], clip.path)
    # What cannot be decoded at the start of the file is no reason to refuse all of it.
    try:
        first = cutter.clip(media, {"start": 0, "end": 2, "mode": "smart"})
    except Refused as refused:
        assert refused.code in ("media", "corrupt_media", "capability")  # noqa: PT017 - an error is one of the right answers
        assert refused.body["hint"]  # noqa: PT017
    else:
        assert None not in reading.numbers(first.path)[20:]
    assert cutter.leftovers() == []


def test_broken_times_give_what_players_show_or_one_error(cutter: Driver, make, tmp_path: Path) -> None:
    """Without its offsets a file with B-frames presents pictures in the order they are decoded in."""
    source = without_box(make(Recipe(audio=())), tmp_path / "broken.mp4", b"ctts")
    media = cutter.open(source)
    for mode in ("smart", "lossless", "exact"):
        try:
            clip = cutter.clip(media, {**OFF_KEY, "mode": mode})
        except Refused as refused:
            assert refused.code in ("media", "corrupt_media", "capability"), mode  # noqa: PT017 - an error is one of the right answers
            assert refused.body["hint"]  # noqa: PT017
        else:
            found = reading.frames(clip.path)
            assert len(found) == pytest.approx(52, abs=3), mode
            assert all(number is not None for _, number in found), mode
            assert {number for _, number in found} <= set(range(30, 90)), mode
    assert cutter.leftovers() == []


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(container="mkv", flags=("-live", "1")),
        Recipe(container="webm", video="vp9", audio=("opus",), flags=("-live", "1")),
        Recipe(flags=("-movflags", "+frag_keyframe+empty_moov+default_base_moof+skip_trailer")),
    ],
    ids=["mkv", "webm", "fragments"],
)
def test_without_an_index_packets_are_found_all_the_same(cutter: Driver, make, recipe: Recipe) -> None:
    source = make(recipe)
    media = cutter.open(source)
    clip = cutter.clip(media, OFF_KEY)
    assert clip.report["mode"] == "smart", clip.report["notes"]
    assert_shown([Wanted(source, 1_360_000, 3_440_000, media["info"]["origin_us"])], clip.path)
    assert_silent(clip.path, source)


def test_cancelling_leaves_nothing_and_the_source_as_it_was(cutter: Driver, make) -> None:
    source = make(LONG)
    before = hashlib.sha256(source.read_bytes()).digest()
    media = cutter.open(source)
    # All of it has to be encoded: its key frames are not where the sound can be had as well.
    took = cutter.cancel(media, {"start": "0.5", "end": 58, "mode": "exact"}, after_s=0.6)
    assert took < 2
    assert cutter.leftovers() == []
    assert hashlib.sha256(source.read_bytes()).digest() == before
    assert reading.numbers(cutter.clip(media, {"start": 1, "end": "1.2", "mode": "exact"}).path) == [
        *range(25, 30)
    ]


SMALL = 400 << 10


@pytest.fixture
def small_disk(make, tmp_path: Path) -> Iterator[Path]:
    """A folder that holds 400 KB: on a disk of its own for root; else no file may be longer, which is alike."""
    # The source is no smaller than others.
    make(LONG)
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() == 0 and os.system(f"mount -t tmpfs -o size={SMALL} none '{folder}'") == 0:
        yield folder
        os.system(f"umount '{folder}'")
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, before[1]))
    yield folder
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("mode", ["smart", "lossless", "exact"])
@pytest.mark.parametrize("join", [False, True])
def test_a_disk_that_runs_full_natively(make, small_disk: Path, mode: str, join: bool) -> None:
    source = make(LONG)
    before = hashlib.sha256(source.read_bytes()).digest()
    driver = Native(small_disk)
    media = driver.open(source)
    listed = [{"start": "0.52", "end": "1.48"}, {"start": 3, "end": 59}]
    with pytest.raises(Refused) as refused:
        driver.cut([media], {"segments": listed, "join": join, "mode": mode, "container": "mkv"})
    assert refused.value.code == "resource"
    assert refused.value.body["hint"]
    # What was finished before the disk ran full stays; nothing else does.
    left = sorted(path.name for path in small_disk.iterdir())
    assert len(left) == (0 if join else 1), left
    assert hashlib.sha256(source.read_bytes()).digest() == before
