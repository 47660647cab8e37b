"""``clipwright run``: a Python script that may await at its top, told and stopped as any other command."""

from __future__ import annotations

import argparse
import ast
import asyncio
import inspect
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType, TracebackType

from clipwright import terminal
from clipwright.errors import BadRequest, Cancelled, ClipwrightError
from clipwright.native.sources import shown

_OURS = (str(Path(__file__).parent), str(Path(asyncio.__file__).parent))
"""Where code lies that may not be left in the middle of a step."""


def run(options: argparse.Namespace) -> None:
    """Run the script with the words behind it as ``sys.argv``.

    Raises what a person is to be told, with the script's line, and SystemExit as the script does, or after the
    traceback of any other exception has been written. A signal to stop raises Cancelled, once all is cleaned up.
    """
    path = terminal.source_path(options.script)
    code = _compiled(path)
    name = shown(path.name)
    try:
        with _as_main(path, options.words) as module:
            _carry_out(FunctionType(code, vars(module)), str(path))
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise Cancelled("Stopped. What was saved before stays.") from None
    except ClipwrightError as error:
        place = "".join(f", line {line}" for line in _lines(error.__traceback__, str(path))[-1:])
        message = f"{name}{place}: {error.message}"
        raise type(error)(message, hint=error.hint, detail=error.detail, path=error.path) from error
    except Exception as error:
        error.__traceback__ = _of_script(error.__traceback__, str(path))
        traceback.print_exception(error)
        raise SystemExit(1) from error


def _compiled(path: Path) -> CodeType:
    name = shown(path.name)
    try:
        source = path.read_bytes()
    except (OSError, ValueError) as error:
        raise BadRequest(
            f"The script “{shown(str(path))}” cannot be read.",
            hint="Check the name.",
            detail=str(error),
            path="$.script",
        ) from error
    try:
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code: CodeType = compile(source, str(path), "exec", flags=flags, dont_inherit=True)
    except SyntaxError as error:
        place = f"{name}, line {error.lineno}" if error.lineno else name
        detail = "".join(traceback.format_exception_only(error)[1:-1])
        raise BadRequest(
            f"{place}: {error.msg}.", hint="Mend that line, or one before it.", detail=detail, path="$.script"
        ) from error
    except ValueError as error:
        raise BadRequest(
            f"{name} is no Python script.", hint="Give a text file.", detail=str(error), path="$.script"
        ) from error
    return code


@contextmanager
def _as_main(path: Path, words: Sequence[str]) -> Iterator[ModuleType]:
    """A module for the script that finds its neighbours and its arguments as under ``python``."""
    module = ModuleType("__main__")
    module.__file__ = str(path)
    before = sys.argv, sys.path[:], sys.modules["__main__"]
    sys.argv = [str(path), *words]
    sys.path.insert(0, str(path.parent.absolute()))
    sys.modules["__main__"] = module
    try:
        yield module
    finally:
        sys.argv, sys.path[:], sys.modules["__main__"] = before


def _carry_out(script: FunctionType, path: str) -> None:
    if not script.__code__.co_flags & inspect.CO_COROUTINE:
        # It awaits nothing, and may well run a loop of its own, which has its own way with Ctrl-C.
        with _heeding(path, None):
            script()
        return

    async def main() -> None:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None  # noqa: S101  # asyncio.run makes one
        with _heeding(path, lambda: loop.call_soon_threadsafe(task.cancel)):
            await script()

    asyncio.run(main())


@contextmanager
def _heeding(path: str, cancel: Callable[[], object] | None) -> Iterator[None]:
    """While this lasts, a signal to stop cancels the script, which cleans up.

    A script that is busy with its own code would not notice, so it is interrupted there.
    """

    def stop(_number: int, frame: FrameType | None) -> None:
        if cancel is None or _is_script(frame, path):
            raise KeyboardInterrupt
        cancel()

    numbers = list(terminal.stop_signals()) if threading.current_thread() is threading.main_thread() else []
    if cancel is None:
        numbers = [number for number in numbers if number != signal.SIGINT]
    before = [(number, signal.signal(number, stop)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _is_script(frame: FrameType | None, path: str) -> bool:
    """Whether what runs in `frame` was called by the script, without ours or asyncio's in between."""
    while frame is not None and not frame.f_code.co_filename.startswith(_OURS):
        if frame.f_code.co_filename == path:
            return True
        frame = frame.f_back
    return False


def _of_script(trace: TracebackType | None, path: str) -> TracebackType | None:
    """The part of a traceback from the script on; all of it where the script is not in it."""
    found = trace
    while found is not None and found.tb_frame.f_code.co_filename != path:
        found = found.tb_next
    return found or trace


def _lines(trace: TracebackType | None, path: str) -> list[int]:
    """The script's lines that an error came through, outermost first."""
    return [
        line
        for frame, line in traceback.walk_tb(trace)
        if frame.f_code.co_filename == path and line is not None
    ]
