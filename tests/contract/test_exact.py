"""Exact clips: first and last frame exactly the requested ones, sound where it was."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests import reading
from tests.clips import Recipe
from tests.contract.test_probe import DELAYED
from tests.drivers import Driver, Refused
from tests.judging import Wanted, assert_frames, assert_report, assert_sound, assert_sound_length


@dataclass(frozen=True)
class Case:
    """A cut; `cannot` names the engines that by design answer `capability`."""

    name: str
    recipe: Recipe
    start_us: int
    end_us: int
    container: str = "mp4"
    cannot: tuple[str, ...] = ()


H264_MKV = Recipe(container="mkv")
WEBM = Recipe(container="webm", video="vp9", audio=("opus",))
UNDECODABLE = ("media",)
"""Codecs that WebCodecs in Chromium on Linux does not decode."""
NO_AV1 = ("ffmpeg",)
"""@ffmpeg/core 0.12 has no AV1 decoder."""

PICTURES = (
    Case("25-on-key-frame", Recipe(), 1_000_000, 2_200_000),
    Case("25-off-key-frame", Recipe(), 1_360_000, 2_440_000),
    Case("25-between-frames", Recipe(), 1_015_000, 2_019_000),
    Case("25-last-frame-only", Recipe(), 3_960_000, 4_000_000),
    Case("25-whole", Recipe(), 0, 4_000_000),
    Case("no-b-frames", Recipe(bframes=0), 1_520_000, 2_520_000),
    Case("deep-b-frames-open-gop", Recipe(bframes=3, open_gop=True), 920_000, 2_080_000),
    Case("no-edit-list", Recipe(bframes=3, flags=("-use_editlist", "0")), 1_360_000, 2_440_000),
    Case("fragments-with-negative-offsets", DELAYED, 1_360_000, 2_440_000),
    Case("fragments-with-negative-offsets-on-key-frame", DELAYED, 1_040_000, 2_040_000),
    # Frame 37 to frame 61, whose starts are no whole microseconds: 37 * 1001 / 30000 = 1.2345666...
    Case("ntsc", Recipe(rate="30000/1001"), 1_234_567, 2_035_367),
    Case("ntsc-one-microsecond-later", Recipe(rate="30000/1001"), 1_234_568, 2_035_368),
    Case("film", Recipe(rate="24000/1001"), 1_292_958, 2_919_583),
    Case("60", Recipe(rate="60", seconds=3), 516_667, 1_500_000),
    Case("vfr", Recipe(vfr=True), 1_100_000, 2_700_000),
    Case("vfr-mkv", Recipe(vfr=True, container="mkv"), 1_100_000, 2_700_000, "mkv"),
    Case("late-picture", Recipe(delay_video_s=0.5), 1_200_000, 2_400_000),
    Case("late-sound", Recipe(delay_audio_s=0.5), 1_200_000, 2_400_000),
    Case("turned-90", Recipe(rotation=90), 1_200_000, 2_000_000),
    Case("turned-180", Recipe(rotation=180), 1_200_000, 2_000_000),
    Case("wide-pixels", Recipe(pixel_aspect="2/1"), 1_200_000, 2_000_000),
    Case(
        "odd-size",
        Recipe(container="mkv", video="vp9", audio=("opus",), size=(319, 179)),
        1_200_000,
        2_000_000,
        "mp4",
    ),
    Case("two-sounds", Recipe(audio=("aac", "aac")), 1_200_000, 2_400_000),
    Case("no-sound", Recipe(audio=()), 1_200_000, 2_400_000),
    Case("mono-44100", Recipe(channels=1, sample_rate=44100), 1_200_000, 2_400_000),
    Case("mkv-to-mkv", H264_MKV, 1_360_000, 2_440_000, "mkv"),
    Case("mkv-to-mov", H264_MKV, 1_360_000, 2_440_000, "mov"),
    Case("mp4-to-webm", Recipe(seconds=3), 1_360_000, 2_000_000, "webm"),
    Case("webm-to-webm", WEBM, 1_360_000, 2_000_000, "webm"),
    Case("webm-to-mp4", WEBM, 1_360_000, 2_440_000),
    Case("vp8", Recipe(container="webm", video="vp8", audio=("vorbis",)), 1_360_000, 2_440_000),
    Case("av1", Recipe(video="av1", audio=("opus",)), 1_360_000, 2_440_000, cannot=NO_AV1),
    Case("mov-pcm", Recipe(container="mov", audio=("pcm",)), 1_360_000, 2_440_000, "mov"),
    Case("ts", Recipe(container="ts"), 1_360_000, 2_440_000),
    Case("hevc", Recipe(video="hevc"), 1_360_000, 2_440_000, cannot=UNDECODABLE),
    Case("mpeg4", Recipe(video="mpeg4"), 1_360_000, 2_440_000, cannot=UNDECODABLE),
    Case(
        "mpeg4-avi",
        Recipe(video="mpeg4", container="avi", audio=("mp3",), bframes=0),
        1_360_000,
        2_440_000,
        cannot=UNDECODABLE,
    ),
    Case(
        "mpeg2-ts",
        Recipe(video="mpeg2", container="ts", audio=("ac3",)),
        1_360_000,
        2_440_000,
        cannot=UNDECODABLE,
    ),
    Case("ac3", Recipe(audio=("ac3",)), 1_360_000, 2_440_000, cannot=UNDECODABLE),
)

SOUNDS = (
    Case("video-to-m4a", Recipe(), 1_360_000, 2_440_000, "m4a"),
    Case("video-to-mp3", Recipe(), 1_360_000, 2_440_000, "mp3"),
    Case("video-to-ogg", Recipe(), 1_360_000, 2_440_000, "ogg"),
    Case("video-to-wav", Recipe(), 1_360_000, 2_440_000, "wav"),
    Case("video-to-flac", Recipe(), 1_360_000, 2_440_000, "flac"),
    Case("m4a", Recipe(video=None, container="m4a"), 1_360_000, 2_440_000, "m4a"),
    Case("mp3", Recipe(video=None, container="mp3", audio=("mp3",)), 1_360_000, 2_440_000, "mp3"),
    Case("ogg-vorbis", Recipe(video=None, container="ogg", audio=("vorbis",)), 1_360_000, 2_440_000, "ogg"),
    Case("ogg-opus", Recipe(video=None, container="ogg", audio=("opus",)), 1_360_000, 2_440_000, "ogg"),
    Case("wav", Recipe(video=None, container="wav", audio=("pcm",)), 1_360_000, 2_440_000, "wav"),
    Case("flac", Recipe(video=None, container="flac", audio=("flac",)), 1_360_000, 2_440_000, "flac"),
)


def request_of(case: Case) -> dict[str, object]:
    """The cut as a person would write it, in seconds with all six digits."""
    return {
        "start": f"{case.start_us / 1e6:.6f}",
        "end": f"{case.end_us / 1e6:.6f}",
        "mode": "exact",
        "container": case.container,
    }


@pytest.mark.parametrize("case", PICTURES, ids=lambda case: case.name)
def test_exact_keeps_the_very_frames_that_were_asked_for(engine: Driver, make, case: Case) -> None:
    source = make(case.recipe)
    if engine.name in case.cannot:
        with pytest.raises(Refused) as refused:
            engine.clip(engine.open(source), request_of(case))
        assert refused.value.code == "capability"
        return
    media = engine.open(source)
    clip = engine.clip(media, request_of(case))
    wanted = Wanted(source, case.start_us, case.end_us, media["info"]["origin_us"])
    moved = assert_frames(wanted, clip.path)
    assert_sound(wanted, clip.path, moved, tuple(range(len(case.recipe.audio))))
    assert_report(clip, request_of(case), engine.name, "exact")


@pytest.mark.parametrize("case", SOUNDS, ids=lambda case: case.name)
def test_exact_keeps_the_very_sound_that_was_asked_for(engine: Driver, make, case: Case) -> None:
    source = make(case.recipe)
    media = engine.open(source)
    clip = engine.clip(media, request_of(case))
    origin = media["info"]["origin_us"]
    wanted = Wanted(source, case.start_us, case.end_us, origin)
    assert [kind for kind, _ in reading.stream_kinds(clip.path)] == ["audio"]
    assert_sound(wanted, clip.path, case.start_us + origin - reading.start_us(clip.path))
    assert_sound_length(wanted, clip.path)
    assert_report(clip, request_of(case), engine.name, "exact")


def test_exact_shape_survives(engine: Driver, make) -> None:
    """Turn and pixel aspect either stay as marks or are worked into the picture; the shape on screen is the same."""
    for recipe in (Recipe(rotation=90), Recipe(pixel_aspect="2/1")):
        source = make(recipe)
        clip = engine.clip(engine.open(source), {"start": 1, "end": "1.4", "mode": "exact"})
        before, after = reading.shape(source), reading.shape(clip.path)
        assert after == pytest.approx(before, rel=0.02)
