"""The terminal's front door: ``clipwright probe``, ``clipwright clip`` and ``clipwright time parse``.

stdout carries the result and nothing else, as text for a person or with --json as one JSON object; notes,
progress and errors for a person go to stderr. Exit code 0 done, 1 the work failed, 2 the request makes no
sense, 130 stopped.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import msgspec
from rich.console import Console, RenderableType
from rich.progress import BarColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bar

from clipwright import api, arguments, views
from clipwright.containers import Container
from clipwright.engine import Job
from clipwright.errors import BadRequest, Cancelled, ClipwrightError, ErrorBody
from clipwright.media import Media
from clipwright.native.outputs import Destination, is_folder
from clipwright.native.sources import shown
from clipwright.plan.request import ClipRequest
from clipwright.plan.steps import Progress, Report

if TYPE_CHECKING:
    from clipwright.native.engine import NativeEngine

_WIDE = 10_000
"""Columns to write when nobody watches: a pipe has no width, and folded lines are hard to search."""

_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))

T = TypeVar("T")


class _Saved(msgspec.Struct):
    output: str
    report: Report


class _Failure(msgspec.Struct):
    error: ErrorBody


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; `argv` is without the program's name."""
    words = sys.argv[1:] if argv is None else list(argv)
    file = ""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show every letter shows the others.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        options = arguments.parse(words)
        file = shown(Path(getattr(options, "file", "")).name)
        _COMMANDS[options.command](options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of stdout left early (``| head``): nobody is there to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return _fail(_stopped(), file, as_json="--json" in words)
    except ClipwrightError as error:
        return _fail(error, file, as_json="--json" in words)
    except Exception:  # noqa: BLE001  # the last door: a person gets a sentence, not a traceback
        return _fail(_mistake(), file, as_json="--json" in words)
    return 0


def _mistake() -> ClipwrightError:
    return ClipwrightError(
        "Clipwright made a mistake.",
        hint="Please report it, with the lines below.",
        detail=traceback.format_exc(),
    )


def _fail(error: ClipwrightError, file: str, *, as_json: bool) -> int:
    if as_json:
        _write_json(_Failure(error.body))
    else:
        _console(sys.stderr).print(views.error(error.body, file))
    if isinstance(error, Cancelled):
        return 128 + signal.SIGINT
    return 2 if isinstance(error, BadRequest) else 1


def _probe(options: argparse.Namespace) -> None:
    async def look() -> Media:
        engine = _engine(Destination(Path.cwd()))
        return await _open(engine, options.file)

    media = _run(look())
    _show(options, media.info, lambda: views.media(media))


def _clip(options: argparse.Namespace) -> None:
    destination, container = _destination(options.output, options.container)
    request = arguments.clip_request(options, container)
    arguments.source_path(options.file)
    destination.check()
    work = _plan(options, request, destination) if options.dry_run else _make(options, request, destination)
    _run(work)


def _destination(out: str | None, asked: Container | None) -> tuple[Destination, Container | None]:
    if out is None:
        return Destination(Path.cwd()), asked
    if out == "-":
        raise BadRequest("Clips cannot be written to standard output.", hint="Give a file.", path="$.output")
    path = Path(out).absolute()
    if is_folder(path) or out.endswith(_SEPARATORS):
        return Destination(path), asked
    return Destination(path.parent, path.name), arguments.container_of(path, asked)


async def _plan(options: argparse.Namespace, request: ClipRequest, destination: Destination) -> None:
    engine = _engine(destination)
    media = await _open(engine, options.file)
    plan = await api.plan_clip(engine, media, request, _JOB)
    path = destination.path(plan.name)
    plan = msgspec.structs.replace(plan, name=shown(path.name))
    paths = {plan.source.id: shown(options.file), plan.output: shown(str(path))}
    _show(options, plan, lambda: views.plan(plan, paths))


async def _make(options: argparse.Namespace, request: ClipRequest, destination: Destination) -> None:
    engine = _engine(destination)
    engine.require_ffmpeg()
    media = await _open(engine, options.file)
    if not options.json:
        plan = await api.plan_clip(engine, media, request, _JOB)
        _console(sys.stderr).print(views.notes(plan.notes))
    with _progress_bar() as hear:
        job = msgspec.structs.replace(_JOB, on_progress=hear)
        result = await api.run_clip(engine, media, request, job)
    path = engine.saved(result.output)
    report = msgspec.structs.replace(result.report, name=shown(path.name))
    output = shown(str(path))
    _show(options, _Saved(output, report), lambda: views.report(report, output))


def _time_parse(options: argparse.Namespace) -> None:
    duration_us = None if options.duration is None else api.read_time(options.duration, options.fps).us
    reading = api.read_time(options.text, options.fps, duration_us)
    _show(options, reading, lambda: views.time(reading))


_COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "probe": _probe,
    "clip": _clip,
    "time parse": _time_parse,
}

_JOB = Job(id="cli")


def _engine(destination: Destination) -> NativeEngine:
    from clipwright.native.engine import NativeEngine  # noqa: PLC0415  # PyAV loads slowly; times need none

    return NativeEngine(destination)


async def _open(engine: NativeEngine, file: str) -> Media:
    source = engine.register(arguments.source_path(file))
    return await api.open_media(engine, source, "auto", _JOB)


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run `work`; a signal to stop cancels it, so that it can clean up, and raises Cancelled here."""

    async def stoppable() -> T:
        task = asyncio.ensure_future(work)
        for number in _stop_signals():
            # Not on Windows and not outside the main thread; there Ctrl-C is a KeyboardInterrupt.
            with suppress(NotImplementedError, RuntimeError, ValueError):
                asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        return await task

    try:
        return asyncio.run(stoppable())
    except asyncio.CancelledError:
        raise _stopped() from None


def _stop_signals() -> Iterator[int]:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # What was ignored on purpose (nohup) stays ignored.
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            yield number


def _stopped() -> Cancelled:
    return Cancelled("Stopped. Nothing was saved.")


@contextmanager
def _progress_bar() -> Iterator[Callable[[Progress], None] | None]:
    """A bar with the time left on stderr, or None where nobody could see it."""
    console = _console(sys.stderr)
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


def _show(options: argparse.Namespace, value: object, view: Callable[[], RenderableType]) -> None:
    if options.json:
        _write_json(value)
    else:
        _console(sys.stdout).print(view())


def _write_json(value: object) -> None:
    text = msgspec.json.format(msgspec.json.encode(value), indent=2)
    sys.stdout.flush()
    sys.stdout.buffer.write(text + b"\n")
    sys.stdout.buffer.flush()


def _console(stream: TextIO) -> Console:
    watched = stream.isatty()
    return Console(file=stream, width=None if watched else _WIDE, highlight=False)


if __name__ == "__main__":
    sys.exit(main())
