"""The custom element in other people's pages: under their policies, from elsewhere, by keyboard and script."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.embedded.embedding import Visit, visit
from tests.clips import Recipe
from tests.equipment import ROOT, site
from tests.judging import Wanted, assert_frames, assert_sound
from tests.pages import EMPTY, served

pytestmark = pytest.mark.unhurried

SHOTS = ROOT / ".build" / "screenshots"
CONTRAST = (Path(__file__).parents[1] / "contrast.js").read_text("utf-8")
TYPES = "require-trusted-types-for 'script'; trusted-types clipwright"
OWN = f"default-src 'none'; img-src data:; script-src 'self'; worker-src 'self'; media-src blob:; {TYPES}"
EVERYWHERE = (
    "default-src 'none'; img-src data:; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self';"
    f" media-src blob:; {TYPES}"
)
SHARED = {"": {"Access-Control-Allow-Origin": "*"}}


def page_of_another(host: str) -> str:
    """The policy that EMBEDDING.md tells for a page of another origin."""
    return (
        f"default-src 'none'; img-src data:; script-src {host} 'wasm-unsafe-eval'; worker-src blob:;"
        f" connect-src {host}; media-src blob:; {TYPES}"
    )


@pytest.fixture
def page(chromium: Browser, sites: dict[str, str]) -> Iterator[Visit]:
    """An empty page of the site's own origin."""
    with visit(chromium, sites["plain"]) as opened:
        yield opened


def judge(source: Path, clip: Path, start_us: int, end_us: int) -> None:
    wanted = Wanted(source, start_us, end_us, 0)
    assert_sound(wanted, clip, assert_frames(wanted, clip))


def type_times(page: Visit, start: str, end: str) -> None:
    for name, text in (("In", start), ("Out", end)):
        box = page.page.get_by_label(name, exact=True)
        box.fill(text)
        box.press("Tab")


@pytest.mark.parametrize(
    "headers",
    [{EMPTY: {"Content-Security-Policy": OWN}}, {"": {"Content-Security-Policy": EVERYWHERE}}],
    ids=["the page", "every answer"],
)
def test_a_clip_under_a_strict_policy(chromium: Browser, make, tmp_path: Path, headers) -> None:
    source = make(Recipe())
    with (
        served(site(), tmp_path, headers=headers) as url,
        visit(chromium, url) as page,
    ):
        page.put_element(f"{url}/element.js", mode="exact")
        page.choose(source)
        type_times(page, "1.2", "2.4")
        judge(source, page.make(tmp_path), 1_200_000, 2_400_000)


@pytest.mark.parametrize("isolated", [False, True], ids=["plain", "isolated"])
def test_a_clip_in_a_page_of_another_origin(chromium: Browser, make, tmp_path: Path, isolated: bool) -> None:
    """Both engines work there, and what is kept for the next start."""
    source, old = make(Recipe()), make(Recipe(container="avi", video="mpeg4", audio=("mp3",)))
    with served(site(), tmp_path, headers=SHARED) as host:
        policy = {EMPTY: {"Content-Security-Policy": page_of_another(host)}}
        with (
            served(site(), tmp_path, headers=policy, isolated=isolated) as url,
            visit(chromium, url, host) as page,
        ):
            page.put_element(f"{host}/element.js", mode="exact")
            page.choose(source)
            type_times(page, "1.2", "2.4")
            judge(source, page.make(tmp_path), 1_200_000, 2_400_000)
            page.choose(old)
            saved = page.make(tmp_path)
            assert page.told("complete")[-1]["report"]["engine"] == "ffmpeg"
            judge(old, saved, 1_200_000, 2_400_000)
            assert page.page.evaluate("crossOriginIsolated") is isolated


def test_attributes_properties_and_events(page: Visit, sites: dict[str, str]) -> None:
    page.put_element(
        f"{sites['plain']}/element.js", src="/sample.mp4", start="0:01", end="50%", mode="lossless"
    )
    page.reaches("open")
    read = "[clipper.start, clipper.end, clipper.mode, clipper.media.source.name, clipper.theme]"
    assert page.page.evaluate(read) == [
        "0:01", "50%", "lossless", "sample.mp4", "",
    ]  # fmt: skip
    change = {"start": "0:01", "end": "50%", "start_us": 1_000_000, "end_us": 10_000_000, "mode": "lossless"}
    assert page.told("change") == [change]
    assert page.told("ready") == [1]
    told = page.page.evaluate(
        """async () => {
            told.length = 0;
            clipper.start = '2';
            clipper.end = '';
            clipper.mode = 'nonsense';
            const pause = (ms) => new Promise((done) => setTimeout(done, ms));
            const isTold = () => told.some(([, { start_us, mode }]) => start_us === 2_000_000 && mode === 'auto');
            for (let left = 500; left > 0 && !isTold(); left -= 1) await pause(20);
            await pause(100);
            const shown = clipper.shadowRoot.querySelector('#mode').value;
            return [clipper.hasAttribute('end'), clipper.mode, shown, told.at(-1)];
        }"""
    )
    assert told[:3] == [False, "auto", "auto"]
    assert told[3] == [
        "change",
        {**change, "start": "2", "end": "", "start_us": 2_000_000, "end_us": 20_000_000, "mode": "auto"},
    ]
    told = page.page.evaluate(
        """async () => {
            told.length = 0;
            const wish = { duration: 1, mode: 'lossless', container: 'mp4', allow_lead_in: true };
            const result = await clipper.clip(wish);
            const blob = await result.blob();
            return { name: result.name, same: result === clipper.result, size: blob.size === result.report.size,
                told: told.map(([type]) => type), state: clipper.state };
        }"""
    )
    assert told["name"] == "sample_clip_00-02_to_00-03.mp4"
    assert told["same"] and told["size"]
    assert (told["told"][-1], told["state"]) == ("complete", "done")
    assert set(told["told"]) == {"progress", "complete"}


def test_what_the_person_sets_is_written_to_the_attributes(page: Visit, make, sites: dict[str, str]) -> None:
    page.put_element(f"{sites['plain']}/element.js")
    page.choose(make(Recipe()))
    point = page.page.get_by_role("slider", name="In point")
    point.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight"):
        page.page.keyboard.press(key)
    expect(page.element).to_have_attribute("start", "0:01.080000")
    expect(point).to_have_attribute("aria-valuetext", "1 second, 80 milliseconds")
    type_times(page, "1.08", "2s")
    expect(page.element).to_have_attribute("start", "1.08")
    expect(page.element).to_have_attribute("end", "2s")
    page.page.get_by_label("How to cut").select_option("smart")
    expect(page.element).to_have_attribute("mode", "smart")
    page.page.wait_for_function("told.at(-1)[1].mode === 'smart'")
    assert page.told("change")[-1] == {
        "start": "1.08",
        "end": "2s",
        "start_us": 1_080_000,
        "end_us": 2_000_000,
        "mode": "smart",
    }


def test_what_goes_wrong_is_told(page: Visit, make, tmp_path: Path, sites: dict[str, str]) -> None:
    page.put_element(f"{sites['plain']}/element.js", accept="video/mp4,.mkv")
    page.watch.forgive("404")
    no_media = tmp_path / "<img src=x onerror=alert(1)>.mp4"
    no_media.write_bytes(b"no media" * 1000)
    told = page.page.evaluate(
        """async () => {
            const answered = (promise) => promise.then(() => 'done', ({ code, name }) => `${code} ${name}`);
            const early = await answered(clipper.clip());
            const missing = await answered(clipper.open('/nothing.mp4'));
            return [early, missing, clipper.state];
        }"""
    )
    assert told == ["bad_request ClipwrightError", "media ClipwrightError", "empty"]
    page.element.locator("input[type=file]").set_input_files(no_media)
    message = page.element.locator(".message")
    expect(message).to_contain_text("“<img src=x onerror=alert(1)>.mp4”: This is a text file", timeout=30_000)
    assert page.element.locator("img").count() == 0
    page.element.locator("input[type=file]").set_input_files(
        make(Recipe(container="webm", video="vp8", audio=("opus",)))
    )
    expect(message).to_contain_text("not wanted here")
    assert [error["code"] for error in page.told("error")] == [
        "media",
        "unsupported_format",
        "unsupported_format",
    ]
    page.page.evaluate("clipper.accept = ''")
    page.choose(make(Recipe()))
    page.page.evaluate("clipper.start = '1:xx'")
    expect(message).to_contain_text("cannot be read as a time")
    assert page.told("error")[-1]["code"] == "bad_request"


def test_cancelling_and_taking_turns(page: Visit, make, sites: dict[str, str]) -> None:
    """Elements of one page share one Python: their clips are made one after another, and each can be stopped."""
    page.put_element(f"{sites['plain']}/element.js", mode="exact")
    page.choose(make(Recipe(seconds=60, size=(640, 360), gop=50)))
    page.page.get_by_role("button", name="Make the clip").click()
    page.page.get_by_role("button", name="Cancel").click()
    expect(page.element.locator(".status")).to_have_text("Cancelled. Nothing was written.")
    told = page.page.evaluate(
        """async () => {
            const other = document.createElement('clip-wright');
            document.body.append(other);
            await other.open('/sample.mp4');
            const stop = new AbortController();
            const order = [];
            const first = clipper.clip({ start: 0, end: 8 }).then(() => order.push('first'));
            const twice = await clipper.clip().catch(({ code }) => code);
            const stopped = other.clip({ signal: stop.signal }).catch(({ name }) => order.push(name));
            stop.abort();
            await stopped;
            const second = other.clip({ start: 0, end: 1, mode: 'exact' }).then(() => order.push('second'));
            await Promise.all([first, second]);
            other.remove();
            return [twice, order];
        }"""
    )
    assert told == ["resource", ["AbortError", "first", "second"]]
    assert page.told("error") == []


def test_moving_keeps_the_file_and_removing_ends_the_workers(
    page: Visit, make, sites: dict[str, str]
) -> None:
    page.put_element(f"{sites['plain']}/element.js")
    page.choose(make(Recipe()))
    page.page.evaluate(
        "document.body.append(document.createElement('main')); document.querySelector('main').append(clipper)"
    )
    page.page.wait_for_timeout(1500)
    assert page.page.evaluate("clipper.state") == "open"
    assert len(page.page.workers) > 0
    page.page.evaluate("clipper.remove()")
    # Chromium gives a terminated worker two seconds to come to an end by itself.
    until = time.monotonic() + 10
    while page.page.workers and time.monotonic() < until:
        page.page.wait_for_timeout(100)
    assert page.page.workers == []
    page.page.evaluate("document.body.append(clipper)")
    page.choose(make(Recipe()))


def test_everything_by_keyboard(page: Visit, make, tmp_path: Path, sites: dict[str, str]) -> None:
    source = make(Recipe())
    page.put_element(f"{sites['plain']}/element.js", mode="exact")
    keyboard = page.page.keyboard
    # Else the key may be there before the browser knows that somebody waits for its dialog.
    page.page.on("filechooser", lambda _: None)

    def tab_to(name: str) -> None:
        for _ in range(30):
            focused = "clipper.shadowRoot.activeElement"
            if (
                page.page.evaluate(
                    f"{focused} && ({focused}.ariaLabel || {focused}.labels?.[0]?.innerText || {focused}.innerText)"
                )
                == name
            ):
                return
            keyboard.press("Tab")
        raise AssertionError(f"no way to {name}")

    tab_to("Choose a file")
    with page.page.expect_file_chooser() as choosing:
        keyboard.press("Enter")
    choosing.value.set_files(source)
    page.reaches("open")
    tab_to("In point")
    keyboard.press("Shift+ArrowRight")
    tab_to("Out point")
    keyboard.press("Home")
    keyboard.press("Shift+ArrowRight")
    tab_to("Make the clip")
    keyboard.press("Enter")
    page.reaches("done")
    tab_to("Save")
    for key in ("Enter", "Space"):
        with page.page.expect_download() as waiting:
            keyboard.press(key)
        waiting.value.save_as(tmp_path / "clip.mp4")
        judge(source, tmp_path / "clip.mp4", 1_000_000, 2_040_000)


def test_what_a_screen_reader_finds(page: Visit, make, sites: dict[str, str]) -> None:
    page.put_element(f"{sites['plain']}/element.js", lang="de-AT")
    expect(page.page.get_by_role("button", name="Datei auswählen")).to_be_visible()
    page.page.evaluate("clipper.lang = 'en'")
    page.choose(make(Recipe()))
    live = page.element.get_by_role("status")
    expect(live).to_contain_text("is open")
    expect(page.page.locator("body")).to_match_aria_snapshot(
        """
        - region "Video clipper":
          - button "Other file"
          - group "What to keep":
            - slider "In point"
            - slider "Out point"
            - slider "Playhead"
          - button "Play"
          - button "Set in here"
          - button "Set out here"
          - textbox "In"
          - textbox "Out"
          - combobox "How to cut"
          - button "Make the clip"
        """
    )
    page.page.evaluate("clipper.lang = 'de'")
    expect(page.page.get_by_role("slider", name="Endpunkt")).to_have_attribute("aria-valuetext", "4 Sekunden")
    page.page.get_by_role("button", name="Ausschneiden").click()
    expect(live).to_have_text("Der Ausschnitt ist fertig", timeout=30_000)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_small_and_in_the_dark(chromium: Browser, make, sites: dict[str, str], theme: str) -> None:
    """Nothing sticks out at 360 pixels, everything can be read, and slots, parts and properties change its looks."""
    with visit(chromium, sites["plain"], viewport={"width": 360, "height": 740}, has_touch=True) as page:
        page.put_element(f"{sites['plain']}/element.js", theme=theme)
        page.page.evaluate(
            """(theme) => {
                document.body.style.background = theme === 'dark' ? '#111' : '#fff';
                for (const [slot, text] of [['heading', 'Your talk'], ['drop', 'Bring it here'], ['actions', 'More']]) {
                    const own = document.createElement(slot === 'actions' ? 'button' : 'p');
                    own.slot = slot;
                    own.textContent = text;
                    clipper.append(own);
                }
            }""",
            theme,
        )
        expect(page.page.get_by_text("Bring it here")).to_be_visible()
        SHOTS.mkdir(parents=True, exist_ok=True)
        for step in ("empty", "open", "done"):
            if step == "open":
                page.choose(make(Recipe()))
            if step == "done":
                page.page.get_by_role("button", name="Make the clip").click()
                page.reaches("done")
            page.page.screenshot(path=SHOTS / f"element-{theme}-{step}.png", full_page=True)
            assert page.page.evaluate("document.documentElement.scrollWidth") <= 360
            within = CONTRAST.replace("document.body", "clipper.shadowRoot").replace(
                "at.parentElement", "(at.parentElement ?? at.getRootNode().host)"
            )
            assert page.page.evaluate(f"({within})()") == [], step
        small = page.page.evaluate(
            """() => [...clipper.shadowRoot.querySelectorAll('button, input, select, a')]
                .filter((one) => one.checkVisibility())
                .map((one) => [one.className, one.getBoundingClientRect().height])
                .filter(([, height]) => height < 40)"""
        )
        assert small == []
        page.page.evaluate(
            """() => {
                const sheet = new CSSStyleSheet();
                sheet.replaceSync('clip-wright { --clipwright-accent: rgb(200, 0, 0); }'
                    + ' clip-wright::part(save) { border-radius: 3px; }');
                document.adoptedStyleSheets = [sheet];
            }"""
        )
        save = page.page.get_by_role("button", name="Save")
        expect(save).to_have_css("background-color", "rgb(200, 0, 0)")
        expect(save).to_have_css("border-radius", "3px")
