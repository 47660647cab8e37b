"""Sound that is encoded comes when it should, to a tick, and nothing is heard at joints but what belongs there."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import pytest

from tests import hearing, reading
from tests.clips import Recipe
from tests.drivers import Driver
from tests.judging import TICK_US, Wanted
from tests.proving import assert_silent, assert_sound_follows

WINDOW_US = round(hearing.WINDOW_S * 1_000_000)
ENCODED = 10**-1.5
"""So much of a window's energy may differ where an encoder saved bits: 15 dB. Behind a joint of two all of it did."""

KINDS = {
    "aac": Recipe(),
    "aac-mov": Recipe(container="mov"),
    "opus": Recipe(container="webm", video="vp9", audio=("opus",)),
    "opus-mkv": Recipe(container="mkv", audio=("opus",)),
    "m4a": Recipe(video=None, container="m4a"),
    "aac-mkv": Recipe(container="mkv"),
    "ogg": Recipe(video=None, container="ogg", audio=("opus",)),
    "flac": Recipe(video=None, container="flac", audio=("flac",)),
}
SPAN = (520_000, 2_520_000)
SPANS = ((520_000, 1_120_000), (2_320_000, 2_920_000), (1_320_000, 1_920_000))


def assert_heard(source: Path, clip: Path, at: int, span: tuple[int, int], origin: int) -> None:
    """From `at` on, in microseconds of the clip, `span` of the source is heard, from its first window to its last."""
    start, end = span
    heard = hearing.compared(source, clip, start + origin - at, alike=ENCODED)
    inside = [one for one in heard if at <= one.at_us <= at + end - start - WINDOW_US]
    assert len(inside) >= (end - start) // WINDOW_US - 2
    strange = [one.at_us for one in inside if one.late_us is None]
    assert not strange, f"what is heard at {strange} µs is not the source's"
    off = max(abs(one.late_us) for one in inside if one.late_us is not None)
    assert off <= TICK_US, f"the sound from {at} µs on is {off} µs off"


@pytest.mark.parametrize("name", KINDS)
def test_an_exact_clip_sounds_from_its_first_sample_on(engine: Driver, make, name: str) -> None:
    source = make(KINDS[name])
    media = engine.open(source)
    start, end = (f"{us / 1e6:.6f}" for us in SPAN)
    clip = engine.clip(media, {"start": start, "end": end, "mode": "exact"})
    assert_heard(source, clip.path, 0, SPAN, media["info"]["origin_us"])


@pytest.mark.parametrize("name", KINDS)
def test_every_segment_of_an_exact_join_sounds_from_its_first_sample_on(
    engine: Driver, make, name: str
) -> None:
    source = make(KINDS[name])
    media = engine.open(source)
    segments = [{"start": f"{start / 1e6:.6f}", "end": f"{end / 1e6:.6f}"} for start, end in SPANS]
    (joined,) = engine.cut([media], {"segments": segments, "join": True, "mode": "exact"})
    assert joined.report["mode"] == "exact"
    lengths = [end - start for start, end in SPANS]
    for at, span in zip(accumulate(lengths, initial=0), SPANS, strict=False):
        assert_heard(source, joined.path, at, span, media["info"]["origin_us"])
    begins, ends = reading.sound_span_us(joined.path)
    assert begins <= TICK_US
    assert ends == pytest.approx(sum(lengths), abs=25_000)
    assert_silent(joined.path, source)


def test_sound_keeps_its_labels_where_it_is_encoded_for_a_join(cutter: Driver, make) -> None:
    source = make(Recipe(audio=("aac", "aac")))
    media = cutter.open(source)
    segments = [{"start": "0.52", "end": "1.12"}, {"start": "1.32", "end": "1.92"}]
    tracks = [{"track": 0}, {"track": 2, "language": "fra"}, {"track": 1}]
    request = {"segments": segments, "join": True, "mode": "exact", "tracks": tracks}
    (joined,) = cutter.cut([media], request)
    found = cutter.open(joined.path)["info"]["tracks"]
    assert [track["kind"] for track in found] == ["video", "audio", "audio"]
    own = media["info"]["tracks"]
    assert [track["language"] for track in found[1:]] == ["fra", own[1]["language"]]
    origin = media["info"]["origin_us"]
    cuts = [Wanted(source, 520_000, 1_120_000, origin), Wanted(source, 1_320_000, 1_920_000, origin)]
    assert_sound_follows(cuts, joined.path, tracks=(1, 0))
