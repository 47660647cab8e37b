"""Smart cuts: exact to the frame at both ends, all but the edges the source's own packets."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests import reading
from tests.clips import Recipe
from tests.contract.test_probe import DELAYED
from tests.drivers import Clip, Driver
from tests.judging import Wanted, assert_copied, assert_report
from tests.proving import assert_edges, assert_shown, assert_silent, assert_sound_follows

OFF = (1_360_000, 3_440_000)
"""Off key frames at both ends; whole groups of one second lie between."""
DEEP = ("-x264-params", "keyint=25:scenecut=0:b-adapt=0:b-pyramid=2", "-refs", "6")
UNEVEN = (
    *("-vf", "settb=1/90000,setpts='(N+0.3*mod(N,3)-0.2*eq(mod(N,7),0)+0.3)/25/TB'"),
    *("-fps_mode", "passthrough", "-enc_time_base", "1/90000", "-video_track_timescale", "90000"),
)
"""No two frames in a row last equally long, and none starts where another does."""
WEBM = Recipe(container="webm", video="vp9", audio=("opus",))


@dataclass(frozen=True)
class Case:
    """A cut; `container` None keeps the source's."""

    name: str
    recipe: Recipe
    start_us: int = OFF[0]
    end_us: int = OFF[1]
    container: str | None = None


CASES = (
    Case("b-frames", Recipe()),
    Case("no-b-frames", Recipe(bframes=0)),
    Case("deep-b-frames", Recipe(bframes=5, flags=DEEP)),
    Case("between-frames", Recipe(), 1_375_000, 3_419_000),
    Case("start-on-key-frame", Recipe(), 1_000_000, 3_440_000),
    Case("end-on-key-frame", Recipe(), 1_360_000, 3_000_000),
    Case("from-the-start", Recipe(), 0, 2_440_000),
    Case("to-the-end", Recipe(), 1_360_000, 4_000_000),
    Case("one-frame-before-key-frames", Recipe(), 960_000, 2_960_000),
    Case("one-frame-after-key-frames", Recipe(), 1_040_000, 3_040_000),
    Case("as-edges-are-numbered", Recipe(flags=("-x264-params", "keyint=25:scenecut=0:sps-id=31"))),
    Case("vfr", Recipe(flags=UNEVEN)),
    Case("vfr-mkv", Recipe(container="mkv", flags=UNEVEN[:-2])),
    Case("no-edit-list", Recipe(bframes=3, flags=("-use_editlist", "0"))),
    Case("fragments-with-negative-offsets", DELAYED),
    Case("late-picture", Recipe(delay_video_s=0.5)),
    Case("late-sound", Recipe(delay_audio_s=0.5), 200_000, 3_440_000),
    Case("negative-start", Recipe(container="mkv", flags=("-avoid_negative_ts", "disabled"))),
    Case("ntsc", Recipe(rate="30000/1001", gop=30), 1_234_567, 3_036_367),
    Case("ntsc-one-microsecond-later", Recipe(rate="30000/1001", gop=30), 1_234_568, 3_036_368),
    Case("film", Recipe(rate="24000/1001", gop=24), 1_292_958, 3_169_833),
    Case("60", Recipe(rate="60", gop=60), 516_667, 3_500_000),
    Case("turned", Recipe(rotation=90)),
    Case("wide-pixels", Recipe(pixel_aspect="2/1")),
    Case("colours", Recipe(color="bt709")),
    Case("two-sounds", Recipe(audio=("aac", "aac"))),
    Case("no-sound", Recipe(audio=())),
    Case("mono-44100", Recipe(channels=1, sample_rate=44100)),
    Case("vp9", WEBM),
    Case("vp9-to-mp4", WEBM, container="mp4"),
    Case("vp8", Recipe(container="webm", video="vp8", audio=("vorbis",))),
    Case("vp8-mkv", Recipe(container="mkv", video="vp8", audio=("opus",))),
    Case("av1", Recipe(video="av1", audio=("opus",))),
    Case("av1-webm", Recipe(container="webm", video="av1", audio=("opus",))),
    Case("mov", Recipe(container="mov", audio=("pcm",))),
    Case("mkv", Recipe(container="mkv")),
    Case("mkv-to-mp4", Recipe(container="mkv"), container="mp4"),
    Case("mp4-to-mkv", Recipe(), container="mkv"),
    Case("ts-to-mp4", Recipe(container="ts"), container="mp4"),
)

NOISE = Recipe(
    gop=50, seconds=5, flags=("-vf", "noise=alls=60:allf=t", "-crf", "10", "-preset", "ultrafast"), audio=()
)
"""So many bits in so small a picture that OpenH264, which Chromium has, fails when it is given twice as many."""


ALIGNED = {
    "h264": Recipe(),
    "deep-b-frames": Recipe(bframes=5, flags=DEEP),
    "mkv": Recipe(container="mkv"),
    "vp9": WEBM,
    "vp8": Recipe(container="webm", video="vp8", audio=("vorbis",)),
    "av1": Recipe(video="av1", audio=("opus",)),
    "ts": Recipe(container="ts"),
}


def request_of(case: Case) -> dict[str, object]:
    written = {"container": case.container} if case.container else {}
    return {
        "start": f"{case.start_us / 1e6:.6f}",
        "end": f"{case.end_us / 1e6:.6f}",
        "mode": "smart",
        **written,
    }


def assert_proved(clip: Clip, encoded: int) -> None:
    """The report tells what was encoded, and that the result was compared with the source."""
    (segment,) = clip.report["segments"]
    assert segment["mode"] == "smart"
    assert segment["encoded_frames"] == encoded
    assert clip.report["verified"]["ok"], clip.report["verified"]
    assert clip.report["verified"]["frames"] > 0
    assert clip.report["verified"]["worst_psnr_db"] >= 38


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_smart_encodes_the_edges_alone(cutter: Driver, make, case: Case) -> None:
    source = make(case.recipe)
    media = cutter.open(source)
    clip = cutter.clip(media, request_of(case))
    assert clip.report["mode"] == "smart", clip.report["notes"]
    wanted = Wanted(source, case.start_us, case.end_us, media["info"]["origin_us"])
    copied = assert_shown([wanted], clip.path)
    head, tail = assert_edges(copied, case.recipe.gop)
    assert head == 0 or case.name != "start-on-key-frame"
    assert tail == 0 or case.name != "end-on-key-frame"
    assert_proved(clip, head + tail)
    assert_report(clip, request_of(case), cutter.name, "smart")
    if case.recipe.audio:
        assert_sound_follows([wanted], clip.path, range(len(case.recipe.audio)))
    assert_silent(clip.path, source)
    assert reading.shape(clip.path) == pytest.approx(reading.shape(source))
    assert {shot.turn for shot in reading.shots(clip.path)} == {case.recipe.rotation}


@pytest.mark.parametrize("name", ALIGNED)
def test_smart_encodes_nothing_between_key_frames(cutter: Driver, make, name: str) -> None:
    source = make(ALIGNED[name])
    media = cutter.open(source)
    origin = media["info"]["origin_us"]
    case = Case(name, ALIGNED[name], 1_000_000, 3_000_000, "mp4" if name == "ts" else None)
    clip = cutter.clip(media, request_of(case))
    wanted = Wanted(source, case.start_us, case.end_us, origin)
    assert all(assert_shown([wanted], clip.path))
    assert_proved(clip, 0)
    assert_sound_follows([wanted], clip.path)
    assert_silent(clip.path, source)


@pytest.mark.parametrize("open_gop", [False, True], ids=["closed", "open"])
def test_smart_encodes_nothing_between_key_frames_of_hevc(native: Driver, make, open_gop: bool) -> None:
    """In open groups the last pictures of a group come behind the next key frame, and cannot be had without it."""
    source = make(Recipe(video="hevc", bframes=4, open_gop=open_gop))
    media = native.open(source)
    case = Case("hevc", Recipe(video="hevc"), 1_000_000, 3_000_000)
    clip = native.clip(media, request_of(case))
    head, tail = assert_edges(assert_shown([Wanted(source, case.start_us, case.end_us, 0)], clip.path), 6)
    assert (head, tail > 0) == (0, open_gop)
    assert_proved(clip, tail)
    assert_silent(clip.path, source)


def test_smart_where_the_encoder_fails_for_too_many_bits(browser_app: Driver, make) -> None:
    source = make(NOISE)
    media = browser_app.open(source)
    case = Case("noise", NOISE, 1_600_000, 4_400_000)
    clip = browser_app.clip(media, request_of(case))
    assert (clip.report["mode"], clip.report["engine"]) == ("smart", "media"), clip.report["notes"]
    wanted = Wanted(source, case.start_us, case.end_us, media["info"]["origin_us"])
    head, tail = assert_edges(assert_shown([wanted], clip.path), NOISE.gop)
    assert_proved(clip, head + tail)
    assert_silent(clip.path, source)


def test_auto_is_smart_off_a_key_frame_and_lossless_on_one(cutter: Driver, make) -> None:
    media = cutter.open(make(Recipe()))
    for start, mode in (("1", "lossless"), ("1.36", "smart")):
        request = {"start": start, "end": 3, "mode": "auto"}
        plan, clip = cutter.plan(media, request), cutter.clip(media, request)
        assert (plan["mode"], clip.report["mode"]) == (mode, mode)
        assert clip.report["verified"]["ok"]


def test_key_frames_that_are_not_clean_are_not_copied_from(cutter: Driver, make) -> None:
    """Open groups: all but the first key frame are followed by pictures that need the group before."""
    source = make(Recipe(bframes=3, open_gop=True))
    media = cutter.open(source)
    inside = cutter.clip(media, {"start": "1.36", "end": "3.44", "mode": "smart"})
    assert inside.report["segments"][0]["copied_us"] == 0
    shown = assert_shown([Wanted(source, 1_360_000, 3_440_000, media["info"]["origin_us"])], inside.path)
    assert_proved(inside, len(shown))
    whole = cutter.clip(media, {"start": 0, "end": "3.44", "mode": "smart"})
    assert whole.report["mode"] == "smart"
    wanted = Wanted(source, 0, 3_440_000, media["info"]["origin_us"])
    head, tail = assert_edges(assert_shown([wanted], whole.path), 4)
    assert head == 0
    assert_proved(whole, tail)
    assert_silent(whole.path, source)


def test_a_cut_inside_one_group_encodes_its_picture_only(cutter: Driver, make) -> None:
    source = make(Recipe())
    media = cutter.open(source)
    clip = cutter.clip(media, {"start": "1.2", "end": "1.8", "mode": "smart"})
    assert clip.report["segments"][0]["copied_us"] == 0
    shown = assert_shown([Wanted(source, 1_200_000, 1_800_000, media["info"]["origin_us"])], clip.path)
    assert_proved(clip, len(shown))
    assert_copied(source, clip.path, "audio")


def test_a_long_cut_without_a_key_frame_is_exact_and_says_why(cutter: Driver, make) -> None:
    source = make(Recipe(gop=1000, seconds=13))
    media = cutter.open(source)
    clip = cutter.clip(media, {"start": "1.2", "end": "12", "mode": "smart"})
    assert clip.report["mode"] == "exact"
    assert "not_smart" in {note["code"] for note in clip.report["notes"]}
    assert clip.report["segments"][0]["why"]
    assert_shown([Wanted(source, 1_200_000, 12_000_000, media["info"]["origin_us"])], clip.path)


def test_verifying_can_be_switched_off(cutter: Driver, make) -> None:
    source = make(Recipe())
    media = cutter.open(source)
    clip = cutter.clip(media, {"start": "1.36", "end": "3.44", "mode": "smart", "verify": False})
    assert clip.report["mode"] == "smart"
    assert clip.report["verified"] is None
    assert_shown([Wanted(source, *OFF, media["info"]["origin_us"])], clip.path)


@pytest.mark.parametrize(
    "recipe",
    [Recipe(video="hevc"), Recipe(video="hevc", container="mkv"), Recipe(depth=10)],
    ids=["hevc", "hevc-mkv", "ten-bit"],
)
def test_smart_natively_where_the_browser_cannot_encode(native: Driver, make, recipe: Recipe) -> None:
    source = make(recipe)
    media = native.open(source)
    clip = native.clip(media, {"start": "1.36", "end": "3.44", "mode": "smart"})
    assert clip.report["mode"] == "smart", clip.report["notes"]
    wanted = Wanted(source, *OFF, media["info"]["origin_us"])
    head, tail = assert_edges(assert_shown([wanted], clip.path), recipe.gop)
    assert_proved(clip, head + tail)
    assert_sound_follows([wanted], clip.path)
    assert_silent(clip.path, source)


@pytest.mark.parametrize("recipe", [Recipe(), Recipe(bframes=0, container="mkv")], ids=["mp4", "mkv"])
def test_edges_are_encoded_by_ffmpeg_where_it_is_asked_to(browser_app: Driver, make, recipe: Recipe) -> None:
    """As where a browser has no encoder: the rest stays the same."""
    source = make(recipe)
    media = browser_app.open(source, "media")
    clip = browser_app.clip(media, {"start": "1.36", "end": "3.44", "mode": "smart", "engine": "ffmpeg"})
    assert (clip.report["mode"], clip.report["engine"]) == ("smart", "ffmpeg"), clip.report["notes"]
    wanted = Wanted(source, *OFF, media["info"]["origin_us"])
    head, tail = assert_edges(assert_shown([wanted], clip.path), 25)
    assert_proved(clip, head + tail)
    assert_sound_follows([wanted], clip.path)
    assert_silent(clip.path, source)


@pytest.mark.parametrize("recipe", [Recipe(video="hevc"), Recipe(depth=10)], ids=["hevc", "ten-bit"])
def test_what_cannot_be_encoded_here_is_said_before(browser_app: Driver, make, recipe: Recipe) -> None:
    media = browser_app.open(make(recipe))
    plan = browser_app.plan(media, {"start": "1.36", "end": "3.44", "mode": "smart"})
    assert plan["mode"] == "exact"
    assert "not_smart" in {note["code"] for note in plan["notes"]}
    assert plan["segments"][0]["why"]


def test_the_source_stays_as_it_is(cutter: Driver, make) -> None:
    source = make(Recipe())
    before = source.read_bytes()
    media = cutter.open(source)
    cutter.clip(media, {"start": "1.36", "end": "3.44", "mode": "smart"})
    assert source.read_bytes() == before
    assert cutter.leftovers() == []
