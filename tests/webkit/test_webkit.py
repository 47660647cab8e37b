"""The main stories in WebKitGTK end as the README says; not run unless asked for: ``build.py test webkit``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.browsers import in_webkit
from tests.browser.mainstories import STORIES, Place, settled, table
from tests.clips import Recipe


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with settled("WebKitGTK", in_webkit(), tmp_path_factory.mktemp("webkit")) as place:
        yield place


@pytest.mark.parametrize("story", STORIES)
def test_the_story_ends_as_the_readme_says(place: Place, make: Callable[[Recipe], Path], story: str) -> None:
    assert STORIES[story](place, make) == table()[story][place.browser]
