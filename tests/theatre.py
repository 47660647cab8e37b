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
_OF_ANY_OPUS = "Could not update timestamps for skipped samples"
"""Firefox does not tell FFmpeg in which unit it counts, so that what Opus has to skip has no time."""
_NOISE = re.compile(r"^\[[^]]*\]: |0x[0-9a-f]+|\d+")
BT601, BT709 = (0.299, 0.587, 0.114), (0.2126, 0.7152, 0.0722)


@dataclass(frozen=True)
class Seen:
    """What was shown: which frame, and how bright each pixel was (0 to 255)."""

    number: int | None
    brightness: NDArray[np.uint8]


@dataclass(frozen=True)
class Played:
    """A clip that was played to its end, and how Firefox counted its frames."""

    error: str | None
    ended: bool
    duration: float
    at: float
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

    def play(self, clip: Path) -> Played:
        """Play a clip without sound; more slowly where the machine had no time to paint every frame."""
        address, _ = self._bring(clip)
        for rate in RATES:
            played = Played(**self._page.evaluate("(...of) => player.play(...of)", address, rate))
            if not played.dropped:
                break
        return played

    def look(self, clip: Path, times: Sequence[Fraction]) -> list[Seen]:
        """What a clip shows at `times`, in seconds; no two in a row may show the same."""
        address, kept = self._bring(clip)
        arguments = (address, [float(time) for time in times], KEPT + kept.name)
        told = self._page.evaluate("(...of) => player.look(...of)", *arguments)
        assert told["error"] is None, told["error"]
        planes = np.fromfile(kept, np.uint8).reshape(len(times), told["height"], told["width"])
        return [Seen(reading.read_number(plane)[0], plane) for plane in planes]

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
        return {_NOISE.sub("", line) for line in fresh if _OF_ANY_OPUS not in line}

    def _bring(self, clip: Path) -> tuple[str, Path]:
        """The address of a clip on the page's server, and where to keep what becomes of it."""
        number = next(self._numbers)
        name = f"{number}{clip.suffix}"
        (self._stage / name).symlink_to(clip)
        return f"/{quote(name)}", self._kept / f"{number}.raw"


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
