"""The page in any browser, as a story needs it: Chromium over Playwright, others over WebDriver."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from playwright.sync_api import Browser, ConsoleMessage, Page
from playwright.sync_api import TimeoutError as PageTimeout

from tests import firefox, minibrowser
from tests.equipment import tool
from tests.pages import NOT_KEPT

PATIENCE_S = 90.0
SAVE = "() => document.querySelector('#save').click()"
UNFINISHED = (".part", ".wkdownload")
"""What browsers add to the name of a file that they are not yet done with."""
ASKED = "() => performance.getEntries().map((entry) => entry.name).filter((name) => URL.canParse(name))"


class Visitor(Protocol):
    """A browser with one tab in it."""

    def goto(self, url: str) -> None:
        """Load a page to its end."""

    def evaluate(self, function: str, *arguments: Any) -> Any:
        """What a JavaScript function makes of `arguments`; all of it JSON."""

    def wait_for(self, function: str, *arguments: Any) -> Any:
        """The first value of a function that counts as true."""

    def set_files(self, selector: str, files: Sequence[Path]) -> None:
        """Choose files in an input."""

    def save(self) -> Path:
        """Press the page's button for saving, and wait for the file."""

    def errors(self) -> list[str]:
        """What the console holds of errors."""

    def requests(self) -> list[str]:
        """The addresses that were asked for."""


class InChromium:
    """A tab of Chromium."""

    def __init__(self, page: Page, folder: Path) -> None:
        self._page = page
        self._folder = folder
        self._errors: list[str] = []
        self._requests: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self._errors.append(str(error)))
        page.context.on("request", lambda request: self._requests.append(request.url))

    def _heard(self, said: ConsoleMessage) -> None:
        where = f"{said.text} ({said.location.get('url', '')})"
        if said.type == "error" and not NOT_KEPT.search(where):
            self._errors.append(where)

    def goto(self, url: str) -> None:
        """Load a page to its end."""
        self._page.goto(url)

    def evaluate(self, function: str, *arguments: Any) -> Any:
        """What a JavaScript function makes of `arguments`; all of it JSON."""
        return self._page.evaluate(f"(all) => ({function})(...all)", list(arguments))

    def wait_for(self, function: str, *arguments: Any) -> Any:
        """The first value of a function that counts as true."""
        until = time.monotonic() + PATIENCE_S
        while not (value := self.evaluate(function, *arguments)):
            if time.monotonic() > until:
                raise PageTimeout(f"not in {PATIENCE_S:.0f} s: {function}")
            self._page.wait_for_timeout(50)
        return value

    def set_files(self, selector: str, files: Sequence[Path]) -> None:
        """Choose files in an input."""
        self._page.set_input_files(selector, list(files))

    def save(self) -> Path:
        """Press the page's button for saving, and wait for the file."""
        with self._page.expect_download() as coming:
            self.evaluate(SAVE)
        path = self._folder / coming.value.suggested_filename
        coming.value.save_as(path)
        return path

    def errors(self) -> list[str]:
        """What the console holds of errors."""
        return self._errors

    def requests(self) -> list[str]:
        """The addresses that were asked for."""
        return self._requests


P = TypeVar("P", firefox.Page, minibrowser.Page)


class _Driven(Generic[P]):
    """A tab that a client of our own drives."""

    def __init__(self, page: P) -> None:
        self._page = page
        self.goto = page.goto
        self.evaluate = page.evaluate
        self.set_files = page.set_files

    def wait_for(self, function: str, *arguments: Any) -> Any:
        """The first value of a function that counts as true."""
        return self._page.wait_for(function, *arguments, seconds=PATIENCE_S)


class InFirefox(_Driven[firefox.Page]):
    """A tab of Firefox that saves into a folder without asking."""

    def __init__(self, page: firefox.Page, folder: Path) -> None:
        super().__init__(page)
        self._folder = folder

    def save(self) -> Path:
        """Press the page's button for saving, and wait for the file."""
        return saved(self, self._folder)

    def errors(self) -> list[str]:
        """What the console holds of errors."""
        return [entry.text for entry in self._page.console if entry.level == "error"]

    def requests(self) -> list[str]:
        """The addresses that were asked for."""
        return self._page.requests


class InWebKit(_Driven[minibrowser.Page]):
    """The tab of a WebKitGTK."""

    def __init__(self, page: minibrowser.Page) -> None:
        super().__init__(page)
        self._numbers = itertools.count(1)

    def save(self) -> Path:
        """Press the page's button for saving, and wait for the file."""
        file = saved(self, self._page.saved)
        # The next of the same name would take its place.
        return file.rename(file.with_stem(f"{next(self._numbers)}-{file.stem}"))

    def errors(self) -> list[str]:
        """What crashed: its console is not to be heard."""
        return self._page.crashes()

    def requests(self) -> list[str]:
        """The addresses that the page itself asked for, without its workers."""
        asked: list[str] = self.evaluate(ASKED)
        return asked


def saved(visitor: Visitor, folder: Path) -> Path:
    """Press the page's button for saving, and wait for the file in the folder for downloads."""
    before = set(folder.iterdir())
    visitor.evaluate(SAVE)
    until = time.monotonic() + PATIENCE_S
    while True:
        fresh = set(folder.iterdir()) - before
        done = [path for path in fresh if path.suffix not in UNFINISHED]
        if len(done) == len(fresh) == 1 and done[0].stat().st_size:
            return done[0]
        assert time.monotonic() < until, f"nothing was saved: {fresh}"
        time.sleep(0.05)


@contextlib.contextmanager
def in_chromium(chromium: Browser, folder: Path) -> Iterator[Visitor]:
    """A window of its own."""
    context = chromium.new_context(accept_downloads=True)
    # Its dialog cannot be operated; without it the page saves as in browsers that have none.
    context.add_init_script("delete globalThis.showSaveFilePicker")
    yield InChromium(context.new_page(), folder)
    context.close()


@contextlib.contextmanager
def in_firefox(folder: Path) -> Iterator[Visitor]:
    """A Firefox of its own."""
    saving: firefox.Preferences = {
        "browser.download.folderList": 2,
        "browser.download.dir": str(folder),
        "browser.download.useDownloadDir": True,
        "browser.download.always_ask_before_handling_new_types": False,
    }
    with firefox.launched(tool("firefox"), saving) as running:
        yield InFirefox(running.new_page(), folder)


@contextlib.contextmanager
def in_webkit() -> Iterator[Visitor]:
    """A WebKitGTK of its own."""
    with minibrowser.launched(tool("webkit"), tool("xvfb")) as page:
        yield InWebKit(page)
