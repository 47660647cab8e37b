"""An element's life in a page: set early, taken away and put back, changed while busy, one of several, forbidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.embedded.embedding import TOLD, Visit, visit
from tests.clips import Recipe
from tests.equipment import site
from tests.pages import EMPTY, served

pytestmark = pytest.mark.unhurried

LONG = Recipe(seconds=60, size=(640, 360), gop=50)
DROP = """(file) => {
    const data = new DataTransfer();
    data.items.add(file);
    const zone = clipper.shadowRoot.querySelector('.root');
    for (const type of ['dragenter', 'dragover', 'drop']) {
        const event = { dataTransfer: data, bubbles: true, cancelable: true, composed: true };
        zone.dispatchEvent(new DragEvent(type, event));
    }
}"""
FETCHED = "new File([await (await fetch('/sample.mp4')).blob()], 'dropped.mp4', { type: 'video/mp4' })"


@pytest.fixture
def page(chromium: Browser, sites: dict[str, str]) -> Iterator[Visit]:
    """An empty page of the site's own origin."""
    with visit(chromium, sites["plain"]) as opened:
        yield opened


def test_what_was_set_before_the_module_was_there_counts(page: Visit) -> None:
    """A framework may set properties of an element that nobody has defined yet."""
    told = page.page.evaluate(
        """async () => {
            const early = document.createElement('clip-wright');
            Object.assign(early, { start: '1', mode: 'exact', theme: 'dark' });
            document.body.append(early);
            const { ClipWrightElement } = await import('/element.js');
            early.end = 2;
            const attributes = ['start', 'end', 'mode', 'theme'].map((name) => early.getAttribute(name));
            return [early instanceof ClipWrightElement, early.start, ...attributes];
        }"""
    )
    assert told == [True, "1", "1", "2", "exact", "dark"]


def test_a_second_copy_of_the_site_harms_nobody(
    chromium: Browser, tmp_path: Path, sites: dict[str, str]
) -> None:
    shared = {"": {"Access-Control-Allow-Origin": "*"}}
    with (
        served(site(), tmp_path, headers=shared) as other,
        visit(chromium, sites["plain"], other) as page,
    ):
        told = page.page.evaluate(
            """async (other) => {
                const first = await import('/element.js');
                const second = await import(other);
                const clipper = document.createElement('clip-wright');
                return [clipper instanceof first.ClipWrightElement, clipper instanceof second.ClipWrightElement];
            }""",
            f"{other}/element.js",
        )
        assert told == [True, False]


@pytest.mark.parametrize(
    "policy",
    ["worker-src 'none'", "require-trusted-types-for 'script'; trusted-types 'none'"],
    ids=["no workers", "no policy of ours"],
)
def test_a_page_that_forbids_its_workers_is_told(chromium: Browser, tmp_path: Path, policy: str) -> None:
    headers = {EMPTY: {"Content-Security-Policy": policy}}
    with served(site(), tmp_path, headers=headers) as url, visit(chromium, url) as page:
        page.watch.forgive("Content Security Policy|CSP|TrustedType|trusted")
        page.put_element(f"{url}/element.js", src="/sample.mp4")
        message = page.element.locator(".message")
        expect(message).to_contain_text("Clipwright could not start.")
        told = page.page.evaluate(
            """async () => {
                const answered = (promise) => promise.then(() => 'done', ({ code, message }) => `${code} ${message}`);
                return [await answered(clipper.ready), await answered(clipper.open('/sample.mp4')), clipper.state];
            }"""
        )
        said = "internal Clipwright could not start."
        assert told == [said, said, "empty"]
        assert {error["code"] for error in page.told("error")} == {"internal"}


def test_ready_waits_for_an_element_that_comes_back(page: Visit, sites: dict[str, str]) -> None:
    page.put_element(f"{sites['plain']}/element.js")
    told = page.page.evaluate(
        """async () => {
            const pause = (ms) => new Promise((done) => setTimeout(done, ms));
            const kinds = () => told.map(([type]) => type);
            clipper.remove();
            await pause(1500);
            const away = kinds();
            document.body.append(clipper);
            document.body.prepend(clipper);
            await clipper.ready;
            await pause(100);
            const first = kinds();
            document.body.append(clipper);
            await pause(100);
            const moved = kinds();
            clipper.remove();
            await pause(1500);
            document.body.append(clipper);
            await clipper.open('/sample.mp4');
            return [away, first, moved, kinds()];
        }"""
    )
    assert told == [[], ["ready"], ["ready"], ["ready", "ready", "change"]]


def test_taken_away_at_any_moment(page: Visit, make, sites: dict[str, str]) -> None:
    """Opening, typing, working: what runs ends as cancelled, nothing is left behind, and it may come back."""
    page.put_element(f"{sites['plain']}/element.js", mode="exact")
    opening = """async () => {
        const opening = clipper.open('/sample.mp4').catch(({ code }) => code);
        clipper.remove();
        const ended = await opening;
        document.body.append(clipper);
        return [ended, clipper.state, await clipper.open('/sample.mp4').then(({ source }) => source.name)];
    }"""
    assert page.page.evaluate(opening) == ["cancelled", "empty", "sample.mp4"]
    page.page.get_by_label("In", exact=True).fill("1")
    page.page.evaluate("clipper.remove()")
    page.page.wait_for_timeout(600)
    page.page.evaluate("document.body.append(clipper)")
    page.choose(make(LONG))
    working = """async () => {
        const working = clipper.clip().catch(({ code }) => code);
        await new Promise((done) => clipper.addEventListener('progress', done, { once: true }));
        clipper.remove();
        const ended = await working;
        document.body.append(clipper);
        return [ended, clipper.state, clipper.result];
    }"""
    assert page.page.evaluate(working) == ["cancelled", "empty", None]
    page.page.wait_for_timeout(1500)
    assert page.told("error") == []


def test_what_is_set_while_it_works_is_for_the_next_clip(page: Visit, make, sites: dict[str, str]) -> None:
    page.put_element(f"{sites['plain']}/element.js", mode="exact", start="1", end="3")
    page.choose(make(LONG))
    told = page.page.evaluate(
        """async () => {
            const other = document.createElement('clip-wright');
            document.body.append(other);
            await other.open('/sample.mp4');
            const before = other.clip({ start: 0, end: 2, mode: 'exact' });
            const waiting = clipper.clip();
            await new Promise((done) => setTimeout(done, 50));
            Object.assign(clipper, { start: '10', end: '12', mode: 'lossless' });
            await before;
            const { report } = await waiting;
            const next = await clipper.clip({ allow_lead_in: true });
            other.remove();
            return [report.mode, report.name, next.report.mode, next.report.name, clipper.state];
        }"""
    )
    assert told[0::2] == ["exact", "lossless", "done"]
    assert "_00-01_to_00-03" in told[1]
    assert "_00-10_to_00-12" in told[3]


def test_another_source_ends_what_is_being_made_and_a_dropped_one_does_not(
    page: Visit, make, sites: dict[str, str]
) -> None:
    page.put_element(f"{sites['plain']}/element.js", mode="exact")
    page.choose(make(LONG))
    told = page.page.evaluate(
        f"""async () => {{
            const file = {FETCHED};
            const working = clipper.clip().catch(({{ code }}) => code);
            await new Promise((done) => clipper.addEventListener('progress', done, {{ once: true }}));
            ({DROP})(file);
            const still = [clipper.state, clipper.media.source.name !== 'dropped.mp4'];
            clipper.src = '/sample.mp4';
            const ended = await working;
            await new Promise((done) => clipper.addEventListener('change', done, {{ once: true }}));
            const other = clipper.media.source.name;
            ({DROP})(file);
            await new Promise((done) => clipper.addEventListener('change', done, {{ once: true }}));
            return [still, ended, other, clipper.media.source.name, clipper.state];
        }}"""
    )
    assert told == [["working", True], "cancelled", "sample.mp4", "dropped.mp4", "open"]
    assert page.told("error") == []


def test_a_time_that_can_be_read_takes_back_the_complaint(page: Visit, sites: dict[str, str]) -> None:
    page.put_element(f"{sites['plain']}/element.js", src="/sample.mp4")
    page.reaches("open")
    message = page.element.locator(".message")
    page.page.evaluate("clipper.start = 'x'")
    expect(message).to_contain_text("cannot be read")
    page.page.evaluate("clipper.start = '2'")
    expect(message).to_be_empty()
    page.page.evaluate("clipper.end = 'x'")
    expect(message).to_contain_text("cannot be read")
    page.page.get_by_label("Out", exact=True).fill("5")
    expect(message).to_be_empty()


def test_several_share_one_python_and_outlive_each_other(page: Visit, sites: dict[str, str]) -> None:
    page.put_element(f"{sites['plain']}/element.js", src="/sample.mp4", mode="exact", end="4")
    told = page.page.evaluate(
        """async () => {
            const others = ['lossless', 'smart'].map((mode) => {
                const other = document.createElement('clip-wright');
                Object.assign(other, { src: '/sample.mp4', mode, start: '1', end: '3' });
                return other;
            });
            const clips = [];
            for (const other of others) other.addEventListener('change', () => clips.push(other), { once: true });
            document.body.append(...others);
            while (clips.length < 2 || clipper.state !== 'open') await new Promise((done) => setTimeout(done, 50));
            const made = [...others.map((other) => other.clip()), clipper.clip()];
            const results = (await Promise.all(made)).map(({ report }) => report.mode);
            const last = clipper.clip();
            for (const other of others) other.remove();
            return [results, (await last).report.mode, clipper.state];
        }"""
    )
    assert told == [["lossless", "smart", "exact"], "exact", "done"]
    pythons = [worker for worker in page.page.workers if worker.url.endswith("/app.worker.js")]
    assert len(pythons) == 1


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        (
            Recipe(container="avi", video="mpeg4", audio=("mp3",)),
            "Dieser Browser kann das Format nicht zeigen.",
        ),
        (Recipe(video="hevc"), "Dieser Browser spielt den Ton, kann die Bilder aber nicht zeigen."),
        (Recipe(container="mp3", video=None, audio=("mp3",)), None),
    ],
    ids=["nothing plays", "sound plays", "sound alone"],
)
def test_what_the_browser_cannot_show_is_said(
    page: Visit, make, sites: dict[str, str], recipe: Recipe, words: str | None
) -> None:
    page.put_element(f"{sites['plain']}/element.js", lang="en")
    page.choose(make(recipe))
    page.page.evaluate("clipper.lang = 'de'")
    if words:
        expect(page.element.locator(".cover")).to_contain_text(words)
    else:
        expect(page.element.locator(".preview")).to_be_hidden()


def test_in_the_shadow_of_somebody_else(page: Visit, sites: dict[str, str]) -> None:
    """A component may hold the element: its language is that of the page around both."""
    page.page.evaluate("document.documentElement.lang = 'de'")
    page.page.evaluate(
        f"""async () => {{
            await import('/element.js');
            const article = document.body.appendChild(document.createElement('article'));
            const around = article.attachShadow({{ mode: 'open' }});
            const clipper = document.createElement('clip-wright');
            ({TOLD})(clipper);
            around.append(clipper);
        }}"""
    )
    expect(page.page.get_by_role("button", name="Datei auswählen")).to_be_visible()
