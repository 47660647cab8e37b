"""What a part has to say of itself, and to hold, so that it can be joined to others as if it had never been cut off."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from tests import reading
from tests.clips import Recipe
from tests.contract.conftest import Lab
from tests.contract.test_smart import UNEVEN
from tests.drivers import Driver
from tests.judging import shots_of


@pytest.fixture
def page(lab: Lab) -> Driver:
    return lab.driver("media")


def segment(start_us: int, end_us: int) -> dict[str, str]:
    return {"start": f"{start_us / 1e6:.6f}", "end": f"{end_us / 1e6:.6f}"}


def smart(page: Driver, media: dict[str, Any], *edges: int) -> list[Path]:
    segments = [segment(*both) for both in itertools.pairwise(edges)]
    return [part.path for part in page.cut([media], {"segments": segments, "mode": "smart"})]


def picture_lasts(path: Path) -> list[Fraction]:
    """How long each packet of pictures lasts, as the file says, in seconds."""
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(container.streams.video[0]) if packet.size]
        return [(packet.duration or 0) * (packet.time_base or Fraction(0)) for packet in packets]


def decoded(path: Path) -> int:
    """How many samples of sound come out of the decoder; gaps count for nothing."""
    with av.open(str(path)) as container:
        return sum(frame.samples for frame in container.decode(container.streams.audio[0]))


def test_sound_starts_with_its_part_where_the_source_has_no_edit_list(page: Driver, make) -> None:
    # FFmpeg writes such files with a first packet that says it lasts much longer than what it holds.
    media = page.open(make(Recipe(bframes=3, flags=("-use_editlist", "0"))))
    (part,) = smart(page, media, 0, 2_680_000)
    start, end = reading.sound_span_us(part)
    assert start < 25_000
    assert abs(end - 2_600_000) < 25_000


@pytest.mark.parametrize(
    "recipe", [Recipe(container="mkv"), Recipe(container="webm", video="vp9", audio=("opus",))]
)
def test_a_part_of_one_picture_says_how_long_that_lasts(page: Driver, make, recipe: Recipe) -> None:
    (part,) = smart(page, page.open(make(recipe)), 80_000, 120_000)
    assert picture_lasts(part) == [Fraction(1, 25)]


def test_a_picture_lasts_until_the_next_whatever_the_order_of_decoding(page: Driver, make) -> None:
    source = make(Recipe(flags=UNEVEN))
    media = page.open(source)
    (first, *_), origin = shots_of(source), media["info"]["origin_us"]
    keys = [at for at in reading.key_frames_us(source) if at > first.pts_us]
    times = [shot.pts_us for shot in shots_of(source)]
    after = times[times.index(keys[0]) + 1]
    (part,) = smart(page, media, keys[0] - origin, after - origin)
    assert [round(lasts * 1_000_000) for lasts in picture_lasts(part)] == [after - keys[0]]


def test_joined_parts_have_no_holes_between_them(page: Driver, make) -> None:
    # Matroska cannot hide what lies before the start: the packet there is in the part before only.
    edges = [0, 240_000, 280_000, 440_000, 560_000, 840_000, 1_240_000]
    parts = smart(page, page.open(make(Recipe(container="mkv"))), *edges)
    opened = [page.open(part) for part in parts]
    every = [{"source": number} for number in range(len(opened))]
    (joined,) = page.cut(opened, {"segments": every, "join": True})
    assert abs(decoded(joined.path) - edges[-1] * 48 // 1000) <= 1024
