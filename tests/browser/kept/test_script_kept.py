"""The page of scripts in a folder of its host, kept on the device: under the service worker's rules, offline too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.kept.household import Guest, guest, house
from tests.browser.kept.test_script import BOOT_MS, CLIP, output, run, write
from tests.browser.studio import Watch
from tests.clips import Recipe

pytestmark = pytest.mark.unhurried
CUT = """import sys
import clipwright as cw
media = await cw.open(sys.argv[1])
print((await media.cut(1, 2).save()).report.mode)
"""


def visit(someone: Guest) -> tuple[Page, Watch]:
    page = someone.context.new_page()
    watch = Watch(someone.place.origin)
    watch.follow(page)
    page.goto(someone.place.url + "/script.html")
    return page, watch


def test_scripts_are_kept_when_used_or_installed(
    chromium: Browser, make: Callable[[Recipe], Path], tmp_path: Path
) -> None:
    """What was used of PyScript is there offline; installed, scripts run, isolated and under the site's rules."""
    video = make(CLIP)
    with house(tmp_path, "/some/where") as place, guest(chromium, place) as someone:
        home = someone.settle().page
        someone.cut_off()
        page, _ = visit(someone)
        expect(page.get_by_role("log")).to_contain_text("The editor could not be loaded.")
        someone.plug_in()
        page.reload()
        expect(page.get_by_role("button", name="Run")).to_be_enabled(timeout=BOOT_MS)
        someone.cut_off()
        page.reload()
        expect(page.get_by_role("button", name="Run")).to_be_enabled(timeout=BOOT_MS)
        page.close()

        someone.plug_in()
        home.get_by_role("button", name="Offline and storage").click()
        row = home.locator("[data-pack=scripts]")
        expect(row).to_contain_text("PyScript, 2.")
        home.get_by_role("button", name="Install PyScript").click()
        expect(row).to_have_attribute("data-state", "installed", timeout=30_000)
        someone.cut_off()
        page, watch = visit(someone)
        write(page, CUT)
        assert run(page, video) == 0, output(page)
        assert output(page) == "lossless\n"
        assert page.evaluate("crossOriginIsolated") is True
        # While a script runs, nothing may take its files away.
        write(page, "print('on')\nwhile True: pass")
        page.get_by_role("button", name="Run").click()
        expect(page.get_by_role("log")).to_have_text("on\n")
        home.get_by_role("button", name="Clear all data…").click()
        home.locator("#clear-yes").click()
        expect(home.locator("#device-status")).to_contain_text("A clip is being made")
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_role("log")).to_contain_text("Stopped.")
        assert watch.verdict() == []
