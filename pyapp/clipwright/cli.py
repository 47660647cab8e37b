"""The terminal's front door: ``clipwright probe``, ``clip``, ``cut``, ``segments``, ``extract``, ``run`` ...

stdout carries the result and nothing else, as text for a person or with --json as one JSON object; notes,
progress and errors for a person go to stderr. Exit code 0 done, 1 the work failed, 2 the request makes no
sense, 130 stopped.
"""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from clipwright import api, arguments, batches, effectviews, projects, running, terminal, views, wishes
from clipwright.containers import Container
from clipwright.errors import BadRequest, Cancelled, ClipwrightError, ErrorBody
from clipwright.media import Media
from clipwright.native.outputs import Destination
from clipwright.native.sources import shown
from clipwright.scripting import Saved
from clipwright.terminal import JOB


class _Failure(msgspec.Struct):
    error: ErrorBody


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; `argv` is without the program's name."""
    words = sys.argv[1:] if argv is None else list(argv)
    # What stands behind a script's name is the script's.
    as_json = "--json" in words and words[0] != "run"
    file = ""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show every letter shows the others.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        options = arguments.parse(words)
        file = _subject(options)
        code = _COMMANDS[options.command](options) or 0
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of stdout left early (``| head``): nobody is there to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return _fail(terminal.stopped(), file, as_json=as_json)
    except ClipwrightError as error:
        return _fail(error, file, as_json=as_json)
    except Exception:  # noqa: BLE001  # the last door: a person gets a sentence, not a traceback
        return _fail(_mistake(), file, as_json=as_json)
    return code


def _subject(options: argparse.Namespace) -> str:
    """The name of the one file that a command is about."""
    files: list[str] = getattr(options, "files", [getattr(options, "file", "")])
    return shown(Path(files[0]).name) if len(files) == 1 else ""


def _mistake() -> ClipwrightError:
    return ClipwrightError(
        "Clipwright made a mistake.",
        hint="Please report it, with the lines below.",
        detail=traceback.format_exc(),
    )


def _fail(error: ClipwrightError, file: str, *, as_json: bool) -> int:
    if as_json:
        terminal.write_json(_Failure(error.body))
    else:
        terminal.console_on(sys.stderr).print(views.error(error.body, file))
    if isinstance(error, Cancelled):
        return 128 + signal.SIGINT
    return 2 if isinstance(error, BadRequest) else 1


def _probe(options: argparse.Namespace) -> None:
    async def look() -> Media:
        engine = terminal.make_engine(Destination(Path.cwd()))
        return await terminal.open_file(engine, options.file)

    media = terminal.run(look())
    terminal.show(options, media.info, lambda: views.media(media))


def _clip(options: argparse.Namespace) -> None:
    terminal.source_path(options.file)
    destination, container = wishes.target(options)
    work = _plan if options.dry_run else _make
    terminal.run(work(options, container, destination))


async def _plan(options: argparse.Namespace, container: Container | None, destination: Destination) -> None:
    engine = terminal.make_engine(destination)
    media = await terminal.open_file(engine, options.file)
    plan = await api.plan_clip(engine, media, wishes.clip_request(options, container, media), JOB)
    path = destination.path(plan.name)
    plan = msgspec.structs.replace(plan, name=shown(path.name))
    paths = {plan.source.id: shown(options.file), plan.output: shown(str(path))}
    terminal.show(options, plan, lambda: views.plan(plan, paths))


async def _make(options: argparse.Namespace, container: Container | None, destination: Destination) -> None:
    engine = terminal.make_engine(destination)
    engine.require_ffmpeg()
    media = await terminal.open_file(engine, options.file)
    request = wishes.clip_request(options, container, media)
    if not options.json:
        plan = await api.plan_clip(engine, media, request, JOB)
        terminal.console_on(sys.stderr).print(views.notes(plan.notes))
    with terminal.progress_bar() as hear:
        job = msgspec.structs.replace(JOB, on_progress=hear)
        result = await api.run_clip(engine, media, request, job)
    path = engine.saved(result.output)
    report = msgspec.structs.replace(result.report, name=shown(path.name))
    output = shown(str(path))
    terminal.show(options, Saved(output, report), lambda: views.report(report, output))


def _effects(options: argparse.Namespace) -> None:
    told = api.tell_effects(options.name)
    terminal.show(options, told, lambda: effectviews.effects(told, options.name))


def _time_parse(options: argparse.Namespace) -> None:
    duration_us = None if options.duration is None else api.read_time(options.duration, options.fps).us
    reading = api.read_time(options.text, options.fps, duration_us)
    terminal.show(options, reading, lambda: views.time(reading))


_COMMANDS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "probe": _probe,
    "clip": _clip,
    "cut": batches.cut,
    "segments": batches.segments,
    "extract": batches.extract,
    "run": running.run,
    "render": projects.render,
    "project validate": projects.validate,
    "effects": _effects,
    "time parse": _time_parse,
}


if __name__ == "__main__":
    sys.exit(main())
