"""The page on small screens, in the dark, by keyboard, and to a screen reader."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from playwright.sync_api import expect

from tests import reading
from tests.browser.studio import Studio
from tests.clips import Recipe
from tests.equipment import ROOT

pytestmark = pytest.mark.unhurried

SHOTS = ROOT / ".build" / "screenshots"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


def screens(studio: Studio, make) -> Iterator[str]:
    """Each screen of the page in turn, by name."""
    yield "empty"
    source = make(Recipe(container="mkv", audio=("aac", "opus"), subtitles=True))
    studio.open(source)
    studio.mark("1.36", "2.44")
    yield "editor"
    studio.page.get_by_role("button", name="Add segment").click()
    studio.mark("3", "3.5")
    studio.page.get_by_role("button", name="Add segment").click()
    studio.page.locator(".segment__pick").first.click()
    studio.planned()
    yield "segments"
    studio.page.locator("#segments-menu summary").click()
    yield "menu"
    studio.page.locator("#segments-menu summary").click()
    for fold in ("#tracks > summary", "#words > summary"):
        studio.page.locator(fold).click()
    studio.page.locator(".track__more summary").nth(1).click()
    studio.page.set_input_files("#files-picker", [source])
    expect(studio.page.locator("#files")).to_be_visible()
    studio.planned()
    yield "tracks"
    studio.page.get_by_role("button", name="Remove ").and_(
        studio.page.locator("#files-list button:visible")
    ).click()
    studio.page.locator("#output").get_by_text("Separate files").click()
    studio.planned()
    studio.start_export()
    studio.finished()
    yield "results"
    studio.page.get_by_role("button", name="Make another").click()
    studio.page.locator("#segments-menu summary").click()
    studio.page.get_by_role("button", name="Remove all").click()
    studio.page.locator("#facts summary").click()
    studio.planned()
    yield "facts"
    studio.choose("Exact", "MP4")
    studio.export()
    yield "result"
    studio.page.get_by_role("button", name="Offline and storage").click()
    expect(studio.page.locator("[data-pack]").first).to_be_visible()
    studio.page.get_by_role("button", name="Clear all data…").click()
    yield "device"
    studio.page.get_by_role("button", name="Close", exact=True).click()
    studio.page.get_by_role("button", name="Help and keyboard shortcuts").click()
    yield "help"


class TestPhone:
    @pytest.fixture
    def options(self) -> dict[str, object]:
        return PHONE

    def test_nothing_sticks_out_at_360_pixels(self, fresh_studio: Studio, make) -> None:
        studio = fresh_studio
        for name in screens(studio, make):
            SHOTS.mkdir(parents=True, exist_ok=True)
            studio.page.screenshot(path=SHOTS / f"phone-{name}.png", full_page=True)
            wide = studio.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 360, f"{name} is {wide} pixels wide"

    def test_targets_are_big_enough_for_a_finger(self, fresh_studio: Studio, make) -> None:
        studio = fresh_studio
        for name in screens(studio, make):
            if name in ("device", "help"):
                continue
            small = studio.page.evaluate(
                """() => ['button', 'a[href]', 'select', 'input:not([type=radio]):not([type=checkbox])']
                    .flatMap((kind) => [...document.querySelectorAll(`main ${kind}`)])
                    .filter((element) => element.checkVisibility())
                    .map((element) => [element.id || element.textContent.trim(), element.getBoundingClientRect()])
                    .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
                    .map(([label, box]) => `${label} ${box.width}x${box.height}`)"""
            )
            assert not small, f"{name}: {small}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(fresh_studio: Studio, make, scheme: str) -> None:
    studio = fresh_studio
    studio.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a str stands for the literal
    for name in screens(studio, make):
        SHOTS.mkdir(parents=True, exist_ok=True)
        data = studio.page.screenshot(path=SHOTS / f"{scheme}-{name}.png", full_page=True)
        with av.open(io.BytesIO(data)) as picture:
            brightness = next(picture.decode(video=0)).reformat(format="gray").to_ndarray().mean()
        assert (brightness < 90) == (scheme == "dark"), f"{name} in {scheme} has brightness {brightness:.0f}"
        faint = studio.page.evaluate(CONTRAST)
        assert not faint, f"{name} in {scheme}: {faint}"


CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")


def test_the_theme_can_be_switched_and_stays(fresh_studio: Studio) -> None:
    studio = fresh_studio

    def background() -> str:
        return str(studio.page.evaluate("getComputedStyle(document.body).backgroundColor"))

    before = background()
    studio.page.get_by_role("button", name="Switch between light and dark").click()
    switched = background()
    assert switched != before
    studio.page.reload()
    assert background() == switched


def test_everything_can_be_done_by_keyboard(fresh_studio: Studio, tmp_path: Path) -> None:
    studio = fresh_studio
    page = studio.page

    def tab_to(selector: str) -> None:
        for _ in range(80):
            if page.evaluate("(selector) => document.activeElement?.matches(selector)", selector):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with Tab")

    tab_to("#try-sample")
    page.keyboard.press("Enter")
    studio.planned()
    tab_to("#in")
    page.keyboard.type("1")
    tab_to("#out")
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    tab_to("input[name=mode]")
    for _ in ("lossless", "smart", "exact"):
        page.keyboard.press("ArrowRight")
    expect(page.locator("[name=mode][value=exact]")).to_be_checked()
    studio.planned()
    tab_to("#export")
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_be_visible(timeout=60_000)
    tab_to("#save")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    saved = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    assert reading.duration_us(saved) == pytest.approx(1_000_000, abs=60_000)


def test_focus_can_be_seen(studio: Studio, make) -> None:
    studio.open(make(Recipe()))
    page = studio.page
    for _ in range(30):
        page.keyboard.press("Tab")
        unseen = page.evaluate(
            """() => {
                const element = document.activeElement;
                if (!element || element === document.body) return '';
                const marked = [element, ...element.parentElement.children, element.parentElement].some((one) => {
                    const style = getComputedStyle(one);
                    const outlined = style.outlineStyle !== 'none' && style.outlineWidth !== '0px';
                    return outlined || style.boxShadow !== 'none';
                });
                return marked ? '' : element.outerHTML.slice(0, 120);
            }"""
        )
        assert not unseen, f"focus cannot be seen on {unseen}"


def test_everything_has_a_name(fresh_studio: Studio, make) -> None:
    """Whatever takes the focus or shows a picture says what it is; headings and landmarks are there."""
    studio = fresh_studio
    session = studio.page.context.new_cdp_session(studio.page)
    for name in screens(studio, make):
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        nameless = []
        roles = set()
        for node in nodes:
            if node.get("ignored"):
                continue
            role = node["role"]["value"]
            roles.add(role)
            properties = {item["name"]: item["value"].get("value") for item in node.get("properties", [])}
            told = node.get("name", {}).get("value", "").strip()
            control = properties.get("focusable") and role not in (
                "RootWebArea",
                "generic",
                "main",
                "heading",
                "dialog",
            )
            if (control or role in ("image", "img", "slider", "progressbar")) and not told:
                nameless.append(f"{role} {node.get('backendDOMNodeId')}")
        assert not nameless, f"{name}: {nameless}"
        assert name in ("device", "help") or {"main", "banner", "contentinfo", "heading"} <= roles, roles


def test_ids_and_labels_point_at_what_exists(studio: Studio) -> None:
    loose = studio.page.evaluate(
        """() => {
            const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
            const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
            const lost = ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls'].flatMap((name) =>
                [...document.querySelectorAll(`[${name}]`)]
                    .flatMap((element) => element.getAttribute(name).split(/\\s+/))
                    .filter((id) => !document.getElementById(id)).map((id) => `${name}=${id}`));
            return [...twice, ...lost];
        }"""
    )
    assert not loose
