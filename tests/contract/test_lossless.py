"""Lossless clips: the source's own packets, from the key frame at or before the in point, the lead-in hidden."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest

from tests import reading
from tests.clips import CHIRP_PERIOD_S, Recipe
from tests.contract.test_probe import DELAYED
from tests.drivers import Driver
from tests.judging import (
    TICK_US,
    Wanted,
    assert_copied,
    assert_frames,
    assert_report,
    assert_same_samples,
    assert_sound,
    assert_sound_length,
    key_frame_us,
    told,
)

MILLISECOND_US = 1000
HERTZ_US = 21
"""A sample at 48 kHz."""


@dataclass(frozen=True)
class Case:
    """A cut.

    `same_bytes` is off where the container change rewrites packets (Annex B to length prefixes), `packet_us`
    is how long a packet of sound lasts where nothing can hide a part of it.
    """

    name: str
    recipe: Recipe
    start_us: int
    end_us: int
    container: str = "mp4"
    same_bytes: bool = True
    packet_us: int = 0


HIDDEN = (
    Case("on-key-frame", Recipe(), 1_000_000, 2_200_000),
    Case("off-key-frame", Recipe(), 1_360_000, 2_440_000),
    Case("between-frames", Recipe(), 1_015_000, 2_019_000),
    Case("last-frame-before-key-frame", Recipe(), 1_960_000, 3_040_000),
    Case("to-the-end", Recipe(), 2_500_000, 4_000_000),
    Case("no-b-frames", Recipe(bframes=0), 1_520_000, 2_520_000),
    Case("deep-b-frames", Recipe(bframes=3), 1_520_000, 2_480_000),
    Case("no-edit-list", Recipe(bframes=3, flags=("-use_editlist", "0")), 1_360_000, 2_440_000),
    Case("fragments-with-negative-offsets", DELAYED, 1_360_000, 2_440_000),
    Case("fragments-with-negative-offsets-on-key-frame", DELAYED, 1_040_000, 2_040_000),
    Case("open-gop", Recipe(bframes=3, open_gop=True), 1_200_000, 2_480_000),
    Case("ntsc", Recipe(rate="30000/1001"), 1_234_567, 2_035_367),
    Case("film", Recipe(rate="24000/1001"), 1_292_958, 2_919_583),
    Case("vfr", Recipe(vfr=True), 1_100_000, 2_700_000),
    Case("late-picture", Recipe(delay_video_s=0.5), 1_200_000, 2_400_000),
    Case("late-sound", Recipe(delay_audio_s=0.5), 1_200_000, 2_400_000),
    Case("turned", Recipe(rotation=90), 1_200_000, 2_000_000),
    Case("two-sounds", Recipe(audio=("aac", "aac")), 1_200_000, 2_400_000),
    Case("hevc", Recipe(video="hevc"), 1_360_000, 2_440_000),
    Case("ten-bit", Recipe(depth=10), 1_360_000, 2_440_000),
    Case("av1-opus", Recipe(video="av1", audio=("opus",)), 1_360_000, 2_440_000),
    Case("vp9-webm-to-mp4", Recipe(container="webm", video="vp9", audio=("opus",)), 1_360_000, 2_440_000),
    Case("mkv-to-mov", Recipe(container="mkv"), 1_360_000, 2_440_000, "mov"),
    Case("mov-pcm", Recipe(container="mov", audio=("pcm",)), 1_360_000, 2_440_000, "mov"),
    Case("ts", Recipe(container="ts"), 1_360_000, 2_440_000, same_bytes=False),
)

VISIBLE = (
    Case("mkv-on-key-frame", Recipe(container="mkv"), 1_000_000, 2_200_000, "mkv"),
    Case("mkv-off-key-frame", Recipe(container="mkv"), 1_360_000, 2_440_000, "mkv"),
    Case("mp4-to-mkv", Recipe(), 1_360_000, 2_440_000, "mkv"),
    Case("webm", Recipe(container="webm", video="vp9", audio=("opus",)), 1_360_000, 2_440_000, "webm"),
    Case("webm-vp8", Recipe(container="webm", video="vp8", audio=("vorbis",)), 1_360_000, 2_440_000, "webm"),
)

SOUNDS = (
    Case("m4a", Recipe(video=None, container="m4a"), 1_360_000, 2_440_000, "m4a"),
    Case("video-to-m4a", Recipe(), 1_360_000, 2_440_000, "m4a"),
    Case("mp3", Recipe(video=None, container="mp3", audio=("mp3",)), 1_360_000, 2_440_000, "mp3"),
    Case("ogg-opus", Recipe(video=None, container="ogg", audio=("opus",)), 1_360_000, 2_440_000, "ogg"),
    Case("ogg-vorbis", Recipe(video=None, container="ogg", audio=("vorbis",)), 1_360_000, 2_440_000, "ogg"),
    Case("wav", Recipe(video=None, container="wav", audio=("pcm",)), 1_360_000, 2_440_000, "wav"),
    Case(
        "flac",
        Recipe(video=None, container="flac", audio=("flac",)),
        1_360_000,
        2_440_000,
        "flac",
        False,
        96_000,
    ),
)


OPUS = (
    (0, 1_000_000),
    (0, 500_000),
    (500_000, 1_000_000),
    (520_000, 1_320_000),
    (513_500, 933_500),
    (1_360_000, 2_440_000),
    (3_610_000, 4_000_000),
    (0, 4_000_000),
)
"""Spans in one page of Ogg and in several, from the very start, to the very end, on packets and off them."""


def request_of(case: Case) -> dict[str, object]:
    return {
        "start": f"{case.start_us / 1e6:.6f}",
        "end": f"{case.end_us / 1e6:.6f}",
        "mode": "lossless",
        "container": case.container,
    }


@pytest.mark.parametrize("case", HIDDEN, ids=lambda case: case.name)
def test_lossless_hides_what_lies_before_the_in_point(engine: Driver, make, case: Case) -> None:
    source = make(case.recipe)
    media = engine.open(source)
    clip = engine.clip(media, request_of(case))
    wanted = Wanted(source, case.start_us, case.end_us, media["info"]["origin_us"])
    moved = assert_frames(wanted, clip.path)
    assert_sound(wanted, clip.path, moved, tuple(range(len(case.recipe.audio))))
    assert_report(clip, request_of(case), engine.name, "lossless")
    assert clip.report["lead_in_hidden"]
    key = key_frame_us(wanted)
    if case.same_bytes:
        begin = assert_copied(source, clip.path, "video")
        # A reader may pass over key frames of open groups, which not every player can start from.
        copied_from = reading.packet_times_us(source)[begin]
        assert copied_from in (key, *(reading.key_frames_us(source) if case.recipe.open_gop else ()))
        key = copied_from
        for track, codec in enumerate(case.recipe.audio):
            if codec == "pcm":
                assert_same_samples(source, clip.path, track)
            else:
                assert_copied(source, clip.path, "audio", track, track)
    assert clip.report["lead_in_us"] == pytest.approx(wanted.shots[0].pts_us - key, abs=1)


@pytest.mark.parametrize("case", VISIBLE, ids=lambda case: case.name)
def test_lossless_says_when_the_lead_in_stays_visible(engine: Driver, make, case: Case) -> None:
    source = make(case.recipe)
    media = engine.open(source)
    clip = engine.clip(media, request_of(case))
    wanted = Wanted(source, case.start_us, case.end_us, media["info"]["origin_us"])
    key = key_frame_us(wanted)
    early = wanted.shots[0].pts_us - key
    from_key = Wanted(source, key - wanted.origin_us, case.end_us, wanted.origin_us)
    moved = assert_frames(from_key, clip.path)
    assert_sound(from_key, clip.path, moved)
    assert_report(clip, request_of(case), engine.name, "lossless")
    assert clip.report["lead_in_us"] == pytest.approx(early, abs=1)
    codes = {note["code"] for note in clip.report["notes"]}
    assert ("lead_in_visible" in codes) == (early > 0)
    assert_copied(source, clip.path, "video")
    assert_copied(source, clip.path, "audio")


PRIMED = {
    "aac": (Recipe(container="mkv"), 1024 / 48),
    "aac-44100": (Recipe(container="mkv", sample_rate=44100), 1024 / 44.1),
    "opus": (Recipe(container="webm", video="vp9", audio=("opus",)), 20),
}
"""How long a packet of sound lasts, in milliseconds."""


@pytest.mark.parametrize("start", ["0", "1", "1.36", "2"])
@pytest.mark.parametrize("name", PRIMED)
def test_sound_of_matroska_starts_with_the_picture(cutter: Driver, make, name: str, start: str) -> None:
    """Decoders cut away what the codec's delay says from the very first packet, so that one has to come before."""
    recipe, packet_ms = PRIMED[name]
    source = make(recipe)
    media = cutter.open(source)
    clip = cutter.clip(media, {"start": start, "end": "3.2", "mode": "lossless"})
    assert clip.report["engine"] == cutter.name
    begins, _ = reading.sound_span_us(clip.path)
    assert begins <= packet_ms * 1000 + TICK_US
    assert reading.frames(clip.path)[0][0] == 0
    assert_copied(source, clip.path, "audio")


@pytest.mark.parametrize("case", SOUNDS, ids=lambda case: case.name)
def test_lossless_sound(engine: Driver, make, case: Case) -> None:
    source = make(case.recipe)
    media = engine.open(source)
    clip = engine.clip(media, request_of(case))
    origin = media["info"]["origin_us"]
    wanted = Wanted(source, case.start_us, case.end_us, origin)
    moved = case.start_us + origin - reading.start_us(clip.path)
    assert_sound(wanted, clip.path, moved, slack_us=case.packet_us)
    assert_sound_length(wanted, clip.path, slack_us=2 * case.packet_us)
    assert_report(clip, request_of(case), engine.name, "lossless")
    if case.container == "wav":
        assert_same_samples(source, clip.path)
    elif case.same_bytes:
        assert_copied(source, clip.path, "audio")


@pytest.mark.parametrize("span", OPUS, ids=lambda span: f"{span[0] // 1000}-{span[1] // 1000}")
@pytest.mark.parametrize("container", ["ogg", "opus", "webm"])
def test_lossless_opus_in_ogg_is_exact_to_the_sample(
    cutter: Driver, make, container: str, span: tuple[int, int]
) -> None:
    """Decoders are told what to leave out at the start, where they have to get going, and at the end."""
    source = make(Recipe(video=None, container=container, audio=("opus",)))
    media = cutter.open(source)
    request = {
        "start": f"{span[0] / 1e6:.6f}",
        "end": f"{span[1] / 1e6:.6f}",
        "mode": "lossless",
        "container": "ogg",
    }
    clip = cutter.clip(media, request)
    assert_report(clip, request, cutter.name, "lossless")
    assert clip.report["verified"]["ok"], clip.report["verified"]
    assert_copied(source, clip.path, "audio")
    tick = MILLISECOND_US if container == "webm" else 0
    begins, ends = reading.sound_span_us(clip.path)
    assert begins == 0
    assert ends == pytest.approx(span[1] - span[0], abs=tick + HERTZ_US)
    period = round(CHIRP_PERIOD_S * 1_000_000)
    before, after = reading.sound_offset_us(source), reading.sound_offset_us(clip.path)
    error = (after - before - span[0] + period // 2) % period - period // 2
    assert abs(error) <= tick + MILLISECOND_US, f"the sound is {error / 1000:.1f} ms off"


def test_pieces_of_a_whole_are_the_whole(engine: Driver, make) -> None:
    """Cut anywhere, put the presented frames of all pieces in a row, and get the source back."""
    source = make(Recipe(bframes=3))
    media = engine.open(source)
    cuts = [0, 440_000, 1_000_000, 1_960_000, 3_120_000, 4_000_000]
    found: list[reading.Shot] = []
    for start, end in itertools.pairwise(cuts):
        request = {"start": f"{start / 1e6:.6f}", "end": f"{end / 1e6:.6f}", "mode": "lossless"}
        found += reading.shots(engine.clip(media, request).path)
    right = reading.shots(source)
    assert [shot.number for shot in found] == [shot.number for shot in right], told(right, found)
