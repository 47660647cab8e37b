"""What is looked at after a smart cut, and that a result which is not right is found out."""

from __future__ import annotations

import dataclasses
import subprocess
import threading

import msgspec
import pytest
from smart import Workshop

from clipwright.media import Span
from clipwright.native.feed import Given
from clipwright.native.verify import verify
from clipwright.plan.steps import Check, Verified
from tests.clips import Recipe
from tests.equipment import tool

PLAIN = Recipe(seconds=6, gop=25, bframes=3)
KINDS = {
    "mp4": (PLAIN, "mp4"),
    "uneven mkv": (dataclasses.replace(PLAIN, vfr=True, container="mkv"), "mkv"),
    "open hevc": (dataclasses.replace(PLAIN, video="hevc", open_gop=True, depth=10), "mp4"),
    "vp9": (dataclasses.replace(PLAIN, video="vp9", container="webm", audio=("opus",)), "webm"),
    "vp8": (dataclasses.replace(PLAIN, video="vp8", container="webm", audio=("opus",)), "webm"),
    "av1": (dataclasses.replace(PLAIN, video="av1"), "mp4"),
    "ts": (dataclasses.replace(PLAIN, container="ts"), "mp4"),
}


@pytest.fixture
def workshop(tmp_path):
    return Workshop(tmp_path)


@pytest.mark.parametrize("name", KINDS)
def test_a_right_cut_passes(make, workshop, name):
    recipe, container = KINDS[name]
    cut = workshop.cut((make(recipe), 1_130_000, 4_570_000), container=container)
    found = cut.output.verified
    assert found.detail == ""
    assert found.ok
    assert found.joints == len(cut.plan.checks) >= 3
    assert found.frames >= 20
    assert found.worst_psnr_db >= 38
    assert found.worst_shift_us <= (1100 if recipe.container in ("mkv", "webm") else 60)


def test_a_plan_without_checks_verifies_nothing(make, workshop):
    source = make(PLAIN)
    cut = workshop.cut((source, 1_130_000, 4_570_000))
    plain = msgspec.structs.replace(cut.plan, checks=(), name="again.mp4")
    assert workshop.run(plain)[1].verified is None


def look(source, result, *checks) -> Verified:
    return verify(result, {"file-1": Given(source)}, checks, threading.Event())


def check(start: int, end: int, at: int, track: int = 0) -> Check:
    return Check(source="file-1", track=track, span=Span(start, end), result_track=track, at=at)


def test_a_file_equals_itself(make):
    source = make(PLAIN)
    checks = (
        check(900_000, 1_300_000, 900_000),
        check(5_500_000, 6_000_000, 5_500_000),
        check(0, 400_000, 0, 1),
    )
    found = look(source, source, *checks)
    assert found == Verified(ok=True, joints=3, frames=10 + 12, worst_psnr_db=100.0, worst_shift_us=0)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (check(1_000_000, 1_400_000, 1_040_000), "differs from the source"),
        (check(1_000_000, 1_400_000, 1_020_000), "missing"),
        (check(5_800_000, 6_400_000, 5_500_000), "too many"),
        (check(1_000_000, 1_400_000, 2_000_000, 1), "sound at 2"),
        (msgspec.structs.replace(check(0, 400_000, 0), result_track=7), "no track 7"),
    ],
)
def test_what_is_wrong_is_told(make, what, said):
    source = make(PLAIN)
    found = look(source, source, what)
    assert not found.ok
    assert said in found.detail


@pytest.mark.parametrize(("kept", "right"), [("1.1", True), ("1.3", False)])
@pytest.mark.parametrize(("audio", "container"), [("pcm", "wav"), ("flac", "flac")])
def test_sound_without_loss_is_compared_by_its_samples(make, tmp_path, audio, container, kept, right):
    """Its packets may begin anywhere: here a fifth of a second later than in the source."""
    source = make(Recipe(video=None, audio=(audio,), container=container, seconds=4))
    made = tmp_path / f"made.{container}"
    command = [tool("ffmpeg"), "-v", "error", "-i", source, "-af", f"atrim=start={kept}", made]
    subprocess.run(command, check=True)
    found = look(source, made, check(1_100_000, 1_600_000, 0), check(3_500_000, 4_000_000, 2_400_000))
    assert found.ok == right
    assert ("not the source’s" in found.detail) != right


def test_blurred_frames_are_found(make, tmp_path):
    source, made = make(PLAIN), tmp_path / "blurred.mp4"
    command = [
        tool("ffmpeg"),
        "-v",
        "error",
        "-i",
        source,
        "-vf",
        "boxblur=8",
        "-crf",
        "18",
        "-c:a",
        "copy",
        made,
    ]
    subprocess.run(command, check=True)
    found = look(source, made, check(1_000_000, 1_400_000, 1_000_000))
    assert not found.ok
    assert found.frames == 10
    assert found.worst_psnr_db < 30


def test_a_result_that_is_broken_is_wrong(make, tmp_path):
    source, made = make(PLAIN), tmp_path / "broken.mp4"
    made.write_bytes(source.read_bytes()[:3000])
    found = look(source, made, check(1_000_000, 1_400_000, 1_000_000))
    assert not found.ok
    assert found.detail
