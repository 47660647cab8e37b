"""Many segments in one go: as files of their own, joined, or taken out; several files; tracks, chapters and tags."""

from __future__ import annotations

import itertools

import av
import pytest

from tests import reading
from tests.clips import Recipe
from tests.drivers import Clip, Driver
from tests.judging import Wanted
from tests.proving import assert_shown, assert_silent, assert_sound_follows

KEEP = ((360_000, 1_480_000), (1_760_000, 2_440_000), (2_800_000, 3_960_000))
LONG = Recipe(seconds=6)


def segments_of(spans, **more: object) -> list[dict[str, object]]:
    return [{"start": f"{start / 1e6:.6f}", "end": f"{end / 1e6:.6f}", **more} for start, end in spans]


def codes(clip: Clip) -> set[str]:
    return {note["code"] for note in clip.report["notes"]}


def test_every_segment_becomes_a_file_of_its_own(cutter: Driver, make) -> None:
    source = make(Recipe())
    media = cutter.open(source)
    names = ["intro", None, "outro"]
    listed = [{**one, "label": name} for one, name in zip(segments_of(KEEP), names, strict=True)]
    request = {"segments": listed, "mode": "smart", "name": "{n:02}_{label}_{start}"}
    plans = cutter.plan_cut([media], request)["plans"]
    clips = cutter.cut([media], request)
    for span, clip in zip(KEEP, clips, strict=True):
        wanted = Wanted(source, *span, media["info"]["origin_us"])
        assert_shown([wanted], clip.path)
        assert_sound_follows([wanted], clip.path)
    called = [clip.report["name"] for clip in clips]
    assert called == [plan["name"] for plan in plans]
    assert [name[:2] for name in called] == ["01", "02", "03"]
    assert "intro" in called[0] and "outro" in called[2]
    assert len(set(called)) == 3
    assert [clip.report["segments"][0]["label"] for clip in clips] == names


def test_progress_over_many_files_rises_once(cutter: Driver, make) -> None:
    media = cutter.open(make(Recipe()))
    clips = cutter.cut([media], {"segments": segments_of(KEEP), "mode": "exact"})
    progress = clips[0].progress
    assert progress == sorted(progress)
    assert progress[-1] == 1
    assert progress.count(1) == 1


@pytest.mark.parametrize("container", ["mp4", "mkv", "mov"])
def test_kept_segments_are_joined_in_the_order_given(cutter: Driver, make, container: str) -> None:
    source = make(Recipe(bframes=3))
    media = cutter.open(source)
    spans = (KEEP[2], KEEP[0], KEEP[1])
    request = {"segments": segments_of(spans), "join": True, "mode": "smart", "container": container}
    (clip,) = cutter.cut([media], request)
    wanted = [Wanted(source, *span, media["info"]["origin_us"]) for span in spans]
    copied = assert_shown(wanted, clip.path)
    assert_sound_follows(wanted, clip.path)
    assert_silent(clip.path, source)
    assert sum(not same for same in copied) == sum(s["encoded_frames"] for s in clip.report["segments"])
    lengths = [end - start for start, end in spans]
    assert [s["at"] for s in clip.report["segments"]] == [0, *itertools.accumulate(lengths[:-1])]
    assert clip.report["verified"]["ok"]


@pytest.mark.parametrize("codec", ["vp9", "vp8", "av1"])
def test_segments_of_other_codecs_are_joined(cutter: Driver, make, codec: str) -> None:
    source = make(Recipe(container="webm", video=codec, audio=("opus",)))
    media = cutter.open(source)
    spans = ((360_000, 2_440_000), (2_800_000, 4_000_000))
    (clip,) = cutter.cut([media], {"segments": segments_of(spans), "join": True, "mode": "smart"})
    wanted = [Wanted(source, *span, media["info"]["origin_us"]) for span in spans]
    assert clip.report["mode"] == "smart", clip.report["notes"]
    assert any(assert_shown(wanted, clip.path))
    assert_sound_follows(wanted, clip.path)
    assert_silent(clip.path, source)


def test_twenty_segments_are_joined(cutter: Driver, make) -> None:
    source = make(LONG)
    media = cutter.open(source)
    spans = [(number * 280_000 + 40_000, number * 280_000 + 240_000) for number in range(20)]
    (clip,) = cutter.cut([media], {"segments": segments_of(spans), "join": True, "mode": "smart"})
    wanted = [Wanted(source, *span, media["info"]["origin_us"]) for span in spans]
    assert_shown(wanted, clip.path)
    assert_silent(clip.path, source)


def test_removed_segments_are_gone(cutter: Driver, make) -> None:
    source = make(Recipe())
    media = cutter.open(source)
    request = {"segments": segments_of(KEEP), "action": "remove", "join": True, "mode": "smart"}
    (clip,) = cutter.cut([media], request)
    left = ((0, 360_000), (1_480_000, 1_760_000), (2_440_000, 2_800_000), (3_960_000, 4_000_000))
    wanted = [Wanted(source, *span, media["info"]["origin_us"]) for span in left]
    assert_shown(wanted, clip.path)
    assert_sound_follows(wanted, clip.path)


def test_overlapping_segments_are_removed_once(cutter: Driver, make) -> None:
    source = make(Recipe())
    media = cutter.open(source)
    overlapping = segments_of(((1_000_000, 2_000_000), (1_480_000, 3_000_000)))
    request = {"segments": overlapping, "action": "remove", "join": True}
    assert "segments_merged" in {note["code"] for note in cutter.plan_cut([media], request)["notes"]}
    (clip,) = cutter.cut([media], request)
    origin = media["info"]["origin_us"]
    assert_shown(
        [Wanted(source, 0, 1_000_000, origin), Wanted(source, 3_000_000, 4_000_000, origin)], clip.path
    )


def test_segments_between_key_frames_are_joined_without_encoding(cutter: Driver, make) -> None:
    source = make(Recipe())
    media = cutter.open(source)
    spans = ((0, 1_000_000), (2_000_000, 3_000_000))
    (clip,) = cutter.cut([media], {"segments": segments_of(spans), "join": True})
    wanted = [Wanted(source, *span, media["info"]["origin_us"]) for span in spans]
    assert all(assert_shown(wanted, clip.path))
    assert (clip.report["mode"], clip.report["encoded"]) == ("lossless", [])
    assert clip.report["verified"]["ok"]


@pytest.mark.parametrize("container", ["mp4", "mov", "mkv"])
def test_pictures_of_hevc_may_come_again(cutter: Driver, make, container: str) -> None:
    """Open groups count their pictures on: decoders must not take one for the same one that was there just before."""
    source = make(Recipe(video="hevc", bframes=3, open_gop=True, seconds=5))
    media = cutter.open(source)
    spans = (
        (2_000_000, 3_040_000),
        (3_000_000, 4_040_000),
        (3_000_000, 4_040_000),
        (3_000_000, 4_040_000),
        (1_000_000, 4_040_000),
        (1_000_000, 2_040_000),
    )
    request = {"segments": segments_of(spans), "join": True, "mode": "lossless", "container": container}
    (clip,) = cutter.cut([media], request)
    wanted = [Wanted(source, *span, media["info"]["origin_us"]) for span in spans]
    assert_shown(wanted, clip.path, like_db=100.0)
    assert_sound_follows(wanted, clip.path)
    assert_silent(clip.path, source)
    assert (clip.report["mode"], clip.report["encoded"]) == ("lossless", [])
    assert clip.report["verified"]["ok"]


def test_files_that_match_are_joined_without_encoding(cutter: Driver, make) -> None:
    first, second = make(Recipe()), make(Recipe(title="another"))
    opened = [cutter.open(first), cutter.open(second)]
    (clip,) = cutter.cut(opened, {"segments": [{"source": 1}, {"source": 0}], "join": True})
    wanted = [Wanted(path, 0, 4_000_000, 0) for path in (second, first)]
    assert all(assert_shown(wanted, clip.path))
    assert_sound_follows(wanted, clip.path)
    assert_silent(clip.path, first)
    assert clip.report["mode"] == "lossless"


@pytest.mark.parametrize(
    "other",
    [
        Recipe(size=(480, 272), seconds=3),
        Recipe(container="webm", video="vp9", audio=("opus",), seconds=3),
        Recipe(channels=1, sample_rate=44100, seconds=3),
    ],
    ids=["size", "codec", "sound"],
)
def test_files_that_differ_are_encoded_alike_and_that_is_said(cutter: Driver, make, other: Recipe) -> None:
    first, second = make(Recipe()), make(other)
    opened = [cutter.open(first), cutter.open(second)]
    request = {
        "segments": [{"source": 0, "end": 2}, {"source": 1, "start": "0.48", "end": 2}],
        "join": True,
        "container": "mp4",
    }
    plan = cutter.plan_cut(opened, request)["plans"][0]
    assert "sources_differ" in {note["code"] for note in plan["notes"]}
    (clip,) = cutter.cut(opened, request)
    assert "sources_differ" in codes(clip)
    assert reading.numbers(clip.path) == [*range(50), *range(12, 50)]
    times = [at for at, _ in reading.frames(clip.path)]
    assert times == pytest.approx([number * 40_000 for number in range(88)], abs=100)
    wanted = [Wanted(first, 0, 2_000_000, 0), Wanted(second, 480_000, 2_000_000, 0)]
    assert_sound_follows(wanted, clip.path)
    assert_silent(clip.path, first)
    assert [segment["mode"] for segment in clip.report["segments"]][1] == "exact"


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_files_of_other_rates_and_lengths_are_joined_exactly(cutter: Driver, make, container: str) -> None:
    """Encoders put the rate, and what so few pictures need, into their parameter sets."""
    first = make(Recipe(container=container, audio=()))
    second = make(Recipe(container=container, audio=(), rate="30000/1001"))
    opened = [cutter.open(first), cutter.open(second)]
    spans = (
        (0, 0, 40_000),
        (0, 200_000, 480_000),
        (1, 1_001_000, 2_002_000),
        (0, 2_000_000, 3_000_000),
    )
    segments = [
        {"source": file, "start": f"{start / 1e6:.6f}", "end": f"{end / 1e6:.6f}"}
        for file, start, end in spans
    ]
    (clip,) = cutter.cut(opened, {"segments": segments, "join": True, "mode": "exact"})
    wanted = [Wanted((first, second)[file], start, end, 0) for file, start, end in spans]
    assert_shown(wanted, clip.path, 28.0)
    assert_silent(clip.path, first, second)


@pytest.mark.parametrize("number", [30, 31])
def test_parameter_sets_of_sources_keep_their_numbers(cutter: Driver, make, number: int) -> None:
    """Also where they are those that edges and pieces of other files would have."""
    first = make(Recipe(flags=("-x264-params", f"keyint=25:scenecut=0:sps-id={number}")))
    second = make(Recipe(size=(480, 272), seconds=3))
    opened = [cutter.open(first), cutter.open(second)]
    segments = [{"source": 0, "start": "0.36", "end": 2}, {"source": 1, "start": "0.48", "end": 2}]
    (clip,) = cutter.cut(opened, {"segments": segments, "join": True, "mode": "smart"})
    assert [segment["mode"] for segment in clip.report["segments"]] == ["smart", "exact"], clip.report[
        "notes"
    ]
    assert reading.numbers(clip.path) == [*range(9, 50), *range(12, 50)]
    assert_silent(clip.path, first)
    assert clip.report["verified"]["ok"]


def test_chapters_are_trimmed_and_moved(cutter: Driver, make) -> None:
    source = make(Recipe(chapters=True))
    media = cutter.open(source)
    for mode, start, end in (("lossless", 1.0, 3.0), ("smart", 1.36, 3.44)):
        clip = cutter.clip(media, {"start": start, "end": end, "mode": mode})
        found = cutter.open(clip.path)["info"]["chapters"]
        edge = round((2 - start) * 1e6)
        assert [chapter["title"] for chapter in found] == ["One & <two>", "Zwei"]
        assert [chapter["start_us"] for chapter in found] == pytest.approx([0, edge], abs=1100)
        assert found[0]["end_us"] == pytest.approx(edge, abs=1100)


def test_chapters_can_be_given(cutter: Driver, make) -> None:
    media = cutter.open(make(Recipe(chapters=True)))
    given = [{"start": 0, "title": "Öffnung"}, {"start": "2.5", "title": "Rest"}]
    clip = cutter.clip(media, {"start": 1, "end": 3, "mode": "lossless", "chapters": given})
    found = cutter.open(clip.path)["info"]["chapters"]
    assert [(c["title"], c["start_us"]) for c in found] == [("Öffnung", 0), ("Rest", 1_500_000)]


@pytest.mark.parametrize("container", ["mp4", "mov", "mkv"])
def test_what_a_file_says_of_itself_is_changed_without_encoding(cutter: Driver, make, container: str) -> None:
    source = make(Recipe(title="old", languages=("eng", "eng")))
    media = cutter.open(source)
    request = {
        "start": 1,
        "end": 3,
        "mode": "lossless",
        "container": container,
        "tags": {"title": "Neu & <gut>", "comment": "ok"},
        "tracks": [{"track": 0, "rotation": 90}, {"track": 1, "language": "fra"}],
    }
    clip = cutter.clip(media, request)
    assert all(assert_shown_anyhow(source, clip))
    info = cutter.open(clip.path)["info"]
    assert info["tags"]["title"] == "Neu & <gut>"
    assert info["tags"]["comment"] == "ok"
    assert info["tracks"][0]["rotation"] == 90
    assert info["tracks"][1]["language"] == "fra"


def assert_shown_anyhow(source, clip: Clip) -> list[bool]:
    """Whether each packet between 1 s and 3 s is the source's."""
    right = [p.holds for p in reading.shown_packets(source) if 1 <= p.at < 3]
    found = [p.holds for p in reading.shown_packets(clip.path) if 0 <= p.at < 2]
    return [one == other for one, other in zip(right, found, strict=True)]


def test_dispositions_are_set(cutter: Driver, make) -> None:
    media = cutter.open(make(Recipe(container="mkv", audio=("aac", "aac"))))
    wanted = [{"track": 0}, {"track": 1, "disposition": []}, {"track": 2, "disposition": ["default"]}]
    clip = cutter.clip(media, {"start": 1, "end": 3, "mode": "lossless", "tracks": wanted})
    with av.open(str(clip.path)) as container:
        defaults = [
            bool(stream.disposition & av.stream.Disposition.default) for stream in container.streams.audio
        ]
    assert defaults == [False, True]


def test_tracks_are_chosen_and_put_in_another_order(cutter: Driver, make) -> None:
    source = make(Recipe(audio=("aac", "aac")))
    media = cutter.open(source)
    wanted = [{"track": 0}, {"track": 2}, {"track": 1}]
    clip = cutter.clip(media, {"start": "1.36", "end": "3.44", "mode": "smart", "tracks": wanted})
    cut = Wanted(source, 1_360_000, 3_440_000, media["info"]["origin_us"])
    assert_shown([cut], clip.path)
    assert_sound_follows([cut], clip.path, (1, 0))


@pytest.mark.parametrize("track", [1, 2])
def test_one_track_is_extracted(cutter: Driver, make, track: int) -> None:
    source = make(Recipe(audio=("aac", "aac")))
    media = cutter.open(source)
    clip = cutter.clip(media, {"mode": "lossless", "tracks": [{"track": track}], "container": "m4a"})
    assert [kind for kind, _ in reading.stream_kinds(clip.path)] == ["audio"]
    assert reading.packets(clip.path, "audio") == reading.packets(source, "audio", track - 1)
    assert clip.report["encoded"] == []


def test_sound_of_another_file_is_added(cutter: Driver, make) -> None:
    picture, sound = make(Recipe(audio=())), make(Recipe(video=None, container="m4a"))
    opened = [cutter.open(picture), cutter.open(sound)]
    request = {
        "segments": segments_of([(1_360_000, 3_440_000)]),
        "mode": "smart",
        "tracks": [{"track": 0}, {"source": 1, "track": 0, "language": "deu"}],
    }
    (clip,) = cutter.cut(opened, request)
    cut = Wanted(picture, 1_360_000, 3_440_000, 0)
    assert_shown([cut], clip.path)
    offset = reading.sound_offset_us(clip.path)
    assert offset == pytest.approx(1_360_000 + reading.sound_offset_us(sound), abs=25_000)
    assert reading.languages(clip.path)[1] == "deu"
    assert clip.report["mode"] == "smart"


def test_many_segments_are_planned_as_each_alone(engine: Driver, make) -> None:
    """Of two files in turn, one of them listed again, in no order."""
    media = [engine.open(make(Recipe())), engine.open(make(Recipe(bframes=3, gop=20)))]
    listed = [
        {**segment, "source": number % 2}
        for number, segment in enumerate(segments_of((*KEEP[::-1], *KEEP, (1_000_000, 4_000_000), KEEP[0])))
    ]
    together = engine.plan_cut(media, {"segments": listed})["plans"]
    for plan, segment in zip(together, listed, strict=True):
        (alone,) = engine.plan_cut([media[segment["source"]]], {"segments": [{**segment, "source": 0}]})[
            "plans"
        ]
        for key in ("mode", "request_span", "span", "segments", "estimated_bytes", "lead_in_us"):
            assert plan[key] == alone[key], (segment, key)


@pytest.mark.parametrize("mode", ["smart", "exact"])
@pytest.mark.parametrize("container", ["mkv", "webm"])
def test_a_part_of_one_picture_says_how_long_that_lasts(
    cutter: Driver, make, container: str, mode: str
) -> None:
    codec = {"mkv": "h264", "webm": "vp9"}[container]
    sound = {"mkv": "aac", "webm": "opus"}[container]
    source = make(Recipe(container=container, video=codec, audio=(sound,)))
    media = cutter.open(source)
    (part,) = cutter.cut([media], {"segments": segments_of([(1_480_000, 1_520_000)]), "mode": mode})
    with av.open(str(part.path)) as opened:
        stream = opened.streams.video[0]
        (packet,) = [packet for packet in opened.demux(stream) if packet.size]
        # Every picture's length, or when the track ends.
        until = dict(stream.metadata).get("DURATION", "").rpartition(":")[2] or "0"
        assert packet.duration * packet.time_base * 1000 == 40 or float(until) == 0.04
