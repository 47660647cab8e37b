"""Every builder of filters for real: in the page by ffmpeg.wasm, natively by ffmpeg, and both give the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from clipwright.effects import registry
from clipwright.filters.graph import FilterGraph
from tests.galley import LIKE_DB, Dish, Galley, Pair, Served, galley
from tests.unit.evaluating import EVERY_FUNCTION, odd_ones, spoken
from tests.unit.filter_examples import EXAMPLES

LARGER = {name: (320, 180) for name in EXAMPLES if name.startswith("burn")}
"""libass before 0.16, which the page has, draws outlines of a third of a pixel in another way."""
DISHES = {name: Dish(one.kind, one.graph, LARGER.get(name, (160, 90))) for name, one in EXAMPLES.items()}
"""Every builder."""
for definition in (*registry.EFFECTS.values(), *registry.TRANSITIONS.values()):
    preview = definition.preview()
    for kind, graph in (("v", preview.video), ("a", preview.audio)):
        if graph is not None:
            DISHES[f"preview of {definition.name}, {kind}"] = Dish(kind, graph)
EXPRESSIONS = {
    f"expression {place}": Dish("a", FilterGraph((spoken(tree).between((), "out"),), outputs=("out",)))
    for place, tree in enumerate(EVERY_FUNCTION)
}


@pytest.fixture(scope="module")
def running(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Galley]:
    with galley(chromium, tmp_path_factory.mktemp("galley")) as opened:
        yield opened


@pytest.fixture(scope="module")
def pairs(running: Galley) -> dict[str, Pair]:
    """What each gave in both places."""
    return running.cook(DISHES)


@pytest.mark.parametrize("name", DISHES)
def test_both_give_the_same(name: str, pairs: dict[str, Pair]) -> None:
    assert pairs[name].likeness() > LIKE_DB


def test_expressions_mean_in_the_page_what_the_evaluator_says(running: Galley) -> None:
    here = [pair.page for pair in running.cook(EXPRESSIONS, whole=True).values()]
    assert [one for one in here if not isinstance(one, Served)] == []
    assert odd_ones(EVERY_FUNCTION, [one.sound() for one in here if isinstance(one, Served)]) == []
