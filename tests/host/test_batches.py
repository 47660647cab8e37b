"""Many results at once in the terminal: made together or not at all, under names of their own."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from saying import Run, listing
from stand_in import install

from clips import Recipe
from clipwright.native import ffmpeg
from reading import numbers, stream_kinds

NAMES = ["My video_01_00-01_a.mp4", "My video_02_00-03.mp4"]
TWO = ("--keep", "1-2=a", "--keep", "3..")


def test_segments_become_files(run: Run, video: Path) -> None:
    said = run("cut", video, *TWO, "--json")
    assert (said.code, said.err) == (0, "")
    results = said.json["results"]
    assert [result["output"] for result in results] == [str(Path.cwd() / name) for name in NAMES]
    assert [result["report"]["name"] for result in results] == listing() == NAMES
    assert [result["report"]["mode"] for result in results] == ["lossless", "lossless"]
    assert [numbers(Path(name)) for name in NAMES] == [list(range(25, 50)), list(range(75, 100))]
    assert said.json["zip"] is None


def test_nothing_is_overwritten(run: Run, video: Path) -> None:
    Path(NAMES[0]).write_text("mine")
    run("cut", video, *TWO)
    assert listing() == sorted([*NAMES, "My video_01_00-01_a (2).mp4"])
    assert Path(NAMES[0]).read_text() == "mine"


def test_names_follow_a_template(run: Run, video: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    said = run(
        "cut", video, *TWO, "--name", "{n}-{label}", "-o", tmp_path / "out", "--container", "mkv", "--json"
    )
    outputs = [Path(result["output"]) for result in said.json["results"]]
    assert outputs == [tmp_path / "out" / "1-a.mkv", tmp_path / "out" / "2.mkv"]
    assert stream_kinds(outputs[0]) == [("video", "h264"), ("audio", "aac")]
    assert listing() == []


def test_an_archive_holds_all_results(run: Run, video: Path) -> None:
    said = run("cut", video, *TWO, "--zip", "--json")
    assert said.json["zip"] == str(Path.cwd() / "My video.zip")
    assert [result["output"] for result in said.json["results"]] == NAMES
    assert run("cut", video, *TWO, "--zip", "-o", "b.ZIP").code == 0
    assert listing() == ["My video.zip", "b.ZIP"]
    with zipfile.ZipFile("b.ZIP") as archive:
        assert archive.namelist() == NAMES
        archive.extractall("out")
    assert numbers(Path("out") / NAMES[1]) == list(range(75, 100))


def test_what_is_removed_is_missing(run: Run, video: Path) -> None:
    said = run("cut", video, "--remove", "1-3", "--json")
    assert [numbers(Path(result["output"])) for result in said.json["results"]] == [
        list(range(25)),
        list(range(75, 100)),
    ]


def test_a_list_can_be_made_and_cut(run: Run, video: Path) -> None:
    said = run("segments", video, "--count", "2", "--json")
    assert said.json == {
        "segments": [
            {"start_us": 0, "end_us": 2_000_000, "label": None},
            {"start_us": 2_000_000, "end_us": 4_000_000, "label": None},
        ]
    }
    Path("list.json").write_text(said.out)
    Path("list.csv").write_text(run("segments", video, "--count", "2", "--csv").out)
    for name in ("list.json", "list.csv"):
        plans = run("cut", video, "--segments", name, "--dry-run", "--json").json["plans"]
        assert [plan["request_span"]["end"] for plan in plans] == [2_000_000, 4_000_000]
    plans = run("cut", video, "--count", "2", "--dry-run", "--json").json["plans"]
    assert [plan["request_span"]["start"] for plan in plans] == [0, 2_000_000]


@pytest.mark.parametrize(
    ("words", "spans"),
    [
        (["--keep", "1-2"], [(1, 2)]),
        (["--remove", "1-2"], [(0, 1), (2, 4)]),
        (["--keep", "1-2", "--invert"], [(0, 1), (2, 4)]),
        (["--keep", "3-4", "--keep", "0-1", "--shift", "-0.5"], [(0, 0.5), (2.5, 3.5)]),
        (["--keep", "0.5-1.5", "--align"], [(0, 2)]),
        (["--split", "1.5"], [(0, 1.5), (1.5, 4)]),
        (["--keep", "1-3", "--every", "0.75"], [(1, 1.75), (1.75, 2.5), (2.5, 3)]),
        (["--size", "1TB"], [(0, 4)]),
    ],
)
def test_lists_are_changed(run: Run, video: Path, words: list[str], spans: list[tuple[float, float]]) -> None:
    listed = run("segments", video, *words, "--json").json["segments"]
    assert [(one["start_us"] / 1e6, one["end_us"] / 1e6) for one in listed] == spans


def test_a_person_is_told_of_every_segment(run: Run, video: Path) -> None:
    plan = run("cut", video, *TWO, "--dry-run")
    assert (plan.code, plan.err, listing()) == (0, "", [])
    assert "Would write 2 files" in plan.out
    assert all(word in plan.out for word in (*NAMES, "00:00:01.000", "lossless", "as asked"))
    done = run("cut", video, *TWO)
    assert done.err.startswith("· ")
    assert done.out.startswith("Saved 2 files (")
    assert all(str(Path.cwd() / name) in done.out for name in NAMES)
    assert "00:00:01.000" in run("segments", video, "--keep", "1-2=[bold]").out
    assert "\x1b" not in plan.out + done.out


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (["--keep", "1-2", "--keep", "3-2=x"], "$.request.segments[1].end"),
        (["--keep", "9-10"], "$.request.segments[0].start"),
        (["--keep", "1@0-1"], "$.request.segments[0].source"),
        ([*TWO, "-o", "out.mp4"], "$.output"),
        ([*TWO, "-o", "none/"], "$.output"),
        ([*TWO, "-o", "out.mp4", "--zip"], "$.output"),
        ([*TWO, "--name", "{name}"], "$.request.name"),
        (["--remove", "0.."], "$.request.segments"),
        (["--count", "0"], "$.value"),
        (["--invert"], "$.request.segments"),
        (["--every", "x"], "$.value"),
    ],
)
def test_what_cannot_be_is_refused_before_any_work(
    run: Run, video: Path, words: list[str], path: str
) -> None:
    for more in ([], ["--dry-run"]):
        said = run("cut", video, *words, *more, "--json")
        assert (said.code, said.error["code"], said.error["path"]) == (2, "bad_request", path)
        assert said.error["hint"]
    assert listing() == []


def test_lists_of_several_files_are_not_changed(run: Run, video: Path) -> None:
    said = run("cut", video, video, "--count", "2", "--json")
    assert (said.code, said.error["path"]) == (2, "$.request.segments")
    assert run("segments", "missing.mp4").code == 2


def test_when_one_fails_none_is_left(
    run: Run, video: Path, tmp_path: Path, ffmpeg_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first result is made; the second run of ffmpeg breaks off."""
    script = install(
        tmp_path,
        f'echo . >> "{tmp_path}/runs"\n'
        f'if [ $(wc -l < "{tmp_path}/runs") -gt 1 ]; then echo half > "$out"; echo "it broke" >&2; exit 1; fi\n'
        f'exec "{ffmpeg_path}" "$@"',
    )
    monkeypatch.setenv(ffmpeg.VARIABLE, str(script))
    for more in ([], ["--zip"]):
        (tmp_path / "runs").unlink(missing_ok=True)
        said = run("cut", video, *TWO, *more, "--mode", "lossless", "--json")
        assert (said.code, said.error["code"]) == (1, "engine")
        assert (tmp_path / "runs").read_text() == ".\n.\n"
        assert listing() == []


# Tracks


def test_every_track_gets_a_file(run: Run, video: Path) -> None:
    said = run("extract", video, "--json")
    files = [Path(result["output"]).name for result in said.json["results"]]
    assert files == listing() == ["My video_track0.mp4", "My video_track1.m4a"]
    assert [stream_kinds(Path(name)) for name in files] == [[("video", "h264")], [("audio", "aac")]]
    assert numbers(Path(files[0])) == list(range(100))
    assert {result["report"]["mode"] for result in said.json["results"]} == {"lossless"}


def test_text_gets_a_file_too_and_what_cannot_stand_alone_is_told(
    run: Run, make: Callable[[Recipe], Path], tmp_path: Path
) -> None:
    source = make(Recipe(container="mkv", subtitles=True))
    said = run("extract", source, "--tracks", "2", "--json")
    assert said.json["results"][0]["report"]["mode"] == "lossless"
    (name,) = listing()
    assert Path(name).suffix == ".srt"
    assert "-->" in Path(name).read_text()
    chapters = make(Recipe(chapters=True))
    said = run("extract", chapters)
    assert said.code == 0
    assert "only pictures, sound and text" in said.err
    assert len(listing()) == 3
    assert run("extract", chapters, "--tracks", "2", "--json").error["path"] == "$.request.tracks"
    assert run("extract", chapters, "-o", "out.mp4", "--json").error["path"] == "$.output"
    assert len(listing()) == 3


def test_tracks_of_a_clip_are_chosen(run: Run, video: Path) -> None:
    for command in (["clip", video, "-o", "a.mp4"], ["cut", video, "-o", "b.mp4"]):
        said = run(*command, "--tracks", "1", "--language", "1=deu", "--mode", "lossless", "--json")
        assert said.code == 0, said.out
    for name in ("a.mp4", "b.mp4"):
        tracks = run("probe", name, "--json").json["tracks"]
        assert [(track["kind"], track["language"]) for track in tracks] == [("audio", "deu")]


def test_segments_are_joined(run: Run, video: Path) -> None:
    said = run("cut", video, "--remove", "1-3", "--join", "-o", "a.mp4", "--json")
    assert said.code == 0, said.out
    assert numbers(Path("a.mp4")) == [*range(25), *range(75, 100)]
    (result,) = said.json["results"]
    assert (result["output"], result["report"]["mode"]) == (str(Path.cwd() / "a.mp4"), "lossless")
    assert [part["at"] for part in result["report"]["segments"]] == [0, 1_000_000]


def test_files_are_joined(run: Run, video: Path) -> None:
    assert run("cut", video, *TWO, "--json").code == 0
    said = run("cut", *reversed(NAMES), "--join", "-o", "b.mp4", "--json")
    assert said.code == 0, said.out
    assert numbers(Path("b.mp4")) == [*range(75, 100), *range(25, 50)]


def test_tags_and_chapters_are_replaced(run: Run, video: Path) -> None:
    said = run(
        "cut",
        video,
        "-o",
        "a.mp4",
        "--tag",
        "title=New",
        "--chapter",
        "0=One",
        "--chapter",
        "2=Two",
        "--json",
    )
    assert said.code == 0, said.out
    info = run("probe", "a.mp4", "--json").json
    assert info["tags"]["title"] == "New"
    assert [(chapter["start_us"], chapter["title"]) for chapter in info["chapters"]] == [
        (0, "One"),
        (2_000_000, "Two"),
    ]
    assert run("cut", "a.mp4", "-o", "b.mp4", "--no-tags", "--no-chapters", "--json").code == 0
    bare = run("probe", "b.mp4", "--json").json
    assert (bare["tags"], bare["chapters"]) == ({}, [])


def test_a_smart_cut_is_shown_before_and_after(run: Run, video: Path) -> None:
    words = ("cut", video, "--keep", "0.6-2.4", "--mode", "smart")
    plan = run(*words, "--dry-run")
    assert " smart " in plan.out
    said = run(*words, "--json")
    assert said.code == 0, said.out
    (result,) = said.json["results"]
    assert (result["report"]["mode"], result["report"]["verified"]["ok"]) == ("smart", True)
    assert numbers(Path(result["output"])) == list(range(15, 60))
    done = run(*words).out
    assert " smart " in done
    assert "Verified " in done
    unproven = run(*words, "--no-verify", "--json").json["results"][0]["report"]
    assert (unproven["mode"], unproven["verified"]) == ("smart", None)
