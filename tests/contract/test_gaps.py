"""Parts without sound: files that have none, and stretches that their sound does not reach. They are silent.

``CLIPWRIGHT_EVERY_SEED=1`` tries every kind of file in every mode, otherwise each kind and each mode once.
"""

from __future__ import annotations

import dataclasses
import itertools
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests import reading
from tests.clips import Recipe
from tests.drivers import Clip, Driver
from tests.equipment import tool
from tests.judging import Wanted
from tests.proving import LIKE_DB, assert_shown, assert_silent, assert_sound_follows

KINDS = {
    "mp4": Recipe(),
    "mov": Recipe(container="mov"),
    "mkv": Recipe(container="mkv"),
    "webm": Recipe(container="webm", video="vp9", audio=("opus",)),
    "mp4-opus": Recipe(audio=("opus",)),
    "mkv-mp3": Recipe(container="mkv", audio=("mp3",)),
    "mov-pcm": Recipe(container="mov", audio=("pcm",)),
    "mkv-pcm": Recipe(container="mkv", audio=("pcm",)),
}
SILENT_LATER = "“cropped.{}” has no sound between 00:00:02.000 and 00:00:03.000: it is silent there."
SPANS = {
    "lossless": ((0, 2_000_000), (1_000_000, 3_000_000), (2_000_000, 4_000_000)),
    "smart": ((360_000, 2_480_000), (1_360_000, 3_480_000), (440_000, 2_560_000)),
    "exact": ((360_000, 2_480_000), (1_360_000, 3_480_000), (440_000, 2_560_000)),
}


EVERY_PAIR = bool(os.environ.get("CLIPWRIGHT_EVERY_SEED"))


def pairs(kinds: Sequence[str], first: int) -> list[tuple[str, str]]:
    """Kinds of files and modes, both in turn, the modes from the `first` on."""
    modes = list(SPANS)
    if EVERY_PAIR:
        return list(itertools.product(kinds, modes))
    return [(kind, modes[(first + place) % len(modes)]) for place, kind in enumerate(kinds)]


def silent_twin(recipe: Recipe) -> Recipe:
    """The same clip without sound."""
    return dataclasses.replace(recipe, audio=())


def segments_of(spans, sources) -> list[dict[str, object]]:
    return [
        {"start": f"{start / 1e6:.6f}", "end": f"{end / 1e6:.6f}", "source": source}
        for (start, end), source in zip(spans, sources, strict=True)
    ]


def said(clip: Clip) -> list[str]:
    return [note["text"] for note in clip.report["notes"] if note["code"] == "silent"]


def assert_filled(clip: Path) -> None:
    """A tool that does not look at time stamps finds as much sound: gaps are filled with packets, not left open."""
    _, rate, heard = reading.samples(clip)
    words = ["-map", "0:a", "-ac", "1", "-c:a", "pcm_s16le", "-f", "s16le", "-"]
    run = subprocess.run([tool("ffmpeg"), "-v", "error", "-i", clip, *words], capture_output=True, check=True)
    assert len(run.stdout) / 2 / rate == pytest.approx(len(heard) / rate, abs=0.05)


@pytest.mark.parametrize(
    ("kind", "mode"),
    pairs([kind for kind in KINDS if "-" not in kind], 0)
    + [(kind, "lossless") for kind in KINDS if "-" in kind],
)
def test_the_middle_of_three_files_has_no_sound(cutter: Driver, make, kind: str, mode: str) -> None:
    first, second = make(KINDS[kind]), make(silent_twin(KINDS[kind]))
    opened = [cutter.open(first), cutter.open(second)]
    spans = SPANS[mode]
    request = {"segments": segments_of(spans, (0, 1, 0)), "join": True, "mode": mode}
    (clip,) = cutter.cut(opened, request)
    wanted = [Wanted(path, *span, 0) for path, span in zip((first, second, first), spans, strict=True)]
    assert clip.report["mode"] == mode, clip.report["notes"]
    assert_shown(wanted, clip.path, LIKE_DB if mode != "exact" else 28.0)
    assert_sound_follows(wanted, clip.path, silent=(1,))
    assert_filled(clip.path)
    assert_silent(clip.path, first, second)
    assert said(clip) == [f"“{second.name}” has no sound: it is silent there."]
    if mode != "exact":
        assert clip.report["verified"]["ok"], clip.report["verified"]


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(audio=("ac3",)),
        Recipe(container="mkv", audio=("flac",)),
        Recipe(container="webm", video="vp9", audio=("vorbis",)),
    ],
    ids=["mp4-ac3", "mkv-flac", "webm-vorbis"],
)
def test_sound_that_has_no_silent_packets_keeps_its_gap(cutter: Driver, make, recipe: Recipe) -> None:
    first, second = make(recipe), make(silent_twin(recipe))
    opened = [cutter.open(first), cutter.open(second)]
    spans = SPANS["lossless"]
    (clip,) = cutter.cut(
        opened, {"segments": segments_of(spans, (0, 1, 0)), "join": True, "mode": "lossless"}
    )
    wanted = [Wanted(path, *span, 0) for path, span in zip((first, second, first), spans, strict=True)]
    assert all(assert_shown(wanted, clip.path))
    assert_sound_follows(wanted, clip.path, silent=(1,))
    assert_silent(clip.path, first)


@pytest.mark.parametrize(("kind", "mode"), pairs(["mp4", "mkv", "webm"], 1))
def test_the_first_of_three_files_has_no_sound(cutter: Driver, make, kind: str, mode: str) -> None:
    second = make(KINDS[kind])
    first, third = make(silent_twin(KINDS[kind])), make(dataclasses.replace(KINDS[kind], title="third"))
    opened = [cutter.open(path) for path in (first, second, third)]
    spans = SPANS[mode]
    request = {"segments": segments_of(spans, (0, 1, 2)), "join": True, "mode": mode}
    (clip,) = cutter.cut(opened, request)
    wanted = [Wanted(path, *span, 0) for path, span in zip((first, second, third), spans, strict=True)]
    assert clip.report["mode"] == mode, clip.report["notes"]
    assert [kind for kind, _ in reading.stream_kinds(clip.path)] == ["video", "audio"]
    assert_shown(wanted, clip.path, LIKE_DB if mode != "exact" else 28.0)
    assert_sound_follows(wanted, clip.path, silent=(0,))
    assert_filled(clip.path)
    assert_silent(clip.path, first, second)
    assert said(clip) == [f"“{first.name}” has no sound: it is silent there."]


@pytest.mark.parametrize("mode", list(SPANS))
def test_the_last_of_three_files_has_no_sound(cutter: Driver, make, mode: str) -> None:
    first, last = make(Recipe()), make(silent_twin(Recipe()))
    opened = [cutter.open(first), cutter.open(last)]
    spans = SPANS[mode]
    (clip,) = cutter.cut(opened, {"segments": segments_of(spans, (0, 0, 1)), "join": True, "mode": mode})
    wanted = [Wanted(path, *span, 0) for path, span in zip((first, first, last), spans, strict=True)]
    assert_shown(wanted, clip.path, LIKE_DB if mode != "exact" else 28.0)
    assert_sound_follows(wanted, clip.path, silent=(2,))
    assert_silent(clip.path, first)


@pytest.mark.parametrize("mode", ["smart", "exact"])
def test_a_file_of_another_size_has_no_sound(cutter: Driver, make, mode: str) -> None:
    first, second = make(Recipe()), make(Recipe(size=(480, 272), audio=()))
    opened = [cutter.open(first), cutter.open(second)]
    request = {"segments": segments_of(SPANS[mode], (0, 1, 0)), "join": True, "mode": mode}
    (clip,) = cutter.cut(opened, request)
    numbers = [[shot.number for shot in Wanted(first, *span, 0).shots] for span in SPANS[mode]]
    assert reading.numbers(clip.path) == list(itertools.chain(*numbers))
    wanted = [Wanted(path, *span, 0) for path, span in zip((first, second, first), SPANS[mode], strict=True)]
    assert_sound_follows(wanted, clip.path, silent=(1,))
    assert_filled(clip.path)
    assert_silent(clip.path, first)


def cropped(make, recipe: Recipe, start: float | None, end: float | None, folder: Path) -> Path:
    """The clip, its sound heard from one time to another only."""
    source, path = make(recipe), folder / f"cropped.{recipe.container}"
    span = [*(["-ss", str(start)] if start else []), *(["-t", str(end)] if end else [])]
    late = ["-itsoffset", str(start)] if start else []
    argv = ["-i", source, *late, *span, "-i", source, "-map", "0:v", "-map", "1:a", "-c", "copy", "-y", path]
    subprocess.run([tool("ffmpeg"), "-v", "error", *argv], check=True)
    return path


ENDED = (
    (0, 1_400_000),
    (2_000_000, 3_000_000),
    (1_000_000, 2_600_000),
    (0, 1_200_000),
    (3_000_000, 4_000_000),
)
ENDED_ON_KEY_FRAMES = tuple((start, round(end, -6)) for start, end in ENDED)


@pytest.mark.parametrize(("kind", "mode"), pairs(["mp4", "mov", "mkv", "webm"], 2))
def test_segments_lie_where_the_sound_has_ended(
    cutter: Driver, make, tmp_path: Path, kind: str, mode: str
) -> None:
    source = cropped(make, KINDS[kind], None, 1.5, tmp_path)
    media = cutter.open(source)
    spans = ENDED_ON_KEY_FRAMES if mode == "lossless" else ENDED
    request = {"segments": segments_of(spans, (0,) * 5), "join": True, "mode": mode}
    (clip,) = cutter.cut([media], request)
    wanted = [Wanted(source, *span, 0) for span in spans]
    assert clip.report["mode"] == mode, clip.report["notes"]
    assert_shown(wanted, clip.path, LIKE_DB if mode != "exact" else 28.0)
    assert_sound_follows(wanted, clip.path, silent=(1, 4))
    assert_silent(clip.path, source)


@pytest.mark.parametrize("mode", list(SPANS))
def test_sound_starts_late_in_the_second_file(cutter: Driver, make, tmp_path: Path, mode: str) -> None:
    first, second = make(Recipe()), cropped(make, Recipe(), 1.5, None, tmp_path)
    opened = [cutter.open(first), cutter.open(second)]
    spans = ((0, 2_000_000), (0, 1_000_000), (1_000_000, 4_000_000))
    request = {"segments": segments_of(spans, (0, 1, 1)), "join": True, "mode": mode}
    (clip,) = cutter.cut(opened, request)
    wanted = [Wanted(path, *span, 0) for path, span in zip((first, second, second), spans, strict=True)]
    assert_shown(wanted, clip.path, LIKE_DB if mode != "exact" else 28.0)
    assert_sound_follows(wanted, clip.path, silent=(1,))
    assert_filled(clip.path)
    assert_silent(clip.path, first, second)


@pytest.mark.parametrize(("kind", "mode"), pairs(["mp4", "mov", "mkv", "webm"], 1))
def test_a_clip_lies_where_the_sound_has_ended(
    cutter: Driver, make, tmp_path: Path, kind: str, mode: str
) -> None:
    source = cropped(make, KINDS[kind], None, 1.5, tmp_path)
    media = cutter.open(source)
    spans = ((0, 1_400_000), (2_000_000, 3_000_000))
    clips = cutter.cut([media], {"segments": segments_of(spans, (0, 0)), "mode": mode})
    for clip, span in zip(clips, spans, strict=True):
        assert clip.report["mode"] == mode, clip.report["notes"]
        assert_shown([Wanted(source, *span, 0)], clip.path, LIKE_DB if mode != "exact" else 28.0)
    assert_silent(clips[0].path, source)
    assert_sound_follows([Wanted(source, *spans[0], 0)], clips[0].path)
    # Nobody knows how long a track of Matroska is, so that there may be one, with nothing in it.
    if kind in ("mp4", "mov"):
        assert [kind for kind, _ in reading.stream_kinds(clips[1].path)] == ["video"]
        assert_silent(clips[1].path, source)
    assert said(clips[1]) == ([] if kind in ("mkv", "webm") else [SILENT_LATER.format(kind)])
    # The parts give the whole again.
    opened = [cutter.open(clip.path) for clip in (clips[1], clips[0], clips[1])]
    (whole,) = cutter.cut(opened, {"segments": [{"source": 0}, {"source": 1}, {"source": 2}], "join": True})
    wanted = [Wanted(source, *spans[place], 0) for place in (1, 0, 1)]
    assert_shown(wanted, whole.path, LIKE_DB if mode != "exact" else 28.0)
    assert_sound_follows(wanted, whole.path, silent=(0, 2))


@pytest.mark.parametrize("mode", ["smart", "exact"])
@pytest.mark.parametrize("container", ["mp4", "mkv", "webm"])
def test_no_text_is_shown_in_a_clip(cutter: Driver, make, container: str, mode: str) -> None:
    recipe = dataclasses.replace(KINDS[container], subtitles=True)
    source = make(recipe)
    media = cutter.open(source)
    clip = cutter.clip(media, {"start": "0.40", "end": "0.48", "mode": mode})
    assert_shown([Wanted(source, 400_000, 480_000, 0)], clip.path, LIKE_DB if mode == "smart" else 28.0)
    assert_silent(clip.path, source)
