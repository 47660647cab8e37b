"""Scripts on the page: the files that were picked in, results out, and what a script prints and ends with.

Started by ``web/script.py``; talks to ``wasm-shims/scripting.js`` in text, as ``host.py`` does.
"""

from __future__ import annotations

import asyncio
import linecache
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from inspect import CO_COROUTINE
from types import FunctionType
from typing import Any, TypeVar

import msgspec

from clipwright import names, scripting, scripts
from clipwright.engine import Job, Output
from clipwright.errors import BadRequest, CapabilityError, ClipwrightError, ErrorBody
from clipwright.host import Bridge, HostEngine, capabilities_of
from clipwright.media import Source
from clipwright.messages import ClipResult
from clipwright.pageprint import Printer
from clipwright.plan.steps import Plan, Progress, Rendering

_NAME = "script.py"
_NUMPY = "numpy"
T = TypeVar("T")
Loader = Callable[[str], Awaitable[None]]


class _Asked(msgspec.Struct):
    """A script to run, and what it finds in ``sys.argv``."""

    code: str
    words: tuple[str, ...] = ()


class _Ended(msgspec.Struct):
    """How a script ended: the code it would exit with in a terminal, and what is to be told."""

    code: int
    error: ErrorBody | None = None


class PageEngine(HostEngine):
    """The page's engines; tells scripts of their progress, and stops what they do not wait for any more."""

    def __init__(self, bridge: Bridge, asked: str) -> None:
        super().__init__(bridge, capabilities_of(asked))
        self._hearers: dict[str, Callable[[Progress], None]] = {}

    async def run(self, plan: Plan | Rendering, job: Job) -> Output:
        """See Engine.run."""
        if job.on_progress is not None:
            self._hearers[job.id] = job.on_progress
        try:
            return await super().run(plan, job)
        finally:
            self._hearers.pop(job.id, None)

    def hear(self, job_id: str, text: str) -> None:
        """Progress of a job, from JavaScript."""
        if tell := self._hearers.get(job_id):
            tell(msgspec.json.decode(text, type=Progress))

    async def _ask(self, name: str, job_id: str, message: object, kind: type[T]) -> T:
        asking = asyncio.ensure_future(super()._ask(name, job_id, message, kind))
        try:
            await asyncio.wait([asking])
        except asyncio.CancelledError:
            self._bridge.cancel(job_id)
            # What is still being written must be over before it is removed.
            with suppress(ClipwrightError):
                await asking
            raise
        return asking.result()


class PageMaking:
    """See scripting.Making."""

    def __init__(self, desk: PageDesk, name: str | None) -> None:
        self.engine = desk.engine
        self._desk = desk
        self._name = name

    def keep(self, results: Sequence[ClipResult]) -> list[str]:
        """See Making.keep."""
        return [self._desk.keep(one.output, self._name, one.report.name) for one in results]


class PageDesk:
    """See scripting.Desk."""

    def __init__(self, bridge: Bridge, engine: PageEngine) -> None:
        self.engine = engine
        self._bridge = bridge
        self._taken: set[str] = set()
        self._turn = asyncio.Lock()

    def clear(self, picked: Iterable[str]) -> None:
        """Forget what an earlier script saved; these files are there now."""
        self._taken = set(picked)

    def register(self, file: object) -> Source:
        """See Desk.register: `file` is the name of a file that was picked, or of one that was saved."""
        name = _last(file)
        text = self._bridge.source(name)
        if text is None:
            raise BadRequest(
                f"There is no file “{name}” here.",
                hint="Pick it first; sys.argv[1:] has the names of the files that were picked.",
                path="$.source",
            )
        return msgspec.json.decode(text, type=Source)

    def name(self, to: object) -> str | None:
        """See Desk.name: the last part of `to`, where it has an extension."""
        name = "" if to is None else _last(to)
        if name in self._taken:
            raise BadRequest(
                f"“{name}” already exists and is never overwritten.",
                hint="Choose another name.",
                path="$.output",
            )
        return name if "." in name else None

    @asynccontextmanager
    async def making(self, to: object) -> AsyncIterator[PageMaking]:
        """See Desk.making. One at a time: a tab has only so much memory."""
        async with self._turn:
            try:
                yield PageMaking(self, self.name(to))
            finally:
                self._bridge.drop()

    def keep(self, output: str, exact: str | None, suggested: str) -> str:
        """Hand a result over to the page and say what it is called there."""
        name = exact or names.unused(suggested, self._taken.__contains__)
        self._taken.add(name)
        self._bridge.keep(output, name)
        return name


def _last(path: object) -> str:
    """The last part of a path, which is all of it that means something here; nothing where it ends with a slash."""
    fspath = getattr(path, "__fspath__", None)
    text = fspath() if fspath else path
    if isinstance(text, str):
        return text.rpartition("/")[2]
    raise BadRequest(f"{path!r} is no name.", hint="Give the name of a file as text.", path="$.source")


async def serve(bridge: Any, load: Loader) -> None:  # noqa: ANN401  # what JavaScript gives
    """Run one script after another, as the page asks for them; never returns.

    `load` brings a package of this site's Pyodide, by its name, so that it can be imported.
    """
    engine = PageEngine(bridge, await bridge.capabilities())
    bridge.listen(engine.hear)
    desk = PageDesk(bridge, engine)
    scripting.sit_at(desk)
    printer = Printer(bridge.write)
    while True:
        asked = msgspec.json.decode(await bridge.asked(), type=_Asked)
        desk.clear(asked.words)
        with printer.streams():
            ended = await _alone(_run(asked, load if engine.capabilities.numpy else None))
        bridge.ended(msgspec.json.encode(ended).decode())


async def _alone(script: Coroutine[Any, Any, _Ended]) -> _Ended:
    """Run a script in a task of its own; what it began and did not wait for ends with it, as under ``asyncio.run``."""
    before = asyncio.all_tasks()
    ended = await asyncio.ensure_future(script)
    left = asyncio.all_tasks() - before
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    return ended


async def _run(asked: _Asked, load: Loader | None) -> _Ended:
    path = f"/{_NAME}"
    linecache.cache[path] = (len(asked.code), None, asked.code.splitlines(keepends=True), path)
    try:
        script = scripts.compiled(asked.code.encode(), path, _NAME)
        if load and _NUMPY in scripts.imported(asked.code) and not find_spec(_NUMPY):
            await load(_NUMPY)
        with scripts.as_main(path, "/", asked.words) as module:
            run = FunctionType(script, vars(module))
            if script.co_flags & CO_COROUTINE:
                await run()
            else:
                run()
    except SystemExit as error:
        return _exit(error.code)
    except ClipwrightError as error:
        told = error if error.path == "$.script" else scripts.placed(error, path, _NAME)
        return _Ended(2 if isinstance(error, BadRequest) else 1, told.body)
    except ModuleNotFoundError as error:
        return _Ended(1, _missing(error, path).body)
    except BaseException as error:  # noqa: BLE001  # whatever a script raises is its own, KeyboardInterrupt too
        error.__traceback__ = scripts.of_script(error.__traceback__, path)
        traceback.print_exception(error)
        return _Ended(1)
    return _Ended(0)


def _missing(error: ModuleNotFoundError, path: str) -> ClipwrightError:
    """What is told of a package that is not here."""
    told = CapabilityError(
        f"there is no package “{error.name}” here.",
        hint="Do without it, or run the script in a terminal: clipwright run script.py.",
        detail=str(error),
    )
    return scripts.placed(told.with_traceback(error.__traceback__), path, _NAME)


def _exit(code: object) -> _Ended:
    """How ``sys.exit(code)`` ends a script: text is told, and means that it failed."""
    if code is None or isinstance(code, int):
        return _Ended((code or 0) & 0xFF)
    sys.stderr.write(f"{code}\n")
    return _Ended(1)
