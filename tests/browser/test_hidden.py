"""A tab that nobody looks at goes on working: browsers slow down its timers and stop its animation.

In Firefox, because a Chromium that Playwright drives takes every tab for one that is looked at.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import firefox, reading
from tests.browser.browsers import InFirefox
from tests.clips import Recipe
from tests.equipment import site, tool
from tests.pages import EMPTY, served

pytestmark = pytest.mark.unhurried

CLIP = Recipe(seconds=12, size=(640, 360))
SPAN = (1.36, 10.4)
START = """async () => {
    const { Clipwright } = await import('/clipwright.js');
    const app = await Clipwright.start();
    const media = await app.open(document.querySelector('input').files[0]);
    globalThis.exported = async ([start, end]) => {
        const began = performance.now();
        const steps = [];
        const request = { start, end, mode: 'exact', container: 'mp4' };
        const result = await app.clip(media, request, { onProgress: ({ done }) => steps.push(done) });
        await fetch('/kept/hidden.mp4', { method: 'PUT', body: await result.blob() });
        await result.release();
        return { ms: performance.now() - began, steps, shown: document.visibilityState };
    };
    return true;
}"""
EXPORT = "(span) => exported(span)"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[firefox.Firefox, str]]:
    with served(site(), tmp_path) as url, firefox.launched(tool("firefox"), {}) as browser:
        yield browser, url


def test_an_export_goes_on_in_a_tab_behind_another(
    running: tuple[firefox.Firefox, str], make, tmp_path: Path
) -> None:
    browser, url = running
    tab = browser.new_page()
    tab.goto(url + EMPTY)
    tab.evaluate("() => { document.body.innerHTML = '<input type=file>'; }")
    InFirefox(tab, tmp_path).set_files("input", [make(CLIP)])
    assert tab.evaluate(START)
    seen = tab.evaluate(EXPORT, SPAN)
    assert seen["shown"] == "visible"
    browser.new_page().goto(url + EMPTY)
    until = time.monotonic() + 10
    while tab.evaluate("() => document.visibilityState") != "hidden":
        assert time.monotonic() < until, "the tab stays in front"
    hidden = tab.evaluate(EXPORT, SPAN)
    assert hidden["shown"] == "hidden"
    assert hidden["ms"] < 2 * seen["ms"] + 1000
    assert hidden["steps"] == sorted(hidden["steps"])
    assert hidden["steps"][-1] == 1
    assert reading.numbers(tmp_path / "hidden.mp4") == list(range(34, 260))
