"""Pieces put together by the media worker, under Node: no frame lost, moved or changed, no decoder complains."""

from __future__ import annotations

import dataclasses
import itertools
import random
import subprocess
from pathlib import Path

import av
import pytest

from clipwright.bitstream import nal, renumber, sets
from tests import ebml, reading
from tests.assembling import Bench, Line, complaints
from tests.clips import CHIRP_PERIOD_S, Recipe
from tests.equipment import tool
from tests.judging import SYNC_US

SECOND = 1_000_000
PERIOD = round(CHIRP_PERIOD_S * SECOND)
RECIPES = {
    "plain": Recipe(),
    "deep-b-frames": Recipe(bframes=3),
    "open-gop": Recipe(bframes=3, open_gop=True),
    "no-b-frames": Recipe(bframes=0),
    "ntsc": Recipe(rate="30000/1001"),
    "uneven": Recipe(
        flags=(
            *("-vf", "settb=1/90000,setpts=(N+0.45*mod(N\\,3))/25/TB"),
            *("-fps_mode", "passthrough", "-enc_time_base", "1/90000"),
        )
    ),
    "late-sound": Recipe(delay_audio_s=0.5),
    "mov-pcm": Recipe(container="mov", audio=("pcm",)),
    "opus": Recipe(audio=("opus",)),
    "fragments": Recipe(bframes=3, flags=("-movflags", "+frag_keyframe+empty_moov+default_base_moof")),
    "old-fragments": Recipe(bframes=3, flags=("-movflags", "+frag_keyframe+empty_moov+omit_tfhd_offset")),
    "negative-fragments": Recipe(
        bframes=3, flags=("-movflags", "+frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets")
    ),
    "dash": Recipe(bframes=3, flags=("-movflags", "+dash+global_sidx+frag_keyframe")),
}


def frame_times(path: Path) -> list[int]:
    return [shot.pts_us for shot in reading.shots(path)]


def right_frames(
    bench: Bench, source: Path, spans: list[tuple[int, int]], container: str = "mp4", slack: int = 100
) -> None:
    """The result shows the spans' frames, one span after the other, each at its time."""
    wanted = []
    at = 0
    for start, end in spans:
        wanted += [
            (shot.number, shot.pts_us - start + at)
            for shot in reading.shots(source)
            if start <= shot.pts_us < end
        ]
        at += end - start
    found = [(shot.number, shot.pts_us) for shot in reading.shots(bench.result(container))]
    assert [number for number, _ in found] == [number for number, _ in wanted]
    assert max(abs(ours - theirs) for (_, ours), (_, theirs) in zip(wanted, found, strict=True)) <= slack


def lines_of(
    bench: Bench, spans: list[tuple[int, int]], options: tuple[str, ...] = ("-c:v", "libx264")
) -> list[Line]:
    """The tracks of a smart cut: pictures in pieces, sound copied."""
    pictures, sound, at = [], [], 0
    for start, end in spans:
        pictures += bench.cut("s", start, end, at, options)
        sound.append(("s", 1, start, end, at))
        at += end - start
    return [Line("video", pictures), Line("audio", sound)]


@pytest.mark.parametrize("name", RECIPES)
def test_cut_apart_and_joined_is_the_whole(tmp_path: Path, make, name: str) -> None:
    """All segments between random frame times, joined, are the source again."""
    source = make(RECIPES[name])
    times = frame_times(source)
    container = RECIPES[name].container
    end = times[-1] + 40_000
    inner = sorted(random.Random(name).sample(times[1:], 3))
    spans = list(itertools.pairwise([0, *inner, end]))
    bench = Bench(tmp_path, s=source)
    reply = bench.assemble(lines_of(bench, spans), end, container)
    assert "error" not in reply, reply
    right_frames(bench, source, spans, container)
    assert complaints(bench.result(container)) == ""
    found, whole = bench.result(container), source
    assert reading.payload(found, "audio") in reading.payload(whole, "audio")
    begin, stop = reading.sound_span_us(whole)
    assert reading.sound_span_us(found) == pytest.approx((begin, min(stop, end)), abs=22_000)


STREAMED = {
    "mkv": (Recipe(container="mkv", bframes=3), "mkv"),
    "ts": (Recipe(container="ts"), "mp4"),
    "ts-to-mkv": (Recipe(container="ts"), "mkv"),
    "mkv-to-mp4": (Recipe(container="mkv"), "mp4"),
    "mp4-to-mkv": (Recipe(bframes=3), "mkv"),
    "webm": (Recipe(container="webm", video="vp9", audio=("opus",)), "webm"),
    "webm-vp8": (Recipe(container="webm", video="vp8", audio=("vorbis",)), "webm"),
}
ENCODERS = {
    "webm": ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"),
    "webm-vp8": ("-c:v", "libvpx", "-b:v", "800k"),
}


@pytest.mark.parametrize("name", STREAMED)
def test_streamed_pieces_are_the_whole(tmp_path: Path, make, name: str) -> None:
    """Packet by packet through mediabunny, where nothing can be a slice."""
    recipe, container = STREAMED[name]
    source = make(recipe)
    times = frame_times(source)
    inner = sorted(random.Random(name).sample(times[1:], 2))
    spans = list(itertools.pairwise([times[0], *inner, times[-1] + 40_000]))
    bench = Bench(tmp_path, s=source)
    lines = lines_of(bench, spans, options=ENCODERS.get(name, ("-c:v", "libx264")))
    reply = bench.assemble(lines, spans[-1][1] - times[0], container)
    assert "error" not in reply, reply
    right_frames(bench, source, spans, container, slack=1_100)
    assert complaints(bench.result(container)) == ""
    ours, theirs = (reading.packets(path, "audio") for path in (bench.result(container), source))
    assert len(ours) >= len(theirs) - 8
    # MPEG-TS puts a header before each packet of AAC, which other containers do without.
    assert recipe.container == "ts" or ours == theirs[theirs.index(ours[0]) :][: len(ours)]
    moved = reading.sound_offset_us(bench.result(container)) - reading.sound_offset_us(source) - times[0]
    assert abs((moved + PERIOD // 2) % PERIOD - PERIOD // 2) <= SYNC_US


@pytest.mark.parametrize(
    ("recipe", "container"),
    [(Recipe(), "mkv"), (Recipe(container="webm", video="vp9", audio=("opus",)), "webm")],
    ids=["mkv", "webm"],
)
def test_streamed_results_say_what_is_wanted(tmp_path: Path, make, recipe: Recipe, container: str) -> None:
    """Chapters, tags and flags that the muxer does not write, with every packet where players look for it."""
    bench = Bench(tmp_path, s=make(recipe))
    # Two pieces, so that a clip of WebM is streamed, too.
    pictures = [("s", 0, 0, SECOND, 0), ("s", 0, SECOND, 3 * SECOND, SECOND)]
    labels = {"language": "ita", "title": "Sound", "disposition": ["hearing_impaired"]}
    lines = [Line("video", pictures), Line("audio", [("s", 1, 0, 3 * SECOND, 0)], labels)]
    assert "error" not in bench.assemble(lines, 3 * SECOND, container)
    plain = [shot.pts_us for shot in reading.shots(bench.result(container))]
    cues = [(at, track) for at, track, _ in ebml.walk(bench.result(container).read_bytes()).cues]
    chapters = [
        {"start_us": 0, "end_us": SECOND, "title": "Öffnung"},
        {"start_us": SECOND, "end_us": 3 * SECOND, "title": None},
    ]
    metadata = {"tags": {"title": "New", "artist": "Somebody"}, "chapters": chapters}
    assert "error" not in bench.assemble(lines, 3 * SECOND, container, metadata=metadata)
    result = bench.result(container)
    walked = ebml.walk(result.read_bytes())
    assert [(at, track) for at, track, _ in walked.cues] == cues
    assert [shot.pts_us for shot in reading.shots(result)] == plain
    assert complaints(result) == ""
    with av.open(str(result)) as file:
        said = {name.lower(): value for name, value in file.metadata.items()}
        assert said == {"title": "New", "artist": "Somebody", "encoder": "Clipwright"}
        marks = [(mark["start"] // 1000, mark["end"] // 1000, mark["metadata"]) for mark in file.chapters()]
        assert marks == [(0, SECOND, {"title": "Öffnung"}), (SECOND, 3 * SECOND, {})]
        sound = file.streams.audio[0]
        assert (sound.language, sound.metadata["title"]) == ("ita", "Sound")
        assert sound.disposition == av.stream.Disposition.hearing_impaired


def test_streamed_mp4_has_roles(tmp_path: Path, make) -> None:
    bench = Bench(tmp_path, s=make(Recipe(container="mkv", audio=("aac", "aac"))))
    lines = [Line("video", [("s", 0, 0, 2 * SECOND, 0)])]
    for track, flags in ((1, ["default"]), (2, ["comment"])):
        lines.append(Line("audio", [("s", track, 0, 2 * SECOND, 0)], {"disposition": flags}))
    assert "error" not in bench.assemble(lines, 2 * SECOND, "mp4")
    with av.open(str(bench.result())) as file:
        found = [stream.disposition for stream in file.streams.audio]
    assert found == [av.stream.Disposition.default, av.stream.Disposition.comment]
    assert complaints(bench.result()) == ""


@pytest.mark.parametrize("name", ["plain", "deep-b-frames", "ntsc"])
def test_middle_taken_out(tmp_path: Path, make, name: str) -> None:
    source = make(RECIPES[name])
    times = frame_times(source)
    spans = [(times[9], times[48]), (times[61], times[-6])]
    bench = Bench(tmp_path, s=source)
    length = sum(end - start for start, end in spans)
    reply = bench.assemble(lines_of(bench, spans), length)
    assert "error" not in reply, reply
    right_frames(bench, source, spans)
    assert complaints(bench.result()) == ""
    for start, end, at in ((*spans[0], 0), (*spans[1], spans[0][1] - spans[0][0])):
        middle = (start + end) // 2
        tone = min(reading.tones(bench.result()), key=lambda tone: abs(tone.at_us - (middle - start + at)))
        assert tone.source_us - tone.at_us == pytest.approx(start - at, abs=SYNC_US)


def test_copied_packets_are_the_sources(tmp_path: Path, make) -> None:
    source = make(Recipe(bframes=3))
    bench = Bench(tmp_path, s=source)
    lines = lines_of(bench, [(360_000, 3_440_000)])
    assert "error" not in bench.assemble(lines, 3_080_000)
    theirs = reading.packets(source, "video")
    ours = reading.packets(bench.result(), "video")
    clean = theirs.index(ours[16])
    assert clean == 25
    # The head's 16 frames and the tail's are new, all between are the source's in a row.
    copied = next(i for i in range(16, len(ours) + 1) if i == len(ours) or ours[i] not in theirs)
    assert ours[16:copied] == theirs[clean : clean + copied - 16]
    assert copied >= len(ours) - 3


OPEN_HEVC = Recipe(video="hevc", bframes=3, open_gop=True, seconds=6.0)
# Numbers of the frames that pieces begin with, and end before: behind the first picture of a next group.
ELSEWHERE = ((75, 101), (25, 51), (75, 101), (50, 76))
AGAIN = ((50, 76), (75, 101), (75, 101), (75, 101), (100, 101), (100, 126))


def joined_groups(
    bench: Bench, source: Path, numbers: tuple[tuple[int, int], ...], container: str
) -> list[tuple[int, int]]:
    """Puts together pieces from frame to frame, all clean; gives their spans."""
    bench.files["s"] = source
    times = frame_times(source)
    spans, pieces, at = [], [], 0
    for first, end in numbers:
        found = bench.locate("s", times[first], times[end])
        spans.append((found["clean_frame"], found["clean_end"]))
        assert spans[-1] == (times[first], times[end])
        pieces.append(("s", 0, times[first], times[end], at))
        at += times[end] - times[first]
    assert "error" not in bench.assemble([Line("video", pieces)], at, container)
    return spans


@pytest.mark.parametrize("numbers", [ELSEWHERE, AGAIN], ids=["elsewhere", "again"])
@pytest.mark.parametrize(
    ("recipe", "container"),
    [
        (OPEN_HEVC, "mp4"),
        (OPEN_HEVC, "mkv"),
        (dataclasses.replace(OPEN_HEVC, container="mkv"), "mp4"),
        (dataclasses.replace(OPEN_HEVC, container="ts"), "mp4"),
        (dataclasses.replace(OPEN_HEVC, container="ts"), "mkv"),
    ],
    ids=["spliced", "streamed", "streamed-from-mkv", "with-start-codes", "with-start-codes-in-mkv"],
)
def test_groups_of_hevc_start_anew(
    tmp_path: Path, make, recipe: Recipe, container: str, numbers: tuple[tuple[int, int], ...]
) -> None:
    """Its open groups begin with pictures that count on from those before, which are others now.

    The pieces end behind the first picture of a next group, with pictures that wait for being shown. Where the same
    come again, decoders must not take them for those that are there still.
    """
    source = make(recipe)
    bench = Bench(tmp_path)
    spans = joined_groups(bench, source, numbers, container)
    right_frames(bench, source, spans, container, slack=1_100)
    assert complaints(bench.result(container)) == ""


def record_of(path: Path) -> bytes:
    """The hvcC of a file's pictures."""
    with av.open(path) as file:
        return bytes(file.streams.video[0].codec_context.extradata or b"")


@pytest.mark.parametrize("container", ["mp4", "mkv"], ids=["spliced", "streamed"])
def test_repeated_pictures_of_hevc_are_numbered_as_natively(tmp_path: Path, make, container: str) -> None:
    source = make(OPEN_HEVC)
    bench = Bench(tmp_path)
    joined_groups(bench, source, ((50, 76), (50, 76), (50, 76)), container)
    own = sets.read("hevc", record_of(source))
    ids = renumber.Numbering([own]).ids(own, apart=True)
    assert ids is not None
    both = sets.read("hevc", sets.merged([own, renumber.renumbered(own, ids)]))
    assert sets.read("hevc", record_of(bench.result(container))).units == both.units
    found = [list(nal.units(sample, 4)) for sample in samples(bench.result(container))]
    count = len(found) // 3
    plain, apart, again = found[:count], found[count : 2 * count], found[2 * count :]
    assert again == [[nal.restarted(unit) for unit in plain[0]], *plain[1:]]
    numbered = [renumber.sample("hevc", units, ids) for units in again]
    assert apart == numbered
    kept = [list(nal.units(sample, 4)) for sample in samples(source)]
    assert all(units in kept for units in plain)


@pytest.mark.parametrize(
    ("recipe", "numbers"),
    [
        # Nothing refers any more to the picture that comes again; a picture that decoders forget all others for.
        (OPEN_HEVC, ((25, 101), (25, 51))),
        (dataclasses.replace(OPEN_HEVC, open_gop=False), ((25, 75), (25, 50), (25, 50))),
    ],
    ids=["long-ago", "closed"],
)
def test_only_hevc_that_must_is_numbered_anew(
    tmp_path: Path, make, recipe: Recipe, numbers: tuple[tuple[int, int], ...]
) -> None:
    source = make(recipe)
    bench = Bench(tmp_path)
    spans = joined_groups(bench, source, numbers, "mp4")
    right_frames(bench, source, spans)
    assert complaints(bench.result()) == ""
    assert record_of(bench.result()) == record_of(source)


def test_pieces_of_hevc_that_go_on_are_as_they_were(tmp_path: Path, make) -> None:
    source = make(dataclasses.replace(OPEN_HEVC, open_gop=False))
    bench = Bench(tmp_path, s=source)
    pieces = [("s", 0, 0, SECOND, 0), ("s", 0, SECOND, 2 * SECOND, SECOND)]
    assert "error" not in bench.assemble([Line("video", pieces)], 2 * SECOND)
    assert samples(bench.result()) == samples(source)[:50]


def samples(path: Path) -> list[bytes]:
    """The bytes of each sample of a file's pictures, in decode order."""
    with av.open(path) as file:
        return [bytes(packet) for packet in file.demux(video=0) if packet.size]


@pytest.mark.parametrize(("track", "kind"), [(0, "video"), (1, "audio")])
def test_one_track_out_of_thousands_of_chunks(tmp_path: Path, make, track: int, kind: str) -> None:
    """More than browsers make slices of in time, so that they are copied together."""
    short = make(Recipe(size=(160, 90), seconds=10.0))
    source = tmp_path / "long.mp4"
    again = [tool("ffmpeg"), "-v", "error", "-stream_loop", "35", "-i", short, "-c", "copy", source]
    subprocess.run(again, check=True)
    bench = Bench(tmp_path, s=source)
    length = 350 * SECOND
    assert "error" not in bench.assemble([Line(kind, [("s", track, SECOND, length, 0)])], length - SECOND)
    ours, theirs = (reading.packets(path, kind) for path in (bench.result(), source))
    assert ours == theirs[theirs.index(ours[0]) :][: len(ours)]
    assert len(ours) >= 8_700
    assert complaints(bench.result()) == ""


def test_own_ids_need_no_rewriting(tmp_path: Path, make) -> None:
    # Without B-frames the edge's sets have nothing to announce; with them they would be changed for that.
    source = make(Recipe(bframes=0))
    bench = Bench(tmp_path, s=source)
    edge = bench.edge("s", 360_000, SECOND, ("-c:v", "libx264", "-x264-params", "sps-id=31"))
    pictures = Line("video", [(edge, 0, 0, 640_000, 0), ("s", 0, SECOND, 2 * SECOND, 640_000)])
    assert "error" not in bench.assemble([pictures], 1_640_000)
    right_frames(bench, source, [(360_000, 2 * SECOND)])
    assert complaints(bench.result()) == ""
    assert reading.packets(bench.result(), "video")[:16] == reading.packets(bench.files[edge], "video")


def test_two_files_joined(tmp_path: Path, make) -> None:
    """Files that were encoded alike are joined without encoding, the sound of each beside its pictures."""
    one, other = make(Recipe(bframes=2)), make(Recipe(bframes=2, seconds=3.0))
    bench = Bench(tmp_path, a=one, b=other)
    lines = [
        Line("video", [("a", 0, SECOND, 4 * SECOND, 0), ("b", 0, SECOND, 3 * SECOND, 3 * SECOND)]),
        Line("audio", [("a", 1, SECOND, 4 * SECOND, 0), ("b", 1, SECOND, 3 * SECOND, 3 * SECOND)]),
    ]
    assert "error" not in bench.assemble(lines, 5 * SECOND)
    numbers = [shot.number for shot in reading.shots(bench.result())]
    assert numbers == [*range(25, 100), *range(25, 75)]
    assert complaints(bench.result()) == ""


def test_a_file_that_is_only_seen_in_part_is_refused(tmp_path: Path, make) -> None:
    """Its index lists the first samples and fragments the rest, which mediabunny would not see."""
    source = make(Recipe(bframes=3, flags=("-movflags", "+frag_keyframe+default_base_moof")))
    bench = Bench(tmp_path, s=source)
    pictures = Line("video", [("s", 0, 0, 3 * SECOND, 0)])
    for reply in (bench.locate("s", 0, 3 * SECOND), bench.assemble([pictures], 3 * SECOND)):
        assert reply["error"]["code"] == "capability"
        assert reply["error"]["hint"]


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (Recipe(size=(160, 90)), "size (320×180 and 160×90)"),
        (Recipe(video="hevc"), "codec (avc1 and hvc1)"),
    ],
    ids=["size", "codec"],
)
def test_what_does_not_match_is_said(tmp_path: Path, make, other: Recipe, told: str) -> None:
    bench = Bench(tmp_path, a=make(Recipe()), b=make(other))
    pictures = Line("video", [("a", 0, 0, SECOND, 0), ("b", 0, 0, SECOND, SECOND)])
    error = bench.assemble([pictures], 2 * SECOND)["error"]
    assert error["code"] == "capability"
    assert told in error["message"]
    assert error["hint"]


def test_parameter_sets_that_contradict_each_other_get_other_numbers(tmp_path: Path, make) -> None:
    bench = Bench(tmp_path, a=make(Recipe()), b=make(Recipe(bframes=0)))
    pictures = Line("video", [("a", 0, 0, SECOND, 0), ("b", 0, 0, SECOND, SECOND)])
    assert "error" not in bench.assemble([pictures], 2 * SECOND)
    assert [shot.number for shot in reading.shots(bench.result())] == [*range(25), *range(25)]
    assert complaints(bench.result()) == ""


def test_sounds_of_another_rate_are_refused(tmp_path: Path, make) -> None:
    bench = Bench(tmp_path, a=make(Recipe()), b=make(Recipe(sample_rate=44100)))
    sound = Line("audio", [("a", 1, 0, SECOND, 0), ("b", 1, 0, SECOND, SECOND)])
    error = bench.assemble([sound], 2 * SECOND)["error"]
    assert error["code"] == "capability"
    assert "48000 Hz" in error["message"] and "44100 Hz" in error["message"]
