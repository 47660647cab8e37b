"""What is asked of projects, in one place: it loads when the first of them comes."""

from __future__ import annotations

from clipwright.effects.checking import check
from clipwright.engine import Engine, Job
from clipwright.messages import ApplyAction, PlanRender, ReadProject, RenderResult, RunRender
from clipwright.plan.steps import Rendering
from clipwright.project.actions import apply
from clipwright.project.document import Document
from clipwright.project.stored import read
from clipwright.rendering import plan_render, run_render


async def answer(
    engine: Engine, request: PlanRender | RunRender | ApplyAction | ReadProject, job: Job
) -> Rendering | RenderResult | Document:
    """The reply to one request; errors as those who do it raise them."""
    match request:
        case PlanRender():
            return await plan_render(engine, request.project, request.export, job)
        case RunRender():
            return await run_render(engine, request.project, request.export, job)
        case ApplyAction():
            return apply(request.document, request.action, check)
        case ReadProject():
            return read(request.text, check)
