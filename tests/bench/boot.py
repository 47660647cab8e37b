"""Bench ``boot``: from opening the page to Python, to the page itself and to a first clip, against a stock Pyodide."""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

from tests.bench import files
from tests.bench.page import FLAGS, TIMEOUT_MS, WORK, build_tool, make_site
from tests.bench.table import OURS, Row

STOCK = "stock Pyodide"
SETTLED_S = 1.0
"""Between two measurements: what a closed tab leaves behind is cleared away meanwhile."""
AS_IT_COMES = "smart"
"""What nobody has to choose, see ``_clip``."""
CODE_KEPT_MS = 3000
"""Browsers keep compiled code a while after it has run."""
RETURNS = 3
"""How often somebody has been there who has been there before: browsers keep compiled code from the second visit on."""
WATCH = """addEventListener('DOMContentLoaded', () => {
    globalThis.usable = performance.now();
    const engine = document.querySelector('#engine');
    const look = () => { if (engine?.dataset.state === 'ready') globalThis.answered ??= performance.now(); };
    if (engine) new MutationObserver(look).observe(engine, { attributes: true });
    look();
})"""
"""Modules have run by then. The stock page says by itself when it is answered."""
ANSWERED = """() => new Promise((resolve) => {
    const look = () => (globalThis.answered ? resolve(globalThis.answered) : setTimeout(look, 20));
    look();
})"""
"""The page's policy lets nobody evaluate a string again and again, as ``wait_for_function`` does."""
KEPT = """async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('clipwright-snapshots').catch(() => null);
    const { held } = await navigator.locks.query();
    return Boolean(folder) && !held.some(({ name }) => name === 'clipwright-snapshots');
}"""
Visit = Callable[[], Page]


def run(runs: int) -> list[Row]:
    """Measure every case; the machine's own drift is shared out by taking the peers in turn."""
    build = build_tool()
    tools = build.tools()
    site = make_site(tools["esbuild"])
    source = files.twenty_minutes(tools["ffmpeg"], WORK / "files")
    server = build.load("web/server.py").make_server(site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    with sync_playwright() as playwright:
        new = partial(profile, playwright, tools["chromium"])
        rows = [*_first(new, url, runs), *_returning(new, url, runs, source)]
    server.shutdown()
    return rows


@contextmanager
def profile(playwright: Playwright, chromium: str) -> Iterator[BrowserContext]:
    """A browser that knows nothing yet, and keeps things on disk, as people's browsers do."""
    with tempfile.TemporaryDirectory() as folder:
        context = playwright.chromium.launch_persistent_context(folder, executable_path=chromium, args=FLAGS)
        context.set_default_timeout(TIMEOUT_MS)
        context.add_init_script(WATCH)
        yield context
        context.close()


def answered(page: Page, url: str) -> float:
    """Milliseconds from opening the page until Python has answered."""
    page.goto(url)
    return float(page.evaluate(ANSWERED))


def usable(page: Page) -> float:
    """Milliseconds from opening the page until it could be used; it is open already."""
    return float(page.evaluate("usable"))


def _first(new: Callable[[], AbstractContextManager[BrowserContext]], url: str, runs: int) -> list[Row]:
    python: dict[str, list[float]] = {OURS: [], STOCK: []}
    page_itself: list[float] = []
    for turn in range(runs + 1):
        for peer, address in ((OURS, url + "app/"), (STOCK, url + "stock.html")):
            with new() as context:
                page = context.new_page()
                time.sleep(SETTLED_S)
                took = answered(page, address)
                if not turn:
                    continue
                python[peer].append(took)
                if peer == OURS:
                    page_itself.append(usable(page))
        _say("first visit", turn, runs)
    return [
        Row("First visit: from opening the page to Python (limit: stock)", "ms", python),
        Row("The same, until the page can be used", "ms", {OURS: page_itself}),
    ]


def _returning(
    new: Callable[[], AbstractContextManager[BrowserContext]], url: str, runs: int, source: Path
) -> list[Row]:
    python: dict[str, list[float]] = {OURS: [], "the same offline": [], STOCK: []}
    page_itself: list[float] = []
    clips: dict[str, list[float]] = {AS_IT_COMES: [], "lossless": []}
    with new() as context:
        for _ in range(RETURNS):
            _come_back(context, url)
        for turn in range(runs + 1):
            for peer, times in python.items():
                context.set_offline(peer == "the same offline")
                page = _tab(context)
                took = answered(page, url + ("stock.html" if peer == STOCK else "app/"))
                if turn:
                    times.append(took)
                    if peer == OURS:
                        page_itself.append(usable(page))
                page.close()
            for mode, times in clips.items():
                took = _clip(_tab(context), url + "app/", source, mode)
                if turn:
                    times.append(took)
            _say("returning", turn, runs)
    return [
        Row("Returning: from opening the page to Python (limit: 0.35 times stock)", "ms", python),
        Row("The same, until the page can be used (limit 600 ms)", "ms", {OURS: page_itself}),
        *(
            Row(
                f"From opening the page to 60 s out of a file of 1.2 GB, {mode} (limit 2 s)",
                "ms",
                {OURS: times},
            )
            for mode, times in clips.items()
        ),
    ]


def _tab(context: BrowserContext) -> Page:
    page = context.new_page()
    time.sleep(SETTLED_S)
    return page


def _come_back(context: BrowserContext, url: str) -> None:
    """One visit to each page, until all is kept that is kept."""
    page = context.new_page()
    answered(page, url + "app/")
    expect(page.locator("#device-offline")).to_have_attribute("data-state", "ready", timeout=TIMEOUT_MS)
    while not page.evaluate(KEPT):
        page.wait_for_timeout(100)
    page.wait_for_timeout(CODE_KEPT_MS)
    answered(page, url + "stock.html")
    page.wait_for_timeout(CODE_KEPT_MS)
    page.close()


def _clip(page: Page, url: str, source: Path, mode: str) -> float:
    """Milliseconds in which somebody who knows what to do has the clip, compared with its source.

    The page comes with Auto, which cuts smart here: 5:00 is no key frame.
    """
    started = time.perf_counter()
    page.goto(url, wait_until="domcontentloaded")
    page.set_input_files("#picker", source)
    seen(page, "#settings")
    if mode != AS_IT_COMES:
        page.locator("#settings .segmented").get_by_text(mode.capitalize(), exact=True).click()
    for name, text in (("In", "5:00"), ("Out", "6:00")):
        box = page.get_by_label(name, exact=True)
        box.fill(text)
        box.press("Tab")
    page.locator("#export").click()
    seen(page, "#result")
    took = (time.perf_counter() - started) * 1000
    expect(page.locator("#result-sub")).to_contain_text(mode)
    page.close()
    return took


def seen(page: Page, selector: str) -> None:
    """Wait until it is shown, looking at every frame: Playwright's own waits look twice a second after a while."""
    page.wait_for_function("(selector) => document.querySelector(selector)?.checkVisibility()", arg=selector)


def _say(case: str, turn: int, runs: int) -> None:
    print(f"boot, {case}: {turn}/{runs}", file=sys.stderr)
