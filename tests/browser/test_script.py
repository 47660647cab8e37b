"""Python on the page: the examples run in a real Chromium as they run in the terminal, frame by frame."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.studio import Watch
from tests.clips import Recipe
from tests.equipment import ROOT
from tests.reading import numbers

BOOT_MS = 60_000
CLIP = Recipe(seconds=4, size=(160, 90), gop=25)


@pytest.fixture
def video(make: Callable[[Recipe], Path], tmp_path: Path) -> Path:
    path = tmp_path / "My video.mp4"
    path.write_bytes(make(CLIP).read_bytes())
    return path


@pytest.fixture
def page(chromium: Browser, sites: dict[str, str], request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page of scripts, watched: an error on the console or a word to a stranger fails the test."""
    url = sites[getattr(request, "param", "plain")]
    context = chromium.new_context(accept_downloads=True)
    page = context.new_page()
    watch = Watch(url)
    watch.follow(page)
    page.goto(url + "/script.html")
    yield page
    context.close()
    assert watch.verdict() == []


def write(page: Page, code: str) -> None:
    """Write into the editor by keyboard."""
    expect(page.get_by_role("button", name="Run")).to_be_enabled(timeout=BOOT_MS)
    page.get_by_label("Script").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(code)


def run(page: Page, *files: Path) -> int:
    """Run what the editor holds; the code that it ended with."""
    page.get_by_label("Files").set_input_files(files)
    page.evaluate(
        "() => { globalThis.over = new Promise((resolve) => document.querySelector('clip-script')"
        ".addEventListener('ended', ({ detail }) => resolve(detail.code), { once: true })); }"
    )
    page.get_by_role("button", name="Run").click(timeout=BOOT_MS)
    return int(page.evaluate("over"))


def output(page: Page) -> str:
    return page.get_by_role("log").inner_text()


def results(page: Page, folder: Path) -> dict[str, Path]:
    saved = {}
    for link in page.get_by_role("list", name="Results").get_by_role("link").all():
        with page.expect_download() as waited:
            link.click()
        name = waited.value.suggested_filename
        saved[name] = folder / name
        waited.value.save_as(saved[name])
    return saved


@pytest.mark.parametrize("page", ["plain", "isolated"], indirect=True)
def test_the_first_example_cuts_to_the_frame(page: Page, video: Path, tmp_path: Path) -> None:
    assert run(page, video) == 0, output(page)
    assert "clip.mp4 smart" in output(page)
    saved = results(page, tmp_path)
    assert list(saved) == ["clip.mp4"]
    assert numbers(saved["clip.mp4"]) == list(range(30, 63))


@pytest.mark.parametrize(
    ("example", "frames"),
    [
        ("batch", {f"part 0{n + 1}.mp4": list(range(25 * n, 25 * n + 25)) for n in range(4)}),
        ("join", {"joined.mp4": [*range(75, 100), *range(25), *range(75, 100)]}),
    ],
)
def test_examples_give_what_they_say(
    page: Page, video: Path, tmp_path: Path, example: str, frames: dict[str, list[int]]
) -> None:
    text = (ROOT / "web" / "examples" / "scripts" / f"{example}.py").read_text()
    page.get_by_label("Examples").select_option(example)
    expect(page.get_by_label("Script")).to_contain_text(text.split('"""')[1])
    assert run(page, video) == 0, output(page)
    assert {name: numbers(path) for name, path in results(page, tmp_path).items()} == frames


def test_troubles_name_their_line_and_the_next_script_runs(page: Page, video: Path) -> None:
    write(page, "import clipwright as cw\n\nawait cw.open('missing.mp4')")
    assert run(page) == 2
    assert "script.py, line 3: There is no file “missing.mp4” here." in output(page)
    write(page, "print('on')\n{}['x']")
    assert run(page) == 1
    assert "on" in output(page)
    assert 'script.py", line 2, in <module>' in output(page) and "KeyError: 'x'" in output(page)
    write(page, "import sys\nsys.exit('enough')")
    assert (run(page), output(page)) == (1, "enough\n")
    write(page, "a = (")
    assert run(page) == 2
    assert "script.py, line 1: '(' was never closed." in output(page)
    write(page, "import sys\nprint(sys.argv[1:])")
    assert run(page, video) == 0
    assert output(page) == "['My video.mp4']\n"


def test_results_can_be_opened_again_and_are_never_overwritten(
    page: Page, video: Path, tmp_path: Path
) -> None:
    code = """import sys
import clipwright as cw
media = await cw.open(sys.argv[1])
heard = []
parts = await media.cuts(["1-2=a", (3, "end", "b")], mode="lossless").save("parts/", progress=heard.append)
a, b = [await cw.open(part.output) for part in parts]
await cw.join([b, a]).save("out/both.mkv")
print([part.output for part in parts], heard[-1].done, len(heard) > 1)
await a.cut().save("both.mkv")
"""
    write(page, code)
    assert run(page, video) == 2
    assert "['My video_01_00-01_a.mp4', 'My video_02_00-03_b.mp4'] 1.0 True" in output(page)
    assert "script.py, line 9: “both.mkv” already exists" in output(page)
    saved = results(page, tmp_path)
    assert list(saved) == ["My video_01_00-01_a.mp4", "My video_02_00-03_b.mp4", "both.mkv"]
    assert numbers(saved["both.mkv"]) == [*range(75, 100), *range(25, 50)]


def test_a_script_can_be_stopped_and_another_started(page: Page, video: Path) -> None:
    write(page, "print('round and round')\nwhile True: pass")
    page.get_by_role("button", name="Run").click(timeout=BOOT_MS)
    expect(page.get_by_role("log")).to_contain_text("round and round", timeout=BOOT_MS)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("log")).to_contain_text("Stopped.")
    write(page, "print('again')")
    assert run(page) == 0
    assert output(page) == "again\n"


def test_stopping_an_export_ends_its_engines_and_leaves_nothing(
    page: Page, make: Callable[[Recipe], Path]
) -> None:
    long = make(Recipe(seconds=60, size=(640, 360), gop=50))
    page.get_by_label("Files").set_input_files([long])
    write(
        page,
        "import sys\nimport clipwright as cw\nmedia = await cw.open(sys.argv[1])\n"
        "await media.cut(1, mode='exact').save(progress=lambda told: print(told.done))",
    )
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("log")).to_contain_text("0.0", timeout=BOOT_MS)
    assert len(page.workers) > 0
    page.get_by_role("button", name="Stop").click()
    deadline = time.monotonic() + 5
    while page.workers and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert page.workers == []
    said = output(page)
    assert said.endswith("Stopped. What was saved before stays.\n")
    page.wait_for_timeout(500)
    assert output(page) == said
    assert page.get_by_role("link").count() == 0


def test_a_start_that_fails_is_told_and_can_be_tried_again(chromium: Browser, sites: dict[str, str]) -> None:
    page = chromium.new_page()
    page.context.route("**/wheels/index.json", lambda route: route.abort(), times=1)
    page.goto(sites["plain"] + "/script.html")
    write(page, "print('here')")
    assert run(page) == 1
    assert output(page).startswith("Python could not start.\n  Run it again, or reload the page.\n")
    assert run(page) == 0
    assert output(page) == "here\n"
    page.close()


def test_anybodys_page_needs_three_lines(
    chromium: Browser, sites: dict[str, str], video: Path, tmp_path: Path
) -> None:
    context = chromium.new_context(accept_downloads=True)
    page = context.new_page()
    watch = Watch(sites["plain"])
    watch.follow(page)
    page.goto(sites["plain"] + "/examples/script.html")
    assert run(page, video) == 0, output(page)
    assert numbers(results(page, tmp_path)["joined.mp4"]) == [*range(75, 100), *range(25), *range(75, 100)]
    context.close()
    assert watch.verdict() == []
