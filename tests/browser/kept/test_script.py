"""Python on the page: the examples run in a real Chromium as they run in the terminal, frame by frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.studio import Watch
from tests.clips import Recipe
from tests.equipment import ROOT
from tests.reading import numbers

pytestmark = pytest.mark.unhurried
BOOT_MS = 60_000
CLIP = Recipe(seconds=4, size=(160, 90), gop=25)
LONG = Recipe(seconds=60, size=(640, 360), gop=50)


@pytest.fixture
def video(make: Callable[[Recipe], Path], tmp_path: Path) -> Path:
    path = tmp_path / "My video.mp4"
    path.write_bytes(make(CLIP).read_bytes())
    return path


@pytest.fixture
def long(make: Callable[[Recipe], Path]) -> Path:
    return make(LONG)


@dataclass
class Room:
    """An open page of scripts, watched: an error on the console or a word to a stranger fails the test."""

    page: Page
    watch: Watch


@pytest.fixture(scope="module")
def rooms() -> Iterator[list[Room]]:
    """The page that runs the scripts of one test after another, as people do; none after a failure."""
    kept: list[Room] = []
    yield kept
    for room in kept:
        room.page.context.close()


def enter(chromium: Browser, site: str, path: str = "/script.html") -> Room:
    page = chromium.new_context(accept_downloads=True).new_page()
    room = Room(page, Watch(site))
    room.watch.follow(page)
    page.goto(site + path)
    return room


@pytest.fixture
def page(
    chromium: Browser, sites: dict[str, str], rooms: list[Room], request: pytest.FixtureRequest
) -> Iterator[Page]:
    failed_before = request.session.testsfailed
    if not rooms:
        rooms.append(enter(chromium, sites["plain"]))
    (room,) = rooms
    room.watch.begin()
    yield room.page
    verdict = room.watch.verdict()
    if verdict or request.session.testsfailed > failed_before:
        rooms.remove(room)
        room.page.context.close()
    assert verdict == []


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
    expect(page.get_by_role("button", name="Stop")).to_be_disabled(timeout=BOOT_MS)
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


def test_a_start_that_fails_is_told_and_can_be_tried_again(
    chromium: Browser, sites: dict[str, str], rooms: list[Room]
) -> None:
    context = chromium.new_context(accept_downloads=True)
    page = context.new_page()
    context.route("**/examples/scripts/clip.py", lambda route: route.fulfill(status=404), times=1)
    # As of another version: it is not what the index says.
    context.route("**/wheels/clipwright-*", lambda route: route.fulfill(body=b"PK"), times=1)
    page.goto(sites["plain"] + "/script.html")
    expect(page.get_by_role("log")).to_contain_text("The script could not be loaded.")
    write(page, "print('here')")
    assert run(page) == 1
    assert output(page).startswith(
        "Python could not start, or broke down.\n  Run it again, or reload the page.\n"
    )
    assert run(page) == 0
    assert output(page) == "here\n"
    watch = Watch(sites["plain"])
    watch.follow(page)
    rooms.append(Room(page, watch))


def test_the_first_example_cuts_to_the_frame(page: Page, video: Path, tmp_path: Path) -> None:
    page.get_by_label("Examples").select_option("clip")
    expect(page.get_by_label("Script")).to_contain_text("Cut one clip out of every file")
    assert run(page, video) == 0, output(page)
    (name,) = saved = results(page, tmp_path)
    assert name.startswith("My video_clip_00-01_to_00-02")
    assert f"{name} smart" in output(page)
    assert numbers(saved[name]) == list(range(30, 63))


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


def test_files_that_are_called_alike_are_two(page: Page, video: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / video.name
    other.write_bytes(video.read_bytes())
    write(
        page,
        "import sys\nimport clipwright as cw\nprint(sys.argv[1:])\n"
        "a, b = [await cw.open(file) for file in sys.argv[1:]]\n"
        "await a.cut().save('My video (2).mp4')",
    )
    assert run(page, video, other) == 2
    assert "['My video.mp4', 'My video (2).mp4']" in output(page)
    assert "line 5: “My video (2).mp4” already exists" in output(page)


def test_an_end_is_the_end(page: Page) -> None:
    """What a script began and did not wait for ends with it, as in a terminal; what it runs is run to its end."""
    write(
        page,
        "import asyncio\nasync def tick():\n    while True:\n        print('tick')\n"
        "        await asyncio.sleep(0.01)\ntask = asyncio.create_task(tick())\nawait asyncio.sleep(0.05)",
    )
    assert run(page) == 0
    said = output(page)
    assert said.startswith("tick\n")
    page.wait_for_timeout(300)
    assert output(page) == said
    write(
        page,
        "import asyncio\nasync def main():\n    await asyncio.sleep(0.1)\n    print('done')\n"
        "    {}['x']\nasyncio.run(main())",
    )
    assert run(page) == 1
    assert output(page).startswith("done\n")
    assert 'script.py", line 5, in main' in output(page)
    write(page, "import asyncio\nfor task in asyncio.all_tasks():\n    task.cancel()\nawait asyncio.sleep(1)")
    assert run(page) == 1
    write(page, "print(input())")
    assert run(page) == 1
    assert "EOFError" in output(page)


LEFT_ON_DISK = """async () => {
    const found = [];
    const look = async (folder) => {
        for await (const entry of folder.values()) {
            if (entry.kind === 'directory') await look(entry); else found.push(entry.name);
        }
    };
    await look(await navigator.storage.getDirectory());
    return found.length;
}"""


def test_what_is_given_up_is_stopped_and_leaves_nothing(page: Page, long: Path) -> None:
    """A deadline, a mistake where progress is heard, and a result that comes too late for its name."""
    before = page.evaluate(LEFT_ON_DISK)
    write(
        page,
        """import asyncio, sys
import clipwright as cw
media = await cw.open(sys.argv[1])
heard = []
try:
    async with asyncio.timeout(1.5):
        await media.cut(1, mode="exact").save("late.mp4", progress=heard.append)
except TimeoutError:
    print("too late", all(told.done < 0.9 for told in heard))
saved = await media.cut(2, 3, mode="exact").save("right.mp4")
print(saved.report.size > 0)
await media.cut(2, 4).save("wrong.mp4", progress=lambda told: {}["x"])
""",
    )
    assert run(page, long) == 1
    assert output(page).startswith("too late True\nTrue\n")
    assert "line 12, in <lambda>" in output(page) and "KeyError: 'x'" in output(page)
    assert page.get_by_role("list", name="Results").all_inner_texts() == ["right.mp4"]
    assert page.evaluate(LEFT_ON_DISK) == before


def test_what_is_printed_without_end_can_be_stopped_by_keyboard(page: Page) -> None:
    start, stop = (page.get_by_role("button", name=name) for name in ("Run", "Stop"))
    log = page.get_by_role("log")
    write(page, "n = 0\nwhile True:\n    n += 1\n    print(f'line {n}')")
    # The first may close what completes words.
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    expect(start).to_be_focused()
    page.keyboard.press("Enter")
    expect(stop).to_be_focused()
    expect(log).to_contain_text("left out", timeout=BOOT_MS)
    page.keyboard.press("Enter")
    expect(log).to_contain_text("Stopped.")
    expect(start).to_be_focused()
    assert len(output(page)) < 250_000
    # In order, to the last line that came.
    lines = [int(line.split()[1]) for line in output(page).splitlines()[2:-2]]
    assert lines == list(range(lines[0], lines[-1] + 1))
    write(page, "print('again')")
    page.keyboard.press("Control+Enter")
    expect(log).to_have_text("again\n", timeout=BOOT_MS)


def test_stopping_an_export_ends_its_engines(page: Page, long: Path) -> None:
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
    for _ in range(50):
        if not page.workers:
            break
        page.wait_for_timeout(100)
    assert page.workers == []
    said = output(page)
    assert said.endswith("Stopped. What was saved before stays.\n")
    page.wait_for_timeout(300)
    assert output(page) == said
    assert page.get_by_role("list", name="Results").get_by_role("link").count() == 0


def test_without_pyscript_the_page_says_so(chromium: Browser, sites: dict[str, str]) -> None:
    context = chromium.new_context()
    page = context.new_page()
    context.route("**/pyscript/*", lambda route: route.abort())
    page.goto(sites["plain"] + "/script.html")
    expect(page.get_by_role("log")).to_contain_text("The editor could not be loaded.")
    context.close()


def test_anybodys_page_needs_three_lines(
    chromium: Browser, sites: dict[str, str], video: Path, tmp_path: Path
) -> None:
    room = enter(chromium, sites["plain"], "/examples/script.html")
    page = room.page
    assert run(page, video) == 0, output(page)
    assert numbers(results(page, tmp_path)["joined.mp4"]) == [*range(75, 100), *range(25), *range(75, 100)]
    # Moved or taken away while a script runs, it stops.
    write(page, "while True: pass")
    page.get_by_role("button", name="Run").click()
    page.evaluate("document.body.prepend(document.querySelector('clip-script'))")
    expect(page.get_by_role("log")).to_contain_text("Stopped.")
    expect(page.get_by_role("button", name="Run")).to_be_enabled()
    page.context.close()
    assert room.watch.verdict() == []
