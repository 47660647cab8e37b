"""Fixtures for all suites. Imports stand inside them: the unit tests also run where there is no browser."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--renew-goldens", action="store_true", help="write the goldens anew instead of comparing"
    )
    parser.addoption(
        "--hasty", action="store_true", help="Chromium leaves out the optimising compiler of WebAssembly"
    )


@pytest.fixture(scope="session")
def make():
    """Make a clip from a Recipe; the same recipe gives the same file, also in the next session."""
    from tests.clips import Maker
    from tests.equipment import CACHE, tool

    return Maker(tool("ffmpeg"), CACHE).make


@pytest.fixture(scope="session")
def chromium(pytestconfig):
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    from tests.equipment import tool
    from tests.pages import HASTY, launch

    flags = [HASTY] if pytestconfig.getoption("--hasty") else []
    with sync_playwright() as playwright:
        browser = launch(playwright, tool("chromium"), *flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def firefox():
    """A headless Firefox; one for all tests, as it takes seconds to start."""
    from tests.equipment import tool
    from tests.firefox import launched

    with launched(tool("firefox")) as running:
        yield running
