"""A project as a file: validated, handed to the cutter where it only cuts, otherwise composed and rendered."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import msgspec

from clipwright.cutting import plan_cut, run_cut
from clipwright.effects.checking import check
from clipwright.engine import Engine, Job, Output
from clipwright.errors import CapabilityError, ResourceError
from clipwright.media import Media, Reader, Source
from clipwright.messages import RenderResult
from clipwright.plan.burning import burned_texts
from clipwright.plan.companions import read_files
from clipwright.plan.compose import compose
from clipwright.plan.order import Composition
from clipwright.plan.presets import Export, target
from clipwright.plan.request import CutRequest, Project
from clipwright.plan.scene import ROOT
from clipwright.plan.steps import Plan, Rendering, RenderReport, Report, Step
from clipwright.plan.straight import cut_request
from clipwright.project.document import Document
from clipwright.project.faults import refusal
from clipwright.project.validation import validate

_ATTEMPTS = 3
_LEAST = 10_000
"""No result is expected to have fewer bytes."""
_SMALLER = 95
"""What per cent of the room a further attempt is given, measured by how much the last one took."""


async def plan_render(engine: Engine, project: Project, export: Export, job: Job) -> Rendering:
    """What would be done; nothing is written.

    Raises BadRequest with a path for everything that is wrong with the document or the export, CapabilityError where
    nothing here can render it.
    """
    _validated(project.document)
    straight = _straight(project, export)
    if straight is None:
        return compose(await _composition(engine, project, export, job))
    (plan,) = (await plan_cut(engine, *straight, job)).plans
    return _as_rendering(plan, project.document)


async def run_render(engine: Engine, project: Project, export: Export, job: Job) -> RenderResult:
    """Render it. Raises as `plan_render` does, and what engines raise; no partial output is left behind.

    Where the result must not be larger than so many bytes and is, it is made again with fewer bits; ResourceError when
    that does not help.
    """
    _validated(project.document)
    started = time.perf_counter()
    job = job.rising()
    straight = _straight(project, export)
    if straight is not None:
        (made,) = (await run_cut(engine, *straight, job)).results
        return RenderResult(output=made.output, report=_copied(made.report, project.document))
    composition = await _composition(engine, project, export, job)
    most = target(project.document.output, export).max_bytes
    done: tuple[Step, ...] = ()
    for _ in range(_ATTEMPTS):
        rendering = msgspec.structs.replace(compose(composition), most_bytes=most)
        if rendering.steps == done:  # Some formats have no bits to save.
            break
        output, done = await engine.run(rendering, job), rendering.steps
        if most is None or output.size <= most:
            return RenderResult(output=output.id, report=_composed(rendering, output, started))
        less = max(_LEAST, most * most * _SMALLER // (output.size * 100))
        smaller = msgspec.structs.replace(composition.export, max_bytes=less)
        composition = msgspec.structs.replace(composition, export=smaller)
    raise ResourceError(
        f"The result does not fit into {most} bytes.", hint="Allow more, or export a shorter part."
    )


def _straight(project: Project, export: Export) -> tuple[tuple[Media, ...], CutRequest] | None:
    """The cut that a project comes to, if it does."""
    if not export.copy:
        return None
    files, _ = _by_source(project)
    return cut_request(project.document, files, target(project.document.output, export), export)


def _validated(document: Document) -> None:
    if faults := validate(document, check, ROOT):
        raise refusal(faults)


async def _composition(engine: Engine, project: Project, export: Export, job: Job) -> Composition:
    caps = engine.capabilities
    files, extras = _by_source(project)
    wanted = target(project.document.output, export)
    spoken = {*read_files(project.document, wanted), *burned_texts(project.document, wanted)}
    needed = [footage.id for footage in project.document.sources if footage.id in spoken.intersection(extras)]
    return Composition(
        document=project.document,
        files=files,
        extras=extras,
        texts={source: await engine.text(extras[source], job) for source in needed},
        export=export,
        caps=caps,
        engine=_renderer(caps.engines),
        output="render",
    )


def _renderer(engines: Sequence[Reader]) -> Reader:
    """The engine that runs filter graphs."""
    for engine in engines:
        if engine != "media":
            return engine
    raise CapabilityError("There is no FFmpeg here to render with.", hint="Only cuts can be made.")


def _by_source(project: Project) -> tuple[Mapping[str, Media], Mapping[str, Source]]:
    """What is open, by the ids of the document's sources; filters may open what clips show, too."""
    media = {one.source.id: one for one in project.media}
    extras = {one.id: one for one in (*(one.source for one in project.media), *project.extras)}
    named = [footage for footage in project.document.sources if footage.media]
    return (
        {footage.id: media[footage.media] for footage in named if footage.media in media},
        {footage.id: extras[footage.media] for footage in named if footage.media in extras},
    )


def _composed(rendering: Rendering, output: Output, started: float) -> RenderReport:
    return RenderReport(
        engine=rendering.engine,
        method=rendering.method,
        format=rendering.format,
        name=rendering.name,
        size=output.size,
        width=rendering.width,
        height=rendering.height,
        frame_rate=rendering.frame_rate,
        duration_us=rendering.duration_us,
        notes=rendering.notes,
        elapsed_ms=round((time.perf_counter() - started) * 1000),
    )


def _as_rendering(plan: Plan, document: Document) -> Rendering:
    output = document.output
    return Rendering(
        sources=plan.sources,
        engine=plan.engine,
        method=plan.mode,
        format=plan.container,
        name=plan.name,
        output=plan.output,
        width=output.width,
        height=output.height,
        frame_rate=output.frame_rate,
        duration_us=sum(segment.span.duration for segment in plan.segments),
        estimated_bytes=plan.estimated_bytes,
        notes=plan.notes,
        steps=plan.steps,
        checks=plan.checks,
    )


def _copied(report: Report, document: Document) -> RenderReport:
    output = document.output
    return RenderReport(
        engine=report.engine,
        method=report.mode,
        format=report.container,
        name=report.name,
        size=report.size,
        width=output.width,
        height=output.height,
        frame_rate=output.frame_rate,
        duration_us=sum(segment.span.duration for segment in report.segments),
        notes=report.notes,
        elapsed_ms=report.elapsed_ms,
    )
