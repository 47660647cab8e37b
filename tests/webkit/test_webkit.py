"""The main stories in WebKitGTK end as the README says; not run unless asked for: ``build.py test webkit``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.browsers import in_webkit
from tests.browser.mainstories import CLICK, DONE, PLANNED, STORIES, WEBM, Place, cut, settled, table
from tests.clips import Recipe
from tests.equipment import site
from tests.pages import LAB, served

PAUSE = "(milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with settled("WebKitGTK", in_webkit(), tmp_path_factory.mktemp("webkit")) as place:
        yield place


def test_players_that_are_dropped_early_do_not_hang_the_page(
    place: Place, make: Callable[[Recipe], Path]
) -> None:
    """The timeline's begins 600 ms after a file was opened, and rests when a clip is made, whose own begins then."""
    visitor = place.visitor
    for count in range(12):
        visitor.set_files("#picker", [make(WEBM)])
        visitor.wait_for(PLANNED)
        visitor.evaluate(CLICK, "[name=mode][value=lossless]")
        visitor.wait_for(PLANNED)
        visitor.evaluate(PAUSE, count * 50)
        visitor.evaluate(CLICK, "#export")
        assert visitor.wait_for(DONE) == "made"


def test_the_api_works_on_any_page(tmp_path: Path) -> None:
    with served(site(), tmp_path) as url, in_webkit() as visitor:
        visitor.goto(url + LAB)
        visitor.wait_for("() => globalThis.lab || globalThis.labFailure")
        assert visitor.evaluate("() => globalThis.labFailure ?? null") is None
        assert not visitor.errors()


def test_the_encoder_of_av1_is_left_alone(place: Place, make: Callable[[Recipe], Path]) -> None:
    told, _ = cut(place, make(Recipe(video="av1", audio=())), "smart", "1.36", "2.44")
    assert told == "exact, by the browser itself"


@pytest.mark.parametrize("story", STORIES)
def test_the_story_ends_as_the_readme_says(place: Place, make: Callable[[Recipe], Path], story: str) -> None:
    assert STORIES[story](place, make) == table()[story][place.browser]
