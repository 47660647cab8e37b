"""The main stories of the README's table, which says for every browser what they gave, in the page's words."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import reading
from tests.browser.browsers import Visitor
from tests.browser.kept.household import House, house
from tests.clips import Recipe
from tests.equipment import ROOT
from tests.judging import Wanted, assert_frames, assert_sound

MP4 = Recipe()
WEBM = Recipe(container="webm", video="vp9", audio=("opus",))
AVI = Recipe(container="avi", video="mpeg4", audio=("mp3",))
READY = "() => document.querySelector('#engine').dataset.state === 'ready'"
KEPT = "() => document.querySelector('#device-offline').dataset.state === 'ready'"
PLANNED = """() => document.querySelector('#plan').dataset.state === 'ready'
    && !document.querySelector('[aria-busy=true]')"""
TYPE = """(id, text) => {
    const field = document.getElementById(id);
    field.focus();
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
    field.blur();
}"""
DONE = """() => document.querySelector('[data-testid=failure]')?.innerText
    || (document.querySelector('#result').checkVisibility() && 'made')"""
TEXT = "(selector) => document.querySelector(selector).textContent"
CLICK = "(selector) => document.querySelector(selector).click()"


@dataclass
class Place:
    """The page in one browser, where it lies, and the name of the browser."""

    browser: str
    visitor: Visitor
    house: House


@contextlib.contextmanager
def settled(browser: str, visit: contextlib.AbstractContextManager[Visitor], folder: Path) -> Iterator[Place]:
    """A place where the page is ready; what is wrong with it in the end fails."""
    with house(folder) as home, visit as visitor:
        visitor.goto(home.url + "/")
        visitor.wait_for(READY)
        yield Place(browser, visitor, home)
        assert not visitor.errors()
        own = (home.url, f"blob:{home.url}", "data:")
        assert not [address for address in visitor.requests() if not address.startswith(own)]


def cut(place: Place, source: Path, mode: str, start: str, end: str) -> tuple[str, Path]:
    """What the page says that it has done, and the saved file."""
    visitor = place.visitor
    visitor.set_files("#picker", [source])
    visitor.wait_for(PLANNED)
    visitor.evaluate(CLICK, f"[name=mode][value={mode}]")
    visitor.evaluate(TYPE, "in", start)
    visitor.evaluate(TYPE, "out", end)
    visitor.wait_for(PLANNED)
    visitor.evaluate(CLICK, "#export")
    assert visitor.wait_for(DONE) == "made"
    how = visitor.evaluate(TEXT, "#result-sub").rpartition(" · ")[2].partition(" ")[0]
    by = re.search(r"Made by (.+) in ", visitor.evaluate(TEXT, "#result-foot"))
    assert by
    return f"{how}, by {by[1]}", visitor.save()


def a_clip(
    recipe: Recipe, mode: str, start_us: int = 1_000_000
) -> Callable[[Place, Callable[[Recipe], Path]], str]:
    def story(place: Place, make: Callable[[Recipe], Path]) -> str:
        source = make(recipe)
        told, clip = cut(place, source, mode, f"{start_us / 1e6:.2f}", "2.44")
        wanted = Wanted(source, start_us, 2_440_000, 0)
        assert_sound(wanted, clip, assert_frames(wanted, clip))
        return told

    return story


def what_ffmpeg_reads(place: Place, make: Callable[[Recipe], Path]) -> str:
    told, clip = cut(place, make(AVI), "auto", "0", "4")
    assert reading.numbers(clip) == list(range(100))
    return told


def without_a_host(place: Place, make: Callable[[Recipe], Path]) -> str:
    place.visitor.wait_for(KEPT)
    shutil.rmtree(place.house.folder)
    place.visitor.goto(place.house.url + "/")
    place.visitor.wait_for(READY)
    return a_clip(MP4, "exact")(place, make)


STORIES = {
    "lossless out of MP4 (H.264, AAC)": a_clip(MP4, "lossless"),
    "lossless out of WebM (VP9, Opus)": a_clip(WEBM, "lossless"),
    "smart out of MP4, off key frames": a_clip(MP4, "smart", 1_360_000),
    "exact out of MP4": a_clip(MP4, "exact"),
    "exact out of WebM": a_clip(WEBM, "exact"),
    "AVI (MPEG-4 part 2, MP3)": what_ffmpeg_reads,
    # The last: its host is gone.
    "exact out of MP4, offline": without_a_host,
}


def table() -> dict[str, dict[str, str]]:
    """The README's cells by story and browser."""
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    head = next(row for row in rows if row[1].startswith("Chromium "))
    names = [cell.partition(" ")[0] for cell in head[1:]]
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows if row[0] in STORIES}
