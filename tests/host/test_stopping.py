"""The terminal program as a process of its own: signals, pipes and terminals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from stand_in import SUCCEED, install, sound

from clipwright.native import ffmpeg


def heed_signals() -> None:
    """Undo what a shell or ``nohup`` hands down to programs in the background: to ignore some signals."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def command(*words: object, **options: Any) -> subprocess.Popen[bytes]:
    """Start the terminal program as a person does."""
    argv = [sys.executable, "-m", "clipwright.cli", *map(str, words)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(argv, **pipes, preexec_fn=heed_signals, **options)  # noqa: PLW1509 - no threads here


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopping_cleans_up(tmp_path: Path, number: signal.Signals) -> None:
    pid = tmp_path / "pid"
    script = install(
        tmp_path, f'trap "" INT TERM HUP; echo half > "$out"; echo $$ > "{pid}"; while :; do sleep 0.05; done'
    )
    results = tmp_path / "results"
    results.mkdir()
    with command(
        "clip", sound(tmp_path / "a.wav", 3), "-s", "1", "-o", results, "--json",
        env={**os.environ, ffmpeg.VARIABLE: str(script)},
    ) as process:  # fmt: skip
        while not (pid.exists() and pid.read_text()):
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
        asked = time.monotonic()
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        assert time.monotonic() - asked < 2
    assert (process.returncode, err) == (130, b"")
    assert json.loads(out)["error"]["code"] == "cancelled"
    assert list(results.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_stopping_between_results_leaves_none(tmp_path: Path) -> None:
    """The first result is finished, the second one hangs."""
    results = tmp_path / "results"
    results.mkdir()
    first = tmp_path / "first"
    script = install(
        tmp_path,
        f'if [ -e "{first}" ]; then touch "{first}.second"; while :; do sleep 0.05; done; fi\n'
        f'touch "{first}"\n{SUCCEED}',
    )
    with command(
        "cut", sound(tmp_path / "a.wav", 3), "--count", "2", "-o", results, "--no-verify", "--json",
        env={**os.environ, ffmpeg.VARIABLE: str(script)},
    ) as process:  # fmt: skip
        while not Path(f"{first}.second").exists():
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, err) == (130, b"")
    assert json.loads(out)["error"]["code"] == "cancelled"
    assert list(results.iterdir()) == []


def test_a_reader_that_leaves_early_is_no_mistake() -> None:
    with command("time", "parse", "90") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_a_terminal_without_the_letters_is_fine(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    with command("probe", sound(tmp_path / "ü.wav", 1), env=environment) as process:
        out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert out.startswith(b"?.wav\nwav ?")


def test_progress_shows_in_a_terminal_only(tmp_path: Path) -> None:
    script = install(
        tmp_path, f"for us in 100000 500000 900000; do echo out_time_us=$us; sleep 0.2; done; {SUCCEED}"
    )
    leader, follower = os.openpty()
    argv = [
        sys.executable,
        "-m",
        "clipwright.cli",
        "clip",
        str(sound(tmp_path / "a.wav", 1)),
        "-o",
        str(tmp_path),
        "--no-verify",
        "--json",
    ]
    environment = {**os.environ, ffmpeg.VARIABLE: str(script), "TERM": "xterm", "COLUMNS": "80"}
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=follower, env=environment) as process:
        os.close(follower)
        seen = b""
        while chunk := _read(leader):
            seen += chunk
        out = process.stdout.read() if process.stdout else b""
    os.close(leader)
    assert process.returncode == 0
    assert json.loads(out)["output"].startswith(str(tmp_path))
    assert "s left" in seen.decode()


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 4096)
    except OSError:
        return b""
