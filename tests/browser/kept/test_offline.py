"""Without a network, after one visit; and what the service worker adds to a host that does little."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import reading
from tests.browser.kept.household import NO_NETWORK, Guest, guest, house, installed, kept, start_long, until
from tests.browser.studio import Studio
from tests.clips import Recipe
from tests.judging import Wanted, assert_copied, assert_frames, assert_sound
from tests.pages import EMPTY

pytestmark = pytest.mark.unhurried

NEEDS_FFMPEG = Recipe(video="mpeg4", seconds=3)
ONLY_FFMPEG_READS = Recipe(container="avi", video="mpeg4", audio=("mp3",), seconds=3)
# Longer than it takes the service worker to look whether all is well with what it keeps.
LOOKED_MS = 6000


def cut_and_compare(studio: Studio, source: Path, tmp_path: Path, mode: str) -> None:
    studio.open(source)
    studio.mark("1.36", "0:02.44")
    studio.choose(mode, "MP4")
    studio.export()
    saved = studio.save(tmp_path)
    wanted = Wanted(source, 1_360_000, 2_440_000, 0)
    assert_sound(wanted, saved, assert_frames(wanted, saved))
    if mode == "Lossless":
        assert_copied(source, saved, "video")


def test_everything_works_offline_after_one_visit(chromium: Browser, make, tmp_path: Path) -> None:
    """In a folder of its host; at a root and elsewhere it is tried on every kind of host."""
    with house(tmp_path, "/some/where") as place, guest(chromium, place, is_new=True) as someone:
        someone.settle().page.close()
        someone.cut_off()
        studio = someone.visit("?from=a-bookmark")
        assert studio.page.evaluate("fetch('no-such-file').then(() => 'there', () => 'cut')") == "cut"
        for mode in ("Lossless", "Exact"):
            cut_and_compare(studio, make(Recipe()), tmp_path, mode)
        for container in ("M4A", "MP3", "FLAC"):
            studio.open(make(Recipe(seconds=3)))
            studio.choose("Exact", container)
            studio.export()
            assert reading.duration_us(studio.save(tmp_path)) == pytest.approx(3_000_000, abs=80_000)
        studio.page.reload()
        studio.page.get_by_role("button", name="Try the sample").click()
        studio.planned()
        studio.watch.forgive(NO_NETWORK)
        assert not studio.watch.verdict()


def test_offline_when_the_host_is_gone(chromium: Browser, make, tmp_path: Path) -> None:
    with ExitStack() as visit:
        with house(tmp_path) as place:
            someone = visit.enter_context(guest(chromium, place))
            someone.settle().page.close()
            # A connection that is still open has nothing to get either.
            shutil.rmtree(place.folder)
        studio = someone.visit()
        cut_and_compare(studio, make(Recipe()), tmp_path, "Exact")


def test_a_plain_host_is_isolated_from_the_second_load_on(chromium: Browser, make, tmp_path: Path) -> None:
    with house(tmp_path) as place, guest(chromium, place) as someone:
        first = someone.settle()
        assert first.page.evaluate("crossOriginIsolated") is False
        first.page.close()
        studio = someone.visit()
        assert studio.page.evaluate("crossOriginIsolated") is True
        policy = studio.page.locator("meta[http-equiv]").get_attribute("content")
        for file in ("", "index.html?a=b", "main.js", "app.worker.js", "media.worker.js", "ffmpeg.worker.js"):
            headers = studio.page.evaluate(
                "async (file) => Object.fromEntries((await fetch(file)).headers)", file
            )
            assert headers["content-security-policy"] == policy
            assert headers["cross-origin-embedder-policy"] == "require-corp"
            assert headers["cross-origin-resource-policy"] == "cross-origin"
            assert headers["cross-origin-opener-policy"] == "same-origin"
        # A worker does not inherit the page's policy; it must have its own.
        worker = studio.worker("app.worker.js")
        assert worker.evaluate("crossOriginIsolated") is True
        assert worker.evaluate("fetch('data:,x').then(() => 'let through', () => 'stopped')") == "stopped"
        studio.watch.forgive("Content Security Policy")
        cut_and_compare(studio, make(Recipe()), tmp_path, "Exact")
        assert not studio.watch.verdict()


def test_what_is_not_ours_is_left_alone(chromium: Browser, tmp_path: Path) -> None:
    with house(tmp_path) as place, guest(chromium, place) as someone:
        someone.settle().page.close()
        page = someone.context.new_page()
        answer = page.goto(place.origin + EMPTY)
        assert answer is not None
        assert not answer.from_service_worker
        assert page.evaluate("Boolean(navigator.serviceWorker.controller)")
        assert "content-security-policy" not in answer.headers
        for path, ours in (
            ("/LICENSE", False),
            ("/main.js", True),
            ("/element.js?revision=2", True),
            ("/main.js.map", False),
        ):
            kept = page.evaluate(
                "async (path) => (await fetch(path)).headers.has('cross-origin-embedder-policy')", path
            )
            assert kept is ours, path


def test_kept_media_can_be_asked_for_in_ranges(chromium: Browser, tmp_path: Path) -> None:
    with house(tmp_path) as place, guest(chromium, place) as someone:
        someone.settle().page.close()
        studio = someone.visit()
        someone.cut_off()
        whole = (place.folder / "sample.mp4").read_bytes()
        ask = """async (range) => {
            const answer = await fetch('sample.mp4', { headers: { range } });
            const bytes = [...new Uint8Array(await answer.arrayBuffer())];
            return [answer.status, answer.headers.get('content-range'), bytes];
        }"""
        status, said, sent = studio.page.evaluate(ask, "bytes=10-19")
        assert (status, said, bytes(sent)) == (206, f"bytes 10-19/{len(whole)}", whole[10:20])
        status, _, sent = studio.page.evaluate(ask, "bytes=-5")
        assert (status, bytes(sent)) == (206, whole[-5:])
        status, said, sent = studio.page.evaluate(ask, f"bytes={len(whole) - 3}-{len(whole) + 9}")
        assert (status, said, bytes(sent)) == (
            206,
            f"bytes {len(whole) - 3}-{len(whole) - 1}/{len(whole)}",
            whole[-3:],
        )
        status, said, _ = studio.page.evaluate(ask, f"bytes={len(whole)}-")
        assert (status, said) == (416, f"bytes */{len(whole)}")
        played = studio.page.evaluate(
            """() => new Promise((resolve, reject) => {
                const video = document.createElement('video');
                video.src = 'sample.mp4';
                video.onerror = () => reject(new Error(video.error.message));
                video.onloadedmetadata = () => (video.currentTime = video.duration - 0.5);
                video.onseeked = () => resolve(video.currentTime);
            })"""
        )
        assert played > 1


def test_ffmpeg_is_a_pack(chromium: Browser, make, tmp_path: Path) -> None:
    """Not there offline; installed, it is; removed, it is gone; used once, it is kept."""
    source = make(NEEDS_FFMPEG)
    with house(tmp_path) as place, guest(chromium, place) as someone:
        studio = someone.settle()
        page = studio.page
        someone.cut_off()
        page.set_input_files("#picker", make(ONLY_FFMPEG_READS))
        needs_ffmpeg(studio)
        studio.open(source)
        studio.choose("Exact", "MKV")
        studio.start_export()
        needs_ffmpeg(studio)

        row = page.locator("[data-pack=ffmpeg]")
        page.get_by_role("button", name="Offline and storage").click()
        expect(row).to_contain_text("32 MB")
        page.get_by_role("button", name="Install FFmpeg").click()
        expect(row).to_contain_text("Check the connection")
        someone.plug_in()
        page.get_by_role("button", name="Install FFmpeg").click()
        expect(row).to_have_attribute("data-state", "installed", timeout=30_000)
        page.get_by_role("button", name="Close", exact=True).click()

        someone.cut_off()
        works_offline(studio, source, tmp_path)
        page.get_by_role("button", name="Offline and storage").click()
        page.get_by_role("button", name="Remove FFmpeg").click()
        expect(row).to_have_attribute("data-state", "absent")
        someone.plug_in()
        studio = fresh(someone, studio)
        works_offline(studio, source, tmp_path)
        someone.cut_off()
        works_offline(fresh(someone, studio), source, tmp_path)


def test_ffmpeg_used_before_the_site_is_kept_is_kept_with_it(chromium: Browser, make, tmp_path: Path) -> None:
    with house(tmp_path) as place, guest(chromium, place) as someone:
        later = (place.folder / "sw.js").rename(tmp_path / "sw.js")
        studio = someone.visit()
        studio.watch.forgive(r"sw\.js|Failed to load resource")
        studio.open(make(ONLY_FFMPEG_READS))
        studio.export()
        later.rename(place.folder / "sw.js")
        studio.page.evaluate("async () => void (await navigator.serviceWorker.register('sw.js'))")
        until(studio.page, "caches.match('ffmpeg/ffmpeg-core.wasm').then(Boolean)", 60)
        until(studio.page, "caches.match('ffmpeg/ffmpeg-core.js').then(Boolean)")
        someone.cut_off()
        studio.page.close()
        again = someone.visit()
        again.open(make(ONLY_FFMPEG_READS))
        again.export()


def needs_ffmpeg(studio: Studio) -> None:
    failure = studio.failure()
    assert failure["code"] == "resource"
    assert "FFmpeg" in failure["message"]
    assert "Offline and storage" in failure["hint"]


def fresh(someone: Guest, studio: Studio) -> Studio:
    studio.page.close()
    return someone.visit()


def works_offline(studio: Studio, source: Path, tmp_path: Path) -> None:
    studio.open(source)
    studio.mark("1", "2")
    studio.choose("Exact", "MKV")
    studio.export()
    assert reading.numbers(studio.save(tmp_path)) == list(range(25, 50))


def test_a_damaged_pack_is_not_installed(chromium: Browser, tmp_path: Path) -> None:
    with house(tmp_path) as place, guest(chromium, place) as someone:
        core = "ffmpeg/ffmpeg-core.wasm"
        place.write(core, (place.folder / core).read_bytes()[:-1] + b"!")
        studio = someone.settle()
        studio.page.get_by_role("button", name="Offline and storage").click()
        studio.page.get_by_role("button", name="Install FFmpeg").click()
        row = studio.page.locator("[data-pack=ffmpeg]")
        expect(row).to_contain_text("could not be fetched whole", timeout=30_000)
        expect(row).to_have_attribute("data-state", "absent")
        assert not [name for name in studio.page.evaluate("caches.keys()") if "pack" in name]


def test_a_file_that_another_app_shares_is_opened(chromium: Browser, make, tmp_path: Path) -> None:
    source = make(Recipe())
    with house(tmp_path, "/cuts") as place, guest(chromium, place) as someone:
        someone.settle().page.close()
        page = someone.context.new_page()
        page.goto(place.origin + EMPTY)
        page.evaluate(
            """(action) => {
                const form = Object.assign(document.createElement('form'), { method: 'POST', action });
                form.enctype = 'multipart/form-data';
                const input = Object.assign(document.createElement('input'), { type: 'file', name: 'files' });
                form.append(input);
                document.body.append(form);
            }""",
            place.url + "/share",
        )
        page.set_input_files("input", source)
        page.evaluate("document.querySelector('form').submit()")
        expect(page.locator("#file-name")).to_have_text(source.name, timeout=60_000)
        expect(page).to_have_url(place.url + "/")
        assert not [name for name in page.evaluate("caches.keys()") if "shared" in name]


def test_a_file_opened_with_the_installed_site(chromium: Browser, make, tmp_path: Path) -> None:
    """Headless browsers install nothing, so the operating system's part is played here."""
    source = make(Recipe())
    with house(tmp_path) as place, guest(chromium, place) as someone:
        someone.context.add_init_script(
            """Object.defineProperty(globalThis, 'launchQueue', {
                value: { setConsumer(consumer) { globalThis.launched = consumer; } },
            });"""
        )
        page = someone.visit().page
        page.evaluate(
            """([bytes, name]) => {
                const file = new File([new Uint8Array(bytes)], name, { type: 'video/mp4' });
                launched({ files: [{ kind: 'file', name, getFile: async () => file }] });
            }""",
            [list(source.read_bytes()), source.name],
        )
        expect(page.locator("#file-name")).to_have_text(source.name)


def test_the_shortcut_opens_the_sample(chromium: Browser, tmp_path: Path) -> None:
    with house(tmp_path) as place, guest(chromium, place) as someone:
        studio = someone.visit("?sample")
        studio.planned()
        expect(studio.page.locator("#file-name")).to_have_text("sample.mp4")
        expect(studio.page).to_have_url(place.url + "/")


def test_the_browser_is_asked_to_keep_it_once_there_is_a_result(
    chromium: Browser, make, tmp_path: Path
) -> None:
    with house(tmp_path) as place, guest(chromium, place) as someone:
        someone.context.add_init_script(
            """globalThis.asked = 0;
            StorageManager.prototype.persist = async () => { asked += 1; return true; };"""
        )
        studio = someone.visit()
        studio.open(make(Recipe()))
        assert studio.page.evaluate("asked") == 0
        for _ in range(2):
            studio.export()
            studio.page.wait_for_function("asked === 1")
            studio.page.get_by_role("button", name="Make another").click()
            studio.planned()


def test_the_manifest_names_what_is_there(chromium: Browser, sites) -> None:
    page = chromium.new_page()
    page.goto(sites["plain"] + "/")
    session = page.context.new_cdp_session(page)
    told = session.send("Page.getAppManifest")
    assert told["errors"] == []
    manifest = told["data"]
    for name in ('"purpose": "maskable"', '"file_handlers"', '"share_target"', '"id"', '"shortcuts"'):
        assert name in manifest
    problems = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [problem["errorId"] for problem in problems if problem["errorId"] != "in-incognito"] == []
    page.close()


def remains(page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = page.evaluate(
        """async () => {
            const folders = [];
            for await (const name of (await navigator.storage.getDirectory()).keys()) folders.push(name);
            return {
                workers: (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope),
                caches: await caches.keys(),
                folders,
                settings: Object.keys(localStorage),
                databases: (await indexedDB.databases()).map(({ name }) => name),
            };
        }"""
    )
    return found


def test_clearing_all_data_leaves_nothing(chromium: Browser, make, tmp_path: Path) -> None:
    with house(tmp_path) as place, guest(chromium, place) as someone:
        studio = someone.settle()
        page = studio.page
        page.get_by_role("button", name="Switch between light and dark").click()
        works_offline(studio, make(NEEDS_FFMPEG), tmp_path)
        until(
            page,
            """async () => {
                const root = await navigator.storage.getDirectory();
                for await (const name of root.keys()) if (name === 'clipwright-snapshots') return true;
            }""",
        )
        before = remains(page)
        assert all(before[kind] for kind in ("workers", "caches", "folders", "settings")), before
        page.get_by_role("button", name="Offline and storage").click()
        page.get_by_role("button", name="Clear all data…").click()
        page.get_by_role("button", name="Keep it").click()
        assert remains(page) == before
        studio = fresh(someone, studio)
        page = studio.page
        page.get_by_role("button", name="Offline and storage").click()
        page.get_by_role("button", name="Clear all data…").click()
        page.get_by_role("button", name="Clear all data", exact=True).click()
        expect(page.locator("#device-status")).to_contain_text("Everything is removed", timeout=30_000)
        # The old page still has its service worker.
        page.evaluate("fetch('main.js')")
        page.wait_for_timeout(LOOKED_MS)
        assert not any(remains(page).values()), remains(page)
        # The old page looks ready, too, until the new one is there.
        with page.expect_event("load"):
            page.get_by_role("button", name="Start afresh").click()
        expect(page.locator("#engine")).to_have_attribute("data-state", "ready", timeout=60_000)
        installed(studio)
        assert kept(page, "index.html")
        still = fresh(someone, studio)
        works_offline(still, make(NEEDS_FFMPEG), tmp_path)
        someone.cut_off()
        works_offline(fresh(someone, still), make(NEEDS_FFMPEG), tmp_path)


def test_nothing_is_cleared_while_a_clip_is_made(chromium: Browser, make, tmp_path: Path) -> None:
    with house(tmp_path) as place, guest(chromium, place) as someone:
        busy, other = someone.settle(), someone.visit()
        start_long(busy, make)
        clear_all(other.page)
        expect(other.page.locator("#device-status")).to_contain_text("A clip is being made")
        assert remains(other.page)["workers"]


def test_what_cannot_be_cleared_keeps_nothing_else(chromium: Browser, tmp_path: Path) -> None:
    """Another tab still writes one of the files."""
    with house(tmp_path) as place, guest(chromium, place) as someone:
        page = someone.settle().page
        page.get_by_role("button", name="Switch between light and dark").click()
        other = someone.context.new_page()
        other.goto(place.origin + EMPTY)
        other.evaluate(
            """async () => {
                const root = await navigator.storage.getDirectory();
                const folder = await root.getDirectoryHandle('clipwright-held', { create: true });
                const file = await folder.getFileHandle('file', { create: true });
                globalThis.held = await file.createWritable();
            }"""
        )
        clear_all(page)
        status = page.locator("#device-status")
        expect(status).to_contain_text("Not everything could be removed", timeout=30_000)
        left = remains(page)
        assert left.pop("folders") == ["clipwright-held"]
        assert not any(left.values()), left
        other.close()
        page.get_by_role("button", name="Clear all data…").click()
        page.get_by_role("button", name="Clear all data", exact=True).click()
        expect(status).to_contain_text("Everything is removed", timeout=30_000)
        assert not any(remains(page).values()), remains(page)


def clear_all(page: Page) -> None:
    page.get_by_role("button", name="Offline and storage").click()
    page.get_by_role("button", name="Clear all data…").click()
    page.get_by_role("button", name="Clear all data", exact=True).click()


HASHES = """async () => {
    const hashes = {};
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            const body = await (await cache.match(request))?.arrayBuffer();
            if (body) hashes[request.url] = [...new Uint8Array(await crypto.subtle.digest('SHA-256', body))].join();
        }
    }
    return hashes;
}"""


def test_what_is_damaged_is_mended(chromium: Browser, make, tmp_path: Path) -> None:
    """The next load may fail, the one after it does not, with a network or without."""
    with house(tmp_path) as place, guest(chromium, place) as someone:
        page = someone.settle().page
        page.get_by_role("button", name="Offline and storage").click()
        page.get_by_role("button", name="Install FFmpeg").click()
        row = page.locator("[data-pack=ffmpeg]")
        expect(row).to_have_attribute("data-state", "installed", timeout=30_000)
        whole = page.evaluate(HASHES)
        page.evaluate(
            """async () => {
                for (const name of await caches.keys()) {
                    const cache = await caches.open(name);
                    for (const request of await cache.keys()) {
                        if (!/main\\.js|asm\\.wasm|core\\.wasm/.test(request.url)) continue;
                        const kept = await cache.match(request);
                        const bytes = new Uint8Array(await kept.arrayBuffer()).fill(33);
                        await cache.put(request, new Response(bytes, { headers: kept.headers }));
                    }
                }
            }"""
        )
        pack = next(address for address in whole if "core.wasm" in address)
        broken = page.evaluate(HASHES)
        assert sum(broken[address] != whole[address] for address in whole) == 3
        page.reload()
        expect(page.locator("#engine")).to_have_attribute("data-state", "starting")
        # A pack is fetched again when somebody needs it.
        del whole[pack]
        for _ in range(120):
            page.wait_for_timeout(500)
            if page.evaluate(HASHES) == whole:
                break
        assert page.evaluate(HASHES) == whole
        page.close()
        someone.visit().page.close()
        someone.cut_off()
        studio = someone.visit()
        cut_and_compare(studio, make(Recipe()), tmp_path, "Exact")


def test_without_room_everything_works_and_says_so(chromium: Browser, make, tmp_path: Path) -> None:
    with house(tmp_path) as place, guest(chromium, place) as someone:
        blank = someone.context.new_page()
        blank.goto(place.origin + EMPTY)
        storage = someone.context.new_cdp_session(blank)
        # Chromium takes 0 for no limit.
        storage.send("Storage.overrideQuotaForOrigin", {"origin": place.origin, "quotaSize": 1})
        studio = someone.visit()
        offline = studio.page.locator("#device-offline")
        expect(offline).to_have_attribute("data-state", "failed", timeout=30_000)
        cut_and_compare(studio, make(Recipe()), tmp_path, "Exact")
        works_offline(studio, make(NEEDS_FFMPEG), tmp_path)
        studio.page.get_by_role("button", name="Offline and storage").click()
        studio.page.get_by_role("button", name="Install FFmpeg").click()
        row = studio.page.locator("[data-pack=ffmpeg]")
        expect(row).to_contain_text("not enough space left for FFmpeg", timeout=30_000)
        studio.page.get_by_role("button", name="Close", exact=True).click()
        # Once there is room, the next visit keeps it.
        storage.send("Storage.overrideQuotaForOrigin", {"origin": place.origin})
        studio.page.close()
        installed(someone.visit())


def test_what_is_cleared_away_under_the_page_comes_back(chromium: Browser, make, tmp_path: Path) -> None:
    with house(tmp_path) as place, guest(chromium, place) as someone:
        studio = someone.settle()
        count = (
            "caches.open('clipwright-site:' + location.href).then((all) => all.keys()).then((k) => k.length)"
        )
        whole = studio.page.evaluate(count)
        studio.page.evaluate("caches.keys().then((all) => Promise.all(all.map((one) => caches.delete(one))))")
        cut_and_compare(studio, make(Recipe()), tmp_path, "Exact")
        studio = fresh(someone, studio)
        until(studio.page, f"{count}.then((now) => now === {whole})")
        someone.cut_off()
        cut_and_compare(fresh(someone, studio), make(Recipe()), tmp_path, "Exact")
