"""What goes wrong is said once, in words, and the page stays usable."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import reading
from tests.browser.studio import Studio
from tests.clips import Recipe

LONG = Recipe(seconds=60, size=(640, 360), gop=50)
LONG_MPEG4 = Recipe(seconds=60, size=(640, 360), gop=50, video="mpeg4")
NO_PREVIEW = (
    "MEDIA_ERR_SRC_NOT_SUPPORTED|DEMUXER_ERROR"
    "|net::ERR_FILE_NOT_FOUND|ERR_UPLOAD_FILE_CHANGED|ERR_REQUEST_RANGE"
)


def still_works(studio: Studio, make, tmp_path: Path) -> None:
    """The next clip, of another file, is right."""
    studio.open(make(Recipe()))
    studio.mark("1", "1.4")
    studio.choose("Exact", "MP4")
    studio.export()
    assert reading.numbers(studio.save(tmp_path)) == list(range(25, 35))


def bad(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("words.mp4", b"This is not a film. " * 500, "unsupported_format"),
        ("nothing.mp4", b"", "unsupported_format"),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:1,\nhttp://example.com/1.ts\n", "unsupported_format"),
    ],
)
def test_what_is_no_media_is_refused(
    studio: Studio, make, tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    studio.watch.forgive(NO_PREVIEW)
    studio.page.set_input_files("#picker", bad(tmp_path, name, data))
    failure = studio.failure()
    assert failure["code"] == code
    assert name in failure["title"] + failure["message"]
    assert failure["hint"]
    still_works(studio, make, tmp_path)
    expect(studio.page.get_by_test_id("failure")).to_have_count(0)


def test_a_truncated_file_blames_the_file(studio: Studio, make, tmp_path: Path) -> None:
    studio.watch.forgive(NO_PREVIEW)
    whole = make(Recipe(flags=("-movflags", "+faststart"))).read_bytes()
    studio.open(bad(tmp_path, "half.mp4", whole[: len(whole) // 2]))
    studio.mark("1", "3.6")
    studio.choose("Exact")
    studio.start_export()
    assert studio.failure()["code"] in ("corrupt_media", "media")
    expect(studio.page.locator("#result")).to_be_hidden()
    still_works(studio, make, tmp_path)


@pytest.mark.parametrize("mode", ["Exact", "Lossless"])
@pytest.mark.parametrize("trouble", ["vanishes", "changes"])
def test_a_file_that_is_no_longer_the_one_that_was_opened(
    studio: Studio, make, tmp_path: Path, mode: str, trouble: str
) -> None:
    studio.watch.forgive(NO_PREVIEW)
    path = bad(tmp_path, "mine.mp4", make(Recipe()).read_bytes())
    studio.open(path)
    studio.mark("1", "2")
    studio.choose(mode)
    if trouble == "vanishes":
        path.unlink()
    else:
        path.write_bytes(make(Recipe(seconds=3)).read_bytes())
        os.utime(path, (time.time() + 10, time.time() + 10))
    studio.start_export()
    failure = studio.failure()
    assert failure["code"] == "media"
    assert "mine.mp4" in failure["title"] + failure["message"]
    assert failure["hint"]
    expect(studio.page.locator("#result")).to_be_hidden()
    still_works(studio, make, tmp_path)


def test_times_outside_the_file_are_said_at_their_field(studio: Studio, make, tmp_path: Path) -> None:
    studio.open(make(Recipe()))
    box = studio.page.get_by_label("In", exact=True)
    box.fill("1:00:00")
    box.press("Tab")
    expect(studio.page.locator("#in-note")).not_to_be_empty()
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(studio.page.locator("#plan")).not_to_have_attribute("data-state", "ready")
    still_works(studio, make, tmp_path)


def crash(studio: Studio, file: str) -> None:
    """Let an engine's worker die of an error that nothing in it catches."""
    studio.watch.forgive("struck by lightning")
    studio.worker(file).evaluate("void setTimeout(() => { throw new Error('struck by lightning'); })")


def hang(studio: Studio, file: str) -> None:
    """Let an engine's worker run in circles for ever."""
    studio.worker(file).evaluate("void setTimeout(() => { for (;;); })")


def test_a_media_engine_that_dies_half_way_is_replaced(fresh_studio: Studio, make, tmp_path: Path) -> None:
    """Another engine takes over, or one error is shown; never a half clip, never a dead page."""
    studio = fresh_studio
    studio.open(make(LONG))
    studio.mark("0", "4")
    studio.choose("Exact")
    studio.start_export()
    studio.begun()
    crash(studio, "media.worker.js")
    done = studio.page.locator("#result, [data-testid=failure]").locator("visible=true")
    expect(done).to_have_count(1, timeout=60_000)
    if studio.page.locator("#result").is_visible():
        assert reading.numbers(studio.save(tmp_path)) == list(range(100))
        assert "FFmpeg" in studio.page.locator("#result-foot").inner_text()
    else:
        assert studio.failure()["code"] == "engine"
    still_works(studio, make, tmp_path)


LIGHTNING = """
{
    // FFmpeg keeps its worker busy: nothing but itself can let it die half way.
    const send = self.postMessage.bind(self);
    let heard = 0;
    self.postMessage = (message, ...rest) => {
        if (message?.event === 'progress' && ++heard === 3) reportError(new Error('struck by lightning'));
        send(message, ...rest);
    };
}
"""


@pytest.mark.parametrize("url", [{"/ffmpeg.worker.js": LIGHTNING}], indirect=True, ids=["struck"])
def test_an_ffmpeg_that_dies_half_way_is_one_error(fresh_studio: Studio, make, tmp_path: Path) -> None:
    studio = fresh_studio
    studio.watch.forgive(NO_PREVIEW)
    studio.watch.forgive("struck by lightning")
    studio.open(make(LONG_MPEG4))
    studio.choose("Exact", "MP4")
    studio.start_export()
    assert studio.failure()["code"] == "engine"
    expect(studio.page.locator("#result")).to_be_hidden()
    still_works(studio, make, tmp_path)


def test_cancel_does_not_need_the_engine_to_listen(fresh_studio: Studio, make, tmp_path: Path) -> None:
    studio = fresh_studio
    studio.open(make(LONG))
    studio.choose("Exact")
    studio.start_export()
    studio.begun()
    hang(studio, "media.worker.js")
    studio.page.wait_for_timeout(300)
    studio.page.get_by_role("button", name="Cancel").click()
    expect(studio.page.get_by_role("button", name="Export clip")).to_be_visible(timeout=2_000)
    still_works(studio, make, tmp_path)


@pytest.mark.slow
@pytest.mark.unhurried
def test_an_engine_that_hangs_is_noticed(fresh_studio: Studio, make, tmp_path: Path) -> None:
    studio = fresh_studio
    studio.open(make(LONG))
    studio.mark("0", "2")
    studio.choose("Exact")
    studio.start_export()
    studio.begun()
    hang(studio, "media.worker.js")
    done = studio.page.locator("#result, [data-testid=failure]").locator("visible=true")
    expect(done).to_have_count(1, timeout=90_000)
    still_works(studio, make, tmp_path)


NO_DISK = """
// A Blob that the browser found no room for is known only by reading it.
const Stored = Blob;
globalThis.Blob = class extends Blob {
    static [Symbol.hasInstance](value) {
        return value instanceof Stored;
    }
    slice(...range) {
        return new globalThis.Blob([super.slice(...range)]);
    }
    arrayBuffer() {
        return Promise.reject(new DOMException('no room', 'NotReadableError'));
    }
};
"""
NO_MEMORY = """
globalThis.Uint8Array = new Proxy(Uint8Array, {
    construct(target, args, made) {
        if (typeof args[0] === 'number' && args[0] >= 8 << 20) throw new RangeError('Array buffer allocation failed');
        return Reflect.construct(target, args, made === globalThis.Uint8Array ? target : made);
    },
});
"""


@pytest.mark.parametrize(
    ("url", "mode"),
    [
        ({"/media.worker.js": NO_DISK}, "Exact"),
        ({"/media.worker.js": NO_DISK}, "Lossless"),
        ({"/media.worker.js": NO_MEMORY}, "Exact"),
    ],
    indirect=["url"],
    ids=["disk-exact", "disk-lossless", "memory"],
)
def test_no_room_for_the_result_is_said(fresh_studio: Studio, make, mode: str) -> None:
    studio = fresh_studio
    studio.open(make(Recipe()))
    studio.mark("1", "2")
    studio.choose(mode)
    studio.start_export()
    failure = studio.failure()
    assert failure["code"] == "resource"
    assert failure["hint"]
    expect(studio.page.locator("#result")).to_be_hidden()
    expect(studio.page.get_by_role("button", name="Export clip")).to_be_enabled()
