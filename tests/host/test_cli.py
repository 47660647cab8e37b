"""The terminal: exit codes, what stands on stdout, and clips that hold exactly what was asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from saying import Run, listing
from stand_in import install

from clips import Recipe
from clipwright import __version__, cli
from clipwright.native import ffmpeg
from reading import numbers, stream_kinds

# Times


def test_a_time_is_read(run: Run) -> None:
    said = run("time", "parse", "1:30", "--json")
    assert said.code == 0
    assert said.json["us"] == 90_000_000
    assert said.json["timecode"] is None


def test_a_time_with_a_rate_has_frames(run: Run) -> None:
    reading = run("time", "parse", "00:00:10;00", "--fps", "29.97", "--json").json
    assert (reading["frame"], reading["timecode"]) == (300, "00:00:10;00")


@pytest.mark.parametrize(
    "words", [["-1:30"], ["-90"], ["-90", "--json"], ["--json", "-1m30s"], ["--", "-90"]]
)
def test_a_time_before_the_end_needs_a_length(run: Run, words: list[str]) -> None:
    json_first = [word for word in words if word == "--json"]
    rest = [word for word in words if word != "--json"]
    assert run("time", "parse", "--duration", "2:00", *json_first, *rest).code == 0
    assert run("time", "parse", "--duration", "2:00", "--json", *rest).json["us"] == 30_000_000
    assert run("time", "parse", "--json", *rest).error["code"] == "bad_request"


def test_a_time_for_a_person(run: Run) -> None:
    said = run("time", "parse", "90", "--fps", "25")
    assert said.err == ""
    assert {"00:01:30.000", "PT1M30S", "2250", "01-30"} <= set(said.out.split())


@pytest.mark.parametrize(
    "words", [["soon"], [""], ["1:2:3:4:5"], ["5", "--fps", "fast"], ["5", "--duration", "x"]]
)
def test_nonsense_is_a_bad_request(run: Run, words: list[str]) -> None:
    assert run("time", "parse", *words, "--json").error["code"] == "bad_request"
    said = run("time", "parse", *words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("clipwright: ")


# The command line itself


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["clip", "--help"], ["time", "parse", "-h"]])
def test_help_and_version_go_to_stdout(words: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    out, err = capfd.readouterr()
    assert (ended.value.code, err) == (0, "")
    assert out == f"clipwright {__version__}\n" if words == ["--version"] else out.startswith("usage:")


@pytest.mark.parametrize(
    "words",
    [
        [], ["cut"], ["time"], ["probe"], ["probe", "a", "b"], ["clip", "a.mp4", "--mode", "fast"],
        ["clip", "a.mp4", "-e", "1", "-d", "2"], ["clip", "a.mp4", "--container", "avi"],
        ["clip", "a.mp4", "-x"], ["probe", "missing.mp4"], ["probe", "."], ["probe", "-"],
        ["probe", ""], ["probe", "a\0b"],
        ["clip", "missing.mp4", "-s", "1"], ["clip", "-", "-s", "1"],
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_a_bad_request(run: Run, words: list[str]) -> None:
    said = run(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("clipwright: ")
    assert run(*words, "--json").error["code"] == "bad_request"


def test_a_mistake_of_ours_is_told_as_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cli._COMMANDS, "probe", lambda options: {}["nothing"])
    said = run("probe", "x", "--json")
    assert (said.code, said.error["code"]) == (1, "internal")
    assert "KeyError" in said.error["detail"]


# Looking


def test_probe_tells_what_a_file_is(run: Run, video: Path) -> None:
    info = run("probe", video, "--json").json
    assert (info["container"], info["duration_us"]) == ("mp4", 4_000_000)
    assert [(track["kind"], track["codec"]) for track in info["tracks"]] == [
        ("video", "h264"),
        ("audio", "aac"),
    ]
    said = run("probe", video)
    assert (said.code, said.err) == (0, "")
    assert "My video.mp4" in said.out
    assert "160×90, 25 fps" in said.out


@pytest.mark.parametrize(
    "content", [b"", b"hello, I am text\n" * 100, b"\0" * 5000, b"#EXTM3U\nhttp://127.0.0.1/x.ts\n"]
)
def test_what_is_no_media_is_told_so(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "not [bold]media\x1b[2J.mp4"
    path.write_bytes(content)
    assert run("probe", path, "--json").error["code"] == "unsupported_format"
    for command in (["probe", path], ["clip", path, "-s", "0", "-d", "1"]):
        said = run(*command)
        assert (said.code, said.out) == (1, "")
        assert "not [bold]media\\x1b[2J.mp4" in said.err
        assert "\x1b" not in said.err
    assert listing() == []


# Clipping


def test_an_exact_clip_holds_exactly_its_frames(run: Run, video: Path) -> None:
    said = run("clip", video, "-s", "1.2", "-e", "3.4", "--mode", "exact", "--json")
    assert (said.code, said.err) == (0, "")
    saved = Path(said.json["output"])
    assert saved == Path.cwd() / "My video_clip_00-01_to_00-03.mp4"
    assert numbers(saved) == list(range(30, 85))
    report = said.json["report"]
    assert (report["mode"], report["engine"], report["name"]) == ("exact", "native", saved.name)
    assert report["size"] == saved.stat().st_size
    assert report["span"] == {"start": 1_200_000, "end": 3_400_000}
    assert report["encoded"][:1] == [0]


def test_a_lossless_clip_hides_its_lead_in(run: Run, video: Path) -> None:
    said = run("clip", video, "-s", "1.2", "-d", "1", "--mode", "lossless", "--json")
    report = said.json["report"]
    assert (report["mode"], report["copied"], report["encoded"]) == ("lossless", [0, 1], [])
    assert (report["lead_in_us"], report["lead_in_hidden"]) == (200_000, True)
    assert numbers(Path(said.json["output"]))[0] == 30


@pytest.mark.parametrize(
    "start", [["-s", "-1.5"], ["-s=-1.5"], ["--start", "-00:01.5"], ["--start=-1s500ms"]]
)
def test_times_may_count_from_the_end(run: Run, video: Path, start: list[str]) -> None:
    plan = run("clip", video, *start, "-e", "-0.5", "--dry-run", "--json").json
    assert plan["request_span"] == {"start": 2_500_000, "end": 3_500_000}


def test_a_person_is_told_what_happened(run: Run, video: Path) -> None:
    said = run("clip", video, "-s", "1", "-d", "1", "-o", "out.mkv")
    assert said.code == 0
    assert said.out.startswith(f"Saved {Path.cwd() / 'out.mkv'} (")
    assert said.err.startswith("· ")
    assert "\x1b" not in said.out + said.err
    assert stream_kinds(Path("out.mkv")) == [("video", "h264"), ("audio", "aac")]
    assert listing() == ["out.mkv"]


@pytest.mark.parametrize(
    ("name", "container"),
    [("a.mov", "mov"), ("a.m4a", "m4a"), ("a.wav", "wav"), ("-1.M4V", "mp4"), ("two\nlines.mp4", "mp4")],
)
def test_the_output_name_says_the_format(run: Run, video: Path, name: str, container: str) -> None:
    said = run("clip", video, "-d", "1", "-o", name, "--json")
    assert (said.json["report"]["container"], said.json["output"]) == (container, str(Path.cwd() / name))
    assert listing() == [name]


def test_a_folder_may_be_given(run: Run, video: Path, tmp_path: Path) -> None:
    (tmp_path / "clips.mp4").mkdir()
    for name in ("My video_clip_00-00_to_00-01.mkv", "My video_clip_00-00_to_00-01 (2).mkv"):
        said = run("clip", video, "-d", "1", "-o", tmp_path / "clips.mp4", "--container", "mkv", "--json")
        assert said.json["output"] == str(tmp_path / "clips.mp4" / name)
        assert said.json["report"]["name"] == name
    assert listing() == []


@pytest.mark.parametrize(
    "words",
    [
        ["-o", "out.mp4", "--container", "mkv"], ["-o", "out"], ["-o", "out.avi"], ["-o", "-"],
        ["-o", "none/out.mp4"], ["-o", "none/"], ["-o", "x" * 300 + ".mp4"], ["-s", "9"],
        ["-s", "3", "-e", "2"], ["-s", "x"], ["-d", "0"], ["-s", "-9"],
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_before_any_work(run: Run, video: Path, words: list[str]) -> None:
    said = run("clip", video, *words, "--json")
    assert (said.code, said.error["code"]) == (2, "bad_request")
    assert said.error["message"]
    assert listing() == []


@pytest.mark.parametrize(
    "make_there", [lambda path: path.write_text("old"), lambda path: path.symlink_to("nowhere")]
)
def test_an_existing_file_is_never_overwritten(
    run: Run, video: Path, make_there: Callable[[Path], object]
) -> None:
    make_there(Path("out.mp4"))
    before = os.lstat("out.mp4")
    for more in ([], ["--dry-run"]):
        said = run("clip", video, "-d", "1", "-o", "out.mp4", "--json", *more)
        assert (said.code, said.error["code"]) == (2, "bad_request")
        assert said.error["hint"]
    assert os.lstat("out.mp4") == before


def test_the_source_itself_is_never_overwritten(run: Run, video: Path) -> None:
    before = video.read_bytes()
    assert run("clip", video, "-d", "1", "-o", video).code == 2
    assert video.read_bytes() == before


def test_a_dry_run_writes_nothing(run: Run, video: Path) -> None:
    plan = run("clip", video, "-s", "1.2", "-d", "1", "--dry-run", "--json").json
    assert (plan["mode"], plan["engine"], plan["name"]) == (
        "smart",
        "native",
        "My video_clip_00-01_to_00-02.mp4",
    )
    assert plan["steps"][0]["do"] == "ffmpeg"
    said = run("clip", video, "-s", "1.2", "-d", "1", "--dry-run", "--mode", "lossless")
    assert (said.code, said.err) == (0, "")
    assert "Would write" in said.out
    assert "ffmpeg -" in said.out
    assert listing() == []


def test_a_torn_file_gives_no_half_clip(run: Run, make: Callable[[Recipe], Path], tmp_path: Path) -> None:
    whole = make(Recipe(seconds=4, size=(160, 90), flags=("-movflags", "+faststart"))).read_bytes()
    torn = tmp_path / "torn.mp4"
    torn.write_bytes(whole[: len(whole) // 2])
    for mode in ("exact", "lossless"):
        said = run("clip", torn, "-s", "0.5", "-e", "3.9", "--mode", mode, "--json")
        assert (said.code, said.error["code"]) == (1, "corrupt_media")
        late = run("clip", torn, "-s", "3.5", "-e", "3.9", "--mode", mode, "--json")
        assert late.error["code"] in ("corrupt_media", "bad_request")
    assert listing() == []


def test_without_ffmpeg_clipping_fails_and_looking_works(
    run: Run, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ffmpeg.VARIABLE, "/nowhere/ffmpeg")
    said = run("clip", video, "-d", "1", "--json")
    assert (said.code, said.error["code"]) == (1, "capability")
    assert run("probe", video, "--json").code == 0


def test_a_failing_ffmpeg_is_one_error(
    run: Run, video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = install(tmp_path, 'echo half > "$out"; echo "it broke" >&2; exit 1')
    monkeypatch.setenv(ffmpeg.VARIABLE, str(script))
    said = run("clip", video, "-s", "1", "-d", "1", "--json")
    assert (said.code, said.error["code"], said.error["detail"]) == (1, "engine", "it broke")
    person = run("clip", video, "-s", "1", "-d", "1")
    assert (person.code, person.out) == (1, "")
    assert "clipwright: My video.mp4: ffmpeg failed." in person.err
    assert listing() == []
