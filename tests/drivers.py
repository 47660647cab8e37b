"""One way to drive every engine: open, plan and clip, natively or in a page; values are plain JSON."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import msgspec
from playwright.sync_api import Page

from clipwright import api
from clipwright.engine import Job
from clipwright.errors import ClipwrightError
from clipwright.messages import Request
from clipwright.native.engine import NativeEngine
from clipwright.native.outputs import Destination
from clipwright.plan.steps import Progress
from tests.pages import KEPT

T = TypeVar("T")
LETTING_GO_S = 6.0
Json = dict[str, Any]


class Refused(Exception):
    """What an engine answered instead of doing it."""

    def __init__(self, body: Json) -> None:
        super().__init__(f"{body['code']}: {body['message']} {body.get('detail', '')}")
        self.body = body
        self.code: str = body["code"]


@dataclass(frozen=True)
class Clip:
    """A finished clip: where it lies, what was reported, and the progress that was heard."""

    path: Path
    report: Json
    progress: list[float]


class Driver(Protocol):
    """What the contract suite asks of an engine. Every method may raise Refused."""

    name: str
    smart: frozenset[str]
    """FFmpeg's names of the codecs whose edges this engine can encode."""

    def open(self, path: Path, reader: str | None = None) -> Json:
        """Look into a file with this engine's reader, or with the given one; gives Media."""
        ...

    def plan(self, media: Json, request: Json) -> Json:
        """Decide only; gives Plan. Requests go to this engine unless they name another."""
        ...

    def clip(self, media: Json, request: Json) -> Clip:
        """Plan and do."""
        ...

    def plan_cut(self, media: Sequence[Json], request: Json) -> Json:
        """Decide only, for several segments of one file or of several; gives CutPlan."""
        ...

    def cut(self, media: Sequence[Json], request: Json) -> list[Clip]:
        """Plan and do, for several segments."""
        ...

    def cancel(self, media: Json, request: Json, after_s: float) -> float:
        """Start a clip, cancel it after a while, and tell how many seconds the answer took."""
        ...

    def leftovers(self) -> list[str]:
        """Whatever a cancelled or failed clip left behind."""
        ...


class Native:
    """The native engine, in process."""

    name = "native"
    smart = frozenset({"h264", "hevc", "vp8", "vp9", "av1"})

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._engine = NativeEngine(Destination(folder))
        # A thread of its own: Playwright keeps an event loop running in the main one.
        self._thread = ThreadPoolExecutor(1)
        self._jobs = itertools.count(1)
        self._done: set[str] = set()

    def open(self, path: Path, reader: str | None = None) -> Json:
        return self._call(self._open(path, reader or self.name))

    async def _open(self, path: Path, reader: str) -> Any:
        return await api.open_media(self._engine, self._engine.register(path), reader, self._job())  # type: ignore[arg-type]  # tests also ask for readers that do not exist

    def plan(self, media: Json, request: Json) -> Json:
        typed = self._typed("plan", media, request)
        return self._call(api.plan_clip(self._engine, typed.media, typed.request, self._job()))

    def clip(self, media: Json, request: Json) -> Clip:
        typed = self._typed("clip", media, request)
        heard: list[Progress] = []
        job = self._job(heard)
        result = self._call(api.run_clip(self._engine, typed.media, typed.request, job))
        path = self._engine.saved(result["output"])
        self._done.add(path.name)
        return Clip(path, result["report"], [progress.done for progress in heard])

    def plan_cut(self, media: Sequence[Json], request: Json) -> Json:
        typed = self._typed("plan_cut", media, request)
        return self._call(api.plan_cut(self._engine, typed.media, typed.request, self._job()))

    def cut(self, media: Sequence[Json], request: Json) -> list[Clip]:
        typed = self._typed("cut", media, request)
        heard: list[Progress] = []
        job = self._job(heard)
        made = self._call(api.run_cut(self._engine, typed.media, typed.request, job))
        clips = []
        for result in made["results"]:
            path = self._engine.saved(result["output"])
            self._done.add(path.name)
            clips.append(Clip(path, result["report"], [progress.done for progress in heard]))
        return clips

    def cancel(self, media: Json, request: Json, after_s: float) -> float:
        typed = self._typed("clip", media, request)

        async def run() -> float:
            task = asyncio.ensure_future(api.run_clip(self._engine, typed.media, typed.request, self._job()))
            await asyncio.sleep(after_s)
            assert not task.done(), "the clip was done before it could be cancelled"
            task.cancel()
            asked = time.monotonic()
            await asyncio.wait({task})
            assert task.cancelled()
            return time.monotonic() - asked

        return float(self._thread.submit(asyncio.run, run()).result())

    def leftovers(self) -> list[str]:
        return sorted(path.name for path in self._folder.iterdir() if path.name not in self._done)

    def _job(self, heard: list[Progress] | None = None) -> Job:
        return Job(id=f"test-{next(self._jobs)}", on_progress=None if heard is None else heard.append)

    def _typed(self, op: str, media: Json | Sequence[Json], request: Json) -> Any:
        message = {"op": op, "media": media, "request": {"engine": self.name, **request}}
        try:
            return api._decode(msgspec.json.Decoder(Request), msgspec.json.encode(message).decode())
        except ClipwrightError as error:
            raise Refused(msgspec.to_builtins(error.body)) from error

    def _call(self, work: Coroutine[Any, Any, Any]) -> Json:
        try:
            value = self._thread.submit(asyncio.run, work).result()
            return msgspec.json.decode(msgspec.json.encode(value))  # type: ignore[no-any-return]  # JSON
        except ClipwrightError as error:
            raise Refused(msgspec.to_builtins(error.body)) from error


class InPage:
    """An engine of the browser, through the public JavaScript API."""

    smart = frozenset({"h264", "vp8", "vp9", "av1"})

    def __init__(self, name: str, page: Page, kept: Path) -> None:
        self.name = name
        self._page = page
        self._kept = kept
        self._names = itertools.count(1)

    def open(self, path: Path, reader: str | None = None) -> Json:
        self._page.evaluate("lab.input()")
        self._page.set_input_files("#file", path)
        return self._ask("(reader) => lab.open(reader)", reader or self.name)

    def plan(self, media: Json, request: Json) -> Json:
        return self._ask(
            "([id, request]) => lab.plan(id, request)", [media["source"]["id"], self._mine(request)]
        )

    def clip(self, media: Json, request: Json) -> Clip:
        path = self._kept / f"{next(self._names)}-{self.name}.bin"
        ask = [media["source"]["id"], self._mine(request), KEPT + quote(path.name)]
        self._kept.mkdir(exist_ok=True)
        value = self._ask("([id, request, keep]) => lab.clip(id, request, keep)", ask)
        return self._named(path, value, value["progress"])

    def plan_cut(self, media: Sequence[Json], request: Json) -> Json:
        ask = [[file["source"]["id"] for file in media], self._mine(request)]
        return self._ask("([ids, request]) => lab.planCut(ids, request)", ask)

    def cut(self, media: Sequence[Json], request: Json) -> list[Clip]:
        stem = f"{next(self._names)}-{self.name}-"
        self._kept.mkdir(exist_ok=True)
        ask = [[file["source"]["id"] for file in media], self._mine(request), KEPT + quote(stem)]
        value = self._ask("([ids, request, keep]) => lab.cut(ids, request, keep)", ask)
        return [
            self._named(self._kept / f"{stem}{number}", result, value["progress"])
            for number, result in enumerate(value["results"])
        ]

    def _named(self, path: Path, result: Json, progress: list[float]) -> Clip:
        """The kept file under the extension that it was given."""
        assert path.stat().st_size == result["size"]
        named = path.with_suffix("." + result["name"].rpartition(".")[2])
        path.rename(named)
        return Clip(named, result["report"], progress)

    def cancel(self, media: Json, request: Json, after_s: float) -> float:
        ask = [media["source"]["id"], self._mine(request), round(after_s * 1000)]
        return float(self._ask("([id, request, afterMs]) => lab.cancel(id, request, afterMs)", ask))  # type: ignore[arg-type]  # JSON

    def leftovers(self) -> list[str]:
        # A worker that was terminated lets go of its file a moment later.
        deadline = time.monotonic() + LETTING_GO_S
        while (files := self._page.evaluate("lab.onDisk()")) and time.monotonic() < deadline:
            self._page.wait_for_timeout(50)
        return sorted(files)

    def _mine(self, request: Json) -> Json:
        return {"engine": self.name, **request}

    def _ask(self, script: str, argument: Any) -> Json:
        answer = self._page.evaluate(script, argument)
        if not answer["ok"]:
            raise Refused(answer["error"])
        return answer["value"]  # type: ignore[no-any-return]  # JSON
