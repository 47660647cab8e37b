"""What of the built site other people rely on: names of files, declarations, examples."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.embedded.embedding import Visit, visit
from tests.equipment import ROOT, site, tool
from tests.pages import served

pytestmark = pytest.mark.unhurried

PUBLIC = {
    "EMBEDDING.md",
    "HOSTING.md",
    "LICENSE",
    "THIRD-PARTY.md",
    "_headers",
    "app.worker.js",
    "clipwright.d.ts",
    "clipwright.js",
    "element.d.ts",
    "element.js",
    "embed-client.d.ts",
    "embed-client.js",
    "embed.html",
    "embed.js",
    "embed.json",
    "examples",
    "ffmpeg",
    "ffmpeg-mt",
    "ffmpeg.worker.js",
    "fonts",
    "hosting",
    "index.html",
    "licenses",
    "main.css",
    "main.js",
    "manifest.webmanifest",
    "media.worker.js",
    "modules",
    "packs.json",
    "protocol.schema.json",
    "pyodide",
    "pyscript",
    "sample.mp4",
    "saving.worker.js",
    "script.css",
    "script.html",
    "script.js",
    "script.py",
    "scripting.js",
    "snapshot.worker.js",
    "sw.js",
    "types",
    "wheels",
}
"""Removing or renaming one of these breaks somebody's page: that is a new major version."""


def test_public_names_are_there_and_told() -> None:
    assert PUBLIC - {path.name for path in site().iterdir()} == set()
    table = (ROOT / "web" / "EMBEDDING.md").read_text("utf-8").partition("## What lies in")[2]
    names = {
        name.strip("/")
        for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
        for name in re.findall(r"`([^`]+)`", row)
    }
    assert names == PUBLIC


def test_the_frame_s_client_needs_no_other_file() -> None:
    assert not re.search(
        r"""\bfrom\s*["']|\bimport\s*\(?["']""", (site() / "embed-client.js").read_text("utf-8")
    )


def test_nobody_may_embed_unless_the_host_says_so() -> None:
    assert (site() / "embed.json").read_text("utf-8").split() == ["{", '"parents":', "[]", "}"]


def test_declarations_are_understood(tmp_path: Path) -> None:
    """A strict TypeScript consumer compiles; where it errs on purpose, the declarations notice."""
    tsc = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    strict = "--noEmit --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --target es2022 --module esnext"
    options = [*strict.split(), "--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable"]
    done = subprocess.run(
        [tool("node"), tsc, *options, ROOT / "tests" / "browser" / "embedded" / "consumer.ts"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["plain", "react", "vue"])
def test_the_examples_make_clips(chromium: Browser, tmp_path: Path, name: str) -> None:
    with served(site(), tmp_path) as url, visit(chromium, url) as opened:
        page = opened.page
        page.goto(f"{url}/examples/{name}.html")
        opened.reaches("open")
        if name == "plain":
            page.get_by_role("button", name="Make the clip").click()
        else:
            page.get_by_role("button", name="Clip from outside").click()
        expect(page.locator("#told")).to_contain_text("sample_clip_00-01_to_00-03.mp4", timeout=30_000)
        saved = opened.save(tmp_path)
        assert f"{saved.stat().st_size} bytes" in page.locator("#told").inner_text()
        if name == "react":
            again_in_another_mode(opened)


def again_in_another_mode(opened: Visit) -> None:
    """What React renders reaches the element."""
    opened.page.locator("label select").first.select_option("exact")
    expect(opened.element).to_have_attribute("mode", "exact")
    assert opened.page.evaluate("document.querySelector('clip-wright').mode") == "exact"
    opened.page.get_by_role("button", name="Clip from outside").click()
    opened.reaches("done")
