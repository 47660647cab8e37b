"""The page as a person uses it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, Request, Worker, expect

from tests.drivers import Json
from tests.pages import NOT_KEPT

BOOT_MS = 60_000
WORK_MS = 30_000
CALM_MS = 100
"""Longer than the page waits for a late picture, by which a handle that was moved may move again."""
SETTLED = """async ([patience, calm]) => {
    const video = document.querySelector('#video');
    const plan = document.querySelector('#plan');
    const isSettled = () => plan.dataset.state === 'ready' && !document.querySelector('[aria-busy=true]')
        && document.querySelector('#player').dataset.view !== 'loading' && !video.seeking;
    const until = performance.now() + patience;
    for (let since = Infinity; performance.now() < until; await new Promise((done) => setTimeout(done, 20))) {
        since = isSettled() ? Math.min(since, performance.now()) : Infinity;
        if (performance.now() - since >= calm) return '';
    }
    return `${plan.dataset.state}: ${plan.innerText}`;
}"""
"""Whatever was changed makes the plan stale at once, and a time that was typed its field busy."""


@dataclass
class Watch:
    """What a page did that it should not: said errors, or talked to strangers."""

    origin: str
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Listen to everything `page` says and asks for."""
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))
        page.context.on("request", self._asked)

    def begin(self) -> None:
        """Forget what was heard: another test begins."""
        for heard in (self.errors, self.strangers, self.uploads, self.forgiven):
            heard.clear()

    def forgive(self, pattern: str) -> None:
        """Expect errors that match: a test that breaks something must say what the browser will say about it."""
        self.forgiven.append(pattern)

    def verdict(self) -> list[str]:
        """Everything that is not forgiven."""
        unforgiven = [e for e in self.errors if not any(re.search(pattern, e) for pattern in self.forgiven)]
        return (
            unforgiven
            + [f"asked {url}" for url in self.strangers]
            + [f"sent data to {url}" for url in self.uploads]
        )

    def _heard(self, message: ConsoleMessage) -> None:
        said = f"console {message.type}: {message.text} ({message.location.get('url', '')})"
        if message.type in ("error", "warning", "assert") and not NOT_KEPT.search(said):
            self.errors.append(said)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.origin + "/", f"blob:{self.origin}/", "data:")):
            self.strangers.append(request.url)
        if request.method not in ("GET", "HEAD") or request.post_data_buffer:
            self.uploads.append(request.url)


class Studio:
    """A page with Clipwright's user interface in it."""

    def __init__(self, page: Page, url: str, watch: Watch) -> None:
        self.page = page
        self.url = url
        self.watch = watch

    def visit(self) -> None:
        """Load the page and wait until its engines are ready."""
        self.page.goto(self.url + "/")
        expect(self.page.locator("#engine")).to_have_attribute("data-state", "ready", timeout=BOOT_MS)

    def open(self, path: Path | str) -> None:
        """Choose a file and wait until its plan is shown."""
        self.page.set_input_files("#picker", path)
        self.planned()
        # What was chosen for the last file stays chosen, which a test must not depend on.
        if (
            self.page.get_by_label("Format").input_value()
            or not self.page.locator("[name=mode][value=auto]").is_checked()
        ):
            self.choose("Auto", "Same as file")

    def planned(self) -> None:
        """Wait until the plan for what is set is shown, and no newer one is on its way."""
        left = self.page.evaluate(SETTLED, [WORK_MS, CALM_MS])
        assert not left, f"the plan never settles: {left}"

    def mark(self, start: str, end: str) -> None:
        """Type the in and the out point."""
        for name, text in (("In", start), ("Out", end)):
            box = self.page.get_by_label(name, exact=True)
            box.fill(text)
            box.press("Tab")
        self.planned()

    def choose(self, mode: str | None = None, container: str | None = None) -> None:
        """Choose how to cut, and the format by its name."""
        if mode:
            self.page.locator("#settings .segmented").get_by_text(mode, exact=True).click()
        if container:
            self.page.get_by_label("Format").select_option(label=container)
        self.planned()

    def export(self) -> None:
        """Press the button and wait for the result."""
        self.start_export()
        self.finished()

    def finished(self) -> None:
        """Wait for the result; an error card ends the wait at once."""
        card = self.page.get_by_test_id("failure")
        expect(self.page.locator("#result").or_(card).locator("visible=true").first).to_be_visible(
            timeout=WORK_MS
        )
        assert card.count() == 0, self.failure()

    def start_export(self) -> None:
        """Press the button."""
        self.page.locator("#export").click()

    def save(self, folder: Path) -> Path:
        """Save the result, as a download."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("button", name="Save").click()
        download = waiting.value
        path = folder / download.suggested_filename
        download.save_as(path)
        return path

    def percent(self) -> float:
        """What the progress bar says."""
        return float(self.page.evaluate("document.querySelector('#progress-bar').value"))

    def begun(self, percent: float = 0) -> None:
        """Wait until the work has really begun, or come this far."""
        deadline = time.monotonic() + WORK_MS / 1000
        while self.percent() <= percent or self.page.locator("#progress").is_hidden():
            assert time.monotonic() < deadline, "the work does not begin"
            self.page.wait_for_timeout(50)

    def failure(self) -> Json:
        """Wait for the one error card and read it."""
        cards = self.page.get_by_test_id("failure")
        expect(cards).to_have_count(1, timeout=WORK_MS)
        card = cards.first
        card.locator("summary").click()
        return {
            "title": card.locator(".failure__title").inner_text(),
            "message": card.locator(".failure__message").inner_text(),
            "hint": card.locator(".failure__hint").inner_text(),
            "code": card.locator(".failure__code").inner_text(),
            "detail": card.locator(".failure__detail").inner_text(),
        }

    def notes(self) -> list[str]:
        """The plan's notes."""
        return self.page.locator("#plan-notes li").all_inner_texts()

    def worker(self, file: str) -> Worker:
        """The running worker made from a file of the site."""
        for _ in range(100):
            for worker in self.page.workers:
                if file in worker.url:
                    return worker
            self.page.wait_for_timeout(50)
        raise AssertionError(f"no {file} among {[worker.url for worker in self.page.workers]}")
