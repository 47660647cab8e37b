"""The made clips say what they should: what all other tests stand on."""

from __future__ import annotations

import numpy as np
import pytest

from tests import clips, reading
from tests.clips import CHIRP_PERIOD_S, Recipe

RECIPES = {
    "h264": Recipe(),
    "vfr": Recipe(vfr=True),
    "vp9": Recipe(container="webm", video="vp9", audio=("opus",)),
    "av1": Recipe(video="av1", audio=("opus",)),
    "mpeg2": Recipe(container="ts", video="mpeg2", audio=("ac3",)),
    "two-sounds": Recipe(audio=("aac", "aac")),
}


@pytest.mark.parametrize("name", RECIPES)
def test_every_frame_and_every_sound_says_when_it_is(make, name: str) -> None:
    recipe = RECIPES[name]
    path = make(recipe)
    assert reading.numbers(path) == list(range(recipe.frame_count))
    for track in range(len(recipe.audio)):
        tones = reading.tones(path, track)
        assert len(tones) > 50 * recipe.seconds * 0.9
        period = round(CHIRP_PERIOD_S * 1e6)
        shift = reading.sound_offset_us(path, track)
        errors = [abs((t.source_us - t.at_us - shift + period // 2) % period - period // 2) for t in tones]
        assert max(errors) < 20_000


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_picture_is_read_and_its_turn_told(make, turn: int) -> None:
    shots = reading.shots(make(Recipe(rotation=turn, seconds=2)))
    assert [shot.number for shot in shots] == list(range(50))
    assert {shot.turn for shot in shots} == {turn}


def test_a_spoilt_picture_is_not_mistaken_for_a_frame() -> None:
    """One cell that flips is noticed, whichever it is."""
    for number in (0, 1, 77, 4095):
        cells = clips.cells_of(number)
        for place in range(cells.size):
            spoilt = cells.copy().reshape(-1)
            spoilt[place] ^= 1
            luma = np.kron(spoilt.reshape(cells.shape), np.ones((20, 20))) * 200 + 20
            assert reading.read_number(luma.astype(np.uint8))[0] != number
