"""Smart cuts made by hand: the plan that the spine of a cut describes, so that the engine can be tested alone."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from stand_in import JOB

from clipwright.engine import Output
from clipwright.media import CutPoint, Media, Span, VideoTrack
from clipwright.native.engine import NativeEngine
from clipwright.native.locate import locate
from clipwright.native.outputs import Destination
from clipwright.plan.argvedge import edge
from clipwright.plan.steps import Assemble, AssembleTrack, Check, Piece, Plan, Step
from tests.equipment import tool


class Workshop:
    """A native engine whose results lie in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = NativeEngine(Destination(folder))

    def open(self, path: Path) -> Media:
        """The file, opened and looked into."""
        return asyncio.run(self.engine.probe(self.engine.register(path), "native", JOB))

    def point(self, media: Media, span: Span) -> CutPoint:
        """Where the picture can be cut, on the person's clock."""
        (found,) = asyncio.run(self.engine.locate(media, media.info.video[0].index, [span], JOB))
        return found

    def run(self, plan: Plan) -> tuple[Path, Output]:
        """Carry out `plan` and say where the result is."""
        output = asyncio.run(self.engine.run(plan, JOB))
        return self.engine.saved(output.id), output

    def edge(self, path: Path, span: Span, **changes: Any) -> Path:
        """The pictures of `span` (in the file's own time), encoded as an edge is."""
        media = self.open(path)
        track = media.info.video[0]
        origin = media.info.origin_us
        found = self.point(media, span.shifted(-origin))
        key = None if found.key_frame is None else found.key_frame + origin
        step = edge(media, track, span, key, track.codec, changes.get("engine", "native"), "edge", 1.0)
        return self.run(plan_of(media, step, output="edge", name=f"edge.{track.codec}.mkv"))[0]

    def cut(self, *segments: tuple[Path, int, int], container: str = "mp4", **more: Any) -> Cut:
        """A smart cut of segments (file, start, end; on the person's clock), the way the spine has it."""
        opened: dict[Path, Media] = {}
        for path, _, _ in segments:
            if path not in opened:
                opened[path] = self.open(path)
        steps: list[Step] = []
        pieces: dict[str, list[Piece]] = {"video": [], "audio": []}
        checks: list[Check] = []
        at = 0
        for path, start, end in segments:
            media = opened[path]
            origin = media.info.origin_us
            for kind, found in pieces.items():
                tracks = media.info.video if kind == "video" else media.info.audio
                if tracks and kind == "audio":
                    span = Span(start + origin, end + origin)
                    found.append(Piece(source=media.source.id, track=tracks[0].index, span=span, at=at))
                elif tracks:
                    made, encoded, joints = self._pictures(media, Span(start, end), at, len(steps))
                    found.extend(made)
                    steps += encoded
                    checks += joints
            at += end - start
        tracks = tuple(
            AssembleTrack(kind=kind, pieces=tuple(found)) for kind, found in pieces.items() if found
        )
        step = Assemble(output="result", container=container, tracks=tracks, duration_us=at, **more)
        first, *others = (media.source for media in opened.values())
        plan = plan_of(
            next(iter(opened.values())), *steps, step, output="result", name=f"cut.{container}",
            others=tuple(others), checks=tuple(checks), container=container,
        )  # fmt: skip
        assert first == plan.source
        path, output = self.run(plan)
        return Cut(path, output, plan)

    def _pictures(
        self, media: Media, span: Span, at: int, number: int
    ) -> tuple[list[Piece], list[Step], list[Check]]:
        track, origin = first(media), media.info.origin_us
        point = self.point(media, span).shifted(origin)
        start, end = span.start + origin, span.end + origin
        pieces: list[Piece] = []
        steps: list[Step] = []

        def encode(begin: int, stop: int) -> None:
            found = self.point(media, Span(begin - origin, stop - origin)).shifted(origin)
            name = f"edge{number + len(steps)}"
            steps.append(
                edge(media, track, Span(begin, stop), found.key_frame, track.codec, "native", name, 1.0)
            )
            pieces.append(Piece(source=name, track=0, span=Span(0, stop - begin), at=at + begin - start))

        if point.clean_frame is None or point.clean_end is None:
            encode(start, end)
            return pieces, steps, []
        if point.clean_frame != point.first_frame:
            encode(start, point.clean_frame)
        begin = point.clean_frame if pieces else start
        copied = Span(begin, end if point.clean_end == end else point.clean_end)
        pieces.append(Piece(source=media.source.id, track=track.index, span=copied, at=at + begin - start))
        if copied.end != end:
            encode(copied.end, end)
        joints = {piece.at for piece in pieces} | {at + end - start}
        checks = [
            Check(
                source=media.source.id, track=track.index, result_track=0,
                span=Span(max(start, joint - at + start - 200_000), min(end, joint - at + start + 200_000)),
                at=max(at, joint - 200_000),
            )
            for joint in sorted(joints)
        ]  # fmt: skip
        return pieces, steps, checks


class Cut(NamedTuple):
    """A finished cut: where it is, what the engine said of it, and the plan it followed."""

    path: Path
    output: Output
    plan: Plan


def point_of(path: Path, span: Span) -> CutPoint:
    """Where the first track of a file can be cut, in the file's own time."""
    (found,) = locate(path, 0, [span], threading.Event())
    return found


def complaints(path: Path) -> str:
    """What ffmpeg has to say when it decodes the whole file."""
    # What the writer of nothing says is left out: some of the sources have two frames at the same time.
    times = ["-fps_mode", "passthrough", "-enc_time_base:v", "1/90000"]
    command = [tool("ffmpeg"), "-v", "warning", "-i", path, *times, "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    return "\n".join(line for line in said.splitlines() if not line.startswith("[null @"))


def plan_of(media: Media, *steps: Step, output: str, name: str, **more: Any) -> Plan:
    """A plan that consists of `steps`."""
    whole = Span(0, media.info.duration_us)
    values: dict[str, Any] = {
        "source": media.source, "engine": "native", "mode": "smart", "container": "mp4", "request_span": whole,
        "span": whole, "estimated_bytes": 1, "tracks": (), "notes": (),
    }  # fmt: skip
    return Plan(**(values | more), output=output, name=name, steps=steps)


def looking() -> list[threading.Thread]:
    """The engine's threads that go on; one that has said that it is done, and is just going, gets a second."""
    found = [thread for thread in threading.enumerate() if thread.name == "clipwright-look"]
    for thread in found:
        thread.join(1)
    return [thread for thread in found if thread.is_alive()]


def pictures(path: Path, track: int = 0) -> list[tuple[int, np.ndarray[Any, Any]]]:
    """(time in microseconds, all planes in 8 bits) of every presented frame."""
    plain = VideoReformatter()
    with av.open(str(path)) as container:
        stream = container.streams.video[track]
        found = [
            (
                round(frame.pts * frame.time_base * 1_000_000),
                plain.reformat(frame, format="yuv420p").to_ndarray(),
            )
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
