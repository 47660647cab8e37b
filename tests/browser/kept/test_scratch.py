"""Results too large for memory lie on disk while they are needed, and not a moment longer."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.returning import remember
from tests.browser.studio import Studio, Watch
from tests.clips import Maker, Recipe
from tests.drivers import Json
from tests.equipment import CACHE, ROOT, site, tool
from tests.pages import EMPTY, FLAGS, KEPT, TEST_PAGE, open_lab, served

pytestmark = pytest.mark.unhurried

MB = 1 << 20
HEAVY = 190 * MB
"""What the heavy film weighs at least."""
WHOLE = {"mode": "lossless", "container": "mkv"}
"""Into another container packets are copied one by one: the result cannot refer to the source."""
PART = {**WHOLE, "start": 0, "duration": "1 s"}

START = """([id, request]) => {
    globalThis.stop = new AbortController();
    globalThis.outcome = null;
    lab.answered(async () => {
        const result = await lab.app.clip(lab.medias.get(id), request, {signal: stop.signal});
        globalThis.results = [...(globalThis.results ?? []), result];
        return {size: (await result.blob()).size};
    }).then((answer) => (globalThis.outcome = answer));
}"""
KEEP = """async ([index, address]) => {
    const body = await results[index].blob();
    await fetch(address, {method: 'PUT', body});
}"""


class Tab:
    """A page in which results are made."""

    def __init__(self, page: Page, url: str, kept: Path) -> None:
        self.page = open_lab(page, url)
        self._kept = kept
        self._id = ""

    def open(self, path: Path, engine: str) -> None:
        self.page.evaluate("lab.input()")
        self.page.set_input_files("#file", path)
        answer = self.page.evaluate("(reader) => lab.open(reader)", engine)
        assert answer["ok"], answer
        self._id = answer["value"]["source"]["id"]

    def start(self, request: Json, engine: str) -> None:
        self.page.evaluate(START, [self._id, {"engine": engine, **request}])

    def outcome(self) -> Json:
        self.page.wait_for_function("outcome", timeout=90_000)
        answer: Json = self.page.evaluate("outcome")
        return answer

    def make(self, request: Json, engine: str) -> Json:
        """Make a result; gives what is known of it."""
        self.start(request, engine)
        answer = self.outcome()
        assert answer["ok"], answer
        value: Json = answer["value"]
        return value

    def look(self) -> dict[str, int]:
        """Sizes of all files that lie on disk for any tab, by folder and name."""
        found: dict[str, int] = self.page.evaluate("lab.onDisk()")
        return found

    def kept(self, index: int = 0) -> Path:
        """The bytes of a result, read now."""
        self.page.evaluate(KEEP, [index, f"{KEPT}{index}.mkv"])
        return self._kept / f"{index}.mkv"

    def release(self, index: int = 0) -> None:
        self.page.evaluate("(index) => results[index].release()", index)


def until(look: Callable[[], object], wanted: Callable[[object], bool], seconds: float = 30) -> None:
    """Wait until what is seen is as wanted."""
    deadline = time.monotonic() + seconds
    while not wanted(seen := look()):
        assert time.monotonic() < deadline, seen
        time.sleep(0.05)


def gone(files: object) -> bool:
    return files == {}


def packets(path: Path) -> str:
    """A hash of the packets of the picture."""
    return _told(path, "-c", "copy", "-f", "streamhash")


def pictures(path: Path) -> int:
    """How many pictures a file decodes to."""
    return sum(not line.startswith("#") for line in _told(path, "-f", "framecrc").splitlines())


def _told(path: Path, *words: str) -> str:
    """What ffmpeg writes of the picture; any error in the file is one here."""
    argv = [str(tool("ffmpeg")), "-v", "error", "-xerror", "-i", str(path), "-map", "0:v", *words, "-"]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def heavy() -> Path:
    """Six seconds of noise that nothing was spared on."""
    path = CACHE / "heavy.mp4"
    if not path.exists():
        maker, second = Maker(tool("ffmpeg"), CACHE), CACHE / "heavy-second.mp4"
        noise = "testsrc2=s=1280x720:r=25:d=1,noise=alls=60:allf=t"
        maker.run(
            ["-f", "lavfi", "-i", noise, "-c:v", "libx264", "-preset", "ultrafast", "-qp", "2", "-g", "25",
             "-pix_fmt", "yuv420p", str(second)]
        )  # fmt: skip
        maker.run(["-stream_loop", "5", "-i", str(second), "-c", "copy", str(path)])
        second.unlink()
    assert path.stat().st_size > HEAVY
    return path


@pytest.fixture(scope="module")
def long_group() -> Path:
    """Six seconds with key frames at 0 s and 4 s."""
    path = CACHE / "long-group.mp4"
    if not path.exists():
        noise = "testsrc2=s=960x540:r=25:d=6,noise=alls=8:allf=t"
        Maker(tool("ffmpeg"), CACHE).run(
            ["-f", "lavfi", "-i", noise, "-c:v", "libx264", "-preset", "veryfast", "-b:v", "10M", "-maxrate", "10M",
             "-bufsize", "10M", "-bf", "0", "-g", "100", "-sc_threshold", "0", "-pix_fmt", "yuv420p", str(path)]
        )  # fmt: skip
    return path


@pytest.fixture
def profile(chromium: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser that keeps things on disk, as that of a person does; private windows do not."""
    context = chromium.browser_type.launch_persistent_context(
        tmp_path / "profile", executable_path=str(tool("chromium")), args=list(FLAGS)
    )
    yield context
    context.close()


@pytest.fixture
def new_tab(chromium: Browser, profile: BrowserContext, sites: dict[str, str]) -> Callable[[], Tab]:
    remember(chromium, profile, sites["plain"])
    return lambda: Tab(profile.new_page(), sites["plain"], Path(sites["kept"]))


@pytest.mark.parametrize("place", [{"folder": "mine", "name": "1"}, None], ids=["disk", "blobs"])
def test_pages_hold_what_an_array_would(profile: BrowserContext, tmp_path: Path, place: Json | None) -> None:
    with served(ROOT / "wasm-shims", tmp_path) as url:
        page = profile.new_page()
        page.goto(url + EMPTY)
        for seed in range(3):
            found = page.evaluate(
                """([address, wanted]) => new Promise((done) => {
                    const worker = new Worker(address, {type: 'module'});
                    worker.onmessage = ({data}) => done(data);
                    worker.onerror = ({message}) => done({error: message});
                    worker.postMessage(wanted);
                })""",
                [f"{TEST_PAGE}paged.worker.js", {"place": place, "seed": seed, "pages": 9, "turns": 150}],
            )
            assert "error" not in found, found
            assert found["kind"] == ("File" if place else "Blob")


@pytest.mark.parametrize("engine", ["media", "ffmpeg"])
def test_a_large_result_grows_on_disk_and_outlives_its_engine(
    new_tab: Callable[[], Tab], heavy: Path, engine: str
) -> None:
    tab = new_tab()
    tab.open(heavy, engine)
    tab.start(WHOLE, engine)
    sizes: set[int] = set()
    until(lambda: sizes.update(tab.look().values()), lambda _: tab.page.evaluate("outcome !== null"), 60)
    answer = tab.outcome()
    assert answer["ok"], answer
    assert len({size for size in sizes if MB < size < HEAVY}) > 1, sizes
    # What says of itself how long its pictures last stands in front of what lies on disk.
    (on_disk,) = tab.look().values()
    assert abs(answer["value"]["size"] - on_disk) < 1024
    assert answer["value"]["size"] > HEAVY
    # Nobody else holds it: neither the worker that wrote it, nor Clipwright.
    for worker in [one for one in tab.page.workers if f"{engine}.worker.js" in one.url]:
        worker.evaluate("self.close()")
    assert packets(tab.kept()) == packets(heavy)
    tab.release()
    until(tab.look, gone)


@pytest.mark.parametrize("engine", ["media", "ffmpeg"])
def test_a_small_result_never_lies_on_disk(
    new_tab: Callable[[], Tab], make: Callable[[Recipe], Path], engine: str
) -> None:
    tab = new_tab()
    tab.open(make(Recipe()), engine)
    tab.make(WHOLE, engine)
    assert tab.look() == {}
    assert packets(tab.kept()) == packets(make(Recipe()))


@pytest.mark.parametrize("engine", ["media", "ffmpeg"])
def test_cancelling_leaves_nothing_on_disk(new_tab: Callable[[], Tab], heavy: Path, engine: str) -> None:
    tab = new_tab()
    tab.open(heavy, engine)
    tab.start(WHOLE, engine)
    until(tab.look, lambda files: any(size > 16 * MB for size in files.values()), 60)  # type: ignore[attr-defined]  # what `look` gives
    tab.page.evaluate("stop.abort()")
    assert tab.outcome()["error"]["code"] == "cancelled"
    until(tab.look, gone)
    tab.make(PART, engine)
    assert list(tab.look()) != []


@pytest.mark.slow
def test_parts_stay_for_as_long_as_the_result_refers_to_them(
    new_tab: Callable[[], Tab], long_group: Path
) -> None:
    """What is encoded of a long group at the edge of a smart cut is large, and not copied again."""
    tab = new_tab()
    tab.open(long_group, "media")
    made = tab.make({"start": "0.08", "end": "5.48", "mode": "smart"}, "media")
    (part,) = tab.look().values()
    assert 8 * MB < part < made["size"]
    path = tab.kept()
    assert path.stat().st_size == made["size"]
    assert pictures(path) == 135
    tab.release()
    until(tab.look, gone)


def test_what_a_dead_tab_left_goes_and_what_a_living_one_has_stays(
    new_tab: Callable[[], Tab], heavy: Path
) -> None:
    living, dying = new_tab(), new_tab()
    for tab in (living, dying):
        tab.open(heavy, "media")
        tab.make(PART, "media")
    # A page may close Clipwright and go on with what it made.
    living.page.evaluate("lab.app.close()")
    assert len(living.look()) == 2
    own = {name.partition("/")[0] for name in living.look()}
    dying.page.close()
    third = new_tab()
    until(third.look, lambda files: len(files) == 1)  # type: ignore[arg-type]  # what `look` gives
    assert {name.partition("/")[0] for name in third.look()} < own
    assert packets(living.kept()).count("MD5") == packets(heavy).count("MD5")
    living.page.close()
    fourth = new_tab()
    until(fourth.look, gone)


def test_the_page_gives_back_what_nobody_looks_at(
    new_tab: Callable[[], Tab], profile: BrowserContext, sites: dict[str, str], heavy: Path
) -> None:
    """Not at once: the browser may still be reading it for a download."""
    onlooker = new_tab()
    page = profile.new_page()
    page.clock.install()
    studio = Studio(page, sites["plain"], Watch(sites["plain"]))
    studio.visit()
    studio.open(heavy)
    studio.mark("0", "1")
    studio.choose("Lossless", "MKV")
    studio.export()
    assert len(onlooker.look()) == 1
    page.locator("#again").click()
    page.wait_for_timeout(300)
    assert len(onlooker.look()) == 1
    page.clock.fast_forward("10:00")
    until(onlooker.look, gone)


@pytest.mark.parametrize("engine", ["media", "ffmpeg"])
def test_without_room_on_disk_results_are_made_without_it(
    new_tab: Callable[[], Tab], profile: BrowserContext, sites: dict[str, str], heavy: Path, engine: str
) -> None:
    tab = new_tab()
    _quota(profile, tab, sites["plain"], 0)
    tab.open(heavy, engine)
    made = tab.make(PART, engine)
    assert made["size"] > 16 * MB
    assert tab.look() == {}
    assert tab.kept().stat().st_size == made["size"]


@pytest.mark.parametrize("engine", ["media", "ffmpeg"])
def test_a_disk_that_runs_full_in_the_middle_is_said(
    new_tab: Callable[[], Tab], profile: BrowserContext, sites: dict[str, str], heavy: Path, engine: str
) -> None:
    tab = new_tab()
    _quota(profile, tab, sites["plain"], 96 * MB)
    tab.open(heavy, engine)
    tab.start(WHOLE, engine)
    answer = tab.outcome()
    assert not answer["ok"]
    assert answer["error"]["code"] == "resource", answer
    assert "space" in answer["error"]["message"]
    assert answer["error"]["hint"]
    until(tab.look, gone)
    tab.make(PART, engine)


def _quota(profile: BrowserContext, tab: Tab, origin: str, size: int) -> None:
    session = profile.new_cdp_session(tab.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": size})


NO_STORAGE = "delete StorageManager.prototype.getDirectory;\n"
REFUSED = """
StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException('not here', 'SecurityError'));
"""


@pytest.mark.parametrize("engine", ["media", "ffmpeg"])
@pytest.mark.parametrize("trouble", [NO_STORAGE, REFUSED], ids=["missing", "refused"])
def test_without_such_storage_results_are_made_without_it(
    profile: BrowserContext, heavy: Path, tmp_path: Path, trouble: str, engine: str
) -> None:
    workers = ("app", "media", "ffmpeg")
    with served(site(), tmp_path, preludes={f"/{name}.worker.js": trouble for name in workers}) as url:
        tab = Tab(profile.new_page(), url, tmp_path)
        tab.open(heavy, engine)
        made = tab.make(PART, engine)
        assert made["size"] > 16 * MB
        assert tab.look() == {}
        assert tab.kept().stat().st_size == made["size"]


def test_without_locks_nothing_lies_on_disk(
    profile: BrowserContext, sites: dict[str, str], heavy: Path
) -> None:
    """Another tab could not tell that it is still needed."""
    page = profile.new_page()
    page.add_init_script("delete Navigator.prototype.locks")
    tab = Tab(page, sites["plain"], Path(sites["kept"]))
    tab.open(heavy, "media")
    made = tab.make(PART, "media")
    assert tab.look() == {}
    assert tab.kept().stat().st_size == made["size"]
