"""Cut a clip anywhere into all its parts, join the parts, and get the clip back.

A seed says which clip, how many cuts and where. By default each seed takes one clip of the table in turn;
``CLIPWRIGHT_EVERY_SEED=1`` runs every seed over every clip.
"""

from __future__ import annotations

import itertools
import os
import random
from dataclasses import dataclass

import pytest

from tests import reading
from tests.clips import Recipe
from tests.contract.test_smart import DEEP, UNEVEN
from tests.drivers import Driver
from tests.judging import Wanted, shots_of
from tests.proving import LIKE_DB, assert_shown, assert_silent, assert_sound_stays

SEEDS = range(10)
TWICE_DB = 28.0
"""How alike pictures are that were encoded twice by encoders that save bits."""
COUNTS = (1, 2, 3, 10, 30)
"""How many cuts are made."""


@dataclass(frozen=True)
class Clip:
    """A clip, how the parts are written (None: as the clip is), and how many samples its packets of sound hold."""

    name: str
    recipe: Recipe
    container: str | None = None
    packet: int = 1024


CLIPS = (
    Clip("b-frames", Recipe()),
    Clip("no-b-frames", Recipe(bframes=0)),
    Clip("deep-b-frames-mov", Recipe(container="mov", bframes=5, flags=DEEP)),
    Clip("open-gop", Recipe(bframes=3, open_gop=True)),
    Clip("vfr", Recipe(flags=UNEVEN)),
    Clip("no-edit-list", Recipe(bframes=3, flags=("-use_editlist", "0"))),
    Clip("late-picture", Recipe(delay_video_s=0.5)),
    Clip("negative-start", Recipe(container="mkv", flags=("-avoid_negative_ts", "disabled"))),
    Clip("vp9", Recipe(container="webm", video="vp9", audio=("opus",)), packet=960),
    Clip("av1", Recipe(video="av1", audio=("opus",)), packet=960),
    Clip("mkv", Recipe(container="mkv")),
    Clip("ts", Recipe(container="ts"), container="mp4"),
    Clip("mkv-ntsc", Recipe(container="mkv", rate="30000/1001")),
)


EVERY_SEED = bool(os.environ.get("CLIPWRIGHT_EVERY_SEED"))


def chosen() -> list[tuple[int, Clip]]:
    """Which seed cuts which clip."""
    if EVERY_SEED:
        return list(itertools.product(SEEDS, CLIPS))
    return [(place % len(SEEDS), clip) for place, clip in enumerate(CLIPS)]


def count_of(seed: int, clip: Clip) -> int:
    """How many cuts this seed makes in this clip: in ten seeds every number twice."""
    return COUNTS[(seed + CLIPS.index(clip)) % len(COUNTS)]


@pytest.mark.parametrize(
    ("seed", "clip"), chosen(), ids=lambda value: value.name if isinstance(value, Clip) else str(value)
)
def test_the_parts_joined_are_the_whole(cutter: Driver, make, seed: int, clip: Clip) -> None:
    source = make(clip.recipe)
    media = cutter.open(source)
    info = media["info"]
    shots = shots_of(source)
    heard = reading.sound_span_us(source)
    inner = random.Random(f"{seed} {clip.name}").sample(shots[1:], count_of(seed, clip))
    places = sorted(shot.pts_us - info["origin_us"] for shot in inner)
    edges = [0, *places, info["duration_us"]]
    written = {"container": clip.container} if clip.container else {}
    segments = [
        {"start": f"{start / 1e6:.6f}", "end": f"{end / 1e6:.6f}"} for start, end in itertools.pairwise(edges)
    ]
    parts = cutter.cut([media], {"segments": segments, "mode": "smart", **written})
    wanted = [Wanted(source, start, end, info["origin_us"]) for start, end in itertools.pairwise(edges)]
    for cut, part in zip(wanted, parts, strict=True):
        assert_shown([cut], part.path, LIKE_DB if part.report["mode"] == "smart" else TWICE_DB)

    opened = [cutter.open(part.path) for part in parts]
    every = [{"source": number} for number in range(len(opened))]
    (joined,) = cutter.cut(opened, {"segments": every, "join": True, **written})
    whole = Wanted(source, 0, info["duration_us"], info["origin_us"])
    # Parts that hold no key frame are encoded as a whole, and once more where the file they are joined to is another's.
    encoded = any(part.report["mode"] == "exact" for part in parts)
    assert_shown([whole], joined.path, TWICE_DB if encoded else LIKE_DB)
    assert_sound_stays(whole, joined.path, [cut.start_us + cut.origin_us - shots[0].pts_us for cut in wanted])
    # What is heard before the first picture is not part of the first part.
    length = min(heard[1], shots[0].pts_us + 4_000_000) - max(heard[0], shots[0].pts_us)
    lost = round(length * 0.048) - reading.sample_count(joined.path)
    assert abs(lost) <= clip.packet, f"{lost} samples of sound were lost"
    assert_silent(joined.path, source)
    if not encoded:
        assert "sources_differ" not in {note["code"] for note in joined.report["notes"]}
        assert joined.report["encoded"] == []
        assert joined.report["verified"]["ok"], joined.report["verified"]
