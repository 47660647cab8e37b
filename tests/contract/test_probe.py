"""Every reader sees the same MediaInfo, and what it sees is what was made."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests import seethrough
from tests.clips import Recipe
from tests.drivers import Driver, Json, Refused

BITRATE = 0.05
"""Readers measure bitrates over slightly different stretches."""

NEGATIVE_OFFSETS = "+frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets"
DELAYED = Recipe(bframes=3, flags=("-movflags", NEGATIVE_OFFSETS))
"""Fragmented, its first picture shown one frame late by FFmpeg, so that none is shown before it is decoded."""

MATRIX: dict[str, tuple[Recipe, dict[str, Any]]] = {
    "h264": (Recipe(), {"codec": "h264", "frame_rate": "25/1", "bit_depth": 8}),
    "ntsc": (Recipe(rate="30000/1001"), {"frame_rate": "30000/1001", "vfr": False}),
    "film": (Recipe(rate="24000/1001"), {"frame_rate": "24000/1001", "vfr": False}),
    "ntsc-mkv": (Recipe(rate="30000/1001", container="mkv"), {"frame_rate": "30000/1001", "vfr": False}),
    "film-webm": (
        Recipe(rate="24000/1001", container="webm", video="vp9", audio=("opus",)),
        {"codec": "vp9", "frame_rate": "24000/1001", "vfr": False},
    ),
    "60": (Recipe(rate="60", seconds=3), {"frame_rate": "60/1"}),
    "vfr": (Recipe(vfr=True), {"vfr": True}),
    "vfr-mkv": (Recipe(vfr=True, container="mkv"), {"vfr": True}),
    "b-frames": (Recipe(bframes=3), {"frame_rate": "25/1"}),
    "no-b-frames": (Recipe(bframes=0), {"frame_rate": "25/1"}),
    "turned-90": (Recipe(rotation=90), {"rotation": 90, "width": 320, "height": 180}),
    "turned-180": (Recipe(rotation=180), {"rotation": 180}),
    "turned-270": (Recipe(rotation=270), {"rotation": 270}),
    "turned-mkv": (Recipe(rotation=90, container="mkv"), {"rotation": 90}),
    "wide-pixels": (Recipe(pixel_aspect="2/1"), {"pixel_aspect": "2/1"}),
    "wide-pixels-mkv": (Recipe(pixel_aspect="4/3", container="mkv"), {"pixel_aspect": "4/3"}),
    "b-frames-without-edit-list": (Recipe(bframes=3, flags=("-use_editlist", "0")), {"frame_rate": "25/1"}),
    "fragments": (
        Recipe(bframes=3, flags=("-movflags", "+frag_keyframe+empty_moov+default_base_moof")),
        {"frame_rate": "25/1"},
    ),
    "fragments-with-negative-offsets": (DELAYED, {"start_us": 40_000, "frame_rate": "25/1"}),
    "fragments-with-negative-offsets-listed": (
        Recipe(bframes=3, flags=("-movflags", f"{NEGATIVE_OFFSETS}+dash+global_sidx")),
        {"start_us": 40_000},
    ),
    "fragments-with-negative-offsets-and-edit-list": (
        Recipe(bframes=3, flags=("-movflags", "+frag_keyframe+delay_moov+negative_cts_offsets")),
        {"start_us": 40_000},
    ),
    "late-picture": (Recipe(delay_video_s=0.5), {"start_us": 500_000}),
    "late-sound": (Recipe(delay_audio_s=0.5), {"start_us": 0}),
    "hevc": (Recipe(video="hevc"), {"codec": "hevc"}),
    "hevc-ten-bit": (Recipe(video="hevc", depth=10), {"codec": "hevc", "bit_depth": 10}),
    "h264-ten-bit": (Recipe(depth=10), {"codec": "h264", "bit_depth": 10}),
    **{f"{name}-see-through": (recipe, {"alpha": True}) for name, recipe in seethrough.FILMS.items()},
    "prores-opaque": (seethrough.OPAQUE, {"alpha": False}),
    "vp8": (Recipe(video="vp8", container="webm", audio=("vorbis",)), {"codec": "vp8"}),
    "vp9": (Recipe(video="vp9", container="webm", audio=("opus",)), {"codec": "vp9", "bit_depth": 8}),
    "av1": (Recipe(video="av1", audio=("opus",)), {"codec": "av1", "bit_depth": 8}),
    "mpeg4": (Recipe(video="mpeg4"), {"codec": "mpeg4"}),
    "mov-pcm": (Recipe(container="mov", audio=("pcm",)), {"codec": "h264"}),
    "ac3": (Recipe(audio=("ac3",)), {"codec": "h264"}),
    "ts": (Recipe(container="ts"), {"codec": "h264", "frame_rate": "25/1"}),
    "bt709": (
        Recipe(color="bt709"),
        {"color": {"primaries": "bt709", "transfer": "bt709", "matrix": "bt709", "full_range": False}},
    ),
    "no-sound": (Recipe(audio=()), {"frame_rate": "25/1"}),
    "many-tracks": (
        Recipe(container="mkv", audio=("aac", "flac"), languages=("eng", "eng", "deu"), title="T"),
        {"language": "eng"},
    ),
    "many-tracks-mp4": (
        Recipe(audio=("aac", "aac"), languages=("eng", "eng", "deu"), title="A & B"),
        {"language": "eng"},
    ),
    "m4a": (Recipe(video=None, container="m4a"), {}),
    "mp3": (Recipe(video=None, container="mp3", audio=("mp3",)), {}),
    "ogg-vorbis": (Recipe(video=None, container="ogg", audio=("vorbis",)), {}),
    "ogg-opus": (Recipe(video=None, container="ogg", audio=("opus",)), {}),
    "wav": (Recipe(video=None, container="wav", audio=("pcm",)), {}),
    "flac": (Recipe(video=None, container="flac", audio=("flac",)), {}),
    "mono-44100": (Recipe(channels=1, sample_rate=44100), {}),
}

FFMPEG_ONLY: dict[str, tuple[Recipe, dict[str, Any]]] = {
    "avi": (Recipe(video="mpeg4", container="avi", audio=("mp3",), bframes=0), {"codec": "mpeg4"}),
    "first-part-in-the-index": (
        Recipe(bframes=3, flags=("-movflags", "+frag_keyframe+default_base_moof")),
        {"codec": "h264", "frame_rate": "25/1"},
    ),
}
"""Files that mediabunny does not read, or only a part of; its reader answers `capability`."""

TEXT = Recipe(container="mkv", subtitles=True, chapters=True)
TEXT_MP4 = Recipe(subtitles=True, chapters=True)


def frame_us(track: Json) -> int:
    """How long a frame of a picture track, or a packet of a sound track, lasts."""
    if track["kind"] == "video" and track["frame_rate"]:
        return int(1_000_000 / Fraction(track["frame_rate"])) + 1
    return 27_000


def differences(reference: Json, found: Json) -> list[str]:
    """Fields that differ by more than the tolerances, as lines to read."""
    lines: list[str] = []

    def compare(path: str, one: Any, other: Any, frame: int) -> None:
        name = path.rpartition(".")[2]
        if isinstance(one, dict) and isinstance(other, dict):
            for key in sorted(one.keys() | other.keys()):
                compare(f"{path}.{key}", one.get(key), other.get(key), frame)
        elif name == "bitrate" and one and other:
            if abs(one - other) > BITRATE * one:
                lines.append(f"{path}: {one} / {other}")
        elif name in ("duration_us", "end_us") and one is not None and other is not None:
            if abs(one - other) > frame:
                lines.append(f"{path}: {one} / {other}")
        elif one != other:
            lines.append(f"{path}: {one!r} / {other!r}")

    longest = max(frame_us(track) for track in reference["tracks"])
    for key in sorted(reference.keys() - {"tracks", "chapters"}):
        compare(key, reference[key], found[key], longest)
    for kind in ("tracks", "chapters"):
        if len(reference[kind]) != len(found[kind]):
            lines.append(f"{kind}: {len(reference[kind])} / {len(found[kind])}")
        for place, (one, other) in enumerate(zip(reference[kind], found[kind], strict=False)):
            compare(f"{kind}[{place}]", one, other, frame_us(one) if kind == "tracks" else longest)
    return lines


@pytest.mark.parametrize("name", [*MATRIX, *FFMPEG_ONLY])
def test_a_reader_sees_what_was_made(engine: Driver, make, name: str) -> None:
    recipe, expected = {**MATRIX, **FFMPEG_ONLY}[name]
    if engine.name == "media" and name in FFMPEG_ONLY:
        with pytest.raises(Refused) as refused:
            engine.open(make(recipe))
        assert refused.value.code == "capability"
        return
    media = engine.open(make(recipe))
    info = media["info"]
    assert media["reader"] == engine.name
    assert info["container"] == {"ts": "mpegts"}.get(recipe.container, recipe.container)
    longest = max(frame_us(track) for track in info["tracks"])
    late = max(recipe.delay_video_s, recipe.delay_audio_s)
    assert info["duration_us"] == pytest.approx((recipe.seconds + late) * 1e6, abs=2 * longest)
    first = info["tracks"][0]
    assert {key: first[key] for key in expected} == expected
    sounds = [track for track in info["tracks"] if track["kind"] == "audio"]
    assert len(sounds) == len(recipe.audio)
    for sound, codec in zip(sounds, recipe.audio, strict=True):
        assert sound["codec"] == {"pcm": "pcm_s16le"}.get(codec, codec)
        assert sound["channels"] == recipe.channels
        assert sound["sample_rate"] == recipe.sample_rate
    if recipe.languages:
        assert [track["language"] for track in info["tracks"]] == list(recipe.languages)
    if recipe.title:
        assert info["tags"]["title"] == recipe.title


@pytest.mark.parametrize("name", [*MATRIX, *FFMPEG_ONLY])
def test_all_readers_agree(engine: Driver, native: Driver, make, name: str) -> None:
    if engine.name == "native" or (engine.name == "media" and name in FFMPEG_ONLY):
        return
    source = make({**MATRIX, **FFMPEG_ONLY}[name][0])
    found = differences(native.open(source)["info"], engine.open(source)["info"])
    assert not found, f"native / {engine.name}:\n" + "\n".join(found)


@pytest.mark.parametrize("recipe", [TEXT, TEXT_MP4], ids=["mkv", "mp4"])
def test_chapters_and_subtitles_are_seen(engine: Driver, make, recipe: Recipe) -> None:
    info = engine.open(make(recipe))["info"]
    assert [(c["start_us"], c["end_us"], c["title"]) for c in info["chapters"]] == [
        (0, 2_000_000, "One & <two>"),
        (2_000_000, 4_000_000, "Zwei"),
    ]
    assert "subtitle" in [track["kind"] for track in info["tracks"]]


def test_the_codec_string_is_one_that_browsers_know(engine: Driver, make) -> None:
    known = {
        Recipe(): ("avc1.6400", "mp4a.40.2"),
        Recipe(video="vp9", container="webm", audio=("opus",)): ("vp09.00.", "opus"),
        Recipe(video="av1", audio=("opus",)): ("av01.0.", "opus"),
        Recipe(video="hevc"): ("hvc1.1.6.L", "mp4a.40.2"),
    }
    for recipe, strings in known.items():
        tracks = engine.open(make(recipe))["info"]["tracks"]
        found = [track["codec_string"] for track in tracks]
        assert all(text and text.startswith(start) for text, start in zip(found, strings, strict=True)), found


def test_a_name_with_html_stays_a_name(engine: Driver, make, tmp_path) -> None:
    path = tmp_path / "<img src=x onerror=alert(1)> “q” 'q' 🎬.mp4"
    path.write_bytes(make(Recipe(seconds=2)).read_bytes())
    media = engine.open(path)
    assert media["source"]["name"] == path.name
    assert media["source"]["size"] == path.stat().st_size
