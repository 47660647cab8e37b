"""Filter graphs run twice, by the FFmpeg in the page and by a native one of the same line, and what comes out compared.

The same arguments on the same bytes; nothing is encoded. Many graphs share a run, as starting one takes longer.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from playwright.sync_api import Browser, Page

from clipwright.filters.graph import FilterGraph
from tests.equipment import site, tool
from tests.ingredients import FONT_FILES, QUIET, SOUND, TEXTS, other, picture
from tests.pages import KEPT, TEST_PAGE, served
from tests.unit.filter_examples import FONT, FONTS

LIKE_DB = 45.0
"""Each frame, and each sound as a whole, must be this like the other's; most are the same to the last bit."""
BATCH = 12
"""How many graphs share a run."""
MOUNT = "/files"
"""Where the ffmpeg worker has its files, as they stand in the text of a filter."""
WITHOUT_SIMD = ("-cpuflags", "0")
"""The page's core is C alone. With a processor's own instructions swscale rounds another way: all is above 45 dB then,
too, but for `colorkey` (32 dB) and `distance` (42 dB), which decide by how far colours are apart."""
OUTPUT = (
    *("-max_muxing_queue_size", "9999", "-fps_mode", "passthrough", "-enc_time_base", "-1"),
    *("-c:v", "rawvideo", "-c:a", "pcm_f64le", "-f", "nut", "result"),
)
"""All that a filter gives, at the time that it says."""


class Dish(NamedTuple):
    """A graph whose one output is ``out``; its inputs are streams of the first files of its kind."""

    kind: str
    """``v`` or ``a``."""
    graph: FilterGraph
    size: tuple[int, int] = (160, 90)

    @property
    def files(self) -> int:
        """How many files it reads."""
        taken = [int(pad.split(":")[0]) for one in self.graph.chains for pad in one.inputs if ":" in pad]
        return max(taken, default=-1) + 1


class Served(NamedTuple):
    """What one graph gave: what kind of stream, and the time and bytes of each of its packets."""

    stream: tuple[object, ...]
    times: list[int]
    bytes: list[bytes]

    def frames(self) -> list[np.ndarray]:
        """The pictures' bytes."""
        return [np.frombuffer(one, np.uint8).astype(float) for one in self.bytes]

    def sound(self) -> np.ndarray:
        """The samples of all channels, -1 to 1."""
        return np.frombuffer(b"".join(self.bytes))


class Pair(NamedTuple):
    """The same from both; a text in the place of one is why there is none."""

    page: Served | str
    native: Served | str


def decibels(one: np.ndarray, two: np.ndarray, peak: float | None = None) -> float:
    """How like two rows of numbers are, beside their peak, or else beside how strong the second is."""
    noise = float(np.mean(np.square(one - two)))
    signal = float(np.mean(np.square(two))) if peak is None else peak**2
    return 10 * math.log10(signal / noise) if noise and signal else (-math.inf if noise else math.inf)


class Galley:
    """The page, a folder with what is cooked from, and the other ffmpeg."""

    def __init__(self, page: Page, folder: Path, kept: Path) -> None:
        self._page = page
        self._larder = folder / "files"
        self._kept = kept
        self._served = folder
        self._ffmpeg = tool("ffmpeg5")
        self._numbers = itertools.count()
        self._larder.mkdir()
        for name, text in TEXTS.items():
            (self._larder / name).write_text(text, "utf-8")
        for name, font in zip((FONT.name, "font1.ttf"), FONT_FILES, strict=True):
            shutil.copy(font, self._larder / name)
        self._common = sorted(path.name for path in self._larder.iterdir())

    def cook(self, dishes: Mapping[str, Dish]) -> dict[str, Pair]:
        """Run all of them; where a run of many fails, each of these by itself, to know which it was."""
        kinds: dict[tuple[object, ...], list[str]] = {}
        for name, dish in dishes.items():
            # FFmpeg 5.1 ends a transition early where the first of its inputs has been read to its end and the second
            # not, as it may be where another graph of the run asks for more. Among their own kind none does.
            kinds.setdefault((dish.kind, dish.files, dish.size), []).append(name)
        batches = [names[at : at + BATCH] for names in kinds.values() for at in range(0, len(names), BATCH)]
        pairs = self._run(dishes, batches)
        alone = [[name] for name, pair in pairs.items() if str in map(type, pair)]
        return pairs | self._run(dishes, alone)

    def _run(self, dishes: Mapping[str, Dish], batches: Sequence[Sequence[str]]) -> dict[str, Pair]:
        jobs = []
        for names in batches:
            some = [dishes[name] for name in names]
            sources = self._sources(some[0])
            words = [word for name in sources for word in ("-i", name)]
            jobs.append((f"run{next(self._numbers)}", some, sources, words))
        with ThreadPoolExecutor(1) as beside:
            natively = [beside.submit(self._natively, name, some, words) for name, some, _, words in jobs]
            wanted = sorted({*self._common, *(name for _, _, sources, _ in jobs for name in sources)})
            self._page.set_input_files("#files", [self._larder / name for name in wanted])
            faults = self._page.evaluate(
                "(jobs) => galley.run(jobs)",
                [
                    {
                        "inputs": sorted({*sources, *self._common}),
                        "output": "result",
                        "argv": [*words, *arguments(some, MOUNT)],
                        "keep": KEPT + name,
                    }
                    for name, some, sources, words in jobs
                ],
            )
            pairs: dict[str, Pair] = {}
            for names, (name, *_), fault, done in zip(batches, jobs, faults, natively, strict=True):
                here = [fault] * len(names) if fault else plates(self._kept / name)
                there = done.result()
                pairs |= {
                    one: Pair(*both) for one, both in zip(names, zip(here, there, strict=True), strict=True)
                }
        return pairs

    def _natively(self, name: str, dishes: Sequence[Dish], words: Sequence[str]) -> Sequence[Served | str]:
        out = self._served / name
        argv = [*words, *arguments(dishes, str(self._larder))]
        placed = [str(out) if word == "result" else word for word in argv]
        command = [self._ffmpeg, "-nostdin", "-hide_banner", "-y", *WITHOUT_SIMD, *placed]
        # The page has no fonts but those that it is given.
        environment = {**os.environ, "FONTCONFIG_FILE": os.devnull}
        done = subprocess.run(
            command, cwd=self._larder, env=environment, capture_output=True, check=False, timeout=120
        )
        if done.returncode:
            return [done.stderr.decode("utf-8", "replace")[-3000:]] * len(dishes)
        return plates(out)

    def _sources(self, dish: Dish) -> list[str]:
        """The files that a dish reads, made by the native ffmpeg where they are not there yet."""
        width = dish.size[0]
        made = {
            "v": {f"picture{width}": picture(*dish.size), f"other{width}": other(*dish.size)},
            "a": {"sound": SOUND, "quiet": QUIET},
        }[dish.kind]
        for name, source in made.items():
            if not (self._larder / name).exists():
                form = ["-pix_fmt", "yuv420p", "-c:v", "rawvideo", "-c:a", "pcm_f32le", "-f", "nut", name]
                command = [self._ffmpeg, "-v", "error", "-f", "lavfi", "-i", source, *form]
                subprocess.run(command, cwd=self._larder, check=True, timeout=60)
        return list(itertools.islice(itertools.cycle(made), dish.files))


def arguments(dishes: Sequence[Dish], folder: str) -> list[str]:
    """Each graph to a stream of its own of one file; `folder` has the files that filters name."""
    words = []
    for place, dish in enumerate(dishes):
        graph = dish.graph.renamed({"out": f"out{place}"})
        text = graph.text(lambda name: folder if name == FONTS.name else f"{folder}/{name}")
        words += ["-filter_complex", text]
    maps = [word for place in range(len(dishes)) for word in ("-map", f"[out{place}]")]
    return [*words, *maps, *OUTPUT]


def plates(path: Path) -> list[Served]:
    """The streams of a file, as they lie there."""
    with av.open(str(path)) as file:
        streams = [Served(told(stream), [], []) for stream in file.streams]
        for packet in file.demux():
            if packet.size:
                streams[packet.stream_index].times.append(packet.pts)
                streams[packet.stream_index].bytes.append(bytes(packet))
    path.unlink()
    return streams


def told(stream: av.stream.Stream) -> tuple[object, ...]:
    """What must be the same of two streams."""
    base = Fraction(stream.time_base)
    if isinstance(stream, av.VideoStream):
        return (base, stream.width, stream.height, stream.codec_context.pix_fmt)
    assert isinstance(stream, av.AudioStream)
    return (base, stream.rate, stream.channels)


@contextlib.contextmanager
def galley(chromium: Browser, folder: Path) -> Iterator[Galley]:
    """An open galley that works in a folder."""
    kept = folder / "kept"
    kept.mkdir()
    with served(site(), kept) as url:
        page = chromium.new_page()
        page.goto(url + TEST_PAGE + "galley.html")
        page.wait_for_function("globalThis.galley")
        yield Galley(page, folder, kept)
        page.close()
