"""Pages of other people that Clipwright is embedded in: what they allow, and what they hear."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.returning import remember
from tests.browser.studio import BOOT_MS, WORK_MS, Watch
from tests.pages import EMPTY

COLLECT = """addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
    console.error(`CSP: ${violatedDirective} ${blockedURI} ${sample}`);
});
delete globalThis.showSaveFilePicker;"""
TOLD = """(clipper) => {
    globalThis.clipper = clipper;
    globalThis.told = [];
    for (const type of ['ready', 'change', 'progress', 'complete', 'error']) {
        clipper.addEventListener(type, ({ detail }) => told.push([type, type === 'ready' ? detail.protocol
            : type === 'error' ? { code: detail.code, message: detail.message, hint: detail.hint }
            : type === 'complete' ? { name: detail.name, report: detail.report } : detail]));
    }
}"""
"""Keeps what a clipper tells, as plain values."""


class Visit:
    """A page that embeds Clipwright, and what happened on it."""

    def __init__(self, page: Page, origins: tuple[str, ...]) -> None:
        self.page = page
        self.origins = origins
        self.watch = Watch(origins[0])
        self.watch.follow(page)

    def verdict(self) -> list[str]:
        """Everything that should not have happened; whoever embeds from elsewhere asks there, too."""
        known = tuple(f"asked {kind}{origin}/" for origin in self.origins for kind in ("", "blob:"))
        return [word for word in self.watch.verdict() if not word.startswith(known)]

    @property
    def element(self) -> Locator:
        return self.page.locator("clip-wright")

    @property
    def root(self) -> Locator:
        return self.element.locator(".root")

    def put_element(self, address: str, **attributes: str) -> None:
        """Load the element's module and put one into the page."""
        self.page.evaluate(
            f"""async ([address, attributes]) => {{
                await import(address);
                const clipper = document.createElement('clip-wright');
                for (const [name, value] of Object.entries(attributes)) clipper.setAttribute(name, value);
                ({TOLD})(clipper);
                document.body.append(clipper);
            }}""",
            [address, attributes],
        )

    def choose(self, path: Path) -> None:
        self.element.locator("input[type=file]").set_input_files(path)
        self.reaches("open")

    def reaches(self, state: str) -> None:
        """Wait for a state; an error that is told ends the wait."""
        failed = self.element.locator(".message:not(:empty)")
        expect(self.element.locator(f".root[data-state={state}]").or_(failed).first).to_be_visible(
            timeout=BOOT_MS + WORK_MS
        )
        assert failed.count() == 0, failed.inner_text()

    def make(self, folder: Path) -> Path:
        """Press the button, wait, save."""
        self.page.get_by_role("button", name="Make the clip").click()
        self.reaches("done")
        return self.save(folder)

    def save(self, folder: Path) -> Path:
        with self.page.expect_download() as waiting:
            self.page.get_by_role("button", name="Save").click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def told(self, type_: str | None = None) -> list[Any]:
        """What was told: of one type its details, else all of it."""
        told: list[Any] = self.page.evaluate("told")
        return [detail for name, detail in told if name == type_] if type_ else told


@contextlib.contextmanager
def visit(chromium: Browser, url: str, *others: str, **options: Any) -> Iterator[Visit]:
    """An empty page at `url`; errors, violations of a policy and words to other origins fail the test.

    Only its own origin and the `others` may be asked.
    """
    context = chromium.new_context(accept_downloads=True, **options)
    remember(chromium, context, url)
    context.add_init_script(COLLECT)
    page = context.new_page()
    embedding = Visit(page, (url, *others))
    page.goto(url + EMPTY)
    yield embedding
    context.close()
    assert not embedding.verdict(), "\n".join(embedding.verdict())
