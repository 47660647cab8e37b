"""Smart cuts made by hand: the plan that the spine of a cut describes, so that the engine can be tested alone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import av
import numpy as np
from stand_in import JOB

from clipwright.engine import Output
from clipwright.media import Media, Span, VideoTrack
from clipwright.native.engine import NativeEngine
from clipwright.native.outputs import Destination
from clipwright.plan.argvedge import edge
from clipwright.plan.steps import Plan, Step


class Workshop:
    """A native engine whose results lie in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = NativeEngine(Destination(folder))

    def open(self, path: Path) -> Media:
        """The file, opened and looked into."""
        return asyncio.run(self.engine.probe(self.engine.register(path), "native", JOB))

    def run(self, plan: Plan) -> tuple[Path, Output]:
        """Carry out `plan` and say where the result is."""
        output = asyncio.run(self.engine.run(plan, JOB))
        return self.engine.saved(output.id), output

    def edge(self, path: Path, span: Span, **changes: Any) -> Path:
        """The pictures of `span` (in the file's own time), encoded as an edge is."""
        media = self.open(path)
        track = media.info.video[0]
        origin = media.info.origin_us
        found = asyncio.run(
            self.engine.locate(media, track.index, Span(span.start - origin, span.end - origin), JOB)
        )
        key = None if found.key_frame is None else found.key_frame + origin
        step = edge(media, track, span, key, track.codec, changes.get("engine", "native"), "edge", 1.0)
        return self.run(plan_of(media, step, output="edge", name=f"edge.{track.codec}.mkv"))[0]


def plan_of(media: Media, *steps: Step, output: str, name: str, **more: Any) -> Plan:
    """A plan that consists of `steps`."""
    whole = Span(0, media.info.duration_us)
    values: dict[str, Any] = {
        "source": media.source, "engine": "native", "mode": "smart", "container": "mp4", "request_span": whole,
        "span": whole, "estimated_bytes": 1, "tracks": (), "notes": (),
    }  # fmt: skip
    return Plan(**(values | more), output=output, name=name, steps=steps)


def pictures(path: Path, track: int = 0) -> list[tuple[int, np.ndarray[Any, Any]]]:
    """(time in microseconds, all planes in 8 bits) of every presented frame."""
    with av.open(str(path)) as container:
        stream = container.streams.video[track]
        found = [
            (round(frame.pts * frame.time_base * 1_000_000), frame.reformat(format="yuv420p").to_ndarray())
            for frame in container.decode(stream)
        ]
    return sorted(found, key=lambda item: item[0])


def psnr(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    """Peak signal to noise, in dB; 100 for equal pictures."""
    error = np.mean((one.astype(float) - other.astype(float)) ** 2)
    return 100.0 if error == 0 else float(10 * np.log10(255**2 / error))


def first(media: Media) -> VideoTrack:
    """The first picture track."""
    return media.info.video[0]
