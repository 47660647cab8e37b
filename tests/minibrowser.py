"""A real WebKitGTK, driven over WebDriver: JSON over HTTP, of which tests need little (https://w3c.github.io/webdriver/).

Its browser, MiniBrowser, is never without a screen: Xvfb lends it one. What is on the console, nobody tells.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.waiting import Trouble, first_true

START_S = 30.0
ANSWER_S = 120.0
"""How long any one command may take."""
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key under which WebDriver tells an element's id."""
SAVED = "saved"
"""The folder for downloads, in the home that the browser is given."""


class Page:
    """The one tab of a running WebKitGTK; `launched` starts it."""

    def __init__(self, port: int, home: Path, said: Path) -> None:
        self._port = port
        self._said = said
        self._session = ""
        self.saved = home / SAVED

    def begin(self) -> None:
        """Start the browser, once the driver listens; Trouble if either does not start."""
        until = time.monotonic() + START_S
        while True:
            try:
                told = self._command("POST", "/session", capabilities={})
                break
            except Trouble:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
        self._session = f"/session/{told['sessionId']}"
        self._command("POST", "/timeouts", script=round(ANSWER_S * 1000))

    def end(self) -> None:
        """Close the browser."""
        self._command("DELETE", "")

    def goto(self, url: str) -> None:
        """Load a page to its end."""
        self._command("POST", "/url", url=url)

    def evaluate(self, function: str, *arguments: Any) -> Any:
        """What a JavaScript function, given as text, makes of `arguments`; all of it JSON. Trouble if it throws."""
        script = f"return (async () => ({function})(...arguments))()"
        return self._command("POST", "/execute/sync", script=script, args=list(arguments))

    def wait_for(self, function: str, *arguments: Any, seconds: float = 30.0) -> Any:
        """The first value of a function that counts as true; Trouble when there is none in time."""
        return first_true(self.evaluate, function, *arguments, seconds=seconds)

    def set_files(self, selector: str, files: Sequence[Path]) -> None:
        """Choose files in an input, as a person does."""
        found = self._command("POST", "/element", using="css selector", value=selector)
        self._command("POST", f"/element/{found[ELEMENT]}/value", text="\n".join(map(str, files)))

    def crashes(self) -> list[str]:
        """What the browser said of processes that ended before their time."""
        return [line for line in self._said.read_text("utf-8", "replace").splitlines() if "CRASHED" in line]

    def _command(self, method: str, path: str, **parameters: Any) -> Any:
        """What a command of WebDriver replies; Trouble if it fails."""
        body = json.dumps(parameters) if method == "POST" else None
        with contextlib.closing(HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_S)) as connection:
            try:
                connection.request(method, self._session + path, body)
                told = json.loads(connection.getresponse().read())["value"]
            except (OSError, HTTPException, ValueError) as error:
                raise Trouble(f"{path}: {error!r} {self.crashes()}") from error
        if isinstance(told, dict) and "error" in told:
            raise Trouble(f"{path}: {told['error']}: {told['message']} {self.crashes()}")
        return told


@contextlib.contextmanager
def launched(driver: Path, screens: Path) -> Iterator[Page]:
    """A WebKitGTK in a home of its own, on a screen that `screens`, an Xvfb, makes; it saves without asking."""
    with (
        tempfile.TemporaryDirectory(prefix="clipwright-webkit-", ignore_cleanup_errors=True) as folder,
        _screen(screens) as display,
    ):
        home, said = Path(folder), Path(folder, "said")
        for name in (SAVED, ".config"):
            (home / name).mkdir()
        (home / ".config" / "user-dirs.dirs").write_text(f'XDG_DOWNLOAD_DIR="$HOME/{SAVED}"\n', "utf-8")
        port = _free_port()
        with _running(driver, port, home, said, display):
            page = Page(port, home, said)
            page.begin()
            yield page
            with contextlib.suppress(Trouble):
                page.end()


@contextlib.contextmanager
def _running(driver: Path, port: int, home: Path, said: Path, display: str) -> Iterator[None]:
    """The driver's process, and with it all that it starts."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    place = {**plain, "HOME": str(home), "DISPLAY": display, "NO_AT_BRIDGE": "1"}
    argv = [driver, f"--port={port}"]
    with said.open("w") as output:
        process = subprocess.Popen(
            argv, cwd=home, env=place, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def _screen(screens: Path) -> Iterator[str]:
    """A screen that nobody sees; gives its name."""
    read, write = os.pipe()
    argv = [screens, "-displayfd", str(write), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    process = subprocess.Popen(argv, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            # An Xvfb that does not start closes its end, too.
            number = told.readline().strip()
        if not number:
            raise Trouble("Xvfb did not start")
        yield f":{number}"
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return int(some.getsockname()[1])
