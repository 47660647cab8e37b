"""A private window of Firefox: the site is kept as in any other for as long as the window lives, and cleared away."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.browser.kept.household import house
from tests.clips import Recipe
from tests.equipment import tool
from tests.firefox import Page, launched

pytestmark = pytest.mark.unhurried

BOOT_S = 90.0
CLICK = "(selector) => document.querySelector(selector).click()"


def ready(page: Page) -> None:
    page.wait_for("() => document.querySelector('#engine').dataset.state === 'ready'", seconds=BOOT_S)


def make_clip(page: Page, source: Path) -> None:
    page.set_files("#picker", [source])
    page.wait_for("() => document.querySelector('#plan').dataset.state === 'ready'")
    page.evaluate(CLICK, "#export")
    page.wait_for("() => document.querySelector('#result').checkVisibility()", seconds=BOOT_S)


def test_a_private_window_keeps_the_site_and_forgets_it(make, tmp_path: Path) -> None:
    private = {"browser.privatebrowsing.autostart": True}
    with house(tmp_path) as place, launched(tool("firefox"), private) as firefox:
        page = firefox.new_page()
        page.goto(place.url + "/?shared")
        ready(page)
        # Nothing was shared.
        assert "could not be taken in" in page.evaluate("() => document.querySelector('.failure').innerText")
        make_clip(page, make(Recipe()))
        page.wait_for("() => document.querySelector('#device-offline').dataset.state === 'ready'")
        page.goto(place.url + "/")
        ready(page)
        assert page.evaluate("() => crossOriginIsolated")
        shutil.rmtree(place.folder)
        page.goto(place.url + "/")
        ready(page)
        make_clip(page, make(Recipe()))
        page.evaluate(CLICK, "#open-device")
        page.evaluate(CLICK, "#clear")
        page.evaluate(CLICK, "#clear-yes")
        page.wait_for("() => /is removed/.test(document.querySelector('#device-status').innerText)")
        assert page.evaluate("() => caches.keys()") == []
        # Firefox lists what is unregistered until its parent process has told this one.
        page.wait_for("() => navigator.serviceWorker.getRegistrations().then((all) => all.length === 0)")
        errors = [entry.text for entry in page.console if entry.level == "error"]
        assert not errors
