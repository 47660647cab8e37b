"""A fresh page for each test, watched: an error on the console or a word to a stranger fails it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.studio import Studio, Watch
from tests.equipment import site
from tests.pages import served


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The site as a plain host serves it, and as one that isolates it; `kept` is the folder for what is PUT."""
    kept = tmp_path_factory.mktemp("kept")
    with ExitStack() as stack:
        yield {
            "plain": stack.enter_context(served(site(), kept)),
            "isolated": stack.enter_context(served(site(), kept, isolated=True)),
            "kept": str(kept),
        }


@pytest.fixture
def url(request: pytest.FixtureRequest, sites: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """Where the site is served: plainly, or as a test's parameter says.

    A parameter is ``plain``, ``isolated``, or lines to put in front of scripts, by path.
    """
    how = getattr(request, "param", "plain")
    if isinstance(how, str):
        yield sites[how]
        return
    with served(site(), tmp_path, preludes=how) as meddled:
        yield meddled


@pytest.fixture
def options() -> dict[str, object]:
    """How the browser shows the page; tests and modules override it."""
    return {}


@pytest.fixture
def empty_studio(url: str, chromium: Browser, options: dict[str, object]) -> Iterator[Studio]:
    """A page that has not been loaded yet, in a browser that saves as downloads."""
    context = chromium.new_context(accept_downloads=True, **options)
    watch = Watch(url)
    # A dialog of the operating system cannot be operated; one test gives the page a picker of its own.
    context.add_init_script("delete globalThis.showSaveFilePicker")
    page = context.new_page()
    watch.follow(page)
    yield Studio(page, url, watch)
    context.close()
    assert not watch.verdict(), "\n".join(watch.verdict())


@pytest.fixture
def studio(empty_studio: Studio) -> Studio:
    """The page, loaded and ready."""
    empty_studio.visit()
    return empty_studio
