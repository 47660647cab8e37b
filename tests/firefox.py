"""A real Firefox, driven over WebDriver BiDi.

Playwright drives Chromium alone here: its Firefox is one of its own making, and for the one that people have it
sends commands that the ESR does not know. BiDi is JSON over a WebSocket, and what tests need of it is little:
https://w3c.github.io/webdriver-bidi/ has every command and event that is named below.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.waiting import Trouble, first_true

START_S = 60.0
ANSWER_S = 120.0
"""How long any one command may take: scripts wait for media to be played."""
EVENTS = ("log.entryAdded", "network.beforeRequestSent")
Preferences = Mapping[str, bool | int | str]
PREFERENCES: Preferences = {
    # Firefox adds many of its own when it is driven, which keep it from talking to anybody; these are missing there.
    "app.normandy.enabled": False,
    "browser.startup.page": 0,
    "media.autoplay.default": 0,
    "media.gmp-manager.updateEnabled": False,
    "network.proxy.type": 0,
    # FFmpeg's decoders write what they have to complain of to the log (2: warnings and worse), and do so at once.
    "logging.config.sync": True,
    "logging.FFmpegLib": 2,
    "logging.FFmpegVideo": 2,
    "logging.FFmpegAudio": 2,
}
LOG = "log"
"""How the names of the log's files begin; each process writes one."""
SERVER = "WebDriverBiDiServer.json"
"""The file in the profile that tells the port."""
FLAGS = ("--headless", "--no-remote", "--remote-allow-system-access")
"""The last lets commands reach what is not a page, too."""
UNWATCH = """() => {
    const address = 'chrome://remote/content/shared/js-process-actors/WebDriverWorkerListenerActor.sys.mjs';
    let listener;
    try {
        listener = ChromeUtils.importESModule(address);
    } catch {
        return;
    }
    listener.unregisterWebDriverWorkerListenerActor();
}"""
"""Takes away what listens, in every session of a Firefox that has it, for workers that start; no event is missed here.

While somebody does, a worker that starts another waits until the main thread has told them, and is woken by a condition
variable on which the new worker waits too; it may be the other one that wakes. One of fifty then never goes on.
"""


@dataclass(frozen=True)
class Entry:
    """Something on the console, by a script or by Firefox itself: `level` is debug, info, warn or error."""

    page: str | None
    level: str
    text: str


@dataclass(frozen=True)
class Request:
    """A request that a page made."""

    page: str | None
    url: str


class Firefox:
    """A running Firefox; `launched` starts one."""

    def __init__(self, socket: ClientConnection, log: Path) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._log = log
        self._read: dict[Path, int] = {}
        self.entries: list[Entry] = []
        self.requests: list[Request] = []

    def command(self, method: str, **parameters: Any) -> Any:
        """What a command of BiDi replies; Trouble if it fails."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        until = time.monotonic() + ANSWER_S
        while True:
            try:
                told = json.loads(self._socket.recv(timeout=until - time.monotonic()))
            except TimeoutError as error:
                raise Trouble(f"{method}: no answer in {ANSWER_S:.0f} s") from error
            except ConnectionClosed as error:
                raise Trouble(f"{method}: Firefox is gone") from error
            if told.get("id") == number:
                break
            self._hear(told)
        if told["type"] == "error":
            raise Trouble(f"{method}: {told['error']}: {told['message']}")
        return told["result"]

    def _hear(self, event: dict[str, Any]) -> None:
        said = event.get("params", {})
        if event.get("method") == "log.entryAdded":
            self.entries.append(Entry(said["source"].get("context"), said["level"], said["text"] or ""))
        elif event.get("method") == "network.beforeRequestSent":
            self.requests.append(Request(said["context"], said["request"]["url"]))

    def listen(self) -> None:
        """Take in what was said up to now."""
        with contextlib.suppress(TimeoutError):
            while True:
                self._hear(json.loads(self._socket.recv(timeout=0)))

    def leave_workers_alone(self) -> None:
        """Let workers start as they do where nobody drives the browser; see `UNWATCH`."""
        (window, *_) = self.command("browsingContext.getTree", **{"moz:scope": "chrome"})["contexts"]
        target = {"context": window["context"]}
        done = self.command(
            "script.callFunction", functionDeclaration=UNWATCH, target=target, awaitPromise=False
        )
        if done["type"] == "exception":
            raise Trouble(done["exceptionDetails"]["text"])

    def new_page(self) -> Page:
        """A tab of its own."""
        return Page(self, self.command("browsingContext.create", type="tab")["context"])

    def complaints(self) -> list[str]:
        """What its decoders wrote to the log since this was last asked; each process has a file of its own."""
        fresh = []
        for file in sorted(self._log.parent.glob(f"{self._log.name}*")):
            with file.open("rb") as log:
                log.seek(self._read.get(file, 0))
                fresh += log.read().decode("utf-8", "replace").splitlines()
                self._read[file] = log.tell()
        return [line for line in fresh if line]


class Page:
    """A tab."""

    def __init__(self, firefox: Firefox, context: str) -> None:
        self._firefox = firefox
        self._context = context

    def goto(self, url: str) -> None:
        """Load a page to its end."""
        self._firefox.command("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, function: str, *arguments: Any) -> Any:
        """What a JavaScript function, given as text, makes of `arguments`; all of it JSON. Trouble if it throws."""
        declaration = f"async (text) => JSON.stringify(await ({function})(...JSON.parse(text)))"
        told = self._firefox.command(
            "script.callFunction",
            functionDeclaration=declaration,
            arguments=[{"type": "string", "value": json.dumps(arguments)}],
            target={"context": self._context},
            awaitPromise=True,
            userActivation=True,
        )
        if told["type"] == "exception":
            raise Trouble(told["exceptionDetails"]["text"])
        # A function that returns nothing has no JSON.
        return json.loads(told["result"]["value"]) if told["result"]["type"] == "string" else None

    def wait_for(self, function: str, *arguments: Any, seconds: float = 30.0) -> Any:
        """The first value of a function that counts as true; Trouble when there is none in time."""
        return first_true(self.evaluate, function, *arguments, seconds=seconds)

    def set_files(self, selector: str, files: Sequence[Path]) -> None:
        """Choose files in an input, as a person does."""
        locator = {"type": "css", "value": selector}
        (node,) = self._firefox.command(
            "browsingContext.locateNodes", context=self._context, locator=locator
        )["nodes"]
        element = {"sharedId": node["sharedId"]}
        self._firefox.command(
            "input.setFiles", context=self._context, element=element, files=[str(file) for file in files]
        )

    @property
    def console(self) -> list[Entry]:
        """What this page, its workers and, about them, Firefox put on the console."""
        self._firefox.listen()
        return [entry for entry in self._firefox.entries if entry.page == self._context]

    @property
    def requests(self) -> list[str]:
        """The addresses that this page and its workers asked for."""
        self._firefox.listen()
        return [one.url for one in self._firefox.requests if one.page == self._context]

    def close(self) -> None:
        """Close the tab."""
        self._firefox.command("browsingContext.close", context=self._context)


@contextlib.contextmanager
def launched(executable: Path, preferences: Preferences | None = None) -> Iterator[Firefox]:
    """A headless Firefox with a fresh profile that talks to nobody but this machine; `preferences` are further ones."""
    with (
        tempfile.TemporaryDirectory(prefix="clipwright-firefox-", ignore_cleanup_errors=True) as folder,
        _running(executable, Path(folder), preferences or {}) as address,
        connect(address, proxy=None, compression=None, max_size=None, ping_interval=None) as socket,
    ):
        firefox = Firefox(socket, Path(folder, LOG))
        firefox.command("session.new", capabilities={})
        firefox.leave_workers_alone()
        firefox.command("session.subscribe", events=list(EVENTS))
        yield firefox
        with contextlib.suppress(Trouble):
            firefox.command("browser.close")


@contextlib.contextmanager
def _running(executable: Path, folder: Path, more: Preferences) -> Iterator[str]:
    """The process; gives the address where it listens."""
    profile, said = folder / "profile", folder / "said"
    profile.mkdir()
    told = {**PREFERENCES, **more, "logging.config.LOG_FILE": str(folder / LOG)}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in told.items()]
    (profile / "user.js").write_text("".join(lines), "utf-8")
    argv = [executable, *FLAGS, "--profile", profile, "--remote-debugging-port", "0"]
    with said.open("w") as output:
        # It leaves an empty log where it is started, before it has read where the log should be.
        process = subprocess.Popen(argv, cwd=folder, stdout=output, stderr=output, start_new_session=True)
    try:
        yield _address(process, profile, said)
    finally:
        _end(process)


def _address(process: subprocess.Popen[bytes], profile: Path, said: Path) -> str:
    """Where Firefox listens, once it does."""
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            told = json.loads((profile / SERVER).read_text("utf-8"))
            return f"ws://{told['ws_host']}:{told['ws_port']}/session"
        time.sleep(0.05)
    raise Trouble(f"Firefox did not start: {said.read_text('utf-8', 'replace')}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a Firefox that closes, end one that was not told to, and all its processes where it does not listen."""
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            process.wait()
