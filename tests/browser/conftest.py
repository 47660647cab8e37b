"""A fresh page for each test, watched: an error on the console or a word to a stranger fails it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.browser.studio import Studio, Watch
from tests.equipment import site
from tests.pages import served


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The site as a plain host serves it, and as one that isolates it."""
    kept = tmp_path_factory.mktemp("kept")
    with ExitStack() as stack:
        yield {
            "plain": stack.enter_context(served(site(), kept)),
            "isolated": stack.enter_context(served(site(), kept, isolated=True)),
        }


@pytest.fixture
def hosting(request: pytest.FixtureRequest) -> str:
    """How the site is served: plain, or isolated where a test is parametrised so."""
    return getattr(request, "param", "plain")


@pytest.fixture
def options() -> dict[str, object]:
    """How the browser shows the page; tests and modules override it."""
    return {}


@pytest.fixture
def empty_studio(sites: dict[str, str], hosting: str, chromium: Browser, options: dict[str, object]) -> Iterator[Studio]:
    """A page that has not been loaded yet."""
    url = sites[hosting]
    context = chromium.new_context(accept_downloads=True, **options)
    watch = Watch(url)
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
