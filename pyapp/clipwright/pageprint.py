"""What a script prints, on its way to the page: at once, but where it is much, no faster than a page can show."""

from __future__ import annotations

import asyncio
import io
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import msgspec

_BURST = 100
"""So many messages may follow each other closely ..."""
_PER_S = 25
"""... and then so many in a second."""


class _Stream(io.TextIOBase):
    """One of the two streams; see io.TextIOBase."""

    def __init__(self, printer: Printer, kind: str) -> None:
        self._printer = printer
        self._kind = kind

    def write(self, text: str) -> int:
        self._printer.write(self._kind, text)
        return len(text)

    def flush(self) -> None:
        self._printer.flush()

    def writable(self) -> bool:
        return True


class Printer:
    """Both streams of a script, in the order in which it wrote. Lines are sent when they end, as in a terminal.

    What may not be sent yet goes with what comes next, or as soon as the script waits for something.
    """

    def __init__(self, send: Callable[[str], None]) -> None:
        self._send = send
        self._held: list[tuple[str, str]] = []
        self._may = float(_BURST)
        self._seen = time.monotonic()
        self._later: asyncio.TimerHandle | None = None

    @contextmanager
    def streams(self) -> Iterator[None]:
        """While this lasts, what is printed comes here, and nobody types anything; in the end all of it is sent."""
        typed, sys.stdin = sys.stdin, io.StringIO()
        try:
            with redirect_stdout(_Stream(self, "out")), redirect_stderr(_Stream(self, "err")):
                yield
        finally:
            sys.stdin = typed
            self._release()

    def write(self, kind: str, text: str) -> None:
        """Take what was printed."""
        self._held.append((kind, text))
        if "\n" in text:
            self.flush()
        else:
            self._soon()

    def flush(self) -> None:
        """Send it, unless too much was sent just now."""
        now = time.monotonic()
        self._may = min(self._may + (now - self._seen) * _PER_S, _BURST)
        self._seen = now
        if self._may >= 1:
            self._may -= 1
            self._release()
        else:
            self._soon()

    def _soon(self) -> None:
        if self._later is None:
            self._later = asyncio.get_running_loop().call_later(1 / _PER_S, self._release)

    def _release(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None
        if self._held:
            self._send(msgspec.json.encode(_joined(self._held)).decode())
            self._held.clear()


def _joined(written: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same text with neighbours of one kind made one."""
    runs: list[tuple[str, list[str]]] = []
    for kind, text in written:
        if runs and runs[-1][0] == kind:
            runs[-1][1].append(text)
        else:
            runs.append((kind, [text]))
    return [(kind, "".join(texts)) for kind, texts in runs]
