"""Projects rendered natively, for tests to look at what came of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from clipwright import api
from clipwright.engine import Job
from clipwright.media import Source
from clipwright.native.engine import NativeEngine
from clipwright.native.outputs import Destination
from clipwright.plan.presets import Export
from clipwright.plan.request import Project
from clipwright.plan.steps import RenderReport
from clipwright.project.document import Document
from clipwright.rendering import run_render
from tests.clips import Recipe

JOB = Job(id="render")


class Rendered(NamedTuple):
    path: Path
    report: RenderReport


Render = Callable[..., Rendered]


def rendering(make: Callable[[Recipe], Path], folder: Path) -> Render:
    """What renders a document whose sources are all the file that a recipe makes."""

    def run(
        document: Document,
        recipe: Recipe = Recipe(),  # noqa: B008 - a value
        extra: Path | None = None,
        **export: object,
    ) -> Rendered:
        async def work() -> Rendered:
            extras: tuple[Source, ...] = ()
            engine = NativeEngine(Destination(folder))
            source = engine.register(make(recipe))
            media = await api.open_media(engine, source, "auto", JOB)
            named = tuple(msgspec.structs.replace(one, media=source.id) for one in document.sources)
            if extra is not None:
                other = engine.register(extra)
                named = tuple(
                    msgspec.structs.replace(one, media=other.id) if one.name == extra.name else one
                    for one in named
                )
                extras = (other,)
            document_ = msgspec.structs.replace(document, sources=named)
            project = Project(document=document_, media=(media,), extras=extras)
            result = await run_render(engine, project, Export(**export), JOB)  # type: ignore[arg-type]
            return Rendered(engine.saved(result.output), result.report)

        return asyncio.run(work())

    return run
