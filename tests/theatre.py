"""Clips played by Firefox: what it shows, frame by frame, what it sounds like, and what it complains of."""

from __future__ import annotations

import contextlib
import itertools
import re
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from tests import reading
from tests.firefox import Firefox, Page
from tests.pages import KEPT, TEST_PAGE, served

RATES = (1.0, 0.5, 0.25)
"""A script sees every frame only where the machine has time; where it had not, it looks again, more slowly."""
_NOISE = re.compile(r"^\[[^]]*\]: |0x[0-9a-f]+|\d+")
BT601, BT709 = (0.299, 0.587, 0.114), (0.2126, 0.7152, 0.0722)


@dataclass(frozen=True)
class Seen:
    """A frame that was shown: when, in seconds, and how bright each pixel was (0 to 255)."""

    at: Fraction
    number: int | None
    brightness: NDArray[np.uint8]


@dataclass(frozen=True)
class Played:
    """A clip that was played to its end, and how Firefox counted its frames."""

    error: str | None
    ended: bool
    duration: float
    at: float
    width: int
    height: int
    dropped: int
    total: int
    parsed: int
    decoded: int
    sound: bool


class Theatre:
    """A page that plays what is brought to it."""

    def __init__(self, firefox: Firefox, page: Page, stage: Path, kept: Path) -> None:
        self._firefox = firefox
        self._page = page
        self._stage = stage
        self._kept = kept
        self._numbers = itertools.count(1)
        self._said = 0
        self._heard: dict[Path, set[str]] = {}

    def play(self, clip: Path, rates: Sequence[float] = RATES) -> tuple[Played, list[Seen]]:
        """Play a clip without sound and look at every frame; again at the next rate if some were missed."""
        address, kept = self._bring(clip)
        for rate in rates:
            told = self._page.evaluate("(...of) => player.play(...of)", address, rate, KEPT + kept.name)
            frames = told.pop("frames")
            played = Played(**told)
            planes = np.fromfile(kept, np.uint8).reshape(len(frames), played.height, played.width)
            if _all_seen(frames, planes):
                break
        seen = [
            Seen(Fraction(round(frame["at"] * 1e6), 10**6), reading.read_number(plane)[0], plane)
            for frame, plane in zip(frames, planes, strict=True)
        ]
        return played, seen

    def record(self, clip: Path) -> Path:
        """What is seen and heard while a clip is played, as a WebM file."""
        address, kept = self._bring(clip, ".webm")
        played = Played(**self._page.evaluate("(...of) => player.record(...of)", address, KEPT + kept.name))
        assert played.ended, played.error
        return kept

    def listen(self, clip: Path) -> Path:
        """The decoded sound of a clip, as a WAV file."""
        address, kept = self._bring(clip)
        told: dict[str, Any] = self._page.evaluate(
            "(...of) => player.listen(...of)", address, KEPT + kept.name
        )
        samples = np.clip(np.fromfile(kept, np.float32), -1, 1)
        heard = kept.with_suffix(".wav")
        with wave.open(str(heard), "wb") as file:
            file.setparams((1, 2, told["rate"], 0, "NONE", ""))
            file.writeframes((samples * 32767).astype("<i2").tobytes())
        return heard

    def complaints(self) -> set[str]:
        """What page, player and decoders said since this was last asked, without numbers and addresses."""
        console = [f"{entry.level}: {entry.text}" for entry in self._page.console]
        fresh = [*console[self._said :], *self._firefox.complaints()]
        self._said = len(console)
        return {_NOISE.sub("", line) for line in fresh}

    def complaints_of_sound(self, source: Path) -> set[str]:
        """What decoders say of the sound of a source."""
        if source not in self._heard:
            self.complaints()
            self.listen(source)
            self._heard[source] = self.complaints()
        return self._heard[source]

    def _bring(self, clip: Path, extension: str = ".raw") -> tuple[str, Path]:
        """The address of a clip on the page's server, and where to keep what becomes of it."""
        number = next(self._numbers)
        name = f"{number}{clip.suffix}"
        (self._stage / name).symlink_to(clip)
        return f"/{quote(name)}", self._kept / f"{number}{extension}"


def _all_seen(frames: list[dict[str, float]], planes: NDArray[np.uint8]) -> bool:
    """Whether the script was called for every frame, and in time: no frame skipped, none still the one before."""
    counted = [frame["counted"] for frame in frames]
    late = any(np.array_equal(one, other) for one, other in itertools.pairwise(planes))
    return counted == list(range(1, len(frames) + 1)) and not late


def brightness(picture: reading.Picture, red_green_blue: tuple[float, float, float]) -> NDArray[np.uint8]:
    """How bright each pixel of a decoded picture is on a screen, where colours that are too strong are cut off.

    `red_green_blue` is how much each adds to the luma that was coded: BT601 or BT709.
    """
    rows = picture.samples.shape[0] * 2 // 3
    luma = (picture.samples[:rows].astype(np.float64) - 16) * 255 / 219
    planes = picture.samples[rows:].reshape(2, rows // 2, -1).astype(np.float64) - 128
    u, v = (plane.repeat(2, 0).repeat(2, 1) * 255 / 224 for plane in planes)
    of_red, of_green, of_blue = red_green_blue
    red, blue = luma + 2 * (1 - of_red) * v, luma + 2 * (1 - of_blue) * u
    green = (luma - of_red * red - of_blue * blue) / of_green
    seen = zip(BT601, (red, green, blue), strict=True)  # what player.js sums up
    return np.round(sum(part * np.clip(color, 0, 255) for part, color in seen)).astype(np.uint8)


@contextlib.contextmanager
def theatre(firefox: Firefox, folder: Path) -> Iterator[Theatre]:
    """An open theatre, which keeps things in `folder`."""
    stage, kept = folder / "stage", folder / "kept"
    stage.mkdir()
    kept.mkdir()
    with served(stage, kept) as url:
        page = firefox.new_page()
        page.goto(url + TEST_PAGE + "player.html")
        page.wait_for("() => Boolean(globalThis.player)")
        assert page.evaluate("(type) => player.can(type)", 'video/mp4; codecs="avc1.64001f"'), (
            "this Firefox cannot play H.264; on Linux it needs the distribution's libavcodec"
        )
        yield Theatre(firefox, page, stage, kept)
        page.close()
