"""The main stories in the browsers that people mostly use end as the README says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.browsers import in_chromium, in_firefox
from tests.browser.mainstories import STORIES, Place, settled, table
from tests.clips import Recipe

pytestmark = pytest.mark.unhurried


@pytest.fixture(scope="module", params=["Chromium", "Firefox"])
def place(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp(request.param)
    saved = folder / "saved"
    saved.mkdir()
    visit = in_chromium(chromium, saved) if request.param == "Chromium" else in_firefox(saved)
    with settled(request.param, visit, folder) as place:
        yield place


@pytest.mark.parametrize("story", STORIES)
def test_the_story_ends_as_the_readme_says(place: Place, make: Callable[[Recipe], Path], story: str) -> None:
    assert STORIES[story](place, make) == table()[story][place.browser]
