"""Results played by a real Firefox: every frame shown, once and in time; the sound with it; nothing to complain of.

``CLIPWRIGHT_EVERY_SEED=1`` plays what every engine makes of every case, otherwise they take turns.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import pytest

from tests import reading
from tests.clips import Recipe
from tests.contract.test_many_segments import segments_of
from tests.drivers import Clip, Driver
from tests.firefox import Firefox
from tests.judging import SYNC_US, Wanted, key_frame_us, sound_offset_of
from tests.proving import LIKE_DB, assert_sound_follows, expected
from tests.theatre import BT601, BT709, Played, Theatre, brightness, theatre

EVERY_PAIR = bool(os.environ.get("CLIPWRIGHT_EVERY_SEED"))
CUTTERS = ("native", "media")
OFF = (520_000, 1_320_000)
"""Off key frames at both ends; one group of 0.4 s lies between. Short, as things are played no faster than they are."""
JOINED = ((1_320_000, 1_680_000), (80_000, 480_000), (520_000, 1_040_000))
TICK = Fraction(2, 1000)
"""Frames are looked at this long after they appear and before they vanish; WebM rounds times to milliseconds."""
PACKET_S = 0.05
"""Firefox lets a clip end where its last packet of sound does."""


def short(**more: object) -> Recipe:
    """What players guess where a file does not tell its colours differs with the codec; VP8 has no words for them."""
    color = None if more.get("video") == "vp8" else "bt709"
    return Recipe(**{"seconds": 1.8, "gop": 10, "color": color, **more})


@dataclass(frozen=True)
class Case:
    """A request for some spans of one recipe, or of several that match."""

    name: str
    recipes: tuple[Recipe, ...]
    spans: tuple[tuple[int, int], ...] = (OFF,)
    mode: str = "smart"
    more: dict[str, object] = field(default_factory=dict)


WEBM = {"container": "webm", "audio": ("opus",)}
CASES = (
    Case("b-frames", (short(),)),
    Case("no-b-frames", (short(bframes=0),)),
    Case(
        "deep-b-frames",
        (short(bframes=5, flags=("-x264-params", "keyint=10:scenecut=0:b-adapt=0", "-refs", "6")),),
    ),
    Case(
        "from-fragments",
        (short(bframes=3, flags=("-movflags", "+frag_keyframe+empty_moov+default_base_moof")),),
    ),
    Case("all-that-a-file-holds", (short(audio=("aac", "aac"), chapters=True, title="all"),)),
    Case("vp8", (short(video="vp8", **WEBM),)),
    Case("vp9", (short(video="vp9", **WEBM),)),
    Case("vp9-to-mp4", (short(video="vp9", **WEBM),), more={"container": "mp4"}),
    Case("av1", (short(video="av1", audio=("opus",)),)),
    Case("av1-webm", (short(video="av1", **WEBM),)),
    Case("joined", (short(bframes=3),), JOINED),
    Case("joined-vp9", (short(video="vp9", **WEBM),), JOINED),
    Case("joined-files", (short(), short(title="another")), ((520_000, 1_040_000), (920_000, 1_480_000))),
    Case("exact", (short(),), mode="exact"),
    Case("exact-webm", (short(video="vp9", **WEBM),), mode="exact"),
    Case("lossless-on-key-frames", (short(bframes=0),), ((400_000, 1_200_000),), "lossless"),
)


@pytest.fixture(scope="module")
def stage(firefox: Firefox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    with theatre(firefox, tmp_path_factory.mktemp("theatre")) as opened:
        yield opened


def cut(cutter: Driver, make, case: Case) -> tuple[Clip, list[Wanted]]:
    """The result of a case, and what it has to show."""
    sources = [make(recipe) for recipe in case.recipes]
    media = [cutter.open(source) for source in sources]
    numbers = [number % len(sources) for number in range(len(case.spans))]
    listed = [{**one, "source": number} for one, number in zip(segments_of(case.spans), numbers, strict=True)]
    request = {"segments": listed, "join": True, "mode": case.mode, **case.more}
    (clip,) = cutter.cut(media, request)
    assert clip.report["mode"] == case.mode, clip.report["notes"]
    wanted = [
        Wanted(sources[number], *span, media[number]["info"]["origin_us"])
        for number, span in zip(numbers, case.spans, strict=True)
    ]
    return clip, wanted


def assert_played(played: Played, frames: int) -> None:
    """To the end, without an error, and no frame lost between the file and the screen."""
    assert played.error is None
    assert played.ended and played.at == pytest.approx(played.duration, abs=0.001)
    assert played.dropped == 0
    assert played.parsed == played.decoded == played.total == frames


def assert_seen(stage: Theatre, clip: Path, cuts: Sequence[Wanted], recipe: Recipe) -> None:
    """Each frame is there from its first moment to its last, like the source's, in its colours."""
    right = expected(cuts)
    colors = BT709 if recipe.color else BT601
    ends = [*(shown.at for shown in right[1:]), right[-1].at + right[1].at]
    for moments in ([shown.at + TICK for shown in right], [end - TICK for end in ends]):
        seen = stage.look(clip, moments)
        assert [frame.number for frame in seen] == [frame.number for frame in right]
        for place, (ours, theirs) in enumerate(zip(seen, right, strict=True)):
            likeness = reading.psnr_db(ours.brightness, brightness(theirs.picture, colors))
            assert likeness >= LIKE_DB, f"frame {place} (number {ours.number}): {likeness:.1f} dB"


def turns() -> list[tuple[str, Case]]:
    """Who cuts what."""
    if EVERY_PAIR:
        return list(itertools.product(CUTTERS, CASES))
    return list(zip(itertools.cycle(CUTTERS), CASES, strict=False))


@pytest.mark.parametrize(
    ("cutter", "case"),
    turns(),
    indirect=["cutter"],
    ids=lambda value: value.name if isinstance(value, Case) else value,
)
def test_firefox_plays_results(cutter: Driver, make, stage: Theatre, case: Case) -> None:
    clip, cuts = cut(cutter, make, case)
    played = stage.play(clip.path)
    assert_played(played, len(expected(cuts)))
    assert_seen(stage, clip.path, cuts, case.recipes[0])
    length = sum(end - start for start, end in case.spans) / 1e6
    assert length <= played.duration + 0.001 and played.duration - length <= PACKET_S
    assert played.sound
    assert_sound_follows(cuts, stage.listen(clip.path))
    assert stage.complaints() == set()


@pytest.mark.parametrize(("container", "codec"), [("m4a", "aac"), ("webm", "opus")])
def test_firefox_plays_sound_alone(cutter: Driver, make, stage: Theatre, container: str, codec: str) -> None:
    case = Case(container, (short(video=None, container=container, audio=(codec,)),), mode="lossless")
    clip, (wanted,) = cut(cutter, make, case)
    played = stage.play(clip.path)
    assert (played.error, played.ended, played.sound) == (None, True, True)
    assert played.duration == pytest.approx((OFF[1] - OFF[0]) / 1e6, abs=PACKET_S)
    heard = reading.sound_offset_us(stage.listen(clip.path), chirp_track=0)
    assert heard - sound_offset_of(wanted.source, 0) == pytest.approx(OFF[0], abs=SYNC_US)
    assert stage.complaints() == set()


def test_firefox_shows_what_an_edit_list_hides(cutter: Driver, make, stage: Theatre) -> None:
    """All pictures of a lossless clip, from the key frame before the in point on, none lost and none spoilt."""
    clip, (wanted,) = cut(cutter, make, Case("lossless", (short(bframes=0),), mode="lossless"))
    whole = Wanted(wanted.source, key_frame_us(wanted), wanted.end_us, wanted.origin_us)
    assert_played(stage.play(clip.path), len(whole.shots))
    assert stage.complaints() == set()


def test_a_spoilt_result_is_complained_of(native: Driver, make, stage: Theatre) -> None:
    """The tests above would hear it: in the middle of this file a few bytes are not what they were."""
    clip, _ = cut(native, make, Case("spoilt", (short(bframes=0, audio=()),)))
    data = bytearray(clip.path.read_bytes())
    for at in range(len(data) * 2 // 3, len(data) - 64, 512):
        data[at : at + 16] = bytes(value ^ 0x55 for value in data[at : at + 16])
    clip.path.write_bytes(data)
    stage.play(clip.path)
    assert any("error while decoding" in line for line in stage.complaints())
