"""The terminal's commands for many results: ``clipwright cut``, ``segments`` and ``extract``.

Results are made in a hidden folder beside their target and moved there when all of them are done, so that a run
that fails or is stopped leaves nothing behind.
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rich.console import RenderableType

from clipwright import api, names, terminal, views, wishes
from clipwright.containers import Container
from clipwright.errors import BadRequest
from clipwright.media import Media
from clipwright.messages import CutPlan, EditSegments, Segments
from clipwright.native import outputs
from clipwright.native.faults import disk_errors
from clipwright.native.outputs import Destination, staging
from clipwright.native.sources import shown
from clipwright.native.threads import in_thread
from clipwright.plan.request import CutRequest, SegmentRequest
from clipwright.plan.steps import Note, Report
from clipwright.scripting import Saved
from clipwright.segments import Segment
from clipwright.terminal import JOB
from clipwright.writtensegments import requests

if TYPE_CHECKING:
    from clipwright.native.engine import NativeEngine


class _Results(msgspec.Struct):
    results: list[Saved]
    notes: tuple[Note, ...] = ()
    zip: str | None = None


def cut(options: argparse.Namespace) -> None:
    """Make the segments of one or several files into files, a joined file or an archive."""
    for file in options.files:
        terminal.source_path(file)
    destination, container = _archive(options) if options.zip else wishes.target(options)

    async def wanted(engine: NativeEngine) -> tuple[tuple[Media, ...], CutRequest]:
        medias = tuple([await terminal.open_file(engine, file) for file in options.files])
        segments, remove = await _selected(engine, medias, options)
        return medias, wishes.cut_request(options, container, medias, segments, remove=remove)

    async def show() -> None:
        engine = terminal.make_engine(destination)
        medias, request = await wanted(engine)
        plan = await api.plan_cut(engine, medias, request, JOB)
        _fit(plan, options, destination)
        terminal.show(options, plan, lambda: views.cut_plan(plan))

    async def make() -> None:
        with _staged(destination) as engine:
            medias, request = await wanted(engine)
            if destination.name is not None or not options.json:
                plan = await api.plan_cut(engine, medias, request, JOB)
                _fit(plan, options, destination)
                _tell(options, views.cut_notes(plan))
            with terminal.progress_bar() as hear:
                job = msgspec.structs.replace(JOB, on_progress=hear)
                result = await api.run_cut(engine, medias, request, job)
            made = [(engine.saved(one.output), one.report) for one in result.results]
            saved = await _zip(made, destination, options) if options.zip else _save(made, destination)
            saved.notes = result.notes
        terminal.show(options, saved, lambda: views.cut_report(saved.results, saved.zip))

    terminal.run(show() if options.dry_run else make())


def segments(options: argparse.Namespace) -> None:
    """Print the list that the options make."""
    terminal.source_path(options.file)

    async def listed() -> Segments:
        engine = terminal.make_engine(Destination(Path.cwd()))
        media = await terminal.open_file(engine, options.file)
        edits = wishes.edits(options) or [("check", None)]
        return Segments(segments=await _edited(engine, media, options, edits))

    found = terminal.run(listed())
    if options.csv and not options.json:
        sys.stdout.write(wishes.csv_text(found.segments))
    else:
        terminal.show(options, found, lambda: views.segments(found.segments))


def extract(options: argparse.Namespace) -> None:
    """Write every picture and sound track into a file of its own, as it is."""
    terminal.source_path(options.file)
    destination = outputs.destination(options.output)
    if destination.name is not None:
        raise BadRequest(
            f"There is no folder “{shown(str(destination.folder / destination.name))}”.",
            hint="Give a folder that exists: each track gets a file of its own.",
            path="$.output",
        )
    destination.check()

    async def make() -> None:
        with _staged(destination) as engine:
            media = await terminal.open_file(engine, options.file)
            chosen, left = wishes.separable(options, media)
            _tell(options, views.notes(left))
            made: list[tuple[Path, Report]] = []
            for request in chosen:
                with terminal.progress_bar() as hear:
                    job = msgspec.structs.replace(JOB, on_progress=hear)
                    result = await api.run_clip(engine, media, request, job)
                made.append((engine.saved(result.output), result.report))
            saved = _save(made, destination)
            saved.notes = left
        terminal.show(options, saved, lambda: views.cut_report(saved.results, None))

    terminal.run(make())


async def _selected(
    engine: NativeEngine, medias: tuple[Media, ...], options: argparse.Namespace
) -> tuple[tuple[SegmentRequest, ...], bool]:
    """The segments to cut, and whether they are what is to be left out."""
    edits = wishes.edits(options)
    if not edits:
        return wishes.written_segments(options) or wishes.whole_files(options), options.remove is not None
    if len(medias) > 1:
        raise BadRequest(
            "A list of segments can only be changed for one file at a time.",
            hint="Leave out --invert, --shift, --split, --every, --count, --size and --align, or give one file.",
            path="$.request.segments",
        )
    return requests(await _edited(engine, medias[0], options, edits)), False


async def _edited(
    engine: NativeEngine, media: Media, options: argparse.Namespace, edits: list[wishes.Edit]
) -> tuple[Segment, ...]:
    asked = wishes.written_segments(options) or (SegmentRequest(),)
    found: tuple[Segment, ...] = ()
    for action, value in [("invert", None), *edits] if options.remove is not None else edits:
        edit = EditSegments(media=media, segments=asked, action=action, value=value)
        found = (await api.edit_segments(engine, edit, JOB)).segments
        asked = requests(found)
        if not asked:
            raise BadRequest(
                "Nothing is left to cut.", hint="Choose other segments.", path="$.request.segments"
            )
    return found


def _archive(options: argparse.Namespace) -> tuple[Destination, Container | None]:
    """Where the zip archive goes."""
    destination = outputs.destination(options.output)
    if destination.name is not None and not destination.name.lower().endswith(".zip"):
        raise BadRequest(
            f"“{shown(destination.name)}” is no name for a zip archive.",
            hint="End it with .zip, or leave --zip out.",
            path="$.output",
        )
    destination.check()
    return destination, options.container


def _fit(plan: CutPlan, options: argparse.Namespace, destination: Destination) -> None:
    """Refuse to save several results under one name."""
    if destination.name is not None and not options.zip and len(plan.plans) > 1:
        raise BadRequest(
            f"“{shown(destination.name)}” is one file, but there would be {len(plan.plans)} results.",
            hint="Give a folder, or add --join or --zip.",
            path="$.output",
        )


def _tell(options: argparse.Namespace, what: RenderableType) -> None:
    if not options.json:
        terminal.console_on(sys.stderr).print(what)


def _staged(destination: Destination) -> AbstractContextManager[NativeEngine]:
    """An engine whose results vanish unless they are moved to their destination."""
    from clipwright.native.desk import staged  # noqa: PLC0415  # PyAV loads slowly; lists need none

    return staged(terminal.make_engine(destination), destination)


def _save(made: list[tuple[Path, Report]], destination: Destination) -> _Results:
    """Move results to their destination."""
    paths = [destination.save(path, report.name) for path, report in made]
    return _Results([_saved(str(path), report) for path, (_, report) in zip(paths, made, strict=True)])


async def _zip(
    made: list[tuple[Path, Report]], destination: Destination, options: argparse.Namespace
) -> _Results:
    """Put results into an archive, not compressed: media are already."""

    def write(part: Path) -> None:
        with disk_errors(destination.folder), zipfile.ZipFile(part, "x") as archive:
            for path, _ in made:
                archive.write(path, path.name)

    suggested = names.segment_name("{stem}", Path(options.files[0]).name, 1, 1, 0, 0, None, "zip")
    with staging(destination.folder) as folder:
        part = folder / "archive"
        await in_thread(lambda: write(part))
        saved = destination.save(part, suggested)
    return _Results([_saved(path.name, report) for path, report in made], zip=shown(str(saved)))


def _saved(output: str, report: Report) -> Saved:
    return Saved(shown(output), msgspec.structs.replace(report, name=shown(Path(output).name)))
