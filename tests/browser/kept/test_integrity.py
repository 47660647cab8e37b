"""WebAssembly, Python's libraries are what the site was built with, or they are not used."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.clips import Recipe
from tests.equipment import site
from tests.pages import EMPTY, served

pytestmark = pytest.mark.unhurried

START = """async () => {
    const { Clipwright } = await import('/clipwright.js');
    return Clipwright.start().then(() => 'ready', ({ code, hint, detail }) => ({ code, hint, detail }));
}"""
CLIP = """async () => {
    const { Clipwright } = await import('/clipwright.js');
    const app = await Clipwright.start();
    const media = await app.open(document.querySelector('input').files[0]);
    const request = { start: 0, end: 1, engine: 'ffmpeg' };
    return app.clip(media, request).then(() => 'made', ({ code, hint, detail }) => ({ code, hint, detail }));
}"""


def damaged(folder: Path, name: str) -> Path:
    """The site with one bit of one file turned; all others are linked."""
    copy = folder / "site"
    shutil.copytree(site(), copy, copy_function=lambda source, target: Path(target).hardlink_to(source))
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).unlink()
    (copy / name).write_bytes(data)
    return copy


@pytest.mark.parametrize(
    "name",
    [
        "pyodide/pyodide.asm.wasm",
        "pyodide/python_stdlib.zip",
        "modules/clipwright.zip",
        "modules/msgspec.zip",
        "modules/msgspec/_core.cpython-314-wasm32-emscripten.so",
    ],
)
def test_a_part_of_python_that_is_another_is_refused(chromium: Browser, tmp_path: Path, name: str) -> None:
    with served(damaged(tmp_path, name), tmp_path) as url:
        page = chromium.new_page()
        page.goto(url + EMPTY)
        told = page.evaluate(START)
        page.close()
    assert told["code"] == "internal"
    assert told["hint"]
    assert name in told["detail"]


def test_a_core_that_is_another_is_refused(chromium: Browser, make, tmp_path: Path) -> None:
    with served(damaged(tmp_path, "ffmpeg/ffmpeg-core.wasm"), tmp_path) as url:
        page = chromium.new_page()
        page.goto(url + EMPTY)
        page.set_content('<input type="file">')
        page.set_input_files("input", make(Recipe()))
        told = page.evaluate(CLIP)
        page.close()
    assert told["code"] == "internal"
    assert told["hint"]
    assert "ffmpeg-core.wasm" in told["detail"]
