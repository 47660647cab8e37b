"""Getting many results out of the browser: into an archive, and into a folder that the person picked."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.equipment import tool
from tests.pages import EMPTY, FLAGS

pytestmark = pytest.mark.unhurried

MB = 1 << 20

CUT = """
    const { Cut } = await import('/clipwright.js');
    const cutOf = (files) => new Cut({
        results: files.map(([name]) => ({ output: name, report: { name } })),
        notes: [],
        files: files.map(([, ...parts]) => new Blob(parts)),
    });
    const own = await navigator.storage.getDirectory();
    const folder = await own.getDirectoryHandle(crypto.randomUUID(), { create: true });
    const listing = async () => {
        const found = {};
        for await (const [name, handle] of folder.entries()) {
            found[name] = handle.kind === 'file' ? await (await handle.getFile()).text() : 'a folder';
        }
        return found;
    };
    const megabytes = (count) => new Array(count).fill(new Blob([new Uint8Array(1 << 20)]));
    const answer = (work) => work.then((value) => ({ value }), ({ code, name, hint }) => ({ code, name, hint }));
"""

PICKED = "() => { FileSystemDirectoryHandle.prototype.resolve = async () => null; }"
"""Folders of the page's own then stand for those that lie outside, which no test can pick."""


@pytest.fixture(scope="module")
def profile(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A browser that keeps things on disk, as that of a person does; private windows do not."""
    context = chromium.browser_type.launch_persistent_context(
        tmp_path_factory.mktemp("profile"), executable_path=str(tool("chromium")), args=list(FLAGS)
    )
    yield context
    context.close()


@pytest.fixture
def page(profile: BrowserContext, sites: dict[str, str]) -> Iterator[Page]:
    page = profile.new_page()
    # Where nothing else keeps things meanwhile, as Python's snapshot.
    page.goto(sites["plain"] + EMPTY)
    yield page
    page.close()


@pytest.fixture(params=["own", "picked"])
def anywhere(page: Page, request: pytest.FixtureRequest) -> Page:
    """A folder of the page's own is written to by a worker, one that was picked is not; the same must come of both."""
    if request.param == "picked":
        page.evaluate(PICKED)
    return page


def test_an_archive_holds_all_results(page: Page, sites: dict[str, str]) -> None:
    progress = page.evaluate(
        "async () => {"
        + CUT
        + """
            const noise = new Uint8Array(9_000_001).map((_, index) => (index * index) >> 7);
            const cut = cutOf([['été 日本 🎬.mp4', noise], ['b.mp4', 'hello'], ['empty.mp4'], ['c.mp4', '1234567']]);
            const progress = [];
            const archive = await cut.zip({ onProgress: ({ done }) => progress.push(done) });
            if (archive.type !== 'application/zip') throw new Error(archive.type);
            await fetch('/kept/all.zip', { method: 'PUT', body: archive });
            return progress;
        }"""
    )
    assert progress == sorted(progress)
    assert progress[-1] == 1
    with zipfile.ZipFile(Path(sites["kept"]) / "all.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["été 日本 🎬.mp4", "b.mp4", "empty.mp4", "c.mp4"]
        assert archive.read("été 日本 🎬.mp4") == bytes((i * i >> 7) & 255 for i in range(9_000_001))
        assert [archive.read(name) for name in archive.namelist()[1:]] == [b"hello", b"", b"1234567"]
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.infolist()[0].date_time[0] >= 2026


@pytest.mark.slow
def test_an_archive_may_be_larger_than_4_gb(page: Page, sites: dict[str, str], tmp_path: Path) -> None:
    """Only its ends are looked at in full: between them lie the same 4 MB again and again."""
    told = page.evaluate(
        "async () => {"
        + CUT
        + """
            const piece = new Blob([new Uint8Array(4 << 20).fill(7)]);
            const cut = cutOf([['large.mp4', ...new Array(1030).fill(piece)], ['last.mp4', 'the end']]);
            const archive = await cut.zip();
            await fetch('/kept/head', { method: 'PUT', body: archive.slice(0, 1000) });
            await fetch('/kept/tail', { method: 'PUT', body: archive.slice(-1000) });
            return archive.size;
        }"""
    )
    kept = Path(sites["kept"])
    with (tmp_path / "large.zip").open("wb") as sparse:
        sparse.write((kept / "head").read_bytes())
        sparse.truncate(told)
        sparse.seek(-1000, os.SEEK_END)
        sparse.write((kept / "tail").read_bytes())
    checksum = 0
    for _ in range(1030):
        checksum = zlib.crc32(b"\7" * (4 * MB), checksum)
    with zipfile.ZipFile(tmp_path / "large.zip") as archive:
        large, last = archive.infolist()
        assert (large.file_size, large.compress_size, large.CRC) == (1030 * 4 * MB, 1030 * 4 * MB, checksum)
        assert last.header_offset > 1 << 32
        assert archive.read(last) == b"the end"
        with archive.open(large) as start:
            assert start.read(100) == b"\7" * 100


def test_packing_can_be_stopped(page: Page) -> None:
    told = page.evaluate(
        "async () => {"
        + CUT
        + """
            const controller = new AbortController();
            const cut = cutOf([['a.mp4', ...megabytes(50)]]);
            return answer(cut.zip({ signal: controller.signal, onProgress: () => controller.abort('enough') }));
        }"""
    )
    assert (told["code"], told["name"]) == ("cancelled", "AbortError")


def test_a_result_that_cannot_be_read_is_told(page: Page) -> None:
    told = page.evaluate(
        "async () => {"
        + CUT
        + """
            const cut = cutOf([['a.mp4', 'one']]);
            const gone = new DOMException('gone', 'NotReadableError');
            Blob.prototype.arrayBuffer = () => Promise.reject(gone);
            return answer(cut.zip());
        }"""
    )
    assert (told["code"], told["name"]) == ("media", "ClipwrightError")


def test_a_folder_is_filled_and_nothing_overwritten(anywhere: Page) -> None:
    told = anywhere.evaluate(
        "async () => {"
        + CUT
        + """
            const cut = cutOf([['a.mp4', 'one'], ['b.b.mp4', 'two'], ['noend', 'three']]);
            await folder.getDirectoryHandle('noend', { create: true });
            const first = await cut.saveTo(folder);
            const second = await cut.results[1].saveTo(folder);
            return { first, second, third: await cut.results[1].saveTo(folder), listing: await listing() };
        }"""
    )
    assert told["first"] == ["a.mp4", "b.b.mp4", "noend (2)"]
    assert (told["second"], told["third"]) == ("b.b (2).mp4", "b.b (3).mp4")
    assert told["listing"] == {
        "a.mp4": "one", "b.b.mp4": "two", "b.b (2).mp4": "two", "b.b (3).mp4": "two",
        "noend": "a folder", "noend (2)": "three",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("trouble", "code", "error"),
    [
        ("new DOMException('unread', 'NotReadableError')", "resource", "ClipwrightError"),
        ("new DOMException('no', 'NotAllowedError')", "resource", "ClipwrightError"),
        ("new TypeError('odd')", "internal", "ClipwrightError"),
    ],
)
def test_a_file_that_cannot_be_finished_is_removed(page: Page, trouble: str, code: str, error: str) -> None:
    page.evaluate(PICKED)
    told = page.evaluate(
        "async () => {"
        + CUT
        + """
            const open = FileSystemFileHandle.prototype.createWritable;
            FileSystemFileHandle.prototype.createWritable = async function () {
                const file = await open.call(this);
                if (this.name !== 'b.mp4') return file;
                const write = file.write.bind(file);
                let good = 1;
                file.write = async (part) => {
                    if (good-- > 0) return write(part);
                    throw TROUBLE;
                };
                return file;
            };
            const cut = cutOf([['a.mp4', 'one'], ['b.mp4', ...megabytes(40)], ['c.mp4', 'three']]);
            return { error: await answer(cut.saveTo(folder)), listing: await listing() };
        }""".replace("TROUBLE", trouble)
    )
    assert (told["error"]["code"], told["error"]["name"]) == (code, error)
    assert told["error"]["hint"]
    assert told["listing"] == {"a.mp4": "one"}


def test_a_full_disk_leaves_no_half_file(anywhere: Page, sites: dict[str, str]) -> None:
    anywhere.context.new_cdp_session(anywhere).send(
        "Storage.overrideQuotaForOrigin", {"origin": sites["plain"], "quotaSize": 20 * MB}
    )
    told = anywhere.evaluate(
        "async () => {"
        + CUT
        + """
            const cut = cutOf([['a.mp4', 'one'], ['b.mp4', ...megabytes(60)]]);
            return { error: await answer(cut.saveTo(folder)), listing: await listing() };
        }"""
    )
    assert told["error"]["code"] == "resource"
    assert told["listing"] == {"a.mp4": "one"}


def test_a_source_that_is_gone_is_no_full_disk(anywhere: Page, tmp_path: Path) -> None:
    source = tmp_path / "a.bin"
    source.write_bytes(b"x" * 1000)
    anywhere.evaluate(
        "document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'own' }))"
    )
    anywhere.set_input_files("#own", source)
    anywhere.evaluate(
        "globalThis.made = new Blob(['head', document.querySelector('#own').files[0].slice(10)])"
    )
    source.unlink()
    told = anywhere.evaluate(
        "async () => {"
        + CUT
        + """
            const cut = cutOf([['a.mp4', made]]);
            return { error: await answer(cut.saveTo(folder)), listing: await listing(), zip: await answer(cut.zip()) };
        }"""
    )
    assert told["error"]["code"] == told["zip"]["code"] == "media"
    assert told["listing"] == {}


def test_saving_can_be_stopped(anywhere: Page) -> None:
    told = anywhere.evaluate(
        "async () => {"
        + CUT
        + """
            const controller = new AbortController();
            await cutOf([['a.mp4', 'one']]).saveTo(folder);
            const cut = cutOf([['b.mp4', ...megabytes(150)]]);
            const progress = [];
            const onProgress = ({ done }) => progress.push(done) && controller.abort();
            const error = await answer(cut.saveTo(folder, { signal: controller.signal, onProgress }));
            const late = await answer(cut.saveTo(folder, { signal: controller.signal }));
            return { error, late, progress, listing: await listing() };
        }"""
    )
    assert told["error"]["code"] == told["late"]["code"] == "cancelled"
    assert told["progress"][-1] < 1
    assert told["listing"] == {"a.mp4": "one"}
