"""A stand-in for ffmpeg: a shell script that does what a test needs, so that troubles come on demand."""

from __future__ import annotations

import asyncio
import wave
from pathlib import Path

import pytest

from clipwright import errors
from clipwright.engine import Job
from clipwright.media import Source, Span
from clipwright.native import ffmpeg
from clipwright.native.engine import NativeEngine
from clipwright.native.outputs import Destination
from clipwright.plan.steps import Mount, Plan, RunFfmpeg, TrackPlan

JOB = Job(id="test")

_HEAD = """#!/bin/sh
if [ "$2" = "-encoders" ]; then echo " ------"; echo " A....D aac  AAC"; exit 0; fi
for last; do :; done
out="${last#file:}"
"""

SUCCEED = 'cp "$SEED" "$out"; echo out_time_us=1000000; echo progress=end\n'


def install(folder: Path, body: str) -> Path:
    """Write the script; `body` may use ``$out`` (the file to write) and ``$SEED`` (a short sound file)."""
    seed = folder / "seed.wav"
    sound(seed)
    script = folder / "ffmpeg"
    script.write_text(f"{_HEAD}SEED='{seed}'\n{body}")
    script.chmod(0o755)
    return script


def sound(path: Path, seconds: float = 0.1) -> Path:
    """A short silent sound file."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * int(seconds * 8000)))
    return path


def plan(source: Source, *steps: RunFfmpeg, name: str = "clip.mkv") -> Plan:
    """A plan that runs `steps`, or one step that copies everything."""
    return Plan(
        source=source,
        engine="native",
        mode="lossless",
        container="mkv",
        request_span=Span(0, 1_000_000),
        span=Span(0, 1_000_000),
        name=name,
        output="result",
        estimated_bytes=1000,
        tracks=(TrackPlan(index=0, kind="audio", action="copy", codec="pcm_s16le"),),
        notes=(),
        steps=steps or (step(source.id, "result"),),
    )


def step(source_id: str, output: str, weight: float = 1.0) -> RunFfmpeg:
    """One step that copies `source_id` into `output`."""
    return RunFfmpeg(
        inputs=(Mount(id=source_id, name="in0"),),
        output=Mount(id=output, name="out0"),
        argv=("-i", "in0", "-c", "copy", "-f", "matroska", "out0"),
        duration_us=1_000_000,
        weight=weight,
    )


class Bench:
    """A source, an empty folder for results, and an engine between them."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tools = root / "tools"
        self.results = root / "results"
        self.tools.mkdir()
        self.results.mkdir()
        self.source_path = sound(root / "source.wav")
        self._monkeypatch = monkeypatch

    def engine(self, body: str, *, name: str | None = None, patience_s: float = 60.0) -> NativeEngine:
        """An engine whose ffmpeg does `body`."""
        self._monkeypatch.setenv(ffmpeg.VARIABLE, str(install(self.tools, body)))
        return NativeEngine(Destination(self.results, name), patience_s=patience_s)

    def open(self, engine: NativeEngine) -> Source:
        """The source, opened."""
        return engine.register(self.source_path)

    def run(self, engine: NativeEngine, wanted: Plan | None = None, job: Job = JOB) -> Path:
        """Carry out `wanted` (or the simplest plan) and say where the result is."""
        done = wanted or plan(self.open(engine))
        output = asyncio.run(engine.run(done, job))
        return engine.saved(output.id)

    def fails(self, body: str, kind: type[errors.ClipwrightError], **more: object) -> errors.ClipwrightError:
        """Run `body`; it must raise exactly `kind` and leave nothing behind."""
        with pytest.raises(errors.ClipwrightError) as caught:
            self.run(self.engine(body, **more))  # type: ignore[arg-type]  # options by name
        assert type(caught.value) is kind
        assert self.left() == []
        return caught.value

    def left(self) -> list[str]:
        """What the results' folder holds."""
        return sorted(path.name for path in self.results.iterdir())
