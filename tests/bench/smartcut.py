"""The PyPI package ``smartcut``, the best open peer, in an environment of its own: no part of the project needs it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

PINS = ("smartcut==1.7", "av==16.0.1", "numpy==2.4.6", "tqdm==4.70.1")


def program(folder: Path) -> Path:
    """Its command, installed into `folder` when it is not there yet."""
    home = folder / f"{PINS[0].replace('==', '-')}"
    command = home / "bin" / "smartcut"
    if not command.exists():
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
        pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install", "--quiet"]
        subprocess.run([*pip, "--no-deps", *PINS], check=True)
    return command


def cut(command: Path, source: Path, spans: Sequence[tuple[float, float]]) -> float:
    """Milliseconds that keeping these spans, in seconds, as one file takes."""
    keep = ",".join(f"{second:.6f}" for span in spans for second in span)
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        started = time.perf_counter()
        argv = [
            str(command),
            str(source),
            f"{folder}/result{source.suffix}",
            "--keep",
            keep,
            "--log-level",
            "error",
        ]
        subprocess.run(argv, check=True, stdin=subprocess.DEVNULL, capture_output=True)
        return (time.perf_counter() - started) * 1000
