"""A page that asks the media worker directly, operation by operation, without Python in between."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Page

from tests.equipment import site
from tests.pages import KEPT, TEST_PAGE, served

COUNTING = """
const reads = new BroadcastChannel('read');
const whole = Blob.prototype.arrayBuffer;
Blob.prototype.arrayBuffer = function () { reads.postMessage(this.size); return whole.call(this); };
for (const { prototype } of [ReadableStreamDefaultReader, ReadableStreamBYOBReader]) {
    const plain = prototype.read;
    prototype.read = async function (...into) {
        const chunk = await plain.apply(this, into);
        reads.postMessage(chunk.value?.byteLength ?? 0);
        return chunk;
    };
}
"""
"""Lines in front of the worker's that tell how many bytes of Blobs are read."""


class Workshop:
    """The page; `kept` is where results are put."""

    def __init__(self, page: Page, kept: Path) -> None:
        self._page = page
        self._kept = kept
        self._names = itertools.count(1)
        self.read_bytes = 0
        """How much of all files the last request read."""
        self.ms = 0.0
        """How long the last request took inside the worker, in milliseconds."""

    def choose(self, *files: Path) -> None:
        """Make files known to the page; an argument names one as ``{"$file": name}``."""
        self._page.set_input_files("#files", files)

    def ask(self, op: str, args: dict[str, Any], *, keep: str | None = None) -> Any:
        """What the worker answers; the `file` of the answer is kept as the path under ``kept_as``."""
        name = f"{next(self._names)}.{keep}" if keep else None
        reply = self._page.evaluate(
            "([op, args, keep]) => workshop.ask(op, args, keep)", [op, args, name and KEPT + quote(name)]
        )
        assert reply["ok"], reply["error"]
        self.read_bytes = reply["read"]
        self.ms = reply["timings"]["total"]
        return reply["value"] | ({"kept_as": self._kept / name} if name else {})

    def cancel(self, op: str, args: dict[str, Any], after_ms: int) -> tuple[dict[str, str], float]:
        """With what error the worker answers a request cancelled after a while, and how many milliseconds later."""
        reply = self._page.evaluate(
            "([op, args, afterMs]) => workshop.cancel(op, args, afterMs)", [op, args, after_ms]
        )
        assert not reply["ok"], "it was done before it could be cancelled"
        return reply["error"], reply["took"]


@contextlib.contextmanager
def workshop(chromium: Browser, kept: Path) -> Iterator[Workshop]:
    """An open workshop."""
    with served(site(), kept, preludes={"/media.worker.js": COUNTING}) as url:
        page = chromium.new_page()
        page.goto(url + TEST_PAGE + "workshop.html")
        page.wait_for_function("globalThis.workshop")
        yield Workshop(page, kept)
        page.close()
