"""A web server for the built site, for this machine only: for ``build.py serve``, tests and benches."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import re
import sys
import webbrowser
from pathlib import Path
from typing import BinaryIO


class Site(http.server.SimpleHTTPRequestHandler):
    """Static files with ranges, validators and the types that browsers insist on."""

    protocol_version = "HTTP/1.1"
    isolated = False
    extensions_map = {  # noqa: RUF012 - the standard library's own attribute
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".json": "application/json",
        ".map": "application/json",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
        ".whl": "application/zip",
    }

    def handle(self) -> None:
        """Answer one connection's requests; a browser that hangs up early is no error."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    def send_head(self) -> BinaryIO | None:
        """Answer up to the body; the returned file stands at its first byte to send."""
        path = Path(self.translate_path(self.path))
        if path.is_dir() and not self.path.partition("?")[0].endswith("/"):
            return super().send_head()  # sends the redirect to the folder
        try:
            file = (path / "index.html" if path.is_dir() else path).open("rb")
        except OSError:
            self.send_error(404)
            return None
        facts = os.fstat(file.fileno())
        tag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
        start, end, status = self.wanted(tag, facts.st_size)
        self.remaining = max(0, end - start)
        self.send_response(status)
        self.send_header("ETag", tag)
        self.send_header("Last-Modified", self.date_time_string(int(facts.st_mtime)))
        self.send_header("Accept-Ranges", "bytes")
        if status == 206:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{facts.st_size}")
        elif status == 416:
            self.send_header("Content-Range", f"bytes */{facts.st_size}")
        if status != 304:
            self.send_header("Content-Type", self.guess_type(file.name))
            self.send_header("Content-Length", str(self.remaining))
        self.end_headers()
        file.seek(start)
        return file

    def wanted(self, tag: str, size: int) -> tuple[int, int, int]:
        """Which bytes are asked for, half-open, and with which status they are answered."""
        if self.headers.get("If-None-Match") == tag:
            return 0, 0, 304
        match = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        if not match or not any(match.groups()) or self.headers.get("If-Range", tag) != tag:
            return 0, size, 200
        first, last = match.groups()
        start = int(first) if first else max(0, size - int(last))
        end = min(size, int(last) + 1) if first and last else size
        return (start, end, 206) if start < end else (0, 0, 416)

    def copyfile(self, source: BinaryIO, outputfile: BinaryIO) -> None:
        """Send what the answer promised and no more."""
        while self.remaining and (block := source.read(min(self.remaining, 1 << 20))):
            outputfile.write(block)
            self.remaining -= len(block)

    def end_headers(self) -> None:
        """Headers that every answer carries."""
        self.send_header("Cache-Control", "no-cache")
        if self.isolated:
            self.send_header("Cross-Origin-Opener-Policy", "same-origin")
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
            self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's own name
        """Say nothing: the browser's own tools show requests better."""


def make_server(directory: Path, port: int = 0, *, isolated: bool = False) -> http.server.ThreadingHTTPServer:
    """A server on localhost for a folder; `port` 0 takes a free one. The caller runs ``serve_forever``."""
    handler = type("Site", (Site,), {"isolated": isolated})
    return http.server.ThreadingHTTPServer(
        ("127.0.0.1", port), functools.partial(handler, directory=str(directory))
    )


def show(directory: Path, port: int, *, isolated: bool, opens: bool) -> None:
    """Serve a folder, say where, open a browser there if there may be one, until Ctrl+C."""
    try:
        server = make_server(directory, port, isolated=isolated)
    except OSError:
        print(f"serve: port {port} is taken, using a free one", file=sys.stderr, flush=True)
        server = make_server(directory, isolated=isolated)
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    print(f"Clipwright is at {url} (Ctrl+C stops it)", flush=True)
    if opens and (os.name == "nt" or sys.platform == "darwin" or os.environ.get("DISPLAY")):
        webbrowser.open(url)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
