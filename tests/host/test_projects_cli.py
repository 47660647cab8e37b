"""Projects in the terminal: rendered, shown, and told all that is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from saying import Run, listing

from clips import Recipe
from clipwright.filters.cube import cube
from clipwright.project.document import Clip, Document, Effect, Footage, Track
from clipwright.project.stored import write
from reading import numbers, stream_kinds
from tests import captioned
from tests.unit.films import SECOND, clip, film

CUTS = film(clip("c1", 0, (SECOND, 1_400_000)), clip("c2", 400_000, (0, 200_000)))


@pytest.fixture
def project(make, tmp_path: Path):
    """Write a document beside the file that it is of; gives its path."""

    def written(document: Document = CUTS) -> Path:
        folder = tmp_path / "project"
        folder.mkdir()
        (folder / "a.mp4").write_bytes(make(Recipe()).read_bytes())
        (folder / "look.cube").write_text(cube("calming_teal"), "utf-8")
        path = folder / "film.json"
        path.write_text(write(document), "utf-8")
        return path

    return written


def test_a_project_is_rendered(run: Run, project) -> None:
    said = run("render", str(project()), "--json")
    assert said.code == 0
    assert listing() == ["Film.mp4"]
    assert (said.json["report"]["method"], said.json["report"]["duration_us"]) == ("lossless", 600_000)
    assert said.json["path"].endswith("Film.mp4")
    assert numbers(Path("Film.mp4")) == [*range(25, 35), *range(5)]


def test_a_name_says_the_format_and_nothing_is_overwritten(run: Run, project) -> None:
    film_ = str(project())
    said = run("render", film_, "-o", "x.gif", "--preset", "draft")
    assert (said.code, listing()) == (0, ["x.gif"])
    assert "gif, composed" in said.out
    assert run("render", film_, "-o", "x.gif").code == 2
    assert run("render", film_, "-o", "x.doc").err.count("mp4, mov") == 1
    assert run("render", film_, "--preset", "drafd", "--json").error["hint"] == "Choose among draft, discord."
    assert listing() == ["x.gif"]


def test_a_part_and_a_still(run: Run, project) -> None:
    film_ = str(project())
    assert run("render", film_, "-o", "part.mp4", "--from", "0.2", "--to", "0.5").code == 0
    assert numbers(Path("part.mp4")) == [30, 31, 32, 33, 34, 0, 1, 2]
    assert run("render", film_, "-o", "one.png", "--preset", "still", "--at", "0.44").code == 0
    assert numbers(Path("one.png")) == [1]
    assert run("render", film_, "--preset", "audio", "-o", "sound.m4a").code == 0
    assert stream_kinds(Path("sound.m4a")) == [("audio", "aac")]


def test_a_picture_stands_as_long_as_it_should(run: Run, project) -> None:
    film_ = project()
    assert (
        run(
            "render", str(film_), "-o", str(film_.with_name("one.png")), "--preset", "still", "--at", "0.2"
        ).code
        == 0
    )
    shown = Clip(id="c1", start_us=0, end_us=400_000, source="b")
    document = Document(
        sources=(Footage(id="b", name="one.png", sound=False),),
        tracks=(Track(id="v", kind="video", clips=(shown,)),),
        output=CUTS.output,
    )
    film_.write_text(write(document), "utf-8")
    assert run("render", str(film_), "-o", "x.mp4").code == 0
    assert numbers(Path("x.mp4")) == [30] * 10
    # By itself it is nothing to cut.
    assert run("probe", str(film_.with_name("one.png")), "--json").error["code"] == "unsupported_format"


def test_a_table_of_colours_comes_from_the_project_s_folder(run: Run, project) -> None:
    effects = (Effect(name="lut", params={"source": "b"}),)
    document = film(clip("c1", 0, (0, 200_000), effects=effects))
    look = Footage(id="b", name="look.cube")
    film_ = project(msgspec.structs.replace(document, sources=(*document.sources, look)))
    assert run("render", str(film_), "-o", "x.mp4").code == 0
    assert numbers(Path("x.mp4")) == list(range(5))
    (film_.parent / "look.cube").unlink()
    assert run("render", str(film_), "-o", "y.mp4", "--json").error["path"] == "$.document.sources[1].name"


def subtitled(source: str, name: str = "a.mp4") -> Document:
    """A film, a file beside it that is the source `b`, and an effect that draws the subtitles of a source."""
    effects = (Effect(name="subtitles", params={"source": source}),)
    document = film(clip("c1", 0, (0, 200_000), effects=effects))
    mine = msgspec.structs.replace(document.sources[0], name=name)
    return msgspec.structs.replace(document, sources=(mine, Footage(id="b", name="b.srt")))


def test_a_film_s_own_subtitles_are_drawn_into_it(run: Run, project, make) -> None:
    film_ = project(subtitled("a", "a.mkv"))
    made = make(Recipe(container="mkv", subtitles=True))
    film_.with_name("a.mkv").write_bytes(made.read_bytes())
    assert run("render", str(film_), "-o", "x.mp4").code == 0
    assert len(numbers(Path("x.mp4"))) == 5


@pytest.mark.parametrize("source", ["a", "b"])
def test_a_file_without_subtitles_is_refused_where_it_is_named(run: Run, project, source: str) -> None:
    film_ = project(subtitled(source))
    film_.with_name("b.srt").write_text("nothing", "utf-8")
    said = run("render", str(film_), "-o", "x.mp4", "--json")
    assert said.error["path"] == "$.document.tracks[0].clips[0].effects[0].params.source"
    assert (said.error["code"], listing()) == ("bad_request", [])


def test_what_is_no_table_of_colours_is_refused(run: Run, project) -> None:
    effects = (Effect(name="lut", params={"source": "a"}),)
    film_ = project(film(clip("c1", 0, (0, 200_000), effects=effects)))
    said = run("render", str(film_), "-o", "x.mp4", "--json")
    assert said.error["path"] == "$.document.tracks[0].clips[0].effects[0].params.source"
    assert "source “a”" in said.error["message"]
    effects = (Effect(name="lut", params={"source": "b"}),)
    document = film(clip("c1", 0, (0, 200_000), effects=effects))
    look = Footage(id="b", name="look.cube")
    film_.write_text(write(msgspec.structs.replace(document, sources=(*document.sources, look))), "utf-8")
    film_.with_name("look.cube").write_text("LUT_3D_SIZE 2\n0 0", "utf-8")
    # Only FFmpeg reads tables; it is not the film that is to blame.
    assert "table of colours" in run("render", str(film_), "-o", "x.mp4", "--json").error["message"]
    assert listing() == []


def test_subtitles_and_chapters_come_of_the_project_s_folder(run: Run, project) -> None:
    document = captioned.project()
    sources = (msgspec.structs.replace(document.sources[0], name="a.mp4"), *document.sources[1:])
    film_ = project(msgspec.structs.replace(document, sources=sources))
    captioned.written(film_.parent)
    assert run("render", str(film_), "-o", "film.mkv", "--preset", "draft").code == 0
    assert captioned.found(Path("film.mkv")) == captioned.wanted("mkv")
    assert captioned.chapters(Path("film.mkv")) == captioned.CHAPTERS
    assert run("render", str(film_), "-o", "bare.mkv", "--preset", "draft", "--no-chapters").code == 0
    assert captioned.chapters(Path("bare.mkv")) == []
    assert "GIF holds no subtitles" in run("render", str(film_), "-o", "film.gif", "--dry-run").out


def test_a_dry_run_shows_what_would_be_done(run: Run, project) -> None:
    film_ = str(project())
    said = run("render", film_, "--dry-run", "--encode")
    assert (said.code, listing()) == (0, [])
    assert "Would write" in said.out
    assert "-filter_complex" in said.out
    assert run("render", film_, "--dry-run", "--json").json["method"] == "lossless"


def test_every_fault_is_told_with_its_place(run: Run, project) -> None:
    good = project()
    said = run("project", "validate", str(good))
    assert (said.code, said.out) == (0, "Valid: 1 tracks, 2 clips, 00:00:00.600 long.\n")
    assert run("project", "validate", str(good), "--json").json == {"ok": True, "faults": []}
    broken = json.loads(good.read_text("utf-8"))
    broken["tracks"][0]["clips"][0]["source"] = "b"
    broken["tracks"][0]["clips"][1]["effects"] = [{"name": "blurr"}]
    good.write_text(json.dumps(broken), "utf-8")
    said = run("project", "validate", str(good))
    assert said.code == 2
    assert "$.tracks[0].clips[0].source: There is no source" in said.out
    assert (
        "$.tracks[0].clips[1].effects[0].name: “blurr” is not an effect. Choose among blur, lut." in said.out
    )
    assert "2 faults" in said.out
    faults = run("project", "validate", str(good), "--json")
    assert (faults.code, faults.json["ok"], len(faults.json["faults"])) == (2, False, 2)
    assert run("render", str(good), "--json").error["path"] == "$.tracks[0].clips[0].source"
    broken["tracks"][0]["clips"][0]["source"] = "a"
    # As some editors write it.
    good.write_text(json.dumps(broken), "utf-8-sig")
    assert "\n  $.tracks[0].clips[1].effects[0].name\n" in run("render", str(good)).err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("[]", "version"),
        ('{"schema_version": 99}', "version"),
        ('{"schema_version": 2, "trakcs": []}', "trakcs"),
        ("\xff\xfe", "JSON"),
    ],
)
def test_what_is_no_project_is_refused(run: Run, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "p.json"
    path.write_text(text, "utf-8")
    for command in (["render", str(path)], ["project", "validate", str(path)]):
        said = run(*command)
        assert said.code == 2
        assert words in said.out + said.err
    assert listing() == []


def test_bytes_are_no_project(run: Run, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_bytes(b"\xff\xfe\x00")
    assert "no text" in run("render", str(tmp_path / "p.json")).err
    assert run("render", str(tmp_path / "none.json")).code == 2


def test_a_missing_source_is_said_with_its_place(run: Run, project) -> None:
    film_ = project()
    (film_.parent / "a.mp4").unlink()
    assert run("render", str(film_), "--json").error["path"] == "$.document.sources[0].name"
    assert "\n  $.document.sources[0].name\n" in run("render", str(film_)).err
    assert listing() == []
