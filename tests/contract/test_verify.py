"""What the page's engine says of results that are right, and of results that are wrong in one way each.

The results are made by FFmpeg, so that nothing of ours is on both sides.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.clips import Recipe
from tests.equipment import CACHE, tool
from tests.workshop import Workshop, workshop

START, END = 1_360_000, 3_000_000
FRAME = 40_000


@pytest.fixture(scope="module")
def shop(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with workshop(chromium, tmp_path_factory.mktemp("kept")) as opened:
        yield opened


def cut(source: Path, target: Path, *options: str, seek: float = START / 1e6) -> Path:
    """From the in point on to the end, as FFmpeg cuts."""
    command = [str(tool("ffmpeg")), "-loglevel", "error", "-y", "-ss", f"{seek:.6f}", "-i", str(source)]
    subprocess.run([*command, "-map", "0", *options, str(target)], check=True)
    return target


def check(start: int, end: int, at: int, *, track: int = 0, result_track: int = 0) -> dict[str, Any]:
    span = {"start": start, "end": end}
    return {"source": "s", "track": track, "span": span, "result_track": result_track, "at": at}


def verified(shop: Workshop, source: Path, result: Path, *checks: dict[str, Any]) -> dict[str, Any]:
    shop.choose(source, result)
    args = {"file": {"$file": result.name}, "files": {"s": {"$file": source.name}}, "checks": checks}
    return dict(shop.ask("verify", args))


BOTH_ENDS = (check(START, START + 4 * FRAME, 0), check(END - 4 * FRAME, END, END - START - 4 * FRAME))


@pytest.mark.parametrize(
    ("recipe", "container"),
    [
        (Recipe(), "mp4"),
        (Recipe(), "mov"),
        (Recipe(vfr=True), "mp4"),
        (Recipe(container="mkv"), "mp4"),
        (Recipe(delay_video_s=0.5), "mp4"),
        (Recipe(rotation=90), "mp4"),
        (Recipe(video="vp9", audio=("opus",)), "mp4"),
        (Recipe(video="av1", audio=("opus",)), "mp4"),
    ],
)
def test_copied_pictures_are_the_same(
    shop: Workshop, make, tmp_path: Path, recipe: Recipe, container: str
) -> None:
    source = make(recipe)
    found = verified(shop, source, cut(source, tmp_path / f"cut.{container}", "-c", "copy"), *BOTH_ENDS)
    assert (found["ok"], found["joints"], found["worst_psnr_db"]) == (True, 2, 100), found
    assert found["frames"] >= 6 and found["worst_shift_us"] <= 1000


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_well_encoded_pictures_are_alike(shop: Workshop, make, tmp_path: Path, container: str) -> None:
    source = make(Recipe())
    options = ("-c:v", "libx264", "-crf", "8", "-an")
    found = verified(shop, source, cut(source, tmp_path / f"cut.{container}", *options), *BOTH_ENDS)
    assert found["ok"] and 38 < found["worst_psnr_db"] < 100, found


def test_encoded_pictures_that_came_out_badly_are_not_alike(shop: Workshop, make, tmp_path: Path) -> None:
    source = make(Recipe(size=(320, 180)))
    bad = cut(source, tmp_path / "bad.mp4", "-vf", "gblur=4", "-c:v", "libx264", "-c:a", "copy")
    found = verified(shop, source, bad, *BOTH_ENDS)
    assert not found["ok"] and found["worst_psnr_db"] < 38 and "0.000000 s" in found["detail"], found


def test_wrong_colours_are_not_alike(shop: Workshop, make, tmp_path: Path) -> None:
    source = make(Recipe())
    swapped = cut(
        source, tmp_path / "swapped.mp4", "-vf", "swapuv", "-c:v", "libx264", "-crf", "8", "-c:a", "copy"
    )
    found = verified(shop, source, swapped, *BOTH_ENDS)
    assert not found["ok"], found


def test_one_frame_off_is_noticed(shop: Workshop, make, tmp_path: Path) -> None:
    source = make(Recipe())
    late = cut(source, tmp_path / "late.mp4", "-c:v", "libx264", "-crf", "8", seek=(START + FRAME) / 1e6)
    found = verified(shop, source, late, check(START, START + 3 * FRAME, 0))
    assert not found["ok"] and "unlike" in found["detail"], found


def test_missing_and_additional_frames_are_noticed(shop: Workshop, make, tmp_path: Path) -> None:
    source = make(Recipe())
    short = cut(source, tmp_path / "short.mp4", "-c:v", "libx264", "-crf", "8", "-t", "0.400")
    found = verified(shop, source, short, check(START + 8 * FRAME, START + 12 * FRAME, 8 * FRAME))
    assert not found["ok"] and "2 frames instead of 4" in found["detail"], found
    double = cut(source, tmp_path / "double.mp4", "-r", "50", "-c:v", "libx264", "-crf", "8")
    found = verified(shop, source, double, check(START, START + 4 * FRAME, 0))
    assert not found["ok"] and "8 frames instead of 4" in found["detail"], found


def test_frames_off_their_times_are_noticed(shop: Workshop, make, tmp_path: Path) -> None:
    source = make(Recipe())
    jitter = "setpts=PTS+0.01/TB*mod(N\\,2)"
    off = cut(
        source,
        tmp_path / "off.mp4",
        "-vf",
        jitter,
        "-fps_mode",
        "passthrough",
        "-enc_time_base",
        "1:1000",
        "-c:v",
        "libx264",
        "-crf",
        "8",
    )
    found = verified(shop, source, off, check(START, START + 4 * FRAME, 0))
    assert not found["ok"] and found["worst_shift_us"] == 10_000, found


def test_decoding_goes_on_across_a_joint(shop: Workshop, make, tmp_path: Path) -> None:
    source = make(Recipe(bframes=0, audio=()))
    whole = cut(source, tmp_path / "whole.mp4", "-c:v", "libx264", "-crf", "8", "-g", "10", seek=0)
    sides = [check(800_000 + by, 800_000 + by + 3 * FRAME, 800_000 + by) for by in (-3 * FRAME, 0)]
    found = verified(shop, source, whole, *sides)
    assert found["ok"] and (found["joints"], found["frames"]) == (2, 6), found


def test_a_damaged_result_is_wrong_and_no_error(shop: Workshop, make, tmp_path: Path) -> None:
    source = make(Recipe())
    whole = cut(source, tmp_path / "whole.mp4", "-c", "copy")
    data = whole.read_bytes()
    for damaged in (data[: len(data) // 3], b"", bytes(2000), data.replace(b"avcC", b"avcX")):
        whole.write_bytes(damaged)
        found = verified(shop, source, whole, *BOTH_ENDS)
        assert not found["ok"] and found["detail"], found


def test_a_result_that_begins_where_decoders_cannot_is_wrong(shop: Workshop, make, tmp_path: Path) -> None:
    # FFmpeg takes a recovery point for a key frame.
    source = make(Recipe(bframes=3, open_gop=True))
    found = verified(shop, source, cut(source, tmp_path / "cut.mp4", "-c", "copy"), *BOTH_ENDS)
    assert not found["ok"] and "cannot be decoded" in found["detail"], found


def test_packets_without_their_parameters_are_wrong(shop: Workshop, make, tmp_path: Path) -> None:
    source = make(Recipe())
    result = cut(source, tmp_path / "cut.mp4", "-c", "copy")
    data = bytearray(result.read_bytes())
    at = data.index(b"avcC") + 4
    pps = at + 8 + int.from_bytes(data[at + 6 : at + 8], "big") + 3
    data[pps + 1] ^= 0x10
    result.write_bytes(data)
    found = verified(shop, source, result, *BOTH_ENDS)
    assert not found["ok"], found


def test_what_cannot_be_decoded_here_is_compared_by_number_and_time(
    shop: Workshop, make, tmp_path: Path
) -> None:
    source = make(Recipe(video="hevc"))
    result = cut(source, tmp_path / "cut.mp4", "-c", "copy")
    found = verified(shop, source, result, *BOTH_ENDS)
    assert found["ok"] and found["worst_psnr_db"] is None and "hevc" in found["detail"], found
    found = verified(shop, source, result, check(START, START + 4 * FRAME, FRAME // 2))
    assert not found["ok"], found


def test_sound_is_compared_packet_by_packet(shop: Workshop, make, tmp_path: Path) -> None:
    source = make(Recipe(audio=("aac", "aac")))
    result = cut(source, tmp_path / "cut.mp4", "-c", "copy", seek=0)
    sound = check(1_000_000, 2_000_000, 1_000_000, track=1, result_track=1)
    found = verified(shop, source, result, sound)
    assert found["ok"] and found["frames"] > 40 and found["worst_psnr_db"] is None, found
    other = check(1_000_000, 2_000_000, 1_000_000, track=1, result_track=2)
    assert not verified(shop, source, result, other)["ok"]
    late = check(1_000_000, 2_000_000, 1_060_000, track=1, result_track=1)
    assert not verified(shop, source, result, late)["ok"]


def test_two_joints_of_a_large_picture_take_little_time(shop: Workshop) -> None:
    source = CACHE / "noisy1080.mp4"
    if not source.exists():
        picture = "testsrc2=s=1920x1080:r=30:d=8,noise=alls=6:allf=t"
        encode = ["-f", "lavfi", "-i", picture, "-c:v", "libx264", "-preset", "veryfast", "-b:v", "8M"]
        target = source.with_suffix(".part.mp4")
        subprocess.run(
            [
                str(tool("ffmpeg")),
                "-loglevel",
                "error",
                "-y",
                *encode,
                "-g",
                "60",
                "-pix_fmt",
                "yuv420p",
                str(target),
            ],
            check=True,
        )
        target.replace(source)
    frame = 1_000_000 // 30
    joints = [check(at, at + 3 * frame, at) for at in (1_500_000, 6_900_000)]
    runs = []
    for _ in range(3):
        found = verified(shop, source, source, *joints)
        assert found["ok"] and found["frames"] >= 5, found
        runs.append(shop.ms)
    assert min(runs) < 300, runs


def test_a_stretch_may_start_just_behind_a_frame(shop: Workshop, make, tmp_path: Path) -> None:
    # Sound may outlast the picture by half a frame, so that what is looked at starts a tick behind a frame.
    source = make(Recipe(container="mkv"))
    result = cut(source, tmp_path / "result.mkv")
    behind = check(START + 4 * FRAME + 1000, START + 8 * FRAME + 1000, 4 * FRAME + 1000)
    found = verified(shop, source, result, behind)
    assert found["ok"], found
    assert found["frames"] == 4
