"""Pages that are watched: an error on the console or a word to a stranger fails the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.returning import remember
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


@dataclass
class Desk:
    """An open page and the context it lives in."""

    context: BrowserContext
    studio: Studio


@pytest.fixture(scope="session")
def desks() -> Iterator[dict[str, Desk]]:
    """Pages that are used by one test after another, by the URL of their site."""
    kept: dict[str, Desk] = {}
    yield kept
    for desk in kept.values():
        desk.context.close()


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
    """How the browser shows a fresh page; tests override it."""
    return {}


def sit_down(url: str, chromium: Browser, options: dict[str, object]) -> Desk:
    """A page that is loaded and ready, in a browser that saves as downloads."""
    context = chromium.new_context(accept_downloads=True, **options)
    # Dialogs of the operating system cannot be operated; some tests give the page pickers of its own.
    context.add_init_script("delete globalThis.showSaveFilePicker; delete globalThis.showDirectoryPicker")
    remember(chromium, context, url)
    page = context.new_page()
    watch = Watch(url)
    watch.follow(page)
    studio = Studio(page, url, watch)
    studio.visit()
    return Desk(context, studio)


@pytest.fixture
def fresh_studio(url: str, chromium: Browser, options: dict[str, object]) -> Iterator[Studio]:
    """A page of its own, as it is after loading it once more."""
    desk = sit_down(url, chromium, options)
    yield desk.studio
    desk.context.close()
    assert not desk.studio.watch.verdict(), "\n".join(desk.studio.watch.verdict())


@pytest.fixture
def studio(
    request: pytest.FixtureRequest, url: str, chromium: Browser, desks: dict[str, Desk]
) -> Iterator[Studio]:
    """A page on which others have worked before: people do not reload it for each clip either.

    Opening a file clears everything. After a failure the page is thrown away.
    """
    if url not in desks:
        desks[url] = sit_down(url, chromium, {})
    failed_before = request.session.testsfailed
    studio = desks[url].studio
    studio.watch.begin()
    yield studio
    verdict = studio.watch.verdict()
    if verdict or request.session.testsfailed > failed_before:
        desks.pop(url).context.close()
    assert not verdict, "\n".join(verdict)
