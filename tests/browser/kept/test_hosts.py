"""Every kind of host that HOSTING.md names, in a browser: at its root or in folders, and then without a network.

``CLIPWRIGHT_EVERY_SEED=1`` runs each of them at every place.
"""

from __future__ import annotations

import contextlib
import http.server
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import reading
from tests.browser.kept.household import NO_NETWORK, Guest, House, installed, until
from tests.browser.studio import Studio
from tests.clips import Recipe
from tests.equipment import load, site, tool

pytestmark = pytest.mark.unhurried

HEADERS: dict[str, str] = load("web/assemble.py").headers()
PATHS = ("", "/cuts", "/some/where")
START_S = 20.0
FETCH_PACK = """async () => {
    const files = ['ffmpeg/ffmpeg-core.js', 'ffmpeg/ffmpeg-core.wasm'];
    for (const file of files) await (await fetch(file)).arrayBuffer();
    const kept = await Promise.all(files.map((file) => caches.match(file)));
    return kept.every(Boolean);
}"""


@contextlib.contextmanager
def running(argv: list[str], folder: Path, port: int) -> Iterator[str]:
    """A server's process, once it answers."""
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(argv, cwd=folder, stdout=said, stderr=said)
    try:
        until = time.monotonic() + START_S
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert process.poll() is None, (folder / "said").read_text()
            assert time.monotonic() < until, "it does not answer"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def python_server(root: Path, folder: Path) -> AbstractContextManager[str]:
    """``python3 -m http.server``."""
    port = free_port()
    argv = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", str(root), str(port)]
    return running(argv, folder, port)


def nginx(root: Path, folder: Path) -> AbstractContextManager[str]:
    """Debian's nginx, or the system's, with the file that ``dist/`` brings, included once for a whole server."""
    port = free_port()
    whole = f"""
        daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log stderr;
        events {{ }}
        http {{
            access_log off;
            client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fast;
            uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
            server {{
                listen 127.0.0.1:{port};
                root {root};
                include {site()}/hosting/nginx.conf;
            }}
        }}"""
    (folder / "nginx.conf").write_text(whole)
    argv = [str(tool("nginx")), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    return running(argv, folder, port)


def rules(text: str) -> list[tuple[re.Pattern[str], list[tuple[str, str]]]]:
    """A ``_headers`` file as Netlify and Cloudflare read it: what to send for which addresses, ``*`` for anything."""
    found: list[tuple[re.Pattern[str], list[tuple[str, str]]]] = []
    for line in text.splitlines():
        if line[:1].isspace():
            name, _, value = line.strip().partition(": ")
            found[-1][1].append((name, value))
        else:
            found.append((re.compile(re.escape(line).replace(r"\*", ".*")), []))
    return found


@contextlib.contextmanager
def headers_file(root: Path, folder: Path) -> Iterator[str]:
    """A host that heeds the ``_headers`` at its root."""
    told = rules((root / "_headers").read_text("utf-8"))

    class Host(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *of: object) -> None:
            super().__init__(*of, directory=str(root))  # type: ignore[arg-type]  # the server's own arguments

        def end_headers(self) -> None:
            for address, sent in told:
                if address.fullmatch(self.path.partition("?")[0]):
                    for name, value in sent:
                        self.send_header(name, value)
            super().end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a browser that hangs up is no news
        server.daemon_threads = True
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


HOSTS: dict[str, Callable[[Path, Path], AbstractContextManager[str]]] = {
    "http.server": python_server,
    "nginx": nginx,
    "_headers": headers_file,
}
EVERY_PLACE = bool(os.environ.get("CLIPWRIGHT_EVERY_SEED"))
PLACES = (
    list(itertools.product(HOSTS, PATHS))
    if EVERY_PLACE
    else [
        ("http.server", ""),
        ("http.server", "/some/where"),
        ("nginx", "/cuts"),
        ("_headers", "/some/where"),
    ]
)
SENDS = {"nginx", "_headers"}
"""Hosts that are told what to send."""


@pytest.fixture(scope="module", params=HOSTS)
def host(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """The name of a host, and the origin at which it serves the site under each of the paths."""
    folder = tmp_path_factory.mktemp(request.param)
    root = folder / "root"
    root.mkdir()
    for file in site().iterdir():
        (root / file.name).symlink_to(file)
    for path in filter(None, PATHS):
        (root / path.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
        (root / path.lstrip("/")).symlink_to(site())
    with HOSTS[request.param](root, folder) as origin:
        yield request.param, origin


def make_clip(studio: Studio, source: Path, tmp_path: Path, container: str) -> None:
    studio.open(source)
    studio.mark("1", "2")
    studio.choose("Exact", container)
    studio.export()
    assert reading.numbers(studio.save(tmp_path)) == list(range(25, 50))


@pytest.mark.parametrize(("host", "path"), PLACES, indirect=["host"])
def test_the_site_works_there(
    chromium: Browser, make, tmp_path: Path, host: tuple[str, str], path: str
) -> None:
    name, origin = host
    someone = Guest(chromium, House(tmp_path, origin, path))
    source = make(Recipe(video="mpeg4", seconds=3))
    with contextlib.closing(someone.context):
        studio = someone.visit()
        # The first load is as the host serves it, FFmpeg's core and all.
        assert studio.page.evaluate("crossOriginIsolated") is (name in SENDS)
        make_clip(studio, source, tmp_path, "MKV")
        installed(studio)
        # FFmpeg was used before anybody was there to keep it.
        until(studio.page, FETCH_PACK)
        assert not studio.watch.verdict()
        studio.page.close()
        someone.cut_off()
        studio = someone.visit()
        assert studio.page.evaluate("crossOriginIsolated") is True
        make_clip(studio, source, tmp_path, "MP4")
        studio.watch.forgive(NO_NETWORK)
        assert not studio.watch.verdict()


def test_what_is_sent_is_what_the_service_worker_adds(host: tuple[str, str]) -> None:
    name, origin = host
    for file in ("/", "/main.js", "/cuts/app.worker.js", "/some/where/pyodide/pyodide.asm.mjs"):
        with urllib.request.urlopen(origin + file, timeout=10) as answer:
            sent = {header: answer.headers[header] for header in HEADERS}
            assert sent == (HEADERS if name in SENDS else dict.fromkeys(HEADERS))
            if file != "/":
                assert answer.headers.get_content_type() in ("text/javascript", "application/javascript")


def test_nginx_keeps_large_files_small(host: tuple[str, str]) -> None:
    name, origin = host
    asked = urllib.request.Request(origin + "/pyodide/pyodide.asm.wasm", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        assert answer.headers["Content-Type"] == "application/wasm"
        assert answer.headers["Content-Encoding"] == ("gzip" if name == "nginx" else None)
        if name == "nginx":
            assert len(answer.read()) < (site() / "pyodide/pyodide.asm.wasm").stat().st_size / 2


def test_pages_leaves_the_files_as_they_are() -> None:
    """GitHub Pages sends no headers, as ``http.server``; without this file it would make pages of some."""
    assert (site() / ".nojekyll").is_file()
