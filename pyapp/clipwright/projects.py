"""The terminal's commands for projects: ``clipwright render`` and ``clipwright project validate``.

A project on disk says by the names of its sources which files it is made of: paths from the folder that it lies in.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rich.console import RenderableType

from clipwright import projectviews, terminal, timecode, views
from clipwright.effects.checking import check
from clipwright.errors import BadRequest
from clipwright.media import Media, Source
from clipwright.native import outputs
from clipwright.native.outputs import Destination
from clipwright.native.sources import shown
from clipwright.plan.presets import WRITTEN, Export, Format
from clipwright.plan.request import Project
from clipwright.plan.scene import ROOT, extras
from clipwright.plan.steps import RenderReport
from clipwright.project.document import Document
from clipwright.project.faults import Fault
from clipwright.project.stored import examine, read
from clipwright.project.timeline import duration
from clipwright.rendering import plan_render, run_render
from clipwright.terminal import JOB

if TYPE_CHECKING:
    from clipwright.native.engine import NativeEngine

MOST_BYTES = 64 << 20
"""No project file may be larger."""


class Saved(msgspec.Struct, frozen=True):
    """A rendered project: where it is, and what was done."""

    path: str
    report: RenderReport


class Verdict(msgspec.Struct, frozen=True):
    """Whether a project can be rendered as far as its document says, and every fault of it."""

    ok: bool
    faults: tuple[Fault, ...] = ()


def render(options: argparse.Namespace) -> None:
    """Render a project into a file."""
    folder, text = _text(options.file)
    document = read(text, check)
    destination = outputs.destination(options.output)
    destination.check()
    export = _export(options, destination, document)
    terminal.run((_show if options.dry_run else _make)(options, document, folder, destination, export))


def validate(options: argparse.Namespace) -> int:
    """Say every fault of a project; the exit code is 2 where there is any."""
    _, text = _text(options.file)
    document, faults = examine(text, check)
    verdict = Verdict(ok=not faults, faults=faults)
    terminal.show(options, verdict, lambda: projectviews.verdict(document, faults))
    return 2 if faults else 0


async def _show(
    options: argparse.Namespace, document: Document, folder: Path, destination: Destination, export: Export
) -> None:
    engine = terminal.make_engine(destination)
    project = await _opened(engine, document, folder)
    rendering = await plan_render(engine, project, export, JOB)
    path = destination.path(rendering.name)
    rendering = msgspec.structs.replace(rendering, name=shown(path.name))
    terminal.show(options, rendering, lambda: projectviews.rendering(rendering, shown(str(path))))


async def _make(
    options: argparse.Namespace, document: Document, folder: Path, destination: Destination, export: Export
) -> None:
    engine = terminal.make_engine(destination)
    engine.require_ffmpeg()
    project = await _opened(engine, document, folder)
    with terminal.progress_bar() as hear:
        job = msgspec.structs.replace(JOB, on_progress=hear)
        result = await run_render(engine, project, export, job)
    path = engine.saved(result.output)
    report = msgspec.structs.replace(result.report, name=shown(path.name))

    def view() -> RenderableType:
        return projectviews.report(report, shown(str(path)))

    if not options.json:
        terminal.console_on(sys.stderr).print(views.notes(report.notes))
    terminal.show(options, Saved(shown(str(path)), report), view)


async def _opened(engine: NativeEngine, document: Document, folder: Path) -> Project:
    """The project with the files that its clips and effects need, opened."""
    tracks = (track for track in document.tracks if track.kind != "subtitle")
    needed = {clip.source for track in tracks for clip in track.clips if clip.source}
    plain = {footage.id for footage in extras(document)} - needed
    media: list[Media] = []
    others: list[Source] = []
    sources = list(document.sources)
    for number, footage in enumerate(sources):
        if footage.id not in needed | plain:
            continue
        path = folder / footage.name
        if not footage.name or not path.is_file():
            raise BadRequest(
                f"There is no file “{shown(str(path))}”.",
                hint="The name of a source is its path, from the folder of the project.",
                path=f"{ROOT}.sources[{number}].name",
            )
        if footage.id in plain:
            others.append(engine.register(path))
        else:
            media.append(await terminal.open_file(engine, str(path), stills=footage.duration_us is None))
        opened = others[-1].id if footage.id in plain else media[-1].source.id
        sources[number] = msgspec.structs.replace(footage, media=opened)
    named = msgspec.structs.replace(document, sources=tuple(sources))
    return Project(document=named, media=tuple(media), extras=tuple(others))


def _text(file: str) -> tuple[Path, str]:
    """The folder of a project, and what is written in it."""
    path = terminal.source_path(file)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadRequest(
                f"“{shown(path.name)}” is too large to be a project.",
                hint="Give a JSON file.",
                path="$.source",
            )
        # Some editors put a byte order mark before UTF-8.
        return path.parent, path.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise _no_text(path) from error
        raise BadRequest(
            f"“{shown(str(path))}” cannot be read.",
            hint="Check the name.",
            detail=str(error),
            path="$.source",
        ) from error


def _no_text(path: Path) -> BadRequest:
    return BadRequest(
        f"“{shown(path.name)}” is no text, so it is no project.", hint="Give a JSON file.", path="$.source"
    )


def _export(options: argparse.Namespace, destination: Destination, document: Document) -> Export:
    def us(word: str | None) -> int | None:
        if word is None:
            return None
        return timecode.parse(word, frame_rate=rate, duration_us=duration(document))

    rate = timecode.parse_rate(document.output.frame_rate)
    return Export(
        preset=options.preset,
        format=_format(destination.name),
        start_us=us(options.start) or 0,
        end_us=us(options.end),
        at_us=us(options.at),
        max_bytes=options.max_size,
        chapters=not options.no_chapters,
        copy=not options.encode,
    )


def _format(name: str | None) -> Format | None:
    """What the ending of a file's name says; BadRequest for one that says nothing."""
    if name is None:
        return None
    ending = Path(name).suffix.removeprefix(".").lower()
    found = next((one for one in WRITTEN if one == {"jpeg": "jpg"}.get(ending, ending)), None)
    if found is None:
        raise BadRequest(
            f"“{shown(name)}” does not say which format to write.",
            hint=f"End it with one of: {', '.join(WRITTEN)}.",
            path="$.output",
        )
    return found
