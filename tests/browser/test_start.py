"""Starting from a snapshot of Python's memory, and without one where it is missing, broken or of another version."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.equipment import site
from tests.pages import BLANK, served

PATIENCE_S = 60.0
FOLDER = "clipwright-snapshots"
START = """async () => {
    const { Clipwright } = await import('/clipwright.js');
    globalThis.app = Clipwright.launch();
    const { timings } = await app.ready;
    return { timings, reading: await app.parseTime('1:30') };
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
CHANGE = f"""async (change) => {{
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('{FOLDER}');
    for await (const handle of folder.values()) {{
        const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
        let after = bytes;
        if (change === 'flip') after[20e6] ^= 1;
        if (change === 'shorten') after = bytes.slice(0, 5e6);
        if (change === 'empty') after = bytes.slice(0, 0);
        if (change === 'foreign') {{
            after = bytes.slice(0, 32 + 4096);
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


def start(context: BrowserContext, *, then: str = "") -> dict[str, float]:
    """The timings of one start, in a page of its own; `then` is a script for it."""
    page = context.new_page()
    page.goto(BLANK)
    told: dict[str, Any] = page.evaluate(START)
    assert told["reading"]["us"] == 90_000_000
    if then:
        page.evaluate(then)
    page.close()
    return dict(told["timings"])


def kept(context: BrowserContext) -> list[tuple[str, int, int]]:
    page = context.new_page()
    page.goto(BLANK)
    found = page.evaluate(KEPT)
    page.close()
    return [tuple(file) for file in found]


def visit(context: BrowserContext) -> dict[str, float]:
    """One start, and some idle time until a finished snapshot lies there."""
    page = context.new_page()
    page.goto(BLANK)
    told: dict[str, Any] = page.evaluate(START)
    before = kept(context)
    until = time.monotonic() + PATIENCE_S
    while (found := kept(context)) == before or not any(size > 30e6 for _, size, _ in found):
        assert time.monotonic() < until, "no snapshot was made"
        time.sleep(0.2)
    page.wait_for_timeout(500)
    page.close()
    return dict(told["timings"])


def change(context: BrowserContext, how: str) -> None:
    page = context.new_page()
    page.goto(BLANK)
    page.evaluate(CHANGE, how)
    page.close()


def test_the_second_start_is_from_a_snapshot(context: BrowserContext) -> None:
    assert "snapshot" not in visit(context)
    assert len(kept(context)) == 1
    assert "snapshot" in start(context)


def test_a_snapshot_that_cannot_be_used_is_made_anew(context: BrowserContext) -> None:
    visit(context)
    good = [(name, size) for name, size, _ in kept(context)]
    for how in ("flip", "shorten", "empty", "foreign", "rename"):
        change(context, how)
        visit(context)
        assert [(name, size) for name, size, _ in kept(context)] == good, how
    assert "snapshot" in start(context)


@pytest.mark.parametrize(
    "trouble",
    [
        {"/app.worker.js": "delete StorageManager.prototype.getDirectory;"},
        {
            "/snapshot.worker.js": "StorageManager.prototype.estimate = async () => ({ quota: 2e7, usage: 0 });"
        },
        {
            "/snapshot.worker.js": "FileSystemSyncAccessHandle.prototype.write = () => {"
            " throw new DOMException('no room', 'QuotaExceededError'); };"
        },
    ],
    ids=["no place", "little room", "no room"],
)
def test_where_nothing_can_be_kept_every_start_is_plain(
    chromium: Browser, tmp_path: Path, trouble: dict[str, str]
) -> None:
    with served(site(), tmp_path, preludes=trouble) as url:
        context = chromium.new_context(base_url=url)
        for _ in range(2):
            page = context.new_page()
            page.goto(BLANK)
            assert "snapshot" not in page.evaluate(START)["timings"]
            page.wait_for_timeout(6_000)
            assert all(size == 0 for _, size, _ in page.evaluate(KEPT))
            page.close()
        context.close()
