"""Bench ``cut``: lossless, smart and joined cuts against mediabunny, @ffmpeg/core, native ffmpeg and ``smartcut``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as PageError

from tests.bench import files, smartcut
from tests.bench.page import WORK, Bench
from tests.bench.table import OURS, Row
from tests.drivers import Native

Case = dict[str, Callable[[], float]]
"""One measuring function per peer; each gives milliseconds."""
Span = tuple[float, float]

NATIVE = "Clipwright in the terminal"
GIGABYTE: Span = (60.0, 1060.0)
"""1000 s of 8 Mbit/s."""
TEN_MINUTES: Span = (301.0, 901.0)
"""Both ends lie inside a group, whether key frames are 2 s apart or 10 s."""
TWENTY = [(number * 55.0 + 11.4, number * 55.0 + 31.7) for number in range(20)]
MOST_OF_TWO_HOURS: Span = (61.0, 7141.0)
COPIED = {"copy": {"mode": "forced"}}
SETTLED_S = 3.0
"""Between two measurements, as the one before may leave a gigabyte to clear away and to write to disk."""
SAMPLE_S = 60.0
"""How much of the ten minutes is encoded to tell how long all of it would take."""


def run(runs: int) -> list[Row]:
    """Measure every case; the machine's own drift is shared out by taking the peers in turn."""
    peer = smartcut.program(WORK)
    with Bench.started() as bench:
        made = [make(bench.ffmpeg, bench.folder) for make in (files.twenty_minutes, files.long_groups)]
        huge = files.huge(bench.ffmpeg, bench.folder)
        return [
            *_gigabyte(bench, made[0], runs),
            *_smart(bench, peer, made[0], "GOP 2 s", runs),
            *_smart(bench, peer, made[1], "GOP 10 s", runs),
            *_joined(bench, peer, made[0]),
            *_huge(bench, huge, runs),
            *_sound(bench, "m4a", "AAC", runs),
            *_sound(bench, "ogg", "Opus", runs),
        ]


def _rows(case: str, runs: int, peers: Case, *, warmed: bool = False) -> list[Row]:
    """One row, without the peers that cannot do it; what they said goes to stderr.

    A first turn warms up, unless the cases before it did (`warmed`).
    """
    samples: dict[str, list[float]] = {}
    failed: set[str] = set()
    for turn in range(1 if warmed else 0, runs + 1):
        for peer, measure in peers.items():
            if peer in failed:
                continue
            time.sleep(SETTLED_S)
            try:
                took = measure()
            except (PageError, RuntimeError, subprocess.CalledProcessError) as error:
                print(f"{case}: {peer} failed: {error}", file=sys.stderr)
                samples.pop(peer, None)
                failed.add(peer)
                continue
            if turn:
                samples.setdefault(peer, []).append(took)
        print(f"{case}: {turn}/{runs}", file=sys.stderr)
    rows = [Row(case, "ms", samples)] if OURS in samples else []
    for row in rows:
        print(f"{case}: {row.medians}", file=sys.stderr)
    return rows


def _request(spans: Sequence[Span], mode: str) -> dict[str, Any]:
    segments = [{"start": f"{start:.6f}", "end": f"{end:.6f}"} for start, end in spans]
    return {"segments": segments, "join": True, "mode": mode}


def _ours(bench: Bench, spans: Sequence[Span], mode: str) -> float:
    return bench.call("cut", _request(spans, mode))


def _natively(source: Path, spans: Sequence[Span], mode: str) -> float:
    """The native engine, from the request to the finished file."""
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        driver = Native(Path(folder))
        media = driver.open(source)
        started = time.perf_counter()
        (clip,) = driver.cut([media], _request(spans, mode))
        took = (time.perf_counter() - started) * 1000
        if clip.report["mode"] != mode:
            raise RuntimeError(f"became {clip.report['mode']}: {clip.report['notes']}")
        return took


def _ffmpeg(bench: Bench, source: Path, span: Span, codecs: Sequence[str]) -> float:
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        argv = [*_trim(span, str(source)), *codecs, f"{folder}/result{source.suffix}"]
        started = time.perf_counter()
        subprocess.run([bench.ffmpeg, "-v", "error", *argv], check=True, stdin=subprocess.DEVNULL)
        return (time.perf_counter() - started) * 1000


def _trim(span: Span, source: str) -> list[str]:
    return ["-ss", f"{span[0]}", "-i", source, "-t", f"{span[1] - span[0]}"]


def _gigabyte(bench: Bench, source: Path, runs: int) -> list[Row]:
    bench.pick(source)
    trim = {"start": GIGABYTE[0], "end": GIGABYTE[1]}
    mounted = [*_trim(GIGABYTE, "input.mp4"), "-c", "copy"]
    request = _request([GIGABYTE], "lossless")
    at_hand = {
        OURS: lambda: bench.call("made", request),
        "checked as well": lambda: bench.call("cut", request),
        "mediabunny": lambda: bench.call("mediabunny", trim, COPIED),
        "@ffmpeg/core, mounted": lambda: bench.call("mounted", mounted, "output.mp4"),
    }
    on_disk = {
        OURS: lambda: bench.call("kept", request),
        "as a download": lambda: bench.saved("cut", request),
        "the browser's download alone": lambda: bench.saved("sliced", source.stat().st_size * 1000 // 1200),
        "mediabunny": lambda: bench.saved("mediabunny", trim, COPIED),
        "@ffmpeg/core, mounted": lambda: bench.saved("mounted", mounted, "output.mp4"),
        NATIVE: lambda: _natively(source, [GIGABYTE], "lossless"),
        "native ffmpeg -c copy": lambda: _ffmpeg(bench, source, GIGABYTE, ["-c", "copy"]),
    }
    return [
        *_rows("Lossless: 1 GB out of 1.2 GB, until the result is at hand (limit 100 ms)", runs, at_hand),
        *_rows(
            "The same, until it lies on disk, in a folder of the page's own (limit 1.5 times native)",
            runs,
            on_disk,
        ),
        _memory(bench, "The same: extra memory (limit 100 MB)", lambda: bench.call("kept", request)),
    ]


def _memory(bench: Bench, case: str, work: Callable[[], object]) -> Row:
    return Row(case, "MB", {OURS: [max(bench.extra_megabytes(work), 0.0)]})


def _smart(bench: Bench, peer: Path, source: Path, groups: str, runs: int) -> list[Row]:
    """Ours, and what it is to be measured by: our lossless cut and the encoding of the two groups at the edges."""
    bench.pick(source)
    start, end = TEN_MINUTES
    length = {"GOP 2 s": 2.0, "GOP 10 s": 10.0}[groups]
    edges = [(start, (start // length + 1) * length), (end // length * length, end)]

    def parts() -> float:
        return _ours(bench, [TEN_MINUTES], "lossless") + sum(_ours(bench, [edge], "exact") for edge in edges)

    def whole() -> float:
        x264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-c:a", "copy"]
        return _ffmpeg(bench, source, (start, start + SAMPLE_S), x264) * (end - start) / SAMPLE_S

    encoded = whole()
    peers: Case = {
        OURS: partial(_ours, bench, [TEN_MINUTES], "smart"),
        "its lossless cut and its two edges encoded (limit: 3 times)": parts,
        NATIVE: partial(_natively, source, [TEN_MINUTES], "smart"),
        smartcut.PINS[0]: partial(smartcut.cut, peer, source, [TEN_MINUTES]),
        "native x264 veryfast, all of it (from one minute)": lambda: encoded,
    }
    return _rows(f"Smart: 10 min of 1080p, {groups}", runs, peers)


def _joined(bench: Bench, peer: Path, source: Path) -> list[Row]:
    bench.pick(source)
    peers: Case = {
        OURS: partial(_ours, bench, TWENTY, "smart"),
        NATIVE: partial(_natively, source, TWENTY, "smart"),
        smartcut.PINS[0]: partial(smartcut.cut, peer, source, TWENTY),
    }
    # A turn takes minutes, and all of them have just done the same with one segment.
    return _rows("Smart: 20 segments of 20 s joined, GOP 2 s", 1, peers, warmed=True)


def _huge(bench: Bench, source: Path, runs: int) -> list[Row]:
    bench.pick(source)
    opened = _rows("Open a 5 GB mp4", runs, {OURS: lambda: bench.call("open")})
    peers: Case = {
        OURS: partial(_ours, bench, [GIGABYTE], "lossless"),
        NATIVE: partial(_natively, source, [GIGABYTE], "lossless"),
    }
    cut = _rows("Lossless: 1 GB out of 5 GB", runs, peers)
    smart = partial(_ours, bench, [TEN_MINUTES], "smart")
    return [
        *opened,
        *cut,
        _memory(
            bench, "The same: extra memory (limit 100 MB)", partial(_ours, bench, [GIGABYTE], "lossless")
        ),
        _memory(bench, "Smart: 10 min out of 5 GB: extra memory", smart),
    ]


def _sound(bench: Bench, extension: str, codec: str, runs: int) -> list[Row]:
    source = files.two_hours(bench.ffmpeg, bench.folder, extension)
    bench.pick(source)
    mounted = [*_trim(MOST_OF_TWO_HOURS, "input.mp4"), "-c", "copy"]
    trim = {"start": MOST_OF_TWO_HOURS[0], "end": MOST_OF_TWO_HOURS[1]}
    peers: Case = {
        OURS: partial(_ours, bench, [MOST_OF_TWO_HOURS], "lossless"),
        "mediabunny": lambda: bench.call("mediabunny", trim, COPIED, extension),
        "@ffmpeg/core, mounted": lambda: bench.call("mounted", mounted, f"output.{extension}"),
        NATIVE: partial(_natively, source, [MOST_OF_TWO_HOURS], "lossless"),
        "native ffmpeg -c copy": lambda: _ffmpeg(bench, source, MOST_OF_TWO_HOURS, ["-c", "copy"]),
    }
    return _rows(f"Lossless: 118 min of {codec} (limit: @ffmpeg/core)", runs, peers)
