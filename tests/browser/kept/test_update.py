"""A new version of the site: it comes whole or not at all, waits to be asked in, and never ends an export."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import reading
from tests.browser.kept.household import Guest, House, guest, house, installed, kept, start_long, until
from tests.browser.studio import Studio
from tests.clips import Recipe

pytestmark = pytest.mark.unhurried

LOOK = "navigator.serviceWorker.getRegistration().then((found) => found.update())"
FATE = """() => navigator.serviceWorker.getRegistration().then((found) => new Promise((resolve) => {
    found.onupdatefound = () => {
        const { installing } = found;
        installing.onstatechange = () => {
            if (installing.state !== 'installing') resolve(installing.state);
        };
    };
    found.update().catch((error) => resolve(String(error)));
}))"""
NEW = "Keep what matters, version 2."
OLD = "Keep the part that matters."


@pytest.fixture
def place(tmp_path: Path):
    with house(tmp_path) as made:
        yield made


@pytest.fixture
def someone(chromium: Browser, place: House):
    with guest(chromium, place) as visitor:
        yield visitor


def title(page: Page) -> str:
    return page.locator("#empty-title").inner_text()


def count_loads(page: Page) -> list[str]:
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    return loads


def test_a_new_version_waits_until_it_is_asked_in(someone: Guest, place: House) -> None:
    studio = someone.settle()
    page = studio.page
    place.rename_page(NEW)
    page.evaluate(LOOK)
    bar = page.locator("#update")
    expect(bar).to_contain_text("A new version is ready", timeout=30_000)
    # Neither a reload nor another tab lets it in.
    page.reload()
    installed(studio)
    assert title(page) == OLD
    assert title(someone.visit().page) == OLD
    expect(bar).to_be_visible()
    page.get_by_role("button", name="Not now").click()
    expect(bar).to_be_hidden()
    page.reload()
    expect(bar).to_be_visible(timeout=30_000)
    loads = count_loads(page)
    page.get_by_role("button", name="Update now").click()
    expect(page.locator("#empty-title")).to_have_text(NEW, timeout=30_000)
    installed(studio)
    page.wait_for_timeout(500)
    assert len(loads) == 1
    expect(bar).to_be_hidden()


def test_an_update_waits_for_a_running_export(someone: Guest, place: House, make, tmp_path: Path) -> None:
    """The export of one tab, the update asked for in another."""
    busy, other = someone.settle(), someone.visit()
    installed(other)
    start_long(busy, make)
    place.rename_page(NEW)
    other.page.evaluate(LOOK)
    other.page.get_by_role("button", name="Update now").click(timeout=30_000)
    expect(other.page.locator("#update")).to_contain_text("until the running export has ended")
    assert busy.page.locator("#progress").is_visible()
    assert title(other.page) == OLD
    busy.finished()
    expect(other.page.locator("#empty-title")).to_have_text(NEW, timeout=30_000)
    # The tab with the result in it is not reloaded under the person's hands.
    expect(busy.page.locator("#update")).to_contain_text("updated in another tab")
    assert busy.save(tmp_path).stat().st_size > 10_000
    busy.page.get_by_role("button", name="Make another").click()
    busy.planned()
    busy.mark("1", "2")
    busy.export()
    busy.page.get_by_role("button", name="Reload now").click()
    expect(busy.page.locator("#empty-title")).to_have_text(NEW, timeout=30_000)


def test_an_update_that_waited_does_not_take_the_result_along(
    someone: Guest, place: House, make, tmp_path: Path
) -> None:
    """It was asked for while the export ran, in the same tab."""
    studio = someone.settle()
    page, bar = studio.page, studio.page.locator("#update")
    start_long(studio, make)
    place.rename_page(NEW)
    page.evaluate(LOOK)
    loads = count_loads(page)
    page.get_by_role("button", name="Update now").click(timeout=30_000)
    expect(bar).to_contain_text("until the running export has ended")
    studio.finished()
    expect(bar).to_contain_text("A new version is ready")
    assert studio.save(tmp_path).stat().st_size > 10_000
    assert not loads
    page.get_by_role("button", name="Update now").click()
    expect(page.locator("#empty-title")).to_have_text(NEW, timeout=30_000)


def test_a_waiting_version_keeps_what_it_has_fetched(someone: Guest, place: House) -> None:
    """Whatever the version before it does meanwhile: it can be let in without a network."""
    studio = someone.settle()
    place.rename_page(NEW)
    studio.page.evaluate(LOOK)
    page = studio.page
    expect(page.locator("#update")).to_be_visible(timeout=30_000)
    page.reload()
    expect(page.locator("#update")).to_be_visible(timeout=30_000)
    assert title(page) == OLD
    someone.cut_off()
    page.get_by_role("button", name="Update now").click()
    expect(page.locator("#empty-title")).to_have_text(NEW, timeout=30_000)


def test_old_files_stay_as_long_as_an_old_page(someone: Guest, place: House, make) -> None:
    first, second = someone.settle(), someone.visit()
    installed(second)
    second.open(make(Recipe()))
    place.rename_page(NEW)
    first.page.evaluate(LOOK)
    first.page.get_by_role("button", name="Update now").click(timeout=30_000)
    expect(first.page.locator("#empty-title")).to_have_text(NEW, timeout=30_000)
    first.page.close()
    third = someone.visit()
    assert title(third.page) == NEW
    assert len(kept(third.page, "index.html")) == 2
    second.page.close()
    third.page.close()
    fourth = someone.visit()
    fourth.page.wait_for_timeout(500)
    assert len(kept(fourth.page, "index.html")) == 1


def test_an_old_page_keeps_the_engines_of_its_version(
    someone: Guest, place: House, make, tmp_path: Path
) -> None:
    """What it starts after the update is what it was built with, or it is told to reload."""
    first, second = someone.settle(), someone.visit()
    installed(second)
    source = make(Recipe())
    second.open(source)
    place.rename_page(NEW)
    place.publish(media__worker__js=b"throw new Error('This is the next version.');")
    first.page.evaluate(LOOK)
    first.page.get_by_role("button", name="Update now").click(timeout=30_000)
    expect(first.page.locator("#empty-title")).to_have_text(NEW, timeout=30_000)
    expect(second.page.locator("#update")).to_contain_text("updated in another tab")
    end_engine(second)
    second.mark("1", "2")
    second.choose("Exact", "MP4")
    second.export()
    assert "FFmpeg" not in second.page.locator("#result-foot").inner_text()
    assert reading.numbers(second.save(tmp_path)) == list(range(25, 50))
    # Without that version, as after its files were cleared away, nothing of another one is taken for it.
    second.page.evaluate("caches.keys().then((all) => Promise.all(all.map((name) => caches.delete(name))))")
    end_engine(second)
    second.page.get_by_role("button", name="Make another").click()
    expect(second.page.locator("#plan")).to_contain_text("reload the page", timeout=30_000)


def end_engine(studio: Studio) -> None:
    """Let the media engine's worker die, so that the next work starts another."""
    worker = studio.worker("media.worker.js")
    worker.evaluate("void setTimeout(() => { throw new Error('struck by lightning'); })")
    while any("media.worker.js" in other.url for other in studio.page.workers):
        studio.page.wait_for_timeout(50)


def test_what_waits_for_an_update_can_be_cancelled(someone: Guest, make) -> None:
    """Another tab holds the lock, and the export has not begun."""
    studio, other = someone.settle(), someone.visit()
    other.page.evaluate(
        "void navigator.locks.request('clipwright-jobs:' + location.href, () => new Promise(() => {}))"
    )
    studio.open(make(Recipe()))
    studio.choose("Exact", "MP4")
    studio.start_export()
    studio.page.wait_for_timeout(1500)
    assert studio.page.locator("#progress").is_visible()
    studio.page.get_by_role("button", name="Cancel", exact=True).click()
    expect(studio.page.locator("#settings")).to_contain_text("Cancelled. Nothing was written.")
    other.page.close()
    studio.export()


def test_idle_tabs_follow_an_update(someone: Guest, place: House) -> None:
    first, second = someone.settle(), someone.visit()
    installed(second)
    place.rename_page(NEW)
    first.page.evaluate(LOOK)
    first.page.get_by_role("button", name="Update now").click(timeout=30_000)
    for studio in (first, second):
        expect(studio.page.locator("#empty-title")).to_have_text(NEW, timeout=30_000)


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_half_a_version_is_no_version(someone: Guest, place: House, damage: str) -> None:
    studio = someone.settle()
    page = studio.page
    whole = (place.folder / "media.worker.js").read_bytes()
    place.rename_page(NEW)
    place.publish(media__worker__js=whole + b"\n")
    if damage == "changed":
        place.write("media.worker.js", whole + b";")
    else:
        (place.folder / "media.worker.js").unlink()
    assert page.evaluate(FATE) == "redundant"
    page.reload()
    installed(studio)
    assert title(page) == OLD
    expect(page.locator("#update")).to_be_hidden()
    someone.cut_off()
    page.reload()
    installed(studio)
    assert title(page) == OLD
    # Once it is whole, it is taken.
    someone.plug_in()
    place.write("media.worker.js", whole + b"\n")
    page.evaluate(LOOK)
    page.get_by_role("button", name="Update now").click(timeout=30_000)
    expect(page.locator("#empty-title")).to_have_text(NEW, timeout=30_000)


def test_a_first_visit_to_half_a_site_works_and_says_so(someone: Guest, place: House) -> None:
    (place.folder / "icon-512.png").unlink()
    studio = someone.visit()
    expect(studio.page.locator("#device-offline")).to_have_attribute("data-state", "failed", timeout=30_000)
    studio.page.get_by_role("button", name="Try the sample").click()
    studio.planned()


def test_what_is_installed_comes_along(someone: Guest, place: House, make) -> None:
    """A pack that somebody installed is there in the new version, in its new revision, and the old one is gone."""
    studio = someone.settle()
    page = studio.page
    page.get_by_role("button", name="Offline and storage").click()
    page.get_by_role("button", name="Install FFmpeg").click()
    expect(page.locator("[data-pack=ffmpeg]")).to_have_attribute("data-state", "installed", timeout=30_000)
    page.get_by_role("button", name="Close", exact=True).click()
    packs = place.read("packs.json")
    name = packs.partition('"cache": "')[2].partition('"')[0]
    changed = packs.replace(name, "pack-ffmpeg-0123456789abcdef")
    place.publish(packs__json=changed.encode())
    place.write("sw.js", place.read("sw.js").replace(name, "pack-ffmpeg-0123456789abcdef").encode())
    page.evaluate(LOOK)
    page.get_by_role("button", name="Update now").click(timeout=30_000)
    page.wait_for_event("load")
    installed(studio)
    until(
        page,
        """async () => {
            const names = (await caches.keys()).filter((name) => name.includes('pack-'));
            return names.length === 1 && names[0].includes('0123456789abcdef');
        }""",
    )
    someone.cut_off()
    studio.open(make(Recipe(container="avi", video="mpeg4", audio=("mp3",), seconds=3)))
