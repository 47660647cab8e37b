"""Projects through the public JavaScript API: read, edited, planned, and rendered by FFmpeg in the page."""

from __future__ import annotations

import asyncio
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import msgspec
import pytest
from playwright.sync_api import Browser

from clipwright import api
from clipwright.engine import Job
from clipwright.filters.cube import cube
from clipwright.filters.layout import picture_in_picture
from clipwright.native import ffmpeg
from clipwright.native.engine import NativeEngine
from clipwright.native.outputs import Destination
from clipwright.plan.presets import Export
from clipwright.plan.request import Project
from clipwright.project.document import (
    Clip,
    Document,
    Ducking,
    Effect,
    Footage,
    Track,
    Transform,
    Transition,
)
from clipwright.project.stored import write
from clipwright.rendering import run_render
from tests import captioned, reading, seethrough
from tests.clips import Recipe
from tests.equipment import tool
from tests.pages import open_lab
from tests.unit import films
from tests.unit.films import SECOND, clip, film

pytestmark = pytest.mark.unhurried

RENDER = """async ([text, wishes]) => {
    const { Clipwright } = await import('/clipwright.js');
    const app = await Clipwright.start();
    const document = await app.readProject(text);
    const files = [...globalThis.document.querySelector('#file').files];
    document.sources[0].media = (await app.open(files[0])).source.id;
    for (const [n, file] of files.slice(1).entries()) document.sources[n + 1].media = (await app.attach(file)).id;
    const results = [];
    for (const wish of wishes) {
        const progress = [];
        const plan = await app.planRender(document, wish);
        const result = await app.render(document, { ...wish, onProgress: ({ done }) => progress.push(done) });
        const { name, report } = result;
        await fetch('/kept/' + name, { method: 'PUT', body: await result.blob() });
        await result.release();
        results.push({ name, report, plan, progress });
    }
    await app.close();
    return results;
}"""
EDIT = """async ([text, actions]) => {
    const { Clipwright } = await import('/clipwright.js');
    const app = await Clipwright.start();
    let document = await app.readProject(text);
    for (const action of actions) document = await app.apply(document, action);
    const refused = [
        await app.apply(document, { action: 'split', clip: 'c9', at_us: 1 }).catch(({ code, path }) => [code, path]),
        await app.apply(document, { action: 'explode' }).catch(({ code, path }) => [code, path]),
        await app.readProject('{"schema_version": 99}').catch(({ code, path }) => [code, path]),
        await app.render(document, { preset: 'standart' }).catch(({ code, path }) => [code, path]),
        await app.render(document).catch(({ code, path }) => [code, path]),
    ];
    await app.close();
    return { document, refused };
}"""


@pytest.fixture
def kept(sites: dict[str, str]) -> Path:
    """Where the test server keeps what pages PUT."""
    return Path(sites["kept"])


@pytest.fixture
def page(chromium: Browser, sites: dict[str, str]):
    page = chromium.new_page()
    open_lab(page, sites["plain"])
    page.evaluate("lab.input()")
    page.evaluate("document.querySelector('#file').multiple = true")
    yield page
    page.close()


INSET = Transform(cell=picture_in_picture("top_left", size=0.4, margin=0.05)[1], rotation=20, opacity=0.8)
SAID = Clip(id="t1", start_us=200_000, end_us=900_000, text="It's [50%]: \\ “ö”\nsecond", style={"size": 24})
MIXED = film(
    clip("c1", 0, (0, 800_000), effects=(Effect(name="lut", params={"source": "b"}),)),
    clip("c2", 400_000, (2 * SECOND, 3_200_000), "2", effects=(Effect(name="blur", start_us=300_000),)),
    transitions=(Transition(before="c1", after="c2", name="wipeleft", duration_us=400_000),),
    over=(
        Track(id="o", kind="video", volume=0.5, clips=(clip("o1", 600_000, (0, 600_000), transform=INSET),)),
        Track(id="t", kind="text", clips=(SAID,)),
    ),
)
BELOW, ABOVE, WORDS = MIXED.tracks
MIXED = msgspec.structs.replace(
    MIXED,
    sources=(*MIXED.sources, Footage(id="b", name="look.cube")),
    tracks=(
        msgspec.structs.replace(
            BELOW, ducking=Ducking(voices=("o",), params={"threshold": 0.01, "ratio": 9})
        ),
        msgspec.structs.replace(ABOVE, effects=(Effect(name="gain", params={"db": 3}, start_us=900_000),)),
        WORDS,
    ),
)


def natively(document: Document, source: Path, look: Path, folder: Path, export: Export) -> Path:
    """The same project rendered by a native FFmpeg of the same line."""

    async def work() -> Path:
        engine = NativeEngine(Destination(folder))
        media = await api.open_media(engine, engine.register(source), "auto", Job(id="native"))
        extra = engine.register(look)
        ids = {"a": media.source.id, "b": extra.id}
        sources = tuple(msgspec.structs.replace(one, media=ids[one.id]) for one in document.sources)
        named = msgspec.structs.replace(document, sources=sources)
        project = Project(document=named, media=(media,), extras=(extra,))
        return engine.saved((await run_render(engine, project, export, Job(id="native"))).output)

    # Playwright has an event loop in this thread.
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, work()).result()


def unpacked(archive: Path, folder: Path) -> list[Path]:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
        return [folder / name for name in opened.namelist()]


def samples_of(picture: Path):
    with av.open(str(picture)) as opened:
        (frame,) = opened.decode(video=0)
        return frame.to_ndarray(format="rgb24")


def test_every_frame_and_sample_is_the_one_that_a_native_ffmpeg_makes(
    page, kept: Path, make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, look = make(Recipe()), tmp_path / "look.cube"
    look.write_text(cube("calming_teal"), "utf-8")
    page.set_input_files("#file", [source, look])
    told, _ = page.evaluate(RENDER, [write(MIXED), [{"preset": "frames"}, {"format": "wav"}]])
    assert told["report"]["method"] == "composed"
    assert told["plan"]["engine"] == told["report"]["engine"] == "ffmpeg"
    assert told["progress"] == sorted(told["progress"]) and told["progress"][-1] == 1
    # In SIMD it rounds otherwise.
    plain = tmp_path / "ffmpeg"
    plain.write_text(f'#!/bin/sh\nexec "{tool("ffmpeg5")}" -cpuflags 0 "$@"\n')
    plain.chmod(0o755)
    monkeypatch.setenv(ffmpeg.VARIABLE, str(plain))
    heard = natively(MIXED, source, look, tmp_path, Export(format="wav"))
    (_, _, ours), (_, _, theirs) = reading.samples(kept / "Film.wav"), reading.samples(heard)
    assert len(ours) == len(theirs) and abs(ours - theirs).max() <= 2
    other = natively(MIXED, source, look, tmp_path, Export(preset="frames"))
    here, there = unpacked(kept / "Film.zip", tmp_path / "here"), unpacked(other, tmp_path / "there")
    assert len(here) == len(there) == 30
    alike = [reading.psnr_db(samples_of(one), samples_of(two)) for one, two in zip(here, there, strict=True)]
    assert min(alike) > 45


FORMATS = [
    {"copy": False},
    {"format": "webm", "copy": False, "name": "other"},
    {"preset": "gif"},
    {"preset": "audio"},
    {"preset": "still", "at_us": 600_000},
    {"preset": "discord", "max_bytes": 60_000, "name": "small"},
    {"name": "cut"},
]


def test_a_project_becomes_what_was_asked_for(page, kept: Path, make) -> None:
    document = film(clip("c1", 0, (SECOND, 2 * SECOND)), clip("c2", SECOND, (0, 600_000)))
    page.set_input_files("#file", [make(Recipe())])
    told = page.evaluate(RENDER, [write(document), FORMATS])
    assert [one["name"] for one in told] == [
        *("Film.mp4", "other.webm", "Film.gif", "Film.m4a", "Film.png", "small.mp4", "cut.mp4")
    ]
    assert [one["report"]["method"] for one in told][:-1] == ["composed"] * 6
    assert told[-1]["report"]["method"] == told[-1]["plan"]["method"] == "lossless"
    assert [one["report"]["size"] for one in told] == [(kept / one["name"]).stat().st_size for one in told]
    wanted = films.numbers(document)
    for name in ("Film.mp4", "other.webm", "cut.mp4"):
        assert [{number} for number in reading.numbers(kept / name)] == wanted
        assert {round((tone.source_us - tone.at_us) / SECOND) for tone in reading.tones(kept / name)} <= {
            1,
            -1,
        }
    assert told[5]["report"]["size"] <= 60_000
    assert len(reading.numbers(kept / "Film.gif")) == 20
    assert reading.numbers(kept / "Film.png") == [40]
    assert reading.stream_kinds(kept / "Film.m4a") == [("audio", "aac")]


def test_subtitles_and_chapters_are_as_a_native_ffmpeg_makes_them(
    page, kept: Path, make, tmp_path: Path
) -> None:
    page.set_input_files("#file", [make(Recipe()), *captioned.written(tmp_path)])
    wishes = [{"preset": "draft", "format": container} for container in ("mp4", "mkv", "webm")]
    page.evaluate(RENDER, [write(captioned.project()), wishes])
    for wish in wishes:
        made = kept / f"Film.{wish['format']}"
        assert captioned.found(made) == captioned.wanted(wish["format"])
        assert captioned.defaults(made) == [True, False]
        assert captioned.chapters(made) == captioned.CHAPTERS
        assert reading.numbers(made) == [*range(30)]


@pytest.mark.parametrize("name", ["vp9", "qtrle"])
def test_films_let_through_what_is_behind_them(page, kept: Path, make, name: str) -> None:
    page.set_input_files("#file", [make(seethrough.FILMS[name])])
    wish = {"preset": "still", "at_us": 520_000}
    page.evaluate(RENDER, [write(seethrough.over_blue(name)), [wish]])
    assert seethrough.halves_are_blue(kept / f"{name}.png") == (True, False)


def test_what_only_cuts_keeps_its_chapters(page, kept: Path, make) -> None:
    document = captioned.project(clip("c1", 0, (0, 600_000)), clip("c2", 600_000, (2_000_000, 2_600_000)))
    document = msgspec.structs.replace(document, tracks=document.tracks[:1], sources=document.sources[:1])
    page.set_input_files("#file", [make(Recipe())])
    wishes = [{"format": "mp4"}, {"format": "mkv"}, {"chapters": False, "name": "bare"}]
    told = page.evaluate(RENDER, [write(document), wishes])
    assert [one["report"]["method"] for one in told] == ["lossless"] * 3
    assert [captioned.chapters(kept / one["name"]) for one in told] == [captioned.CHAPTERS] * 2 + [[]]


def test_many_clips_are_rendered_in_portions(page, kept: Path, make, tmp_path: Path) -> None:
    document = captioned.project(
        *(
            clip(f"c{n}", n * 120_000, ((n * 7 % 25) * 120_000, (n * 7 % 25) * 120_000 + 120_000))
            for n in range(50)
        )
    )
    page.set_input_files("#file", [make(Recipe()), *captioned.written(tmp_path)])
    (told,) = page.evaluate(RENDER, [write(document), [{"copy": False}]])
    assert [step["do"] for step in told["plan"]["steps"]] == ["ffmpeg"] * (5 + 3) + ["assemble", "ffmpeg"]
    assert [{number} for number in reading.numbers(kept / "Film.mp4")] == films.numbers(document)
    assert captioned.found(kept / "Film.mp4") == captioned.wanted("mp4")
    assert [title for _, _, title in captioned.chapters(kept / "Film.mp4")] == [*captioned.TITLES]


def test_edits_and_refusals(page) -> None:
    actions = [
        {"action": "split", "clip": "c1", "at_us": 400_000},
        {"action": "ripple_delete", "clip": "c1"},
        {"action": "add_marker", "time_us": 100_000, "name": "here"},
    ]
    told = page.evaluate(EDIT, [write(film(clip("c1", 0, (0, SECOND)))), actions])
    (left,) = told["document"]["tracks"][0]["clips"]
    assert (left["start_us"], left["source_start_us"], left["source_end_us"]) == (0, 400_000, SECOND)
    assert told["document"]["markers"][0]["name"] == "here"
    assert [code for code, _ in told["refused"]] == ["bad_request"] * 5
    assert told["refused"][2][1] == "$.schema_version"
    assert told["refused"][3][1] == "$.export.preset"
    assert told["refused"][4][1] == "$.document.tracks[0].clips[0].source"
