"""Filter graphs run twice, by the FFmpeg in the page and by a native one of the same line, and what comes out compared.

The same arguments on the same bytes; nothing is encoded. Many graphs share a run, as starting one takes longer. First
both tell a hash of each frame; what differs is run once more, and handed over.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import os
import re
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

from clipwright.effects import previews
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
ALL = (
    *("-max_muxing_queue_size", "9999", "-fps_mode", "passthrough", "-enc_time_base", "-1"),
    *("-c:v", "rawvideo", "-c:a", "pcm_f64le", "-f"),
)
"""All that a filter gives, at the time that it says."""
HASHES = ("framehash", "-hash", "murmur3", "result")
BYTES = ("nut", "result")
FOLDERS = (FONTS.name, previews.FONTS.name)
"""What filters call the folder with the fonts, which is the one with everything."""


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


class Job(NamedTuple):
    """One run: what it gives, and from which files."""

    name: str
    dishes: Sequence[Dish]
    sources: Sequence[str]
    form: Sequence[str]

    def argv(self, folder: str) -> list[str]:
        """Each graph to a stream of its own of one file; `folder` has the files that filters name."""
        words = [word for name in self.sources for word in ("-i", name)]
        for place, dish in enumerate(self.dishes):
            graph = dish.graph.renamed({"out": f"out{place}"})
            text = graph.text(lambda name: folder if name in FOLDERS else f"{folder}/{name}")
            words += ["-filter_complex", text]
        maps = [word for place in range(len(self.dishes)) for word in ("-map", f"[out{place}]")]
        return [*words, *maps, *ALL, *self.form]


class Served(NamedTuple):
    """What one graph gave: what kind of stream, and the time and bytes of each of its packets, or a hash of them."""

    stream: tuple[object, ...]
    times: list[int]
    packets: list[bytes]

    def frames(self) -> list[np.ndarray]:
        """The pictures' bytes."""
        return [np.frombuffer(one, np.uint8).astype(float) for one in self.packets]

    def sound(self) -> np.ndarray:
        """The samples of all channels, -1 to 1."""
        return np.frombuffer(b"".join(self.packets))


class Pair(NamedTuple):
    """The same from both; a text in the place of one is why there is none."""

    page: Served | str
    native: Served | str

    def likeness(self) -> float:
        """How like the two are, in dB: the least of all pictures beside white, or sound beside how strong it is.

        Fails where one is missing, or they are not of one kind, number and time.
        """
        page, native = self
        assert not isinstance(page, str) and not isinstance(native, str), f"page: {page}\nnative: {native}"
        assert page.stream == native.stream
        assert page.packets and native.packets, "there is nothing"
        if page == native:
            return math.inf
        if page.stream[0] == "audio":
            assert page.times[0] == native.times[0]
            sounds = page.sound(), native.sound()
            return decibels(*sounds, float(np.sqrt(np.mean(np.square(sounds[1])))))
        assert page.times == native.times
        return min(decibels(*both, peak=255) for both in zip(page.frames(), native.frames(), strict=True))


def decibels(one: np.ndarray, two: np.ndarray, peak: float) -> float:
    """How like two rows of numbers are, beside their peak."""
    noise = float(np.mean(np.square(one - two)))
    return 20 * math.log10(peak) - 10 * math.log10(noise) if noise else math.inf


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
        for name, text in (TEXTS | previews.files()).items():
            (self._larder / name).write_text(text, "utf-8")
        regular, bold = FONT_FILES
        for name, font in {FONT.name: regular, previews.FONT.name: regular, "bold.ttf": bold}.items():
            shutil.copy(font, self._larder / name)
        self._common = sorted(path.name for path in self._larder.iterdir())

    def cook(self, dishes: Mapping[str, Dish], *, whole: bool = False) -> dict[str, Pair]:
        """Run all of them, those that are the same once; `whole` hands over the bytes of what is the same, too."""
        if whole:
            return self._run(dishes, BYTES)
        firsts = {dish: name for name, dish in reversed(dishes.items())}
        once = {name: dish for dish, name in firsts.items()}
        pairs = self._run(once, HASHES)
        pairs |= self._run(
            {name: once[name] for name, (page, native) in pairs.items() if page != native}, BYTES
        )
        return {name: pairs[firsts[dish]] for name, dish in dishes.items()}

    def _run(self, dishes: Mapping[str, Dish], form: Sequence[str]) -> dict[str, Pair]:
        """Where a run of many fails, each of these by itself, to know which it was."""
        kinds: dict[tuple[object, ...], list[str]] = {}
        for name, dish in dishes.items():
            kinds.setdefault((dish.kind, dish.files, dish.size), []).append(name)
        batches = [names[at : at + BATCH] for names in kinds.values() for at in range(0, len(names), BATCH)]
        pairs = self._run_batches(dishes, batches, form)
        alone = [[name] for name, pair in pairs.items() if str in map(type, pair)]
        return pairs | self._run_batches(dishes, alone, form)

    def _run_batches(
        self, dishes: Mapping[str, Dish], batches: Sequence[Sequence[str]], form: Sequence[str]
    ) -> dict[str, Pair]:
        jobs = []
        for names in batches:
            some = [dishes[name] for name in names]
            sources = self._sources(some[0])
            jobs.append(Job(f"run{next(self._numbers)}", some, sources, form))
        wanted = sorted({*self._common, *(name for job in jobs for name in job.sources)})
        with ThreadPoolExecutor(1) as beside:
            natively = [beside.submit(self._natively, job) for job in jobs]
            self._page.set_input_files("#files", [self._larder / name for name in wanted])
            asked = [
                {
                    "inputs": sorted({*job.sources, *self._common}),
                    "output": "result",
                    "argv": job.argv(MOUNT),
                    "keep": KEPT + job.name,
                }
                for job in jobs
            ]
            faults = self._page.evaluate("(jobs) => galley.run(jobs)", asked)
            pairs: dict[str, Pair] = {}
            for names, job, fault, done in zip(batches, jobs, faults, natively, strict=True):
                here = [fault] * len(names) if fault else plates(self._kept / job.name, form)
                both = zip(here, done.result(), strict=True)
                pairs |= {name: Pair(*one) for name, one in zip(names, both, strict=True)}
        return pairs

    def _natively(self, job: Job) -> Sequence[Served | str]:
        out = self._served / job.name
        placed = [str(out) if word == "result" else word for word in job.argv(str(self._larder))]
        command = [self._ffmpeg, "-nostdin", "-hide_banner", "-y", *WITHOUT_SIMD, *placed]
        # The page has no fonts but those that it is given.
        environment = {**os.environ, "FONTCONFIG_FILE": os.devnull}
        done = subprocess.run(
            command, cwd=self._larder, env=environment, capture_output=True, check=False, timeout=120
        )
        if done.returncode:
            return [done.stderr.decode("utf-8", "replace")[-3000:]] * len(job.dishes)
        return plates(out, job.form)

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


def plates(path: Path, form: Sequence[str]) -> list[Served]:
    """What lies in a file, stream by stream; the file goes."""
    read = hashed(path.read_text("utf-8")) if form == HASHES else streamed(path)
    path.unlink()
    return read


def hashed(text: str) -> list[Served]:
    """What framehash says."""
    heads = re.findall(r"^#(?!format|version|hash|software|extradata)\w+ (\d+): (.*)$", text, re.MULTILINE)
    rows = re.findall(r"^(\d+), *-?\d+, *(-?\d+), *\d+, *(\d+, *\w+)", text, re.MULTILINE)
    told: dict[int, Served] = {}
    for stream, said in heads:
        before = told.get(int(stream), Served((), [], []))
        told[int(stream)] = before._replace(stream=(*before.stream, said))
    for stream, time, packet in rows:
        told[int(stream)].times.append(int(time))
        told[int(stream)].packets.append(packet.encode())
    return [told[stream] for stream in sorted(told)]


def streamed(path: Path) -> list[Served]:
    """What lies in a nut."""
    with av.open(str(path)) as file:
        streams = [Served(kind_of(stream), [], []) for stream in file.streams]
        for packet in file.demux():
            if packet.size:
                streams[packet.stream_index].times.append(packet.pts)
                streams[packet.stream_index].packets.append(bytes(packet))
    return streams


def kind_of(stream: av.stream.Stream) -> tuple[object, ...]:
    """What must be the same of two streams."""
    kind = (stream.type, Fraction(stream.time_base))
    if isinstance(stream, av.VideoStream):
        return (*kind, stream.width, stream.height, stream.codec_context.pix_fmt)
    assert isinstance(stream, av.AudioStream)
    return (*kind, stream.rate, stream.channels)


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
