"""A copy of the site that may be changed, moved and cut off, and a page that has been to it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.returning import remember
from tests.browser.studio import Studio, Watch
from tests.clips import Recipe
from tests.equipment import site
from tests.pages import served

INSTALL_MS = 60_000
LONG = Recipe(seconds=60, size=(640, 360), gop=50)
LARGE_BYTES = 1 << 20
NO_NETWORK = r"ERR_INTERNET_DISCONNECTED|Failed to load resource|ERR_FAILED|ERR_CONNECTION"


class House:
    """A host with a copy of the site on it, in a folder of that host or at its root."""

    def __init__(self, folder: Path, origin: str, path: str) -> None:
        self.folder = folder
        self.origin = origin
        self.url = origin + path

    def publish(self, **changes: bytes) -> None:
        """Put other contents into files, by name with ``__`` for a dot, as the next build would."""
        files = {name.replace("__", "."): data for name, data in changes.items()}
        app = self.read("app.worker.js")
        for file, data in files.items():
            # The app worker knows the engines' workers of its own version.
            app = app.replace(f"{file}?revision={self.revision(file)}", f"{file}?revision={revision(data)}")
        for file, data in {"app.worker.js": app.encode(), **files}.items():
            old = (self.folder / file).read_bytes()
            text = self.read("sw.js")
            for form in (revision, integrity):
                assert form(old) in text
                text = text.replace(form(old), form(data))
            self.write("sw.js", text.encode())
            self.write(file, data)

    def revision(self, name: str) -> str:
        return revision((self.folder / name).read_bytes())

    def read(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")

    def write(self, name: str, data: bytes) -> None:
        """Put another file in a file's place, whose bytes may be those of the site itself."""
        (self.folder / name).unlink(missing_ok=True)
        (self.folder / name).write_bytes(data)

    def rename_page(self, title: str) -> None:
        """A new version, that can be told from the old one by the title of its page."""
        page = self.read("index.html")
        heading = page.partition('id="empty-title">')[2].partition("<")[0]
        self.publish(index__html=page.replace(f">{heading}<", f">{title}<").encode())


def revision(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def integrity(data: bytes) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode()


@contextlib.contextmanager
def house(tmp_path: Path, path: str = "", *, built: Path | None = None) -> Iterator[House]:
    """A fresh copy of the site, or of another that was built, on a plain host that sends no headers of its own."""
    root = tmp_path / "host"
    folder = root / path.lstrip("/")
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(built or site(), folder, copy_function=lay)
    with served(root, tmp_path) as origin:
        yield House(folder, origin, path)


def lay(source: str, target: str) -> None:
    """Copy a file; a large one is the same at both places where it can be, so tests only replace files as a whole."""
    if Path(source).stat().st_size > LARGE_BYTES:
        with contextlib.suppress(OSError):
            os.link(source, target)
            return
    shutil.copyfile(source, target)


class Guest:
    """A browser with a profile of its own that visits a house."""

    def __init__(self, chromium: Browser, place: House, **options: object) -> None:
        self.place = place
        self.context: BrowserContext = chromium.new_context(accept_downloads=True, **options)
        self.context.add_init_script(
            "delete globalThis.showSaveFilePicker; delete globalThis.showDirectoryPicker"
        )

    def visit(self, query: str = "") -> Studio:
        """A new tab with the page in it, ready."""
        page = self.context.new_page()
        watch = Watch(self.place.origin)
        watch.follow(page)
        studio = Studio(page, self.place.url, watch)
        page.goto(f"{self.place.url}/{query}")
        expect(page.locator("#engine")).to_have_attribute("data-state", "ready", timeout=60_000)
        return studio

    def settle(self) -> Studio:
        """Visit until the site is kept."""
        studio = self.visit()
        installed(studio)
        return studio

    def cut_off(self) -> None:
        """Pull the plug."""
        self.context.set_offline(True)

    def plug_in(self) -> None:
        self.context.set_offline(False)


def installed(studio: Studio) -> None:
    """Wait until all of the site is kept."""
    expect(studio.page.locator("#device-offline")).to_have_attribute(
        "data-state", "ready", timeout=INSTALL_MS
    )


@contextlib.contextmanager
def guest(chromium: Browser, place: House, *, is_new: bool = False, **options: object) -> Iterator[Guest]:
    """Somebody who has been there once, and of whose visit only Python's snapshot is left; or who never was there."""
    visitor = Guest(chromium, place, **options)
    if not is_new:
        remember(chromium, visitor.context, place.origin)
    yield visitor
    visitor.context.close()


def until(page: Page, expression: str, seconds: float = 30.0) -> None:
    """Wait until a promise's value counts as true; Playwright's own waiting takes the promise for the value."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"not in {seconds:.0f} s: {expression}"
        page.wait_for_timeout(100)


def start_long(studio: Studio, make) -> None:
    """Begin an export that takes a while."""
    studio.open(make(LONG))
    studio.choose("Exact", "MP4")
    studio.start_export()
    studio.begun()


def kept(page: Page, name: str) -> list[str]:
    """The revisions of a file that are kept."""
    found: list[str] = page.evaluate(
        """async (address) => {
            const site = (await caches.keys()).find((name) => name.startsWith('clipwright-site:'));
            const all = site ? await (await caches.open(site)).keys() : [];
            return all.map(({ url }) => url).filter((url) => url.split('?')[0] === address);
        }""",
        str(page.evaluate("(name) => new URL(name, location.href).href", name)),
    )
    return found
