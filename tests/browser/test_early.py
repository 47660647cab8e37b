"""Before Python has started the page can be used already; what needs it waits, in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests import reading
from tests.browser.studio import BOOT_MS, Studio, Watch
from tests.clips import Recipe

pytestmark = pytest.mark.unhurried

SHOWS = "() => document.querySelector('#video').readyState >= HTMLMediaElement.HAVE_CURRENT_DATA"
PLAYS = "() => { const video = document.querySelector('#video'); return !video.paused && video.currentTime > 0.1; }"


@pytest.fixture
def slow(chromium: Browser, sites: dict[str, str]) -> Iterator[tuple[Studio, list[Route]]]:
    """A page whose libraries do not arrive until the test lets them."""
    page = chromium.new_page()
    # A dialog of the operating system cannot be operated.
    page.add_init_script("delete globalThis.showSaveFilePicker")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/modules/*.zip", hold)
    watch = Watch(sites["plain"])
    watch.follow(page)
    page.goto(sites["plain"] + "/")
    yield Studio(page, sites["plain"], watch), held
    page.close()
    assert not watch.verdict()


def release(page: Page, held: list[Route]) -> None:
    """What is held goes on, and what is asked for from now on is not held."""
    for route in held:
        route.continue_()
    page.unroute_all()


def test_a_file_is_played_and_marked_before_python_is_there(
    slow: tuple[Studio, list[Route]], make, tmp_path: Path
) -> None:
    studio, held = slow
    page = studio.page
    page.set_input_files("#picker", make(Recipe()))
    engine = page.locator("#engine")
    page.locator("#video").focus()
    page.wait_for_function(SHOWS)
    page.keyboard.press("Space")
    page.wait_for_function(PLAYS)
    page.keyboard.press("Space")
    page.keyboard.press("Home")
    for key, name, shown in (("i", "In", "0:01.000"), ("o", "Out", "0:02.000")):
        page.keyboard.press("Shift+ArrowRight")
        page.wait_for_function(
            "([text]) => document.querySelector('#clock-now').textContent === text", arg=[shown]
        )
        page.keyboard.press(key)
        expect(page.get_by_label(name, exact=True)).to_have_value(shown)
    expect(engine).to_have_attribute("data-state", "starting")
    assert held
    release(page, held)
    expect(engine).to_have_attribute("data-state", "ready", timeout=BOOT_MS)
    studio.planned()
    studio.choose("Exact", "MP4")
    studio.export()
    assert reading.numbers(studio.save(tmp_path)) == list(range(25, 50))


def test_an_export_asked_for_early_is_made_and_one_may_be_cancelled(
    slow: tuple[Studio, list[Route]], make, tmp_path: Path
) -> None:
    studio, held = slow
    page = studio.page
    page.set_input_files("#picker", make(Recipe()))
    for name, text in (("In", "1"), ("Out", "2")):
        page.get_by_label(name, exact=True).fill(text)
    page.get_by_text("Exact", exact=True).click()
    page.get_by_role("button", name="Export clip").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#settings-status")).to_have_text("Cancelled. Nothing was written.")
    page.get_by_role("button", name="Export clip").click()
    expect(page.locator("#progress")).to_be_visible()
    assert held
    release(page, held)
    expect(page.locator("#result")).to_be_visible(timeout=BOOT_MS)
    assert reading.numbers(studio.save(tmp_path)) == list(range(25, 50))


def test_what_was_asked_for_early_is_answered_in_order(slow: tuple[Studio, list[Route]]) -> None:
    studio, held = slow
    page = studio.page
    page.evaluate(
        """async () => {
            const { Clipwright } = await import('/clipwright.js');
            const app = Clipwright.launch();
            globalThis.answers = [];
            for (const text of ['1', '2', 'nonsense', '4'])
                void app.parseTime(text).then(({ us }) => answers.push(us / 1e6), ({ code }) => answers.push(code));
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("answers") == []
    release(page, held)
    page.wait_for_function("() => answers.length === 4", timeout=BOOT_MS)
    assert page.evaluate("answers") == [1, 2, "bad_request", 4]
