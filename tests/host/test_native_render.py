"""Projects rendered natively: every frame and every sound in its place, in every format."""

from __future__ import annotations

import asyncio
import zipfile
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from screening import JOB, Render

from clipwright import api
from clipwright.errors import BadRequest, ResourceError
from clipwright.filters.layout import Cell, diagonal, picture_in_picture
from clipwright.filters.subtitles import Cue, written
from clipwright.native import ffmpeg
from clipwright.native.engine import NativeEngine
from clipwright.native.outputs import Destination
from clipwright.plan.presets import PRESETS, Export
from clipwright.plan.request import Project
from clipwright.plan.steps import RunFfmpeg
from clipwright.project.document import (
    Clip,
    Crop,
    Document,
    Effect,
    Footage,
    Output,
    Track,
    Transform,
    Transition,
)
from clipwright.rendering import plan_render
from tests import reading, seethrough
from tests.clips import Recipe
from tests.equipment import tool
from tests.unit import films
from tests.unit.films import SECOND, clip, film

CUTS = film(clip("c1", 0, (SECOND, 2 * SECOND)), clip("c2", SECOND + 400_000, (0, 600_000)))
DISSOLVE = Transition(before="c1", after="c2", name="fade", duration_us=400_000)
PACES = film(
    clip("c1", 0, (0, 2 * SECOND), "2"),
    clip("c2", SECOND, (2 * SECOND, 3 * SECOND), "1/2"),
    clip("c3", 3 * SECOND, (3_100_000, 3_640_000)),
)


def assert_shows(path: Path, document: Document, source_rate: int = 25) -> None:
    found = reading.numbers(path)
    wanted = films.numbers(document, source_rate)
    assert len(found) == len(wanted)
    wrong = [(n, one, may) for n, (one, may) in enumerate(zip(found, wanted, strict=True)) if one not in may]
    assert not wrong


@pytest.mark.parametrize("rate", ["25", "30000/1001", "24", "50", "60"])
@pytest.mark.parametrize("document", [CUTS, PACES], ids=["gap", "paces"])
def test_every_frame_is_the_right_one(render: Render, document: Document, rate: str) -> None:
    document = msgspec.structs.replace(
        document, output=msgspec.structs.replace(document.output, frame_rate=rate)
    )
    made = render(document, copy=False)
    assert made.report.method == "composed"
    assert_shows(made.path, document)
    times = [shot.pts_us for shot in reading.shots(made.path)]
    exact = [round(n * SECOND / float(reading.Fraction(rate))) for n in range(len(times))]
    assert max(abs(one - other) for one, other in zip(times, exact, strict=True)) <= 60


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(container="mkv", video="vp9", audio=("opus",)),
        Recipe(container="ts", audio=("mp3",)),
        Recipe(bframes=3, open_gop=True, gop=40),
        Recipe(rotation=90),
        Recipe(pixel_aspect="2/1"),
        Recipe(delay_video_s=0.2),
        Recipe(depth=10, video="hevc"),
    ],
    ids=lambda recipe: f"{recipe.container}-{recipe.video}-{recipe.rotation}-{recipe.pixel_aspect[0]}",
)
def test_sources_of_all_kinds_are_read_to_the_frame(render: Render, recipe: Recipe) -> None:
    document = film(clip("c1", 0, (1_000_000, 1_800_000)), clip("c2", 800_000, (2_600_000, 3_000_000)))
    pictures = reading.pictures(render(document, recipe, copy=False).path)
    # Where the shape is another one, bars are beside it.
    rows, columns = {"90": ((0, 180), (109, 211)), "2": ((45, 135), (0, 320))}.get(
        str(recipe.rotation or recipe.pixel_aspect[0]), ((0, 180), (0, 320))
    )
    found = [reading.read_number(one.samples[slice(*rows), slice(*columns)])[0] for one in pictures]
    # The clock of a transport stream starts with its sound, which is 23 ms, so less than a picture, earlier here.
    late = 1 if recipe.container == "ts" else round(recipe.delay_video_s * 25)
    assert found == [n - late for n in [*range(25, 45), *range(65, 75)]]


def test_sound_is_where_its_picture_is(render: Render) -> None:
    made = render(CUTS, copy=False).path
    start, rate, data = reading.samples(made)
    assert (start, rate) == (0, 48_000)
    assert abs(len(data) - 2 * 48_000) <= 1024
    moved = {round((tone.source_us - tone.at_us) / 10_000) for tone in reading.tones(made)}
    # The first second comes from one second on; the second clip lies 1.4 s later than in its source.
    assert moved <= {100, 99, 101, -140, -139, -141}
    assert {100, -140} <= moved
    silent = data[int(1.05 * rate) : int(1.35 * rate)]
    assert np.abs(silent).max() < 0.001


def test_a_transition_lies_over_both_of_its_clips(render: Render) -> None:
    document = film(
        clip("c1", 0, (0, SECOND)), clip("c2", 600_000, (2 * SECOND, 3 * SECOND)), transitions=(DISSOLVE,)
    )
    made = render(document, copy=False).path
    assert_shows(made, document)
    pictures = reading.pictures(made)
    assert len(pictures) == 40
    # Before it the first clip alone, after it the second; in its middle half of each.
    assert [picture.number for picture in (*pictures[:15], *pictures[25:])] == [*range(15), *range(60, 75)]
    alone = reading.pictures(render(film(clip("c1", 0, (0, 3 * SECOND))), copy=False).path)
    mean = (alone[20].samples.astype(float) + alone[55].samples) / 2
    assert reading.psnr_db(pictures[20].samples, mean) > 30
    _, rate, data = reading.samples(made)
    loud = [np.sqrt(np.mean(data[int(at * rate) : int((at + 0.05) * rate)] ** 2)) for at in (0.3, 0.78, 1.3)]
    # Each fades along a straight line, and what sounds together is not the same.
    assert 0.4 * loud[0] < loud[1] < 0.9 * loud[0]
    assert abs(loud[0] - loud[2]) < 0.1 * loud[0]


def test_a_part_shows_what_the_whole_shows_then(render: Render) -> None:
    document = film(
        clip("c1", 0, (0, SECOND)),
        clip("c2", 600_000, (2 * SECOND, 3 * SECOND), effects=(Effect(name="blur"),)),
        transitions=(DISSOLVE,),
    )
    whole = reading.pictures(render(document, copy=False, preset="high").path)
    part = reading.pictures(
        render(document, copy=False, preset="high", start_us=720_000, end_us=1_240_000).path
    )
    assert len(part) == 13
    alike = [
        reading.psnr_db(one.samples, other.samples) for one, other in zip(part, whole[18:31], strict=True)
    ]
    assert min(alike) > 38
    still = render(document, preset="still", at_us=800_000).path
    with av.open(str(still)) as opened:
        (picture,) = opened.decode(video=0)
    back = picture.reformat(format="yuv420p", dst_colorspace="itu709", dst_color_range="MPEG").to_ndarray()
    assert reading.psnr_db(back, whole[20].samples) > 34


def test_a_picture_in_a_corner_is_seen_only_while_it_is_there(render: Render) -> None:
    inset = Transform(cell=picture_in_picture("top_left", size=0.5, margin=0.1)[1])
    over = Track(
        id="o", kind="video", volume=0, clips=(clip("o1", 400_000, (3 * SECOND, 3_400_000), transform=inset),)
    )
    pictures = reading.pictures(render(film(clip("c1", 0, (0, SECOND)), over=(over,)), copy=False).path)
    corner = [reading.read_number(one.samples[18 : 18 + 90, 32 : 32 + 160])[0] for one in pictures]
    assert corner[10:20] == list(range(75, 85))
    assert not set(corner[:10] + corner[20:]) & set(range(75, 85))
    plain = reading.pictures(render(film(clip("c1", 0, (0, SECOND))), copy=False).path)
    before = [reading.psnr_db(a.samples, b.samples) for a, b in zip(pictures[:8], plain[:8], strict=True)]
    assert min(before) > 40


@pytest.mark.parametrize(
    ("transform", "numbers", "turn"),
    [
        (Transform(rotation=90), True, 90),
        (Transform(rotation=-90), True, 270),
        (Transform(rotation=180), True, 180),
        (Transform(crop=Crop(right=0.5)), False, 0),
        (Transform(cell=Cell(fit="fill")), True, 0),
        (Transform(opacity=0.5), True, 0),
        (Transform(flip_x=True, flip_y=True), True, 180),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_picture_stands_as_its_transform_says(
    render: Render, transform: Transform, numbers: bool, turn: int
) -> None:
    # The corners tell the turn: where the picture is all of the cell, fitted into the middle of the frame.
    pictures = reading.pictures(
        render(film(clip("c1", 0, (0, 200_000), transform=transform)), copy=False).path
    )
    assert len(pictures) == 5
    wide = transform.rotation % 180 == 0
    seen = [one.samples[:180] if wide else one.samples[:180, 109 : 109 + 102] for one in pictures]
    found = [reading.read_number(one) for one in seen]
    assert found == [(n, turn) for n in range(5)] if numbers else all(number is None for number, _ in found)


def test_what_only_cuts_is_not_encoded(render: Render) -> None:
    document = film(clip("c1", 0, (1_200_000, 2_200_000)), clip("c2", SECOND, (0, 600_000)))
    made = render(document)
    assert made.report.method == "smart"
    assert_shows(made.path, document)
    assert render(document, Recipe(size=(640, 360))).report.method == "composed"


@pytest.mark.parametrize(
    "more",
    [
        {"volume": 0.5},
        {"effects": (Effect(name="blur"),)},
        {"transform": Transform(flip_x=True)},
    ],
    ids=["volume", "effect", "transform"],
)
def test_what_does_more_than_cut_is_composed(render: Render, more: dict[str, object]) -> None:
    assert render(film(clip("c1", 0, (0, 400_000), **more))).report.method == "composed"


FORMATS = {
    "draft": ("h264", "aac", (320, 180)),
    "youtube_720p": ("h264", "aac", (1280, 720)),
    "vertical": ("h264", "aac", (1080, 1920)),
    "square": ("h264", "aac", (1080, 1080)),
    "gif": ("gif", None, (320, 180)),
    "audio": (None, "aac", (0, 0)),
}


@pytest.mark.parametrize("preset", FORMATS)
def test_presets_make_what_they_say(render: Render, preset: str) -> None:
    document = film(clip("c1", 0, (0, 480_000)))
    made = render(document, preset=preset, copy=False)
    video, audio, size = FORMATS[preset]
    with av.open(str(made.path)) as opened:
        kinds = {stream.type: stream.codec_context.name for stream in opened.streams}
        assert kinds.get("video") == video
        assert kinds.get("audio") == audio
        if video:
            stream = opened.streams.video[0]
            assert (stream.width, stream.height) == size == (made.report.width, made.report.height)
            wanted = 12 if PRESETS[preset].fps is None or PRESETS[preset].fps >= 25 else 6
            assert sum(1 for _ in opened.decode(stream)) == wanted
            if video == "h264":
                assert stream.codec_context.colorspace == 1
                assert reading.numbers(made.path)[:3] == [0, 1, 2] or size[0] <= size[1]


@pytest.mark.parametrize("format_", ["mkv", "webm", "mov", "mp3", "ogg", "wav", "flac", "webp", "jpg"])
def test_formats_replace_the_preset_s(render: Render, format_: str) -> None:
    made = render(film(clip("c1", 0, (0, 480_000))), format=format_, copy=False)
    assert made.path.suffix == f".{format_}"
    assert made.report.format == format_
    if format_ in ("mkv", "webm", "mov"):
        assert reading.numbers(made.path) == list(range(12))
    elif format_ not in ("webp", "jpg"):
        assert abs(reading.duration_us(made.path) - 480_000) < 60_000
    else:
        data = made.path.read_bytes()
        # RFC 9649: the canvas of an extended WebP; ITU-T T.81: the frame's header.
        at = data.index(b"VP8X") + 12 if format_ == "webp" else data.index(b"\xff\xc0") + 7
        assert data[at : at + 2] == (b"\x3f\x01" if format_ == "webp" else b"\x01\x40")


def test_numbered_pictures_come_in_one_archive(render: Render) -> None:
    made = render(film(clip("c1", 0, (0, 480_000))), preset="frames", name="all of it")
    assert made.path.name == "all of it.zip"
    with zipfile.ZipFile(made.path) as archive:
        names = archive.namelist()
        assert names == [f"out0_{n:06}.png" for n in range(1, 13)]
        archive.extractall(made.path.parent)
    assert [reading.numbers(made.path.parent / name)[0] for name in names] == list(range(12))


def test_a_result_can_be_kept_small(render: Render) -> None:
    document = film(clip("c1", 0, (0, 4 * SECOND), effects=(Effect(name="grain", params={"strength": 80}),)))
    made = render(document, preset="discord", max_bytes=150_000, copy=False)
    assert 50_000 < made.report.size <= 150_000
    assert made.path.stat().st_size == made.report.size
    # Attempts that came out larger are nowhere.
    assert sorted(made.path.parent.glob("Film*")) == [made.path]


@pytest.mark.parametrize("preset", ["discord", "gif"])
def test_what_cannot_be_made_small_enough_is_not_kept(render: Render, tmp_path: Path, preset: str) -> None:
    document = film(clip("c1", 0, (0, 4 * SECOND), effects=(Effect(name="grain", params={"strength": 80}),)))
    with pytest.raises(ResourceError, match="10000 bytes"):
        render(document, preset=preset, max_bytes=10_000, copy=False)
    assert not list(tmp_path.rglob("Film*"))


def test_texts_are_drawn_where_and_when_they_are_said(render: Render) -> None:
    said = Track(
        id="t",
        kind="text",
        clips=(
            Clip(id="t1", start_us=200_000, end_us=400_000, text="A: 'b' 100% \\ %{pts}", style={"size": 40}),
            Clip(
                id="t2",
                start_us=400_000,
                end_us=600_000,
                text="XXXXXXXX",
                style={"color": "black"},
                transform=Transform(opacity=0.5),
            ),
        ),
    )
    base = film(clip("c1", 0, (0, 800_000)))
    plain = reading.pictures(render(base, copy=False, preset="high").path)
    made = render(msgspec.structs.replace(base, tracks=(*base.tracks, said)), preset="high").path
    pictures = reading.pictures(made)
    changed = [
        reading.psnr_db(one.samples, other.samples) < 35 for one, other in zip(pictures, plain, strict=True)
    ]
    assert changed[5:15] == [True] * 10
    assert not any(changed[:5] + changed[15:])


def test_subtitles_of_a_file_are_shown_at_its_own_times(render: Render, tmp_path: Path) -> None:
    cues = (
        Cue(start_us=1_000_000, end_us=1_200_000, text="One"),
        Cue(start_us=5_000_000, end_us=6_000_000, text="Two"),
    )
    (tmp_path / "said.srt").write_text(written(cues, "srt"), "utf-8")
    said = Track(id="s", kind="subtitle", clips=(clip("s1", 200_000, (900_000, 1_300_000), source="b"),))
    base = film(clip("c1", 0, (0, 800_000)), over=(said,))
    base = msgspec.structs.replace(
        base, sources=(*base.sources, Footage(id="b", name="said.srt", duration_us=9 * SECOND))
    )
    made = reading.pictures(render(base, copy=False, preset="high", extra=tmp_path / "said.srt").path)
    plain = reading.pictures(render(film(clip("c1", 0, (0, 800_000))), copy=False, preset="high").path)
    changed = [
        reading.psnr_db(one.samples, other.samples) < 40 for one, other in zip(made, plain, strict=True)
    ]
    # From 0.3 s on, where the clip has reached the first text, and 0.2 s long.
    assert [n for n, one in enumerate(changed) if one] == list(range(8, 13))


@pytest.mark.parametrize("program", ["ffmpeg", "ffmpeg5"])
@pytest.mark.parametrize("name", [*seethrough.FILMS, "opaque"])
def test_films_let_through_what_is_behind_them(
    render: Render, name: str, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ffmpeg.VARIABLE, str(tool(program)))
    recipe = seethrough.FILMS.get(name, seethrough.OPAQUE)
    still = render(seethrough.over_blue(name), recipe, preset="still", at_us=520_000).path
    assert seethrough.halves_are_blue(still) == (name != "opaque", False)


def test_a_slanting_edge_divides_two_pictures(render: Render) -> None:
    left, right = (Transform(cell=cell) for cell in diagonal(2, lean=0.4))
    span = (0, 200_000)
    black = Effect(name="brightness", params={"brightness": -1})
    over = Track(id="o", kind="video", volume=0, clips=(clip("o1", 0, span, transform=right),))
    document = film(clip("c1", 0, span, effects=(black,), transform=left), over=(over,))
    luma = reading.pictures(render(document, copy=False, preset="high").path)[0].samples[:180]
    # Left of the edge the picture is black. It meets the top at 0.7 of the width, the bottom at 0.3.
    for row, edge in ((4, 0.69), (90, 0.5), (175, 0.31)):
        at = round(edge * 320)
        assert luma[row, : at - 8].max() < 24
        assert luma[row, at + 8 :].min() > 28


def test_a_project_of_texts_alone_has_a_background(render: Render) -> None:
    said = Track(id="t", kind="text", clips=(Clip(id="t1", start_us=0, end_us=400_000, text="Only this"),))
    document = Document(
        tracks=(said,), output=Output(width=320, height=180, frame_rate="25", background="#0000ff")
    )
    made = render(document)
    pictures = reading.pictures(made.path)
    assert len(pictures) == 10
    assert [kind for kind, _ in reading.stream_kinds(made.path)] == ["video"]


def test_effects_of_the_whole_lie_over_all_of_it(render: Render) -> None:
    document = film(clip("c1", 0, (0, SECOND)), effects=(Effect(name="reverse"),))
    assert reading.numbers(render(document).path) == list(range(24, -1, -1))
    fast = film(
        clip("c1", 0, (0, SECOND)), effects=(Effect(name="blur", start_us=400_000, params={"sigma": 100}),)
    )
    found = reading.numbers(render(fast).path)
    assert found[:10] == list(range(10))
    assert set(found[10:]) == {None}


@pytest.mark.parametrize(
    ("document", "export", "path"),
    [
        (Document(), {}, "$.document.tracks"),
        (film(clip("c1", 0, (0, SECOND))), {"preset": "stnadard"}, "$.export.preset"),
        (film(clip("c1", 0, (0, SECOND))), {"start_us": 2 * SECOND}, "$.export.start_us"),
        (film(clip("c1", 0, (0, SECOND))), {"end_us": 2 * SECOND}, "$.export.end_us"),
        (film(clip("c1", 0, (0, SECOND))), {"preset": "still", "at_us": SECOND}, "$.export.at_us"),
        (film(clip("c1", 0, (0, SECOND))), {"preset": "discord", "max_bytes": 1}, "$.export.max_bytes"),
        (film(clip("c1", 0, (0, SECOND), source="b")), {}, "$.document.tracks[0].clips[0].source"),
        (
            film(clip("c1", 0, (0, SECOND), effects=(Effect(name="blurr"),))),
            {},
            "$.document.tracks[0].clips[0].effects[0].name",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nonsense_reaches_no_engine(
    render: Render, document: Document, export: dict[str, object], path: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        render(document, **export)
    assert refused.value.path == path


def test_a_source_without_what_a_clip_wants_is_refused(render: Render) -> None:
    with pytest.raises(BadRequest, match="has no picture"):
        render(film(clip("c1", 0, (0, SECOND))), Recipe(container="m4a", video=None))


@pytest.mark.parametrize("copy", [True, False])
def test_a_file_that_is_shorter_than_its_project_says_is_refused(render: Render, copy: bool) -> None:
    document = film(clip("c1", 0, (9 * SECOND, 10 * SECOND)))
    longer = msgspec.structs.replace(document.sources[0], duration_us=60 * SECOND)
    with pytest.raises(BadRequest) as refused:
        render(msgspec.structs.replace(document, sources=(longer,)), copy=copy)
    assert refused.value.path == "$.document.tracks[0].clips[0].source_start_us"


def test_the_plan_is_what_is_done(make, tmp_path: Path) -> None:
    async def plan() -> RunFfmpeg:
        engine = NativeEngine(Destination(tmp_path))
        media = await api.open_media(engine, engine.register(make(Recipe())), "auto", JOB)
        sources = (Footage(id="a", media=media.source.id, duration_us=4 * SECOND),)
        document = msgspec.structs.replace(CUTS, sources=sources)
        project = Project(document=document, media=(media,))
        (step,) = (await plan_render(engine, project, Export(copy=False), JOB)).steps
        assert isinstance(step, RunFfmpeg)
        return step

    step = asyncio.run(plan())
    assert step.duration_us == 2 * SECOND
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("given", "wanted"), [(1, 1), (1, 2), (2, 1), (2, 2)])
def test_one_channel_and_two_are_as_loud(render: Render, make, given: int, wanted: int) -> None:
    recipe = Recipe(container="wav", video=None, audio=("pcm",), channels=given)
    heard = Clip(id="s1", start_us=0, end_us=SECOND, source="a", source_end_us=SECOND)
    track = Track(id="s", kind="audio", clips=(heard,))
    document = msgspec.structs.replace(film(), tracks=(track,), output=Output(channels=wanted))
    made = render(document, recipe, format="wav").path
    with av.open(str(made)) as opened:
        assert opened.streams.audio[0].channels == wanted
    before, after = (np.abs(reading.samples(path)[2][:48_000]).max() for path in (make(recipe), made))
    assert after == pytest.approx(before, rel=0.02)
