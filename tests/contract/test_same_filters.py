"""Every effect, transition and builder of filters run in the page by ffmpeg.wasm and natively: both give the same."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from playwright.sync_api import Browser

from clipwright.effects import registry
from clipwright.effects.definition import Context
from clipwright.filters.graph import FilterGraph
from tests.galley import LIKE_DB, Dish, Galley, Pair, Served, galley
from tests.ingredients import RATE, SAMPLES, SIZE
from tests.unit.evaluating import EVERY_FUNCTION, odd_ones, spoken
from tests.unit.filter_examples import EXAMPLES, Example

LARGER = {name: (320, 180) for name in EXAMPLES if name.startswith("burn")}
"""libass before 0.16, which the page has, draws outlines of a third of a pixel in another way."""
WHERE = Context(
    width=SIZE[0],
    height=SIZE[1],
    frame_rate=Fraction(RATE),
    sample_rate=SAMPLES,
    channels=2,
    duration_us=1_000_000,
)
EFFECTS = {name: one.preview() for name, one in registry.EFFECTS.items()}
# Their previews are large, for what is calculated pixel by pixel.
CROSSINGS = {
    name: registry.transition(name, one.example, 400_000, 400_000, WHERE)
    for name, one in registry.TRANSITIONS.items()
}
PASSED = {
    f"{name}, {kind}": Dish(kind, Example(kind, made).graph)
    for name, built in (EFFECTS | CROSSINGS).items()
    for kind, made in (("v", built.video), ("a", built.audio))
    if made is not None
}
"""Every effect and every transition."""
BUILT = {name: Dish(one.kind, one.graph, LARGER.get(name, SIZE)) for name, one in EXAMPLES.items()}
"""Every builder."""
DISHES = BUILT | PASSED
EXPRESSIONS = {
    f"expression {place}": Dish("a", FilterGraph((spoken(tree).between((), "out"),), outputs=("out",)))
    for place, tree in enumerate(EVERY_FUNCTION)
}


def test_every_effect_and_transition_is_among_them() -> None:
    names = {name.rpartition(", ")[0] for name in PASSED}
    assert names == registry.EFFECTS.keys() | registry.TRANSITIONS.keys()


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
