"""A tab that lives long: many exports one after the other, and engines that die at any moment.

``CLIPWRIGHT_LONG_LIFE=1`` makes as many exports and kills as a long day does.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.clips import Recipe
from tests.equipment import site, tool
from tests.pages import EMPTY, FLAGS, served

LONG = bool(os.environ.get("CLIPWRIGHT_LONG_LIFE"))
EXPORTS = 200 if LONG else 16
KILLS = 100 if LONG else 4
WARM = 8
"""Exports after which everything has been loaded that ever is."""
GROWTH = 1.10
RECOVERED_MS = 2000
START = """async (name) => {
    const { Clipwright } = await import('/clipwright.js');
    globalThis.app = await Clipwright.start();
    globalThis.media = await app.open(document.querySelector('input').files[0]);
}"""
EXPORT = """async ([mode, engine]) => {
    const result = await app.clip(media, { start: 0.36, end: 2.4, mode, engine });
    const { size } = await result.blob();
    await result.release();
    return size;
}"""
MEMORY = """async () => {
    const { bytes } = await performance.measureUserAgentSpecificMemory();
    return bytes;
}"""
KILL = "new BroadcastChannel('kill').onmessage = () => self.close();\n"
EXPORT_MS = """async (engine) => {
    const started = performance.now();
    const result = await app.clip(media, { start: 0.36, end: 3.4, mode: 'exact', engine });
    await result.release();
    return performance.now() - started;
}"""
KILLED = """async ([engine, ms]) => {
    const work = app.clip(media, { start: 0.36, end: 3.4, mode: 'exact', engine });
    const made = async (result) => ({ size: (await result.blob()).size, from: result.report.replanned_from });
    const outcome = work.then(made, ({ code, hint }) => ({ code, hint }));
    await new Promise((go) => setTimeout(go, ms));
    const killed = performance.now();
    globalThis.killer ??= new BroadcastChannel('kill');
    killer.postMessage('');
    const told = await outcome;
    const took = performance.now() - killed;
    return { ...told, took };
}"""


@pytest.fixture(scope="module")
def measuring(chromium: Browser) -> Iterator[Browser]:
    """A browser that measures memory when it is asked to, not when it next has time."""
    kind = chromium.browser_type
    browser = kind.launch(
        executable_path=str(tool("chromium")),
        args=[*FLAGS, "--enable-blink-features=ForceEagerMeasureMemory"],
    )
    yield browser
    browser.close()


@pytest.fixture
def mortal(chromium: Browser, tmp_path: Path, make) -> Iterator[Page]:
    """A page with Clipwright and an open file in it, whose engines die when they are told to."""
    workers = ("media.worker.js", "ffmpeg.worker.js")
    with served(site(), tmp_path, preludes={f"/{name}": KILL for name in workers}) as url:
        page = chromium.new_page()
        yield prepared(page, url, make(Recipe()))
        page.close()


def prepared(page: Page, url: str, source: Path) -> Page:
    """With Clipwright started and a file open."""
    page.goto(url + EMPTY)
    page.set_content('<input type="file">')
    page.set_input_files("input", source)
    page.evaluate(START)
    return page


def test_memory_comes_back_after_many_exports(measuring: Browser, sites: dict[str, str], make) -> None:
    # Only isolated pages may ask for their memory.
    page = prepared(measuring.new_page(), sites["isolated"], make(Recipe()))
    # FFmpeg's worker is thrown away after a few runs, with all its memory: what is measured would depend on when.
    kinds = [("lossless", "media"), ("smart", "media"), ("exact", "media")]
    before = 0.0
    for number in range(EXPORTS):
        assert page.evaluate(EXPORT, list(kinds[number % len(kinds)])) > 0
        if number + 1 == WARM:
            before = page.evaluate(MEMORY)
    after = page.evaluate(MEMORY)
    assert after <= GROWTH * before, f"{before / 1e6:.1f} MB became {after / 1e6:.1f} MB"


@pytest.mark.parametrize("engine", ["media", "ffmpeg"])
def test_an_engine_may_die_at_any_moment(mortal: Page, engine: str) -> None:
    """What ran is made by another worker; what comes next works at once."""
    chance = random.Random(f"kills {engine}")
    whole = mortal.evaluate(EXPORT_MS, engine)
    for _ in range(KILLS):
        told = mortal.evaluate(KILLED, [engine, chance.uniform(0, whole)])
        assert told["size"] > 0
        assert told["took"] < whole + RECOVERED_MS, told
        assert mortal.evaluate(EXPORT_MS, engine) < whole + RECOVERED_MS
