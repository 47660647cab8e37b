"""Runs commands, one after the other or side by side, and sums up; ``build.py`` asks. Standard library only."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

Runs = dict[str, tuple[str | Path, ...]]
"""Commands by what they are called."""
LANES = min(3, (os.cpu_count() or 1) + 1)
"""How many run side by side: tests of browsers wait a good part of their time. What must be soon is tested alone."""


@dataclass(frozen=True)
class Desk:
    """Where commands run, with which environment, and which of their exit codes are good."""

    root: Path
    environment: Mapping[str, str]
    logs: Path
    good: tuple[int, ...] = (0,)


_SHOWING = threading.Lock()


def verdict(desk: Desk, runs: Runs, beside: Runs | None = None) -> int:
    """Run each command in plain view, all of them whatever fails, and sum up; before that those `beside` each other."""
    beside = beside or {}
    with ThreadPoolExecutor(LANES) as lanes:
        began = [lanes.submit(_passes_aside, desk, name, argv) for name, argv in beside.items()]
        failed = [name for name, done in zip(beside, began, strict=True) if not done.result()]
    failed += [name for name, argv in runs.items() if not _passes(desk, name, argv)]
    _say(f"\nfailed: {', '.join(failed)}" if failed else f"\nall passed: {', '.join([*beside, *runs])}")
    return int(bool(failed))


def _passes(desk: Desk, title: str, argv: tuple[str | Path, ...]) -> bool:
    _say(f"\n== {title}")
    return _ended(desk, argv)


def _passes_aside(desk: Desk, title: str, argv: tuple[str | Path, ...]) -> bool:
    """What the program says is shown as a whole once it has ended; until then it lies among the logs."""
    log = desk.logs / f"{title}.log"
    started = time.monotonic()
    with log.open("wb") as out:
        passed = _ended(desk, argv, out)
    with _SHOWING:
        _say(f"\n== {title}, in {time.monotonic() - started:.0f} s")
        print(log.read_text("utf-8", "replace"), flush=True)
    return passed


def _ended(desk: Desk, argv: tuple[str | Path, ...], out: object = None) -> bool:
    done = subprocess.run(
        list(map(str, argv)), cwd=desk.root, env=desk.environment, stdout=out, stderr=out, check=False
    )
    return done.returncode in desk.good


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
