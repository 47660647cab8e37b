"""What is done to tracks as wholes and to all of a project: by the project's own times, whatever part is asked for."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from screening import Render

from clipwright.project.document import Document, Ducking, Effect, Track
from tests import reading
from tests.unit.films import SECOND, clip, film

THREE = film(clip("c1", 0, (0, 3 * SECOND)))
MUTED = Effect(name="volume", params={"factor": 0}, start_us=SECOND, end_us=2 * SECOND)


def heard(path: Path) -> np.ndarray:
    """The samples, from -1 to 1; 48000 in a second."""
    _, rate, data = reading.samples(path)
    assert rate == 48_000
    return data / 32_768 if path.suffix == ".wav" else data


def part(data: np.ndarray, start_s: float, end_s: float) -> np.ndarray:
    return data[round(start_s * 48_000) : round(end_s * 48_000)]


def loud(data: np.ndarray) -> float:
    """The root of the mean square."""
    return float(np.sqrt(np.mean(data**2)))


def treated(document: Document, **more: object) -> Document:
    """The document with something done to the sound of its first track."""
    first, *others = document.tracks
    return msgspec.structs.replace(document, tracks=(msgspec.structs.replace(first, **more), *others))


def test_effects_of_a_track_keep_to_the_times_of_the_project(render: Render) -> None:
    document = treated(THREE, effects=(MUTED,))
    whole = heard(render(document, format="wav").path)
    plain = heard(render(THREE, format="wav").path)
    assert len(whole) == len(plain) == 3 * 48_000
    assert np.abs(part(whole, 1.002, 1.998)).max() < 1e-4
    for edges in ((0, 0.998), (2.002, 3)):
        assert np.abs(part(whole, *edges) - part(plain, *edges)).max() < 1e-3
    later = heard(render(document, format="wav", start_us=1_520_000, end_us=2_520_000).path)
    assert np.abs(part(later, 0, 0.478)).max() < 1e-4
    assert np.abs(part(later, 0.482, 1) - part(plain, 2.002, 2.52)).max() < 1e-3


def test_effects_of_the_whole_keep_to_the_times_of_the_project(render: Render) -> None:
    document = msgspec.structs.replace(THREE, effects=(MUTED,))
    later = heard(render(document, format="wav", start_us=1_520_000, end_us=2_520_000).path)
    assert len(later) == 48_000
    assert np.abs(part(later, 0, 0.478)).max() < 1e-4
    assert loud(part(later, 0.482, 1)) > 0.01


def test_a_track_makes_way_for_another(render: Render) -> None:
    voice = Track(id="voice", kind="audio", clips=(clip("c2", SECOND, (0, SECOND)),))
    ducking = Ducking(voices=("voice",), params={"threshold": 0.001, "ratio": 20, "attack_ms": 1})
    both = msgspec.structs.replace(THREE, tracks=(*THREE.tracks, voice))
    plain = heard(render(both, format="wav").path)
    ducked = heard(render(treated(both, ducking=ducking), format="wav").path)
    assert len(ducked) == len(plain) == 3 * 48_000
    # What went of the bed: nothing before the voice, most of it during.
    gone = plain - ducked
    assert np.abs(part(gone, 0, 0.99)).max() < 1e-3
    bed = heard(render(THREE, format="wav").path)
    said = part(bed, 0, 1)
    assert loud(part(gone, 1, 2)) > 0.6 * loud(part(bed, 1, 2))
    assert loud(part(ducked, 1.1, 2) - said[4_800:]) < 0.5 * loud(part(bed, 1.1, 2))
    assert np.abs(part(gone, 2.9, 3)).max() < 0.05


def test_voices_can_have_several_beds_and_make_way_themselves(render: Render) -> None:
    first, second = (
        Track(id=name, kind="audio", clips=(clip(f"c{name}", 0, (0, SECOND)),), ducking=one)
        for name, one in (("a", Ducking(voices=("v", "b"))), ("b", Ducking(voices=("v",))))
    )
    document = film(clip("c1", 0, (0, SECOND)), over=(first, second))
    assert len(heard(render(document, format="wav").path)) == 48_000
    # One that is not heard makes nobody quieter.
    alone = msgspec.structs.replace(
        document, tracks=(msgspec.structs.replace(document.tracks[0], muted=True), *document.tracks[2:])
    )
    plain = msgspec.structs.replace(alone, tracks=(msgspec.structs.replace(second, ducking=None),))
    assert np.array_equal(heard(render(alone, format="wav").path), heard(render(plain, format="wav").path))


@pytest.mark.parametrize(
    ("effect", "lasts", "shows"),
    [
        (Effect(name="speed", params={"factor": 2}), 38, lambda n: 2 * n),
        (Effect(name="speed", params={"factor": 0.5}), 150, lambda n: n // 2),
        (Effect(name="hold_last_frame", params={"duration_us": SECOND}), 100, lambda n: min(n, 74)),
    ],
    ids=["fast", "slow", "held"],
)
def test_a_project_lasts_as_long_as_its_effects_make_it(render: Render, effect, lasts, shows) -> None:
    document = msgspec.structs.replace(THREE, effects=(effect,))
    made = render(document).path
    found = reading.numbers(made)
    assert found == [shows(n) for n in range(lasts)]
    assert abs(len(heard(made)) - lasts * 1920) <= 2048
    later = render(document, start_us=400_000, end_us=SECOND).path
    assert reading.numbers(later) == [shows(n) for n in range(10, 25)]
    assert abs(len(heard(later)) - 0.6 * 48_000) <= 2048
