"""The public JavaScript API, as its documentation shows it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from clipwright.effects.description import describe
from tests import reading
from tests.clips import Recipe
from tests.drivers import Clip, InPage, Refused
from tests.equipment import site
from tests.judging import Wanted, assert_frames, assert_sound
from tests.pages import EMPTY, open_lab

STORY = """async () => {
    const { Clipwright } = await import('/clipwright.js');
    const file = document.querySelector('#file').files[0];
    const progress = [];
    const early = [];
    const controller = new AbortController();
    const app = await Clipwright.start();
    const media = await app.open(file);
    const plan = await app.plan(media, { start: '1.2', end: '2.4', mode: 'lossless', container: 'mp4' });
    const result = await app.clip(media, { start: '1.2', end: '2.4', mode: 'lossless', container: 'mp4' },
        { signal: controller.signal, onProgress: (value) => progress.push(value),
          onMade: ({ file }) => early.push(file.size) });
    const blob = await result.blob();
    await fetch('/kept/story.mp4', { method: 'PUT', body: blob });
    await app.close();
    const after = await app.plan(media, {}).then(() => null, (error) => error.code);
    const made = { name: result.name, type: blob.constructor.name, size: blob.size };
    return { plan, report: result.report, ...made, progress, early, after };
}"""

pytestmark = pytest.mark.unhurried


@pytest.fixture
def kept(sites: dict[str, str]) -> Path:
    """Where the test server keeps what pages PUT."""
    return Path(sites["kept"])


@pytest.fixture
def lab_page(chromium: Browser, sites: dict[str, str]):
    page = chromium.new_page()
    yield page
    page.close()


def test_the_story(lab_page, sites: dict[str, str], kept: Path, make) -> None:
    open_lab(lab_page, sites["plain"])
    lab_page.evaluate("lab.input()")
    source = make(Recipe())
    lab_page.set_input_files("#file", source)
    told = lab_page.evaluate(STORY)
    report = told["report"]
    assert told["plan"]["mode"] == report["mode"] == "lossless"
    assert told["name"] == report["name"] == f"{source.stem}_clip_00-01_to_00-02.mp4"
    assert (told["type"], told["size"]) == ("Blob", report["size"])
    assert report["copied"] == [0, 1]
    assert told["early"] == [report["size"]]
    assert report["verified"]["ok"]
    assert report["lead_in_us"] == 200_000
    assert told["after"] == "cancelled"
    steps = [value["done"] for value in told["progress"]]
    assert steps == sorted(steps)
    assert steps[-1] == 1
    wanted = Wanted(source, 1_200_000, 2_400_000, 0)
    saved = kept / "story.mp4"
    assert_sound(wanted, saved, assert_frames(wanted, saved))


def test_requests_made_before_it_is_ready_wait(lab_page, sites: dict[str, str], make) -> None:
    lab_page.goto(sites["plain"] + EMPTY)
    reading_ = lab_page.evaluate(
        """async () => {
            const { Clipwright } = await import('/clipwright.js');
            const app = Clipwright.launch();
            const time = await app.parseTime('1h 2m 3.5s');
            const ready = await app.ready;
            await app.close();
            return { time, ...ready.capabilities };
        }"""
    )
    assert reading_["time"]["us"] == 3_723_500_000
    assert reading_["time"]["hms"] == "01:02:03.500"
    assert reading_["engines"] == ["media", "ffmpeg"]
    packs = json.loads((site() / "packs.json").read_text("utf-8"))
    assert reading_["numpy"] is ("numpy" in {pack["name"] for pack in packs})


def test_effects_tell_what_they_take(lab_page, sites: dict[str, str], make) -> None:
    """Every schema arrives whole, without a worker of an engine, and a misspelt name is told the nearest."""
    lab_page.goto(sites["plain"] + EMPTY)
    told = lab_page.evaluate(
        """async () => {
            const { Clipwright } = await import('/clipwright.js');
            const app = Clipwright.launch();
            const all = await app.effects();
            const one = await app.effects('wipeleft');
            const wrong = await app.effects('blurr').catch(({ code, hint, path }) => ({ code, hint, path }));
            await app.close();
            return { all, one, wrong };
        }"""
    )
    assert told["all"] == describe()
    assert [effect["name"] for effect in told["one"]["transitions"]] == ["wipeleft"]
    assert told["one"]["effects"] == []
    wrong = told["wrong"]
    assert (wrong["code"], wrong["path"]) == ("bad_request", "$.name")
    assert "blur" in wrong["hint"]


def test_two_clips_at_once(lab_page, sites: dict[str, str], kept: Path, make) -> None:
    """The second is refused with one error; the first completes."""
    open_lab(lab_page, sites["plain"])
    lab_page.evaluate("lab.input()")
    lab_page.set_input_files("#file", make(Recipe(seconds=60, size=(640, 360), gop=50)))
    told = lab_page.evaluate(
        """async () => {
            const { app, answered } = lab;
            const media = await app.open(document.querySelector('#file').files[0]);
            const first = app.clip(media, { start: 0, end: 4, mode: 'exact' });
            const second = await answered(() => app.clip(media, { start: 1, end: 2, mode: 'exact' }));
            const blob = await (await first).blob();
            await fetch('/kept/first.mp4', { method: 'PUT', body: blob });
            const again = { start: 1, end: 2, mode: 'exact' };
            const third = await answered(async () => (await app.clip(media, again)).report);
            return { second, third };
        }"""
    )
    assert told["second"]["error"]["code"] == "resource"
    assert told["second"]["error"]["hint"]
    assert told["third"]["ok"]
    assert reading.numbers(kept / "first.mp4") == list(range(100))


def test_a_file_can_be_released(lab_page, sites: dict[str, str], kept: Path, make) -> None:
    open_lab(lab_page, sites["plain"])
    driver = InPage("auto", lab_page, kept)
    media = driver.open(make(Recipe()))
    lab_page.evaluate("(id) => lab.app.release(lab.medias.get(id))", media["source"]["id"])
    with pytest.raises(Refused) as refused:
        driver.clip(media, {"start": 1, "end": 2})
    assert refused.value.code == "bad_request"
    assert isinstance(driver.clip(driver.open(make(Recipe())), {"start": 1, "end": 2}), Clip)


def test_closing_ends_what_runs(lab_page, sites: dict[str, str], make) -> None:
    open_lab(lab_page, sites["plain"])
    lab_page.evaluate("lab.input()")
    lab_page.set_input_files("#file", make(Recipe(seconds=60, size=(640, 360), gop=50)))
    told = lab_page.evaluate(
        """async () => {
            const media = await lab.app.open(document.querySelector('#file').files[0]);
            const running = lab.answered(() => lab.app.clip(media, { mode: 'exact' }));
            setTimeout(() => lab.app.close(), 500);
            return running;
        }"""
    )
    assert (told["error"]["code"], told["error"]["name"]) == ("cancelled", "AbortError")


def test_many_segments_in_one_go(lab_page, sites: dict[str, str], kept: Path, make) -> None:
    open_lab(lab_page, sites["plain"])
    lab_page.evaluate("lab.input()")
    lab_page.set_input_files("#file", make(Recipe()))
    told = lab_page.evaluate(
        """async () => {
            const { app } = lab;
            const media = await app.open(document.querySelector('#file').files[0]);
            const listed = await app.segments(media, [{ start: '2', end: '3', label: 'b' }, { start: 0, end: 1 }]);
            const halves = await app.segments(media, listed, 'split', '2.5');
            const request = { segments: listed, mode: 'lossless' };
            const plan = await app.planCut(media, request);
            const progress = [];
            const cut = await app.cut([media], request, { onProgress: ({ done }) => progress.push(done) });
            await fetch('/kept/cut.zip', { method: 'PUT', body: await cut.zip() });
            const reports = cut.results.map(({ report }) => report);
            const sizes = await Promise.all(cut.results.map(async (result) => (await result.blob()).size));
            const busy = app.clip(media, { mode: 'exact' });
            const refused = await lab.answered(() => app.cut(media, request));
            await busy;
            return { listed, halves, plans: plan.plans, reports, notes: cut.report.notes, progress, sizes, refused };
        }"""
    )
    assert [(one["start_us"], one["label"]) for one in told["listed"]] == [(0, None), (2_000_000, "b")]
    assert [one["end_us"] for one in told["halves"]] == [1_000_000, 2_500_000, 3_000_000]
    assert [plan["name"] for plan in told["plans"]] == [report["name"] for report in told["reports"]]
    assert [report["size"] for report in told["reports"]] == told["sizes"]
    assert told["notes"] == []
    assert told["progress"] == sorted(told["progress"])
    assert told["progress"][-1] == 1
    assert told["refused"]["error"]["code"] == "resource"
    with zipfile.ZipFile(kept / "cut.zip") as archive:
        assert archive.testzip() is None
        archive.extractall(kept / "cut")
    files = [kept / "cut" / report["name"] for report in told["reports"]]
    assert [reading.numbers(file) for file in files] == [list(range(25)), list(range(50, 75))]


def test_a_segment_that_makes_no_sense_is_named(lab_page, sites: dict[str, str], make) -> None:
    open_lab(lab_page, sites["plain"])
    lab_page.evaluate("lab.input()")
    lab_page.set_input_files("#file", make(Recipe()))
    told = lab_page.evaluate(
        """async () => {
            const { app, answered } = lab;
            const media = await app.open(document.querySelector('#file').files[0]);
            const segments = [{ start: 0, end: 1 }, { start: 3, end: 2, label: 'late' }];
            return [
                await answered(() => app.planCut(media, { segments })),
                await answered(() => app.cut(media, { segments })),
                await answered(() => app.segments(media, segments)),
                await answered(() => app.segments(media, [], 'count', 0)),
                await answered(() => app.cut(media, { segment: [] })),
            ];
        }"""
    )
    errors = [one["error"] for one in told]
    assert {error["code"] for error in errors} == {"bad_request"}
    assert [error["path"] for error in errors] == [
        "$.request.segments[1].end", "$.request.segments[1].end", "$.segments[1].end", "$.value", "$.request",
    ]  # fmt: skip
    assert all("Segment 2 (“late”)" in error["message"] for error in errors[:3])
