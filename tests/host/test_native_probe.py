"""Looking into real files with PyAV."""

from __future__ import annotations

import dataclasses
import subprocess
from fractions import Fraction

import pytest
from smart import point_of

from clipwright.description import describe
from clipwright.errors import CorruptMedia, MediaError, UnsupportedFormat
from clipwright.framerate import round_half_up
from clipwright.media import Chapter, Span
from clipwright.native import ffmpeg, probe
from tests.clips import Recipe

SHORT = Recipe(seconds=2, rate="30000/1001", gop=15)
TEXTS = {"subtitles": True, "chapters": True, "languages": ("und", "ger"), "title": "T & T"}


def test_an_mp4_with_everything(make):
    info = describe(probe.look(make(Recipe(seconds=2, **TEXTS))))
    assert (info.container, info.start_us, info.origin_us, info.tags) == ("mp4", 0, 0, {"title": "T & T"})
    assert info.duration_us == pytest.approx(2_000_000, abs=30_000)
    assert [chapter.title for chapter in info.chapters] == ["One & <two>", "Zwei"]
    assert info.chapters[0] == Chapter(start_us=0, end_us=1_000_000, title="One & <two>")
    # The chapters' own text track counts as FFmpeg counts it.
    assert [(track.index, track.codec) for track in info.tracks] == [
        (0, "h264"),
        (1, "aac"),
        (2, "mov_text"),
        (3, "bin_data"),
    ]
    assert info.audio[0].language == "deu"
    video = info.video[0]
    assert (video.width, video.height, video.frame_rate, video.vfr) == (320, 180, "25/1", False)
    assert (video.codec_string, video.bit_depth, video.pixel_aspect) == ("avc1.64000c", 8, "1/1")
    assert video.disposition == ("default",)


@pytest.mark.parametrize(
    ("recipe", "container", "string"),
    [
        (Recipe(seconds=2, container="mkv"), "mkv", "avc1.64000c"),
        (Recipe(seconds=2, container="ts"), "mpegts", "avc1.64000c"),
        (Recipe(seconds=2, container="webm", video="vp9", audio=("opus",)), "webm", "vp09.00.11.08"),
        (Recipe(seconds=2, container="webm", video="vp8", audio=("vorbis",)), "webm", "vp8"),
        (Recipe(seconds=2, video="hevc", depth=10), "mp4", "hvc1.2.4.L60.90"),
        (Recipe(seconds=2, container="avi", video="mpeg4", audio=("mp3",), bframes=0), "avi", None),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_containers_and_codecs(make, recipe, container, string):
    info = describe(probe.look(make(recipe)))
    assert info.container == container
    assert info.duration_us == pytest.approx(2_000_000, abs=60_000)
    assert (info.video[0].codec_string, info.video[0].frame_rate) == (string, "25/1")
    assert info.video[0].bit_depth == recipe.depth


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_rotation_is_clockwise(make, turn, container):
    recipe = Recipe(seconds=2, rotation=turn, container=container, audio=())
    assert describe(probe.look(make(recipe))).video[0].rotation == turn


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_uneven_frames_are_seen(make, container):
    assert describe(probe.look(make(Recipe(seconds=2, vfr=True, container=container)))).video[0].vfr


@pytest.mark.parametrize(
    "codec", [("m4a", "aac"), ("mp3", "mp3"), ("ogg", "opus"), ("wav", "pcm"), ("flac", "flac")]
)
def test_sound_files(make, codec):
    container, name = codec
    info = describe(probe.look(make(Recipe(seconds=2, video=None, container=container, audio=(name,)))))
    assert (info.container, info.start_us, info.origin_us) == (container, 0, 0)
    assert info.duration_us == pytest.approx(2_000_000, abs=30_000)
    sound = info.audio[0]
    assert (sound.channels, sound.sample_rate) == (2, 48000)
    assert sound.bit_depth == (16 if container in ("wav", "flac") else None)
    assert sound.bitrate


def test_a_recording_without_a_length_is_read_to_its_end(make, tmp_path):

    path = tmp_path / "live.webm"
    source = make(Recipe(seconds=2, container="webm", video="vp9", audio=("opus",)))
    command = [ffmpeg.find(), "-v", "error", "-i", source, "-c", "copy", "-live", "1", path]
    subprocess.run(command, check=True)
    assert describe(probe.look(path)).duration_us == pytest.approx(2_000_000, abs=50_000)


def frame(number: int) -> int:
    return round_half_up(number * 1_000_000 / Fraction(SHORT.rate))


@pytest.mark.parametrize("container", ["mp4", "mov", "mkv", "ts"])
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (0, (0, 0, 0)),
        (frame(7) - 400, (7, 0, 15)),
        (frame(14) + 600, (15, 15, 15)),
        (frame(15), (15, 15, 15)),
        (frame(15) + 600, (16, 15, 30)),
        (frame(46), (46, 45, None)),
        (9_000_000, (None, None, None)),
    ],
)
def test_cut_points(make, container, wanted, expected):

    path = make(dataclasses.replace(SHORT, container=container))
    start = describe(probe.look(path)).video[0].start_us
    found = point_of(path, Span(start + wanted, start + wanted + 1_000_000)).shifted(-start)

    def rounded(number: int | None) -> int | None:
        return None if number is None else pytest.approx(frame(number), abs=600)

    first, key, following = map(rounded, expected)
    assert (found.first_frame, found.key_frame, found.next_key_frame) == (first, key, following)


def test_a_file_that_is_gone_is_a_media_error(tmp_path):
    for act in (probe.look, lambda path: point_of(path, Span(0, 1))):
        with pytest.raises(MediaError) as refused:
            act(tmp_path / "gone.mp4")
        assert type(refused.value) is MediaError
        assert "gone.mp4" in refused.value.message


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("empty.mp4", b"", UnsupportedFormat),
        ("words.mp4", b"This is not a film. " * 500, UnsupportedFormat),
        ("noise.mkv", bytes(range(1, 256)) * 40, UnsupportedFormat),
        ("list.mp4", b"ffconcat version 1.0\nfile '/etc/passwd'\n", UnsupportedFormat),
        ("stub.mp4", b"\x00\x00\x00\x20ftypisom" + bytes(3000), CorruptMedia),
    ],
)
def test_what_is_no_media_is_refused(tmp_path, name, data, error):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(error) as refused:
        probe.look(path)
    assert type(refused.value) is error
    assert refused.value.hint


def test_an_mp4_without_its_index_is_corrupt(make, tmp_path):
    path = tmp_path / "half.mp4"
    path.write_bytes(make(SHORT).read_bytes()[:20_000])
    with pytest.raises(CorruptMedia):
        probe.look(path)


def test_a_name_that_looks_like_an_address_is_a_name(make, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "concat:a|b.mp4"
    path.write_bytes(make(SHORT).read_bytes())
    assert describe(probe.look(path.relative_to(tmp_path))).video[0].frame_rate == SHORT.rate
