"""What results say of themselves: tags, chapters, labels of tracks, timecode; and boxes that are kept to the byte."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import av
import pytest

from tests import reading
from tests.assembling import Bench, Line
from tests.clips import Recipe
from tests.equipment import tool

SECOND = 1_000_000
WORDS = ("-metadata", "title=Old", "-metadata", "artist=Somebody")
CHAPTERS = [
    {"start_us": 0, "end_us": 500_000, "title": "One"},
    {"start_us": 500_000, "end_us": 2 * SECOND, "title": "Zwei, ä"},
]


@pytest.fixture(params=["mp4", "mov"])
def bench(request: pytest.FixtureRequest, tmp_path: Path, make) -> Bench:
    recipe = Recipe(container=request.param, chapters=True, flags=(*WORDS, "-timecode", "01:00:00:00"))
    made = Bench(tmp_path, s=make(recipe))
    made.container = request.param
    return made


def told(path: Path) -> str:
    """What ffmpeg prints of a file."""
    return subprocess.run(
        [tool("ffmpeg"), "-hide_banner", "-i", path], check=False, capture_output=True, text=True
    ).stderr


def clip(bench: Bench, metadata: dict[str, Any] | None = None, **labels: Any) -> Path:
    """Seconds 1 to 3, whose picture is labelled."""
    lines = [
        Line("video", [("s", 0, SECOND, 3 * SECOND, 0)], labels),
        Line("audio", [("s", 1, SECOND, 3 * SECOND, 0)]),
    ]
    more = {"metadata": metadata} if metadata else {}
    reply = bench.assemble(lines, 2 * SECOND, bench.container, **more)
    assert "error" not in reply, reply
    return bench.result(bench.container)


def test_tags_are_kept_and_chapters_are_not(bench: Bench) -> None:
    with av.open(str(clip(bench))) as found:
        assert found.metadata["title"] == "Old"
        assert found.metadata["artist"] == "Somebody"
        assert found.chapters() == []
        assert [stream.type for stream in found.streams] == ["video", "audio", "data"]


def test_tags_are_replaced(bench: Bench) -> None:
    tags = {"title": "Neu", "track": "3/9", "date": "2020-01-02", "mood": "gut", "description": "Länger"}
    with av.open(str(clip(bench, {"tags": tags, "chapters": []}))) as found:
        assert {key: found.metadata.get(key) for key in tags} == tags
        assert "artist" not in found.metadata


def test_chapters_are_written(bench: Bench) -> None:
    with av.open(str(clip(bench, {"tags": None, "chapters": CHAPTERS}))) as found:
        chapters = [
            (round(float(chapter["start"] * chapter["time_base"]) * SECOND), chapter["metadata"]["title"])
            for chapter in found.chapters()
        ]
        assert chapters == [(0, "One"), (500_000, "Zwei, ä")]
        assert found.metadata["title"] == "Old"


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_pictures_are_turned(bench: Bench, rotation: int) -> None:
    path = clip(bench, rotation=rotation)
    assert {shot.turn for shot in reading.shots(path)} == {rotation}
    assert [shot.number for shot in reading.shots(path)] == list(range(25, 75))


def test_tracks_are_labelled(bench: Bench) -> None:
    path = clip(bench, language="deu", title="Bild", disposition=["comment"])
    picture = re.search(r"Stream #0:0.*?(?=Stream #0:[12]\[)", told(path), re.DOTALL)
    assert picture is not None
    assert "(deu)" in picture[0] and "(comment)" in picture[0] and "(default)" not in picture[0]
    assert re.search(r"name +: Bild", picture[0])


def test_timecode_goes_on(bench: Bench) -> None:
    assert "01:00:01:00" in told(clip(bench))


def test_cover_pictures_stay_when_tags_change(tmp_path: Path, make) -> None:
    source = make(Recipe(audio=("aac",), video=None, container="m4a"))
    covered = tmp_path / "covered.m4a"
    argv = [
        "-i",
        source,
        "-f",
        "lavfi",
        "-i",
        "color=red:s=32x32:d=0.04",
        "-map",
        "0",
        "-map",
        "1",
    ]
    cover = ["-c:a", "copy", "-c:v", "png", "-disposition:v:0", "attached_pic", "-y", covered]
    subprocess.run([tool("ffmpeg"), "-v", "error", *argv, *cover], check=True)
    bench = Bench(tmp_path, s=covered)
    sound = Line("audio", [("s", 0, SECOND, 2 * SECOND, 0)])
    bench.assemble([sound], SECOND, "m4a", metadata={"tags": {"title": "Neu"}, "chapters": []})
    assert reading.stream_kinds(bench.result("m4a")) == [("audio", "aac"), ("video", "png")]
    assert abs(reading.sample_count(bench.result("m4a")) - 48_000) <= 1024
    with av.open(str(bench.result("m4a"))) as found:
        assert found.metadata["title"] == "Neu"


@pytest.mark.parametrize("start", [SECOND, 1_360_000], ids=["lossless", "smart"])
def test_colour_and_shape_of_pixels_are_kept(tmp_path: Path, make, start: int) -> None:
    source = make(Recipe(color="bt709", pixel_aspect="4/3"))
    bench = Bench(tmp_path, s=source)
    bench.assemble([Line("video", bench.cut("s", start, 3 * SECOND, 0))], 3 * SECOND - start)
    look = re.compile(r"yuv420p\(.*?\), 320x180 \[SAR 4:3 DAR 64:27\]")
    wanted = look.search(told(source))
    assert wanted is not None
    assert wanted[0] in told(bench.result())
    for box in (b"pasp", b"colr"):
        data, ours = source.read_bytes(), bench.result().read_bytes()
        at = data.index(box)
        size = int.from_bytes(data[at - 4 : at], "big")
        assert data[at - 4 : at - 4 + size] in ours


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_streamed_results_say_the_same(tmp_path: Path, make, container: str) -> None:
    """Packet by packet as well, for what mediabunny can write; it has no chapters in Matroska."""
    bench = Bench(tmp_path, s=make(Recipe(container="ts")))
    first = reading.shots(bench.files["s"])[0].pts_us
    labels = {"title": "Bild", "rotation": 90, "disposition": ["comment"]}
    lines = [
        Line("video", [("s", 0, first, first + 2 * SECOND, 0)], labels),
        Line("audio", [("s", 1, first, first + 2 * SECOND, 0)], {"language": "deu"}),
    ]
    tags = {"title": "Neu", "artist": "Jemand", "track": "3/9", "composer": "Wer"}
    chapters = CHAPTERS if container == "mp4" else []
    reply = bench.assemble(
        lines, 2 * SECOND, container, metadata={"tags": tags, "chapters": chapters}, shift_lead_in=True
    )
    assert "error" not in reply, reply
    with av.open(str(bench.result(container))) as found:
        said = {key.lower().removeprefix("movie/"): value for key, value in found.metadata.items()}
        assert {said["title"], said["artist"], said["composer"]} == {"Neu", "Jemand", "Wer"}
        assert len(found.chapters()) == len(chapters)
        assert found.streams[1].language in ("deu", "ger")
    assert {shot.turn for shot in reading.shots(bench.result(container))} == {90}
    text = told(bench.result(container))
    assert "Bild" in text
    # mediabunny has no roles of tracks in MP4.
    assert container == "mp4" or "(comment)" in text
