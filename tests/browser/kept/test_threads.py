"""FFmpeg with threads: a pack that is used where it can be, and costs nobody a result where it cannot."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import firefox, reading
from tests.browser.kept.household import NO_NETWORK, guest, house
from tests.browser.returning import remember
from tests.browser.studio import Studio
from tests.clips import Recipe
from tests.equipment import site, tool
from tests.pages import EMPTY, KEPT, served

pytestmark = pytest.mark.unhurried

LONG = Recipe(video="mpeg4", seconds=6, rate="10", size=(1280, 720))
"""FFmpeg alone reads it, and by its size and length it is work for threads."""
ALL = list(range(LONG.frame_count))
ALIKE_DB = 45

OVERHEAR = """
globalThis.told = [];
globalThis.Worker = class extends Worker {
    constructor(...of) {
        super(...of);
        this.addEventListener('message', ({ data }) => data?.timings && told.push(data.timings));
    }
};
"""
"""Remember the timings of every reply."""
INSTALL = """async (base) => {
    const packs = await (await fetch(`${base}/packs.json`)).json();
    const { cache, files } = packs.find(({ name }) => name === 'threads');
    const kept = await caches.open(`clipwright-${cache}:${base}/`);
    await kept.addAll(files.map(({ url }) => `${base}/${url}`));
}"""
OPEN = """async (base) => {
    const { Clipwright } = await import(`${base}/clipwright.js`);
    globalThis.app = await Clipwright.start();
    globalThis.media = await app.open(document.querySelector('input').files[0]);
}"""
CLIP = """async (address) => {
    const result = await app.clip(media, { start: 0, end: 6, mode: 'exact', container: 'mkv' });
    await fetch(address, { method: 'PUT', body: await result.blob() });
    return told.at(-1);
}"""
CANCEL = """async () => {
    const controller = new AbortController();
    const onProgress = ({ done }) => done > 0.1 && controller.abort();
    const request = { start: 0, end: 6, mode: 'exact', container: 'mkv' };
    return app.clip(media, request, { signal: controller.signal, onProgress }).catch(({ code }) => code);
}"""

WITH_THREADS = """
let isThreaded = false;
self.addEventListener('message', (event) => {
    isThreaded ||= event.data?.args?.threads > 1;
    if (!isThreaded || event.data?.op !== 'run') return;
    event.stopImmediatePropagation();
    %s
});
"""
TROUBLES = {
    "killed": WITH_THREADS % "self.close();",
    "hangs": WITH_THREADS % "",
    "no memory": """
        WebAssembly.Memory = class extends WebAssembly.Memory {
            constructor(wanted) {
                if (wanted.shared) throw new RangeError('WebAssembly.Memory(): could not allocate memory');
                super(wanted);
            }
        };
    """,
    "never starts": """
        self.Worker = class extends Worker {
            constructor(...of) {
                super(...of);
                setTimeout(() => this.terminate());
            }
        };
    """,
}


@contextmanager
def desk(
    chromium: Browser,
    source: Path,
    folder: Path,
    *,
    is_isolated: bool = True,
    library: str | None = None,
    **how: dict[str, object],
) -> Iterator[Page]:
    """An empty page with the pack installed, the API started, from its own origin or `library`, and `source` open."""
    with served(site(), folder, isolated=is_isolated, **how) as url:
        context = chromium.new_context()
        context.add_init_script(OVERHEAR)
        if not how:
            remember(chromium, context, url)
        page = context.new_page()
        page.goto(url + EMPTY)
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('input'), { type: 'file' }))"
        )
        page.set_input_files("input", source)
        page.evaluate(INSTALL, library or url)
        page.evaluate(OPEN, library or url)
        yield page
        context.close()


def clip(page: Page, folder: Path, name: str = "made.mkv") -> tuple[set[str], Path]:
    """What timings a clip's reply had besides the total, and the clip."""
    timings = page.evaluate(CLIP, KEPT + name)
    return {*timings} - {"total"}, folder / name


def likeness(one: Path, other: Path) -> float:
    """The PSNR of the least similar picture, in dB."""
    argv = [
        tool("ffmpeg"),
        "-v",
        "info",
        "-i",
        one,
        "-i",
        other,
        "-lavfi",
        "[0:v][1:v]psnr",
        "-f",
        "null",
        "-",
    ]
    said = subprocess.run(argv, check=True, capture_output=True, text=True).stderr
    found = re.search(r"PSNR .*min:(\S+)", said)
    assert found, said
    return float(found[1])


def test_it_is_installed_used_and_removed(
    chromium: Browser, make: Callable[[Recipe], Path], tmp_path: Path
) -> None:
    """Also without a network; what is made with threads looks as what is made without."""
    source = make(LONG)
    with house(tmp_path) as place, guest(chromium, place) as someone:
        someone.context.add_init_script(OVERHEAR)
        someone.settle().page.close()
        studio = someone.visit()
        page = studio.page
        assert page.evaluate("crossOriginIsolated")
        plain = export(studio, source, tmp_path / "plain")
        assert not spent(page)
        assert (
            page.evaluate("async () => (await caches.keys()).filter((name) => name.includes('threads'))")
            == []
        )

        row = page.locator("[data-pack=threads]")
        page.get_by_role("button", name="Offline and storage").click()
        expect(row).to_contain_text("33 MB")
        page.get_by_role("button", name="Install Threads for FFmpeg").click()
        expect(row).to_have_attribute("data-state", "installed", timeout=30_000)
        page.get_by_role("button", name="Close", exact=True).click()

        someone.cut_off()
        quick = export(studio, source, tmp_path / "quick")
        assert spent(page) == {"threads"}
        assert reading.numbers(quick) == reading.numbers(plain) == ALL
        assert likeness(quick, plain) > ALIKE_DB

        page.get_by_role("button", name="Offline and storage").click()
        page.get_by_role("button", name="Remove Threads for FFmpeg").click()
        expect(row).to_have_attribute("data-state", "absent")
        page.get_by_role("button", name="Close", exact=True).click()
        export(studio, source, tmp_path / "again")
        assert not spent(page)
        studio.watch.forgive(NO_NETWORK)
        assert not studio.watch.verdict()


def export(studio: Studio, source: Path, folder: Path) -> Path:
    """Make and save an exact clip of all of it."""
    studio.open(source)
    studio.choose("Exact", "MKV")
    studio.export()
    return studio.save(folder)


def spent(page: Page) -> set[str]:
    """What replies since this was last asked had timings of, besides their total."""
    found: list[str] = page.evaluate("told.splice(0).flatMap((timings) => Object.keys(timings))")
    return {*found} - {"total"}


def test_it_is_not_used_without_isolation(
    chromium: Browser, make: Callable[[Recipe], Path], tmp_path: Path
) -> None:
    with desk(chromium, make(LONG), tmp_path, is_isolated=False) as page:
        timings, made = clip(page, tmp_path)
    assert timings == set()
    assert reading.numbers(made) == ALL


def test_it_is_not_used_for_a_little_work(
    chromium: Browser, make: Callable[[Recipe], Path], tmp_path: Path
) -> None:
    with desk(chromium, make(Recipe(video="mpeg4", seconds=6, rate="10")), tmp_path) as page:
        timings, made = clip(page, tmp_path)
    assert timings == set()
    assert reading.numbers(made) == ALL


@pytest.mark.parametrize("trouble", TROUBLES)
def test_whatever_happens_to_it_the_clip_is_made(
    chromium: Browser, make: Callable[[Recipe], Path], tmp_path: Path, trouble: str
) -> None:
    preludes = {"/ffmpeg.worker.js": TROUBLES[trouble]}
    with desk(chromium, make(LONG), tmp_path, preludes=preludes) as page:
        timings, made = clip(page, tmp_path)
        assert timings == {"threads_lost"}
        assert reading.numbers(made) == ALL
        if trouble == "killed":
            timings, made = clip(page, tmp_path, "again.mkv")
            assert timings == set(), "it was tried again"
            assert reading.numbers(made) == ALL


def test_a_part_of_it_that_is_another_is_refused(
    chromium: Browser, make: Callable[[Recipe], Path], tmp_path: Path
) -> None:
    replaced = {"/ffmpeg-mt/ffmpeg-core.worker.js": "throw new Error('not this');"}
    with desk(chromium, make(LONG), tmp_path, replaced=replaced) as page:
        timings, made = clip(page, tmp_path)
    assert timings == {"threads_lost"}
    assert reading.numbers(made) == ALL


def test_cancelled_it_stops_and_works_again(
    chromium: Browser, make: Callable[[Recipe], Path], tmp_path: Path
) -> None:
    with desk(chromium, make(LONG), tmp_path) as page:
        assert page.evaluate(CANCEL) == "cancelled"
        for name in ("first.mkv", "second.mkv"):
            timings, made = clip(page, tmp_path, name)
            assert timings == {"threads"}
            assert reading.numbers(made) == ALL


def test_it_works_on_many_cores_and_under_trusted_types(
    chromium: Browser, make: Callable[[Recipe], Path], tmp_path: Path
) -> None:
    """FFmpeg must not hear of all sixteen; every worker's address goes through the policy, threads' too."""
    many = "Object.defineProperty(WorkerNavigator.prototype, 'hardwareConcurrency', { get: () => 16 });"
    scripts = ("/app.worker.js", "/ffmpeg.worker.js")
    strict = {"Content-Security-Policy": "require-trusted-types-for 'script'; trusted-types clipwright"}
    headers = dict.fromkeys((EMPTY, *scripts), strict)
    preludes = dict.fromkeys(scripts, many)
    with desk(chromium, make(LONG), tmp_path, preludes=preludes, headers=headers) as page:
        timings, made = clip(page, tmp_path)
    assert timings == {"threads"}
    assert reading.numbers(made) == ALL


def test_it_works_in_a_page_of_another_origin(
    chromium: Browser, make: Callable[[Recipe], Path], tmp_path: Path
) -> None:
    """There, threads are blobs of the page's own that import the site's."""
    for_all = {"": {"Access-Control-Allow-Origin": "*"}}
    with (
        served(site(), tmp_path, isolated=True, headers=for_all) as library,
        desk(chromium, make(LONG), tmp_path, library=library) as page,
    ):
        timings, made = clip(page, tmp_path)
    assert timings == {"threads"}
    assert reading.numbers(made) == ALL


def test_firefox_has_threads_too(make: Callable[[Recipe], Path], tmp_path: Path) -> None:
    with served(site(), tmp_path, isolated=True) as url, firefox.launched(tool("firefox")) as running:
        page = running.new_page()
        page.goto(url + EMPTY)
        page.evaluate(f"() => {{ document.body.innerHTML = '<input type=file>'; {OVERHEAR} }}")
        page.set_files("input", [make(LONG)])
        page.evaluate(INSTALL, url)
        page.evaluate(OPEN, url)
        timings = page.evaluate(CLIP, KEPT + "fox.mkv")
        page.close()
    assert {*timings} == {"total", "threads"}
    assert reading.numbers(tmp_path / "fox.mkv") == ALL
