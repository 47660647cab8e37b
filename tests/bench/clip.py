"""Bench ``clip``: the first clip against plain mediabunny, @ffmpeg/ffmpeg as its docs show it, and native ffmpeg."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench import files
from tests.bench.page import Bench
from tests.bench.table import OURS, Row

Case = dict[str, Callable[[], float]]
"""One measuring function per peer; each gives milliseconds."""

_LOSSLESS = {"start": "5:00", "end": "6:00", "mode": "lossless"}
_EXACT = {"start": "21", "end": "26", "mode": "exact"}
_COPY_ARGV = ["-ss", "300", "-i", "input.mp4", "-t", "60", "-c", "copy"]
_X264_ARGV = [
    "-ss",
    "21",
    "-i",
    "input.mp4",
    "-t",
    "5",
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-b:v",
    "8M",
    "-c:a",
    "aac",
]


def run(runs: int) -> list[Row]:
    """Measure every case; the machine's own drift is shared out by taking the peers in turn."""
    with Bench.started() as bench:
        short, long = (make(bench.ffmpeg, bench.folder) for make in (files.minute, files.twenty_minutes))
        return [
            _row("Lossless: 60 s out of 20 min (1.2 GB)", runs, _lossless(bench, long)),
            _row("Exact: 5 s of 1080p30 H.264 re-encoded", runs, _exact(bench, short)),
            _opening(bench, runs),
            _memory(bench),
        ]


def _row(case: str, runs: int, peers: Case) -> Row:
    for measure in peers.values():
        measure()
    samples: dict[str, list[float]] = {peer: [] for peer in peers}
    for turn in range(runs):
        for peer, measure in peers.items():
            samples[peer].append(measure())
        print(f"{case}: {turn + 1}/{runs}", file=sys.stderr)
    return Row(case, "ms", samples)


def _lossless(bench: Bench, source: Path) -> Case:
    bench.pick(source)
    copied = {"copy": {"mode": "forced"}}
    return {
        OURS: lambda: bench.call("clipwright", _LOSSLESS),
        "mediabunny": lambda: bench.call("mediabunny", {"start": 300, "end": 360}, copied),
        "@ffmpeg/ffmpeg": lambda: bench.call("core", _COPY_ARGV),
        "native ffmpeg": lambda: _native(bench.ffmpeg, _COPY_ARGV, source),
    }


def _exact(bench: Bench, source: Path) -> Case:
    bench.pick(source)
    encoded = {"copy": False, "video": {"codec": "avc", "bitrate": 8_000_000}}
    return {
        OURS: lambda: bench.call("clipwright", _EXACT),
        "mediabunny": lambda: bench.call("mediabunny", {"start": 21, "end": 26}, encoded),
        "@ffmpeg/ffmpeg": lambda: bench.call("core", _X264_ARGV),
        "native x264 ultrafast": lambda: _native(bench.ffmpeg, _X264_ARGV, source),
    }


def _opening(bench: Bench, runs: int) -> Row:
    bench.pick(files.large(bench.ffmpeg, bench.folder))
    return _row("Open a 4 GB mp4 (limit 300 ms)", runs, {OURS: lambda: bench.call("open")})


def _memory(bench: Bench) -> Row:
    """Peak of the browser's renderer memory during the clip, above what it held before."""
    source = files.large(bench.ffmpeg, bench.folder)
    bench.pick(source)
    bench.call("open")
    extra = bench.extra_megabytes(lambda: bench.call("clipwright", _LOSSLESS))
    return Row("Memory: 60 s out of a 4 GB mp4 (limit 300 MB)", "MB", {OURS: [extra]})


def _native(ffmpeg: str, argv: list[str], source: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        real = [str(source) if element == "input.mp4" else element for element in argv]
        started = time.perf_counter()
        subprocess.run(
            [ffmpeg, "-v", "error", *real, f"{folder}/output.mp4"], check=True, stdin=subprocess.DEVNULL
        )
        return (time.perf_counter() - started) * 1000
