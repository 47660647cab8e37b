"""The engines under test. A new engine is one line in ENGINES."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.drivers import Driver, InPage, Native
from tests.equipment import site
from tests.pages import open_lab, served

REAL_MEDIA = os.environ.get("CLIPWRIGHT_REAL_MEDIA")
collect_ignore = [] if REAL_MEDIA else ["test_real_media.py"]


def pytest_report_header() -> str:
    """Why some tests are not even collected."""
    return f"real media: {REAL_MEDIA or 'none, CLIPWRIGHT_REAL_MEDIA names no folder'}"


ENGINES = {
    "native": lambda lab: Native(lab.folder),
    "media": lambda lab: InPage("media", lab.page, lab.kept),
    "ffmpeg": lambda lab: InPage("ffmpeg", lab.page, lab.kept),
}


class Lab:
    """Where engines work: a folder, a server, and one page that is opened when first needed."""

    def __init__(self, folder: Path, kept: Path, url: str, chromium: Browser) -> None:
        self.folder = folder
        self.kept = kept
        self.url = url
        self._chromium = chromium
        self._page: Page | None = None
        self.drivers: dict[str, Driver] = {}

    @property
    def page(self) -> Page:
        """The page with Clipwright started in it."""
        if self._page is None:
            self._page = open_lab(self._chromium.new_page(), self.url)
        return self._page

    def driver(self, name: str) -> Driver:
        """The driver for an engine, made once."""
        if name not in self.drivers:
            self.drivers[name] = ENGINES[name](self)
        return self.drivers[name]

    def recover(self) -> None:
        """After a failure: a page that is still busy is replaced, so that one trouble is one failure."""
        if self._page is None or not self._page.evaluate("globalThis.lab?.running.size"):
            return
        self._page.close()
        self._page = None
        self.drivers = {name: driver for name, driver in self.drivers.items() if isinstance(driver, Native)}


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("native")
    kept = tmp_path_factory.mktemp("kept")
    with served(site(), kept) as url:
        yield Lab(folder, kept, url, chromium)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, lab: Lab) -> Iterator[Driver]:
    """Each engine in turn."""
    failed_before = request.session.testsfailed
    yield lab.driver(request.param)
    if request.session.testsfailed > failed_before:
        lab.recover()


@pytest.fixture(params=["native", "media"])
def cutter(request: pytest.FixtureRequest, lab: Lab) -> Iterator[Driver]:
    """Each engine that puts results together, in turn; `ffmpeg` only encodes for the second."""
    failed_before = request.session.testsfailed
    yield lab.driver(request.param)
    if request.session.testsfailed > failed_before:
        lab.recover()


@pytest.fixture
def native(lab: Lab) -> Driver:
    return lab.driver("native")


@pytest.fixture
def browser_app(lab: Lab) -> Driver:
    """The page choosing its engines itself."""
    return lab.drivers.setdefault("auto", InPage("auto", lab.page, lab.kept))
