"""What has to happen soon, on a machine that does nothing else."""

from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import expect

from tests import reading
from tests.browser.studio import Studio
from tests.clips import Recipe

LONG = Recipe(seconds=60, size=(640, 360), gop=50)


def test_cancel_stops_within_two_seconds_and_the_next_export_works(
    studio: Studio, make, tmp_path: Path
) -> None:
    studio.open(make(LONG))
    studio.choose("Exact")
    studio.start_export()
    studio.begun()
    asked = time.monotonic()
    studio.page.get_by_role("button", name="Cancel").click()
    expect(studio.page.get_by_role("button", name="Export clip")).to_be_visible(timeout=2_000)
    assert time.monotonic() - asked < 2
    expect(studio.page.locator("#result")).to_be_hidden()
    expect(studio.page.get_by_test_id("failure")).to_have_count(0)
    studio.mark("1", "1.4")
    studio.export()
    assert reading.numbers(studio.save(tmp_path)) == list(range(25, 35))


def test_progress_tells_how_far_and_how_long(studio: Studio, make) -> None:
    studio.open(make(LONG))
    studio.choose("Exact")
    studio.start_export()
    studio.begun(5)
    seen = []
    for _ in range(6):
        seen.append(studio.percent())
        studio.page.wait_for_timeout(200)
    assert seen == sorted(seen)
    expect(studio.page.locator("#progress-left")).to_contain_text("left")
    studio.page.keyboard.press("Escape")
    expect(studio.page.get_by_role("button", name="Export clip")).to_be_visible(timeout=2_000)
