"""What people do on the page, from opening a file to the saved clip."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import reading
from tests.browser.studio import Studio
from tests.clips import Recipe
from tests.judging import Wanted, assert_copied, assert_frames, assert_sound

pytestmark = pytest.mark.unhurried

EVERYWHERE = pytest.mark.parametrize("url", ["plain", "isolated"], indirect=True)


@EVERYWHERE
def test_the_sample_opens_and_becomes_a_clip(fresh_studio: Studio, tmp_path: Path, sites) -> None:
    studio = fresh_studio
    assert studio.page.evaluate("crossOriginIsolated") == (studio.url == sites["isolated"])
    expect(studio.page.get_by_text("nothing is uploaded").first).to_be_visible()
    studio.page.get_by_role("button", name="Try the sample").click()
    studio.planned()
    studio.mark("1", "2.5")
    studio.choose("Exact")
    studio.export()
    saved = studio.save(tmp_path)
    assert saved.suffix == ".mp4"
    assert reading.duration_us(saved) == pytest.approx(1_500_000, abs=60_000)


@EVERYWHERE
@pytest.mark.parametrize("mode", ["Exact", "Lossless"])
def test_open_mark_export_save_and_look_at_the_frames(
    studio: Studio, make, tmp_path: Path, mode: str
) -> None:
    source = make(Recipe())
    studio.open(source)
    studio.mark("1.36", "0:02.44")
    studio.choose(mode, "MP4")
    studio.export()
    saved = studio.save(tmp_path)
    assert saved.name == f"{source.stem}_clip_00-01_to_00-02.mp4"
    wanted = Wanted(source, 1_360_000, 2_440_000, 0)
    assert_sound(wanted, saved, assert_frames(wanted, saved))
    if mode == "Lossless":
        assert_copied(source, saved, "video")


def test_drop_a_file(fresh_studio: Studio, make, tmp_path: Path) -> None:
    studio = fresh_studio
    source = make(Recipe())
    bytes_ = list(source.read_bytes())
    transfer = studio.page.evaluate_handle(
        """([bytes, name]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], name, { type: 'video/mp4' }));
            return transfer;
        }""",
        [bytes_, source.name],
    )
    for event in ("dragenter", "dragover", "drop"):
        studio.page.dispatch_event("#main", event, {"dataTransfer": transfer})
    studio.planned()
    expect(studio.page.locator("#file-name")).to_have_text(source.name)
    studio.mark("1", "1.4")
    studio.export()
    assert reading.numbers(studio.save(tmp_path)) == list(range(25, 35))


def test_times_may_be_written_in_many_ways(studio: Studio, make) -> None:
    studio.open(make(Recipe()))
    box = studio.page.get_by_label("In", exact=True)
    for text in ("1.5", "1,5", "0:01.5", "00:00:01.500", "1500ms", "1s 500 ms", "PT1.5S", "-2.5", "37.5%"):
        box.fill(text)
        box.press("Tab")
        expect(studio.page.locator("#handle-in")).to_have_attribute("aria-valuenow", "1500")
        box.fill("0")
        box.press("Tab")
        expect(studio.page.locator("#handle-in")).to_have_attribute("aria-valuenow", "0")
    # A timecode counts frames: 00:00:01:12 at 25 fps is 1.48 s.
    box.fill("00:00:01:12")
    box.press("Tab")
    expect(studio.page.locator("#handle-in")).to_have_attribute("aria-valuenow", "1480")


def test_a_time_that_cannot_be_read_is_said_where_it_was_typed(studio: Studio, make) -> None:
    studio.open(make(Recipe()))
    box = studio.page.get_by_label("In", exact=True)
    box.fill("soonish")
    box.press("Tab")
    expect(studio.page.locator("#in-note")).to_contain_text("soonish")
    expect(box).to_have_attribute("aria-invalid", "true")
    box.fill("1")
    box.press("Tab")
    studio.planned()
    expect(box).not_to_have_attribute("aria-invalid", "true")
    studio.export()


def test_keys_set_in_and_out_at_the_playhead(studio: Studio, make, tmp_path: Path) -> None:
    studio.open(make(Recipe()))
    page = studio.page
    expect(page.locator("#player")).to_have_attribute("data-view", "picture")
    page.locator("#file-name").focus()
    page.keyboard.press("Shift+ArrowRight")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#playhead")).to_have_attribute("aria-valuenow", "1120")
    page.keyboard.press("i")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#playhead")).to_have_attribute("aria-valuenow", "2120")
    page.keyboard.press("o")
    expect(page.locator("#handle-in")).to_have_attribute("aria-valuenow", "1120")
    expect(page.locator("#handle-out")).to_have_attribute("aria-valuenow", "2120")
    studio.choose("Exact")
    page.locator("#file-name").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_be_visible(timeout=60_000)
    assert reading.numbers(studio.save(tmp_path)) == list(range(28, 53))


def test_the_plan_is_shown_before_anything_is_done(studio: Studio, make) -> None:
    studio.open(make(Recipe(container="mkv", audio=("aac", "flac"), subtitles=True)))
    studio.mark("1.36", "2.44")
    studio.choose("Lossless", "MP4")
    assert any("0.36 s before the in point" in note for note in studio.notes()), studio.notes()
    studio.choose("Exact", "MP4")
    assert any("27 frames" in note for note in studio.notes()), studio.notes()
    studio.choose("Exact", "WAV")
    assert any("dropped" in note for note in studio.notes()), studio.notes()
    expect(studio.page.locator("#result")).to_be_hidden()


def test_what_the_browser_cannot_decode_ffmpeg_does(studio: Studio, make, tmp_path: Path) -> None:
    source = make(Recipe(video="mpeg4", seconds=3))
    # The browser says so when its player cannot play the codec; the page says it in words.
    studio.watch.forgive("MEDIA_ERR_SRC_NOT_SUPPORTED|DEMUXER_ERROR")
    studio.open(source)
    studio.mark("1.2", "1.8")
    studio.choose("Exact", "MP4")
    assert any("FFmpeg" in note for note in studio.notes()), studio.notes()
    studio.export()
    wanted = Wanted(source, 1_200_000, 1_800_000, 0)
    saved = studio.save(tmp_path)
    assert_sound(wanted, saved, assert_frames(wanted, saved))


def test_the_saved_clip_plays_from_the_in_point(studio: Studio, make, tmp_path: Path) -> None:
    """A browser's own player honours what hides the lead-in."""
    studio.open(make(Recipe()))
    studio.mark("1.36", "2.44")
    studio.choose("Lossless", "MP4")
    studio.export()
    saved = studio.save(tmp_path)
    studio.page.get_by_role("button", name="Open another file").click()
    studio.open(saved)
    shown = studio.page.evaluate(
        """async () => {
            const video = document.querySelector('#video');
            const loaded = (done) => video.addEventListener('loadeddata', done, { once: true });
            if (video.readyState < 2) await new Promise(loaded);
            const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
            const context = canvas.getContext('2d');
            context.drawImage(video, 0, 0, 320, 180);
            const { data } = context.getImageData(0, 0, 320, 180);
            return { luma: Array.from({ length: 320 * 180 }, (_, i) => data[4 * i + 1]), duration: video.duration };
        }"""
    )
    import numpy as np

    number, _ = reading.read_number(np.array(shown["luma"], np.uint8).reshape(180, 320))
    assert number == 34
    assert shown["duration"] == pytest.approx(1.08, abs=0.05)


def test_sound_alone(studio: Studio, make, tmp_path: Path) -> None:
    source = make(Recipe(video=None, container="mp3", audio=("mp3",)))
    studio.open(source)
    studio.mark("1", "2")
    studio.export()
    saved = studio.save(tmp_path)
    assert saved.suffix == ".mp3"
    start, end = reading.sound_span_us(saved)
    assert end - start == pytest.approx(1_000_000, abs=60_000)


def test_saving_to_a_place_that_was_picked(fresh_studio: Studio, make, tmp_path: Path) -> None:
    """Where the browser has a picker: a real handle of the page's own storage stands in for the dialog."""
    studio = fresh_studio
    studio.page.evaluate(
        """() => {
            globalThis.showSaveFilePicker = async ({ suggestedName }) => {
                const folder = await navigator.storage.getDirectory();
                return folder.getFileHandle(suggestedName, { create: true });
            };
        }"""
    )
    studio.open(make(Recipe()))
    studio.mark("1", "1.4")
    studio.choose("Exact")
    studio.export()
    name = studio.page.locator("#result-name").inner_text()
    studio.page.get_by_role("button", name="Save").click()
    expect(studio.page.locator("#save-status")).to_have_text(f"Saved as {name}.")
    data = studio.page.evaluate(
        """async (name) => {
            const folder = await navigator.storage.getDirectory();
            const file = await (await folder.getFileHandle(name)).getFile();
            return [...new Uint8Array(await file.arrayBuffer())];
        }""",
        name,
    )
    saved = tmp_path / name
    saved.write_bytes(bytes(data))
    assert reading.numbers(saved) == list(range(25, 35))


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>.mp4", "“quotes” & 'such'.mp4", "🎬 película.mp4"]
)
def test_a_file_name_is_text_and_nothing_else(studio: Studio, make, tmp_path: Path, name: str) -> None:
    source = tmp_path / name
    source.write_bytes(make(Recipe()).read_bytes())
    studio.open(source)
    expect(studio.page.locator("#file-name")).to_have_text(name)
    assert studio.page.locator("main img").count() == 0
    studio.mark("1", "1.4")
    studio.export()
    assert studio.page.locator("main img").count() == 0
    saved = studio.save(tmp_path)
    assert not set('<>:"/\\|?*') & set(saved.name)
    assert reading.numbers(saved) == list(range(25, 35))
