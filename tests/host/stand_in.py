"""A stand-in for ffmpeg: a shell script that does what a test needs, so that troubles come on demand."""

from __future__ import annotations

import wave
from pathlib import Path

from clipwright.media import Source, Span
from clipwright.plan.steps import Mount, Plan, RunFfmpeg, TrackPlan

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
