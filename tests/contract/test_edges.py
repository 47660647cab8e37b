"""The few pictures beside copied ones: as good as the source's, in order, and fit to stand in one track with them."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import Browser

from tests import reading
from tests.clips import Recipe
from tests.equipment import CACHE, tool
from tests.host import test_avc as avc
from tests.workshop import Workshop, workshop

ALIKE_DB = 38
SMALL, LARGE = (320, 180), (1920, 1080)
FRAME_US = 40_000
ENCODERS = {
    "h264": ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-profile:v", "high"],
    "vp8": ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "3M"],
    "vp9": ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "3M"],
    "av1": ["-c:v", "libaom-av1", "-cpu-used", "8", "-usage", "realtime", "-b:v", "2M"],
}
CONTAINERS = {"h264": "mp4", "vp8": "webm", "vp9": "mp4", "av1": "mp4"}
MEDIABUNNY = {"h264": "avc", "vp8": "vp8", "vp9": "vp9", "av1": "av1"}


@pytest.fixture(scope="module")
def shop(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with workshop(chromium, tmp_path_factory.mktemp("kept")) as opened:
        yield opened


def busy(codec: str, size: tuple[int, int], noise: int = 6, pixels: str = "yuv420p") -> Path:
    """Two seconds of much detail, some movement and a little noise, made once."""
    width, height = size
    path = CACHE / f"busy-{codec}-{height}-{noise}-{pixels}.{CONTAINERS[codec]}"
    if not path.exists():
        picture = f"mandelbrot=s={width}x{height}:r=25:end_scale=0.01,noise=alls={noise}:allf=t"
        ffmpeg = [str(tool("ffmpeg")), "-loglevel", "error", "-y", "-f", "lavfi", "-i", picture, "-t", "2"]
        made = path.with_name(f"part-{path.name}")
        encode = [
            word for word in ENCODERS[codec] if pixels == "yuv420p" or word not in ("-profile:v", "high")
        ]
        subprocess.run([*ffmpeg, *encode, "-g", "50", "-pix_fmt", pixels, str(made)], check=True)
        made.replace(path)
    return path


def edge(shop: Workshop, source: Path, codec: str, first: int, count: int) -> Path:
    """`count` frames from number `first` on, as an edge."""
    return edge_of(shop, source, codec, first * FRAME_US, (first + count) * FRAME_US)


def edge_of(shop: Workshop, source: Path, codec: str, start: int, end: int) -> Path:
    span = {"start": start, "end": end}
    track = {"index": 0, "codec": MEDIABUNNY[codec], "bitrate": 200_000, "edge": True}
    step = {"do": "convert", "source": "s", "output": "e", "container": CONTAINERS[codec], "span": span}
    shop.choose(source)
    args = {"file": {"$file": source.name}, "step": {**step, "tracks": [track]}}
    return Path(shop.ask("convert", args, keep=CONTAINERS[codec])["kept_as"])


def pictures(path: Path) -> list[np.ndarray]:
    """The brightness of every picture."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray()[: frame.height, : frame.width] for frame in container.decode(video=0)]


def worst_db(got: list[np.ndarray], want: list[np.ndarray]) -> float:
    assert len(got) == len(want)
    errors = [np.square(a.astype(float) - b.astype(float)).mean() for a, b in zip(got, want, strict=True)]
    return min(100.0 if error == 0 else 10 * math.log10(255 * 255 / error) for error in errors)


CASES = [
    *(("h264", size, count) for size in (SMALL, LARGE) for count in (1, 2, 7, 30)),
    *((codec, SMALL, count) for codec in ("vp8", "vp9", "av1") for count in (1, 7)),
]


@pytest.mark.parametrize(("codec", "size", "count"), CASES)
def test_edges_can_hardly_be_told_from_the_source(
    shop: Workshop, codec: str, size: tuple[int, int], count: int
) -> None:
    source = busy(codec, size)
    made = edge(shop, source, codec, 13, count)
    got = worst_db(pictures(made), pictures(source)[13 : 13 + count])
    assert got >= ALIKE_DB
    with av.open(str(made)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    times = [(packet.pts or 0) * (packet.time_base or 0) * 25 for packet in packets]
    assert times == pytest.approx(list(range(count)), abs=0.03)
    assert packets[0].is_keyframe and not any(packet.is_keyframe for packet in packets[1:])


@pytest.mark.parametrize("codec", ["h264", "vp9", "av1"])
def test_colours_are_neither_changed_nor_forgotten(shop: Workshop, tmp_path: Path, codec: str) -> None:
    source = tmp_path / "full.mp4"
    colors = "color_primaries=smpte170m:color_trc=smpte170m:colorspace=smpte170m:range=pc"
    picture = f"mandelbrot=s=320x180:r=25:end_scale=0.01,format=yuv420p,setparams={colors}"
    ffmpeg = [str(tool("ffmpeg")), "-loglevel", "error", "-y", "-f", "lavfi", "-i", picture, "-t", "1"]
    subprocess.run([*ffmpeg, *ENCODERS[codec], "-pix_fmt", "yuv420p", str(source)], check=True)
    made = edge(shop, source, codec, 5, 4)
    assert worst_db(pictures(made), pictures(source)[5:9]) >= ALIKE_DB
    with av.open(str(made)) as container:
        frame = next(container.decode(video=0))
    assert (frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range) == (6, 6, 6, 2)


def test_noise_gets_as_many_bits_as_it_needs(shop: Workshop) -> None:
    source = busy("h264", SMALL, noise=40)
    assert worst_db(pictures(edge(shop, source, "h264", 13, 7)), pictures(source)[13:20]) >= ALIKE_DB


def test_deep_colour_is_refused_and_not_flattened(shop: Workshop) -> None:
    source = busy("h264", SMALL, pixels="yuv422p")
    with pytest.raises(AssertionError, match="capability"):
        edge(shop, source, "h264", 13, 2)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_what_the_browser_encodes_stands_beside_the_source(
    shop: Workshop, tmp_path: Path, size: tuple[int, int]
) -> None:
    source = busy("h264", size)
    made = [edge(shop, source, "h264", first, count) for first, count in ((13, 7), (20, 1))]
    original, edges = avc.read(source), [avc.read(path) for path in made]
    config, rewritten = avc.joined(avc.rewritten(tmp_path, original, *edges))
    assert len(avc.sets(config)) == 2 + 2 * len({edge.config for edge in edges}), "the same sets come once"
    whole = avc.Stream(config, [*rewritten[0], *rewritten[1], *original.samples])
    want = [*avc.decoded(edges[0]), *avc.decoded(edges[1]), *avc.decoded(original)]
    avc.assert_same(avc.decoded(whole), want)
    avc.assert_same(avc.decoded_bare(whole, tmp_path / "bare.h264"), want)


START, END = 360_000, 2_520_000
DEEP = ("-x264-params", "scenecut=0:b-adapt=0:b-pyramid=2", "-refs", "6")
SMART = {
    "h264": Recipe(),
    "deep-b": Recipe(bframes=5, flags=DEEP),
    "mov": Recipe(container="mov", bframes=3),
    "mkv": Recipe(container="mkv", bframes=3),
    # Ids that the encoder's do not contradict, so that nothing but the order of pictures asks for others.
    "other-ids": Recipe(bframes=3, flags=("-x264-params", "sps-id=5")),
    "other-ids-mkv": Recipe(container="mkv", bframes=3, flags=("-x264-params", "sps-id=5")),
    "vfr": Recipe(vfr=True),
    "no-edit-list": Recipe(bframes=3, flags=("-use_editlist", "0")),
    "turned": Recipe(rotation=90),
    "vp8": Recipe(container="webm", video="vp8", audio=("vorbis",)),
    "vp9": Recipe(video="vp9", audio=("opus",)),
    "av1": Recipe(video="av1", audio=("opus",)),
}


@pytest.mark.parametrize("name", SMART)
def test_a_cut_through_two_groups_shows_every_frame_alike(shop: Workshop, make, name: str) -> None:
    """All operations of a smart cut, one after the other."""
    recipe = SMART[name]
    source = make(recipe)
    shop.choose(source)
    asked = {"file": {"$file": source.name}, "track": 0, "spans": [{"start": START, "end": END}]}
    (point,) = shop.ask("locate", asked)["points"]
    first, clean, stop = point["first_frame"], point["clean_frame"], point["clean_end"]
    parts = [("edge0", first, clean), ("source", clean, stop), ("edge1", stop, END)]
    made = {i: edge_of(shop, source, str(recipe.video), a, b) for i, a, b in parts if "edge" in i and a < b}
    pieces = [
        {
            "source": i,
            "track": 0,
            "span": {"start": a, "end": b} if i == "source" else {"start": 0, "end": b - a},
            "at": a - first,
        }
        for i, a, b in parts
        if a < b
    ]
    plain = {"language": None, "title": None, "disposition": None, "rotation": None}
    tracks = [{"kind": "video", "pieces": pieces, **plain}]
    step = {"do": "assemble", "output": "r", "container": recipe.container, "tracks": tracks}
    step |= {"duration_us": END - first, "metadata": {"tags": None, "chapters": []}, "shift_lead_in": False}
    files = {"source": source, **made}
    shop.choose(*files.values())
    named = {i: {"$file": path.name} for i, path in files.items()}
    ordered = {"files": named, "step": step, "made": list(made)}
    result = shop.ask("assemble", ordered, keep=recipe.container)["kept_as"]
    shop.choose(source, result)
    whole = {"source": "s", "track": 0, "span": {"start": first, "end": END}, "result_track": 0, "at": 0}
    checked = {"file": {"$file": result.name}, "files": {"s": named["source"]}, "checks": [whole]}
    found = shop.ask("verify", checked)
    assert found["ok"], found
    wanted = [number for us, number in reading.frames(source) if START <= us < END]
    assert reading.numbers(result) == wanted and found["frames"] == len(wanted)
