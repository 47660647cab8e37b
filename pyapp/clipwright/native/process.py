"""One run of ffmpeg: started without a shell, listened to, watched, and gone when its caller leaves."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from clipwright.errors import CapabilityError
from clipwright.native.faults import stalled

_LOG_BYTES = 64 * 1024
_CHUNK = 4096
_CHECK_S = 0.5
_DEATH_S = 2.0

_ALWAYS = (
    *("-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+warning"),
    *("-progress", "pipe:1", "-stats_period", "0.1"),
)
"""A log of troubles only on stderr, progress as key=value lines on stdout, nothing read from the terminal."""


class Ended(msgspec.Struct, frozen=True):
    """How a run ended: its exit code (below zero: the signal) and the last lines of its log."""

    code: int
    log: tuple[str, ...]


class _Listener:
    """What ffmpeg said so far and when it last showed that it was alive."""

    def __init__(self, on_time: Callable[[int], None], pulse: Callable[[], object]) -> None:
        self._on_time = on_time
        self._pulse = pulse
        self._signs: dict[str, object] = {}
        self._moved = time.monotonic()
        self._log = bytearray()

    def attend(self, process: Process) -> Iterator[Coroutine[None, None, None]]:
        """Everything that listens to `process`; both of its streams must be pipes."""
        if process.stdout:
            yield self._follow(process.stdout)
        if process.stderr:
            yield self._collect(process.stderr)

    async def _follow(self, stdout: asyncio.StreamReader) -> None:
        """Read progress lines until the end."""
        async for line in stdout:
            key, _, value = line.decode("ascii", errors="replace").strip().partition("=")
            if key in ("out_time_us", "total_size"):
                self._note(key, value)
            if key == "out_time_us" and value.lstrip("-").isdigit():
                self._on_time(int(value))

    async def _collect(self, stderr: asyncio.StreamReader) -> None:
        """Read the log until the end and keep its last part; it may be endless or without line breaks."""
        while chunk := await stderr.read(_CHUNK):
            self._log += chunk
            del self._log[:-_LOG_BYTES]

    def silent_s(self) -> float:
        """For how many seconds nothing has moved: neither the time written nor the file."""
        self._note("pulse", self._pulse())
        return time.monotonic() - self._moved

    @property
    def log(self) -> tuple[str, ...]:
        """The lines kept so far."""
        lines = self._log.decode("utf-8", errors="replace").splitlines()
        return tuple(line for line in lines if line.strip())

    def _note(self, key: str, value: object) -> None:
        if self._signs.get(key) != value:
            self._signs[key] = value
            self._moved = time.monotonic()


async def run(
    program: str,
    argv: Sequence[str],
    *,
    on_time: Callable[[int], None],
    pulse: Callable[[], object],
    patience_s: float,
    folder: Path | None = None,
) -> Ended:
    """Run ``program argv`` to its end, in `folder` where one is given.

    `on_time` hears how many microseconds of output exist. `pulse` gives a value that changes while the
    work goes on unseen (the size of the file); when neither moves for `patience_s` seconds the run is
    killed and EngineError raised. Also a cancelled run is dead when this returns.
    """
    listener = _Listener(on_time, pulse)
    process = await _started(program, argv, folder)
    listening = [asyncio.ensure_future(work) for work in listener.attend(process)]
    try:
        busy = set(listening)
        while busy:
            _, busy = await asyncio.wait(busy, timeout=_CHECK_S)
            if busy and listener.silent_s() > patience_s:
                raise stalled(patience_s, listener.log)
        for task in listening:
            task.result()
        return Ended(await process.wait(), listener.log)
    finally:
        for task in listening:
            task.cancel()
        await _bury(process)


async def _started(program: str, argv: Sequence[str], folder: Path | None) -> Process:
    starting = asyncio.ensure_future(
        # Its own session: Ctrl-C in the terminal reaches us alone, and whatever it starts ends with it.
        asyncio.create_subprocess_exec(
            program,
            *_ALWAYS,
            *argv,
            cwd=folder,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        # Half a start cannot be ended cleanly: asyncio would wait for whatever the program has started.
        await asyncio.wait({starting})
        if not starting.exception():
            await _bury(starting.result())
        raise
    except OSError as error:
        raise CapabilityError(
            f"ffmpeg could not be started from “{program}”.", hint="Reinstall ffmpeg.", detail=str(error)
        ) from error


async def _bury(process: Process) -> None:
    """Kill what still runs.

    Its output is thrown away, so it is not asked to finish that first. A process that hangs in the kernel
    (a lost network drive) is not waited for.
    """
    if process.returncode is None:
        with suppress(ProcessLookupError):
            _kill(process)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _DEATH_S)


def _kill(process: Process) -> None:
    """Kill the whole session: what is called ffmpeg may be a script that started the real one."""
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
