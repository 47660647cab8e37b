"""Matroska and WebM clips that are made of slices of their source: run by Node, judged by FFmpeg and a strict walk."""

from __future__ import annotations

import dataclasses
import itertools
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from tests import ebml, reading
from tests.clips import Recipe
from tests.equipment import tool

Make = Callable[[Recipe], Path]

SHORT = ("-cluster_time_limit", "400")
"""Clusters short enough that most of a clip's are kept as they are."""
TICK_US = 1000
UNKNOWN = b"\x01" + b"\xff" * 7
PACKET_US = 100_000
"""Sound ends with a packet: no codec here has longer ones."""


@dataclasses.dataclass(frozen=True)
class Case:
    """`kinds` are the source's tracks in order; `keep` are the indices of those that are kept."""

    name: str
    recipe: Recipe
    container: str
    kinds: str = "va"
    keep: tuple[int, ...] = (0, 1)
    start_us: int = 2_360_000
    end_us: int = 6_440_000


H264 = Recipe(container="mkv", seconds=8, bframes=3, flags=SHORT)
VP9 = Recipe(container="webm", video="vp9", audio=("opus",), seconds=8, flags=SHORT)

CASES = (
    Case("h264", H264, "mkv"),
    Case("long-clusters", dataclasses.replace(H264, flags=()), "mkv"),
    Case("open-gop", dataclasses.replace(H264, open_gop=True), "mkv"),
    Case("ntsc", dataclasses.replace(H264, rate="30000/1001"), "mkv"),
    Case("short-clip", H264, "mkv", start_us=2_360_000, end_us=2_440_000),
    Case("to-the-end", H264, "mkv", end_us=8_000_000),
    Case("from-the-start", H264, "mkv", start_us=0),
    Case("hevc", dataclasses.replace(H264, video="hevc"), "mkv"),
    Case("flac", dataclasses.replace(H264, audio=("flac",)), "mkv"),
    Case("mp3", dataclasses.replace(H264, audio=("mp3",)), "mkv"),
    Case("two-sounds", dataclasses.replace(H264, audio=("aac", "opus")), "mkv", "vaa", (0, 1, 2)),
    Case("one-of-two-sounds", dataclasses.replace(H264, audio=("aac", "opus")), "mkv", "vaa", (0, 2)),
    Case("sound-only", dataclasses.replace(H264, video=None, audio=("opus",)), "mkv", "a", (0,)),
    Case("subtitles", dataclasses.replace(H264, subtitles=True), "mkv", "vas", (0, 1, 2)),
    Case("vp9-opus", VP9, "webm"),
    Case("vp9-to-mkv", VP9, "mkv"),
    Case("vp8-vorbis", dataclasses.replace(VP9, video="vp8", audio=("vorbis",)), "webm"),
    Case("av1-mkv-to-webm", dataclasses.replace(VP9, container="mkv", video="av1"), "webm"),
    Case("live", dataclasses.replace(VP9, flags=("-live", "1")), "webm"),
)


def step_of(case: Case, **changes: Any) -> dict[str, Any]:
    kinds = {"v": "video", "a": "audio", "s": "subtitle"}
    span = {"start": case.start_us, "end": case.end_us}
    unchanged = {"language": None, "title": None, "disposition": None, "rotation": None}
    tracks = [
        {**unchanged, "kind": kinds[case.kinds[index]], "pieces": [piece_of(index, span)]}
        for index in case.keep
    ]
    return {
        "do": "assemble",
        "output": "clip",
        "container": case.container,
        "tracks": tracks,
        "duration_us": case.end_us - case.start_us,
        "metadata": {"tags": None, "chapters": []},
        "shift_lead_in": True,
        "weight": 1.0,
        **changes,
    }


def piece_of(index: int, span: dict[str, int]) -> dict[str, Any]:
    return {"source": "file", "track": index, "span": span, "at": 0}


def spliced(source: Path, step: dict[str, Any], folder: Path) -> tuple[Path, dict[str, Any] | None]:
    """The clip, and what it took to make it; None where the source has to be written packet by packet."""
    clip = folder / f"clip.{step['container']}"
    script = Path(__file__).with_name("splice.mjs")
    argv = [tool("node"), "--no-warnings", script, source, json.dumps(step), clip]
    ran = subprocess.run(argv, check=False, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return clip, json.loads(ran.stdout)


def packets(path: Path, index: int) -> list[tuple[int, bytes]]:
    """Time in microseconds and payload of every packet of a track, in file order."""
    with av.open(str(path)) as container:
        stream = container.streams[index]
        assert stream.time_base is not None
        return [
            (reading.microseconds(packet.pts, stream.time_base), bytes(packet))
            for packet in container.demux(stream)
            if packet.size and packet.pts is not None
        ]


def delay_us(path: Path, index: int) -> int:
    """What decoders cut away from what comes first in a track (`CodecDelay`), by the ticks of the file."""
    with av.open(str(path)) as container:
        sound = container.streams[index].codec_context
        assert isinstance(sound, av.AudioCodecContext)
        return round(sound.delay * 1000 / sound.sample_rate) * TICK_US


def assert_clean(clip: Path) -> None:
    """FFmpeg decodes all of it without a word."""
    argv = [
        tool("ffmpeg"),
        "-v",
        "warning",
        "-i",
        clip,
        "-f",
        "null",
        "-map",
        "0:v?",
        "-map",
        "0:a",
        "-map",
        "0:s?",
        "-c:s",
        "copy",
        "-",
    ]
    ran = subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60)
    assert not ran.stderr, ran.stderr


def assert_packets(source: Path, clip: Path, case: Case) -> None:
    """Every track is an unbroken run of the source's, moved by one time, from the right packet to the right one."""
    zero = case.start_us
    if "v" in case.kinds:
        zero = max(at for at in reading.key_frames_us(source) if at <= case.start_us)
    for place, index in enumerate(case.keep):
        before, after = packets(source, index), packets(clip, place)
        if case.kinds[index] == "v":
            assert_pictures(before, after, zero, case.end_us)
            continue
        first = zero - (delay_us(source, index) if case.kinds[index] == "a" else 0)
        wanted = [(at - zero, data) for at, data in before if first <= at < case.end_us]
        assert after == wanted, f"track {index}: {len(after)} packets for {len(wanted)}"


def assert_pictures(
    before: list[tuple[int, bytes]], after: list[tuple[int, bytes]], zero: int, end: int
) -> None:
    """All pictures from the key frame to the end, and as few later ones as their references need."""
    first = next(place for place, (at, _) in enumerate(before) if at == zero)
    run = [(at - zero, data) for at, data in before[first:] if at >= zero]
    times = {at for at, _ in after}
    assert {at for at, _ in run if at < end - zero} <= times
    assert after == [(at, data) for at, data in run if at <= max(times)]
    needed = max(place for place, (at, _) in enumerate(run) if at < end - zero)
    assert max(times) <= max(at for at, _ in run[: needed + 1])


def assert_seekable(clip: Path) -> None:
    """The index leads to the last key frame before any time."""
    keys = reading.key_frames_us(clip)
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        for target in range(0, max(keys) + 300_000, 300_000):
            container.seek(target)
            packet = next(packet for packet in container.demux(stream) if packet.pts is not None)
            assert packet.time_base is not None
            found = reading.microseconds(packet.pts or 0, packet.time_base)
            assert found == max(at for at in keys if at <= target)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_clip_is_slices_of_its_source(make: Make, tmp_path: Path, case: Case) -> None:
    source = make(case.recipe)
    clip, took = spliced(source, step_of(case), tmp_path)
    assert took is not None
    walked = ebml.walk(clip.read_bytes())
    assert walked.doc_type == ("matroska" if case.container == "mkv" else "webm")
    assert_clean(clip)
    assert_packets(source, clip, case)
    if "v" in case.kinds:
        assert_seekable(clip)
        keys = {at // TICK_US for at in reading.key_frames_us(clip)}
        assert {time for time, track, _ in walked.cues if track == walked.tracks[0]} == keys
        shown = reading.shots(clip)
        assert reading.duration_us(clip) == pytest.approx(shown[-1].pts_us + 40_000, abs=PACKET_US)


def open_ended(data: bytes) -> bytes:
    """The same file as browsers record it: nothing knows its size, and there is no index."""
    head, segment = ebml.children(data, 0, len(data))
    made = data[head.at : head.end] + data[segment.at : segment.size_at] + UNKNOWN
    for element in ebml.children(data, segment.start, segment.end):
        if element.id == ebml.CLUSTER:
            made += data[element.at : element.size_at] + UNKNOWN + data[element.start : element.end]
        elif element.id in (ebml.INFO, ebml.TRACKS):
            made += data[element.at : element.end]
    return made


@pytest.mark.parametrize("recipe", [H264, VP9], ids=["mkv", "webm"])
def test_clusters_without_a_size_are_given_one(make: Make, tmp_path: Path, recipe: Recipe) -> None:
    case = Case("", recipe, recipe.container)
    source = tmp_path / f"open.{recipe.container}"
    source.write_bytes(open_ended(make(recipe).read_bytes()))
    clip, took = spliced(source, step_of(case), tmp_path)
    assert took is not None
    walked = ebml.walk(clip.read_bytes())
    assert_clean(clip)
    assert_packets(make(recipe), clip, case)
    assert walked.cues


def test_files_without_an_index_get_one(make: Make, tmp_path: Path) -> None:
    """What was written to a pipe has neither index nor sizes of the whole."""
    source = tmp_path / "pipe.mkv"
    argv = [tool("ffmpeg"), "-v", "error", "-i", make(H264), "-map", "0", "-c", "copy"]
    argv += ["-cluster_time_limit", "400", "-f", "matroska", "pipe:1"]
    source.write_bytes(subprocess.run(argv, check=True, capture_output=True, timeout=60).stdout)
    case = Case("", H264, "mkv")
    clip, took = spliced(source, step_of(case), tmp_path)
    assert took is not None
    keys = {at // TICK_US for at in reading.key_frames_us(clip)}
    assert {time for time, _, _ in ebml.walk(clip.read_bytes()).cues} == keys
    assert_clean(clip)
    assert_packets(source, clip, case)
    assert_seekable(clip)


def test_a_clip_says_what_is_wanted_of_it(make: Make, tmp_path: Path) -> None:
    recipe = dataclasses.replace(H264, languages=("fra", "deu"), title="Old", chapters=True)
    step = step_of(Case("", recipe, "mkv"))
    step["metadata"] = {
        "tags": {"title": "New", "artist": "Somebody"},
        "chapters": [
            {"start_us": 0, "end_us": 1_500_000, "title": "One"},
            {"start_us": 1_500_000, "end_us": 4_440_000, "title": None},
        ],
    }
    step["tracks"][0].update(rotation=90, title="Picture")
    step["tracks"][1].update(language="ita", disposition=["forced"])
    clip, took = spliced(make(recipe), step, tmp_path)
    assert took is not None
    ebml.walk(clip.read_bytes())
    assert_clean(clip)
    with av.open(str(clip)) as container:
        said = {name.lower(): value for name, value in container.metadata.items()}
        assert said == {"title": "New", "artist": "Somebody", "encoder": "Clipwright"}
        assert [(mark["start"], mark["end"], mark["metadata"]) for mark in container.chapters()] == [
            (0, 1_500_000_000, {"title": "One"}),
            (1_500_000_000, 4_440_000_000, {}),
        ]
        video, audio = container.streams
        assert (video.language, video.metadata["title"]) == ("fra", "Picture")
        assert audio.language == "ita"
        assert audio.disposition & av.stream.Disposition.forced
        assert not audio.disposition & av.stream.Disposition.default
        assert next(container.decode(video)).rotation % 360 == 360 - 90


def test_attachments_and_tags_are_kept(make: Make, tmp_path: Path) -> None:
    font, source = tmp_path / "font.ttf", tmp_path / "attached.mkv"
    font.write_bytes(bytes(range(256)) * 300)
    argv = [tool("ffmpeg"), "-v", "error", "-i", make(H264), "-map", "0", "-c", "copy", "-attach", font]
    argv += ["-metadata:s:t", "mimetype=application/x-truetype-font", "-metadata", "artist=Somebody", source]
    subprocess.run(argv, check=True, timeout=60)
    clip, took = spliced(source, step_of(Case("", H264, "mkv")), tmp_path)
    assert took is not None
    assert font.read_bytes() in clip.read_bytes()
    assert_clean(clip)
    walked = ebml.walk(clip.read_bytes())
    assert ebml.ATTACHMENTS in {element.id for element in walked.level1}
    with av.open(str(clip)) as container:
        assert container.metadata["ARTIST"] == "Somebody"
        assert not any("DURATION" in stream.metadata for stream in container.streams)


def test_data_is_not_read(tmp_path: Path) -> None:
    """Of a long clip only the edges are looked into, and every kept packet is a part of a slice."""
    source = tmp_path / "noise.mkv"
    argv = [
        tool("ffmpeg"),
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=320x180:r=25:d=40,noise=alls=60:allf=t",
    ]
    argv += [
        "-f",
        "lavfi",
        "-i",
        "sine=d=40",
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-bf",
        "2",
        "-g",
        "25",
    ]
    subprocess.run([*argv, "-c:a", "aac", "-cluster_time_limit", "1000", source], check=True, timeout=60)
    case = Case("", H264, "mkv", start_us=2_360_000, end_us=37_000_000)
    clip, took = spliced(source, step_of(case), tmp_path)
    assert took is not None
    assert took["bytes"] < source.stat().st_size / 3
    assert_packets(source, clip, case)


@pytest.mark.parametrize(
    ("recipe", "container"),
    [
        (dataclasses.replace(H264, audio=("pcm",)), "mkv"),
        (H264, "webm"),
        (dataclasses.replace(VP9, subtitles=True), "mkv"),
    ],
    ids=["plain samples", "codecs WebM does not hold", "text of WebM's own kind"],
)
def test_what_does_not_fit_is_left_to_others(
    make: Make, tmp_path: Path, recipe: Recipe, container: str
) -> None:
    case = Case("", recipe, container, "vas", (0, 1, 2) if recipe.subtitles else (0, 1))
    clip, took = spliced(make(recipe), step_of(case), tmp_path)
    assert took is None
    assert not clip.exists()


def test_a_shortened_file_is_told(make: Make, tmp_path: Path) -> None:
    whole = make(H264).read_bytes()
    source = tmp_path / "short.mkv"
    source.write_bytes(whole[: len(whole) // 2])
    script = Path(__file__).with_name("splice.mjs")
    argv = [tool("node"), script, source, json.dumps(step_of(Case("", H264, "mkv"))), tmp_path / "clip.mkv"]
    ran = subprocess.run(argv, check=False, capture_output=True, text=True, timeout=60)
    assert ran.returncode != 0
    assert "corrupt_media" in ran.stderr


def test_pieces_of_a_whole_are_the_whole(make: Make, tmp_path: Path) -> None:
    """Cut at key frames, sound and picture of the pieces in a row are the source's, but for what decoders cut away."""
    source = make(H264)
    cuts = [0, 1_000_000, 4_000_000, 7_000_000, 8_000_000]
    found: dict[int, list[bytes]] = {0: [], 1: []}
    for start, end in itertools.pairwise(cuts):
        clip, took = spliced(source, step_of(Case("", H264, "mkv", start_us=start, end_us=end)), tmp_path)
        assert took is not None
        found[0] += [data for _, data in packets(clip, 0)]
        found[1] += [data for at, data in packets(clip, 1) if at >= 0]
    assert found[0] == [data for _, data in packets(source, 0)]
    assert found[1] == [data for at, data in packets(source, 1) if at >= 0]
