"""``clipwright run``: a Python script that may await at its top, told and stopped as any other command."""

from __future__ import annotations

import argparse
import asyncio
import inspect
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, FunctionType

from clipwright import scripts, terminal
from clipwright.errors import BadRequest, Cancelled, ClipwrightError
from clipwright.native.sources import shown

_OURS = tuple(f"{Path(file).parent}{os.sep}" for file in (__file__, asyncio.__file__))
"""Where code lies that may not be left in the middle of a step."""


def run(options: argparse.Namespace) -> None:
    """Run the script with the words behind it as ``sys.argv``.

    Raises what a person is to be told, with the script's line, and SystemExit as the script does, or after the
    traceback of any other exception has been written. A signal to stop raises Cancelled, once all is cleaned up.
    """
    path = terminal.source_path(options.script)
    name = shown(path.name)
    code = scripts.compiled(_read(path), str(path), name)
    try:
        with scripts.as_main(str(path), str(path.resolve().parent), options.words) as module:
            _carry_out(FunctionType(code, vars(module)), str(path))
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise Cancelled("Stopped. What was saved before stays.") from None
    except ClipwrightError as error:
        raise scripts.placed(error, str(path), name) from error
    except Exception as error:
        error.__traceback__ = scripts.of_script(error.__traceback__, str(path))
        traceback.print_exception(error)
        raise SystemExit(1) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise BadRequest(
            f"The script “{shown(str(path))}” cannot be read.",
            hint="Check the name.",
            detail=str(error),
            path="$.script",
        ) from error


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

    def stop(number: int, frame: FrameType | None) -> None:
        if cancel is None:
            # A loop of the script's own hears of it as of Ctrl-C, not in the middle of a step.
            as_ctrl_c = signal.getsignal(signal.SIGINT)
            (as_ctrl_c if callable(as_ctrl_c) else signal.default_int_handler)(number, frame)
        elif _is_script(frame, path):
            raise KeyboardInterrupt
        else:
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
