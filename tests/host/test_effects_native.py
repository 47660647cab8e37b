"""Every preview run by a real ffmpeg, and effects that are limited to a part of their time; what comes out is seen."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from clipwright.effects import previews
from clipwright.effects.definition import Context, Definition
from clipwright.effects.registry import EFFECTS, TRANSITIONS, build, duration_after
from clipwright.filters.graph import FilterGraph, chain, use
from clipwright.filters.pads import NAMES, TIMELINE
from tests.equipment import ROOT
from tests.unit.test_effects_parameters import LEAVES, with_value

SECOND = 1_000_000
BATCH = 8


class Pictures(NamedTuple):
    """What a run showed: when each picture came, a hash of it, and its size."""

    times_us: list[int]
    hashes: list[str]
    size: tuple[int, int]


class Stage:
    """The ffmpeg that runs graphs, several in one process, and the files that previews open."""

    def __init__(self, folder: Path, ffmpeg: Path) -> None:
        self.folder, self.ffmpeg = folder, ffmpeg
        font = ROOT / "node_modules" / "dejavu-fonts-ttf" / "ttf" / "DejaVuSans.ttf"
        self.files = {previews.FONT.name: font, previews.FONTS.name: folder / "fonts"}
        self.files[previews.FONTS.name].mkdir()
        shutil.copy(font, self.files[previews.FONTS.name])
        for name, text in previews.files().items():
            self.files[name] = folder / name
            self.files[name].write_text(text, "utf-8")

    def run(self, graphs: dict[str, FilterGraph], words: Iterable[str], ending: str) -> dict[str, Path]:
        """Each graph's result as a file; `words` say in which form."""
        names = list(graphs)
        batches = [names[at : at + BATCH] for at in range(0, len(names), BATCH)]
        made = {name: self.folder / f"{name}.{ending}" for name in names}

        def one(batch: list[str]) -> None:
            apart = [graphs[name].renamed({"out": f"out_{name}"}).apart(f"{name}_") for name in batch]
            text = ";".join(graph.text(lambda file: str(self.files[file])) for graph in apart)
            maps = [word for name in batch for word in ("-map", f"[out_{name}]", *words, str(made[name]))]
            command = [self.ffmpeg, "-nostdin", "-hide_banner", "-y", "-loglevel", "error"]
            done = subprocess.run(
                [*command, "-filter_complex", text, *maps],
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            assert done.returncode == 0, f"{batch}\n{text}\n{done.stderr[-3000:]}"

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(one, batches))
        return made

    def pictures(self, graphs: dict[str, FilterGraph]) -> dict[str, Pictures]:
        words = (
            "-pix_fmt",
            "rgba",
            "-fps_mode",
            "passthrough",
            "-enc_time_base",
            f"1/{SECOND}",
            "-f",
            "framecrc",
        )
        return {name: listed(path.read_text()) for name, path in self.run(graphs, words, "txt").items()}

    def sounds(self, graphs: dict[str, FilterGraph]) -> dict[str, np.ndarray]:
        words = ("-ac", "2", "-ar", str(previews.SAMPLE_RATE), "-f", "f32le")
        made = self.run(graphs, words, "f32")
        return {name: np.fromfile(path, np.float32).reshape(-1, 2) for name, path in made.items()}


def listed(text: str) -> Pictures:
    """What ffmpeg's framecrc says."""
    size = re.search(r"#dimensions 0: (\d+)x(\d+)", text)
    rows = [line.split(",") for line in text.splitlines() if not line.startswith("#")]
    assert size and re.search(rf"#tb 0: 1/{SECOND}\b", text)
    return Pictures([int(row[2]) for row in rows], [row[5] for row in rows], (int(size[1]), int(size[2])))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, ffmpeg_path: Path) -> Stage:
    return Stage(tmp_path_factory.mktemp("effects"), ffmpeg_path)


def graphs(definitions: Iterable[Definition], stream: str) -> dict[str, FilterGraph]:
    made = {one.name: getattr(one.preview(), stream) for one in definitions}
    return {name: graph for name, graph in made.items() if graph is not None}


PLAIN = {
    "video": previews.seen(chain(use("null"))),
    "audio": previews.heard(chain(use("anull"))),
}
"""What previews are made from."""
HEARD = list(graphs(EFFECTS.values(), "audio"))
SIZES = {
    "crop": (160, 90), "scale": (160, 90), "fit": (180, 320), "pad": (400, 240), "rotate": (368, 316),
}  # fmt: skip


@pytest.fixture(scope="module")
def shown(stage: Stage) -> dict[str, Pictures]:
    return stage.pictures({"plain": PLAIN["video"], **graphs(EFFECTS.values(), "video")})


@pytest.fixture(scope="module")
def said(stage: Stage) -> dict[str, np.ndarray]:
    return stage.sounds({"plain": PLAIN["audio"], **graphs(EFFECTS.values(), "audio")})


@pytest.fixture(scope="module")
def crossed(stage: Stage) -> dict[str, Pictures]:
    return stage.pictures(graphs(TRANSITIONS.values(), "video"))


def lasting_us(name: str) -> int:
    return duration_after(name, EFFECTS[name].example, previews.DURATION_US)


@pytest.mark.parametrize("name", graphs(EFFECTS.values(), "video"))
def test_an_effect_shows_pictures_of_the_right_size_and_number(name: str, shown: dict[str, Pictures]) -> None:
    made, plain = shown[name], shown["plain"]
    assert made.size == SIZES.get(name, (previews.WIDTH, previews.HEIGHT))
    assert (name in SIZES) <= EFFECTS[name].resizes
    # The last one shows for a picture's time, more or less of which is the effect's.
    assert made.times_us[0] == 0 and abs(made.times_us[-1] + 40_000 - lasting_us(name)) <= 80_000
    assert len(made.times_us) == {"frame_rate": 100, "hold_last_frame": 63}.get(name, 50)
    changed = made.hashes != plain.hashes or made.times_us != plain.times_us
    assert changed, "nothing happened"


@pytest.mark.parametrize("name", HEARD)
def test_an_effect_sounds_as_long_as_it_says(name: str, said: dict[str, np.ndarray]) -> None:
    heard, plain = said[name], said["plain"]
    assert np.isfinite(heard).all() and np.abs(heard).max() > 0.01
    exactly = EFFECTS[name].changes_time
    assert abs(len(heard) * SECOND / previews.SAMPLE_RATE - lasting_us(name)) <= (25 if exactly else 60_000)
    assert len(heard) != len(plain) or np.abs(heard - plain).max() > 1e-3, "nothing happened"


@pytest.mark.parametrize("name", [name for name in HEARD if not EFFECTS[name].changes_time])
def test_sound_stays_in_time(name: str, said: dict[str, np.ndarray]) -> None:
    """What looks ahead or works in blocks does not come later for it; phases are turned by 2 ms at most."""
    heard, plain = said[name][:, 0], said["plain"][:, 0]
    size = 1 << 18
    alike = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(plain, size)))
    late = int(np.argmax(alike))
    assert abs(late - size * (late > size // 2)) <= previews.SAMPLE_RATE * 0.0022


def test_transitions_lead_from_the_first_to_the_second(crossed: dict[str, Pictures]) -> None:
    assert len(crossed) == 59
    fade = crossed["fade"]
    for name, made in crossed.items():
        assert len(made.times_us) == 88 and made.size == previews.SMALL, name
        # Only the middle is the transition's own.
        assert made.hashes[:37] == fade.hashes[:37] and made.hashes[52:] == fade.hashes[52:], name
    middles = {name: made.hashes[44] for name, made in crossed.items()}
    assert len(set(middles.values())) >= 57, middles


START_US, END_US = 480_000, 1_000_000
WHERE = Context(
    width=previews.WIDTH,
    height=previews.HEIGHT,
    frame_rate=Fraction(25),
    sample_rate=previews.SAMPLE_RATE,
    channels=2,
    duration_us=previews.DURATION_US,
    font=previews.FONT,
    fonts=previews.FONTS,
    files=previews.FILES,
)


def limited(stream: str) -> dict[str, FilterGraph]:
    """Every effect that can be limited, limited."""
    close = {"video": previews.seen, "audio": previews.heard}[stream]
    some = [one for one in EFFECTS.values() if one.limitable]
    made = {
        one.name: getattr(build(one.name, one.example, WHERE, "$", START_US, END_US), stream) for one in some
    }
    return {name: close(filters) for name, filters in made.items() if filters is not None}


def test_a_limited_effect_leaves_other_pictures_alone(stage: Stage) -> None:
    made = stage.pictures({"plain": PLAIN["video"], **limited("video")})
    plain = made.pop("plain")
    assert len(made) > 20
    for name, pictures in made.items():
        same = [one == other for one, other in zip(pictures.hashes, plain.hashes, strict=True)]
        assert all(same[:12]) and all(same[25:]), name
        # A fade leaves its first picture as it is, or its last one.
        assert not any(same[13:25]) and pictures.times_us == plain.times_us, name


def test_a_limited_effect_leaves_other_sound_alone(stage: Stage) -> None:
    made = stage.sounds({"plain": PLAIN["audio"], **limited("audio")})
    plain = made.pop("plain")
    start, end = (us * previews.SAMPLE_RATE // SECOND for us in (START_US, END_US))
    frame = 2048
    assert len(made) == 9
    for name, sound in made.items():
        # adeclick fades in over 41 ms.
        apart = np.abs(sound - plain).max(axis=1)
        assert apart[frame : start - frame].max() < 1e-6 and apart[end + frame :].max() < 1e-6, name
        assert apart[start + frame : end - frame].max() > 1e-3, name


TOO_LARGE = re.compile(
    r"(crop|fit|pad|scale) \.(width|height|x|y)|subtitles \.stream"
    r"|(speed_ramp|freeze_frame|hold_last_frame) .*"
)
"""Bounds that need gigabytes, hours, or a film with a thousand tracks."""


def bounds(stream: str) -> dict[str, FilterGraph]:
    """The example of every effect with each of its numbers at both bounds."""
    made = {}
    for place, leaf in enumerate(LEAVES):
        if leaf.name in TRANSITIONS or TOO_LARGE.fullmatch(str(leaf)):
            continue
        one = EFFECTS[leaf.name]
        for bound in ("minimum", "exclusiveMinimum", "maximum"):
            if bound not in leaf.schema:
                continue
            value = leaf.schema[bound] + (1e-6 if bound == "exclusiveMinimum" else 0)
            params = {key: said for key, said in one.example.items() if key == "source"}
            params = {**with_value(one, leaf.place, value), **params}
            filters = getattr(build(one.name, params, WHERE), stream)
            if filters is not None:
                close = {"video": previews.seen, "audio": previews.heard}[stream]
                made[f"{leaf.name}{place}{bound}"] = close(filters)
    return made


def test_every_bound_runs(stage: Stage) -> None:
    video, audio = bounds("video"), bounds("audio")
    assert len(video) > 100 and len(audio) > 70
    short = ("-frames:v", "2", "-f", "framecrc")
    shown = stage.run(video, short, "bound")
    heard = stage.run(audio, ("-t", "0.1", "-f", "framecrc"), "bound")
    for name, path in {**shown, **heard}.items():
        assert any(line[0] != "#" for line in path.read_text().splitlines()), name


def test_the_table_of_filters_that_can_be_limited_is_what_this_ffmpeg_says(ffmpeg_path: Path) -> None:
    said = subprocess.run(
        [ffmpeg_path, "-hide_banner", "-filters"], capture_output=True, text=True, check=True
    )
    rows = re.findall(r"^ ([T.][S.]\S?)\s+(\w+)\s+\S+->\S+", said.stdout, re.MULTILINE)
    found = {name: flags for flags, name in rows}
    assert found.keys() >= NAMES
    # FFmpeg 5.1 has not got it for these two yet.
    assert {name for name in NAMES if found[name].startswith("T")} == TIMELINE | {"afir", "asetnsamples"}
