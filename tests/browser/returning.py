"""Browsers that have been to the site before: there, Python starts from the snapshot that its first start left behind.

That takes half the work, and no snapshot is made beside a test. What a first visit does is for `test_start.py`.
"""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from tests.equipment import site
from tests.pages import EMPTY, KEPT, SNAPSHOT, TEST_PAGE, Handler, served

PATIENCE_MS = 60_000
SOME_TEXT = TEST_PAGE + "player.js"
"""Any document will do to keep things from; this one has no policy, whatever a test serves the others with."""
TAKE = """async (address) => {
    const { Clipwright } = await import('/clipwright.js');
    const app = await Clipwright.start();
    for (;;) {
        await new Promise((done) => setTimeout(done, 100));
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle('clipwright-snapshots').catch(() => null);
        const [[key, handle] = []] = folder ? await Array.fromAsync(folder.entries()) : [];
        const { held } = await navigator.locks.query();
        if (!handle || held.some(({ name }) => name === 'clipwright-snapshots')) continue;
        await fetch(address, { method: 'PUT', body: await handle.getFile() });
        return key;
    }
}"""
PUT = """async ([address, key]) => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('clipwright-snapshots', { create: true });
    const handle = await folder.getFileHandle(key, { create: true });
    await (await fetch(address)).body.pipeTo(await handle.createWritable());
}"""


def remember(browser: Browser, context: BrowserContext, url: str) -> None:
    """Let the site at `url` have been visited.

    The test server must serve it; the `browser` may be another than that of the `context`.
    """
    key = _snapshot(browser)
    page = context.new_page()
    page.goto(url + SOME_TEXT)
    page.evaluate(PUT, [SNAPSHOT, key])
    page.close()


@functools.cache
def _snapshot(browser: Browser) -> str:
    """What a snapshot is kept under; the test server has it from now on."""
    folder = Path(tempfile.mkdtemp())
    Handler.snapshot = folder / "snapshot"
    context = browser.new_context()
    with served(site(), folder) as url:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(url + EMPTY)
        key = str(page.evaluate(TAKE, f"{KEPT}{Handler.snapshot.name}"))
        context.close()
    return key
