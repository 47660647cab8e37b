"""The last picture lasts until the source would show the next, also where containers state that of no picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import reading
from tests.clips import Recipe
from tests.contract.test_smart import UNEVEN
from tests.drivers import Driver
from tests.judging import shots_of

RECIPES = {
    "ntsc": Recipe(container="mkv", rate="30000/1001", bframes=0),
    "uneven": Recipe(container="mkv", bframes=0, flags=UNEVEN[:-2]),
    "webm": Recipe(container="webm", video="vp9", audio=("opus",), rate="30000/1001"),
}
EXACT_US = 1
"""Matroska counts milliseconds, in the source as in the clip."""
UNSAID = {"uneven", "webm"}
"""What FFmpeg repeats from the source's packets, which say nothing there."""


@pytest.mark.parametrize("mode", ["lossless", "smart", "exact"])
def test_the_last_picture_lasts_until_the_next(cutter: Driver, make, mode: str) -> None:
    for name, recipe in RECIPES.items():
        if cutter.name == "native" and name in UNSAID:
            continue
        check(cutter, make(recipe), mode)


def check(cutter: Driver, source: Path, mode: str) -> None:
    times = [shot.pts_us for shot in shots_of(source)]
    media = cutter.open(source)
    for first, after in ((1, 3), (12, 41), (30, 50)):
        request = {"segments": [{"start": f"{times[first]} us", "end": f"{times[after]} us"}], "mode": mode}
        (part,) = cutter.cut([media], request)
        lasts = times[after] - times[after - 1]
        assert abs(reading.last_picture_us(part.path) - lasts) <= EXACT_US
