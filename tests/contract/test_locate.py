"""Where the page's engine would cut, against all packets of the file, looked at one by one."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from playwright.sync_api import Browser

from tests.clips import Recipe
from tests.equipment import CACHE, tool
from tests.reading import microseconds
from tests.workshop import Workshop, workshop

CLEAN_HEVC = range(16, 22)
HIDING = (2_440, 2_480, 2_520, 2_560)
"""Where edit lists are told to stop, in milliseconds: one of these lies inside a group of B-frames."""


@pytest.fixture(scope="module")
def shop(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with workshop(chromium, tmp_path_factory.mktemp("kept")) as opened:
        yield opened


@dataclass(frozen=True)
class Packet:
    """When it is presented and whether nothing before it is needed."""

    us: int
    clean: bool


def packets_of(path: Path) -> list[Packet]:
    """All packets of the picture in decode order."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        base = stream.time_base or Fraction(1)
        boxed = stream.codec_context.extradata is not None and stream.codec_context.extradata[0] == 1
        return [
            Packet(
                microseconds(packet.pts, base),
                is_clean(bytes(packet), stream.codec_context.name, packet.is_keyframe, boxed),
            )
            for packet in container.demux(stream)
            if packet.pts is not None
        ]


def is_clean(data: bytes, codec: str, flagged: bool, boxed: bool) -> bool:
    """By the first picture's NAL unit type, where the codec has such."""
    if codec not in ("h264", "hevc"):
        return flagged
    for first in unit_bytes(data, boxed):
        kind = first & 31 if codec == "h264" else (first >> 1) & 63
        if codec == "h264" and 1 <= kind <= 5:
            return kind == 5
        if codec == "hevc" and kind < 32:
            return kind in CLEAN_HEVC
    return False


def unit_bytes(data: bytes, boxed: bool) -> Iterator[int]:
    """The first byte of each NAL unit."""
    at = 0
    while at < len(data):
        if boxed:
            yield data[at + 4]
            at += 4 + int.from_bytes(data[at : at + 4], "big")
        else:
            at = data.find(b"\0\0\1", at)
            if at < 0:
                return
            yield data[at + 3]
            at += 3


def expected(packets: list[Packet], start: int, end: int, limit: float) -> dict[str, int | None]:
    """The contract of CutPoint, word by word, over the whole file."""
    shown = sorted(packet.us for packet in packets if packet.us < limit)
    first = min(us for us in shown if us >= start)
    wanted = [us for us in shown if first <= us < end]
    clean = min((packet.us for packet in packets if packet.clean and packet.us in wanted), default=None)
    following = min((us for us in shown if us >= end), default=None)
    if clean is None:
        return {"clean_frame": None, "head_frames": len(wanted), "next_frame": following}
    index = next(i for i, packet in enumerate(packets) if packet.us == clean)
    copied = [packet.us for packet in packets[index:] if packet.us >= clean]

    def closed(at: float) -> bool:
        count = sum(us < at for us in copied)
        return all(us < at for us in copied[:count])

    stop = min(end, limit)
    clean_end = end if closed(stop) else max(us for us in copied if us < stop and closed(us))
    return {
        "clean_frame": clean,
        "next_frame": following,
        "clean_end": clean_end,
        "head_frames": sum(us < clean for us in wanted),
        "tail_frames": sum(us >= clean_end for us in wanted),
        "closed_end": end
        if closed(stop)
        else min((us for us in shown if us >= end and closed(us)), default=None),
    }


X264 = ("-x264-params", "scenecut=0:b-adapt=0:b-pyramid=2")
RECIPES = {
    "h264": Recipe(),
    "deep-b": Recipe(bframes=5, flags=(*X264, "-refs", "6")),
    "open-gop": Recipe(bframes=3, open_gop=True),
    "no-edit-list": Recipe(bframes=3, flags=("-use_editlist", "0")),
    "vfr": Recipe(vfr=True),
    "vfr-mkv": Recipe(vfr=True, container="mkv"),
    "late": Recipe(delay_video_s=0.5),
    "ts": Recipe(container="ts"),
    "ntsc": Recipe(rate="30000/1001", bframes=3),
    "long-gop": Recipe(gop=400, bframes=3, seconds=8),
    "vp9": Recipe(container="webm", video="vp9", audio=("opus",)),
    "av1": Recipe(video="av1", audio=("opus",)),
    "hevc-open": Recipe(video="hevc", bframes=3, flags=("-x265-params", "open-gop=1:keyint=25:bframes=3")),
}
SPANS = (
    (0, 4_000_000),
    (360_000, 2_440_000),
    (1_000_000, 2_000_000),
    (1_100_000, 1_480_000),
    (2_015_000, 3_999_000),
)


def located(shop: Workshop, path: Path, *spans: dict[str, int]) -> Any:
    """The only answer, or all of them."""
    found = shop.ask("locate", {"file": {"$file": path.name}, "track": 0, "spans": spans})["points"]
    return found[0] if len(spans) == 1 else found


@pytest.mark.parametrize("name", RECIPES)
def test_locate_finds_what_all_packets_tell(shop: Workshop, make, name: str) -> None:
    path = make(RECIPES[name])
    packets = packets_of(path)
    origin = min(packet.us for packet in packets) if name == "ts" else 0
    shop.choose(path)
    for start, end in SPANS:
        span = {"start": start + origin, "end": end + origin}
        found = located(shop, path, span)
        want = expected(packets, span["start"], span["end"], math.inf)
        got = {key: found.get(key) for key in want}
        if want["next_frame"] is None:
            # When the last frame of all has been shown, packets' times do not tell.
            ended = got.pop("next_frame")
            want.pop("next_frame")
            assert ended is None or max(packet.us for packet in packets) < ended <= span["end"]
        if want.get("closed_end", 0) is None:
            # All is needed; the place is then where the last frame ends, which packets' times do not tell.
            assert got.pop("closed_end") >= max(packet.us for packet in packets)
            want.pop("closed_end")
        assert got == want, span


def test_locate_copies_nothing_that_the_edit_list_hides(shop: Workshop, make, tmp_path: Path) -> None:
    source = make(Recipe(bframes=3, audio=()))
    packets = packets_of(source)
    span = {"start": 1_360_000, "end": 3_000_000}
    path = tmp_path / "hidden.mp4"
    tails = []
    for stop_ms in HIDING:
        data = bytearray(source.read_bytes())
        at = data.index(b"elst") + 12
        data[at : at + 4] = stop_ms.to_bytes(4, "big")
        path.write_bytes(data)
        shop.choose(path)
        found = located(shop, path, span)
        want = expected(packets, span["start"], span["end"], stop_ms * 1000)
        assert {key: found.get(key) for key in want} == want
        tails.append(want["tail_frames"])
    assert any(tails), "one end has to lie inside a group for this to mean anything"


def test_locate_reads_little_of_a_large_file(shop: Workshop, make) -> None:
    path = large()
    shop.choose(path)
    span = {"start": 41_360_000, "end": 97_440_000}
    found = located(shop, path, span)
    assert found["clean_frame"] == 42_000_000 and found["head_frames"] == 16
    # 0.9 MB are needed. A stream hands over a few MB more, by how busy the machine is: up to 4.3 MB, of 205, were seen.
    assert path.stat().st_size > 100_000_000
    assert shop.read_bytes < 6_000_000


@pytest.mark.parametrize("name", RECIPES)
def test_many_spans_are_answered_as_each_alone(shop: Workshop, make, name: str) -> None:
    path = make(RECIPES[name])
    origin = min(packet.us for packet in packets_of(path)) if name == "ts" else 0
    shop.choose(path)
    spans = [{"start": start + origin, "end": end + origin} for start, end in (*SPANS[::-1], *SPANS)]
    alone = [located(shop, path, span) for span in spans]
    assert located(shop, path, *spans) == alone


def test_many_spans_look_into_a_key_frame_once(shop: Workshop, make) -> None:
    path = large()
    shop.choose(path)
    spans = [{"start": at, "end": at + 150_000} for at in range(41_360_000, 45_360_000, 40_000)]
    asked = {"file": {"$file": path.name}, "source": "f1", "track": 0, "spans": spans}
    found = shop.ask("locate", asked)["points"]
    assert len(found) == len(spans)
    opening = shop.read_bytes
    assert opening < path.stat().st_size / 4
    assert shop.ask("locate", asked)["points"] == found
    assert shop.read_bytes * 20 < opening


def test_a_long_search_hears_a_cancel(shop: Workshop, make) -> None:
    path = large()
    shop.choose(path)
    spans = [{"start": at, "end": at + 150_000} for at in range(1_000_000, 119_000_000, 5_000)]
    asked = {"file": {"$file": path.name}, "source": "f1", "track": 0, "spans": spans}
    error, took_ms = shop.cancel("locate", asked, after_ms=300)
    assert error["code"] == "cancelled"
    assert took_ms < 700


def large() -> Path:
    """Two minutes of noise, 100 MB or more, made once."""
    path = CACHE / "noise.mp4"
    if not path.exists():
        ffmpeg = [str(tool("ffmpeg")), "-loglevel", "error", "-y"]
        part, whole = path.with_stem("part"), path.with_stem("whole")
        noise = "nullsrc=s=320x180:r=25:d=10,geq=random(1)*255:128:128"
        encode = [
            "-f",
            "lavfi",
            "-i",
            noise,
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-qp",
            "12",
            "-g",
            "50",
        ]
        subprocess.run([*ffmpeg, *encode, "-bf", "2", "-pix_fmt", "yuv420p", part], check=True)
        subprocess.run([*ffmpeg, "-stream_loop", "11", "-i", part, "-c", "copy", whole], check=True)
        part.unlink()
        whole.replace(path)
    return path
