"""Many segments, several files, tracks and tags: from the list on the page to the saved files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import av
import pytest
from playwright.sync_api import Locator, expect

from tests import reading
from tests.browser.studio import Studio
from tests.clips import Recipe
from tests.judging import assert_copied

pytestmark = pytest.mark.unhurried

CLIP = Recipe()
"""4 s at 25 fps, a key frame every second."""


def add(studio: Studio, start: str, end: str, label: str = "") -> None:
    """Mark a span and put it on the list."""
    before = rows(studio).count()
    studio.mark(start, end)
    studio.page.get_by_role("button", name="Add segment").click()
    expect(rows(studio)).to_have_count(before + 1)
    if label:
        studio.page.get_by_label(f"Name of segment {before + 1}", exact=True).fill(label)
    studio.planned()


def rows(studio: Studio) -> Locator:
    """The rows of the list."""
    return studio.page.locator("#segments-list > li")


def times(studio: Studio) -> list[str]:
    """What the rows say of their times."""
    return studio.page.locator(".segment__times").all_inner_texts()


def arrange(studio: Studio, item: str, answer: str | None = None) -> None:
    """Choose an item of the list's menu, and answer what it asks."""
    studio.page.locator("#segments-menu summary").click()
    studio.page.locator("#segments-menu").get_by_role("button", name=item).click()
    if answer is not None:
        studio.page.locator("#ask-input").fill(answer)
        studio.page.keyboard.press("Enter")


def make_of(studio: Studio, what: str) -> None:
    """Choose between one file and several."""
    studio.page.locator("#output").get_by_text(what, exact=True).click()
    studio.planned()


def save_all(studio: Studio, folder: Path) -> list[Path]:
    """Save all results as a zip and unpack it."""
    with studio.page.expect_download() as waiting:
        studio.page.get_by_role("button", name="Save all as a zip").click()
    archive = folder / waiting.value.suggested_filename
    waiting.value.save_as(archive)
    with zipfile.ZipFile(archive) as packed:
        assert packed.testzip() is None
        packed.extractall(folder)
        return [folder / name for name in packed.namelist()]


def tags(path: Path) -> dict[str, str]:
    """The tags of a file."""
    with av.open(str(path)) as container:
        return {key.lower(): value for key, value in container.metadata.items()}


def test_segments_become_files_of_their_own_in_a_zip(studio: Studio, make, tmp_path: Path) -> None:
    source = make(CLIP)
    studio.open(source)
    add(studio, "0.4", "1", "first: a/b")
    add(studio, "2", "2.6")
    studio.choose("Exact")
    expect(studio.page.locator("#name-note")).to_contain_text(f"{source.stem}_01_00-00_first")
    studio.page.get_by_role("button", name="Export 2 clips").click()
    studio.finished()
    expect(studio.page.locator("#result-title")).to_have_text("2 clips are ready")
    first, second = save_all(studio, tmp_path)
    assert first.name == f"{source.stem}_01_00-00_first_ a_b.mp4"
    assert second.name == f"{source.stem}_02_00-02.mp4"
    assert reading.numbers(first) == list(range(10, 25))
    assert reading.numbers(second) == list(range(50, 65))


def test_one_of_several_results_is_looked_at_and_saved(studio: Studio, make, tmp_path: Path) -> None:
    studio.open(make(CLIP))
    add(studio, "0", "1")
    add(studio, "2", "3")
    studio.start_export()
    studio.finished()
    results = studio.page.locator("#results > li")
    expect(results).to_have_count(2)
    results.nth(1).get_by_role("button").first.click()
    expect(studio.page.locator("#result-foot")).to_contain_text("From 0:02.000 to 0:03.000")
    with studio.page.expect_download() as waiting:
        results.nth(1).get_by_role("button", name="Save").click()
    saved = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    assert reading.numbers(saved) == list(range(50, 75))


def test_results_are_written_into_a_folder_that_was_picked(
    fresh_studio: Studio, make, tmp_path: Path
) -> None:
    """A real handle of the page's own storage stands in for the dialog."""
    studio = fresh_studio
    studio.page.evaluate(
        """() => {
            globalThis.showDirectoryPicker = async () => {
                const root = await navigator.storage.getDirectory();
                return root.getDirectoryHandle('picked', { create: true });
            };
        }"""
    )
    studio.open(make(CLIP))
    add(studio, "0", "1")
    add(studio, "2", "3")
    studio.start_export()
    studio.finished()
    studio.page.get_by_role("button", name="Save all…").click()
    expect(studio.page.locator("#save-status")).to_have_text("Saved 2 files in picked.")
    files = studio.page.evaluate(
        """async () => {
            const root = await navigator.storage.getDirectory();
            const files = [];
            for await (const handle of (await root.getDirectoryHandle('picked')).values()) {
                files.push([handle.name, [...new Uint8Array(await (await handle.getFile()).arrayBuffer())]]);
            }
            return files.sort();
        }"""
    )
    found = []
    for name, data in files:
        (tmp_path / name).write_bytes(bytes(data))
        found.append(reading.numbers(tmp_path / name))
    assert found == [list(range(25)), list(range(50, 75))]


def test_segments_join_in_the_order_of_the_list(studio: Studio, make, tmp_path: Path) -> None:
    studio.open(make(CLIP))
    add(studio, "1", "2")
    add(studio, "3", "3.6")
    make_of(studio, "One file")
    studio.choose("Exact")
    studio.page.get_by_role("button", name="Move up segment 2").click()
    studio.planned()
    assert [text.split(" ")[0] for text in times(studio)] == ["0:03.000", "0:01.000"]
    studio.export()
    assert reading.numbers(studio.save(tmp_path)) == [*range(75, 90), *range(25, 50)]


def test_what_is_taken_out_is_gone(studio: Studio, make, tmp_path: Path) -> None:
    studio.open(make(CLIP))
    add(studio, "1", "2")
    studio.page.get_by_text("Take these out").click()
    studio.planned()
    expect(studio.page.locator("#output [value=join]")).to_be_checked()
    expect(rows(studio).locator(".chip")).to_have_text("taken out")
    studio.export()
    assert reading.numbers(studio.save(tmp_path)) == [*range(25), *range(50, 100)]


def test_a_smart_cut_copies_all_but_the_edges_and_is_checked(studio: Studio, make, tmp_path: Path) -> None:
    source = make(CLIP)
    studio.open(source)
    studio.mark("0.4", "3.2")
    studio.choose("Smart")
    expect(studio.page.locator("#plan-parts .chip")).to_contain_text("smart")
    studio.export()
    expect(studio.page.locator("#result-proof")).to_contain_text("match the source")
    saved = studio.save(tmp_path)
    assert reading.numbers(saved) == list(range(10, 80))
    copied = set(reading.packets(source, "video")) & set(reading.packets(saved, "video"))
    assert len(copied) >= 40


def test_a_segment_is_edited_moved_and_removed(studio: Studio, make) -> None:
    studio.open(make(CLIP))
    page = studio.page
    add(studio, "0", "1")
    add(studio, "2", "3")
    page.get_by_role("button", name="Edit segment 1").click()
    expect(page.get_by_label("Out", exact=True)).to_have_value("1")
    expect(page.locator("#segments-hint")).to_have_text("In and Out now edit segment 1.")
    page.get_by_label("Out", exact=True).fill("1.5")
    page.get_by_label("Out", exact=True).press("Tab")
    expect(page.locator(".segment__times").first).to_contain_text("0:00.000 – 0:01.500")
    # Marks that belong to no row leave the rows alone.
    page.get_by_role("button", name="New segment").click()
    studio.mark("3.2", "3.6")
    expect(page.locator("#segments-hint")).to_contain_text("not on the list yet")
    assert len(times(studio)) == 2
    page.get_by_role("button", name="Edit segment 2").focus()
    page.keyboard.press("Delete")
    expect(rows(studio)).to_have_count(1)
    expect(page.get_by_role("button", name="Edit segment 1")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(rows(studio)).to_have_count(2)


def test_keys_add_split_and_remove(studio: Studio, make) -> None:
    studio.open(make(CLIP))
    page = studio.page
    expect(page.locator("#player")).to_have_attribute("data-view", "picture")
    page.locator("#file-name").focus()
    page.keyboard.press("a")
    expect(rows(studio)).to_have_count(1)
    page.locator("#file-name").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#playhead")).to_have_attribute("aria-valuenow", "1000")
    page.keyboard.press("s")
    expect(rows(studio)).to_have_count(2)
    assert [text.split(" · ")[0] for text in times(studio)] == ["0:00.000 – 0:01.000", "0:01.000 – 0:04.000"]
    page.locator(".segment__pick").nth(0).click()
    page.locator("#file-name").focus()
    page.keyboard.press("Delete")
    expect(rows(studio)).to_have_count(1)


@pytest.mark.parametrize(
    ("item", "answer", "wanted"),
    [
        ("Every…", "1.5", ["0:00.000 – 0:01.500", "0:01.500 – 0:03.000", "0:03.000 – 0:04.000"]),
        ("Into equal parts…", "2", ["0:00.000 – 0:02.000", "0:02.000 – 0:04.000"]),
        ("By size…", "1000", ["0:00.000 – 0:04.000"]),
    ],
)
def test_the_whole_file_is_divided(studio: Studio, make, item: str, answer: str, wanted: list[str]) -> None:
    studio.open(make(CLIP))
    arrange(studio, item, answer)
    expect(rows(studio)).to_have_count(len(wanted))
    assert [text.split(" · ")[0] for text in times(studio)] == wanted


def test_the_menu_is_worked_by_keyboard(studio: Studio, make) -> None:
    studio.open(make(CLIP))
    page = studio.page
    menu = page.locator("#segments-menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    expect(menu.get_by_role("button", name="Remove all")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("button", name="Split at the playhead")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#ask-input")).to_be_focused()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(rows(studio)).to_have_count(2)
    expect(page.locator("#ask")).to_be_hidden()


def test_the_list_is_inverted_shifted_and_aligned(studio: Studio, make) -> None:
    studio.open(make(CLIP))
    add(studio, "1.2", "1.6")
    arrange(studio, "Shift by…", "0.2")
    expect(studio.page.locator(".segment__times")).to_contain_text("0:01.400 – 0:01.800")
    arrange(studio, "Align to key frames")
    expect(studio.page.locator(".segment__times")).to_contain_text("0:01.000 – 0:02.000")
    arrange(studio, "Invert")
    expect(rows(studio)).to_have_count(2)
    assert [text.split(" · ")[0] for text in times(studio)] == ["0:00.000 – 0:01.000", "0:02.000 – 0:04.000"]


def test_an_action_that_makes_no_sense_is_refused_where_it_was_asked(studio: Studio, make) -> None:
    studio.open(make(CLIP))
    page = studio.page
    arrange(studio, "Into equal parts…", "some")
    expect(page.locator("#ask-note")).to_contain_text("whole number")
    page.locator("#ask-input").fill("4")
    page.keyboard.press("Enter")
    expect(rows(studio)).to_have_count(4)
    page.locator("#segments-title").focus()
    # The playhead is at the start, where nothing can be split.
    page.keyboard.press("s")
    expect(page.locator("#segments-hint")).to_contain_text("No segment can be split")
    expect(rows(studio)).to_have_count(4)


def test_a_list_is_exported_and_imported(studio: Studio, make, tmp_path: Path) -> None:
    studio.open(make(CLIP))
    add(studio, "0:01.2", "1.6", 'say "hi", all')
    add(studio, "2", "3")
    studio.page.locator("#segments-menu summary").click()
    with studio.page.expect_download() as waiting:
        studio.page.get_by_role("button", name="Export the list").click()
    listed = tmp_path / "list.csv"
    waiting.value.save_as(listed)
    assert listed.read_text("utf-8").splitlines() == [
        "start,end,label",
        '0:01.200000,0:01.600000,"say ""hi"", all"',
        "0:02.000000,0:03.000000,",
    ]
    arrange(studio, "Remove all")
    expect(rows(studio)).to_have_count(0)
    studio.page.set_input_files("#list-picker", listed)
    expect(rows(studio)).to_have_count(2)
    expect(studio.page.get_by_label("Name of segment 1")).to_have_value('say "hi", all')
    listed.write_text("one,two,three,four,five\n")
    studio.page.set_input_files("#list-picker", listed)
    expect(studio.page.locator("#segments-hint")).to_contain_text("cannot be read")


def test_a_name_template_is_shown_filled_and_a_wrong_one_refused(studio: Studio, make) -> None:
    studio.open(make(CLIP))
    add(studio, "0", "1", "Intro")
    add(studio, "2", "3")
    box = studio.page.get_by_label("File names")
    box.fill("{label} {n}")
    studio.planned()
    expect(studio.page.locator("#name-note")).to_have_text("First: Intro 1.mp4")
    box.fill("{nonsense}")
    expect(studio.page.locator("#name-note")).to_contain_text("{nonsense}")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(studio.page.locator("#plan")).not_to_have_attribute("data-state", "ready")


def test_whole_files_join(studio: Studio, make, tmp_path: Path) -> None:
    studio.open(make(CLIP))
    studio.page.set_input_files("#files-picker", [make(Recipe(seconds=2))])
    expect(studio.page.locator("#files-list > li")).to_have_count(2)
    studio.planned()
    studio.export()
    assert reading.numbers(studio.save(tmp_path)) == [*range(100), *range(50)]


def test_files_that_come_together_join_in_the_order_they_are_given(
    studio: Studio, make, tmp_path: Path
) -> None:
    first, second = make(CLIP), make(Recipe(seconds=2))
    studio.page.set_input_files("#picker", [first, second])
    expect(studio.page.locator("#files-list > li")).to_have_count(2)
    studio.planned()
    expect(studio.page.locator("#export")).to_have_text("Export clip")
    studio.page.get_by_role("button", name=f"Move up {second.name}").click()
    studio.mark("1", "2")
    studio.choose("Exact")
    studio.export()
    assert reading.numbers(studio.save(tmp_path)) == [*range(50), *range(25, 50)]


def test_a_file_that_is_no_media_is_not_added(studio: Studio, make, tmp_path: Path) -> None:
    studio.open(make(CLIP))
    text = tmp_path / "letter.mp4"
    text.write_text("Dear Sir or Madam")
    studio.page.set_input_files("#files-picker", [text, make(Recipe(seconds=2))])
    assert "letter.mp4" in studio.failure()["title"]
    expect(studio.page.locator("#files-list > li")).to_have_count(2)
    studio.planned()


def test_sound_of_another_file_is_added(studio: Studio, make, tmp_path: Path) -> None:
    studio.open(make(Recipe(audio=())))
    other = make(Recipe(container="m4a", video=None))
    studio.page.set_input_files("#files-picker", [other])
    expect(studio.page.locator("#files-list > li").nth(1).get_by_role("combobox")).to_have_value("sound")
    studio.planned()
    studio.mark("1", "2")
    studio.export()
    saved = studio.save(tmp_path)
    assert reading.stream_kinds(saved) == [("video", "h264"), ("audio", "aac")]
    assert reading.numbers(saved) == list(range(25, 50))
    assert reading.sound_offset_us(saved) == pytest.approx(1_000_000, abs=30_000)


def test_a_track_is_left_out_and_another_renamed(studio: Studio, make, tmp_path: Path) -> None:
    source = make(Recipe(audio=("aac", "aac"), languages=("und", "eng", "deu")))
    studio.open(source)
    studio.mark("1", "2")
    page = studio.page
    page.locator("#tracks > summary").click()
    page.locator("#tracks-list .track__keep input").nth(1).uncheck()
    row = page.locator("#tracks-list > li").nth(2)
    row.locator("summary").click()
    row.get_by_label("Language").fill("fra")
    row.get_by_label("Title").fill("Commentary")
    studio.planned()
    studio.export()
    saved = studio.save(tmp_path)
    assert [kind for kind, _ in reading.stream_kinds(saved)] == ["video", "audio"]
    assert reading.languages(saved)[1] == "fra"
    # What is left is the second sound, untouched.
    assert set(reading.packets(saved, "audio")) <= set(reading.packets(source, "audio", 1))


def test_a_track_is_extracted(studio: Studio, make, tmp_path: Path) -> None:
    source = make(Recipe(audio=("aac", "aac")))
    studio.open(source)
    studio.page.locator("#tracks > summary").click()
    row = studio.page.locator("#tracks-list > li").nth(2)
    row.locator("summary").click()
    row.get_by_role("button", name="Extract this track").click()
    studio.finished()
    saved = studio.save(tmp_path)
    assert (saved.suffix, reading.stream_kinds(saved)) == (".m4a", [("audio", "aac")])
    assert reading.packets(saved, "audio") == reading.packets(source, "audio", 1)


def test_tags_and_chapters_are_edited(studio: Studio, make, tmp_path: Path) -> None:
    studio.open(make(Recipe(title="Before", chapters=True)))
    page = studio.page
    page.locator("#words > summary").click()
    page.get_by_label("Value of tag 1", exact=True).fill("After")
    page.get_by_role("button", name="Add a tag").click()
    page.keyboard.type("artist")
    page.keyboard.press("Tab")
    page.keyboard.type("Somebody")
    page.locator("#chapters-list").get_by_role("button", name="Remove chapter 1").click()
    page.get_by_label("Title of chapter 1", exact=True).fill("The only one")
    page.get_by_label("Start of chapter 1", exact=True).fill("0:01")
    studio.planned()
    studio.export()
    saved = studio.save(tmp_path)
    found = tags(saved)
    assert (found["title"], found["artist"]) == ("After", "Somebody")
    with av.open(str(saved)) as container:
        told = [(round(c["start"] * c["time_base"], 3), c["metadata"]["title"]) for c in container.chapters()]
    assert told == [(1, "The only one")]


def test_a_copied_segment_is_the_source_s_own_bytes(studio: Studio, make, tmp_path: Path) -> None:
    source = make(CLIP)
    studio.open(source)
    add(studio, "1", "2")
    add(studio, "2", "3")
    studio.choose("Lossless")
    studio.start_export()
    studio.finished()
    for saved in save_all(studio, tmp_path):
        assert_copied(source, saved, "video")


def test_the_zip_is_read_by_others(studio: Studio, make) -> None:
    studio.open(make(CLIP))
    add(studio, "0", "1", "é ✓")
    add(studio, "2", "3")
    studio.start_export()
    studio.finished()
    with studio.page.expect_download() as waiting:
        studio.page.get_by_role("button", name="Save all as a zip").click()
    with zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes())) as packed:
        assert any("é ✓" in name for name in packed.namelist())
        assert all(info.compress_type == zipfile.ZIP_STORED for info in packed.infolist())
