"""Every builder of filters for real: in the page by ffmpeg.wasm, natively by ffmpeg, and both give the same."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser

from clipwright.filters.graph import FilterGraph
from clipwright.filters.transitions import TRANSITIONS
from tests.galley import LIKE_DB, Dish, Pair, decibels, galley
from tests.unit.evaluating import EVERY_FUNCTION, odd_ones, spoken
from tests.unit.filter_examples import EXAMPLES

LARGER = {name: (320, 180) for name in EXAMPLES if name.startswith("burn")}
"""libass before 0.16, which the page has, draws outlines of a third of a pixel in another way."""
DISHES = {name: Dish(one.kind, one.graph, LARGER.get(name, (160, 90))) for name, one in EXAMPLES.items()}
PICTURES, SOUNDS = ([name for name, dish in DISHES.items() if dish.kind == kind] for kind in "va")
EXPRESSIONS = {
    f"expression {place}": Dish("a", FilterGraph((spoken(tree).between((), "out"),), outputs=("out",)))
    for place, tree in enumerate(EVERY_FUNCTION)
}


@pytest.fixture(scope="module")
def pairs(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Pair]]:
    """What each gave in both places."""
    with galley(chromium, tmp_path_factory.mktemp("galley")) as running:
        yield running.cook(DISHES | EXPRESSIONS)


def test_every_transition_is_among_them() -> None:
    assert {f"crossfade {name}" for name in (*TRANSITIONS, "of one's own")} <= set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_the_same(name: str, pairs: dict[str, Pair]) -> None:
    page, native = pairs[name]
    assert not isinstance(page, str) and not isinstance(native, str), (page, native)
    assert page.stream == native.stream and page.times == native.times
    assert page.times, "there are none"
    likeness = [decibels(one, other, 255) for one, other in zip(page.frames(), native.frames(), strict=True)]
    assert min(likeness) > LIKE_DB, likeness


@pytest.mark.parametrize("name", SOUNDS)
def test_sounds_are_the_same(name: str, pairs: dict[str, Pair]) -> None:
    page, native = pairs[name]
    assert not isinstance(page, str) and not isinstance(native, str), (page, native)
    assert page.stream == native.stream and page.times[0] == native.times[0]
    assert page.sound().shape == native.sound().shape and np.any(page.sound())
    assert decibels(page.sound(), native.sound()) > LIKE_DB


def test_expressions_mean_in_the_page_what_the_evaluator_says(pairs: dict[str, Pair]) -> None:
    here = [pairs[name].page for name in EXPRESSIONS]
    assert [one for one in here if isinstance(one, str)] == []
    assert odd_ones(EVERY_FUNCTION, [one.sound() for one in here if not isinstance(one, str)]) == []
