"""Driving the media worker's `assemble` and `locate` under Node, and making the encoded edges of a smart cut."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.equipment import ROOT, tool

SCRIPT = ROOT / "tests" / "host" / "media_ops.mjs"


def operate(folder: Path, *calls: dict[str, Any]) -> list[dict[str, Any]]:
    """The replies of some operations, in order; see ``media_ops.mjs``."""
    told = folder / "calls.json"
    told.write_text(json.dumps(calls))
    ran = subprocess.run(
        [tool("node"), SCRIPT, told], check=False, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def complaints(path: Path) -> str:
    """What ffmpeg has to say while it decodes a file."""
    command = [tool("ffmpeg"), "-hide_banner", "-v", "warning", "-i", path]
    # Its own output would complain of frames that are closer together than a guessed rate says.
    nowhere = ["-fps_mode", "passthrough", "-enc_time_base", "demux", "-f", "null", "-"]
    return subprocess.run([*command, *nowhere], check=True, capture_output=True, text=True).stderr


@dataclass
class Line:
    """One track of a result: pieces `(source, track, start, end, at)` in microseconds."""

    kind: str
    pieces: list[tuple[str, int, int, int, int]]
    labels: dict[str, Any] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """As an Assemble step has it."""
        pieces = [
            {"source": source, "track": track, "span": {"start": start, "end": end}, "at": at}
            for source, track, start, end, at in self.pieces
        ]
        labels = {"language": None, "title": None, "disposition": None, "rotation": None}
        return {"kind": self.kind, "pieces": pieces, **labels, **self.labels}


class Bench:
    """A folder with sources, edges and results."""

    def __init__(self, folder: Path, **sources: Path) -> None:
        self.folder = folder
        self.files = dict(sources)
        self.made: list[str] = []
        self.container = "mp4"

    def locate(self, source: str, start: int, end: int) -> dict[str, Any]:
        """Where the first track of a source can be cut for a span."""
        args = {"track": 0, "spans": [{"start": start, "end": end}]}
        asked = {"op": "locate", "args": args, "files": {"a": str(self.files[source])}}
        (reply,) = operate(self.folder, asked)
        return reply["points"][0] if "points" in reply else reply  # type: ignore[no-any-return]  # JSON

    def edge(self, source: str, start: int, end: int, options: tuple[str, ...] = ("-c:v", "libx264")) -> str:
        """Encode what a source shows in a span, as a file of its own that starts at 0; gives its name."""
        name = f"edge{len(self.made)}"
        path = self.folder / f"{name}.{'mkv' if 'libvpx' in options else 'mp4'}"
        chosen = f"trim=start={start / 1e6 - 0.0005}:end={end / 1e6 - 0.0005}"
        chosen += f",settb=1/90000,setpts=PTS-{start / 1e6:.6f}/TB"
        command = [tool("ffmpeg"), "-v", "error", "-copyts", "-i", self.files[source], "-vf", chosen, "-an"]
        scale = [] if path.suffix == ".mkv" else ["-video_track_timescale", "90000"]
        exact = ["-bf", "0", "-fps_mode", "passthrough", "-enc_time_base", "1/90000"]
        subprocess.run([*command, *options, *exact, *scale, "-y", path], check=True)
        self.files[name] = path
        self.made.append(name)
        return name

    def cut(
        self, source: str, start: int, end: int, at: int, options: tuple[str, ...] = ("-c:v", "libx264")
    ) -> list[tuple[str, int, int, int, int]]:
        """The pieces of a smart cut of the first track."""
        found = self.locate(source, start, end)
        clean, stop = found.get("clean_frame"), found.get("clean_end")
        if clean is None:
            clean = stop = end
        pieces = []
        if found.get("head_frames"):
            pieces.append((self.edge(source, start, clean, options), 0, 0, clean - start, at))
        if stop > clean:
            pieces.append((source, 0, clean, stop, at + clean - start))
        if found.get("tail_frames"):
            pieces.append((self.edge(source, stop, end, options), 0, 0, end - stop, at + stop - start))
        return pieces

    def assemble(self, lines: list[Line], length: int, container: str = "mp4", **more: Any) -> dict[str, Any]:
        """The reply of `assemble`; the result is in ``self.result(container)``."""
        step = {
            "do": "assemble",
            "output": "o",
            "container": container,
            "tracks": [line.json() for line in lines],
            "duration_us": length,
            "metadata": {"tags": None, "chapters": []},
            "shift_lead_in": False,
            "weight": 1.0,
            **more,
        }
        used = {piece[0] for line in lines for piece in line.pieces}
        files = {name: str(path) for name, path in self.files.items() if name in used}
        args = {"step": step, "made": self.made}
        return operate(
            self.folder,
            {"op": "assemble", "args": args, "files": files, "keep": str(self.result(container))},
        )[0]

    def result(self, container: str = "mp4") -> Path:
        """Where results are."""
        return self.folder / f"result.{container}"
