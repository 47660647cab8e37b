"""What a person sees in the terminal of projects: what would be rendered, what was, and what is wrong."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from clipwright import timecode
from clipwright.plan.steps import Rendering, RenderReport, RunFfmpeg
from clipwright.project.document import Document
from clipwright.project.faults import Fault
from clipwright.project.timeline import duration
from clipwright.views import notes, plain, size


def rendering(shown: Rendering, path: str) -> RenderableType:
    """What would be done, with the commands that would do it."""
    commands = [
        Text(plain(shlex.join(["ffmpeg", *step.argv])), style="dim", overflow="fold")
        for step in shown.steps
        if isinstance(step, RunFfmpeg)
    ]
    return Group(
        Text(f"Would write {plain(path)}", style="bold"),
        Text(f"{_what(shown)}, {shown.method}, about {size(shown.estimated_bytes)}, engine {shown.engine}"),
        notes(shown.notes),
        *commands,
    )


def report(shown: RenderReport, path: str) -> RenderableType:
    """What was done."""
    return Group(
        Text.assemble(("Saved ", "green"), (plain(path), "bold"), f" ({size(shown.size)})", overflow="fold"),
        Text(f"{_what(shown)}, {shown.method}; took {shown.elapsed_ms / 1000:.1f} s"),
    )


def verdict(document: Document | None, faults: Sequence[Fault]) -> RenderableType:
    """That nothing is wrong, and how much there is of it; or each fault on a line of its own, with its place."""
    if document is not None and not faults:
        clips = sum(len(track.clips) for track in document.tracks)
        length = timecode.hms(duration(document))
        return Text(f"Valid: {len(document.tracks)} tracks, {clips} clips, {length} long.", style="green")
    count = f"The project has {len(faults)} {'fault' if len(faults) == 1 else 'faults'}."
    lines = (f"{plain(one.path)}: {plain(one.message)} {plain(one.hint)}".rstrip() for one in faults)
    return Group(*(Text(line, overflow="fold") for line in lines), Text(count, style="bold red"))


def _what(shown: Rendering | RenderReport) -> str:
    picture = f"{shown.width} x {shown.height} at {shown.frame_rate} fps, " if shown.width else ""
    return f"{timecode.hms(shown.duration_us)}, {picture}{shown.format}"
