"""numpy in the page: a pack of sites that were built with it, from the site itself, and told as a capability.

The real wheel cannot be had everywhere; a tiny one stands for it here, in a Pyodide whose lock names it.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.kept.household import guest, house
from tests.browser.kept.test_script import enter, output, run, write
from tests.equipment import assembled, load
from tests.pages import EMPTY, served

pytestmark = pytest.mark.unhurried

NAME = "numpy-2.4.6-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
CAPABLE = """async (base) => {
    const { Clipwright } = await import(base + '/clipwright.js');
    const app = await Clipwright.start();
    const { capabilities } = await app.ready;
    await app.close();
    return capabilities.numpy;
}"""
CALCULATE = """async (base) => {
    const { loadPyodide } = await import(base + '/pyodide/pyodide.mjs');
    const pyodide = await loadPyodide({ indexURL: base + '/pyodide/' });
    const said = [];
    const hear = { messageCallback() {}, errorCallback: (text) => said.push(text) };
    await pyodide.loadPackage('numpy', hear).catch((error) => said.push(String(error)));
    return pyodide.loadedPackages.numpy ? pyodide.runPython('import numpy; numpy.total([1, 2])') : said.join();
}"""
"""Pyodide's own way of getting what its lock names."""


def tiny_numpy(folder: Path) -> Path:
    """A wheel by that name which can add."""
    facts = {
        "WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n",
        "METADATA": "Name: numpy\nVersion: 2.4.6\n",
        "RECORD": "",
    }
    with zipfile.ZipFile(folder / NAME, "w") as wheel:
        wheel.writestr("numpy/__init__.py", "total = sum\n")
        for name, text in facts.items():
            wheel.writestr(f"numpy-2.4.6.dist-info/{name}", text)
    return folder / NAME


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built with it."""
    folder = tmp_path_factory.mktemp("built")
    wheel = tiny_numpy(folder)
    assemble = load("web/assemble.py")
    plain_copy = assemble.copy

    def copy(source: Path, target: Path) -> None:
        plain_copy(source, target)
        if source.name == "pyodide-lock.json":
            lock = json.loads(source.read_text("utf-8"))
            assert lock["packages"]["numpy"]["file_name"] == NAME
            lock["packages"]["numpy"]["sha256"] = hashlib.sha256(wheel.read_bytes()).hexdigest()
            target.write_text(json.dumps(lock), "utf-8")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assemble, "copy", copy)
        assembled(folder / "site", wheel)
    return folder / "site"


def calculate(page: Page, url: str) -> object:
    return page.evaluate(CALCULATE, url)


def test_a_site_that_has_it_says_so(chromium: Browser, built: Path, tmp_path: Path) -> None:
    with served(built, tmp_path) as url:
        page = chromium.new_page()
        page.goto(url + EMPTY)
        assert page.evaluate(CAPABLE, url) is True
        page.close()


def test_it_is_a_pack_and_comes_from_the_site_alone(chromium: Browser, built: Path, tmp_path: Path) -> None:
    with house(tmp_path, "/some/where", built=built) as place, guest(chromium, place) as someone:
        studio = someone.settle()
        page = studio.page
        row = page.locator("[data-pack=numpy]")
        page.get_by_role("button", name="Offline and storage").click()
        expect(row).to_contain_text("NumPy, ")
        expect(row).to_have_attribute("data-state", "absent", timeout=30_000)
        page.get_by_role("button", name="Install NumPy").click()
        expect(row).to_have_attribute("data-state", "installed", timeout=30_000)
        someone.cut_off()
        assert calculate(page, place.url) == 3
        someone.plug_in()
        page.get_by_role("button", name="Remove NumPy").click()
        expect(row).to_have_attribute("data-state", "absent", timeout=30_000)
        assert calculate(page, place.url) == 3, "what is not kept comes from the host"
        assert not studio.watch.verdict(), "and from nowhere else"


def test_another_wheel_is_not_used(chromium: Browser, built: Path, tmp_path: Path) -> None:
    with served(built, tmp_path, replaced={f"/pyodide/{NAME}": "something else"}) as url:
        page = chromium.new_page()
        page.goto(url + EMPTY)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        assert "numpy" in str(calculate(page, url))
        assert asked[-1].endswith(NAME)
        assert not [address for address in asked if not address.startswith(url + "/")]
        page.close()


def test_scripts_import_it(chromium: Browser, built: Path, tmp_path: Path) -> None:
    with served(built, tmp_path) as url:
        room = enter(chromium, url)
        write(room.page, "import numpy as np\nprint(np.total([1, 2]))")
        assert run(room.page) == 0, output(room.page)
        assert output(room.page) == "3\n"
        assert run(room.page) == 0, "it is there already"
        assert room.watch.verdict() == []
        room.page.context.close()


def test_scripts_on_a_site_without_it_are_told_so(chromium: Browser, tmp_path: Path) -> None:
    assembled(tmp_path / "site", None)
    with served(tmp_path / "site", tmp_path) as url:
        room = enter(chromium, url)
        write(room.page, "print('before')\nimport numpy")
        assert run(room.page) == 1
        assert "script.py, line 2: there is no package “numpy” here." in output(room.page)
        assert "clipwright run" in output(room.page)
        write(room.page, "try:\n    import numpy\nexcept ImportError:\n    print('without')")
        assert run(room.page) == 0
        assert output(room.page) == "without\n"
        room.page.context.close()
