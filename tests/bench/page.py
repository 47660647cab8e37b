"""The bench page in a real browser, and what it costs there."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PAGE = Path(__file__).parent / "page"
WORK = ROOT / ".build" / "bench"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TIMEOUT_MS = 600_000
SAMPLE_S = 0.02
OF_PEERS = frozenset({"mediabunny", "core", "mounted", "sliced"})
"""What the page does without us: in a tab of its own, so that nobody clears away what another one left in memory."""


def build_tool() -> ModuleType:
    """``build.py`` as a module: its server and the tools it found."""
    spec = importlib.util.spec_from_file_location("build", ROOT / "build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Bench:
    """The bench page in two tabs, ours and that of our peers, and a file picked."""

    def __init__(self, page: Page, peers: Page, ffmpeg: str, folder: Path) -> None:
        self._page = page
        self._peers = peers
        self.ffmpeg = ffmpeg
        self.folder = folder

    @classmethod
    @contextmanager
    def started(cls) -> Iterator[Bench]:
        """Bundle the page, serve it, open it."""
        build = build_tool()
        tools = build.tools()
        site = make_site(tools["esbuild"])
        server = build.load("web/server.py").make_server(site)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # A profile on disk, as people have: what a private window stores lies in memory.
        with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
            browser = playwright.chromium.launch_persistent_context(
                profile, executable_path=tools["chromium"], args=FLAGS
            )
            tabs = [browser.new_page(), browser.new_page()]
            for tab in tabs:
                tab.set_default_timeout(TIMEOUT_MS)
                tab.goto(f"http://127.0.0.1:{server.server_address[1]}/")
                tab.wait_for_function("globalThis.bench")
            yield cls(*tabs, tools["ffmpeg"], WORK / "files")
            browser.close()
        server.shutdown()

    def pick(self, path: Path) -> None:
        """Choose the file that the next calls work on."""
        for tab in (self._page, self._peers):
            tab.set_input_files("input", str(path))

    def _tab(self, method: str) -> Page:
        """The tab that a method runs in, in front: browsers slow down what lies behind."""
        tab = self._peers if method in OF_PEERS else self._page
        tab.bring_to_front()
        return tab

    def call(self, method: str, *args: Any) -> float:
        """Milliseconds that one method of the page took."""
        expression = "([method, args]) => globalThis.bench[method](...args)"
        result = self._tab(method).evaluate(expression, [method, list(args)])
        assert result["size"] > 0, f"{method} made nothing"
        return float(result["ms"])

    def saved(self, method: str, *args: Any) -> float:
        """Milliseconds until what one method of the page makes lies complete on disk, saved through a download link."""
        tab = self._tab(method)
        tab.evaluate("(method) => globalThis.bench.warm(method)", method)
        started = time.perf_counter()
        with tab.expect_download(timeout=TIMEOUT_MS) as coming:
            tab.evaluate("([method, args]) => globalThis.bench.save(method, args)", [method, list(args)])
        path = coming.value.path()
        took = (time.perf_counter() - started) * 1000
        assert path.stat().st_size > 0, f"{method} saved nothing"
        coming.value.delete()
        return took

    def extra_megabytes(self, work: Callable[[], object]) -> float:
        """How far the browser's processes rise above where they stood while `work` runs, in MB."""
        before = _resident()
        peak = before
        done = threading.Event()

        def watch() -> None:
            nonlocal peak
            while not done.wait(SAMPLE_S):
                peak = max(peak, _resident())

        watcher = threading.Thread(target=watch)
        watcher.start()
        work()
        done.set()
        watcher.join()
        return (peak - before) / 1e6


def _resident() -> int:
    """Proportional memory of all Chromium renderers on this machine, in bytes: shared pages count once."""
    total = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if b"--type=renderer" not in (entry / "cmdline").read_bytes():
                continue
            rollup = (entry / "smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total * 1024


def make_site(esbuild: str) -> Path:
    """The bench pages and, in `app/`, the built site."""
    site = WORK / "site"
    site.mkdir(parents=True, exist_ok=True)
    modules = ROOT / "node_modules"
    peer = modules / "@ffmpeg/ffmpeg/dist/esm/worker.js"
    bundle = [esbuild, "--bundle", "--format=esm", "--minify", "--log-level=error"]
    subprocess.run([*bundle, str(PAGE / "bench.js"), f"--outfile={site / 'bench.js'}"], check=True)
    subprocess.run([*bundle, str(peer), f"--outfile={site / 'peer.worker.js'}"], check=True)
    for name in ("index.html", "stock.html", "stock.js", "stock.worker.js"):
        shutil.copy(PAGE / name, site)
    # As it is published: the site's own has its library compiled.
    shutil.copytree(modules / "pyodide", site / "pyodide", dirs_exist_ok=True)
    for name in ("ffmpeg-core.js", "ffmpeg-core.wasm"):
        shutil.copy(modules / "@ffmpeg/core/dist/esm" / name, site)
    app = site / "app"
    if not app.is_symlink():
        app.symlink_to(ROOT / "dist", target_is_directory=True)
    return site
