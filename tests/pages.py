"""A local server for `dist/` and a Chromium to look at it with."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Page, Playwright

from tests.equipment import load

WITHOUT = (
    # What Playwright turns off, too, and would not where this list stands in its place.
    *(
        "AvoidUnnecessaryBeforeUnloadCheckSync",
        "DestroyProfileOnBrowserClose",
        "HttpsUpgrades",
        "LensOverlay",
    ),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled"),
    "PreconnectToSearch",
    # Pages for the address bar, which nobody sees: they cost every window a process.
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
)
"""Features of Chromium that tests do without."""
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    f"--disable-features={','.join(WITHOUT)}",
)
HASTY = "--js-flags=--liftoff-only"
"""Where Python starts anew for each test, the optimising compiler of WebAssembly takes a third of the processor."""
PAGE = Path(__file__).parent / "page"
TEST_PAGE = "/test-page/"
EMPTY = TEST_PAGE + "empty.html"
LAB = TEST_PAGE + "lab.html"
NOT_KEPT = re.compile(r"ERR_CACHE_MISS .*/pyodide\.asm\.wasm")
"""The browser's own cache is asked first for what it keeps compiled; a private window's says aloud that it has not."""
SNAPSHOT = TEST_PAGE + "snapshot"
"""The file of a snapshot of Python's memory, once there is one."""
KEPT = "/kept/"
BOOT_MS = 60_000

Site: Any = load("web/server.py").Site


class Handler(Site):  # type: ignore[misc]  # the server is loaded by path, so its type is unknown
    """The project's own server, which also shows the test page and keeps what that page PUTs."""

    kept: Path
    preludes: dict[str, str]
    replaced: dict[str, str]
    extra: dict[str, dict[str, str]]
    snapshot: ClassVar[Path]

    def do_GET(self) -> None:
        """Serve a file, with a test's own lines in front where it asked for that."""
        path = urlsplit(self.path).path
        if path in self.replaced:
            body = self.replaced[path].encode()
        elif path in self.preludes:
            body = self.preludes[path].encode() + Path(self.translate_path(self.path)).read_bytes()
        else:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def translate_path(self, path: str) -> str:
        """Files of the test page lie beside the tests, all else in the served folder."""
        plain = urlsplit(path).path
        if plain == SNAPSHOT:
            return str(self.snapshot)
        if plain.startswith(TEST_PAGE):
            return str(PAGE / Path(plain).name)
        return str(super().translate_path(path))

    def end_headers(self) -> None:
        """Headers that a test wants, by the beginning of the path."""
        for start, headers in self.extra.items():
            if urlsplit(self.path).path.startswith(start):
                for name, value in headers.items():
                    self.send_header(name, value)
        super().end_headers()

    def do_PUT(self) -> None:
        """Keep the body as a file."""
        name = Path(unquote(self.path.removeprefix(KEPT))).name
        with (self.kept / name).open("wb") as file:
            left = int(self.headers["Content-Length"])
            while left:
                chunk = self.rfile.read(min(left, 1 << 20))
                file.write(chunk)
                left -= len(chunk)
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextlib.contextmanager
def served(
    folder: Path,
    kept: Path,
    *,
    isolated: bool = False,
    preludes: dict[str, str] | None = None,
    replaced: dict[str, str] | None = None,
    headers: dict[str, dict[str, str]] | None = None,
) -> Iterator[str]:
    """Serve `folder` on this machine, cross-origin isolated or not; gives the URL without a last slash.

    ``/test-page/`` has an empty page of the same origin; what is PUT under ``/kept/`` lands in `kept`.
    `preludes` puts lines in front of scripts, by path: for troubles that a browser cannot be asked for. `replaced` has
    files that differ from those of the folder, `headers` what is added to answers, by the beginning of their path.
    """
    traits = {"isolated": isolated, "kept": kept, "preludes": preludes or {}}
    handler = type(
        "Handler",
        (Handler,),
        {**traits, "replaced": {} if replaced is None else replaced, "extra": headers or {}},
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        # A browser that hangs up in the middle (cancel, terminate) is no trouble of ours.
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a browser that hangs up is no news
        server.daemon_threads = True
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def launch(playwright: Playwright, executable: Path | str, *flags: str, **options: Any) -> Browser:
    """A headless Chromium that talks to nobody, with more `flags` where they are given."""
    return playwright.chromium.launch(executable_path=str(executable), args=[*FLAGS, *flags], **options)


def open_lab(page: Page, url: str) -> Page:
    """Load the test page and wait until Clipwright answers in it."""
    page.goto(url + LAB)
    page.wait_for_function("globalThis.lab || globalThis.labFailure", timeout=BOOT_MS)
    failure = page.evaluate("globalThis.labFailure")
    assert not failure, f"Clipwright could not start: {failure}"
    return page
