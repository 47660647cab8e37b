"""What ffprobe answers, read back: answers of @ffmpeg/core 0.12.10 to clips made with the arguments beside them."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from clipwright import ffprobe
from clipwright.description import describe
from clipwright.errors import CorruptMedia, EngineError, MediaError, UnsupportedFormat
from clipwright.media import Chapter, Color, CutPoint, MediaInfo
from clipwright.sighting import Sighting

ANSWERS = json.loads((Path(__file__).parent / "fixtures" / "ffprobe.json").read_text("utf-8"))


def sighting(name: str) -> Sighting:
    row = ANSWERS[name]
    return ffprobe.sighting_of(row["header"], row["packets"], base64.b64decode(row["head"]), row["size"])


def info(name: str) -> MediaInfo:
    return describe(sighting(name))


@pytest.mark.parametrize(
    ("name", "container", "duration_us", "codecs"),
    [
        ("full.mp4", "mp4", 1_201_200, ["avc1.64000a", "mp4a.40.2", None, None]),
        ("full.mkv", "mkv", 1_208_000, ["avc1.64000a", "opus", None]),
        ("live.webm", "webm", 1_201_000, ["vp09.00.10.08", "opus"]),
        ("stream.ts", "mpegts", 1_222_533, ["avc1.64000a", "mp4a.40.2"]),
        ("deep.mp4", "mp4", 1_201_200, ["hvc1.2.4.L30.90"]),
        ("turned.mov", "mov", 1_201_200, ["avc1.64000a", "mp4a.40.2"]),
        ("cover.mp3", "mp3", 1_224_000, ["mp3", None]),
        ("old.avi", "avi", 1_248_000, [None, "mp3"]),
        ("tune.ogg", "ogg", 1_200_000, ["vorbis"]),
        ("cut.mp4", "mp4", 701_200, ["avc1.64000a", "mp4a.40.2"]),
    ],
)
def test_files_are_described(name, container, duration_us, codecs):
    found = info(name)
    assert (found.container, found.duration_us) == (container, duration_us)
    assert [track.codec_string for track in found.tracks] == codecs
    assert [track.index for track in found.tracks] == list(range(len(codecs)))
    for track in found.video:
        assert (track.frame_rate, track.vfr) == ("30000/1001", False)
        assert (track.width, track.height, track.pixel_aspect) == (64, 48, "1/1")


def test_words_chapters_and_languages_are_the_same_in_every_container():
    for name in ("full.mp4", "full.mkv"):
        found = info(name)
        assert found.tags == {
            "artist": "An Artist",
            "date": "2021-03-04",
            "title": "My Title",
            "track": "3/9",
        }
        assert found.chapters == (
            Chapter(start_us=0, end_us=500_000, title="One"),
            Chapter(start_us=500_000, end_us=1_200_000, title="Two"),
        )
        assert found.audio[0].language == "deu"
    assert info("tune.ogg").tags == {"title": "Tune"}


def test_details_of_pictures():
    assert info("deep.mp4").video[0].color == Color(
        primaries="bt2020", transfer="smpte2084", matrix="bt2020nc", full_range=False
    )
    assert info("deep.mp4").video[0].bit_depth == 10
    assert info("turned.mov").video[0].rotation == 270
    assert info("cover.mp3").tracks[1].disposition == ("attached_pic",)
    assert info("stream.ts").origin_us == 1_445_400


def test_only_what_has_pictures_or_no_length_is_asked_a_second_time():
    asked = {name: ffprobe.packets_argv("in0", row["header"]) for name, row in ANSWERS.items()}
    assert asked["cover.mp3"] is asked["tune.ogg"] is asked["noise.bin"] is None
    assert "%+#300" in (asked["full.mp4"] or ())
    assert "-read_intervals" not in (asked["live.webm"] or ("-read_intervals",))


@pytest.mark.parametrize(
    ("name", "time_us", "expected"),
    [
        ("full.mp4", 400_000, (400_400, 333_667, 667_333)),
        ("full.mp4", 1_300_000, (None, None, None)),
        ("stream.ts", 1_900_000, (1_900_500, 1_800_400, 2_134_067)),
        ("cut.mp4", 0, (0, -166_833, 166_833)),
        ("old.avi", 400_000, (400_400, 333_667, 734_067)),
    ],
)
def test_cut_points(name, time_us, expected):
    (answer,) = [asked["answer"] for asked in ANSWERS[name]["locate"] if asked["time_us"] == time_us]
    first, key, following = expected
    assert ffprobe.cut_points(answer, [time_us]) == (
        CutPoint(first_frame=first, key_frame=key, next_key_frame=following),
    )


def test_a_cut_point_is_looked_for_on_both_sides():
    argv = ffprobe.locate_argv("in0", 3, [100_000_001])
    assert "88.000001%112.000001" in argv
    assert argv[argv.index("-select_streams") + 1] == "3"
    assert "%13.000000" in ffprobe.locate_argv("in0", 0, [1_000_000])


def test_what_cannot_be_read_is_blamed_on_the_file():
    with pytest.raises(CorruptMedia):
        sighting("headless.mp4")
    with pytest.raises(UnsupportedFormat):
        sighting("noise.bin")
    with pytest.raises(MediaError) as refused:
        ffprobe.sighting_of('{"error": {"code": -5, "string": "Input/output error"}}', "", b"\x01", 1)
    assert refused.value.detail == "Input/output error"
    assert type(refused.value) is MediaError


@pytest.mark.parametrize("answer", ["", "not JSON", "{}"])
def test_an_answer_that_is_none_is_the_engines_fault(answer):
    with pytest.raises(EngineError):
        ffprobe.sighting_of(answer, "", b"\x01", 1)


def test_no_answer_about_packets_is_no_cut_point():
    nothing = CutPoint(first_frame=None, key_frame=None, next_key_frame=None)
    assert ffprobe.cut_points("", [0, 1]) == (nothing, nothing)


def told(*packets: tuple[int, str]) -> str:
    """What ffprobe says of packets, their times in seconds."""
    lines = [
        f"packet|stream_index=0|pts={time}|dts={time}|duration=1|flags={flags}" for time, flags in packets
    ]
    return "\n".join([*lines, "stream|index=0|time_base=1/1"])


def test_many_cut_points_are_read_in_one_go_and_common_stretches_once():
    argv = ffprobe.locate_argv("in0", 0, [second * 1_000_000 for second in (100, 5, 20, 100, 43)])
    assert argv[argv.index("-read_intervals") + 1] == "%55.000000,88.000000%112.000000"


@pytest.mark.parametrize(
    ("time", "first", "key", "following"), [(5, 6, 0, 12), (100, 101, 85, 105), (200, 201, None, 205)]
)
def test_what_lies_between_intervals_is_not_guessed(time, first, key, following):
    """At 100 s seeking has led further back than was asked for; at 200 s it has not, so key frames may be missing."""
    answer = told(
        (0, "K_"), (6, "__"), (12, "K_"), (16, "__"),
        (85, "K_"), (87, "__"), (101, "__"), (105, "K_"), (111, "__"),
        (189, "__"), (201, "__"), (205, "K_"),
    )  # fmt: skip
    points = ffprobe.cut_points(answer, [5_000_000, 100_000_000, 200_000_000])
    seconds = [None if second is None else second * 1_000_000 for second in (first, key, following)]
    found = points[(5, 100, 200).index(time)]
    assert [found.first_frame, found.key_frame, found.next_key_frame] == seconds
    assert points[::-1] == ffprobe.cut_points(answer, [200_000_000, 100_000_000, 5_000_000])
