"""What the terminal's commands share: opening files, running work that can be stopped, and showing what came of it."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import msgspec
from rich.console import Console, RenderableType
from rich.progress import BarColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bar

from clipwright import api
from clipwright.engine import Job
from clipwright.errors import BadRequest, Cancelled
from clipwright.media import Media
from clipwright.native.outputs import Destination
from clipwright.plan.steps import Progress

if TYPE_CHECKING:
    from clipwright.native.engine import NativeEngine

JOB = Job(id="cli")

_WIDE = 10_000
"""Columns to write when nobody watches: a pipe has no width, and folded lines are hard to search."""

T = TypeVar("T")


def source_path(file: str) -> Path:
    """The path of FILE; BadRequest for ``-`` and for nothing."""
    if file in ("", "-"):
        raise BadRequest(
            "Clips cannot be cut out of standard input." if file else "The file's name is empty.",
            hint="Give the path of a file.",
            path="$.source",
        )
    return Path(file)


def make_engine(destination: Destination) -> NativeEngine:
    """The native engine, which saves results at `destination`."""
    from clipwright.native.engine import NativeEngine  # noqa: PLC0415  # PyAV loads slowly; times need none

    return NativeEngine(destination)


async def open_file(engine: NativeEngine, file: str, *, stills: bool = False) -> Media:
    """Look into the file at the path `file`; it may be a picture if `stills` are wanted."""
    source = engine.register(source_path(file))
    return await api.open_media(engine, source, "auto", JOB, stills=stills)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run `work`; a signal to stop cancels it, so that it can clean up, and raises Cancelled here."""

    async def stoppable() -> T:
        task = asyncio.ensure_future(work)
        for number in stop_signals():
            # Not on Windows and not outside the main thread; there Ctrl-C is a KeyboardInterrupt.
            with suppress(NotImplementedError, RuntimeError, ValueError):
                asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        return await task

    try:
        return asyncio.run(stoppable())
    except asyncio.CancelledError:
        raise stopped() from None


def stop_signals() -> Iterator[int]:
    """The signals that ask a program to stop, but for those that it was told to ignore."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # What was ignored on purpose (nohup) stays ignored.
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            yield number


def stopped() -> Cancelled:
    """What to say after a signal to stop."""
    return Cancelled("Stopped. Nothing was saved.")


@contextmanager
def progress_bar() -> Iterator[Callable[[Progress], None] | None]:
    """A bar with the time left on stderr, or None where nobody could see it."""
    console = console_on(sys.stderr)
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("Clipping"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[left]}"))
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0, left="")

        def hear(progress: Progress) -> None:
            left = "" if progress.eta_s is None else f"{progress.eta_s:.0f} s left"
            bar.update(task, completed=progress.done, left=left)

        yield hear


def show(options: argparse.Namespace, value: object, view: Callable[[], RenderableType]) -> None:
    """Write `value` as JSON where --json asks for that, else the `view` of it for a person."""
    if options.json:
        write_json(value)
    else:
        console_on(sys.stdout).print(view())


def write_json(value: object) -> None:
    """Write one JSON document to stdout."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=2)
    sys.stdout.flush()
    sys.stdout.buffer.write(text + b"\n")
    sys.stdout.buffer.flush()


def console_on(stream: TextIO) -> Console:
    """Where to print for a person; lines are folded only where somebody watches."""
    watched = stream.isatty()
    return Console(file=stream, width=None if watched else _WIDE, highlight=False)
