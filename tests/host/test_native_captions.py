"""Subtitles that can be switched off, and chapters, in results that a native FFmpeg makes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import av
import msgspec
import pytest

from clipwright import api
from clipwright.engine import Job
from clipwright.errors import MediaError
from clipwright.native import ffmpeg
from clipwright.native.engine import NativeEngine
from clipwright.native.outputs import Destination
from clipwright.plan import portions
from clipwright.plan.presets import Export
from clipwright.plan.request import Project
from clipwright.plan.steps import RenderReport
from clipwright.project.document import Document
from clipwright.rendering import run_render
from tests import captioned, reading
from tests.captioned import CHAPTERS, TITLES
from tests.clips import Recipe
from tests.equipment import tool
from tests.unit.films import clip

JOB = Job(id="captions")


class Rendered(NamedTuple):
    path: Path
    report: RenderReport


Render = Callable[..., Rendered]


@pytest.fixture
def render(make, tmp_path: Path) -> Render:
    """Render a document of one film and the files of subtitles."""

    def run(document: Document, **export: object) -> Rendered:
        async def work() -> Rendered:
            engine = NativeEngine(Destination(tmp_path))
            media = await api.open_media(engine, engine.register(make(Recipe())), "auto", JOB)
            extras = tuple(engine.register(path) for path in captioned.written(tmp_path))
            ids = {one.name: one.id for one in extras} | {"a": media.source.id}
            named = tuple(msgspec.structs.replace(one, media=ids[one.id]) for one in document.sources)
            project = Project(
                document=msgspec.structs.replace(document, sources=named), media=(media,), extras=extras
            )
            result = await run_render(engine, project, Export(preset="draft", **export), JOB)  # type: ignore[arg-type]
            return Rendered(engine.saved(result.output), result.report)

        return asyncio.run(work())

    return run


@pytest.mark.parametrize(
    ("container", "program"),
    [("mp4", ""), ("mov", ""), ("mkv", ""), ("webm", ""), ("mp4", "ffmpeg5"), ("mkv", "ffmpeg5")],
)
def test_subtitles_and_chapters_are_in_the_result(
    render: Render, container: str, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if program:
        monkeypatch.setenv(ffmpeg.VARIABLE, str(tool(program)))
    made = render(captioned.project(), format=container).path
    assert captioned.found(made) == captioned.wanted(container)
    assert captioned.defaults(made) == [True, False]
    assert captioned.chapters(made) == CHAPTERS
    times = [shot.pts_us for shot in reading.shots(made)]
    assert (len(times), times[0]) == (30, 0)
    if container == "mkv":
        with av.open(str(made)) as opened:
            assert b"Style: Big,Arial,40" in (opened.streams.subtitles[1].codec_context.extradata or b"")


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_what_is_made_in_portions_has_them_too(
    render: Render, container: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(portions.MOST_INPUTS, "native", 1)
    document = captioned.project(clip("c1", 0, (0, 600_000)), clip("c2", 600_000, (2_000_000, 2_600_000)))
    made = render(document, format=container).path
    assert captioned.found(made) == captioned.wanted(container)
    assert captioned.chapters(made) == CHAPTERS
    assert reading.numbers(made) == [*range(15), *range(50, 65)]
    assert [kind for kind, _ in reading.stream_kinds(made)][:2] == ["video", "audio"]


def test_a_part_has_its_own_part_of_them(render: Render) -> None:
    made = render(captioned.project(), format="mkv", start_us=440_000, end_us=1_000_000).path
    german, english = captioned.found(made)
    assert [(cue.start_ms, cue.end_ms) for cue in german.cues] == [(0, 160), (160, 360), (460, 560)]
    assert [(cue.start_ms, cue.end_ms) for cue in english.cues] == [(0, 560)]
    assert captioned.chapters(made) == [(0, 360, TITLES[0]), (360, 560, TITLES[1])]


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_what_only_cuts_has_the_same_chapters(render: Render, container: str) -> None:
    document = captioned.project(clip("c1", 0, (0, 600_000)), clip("c2", 600_000, (2_000_000, 2_600_000)))
    document = msgspec.structs.replace(document, tracks=document.tracks[:1])
    made = render(document, format=container)
    assert made.report.method == "lossless"
    assert captioned.chapters(made.path) == CHAPTERS
    assert captioned.chapters(render(document, format=container, chapters=False).path) == []


def test_text_in_no_known_encoding_is_refused(render: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    def written(folder: Path) -> list[Path]:
        files = original(folder)
        files[0].write_bytes("1\n00:00:01,000 --> 00:00:02,000\nGrün\n".encode("latin-1"))
        return files

    original = captioned.written
    monkeypatch.setattr(captioned, "written", written)
    with pytest.raises(MediaError, match="is no text"):
        render(captioned.project(), format="mkv")
    # Nothing reads it where nothing could hold it.
    assert [note.code for note in render(captioned.project(), format="gif").report.notes] == [
        "subtitles_dropped"
    ]
