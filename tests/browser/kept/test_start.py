"""Starting from a snapshot of Python's memory, and without one where it is missing, broken or of another version."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Worker

from tests.browser.returning import remember
from tests.clips import Recipe
from tests.equipment import site
from tests.pages import EMPTY, served

pytestmark = pytest.mark.unhurried

PATIENCE_S = 60.0
TWICE_IDLE_MS = 4_000
FOLDER = "clipwright-snapshots"
START = """async () => {
    const { Clipwright } = await import('/clipwright.js');
    globalThis.app = Clipwright.launch();
    const { timings } = await app.ready;
    return { timings, reading: await app.parseTime('1:30') };
}"""
PLANNED = """async () => {
    const media = await app.open(document.querySelector('input').files[0]);
    return (await app.plan(media, { start: 0, end: 1, mode: 'exact' })).engine;
}"""
KEPT = f"""async () => {{
    try {{
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle('{FOLDER}');
        const found = [];
        for await (const handle of folder.values()) {{
            const file = await handle.getFile();
            found.push([handle.name, file.size, file.lastModified]);
        }}
        return found;
    }} catch {{ return []; }}
}}"""
MADE = f"""async (before) => {{
    const found = await ({KEPT})();
    const {{ held }} = await navigator.locks.query();
    const isWhole = found.some(([, size]) => size > 12e6) && !held.some(({{ name }}) => name === '{FOLDER}');
    return isWhole && JSON.stringify(found) !== JSON.stringify(before);
}}"""
"""Who writes one holds a lock."""
CHANGE = f"""async (change) => {{
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('{FOLDER}');
    for await (const handle of folder.values()) {{
        const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
        let after = bytes;
        if (change === 'flip') after[10e6] ^= 1;
        if (change === 'shorten') after = bytes.slice(0, 5e6);
        if (change === 'empty') after = bytes.slice(0, 0);
        if (change === 'foreign') {{
            after.fill(0, 5e3);
            after.set(new Uint8Array(await crypto.subtle.digest('SHA-256', after.subarray(32))));
        }}
        if (change === 'know less') {{
            // After the digest comes the length of what is known, and then that.
            const end = 36 + new DataView(bytes.buffer).getUint32(32, true);
            const known = new TextEncoder().encode(JSON.stringify({{ encode: ['vp8'] }}));
            const head = new Uint8Array(36);
            new DataView(head.buffer).setUint32(32, known.length, true);
            after = new Uint8Array(await new Blob([head, known, bytes.subarray(end)]).arrayBuffer());
            after.set(new Uint8Array(await crypto.subtle.digest('SHA-256', after.subarray(32))));
        }}
        const name = change === 'rename' ? 'another-version' : handle.name;
        if (change === 'rename') await folder.removeEntry(handle.name);
        const writable = await (await folder.getFileHandle(name, {{ create: true }})).createWritable();
        await writable.write(after);
        await writable.close();
        return;
    }}
}}"""


@pytest.fixture
def context(chromium: Browser, sites: dict[str, str]) -> Iterator[BrowserContext]:
    opened = chromium.new_context(base_url=sites["plain"])
    yield opened
    opened.close()


def start(context: BrowserContext) -> dict[str, float]:
    """The timings of one start, in a page of its own."""
    page = blank(context)
    timings = started(page)
    page.close()
    return timings


def started(page: Page) -> dict[str, float]:
    told: dict[str, Any] = page.evaluate(START)
    assert told["reading"]["us"] == 90_000_000
    return dict(told["timings"])


def blank(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(EMPTY)
    return page


def kept(context: BrowserContext) -> list[tuple[str, int]]:
    """The names and sizes of what is kept."""
    page = blank(context)
    found = page.evaluate(KEPT)
    page.close()
    return [(name, size) for name, size, _ in found]


def names(context: BrowserContext) -> list[str]:
    return [name for name, _ in kept(context)]


def visit(context: BrowserContext) -> dict[str, float]:
    """One start, and idle time until another snapshot than before lies there whole."""
    page = blank(context)
    before = page.evaluate(KEPT)
    timings = started(page)
    wait(page, lambda: page.evaluate(MADE, before), "no snapshot was made")
    page.close()
    return timings


def wait(page: Page, is_true: Callable[[], bool], otherwise: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_true():
        assert time.monotonic() < until, otherwise
        page.wait_for_timeout(100)


def change(context: BrowserContext, how: str) -> None:
    page = blank(context)
    page.evaluate(CHANGE, how)
    page.close()


def test_the_second_start_is_from_a_snapshot(context: BrowserContext) -> None:
    assert "snapshot" not in visit(context)
    assert len(kept(context)) == 1
    assert "snapshot" in start(context)


def test_a_snapshot_that_cannot_be_used_goes(
    chromium: Browser, context: BrowserContext, sites: dict[str, str]
) -> None:
    for how in ("flip", "shorten", "empty", "foreign"):
        remember(chromium, context, sites["plain"])
        change(context, how)
        start(context)
        assert kept(context) == [], how


def test_a_snapshot_of_another_version_is_replaced(
    chromium: Browser, context: BrowserContext, sites: dict[str, str]
) -> None:
    remember(chromium, context, sites["plain"])
    good = names(context)
    change(context, "rename")
    assert names(context) != good
    assert "snapshot" not in visit(context)
    assert names(context) == good
    assert "snapshot" in start(context)


def test_what_the_browser_can_encode_is_known_and_asked_again(
    chromium: Browser, context: BrowserContext, sites: dict[str, str], make: Callable[[Recipe], Path]
) -> None:
    remember(chromium, context, sites["plain"])
    page = blank(context)
    page.evaluate(CHANGE, "know less")
    page.set_content('<input type="file">')
    page.set_input_files("input", make(Recipe()))
    assert "snapshot" in started(page)
    known = "app.ready.then(({ capabilities }) => capabilities.encode.media)"
    assert page.evaluate(known) == ["vp8"]
    # What is wrong in it is not kept for another start, and this one goes on with what is right.
    wait(page, lambda: page.evaluate(KEPT) == [], "it was not asked again")
    assert page.evaluate(PLANNED) == "media"
    page.close()
    assert "snapshot" not in start(context)


@pytest.mark.parametrize(
    ("file", "trouble"),
    [
        ("app", "delete StorageManager.prototype.getDirectory;"),
        ("snapshot", "StorageManager.prototype.estimate = async () => ({ quota: 2e7, usage: 0 });"),
        (
            "snapshot",
            "FileSystemSyncAccessHandle.prototype.write = () => {"
            " throw new DOMException('no room', 'QuotaExceededError'); };",
        ),
    ],
    ids=["no place", "little room", "no room"],
)
def test_where_nothing_can_be_kept_every_start_is_plain(
    chromium: Browser, tmp_path: Path, file: str, trouble: str
) -> None:
    """Where there is room to look for, it is tried each time; where there is no place, never."""
    with served(site(), tmp_path, preludes={f"/{file}.worker.js": trouble}) as url:
        context = chromium.new_context(base_url=url)
        for _ in range(2):
            page = blank(context)
            begun, ended = watch(page)
            assert "snapshot" not in started(page)
            if file == "app":
                page.wait_for_timeout(TWICE_IDLE_MS)
                assert not begun
            else:
                wait(page, lambda: begun and begun == ended, "it was not tried")  # noqa: B023 - used at once
            assert all(size == 0 for _, size, _ in page.evaluate(KEPT))
            page.close()
        context.close()


def watch(page: Page) -> tuple[list[Worker], list[Worker]]:
    """The workers that begin to make a snapshot, and those that have ended, as it happens."""
    begun: list[Worker] = []
    ended: list[Worker] = []

    def follow(worker: Worker) -> None:
        if "snapshot.worker.js" in worker.url:
            begun.append(worker)
            worker.on("close", lambda closed: ended.append(closed))  # noqa: PLW0108 - Playwright marks it

    page.on("worker", follow)
    return begun, ended
