"""``clipwright run``: scripts under CPython with a real ffmpeg, what is said of them, and how they are stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from saying import Run, Said, listing
from stand_in import install, sound
from test_stopping import command

from clipwright import running, scripting
from clipwright.native import ffmpeg
from equipment import ROOT
from reading import numbers

Script = Callable[..., Said]


@pytest.fixture
def script(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    """Run the text of a script with the words behind it."""
    monkeypatch.setattr(scripting._Seat, "desk", None)

    def told(text: str, *words: object) -> Said:
        path = tmp_path / "job.py"
        path.write_text(dedent(text))
        return run("run", path, *words)

    return told


def test_a_clip_is_cut_and_saved(script: Script, video: Path) -> None:
    said = script(
        """
        import sys
        import clipwright as cw

        media = await cw.open(sys.argv[1])
        saved = await media.cut("0:01.2", "0:02.52").save()
        print(saved.output, saved.report.mode, saved.report.verified.ok)
        """,
        video,
    )
    assert (said.code, said.err) == (0, "")
    (name,) = listing()
    assert said.out == f"{Path.cwd() / name} smart True\n"
    assert name.startswith("My video_clip_00-01_to_00-02")
    assert numbers(Path(name)) == list(range(30, 63))


def test_batches_joins_and_reports(script: Script, video: Path) -> None:
    said = script(
        """
        import sys
        from pathlib import Path
        import clipwright as cw

        media = await cw.open(Path(sys.argv[1]))
        Path("parts").mkdir()
        heard = []
        parts = await media.cuts(["1-2=a", (3, "end", "b")], mode="lossless").save("parts", progress=heard.append)
        print(*(Path(part.output).name for part in parts))
        print(heard[-1].done, [one.done for one in heard] == sorted(one.done for one in heard))
        shorter = await media.without("1-3").save("shorter.mkv")
        print(shorter.report.container, shorter.report.mode, len(shorter.report.segments))
        a, b = [await cw.open(part.output) for part in parts]
        whole = cw.join([b, a, media.cut(0, 1)])
        print((await whole.plan("whole.mp4")).mode, Path("whole.mp4").exists())
        print((await whole.save("whole.mp4")).report.size == Path("whole.mp4").stat().st_size)
        quarters = await media.segments("count", 4)
        print(len(await media.cuts(quarters, container="mkv", mode="exact").plan()))
        """,
        video,
    )
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "My video_01_00-01_a.mp4 My video_02_00-03_b.mp4",
        "1.0 True",
        "mkv lossless 2",
        "lossless False",
        "True",
        "4",
    ]
    assert numbers(Path("shorter.mkv")) == [*range(25), *range(75, 100)]
    assert numbers(Path("whole.mp4")) == [*range(75, 100), *range(25, 50), *range(25)]
    assert listing() == ["parts", "shorter.mkv", "whole.mp4"]


def test_saving_side_by_side(script: Script, video: Path) -> None:
    said = script(
        """
        import asyncio, sys
        import clipwright as cw
        media = await cw.open(sys.argv[1])
        saves = [media.cut(n, n + 1).save(f"{n}.mp4") for n in range(3)]
        print([saved.report.mode for saved in await asyncio.gather(*saves)])
        """,
        video,
    )
    assert (said.code, said.out) == (0, "['lossless', 'lossless', 'lossless']\n")
    assert [numbers(Path(f"{n}.mp4")) for n in range(3)] == [[*range(25 * n, 25 * n + 25)] for n in range(3)]


def test_a_script_is_the_main_program(script: Script, tmp_path: Path) -> None:
    (tmp_path / "neighbour.py").write_text("word = 'near'\n")
    said = script(
        """
        import sys, neighbour, __main__
        assert __name__ == "__main__" and __main__.__file__ == __file__
        print(sys.argv[1:], neighbour.word)
        """,
        "-1:30", "--json", "--", "-h",
    )  # fmt: skip
    assert (said.code, said.out, said.err) == (0, "['-1:30', '--json', '--', '-h'] near\n", "")
    assert sys.modules["__main__"].__name__ != "job"
    sys.modules.pop("neighbour")


def test_a_script_may_run_a_loop_of_its_own(script: Script, video: Path) -> None:
    text = """
        import asyncio, sys
        import clipwright as cw

        async def main():
            media = await cw.open(sys.argv[1])
            await media.cut(1, 2).save("one.mp4")

        asyncio.run(main())
        """
    assert script(text, video).code == 0
    assert numbers(Path("one.mp4")) == list(range(25, 50))
    Path("one.mp4").unlink()
    path = Path("plain.py")
    path.write_text(dedent(text))
    subprocess.run(
        [sys.executable, path, video], check=True, env={**os.environ, "PYTHONPATH": str(ROOT / "pyapp")}
    )
    assert numbers(Path("one.mp4")) == list(range(25, 50))


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        (
            "import clipwright as cw\n\nawait cw.open('missing.mp4')",
            2,
            "job.py, line 3: There is no file “missing",
        ),
        ("import clipwright as cw\nawait cw.open(5)", 2, "job.py, line 2: 5 is no path"),
        ("import clipwright as cw\nawait cw.open('')", 2, "job.py, line 2: '' is no path"),
        (
            "import clipwright as cw\nawait cw.open(__file__)",
            1,
            "job.py, line 2: “job.py”: This is a text file",
        ),
        ("import clipwright as cw\nraise cw.EngineError('Out.')", 1, "job.py, line 2: Out."),
        ("a = 1\nb = (", 2, "job.py, line 2: '(' was never closed."),
        ("a = 1\0", 2, "null bytes"),
    ],
)
def test_troubles_name_their_line(script: Script, text: str, code: int, says: str) -> None:
    said = script(text)
    assert (said.code, said.out) == (code, "")
    assert says in said.err


@pytest.mark.parametrize("ended", [7, "enough", None])
def test_a_script_ends_as_it_says(script: Script, ended: object) -> None:
    with pytest.raises(SystemExit) as caught:
        script(f"import sys\nsys.exit({ended!r})")
    assert caught.value.code == ended


def test_a_traceback_starts_at_the_script(script: Script, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        script("import asyncio\nasync def deep():\n    await asyncio.sleep(0)\n    {}['x']\n\nawait deep()")
    err = capfd.readouterr().err
    assert ended.value.code == 1
    assert [line.strip() for line in err.splitlines() if "line " in line] == [
        line for line in [line.strip() for line in err.splitlines()] if 'job.py", line' in line
    ]
    assert ", line 6, in <module>" in err and ", line 4, in deep" in err and "KeyError: 'x'" in err


@pytest.mark.parametrize(
    "words", [["run"], ["run", "missing.py"], ["run", "."], ["run", "-"], ["run", "--json"]]
)
def test_no_script_is_a_bad_request(run: Run, words: list[str]) -> None:
    said = run(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("clipwright: ")


def test_nothing_is_overwritten_and_failures_leave_nothing(script: Script, video: Path) -> None:
    Path("mine.mp4").write_text("mine")
    text = """
        import sys
        import clipwright as cw
        media = await cw.open(sys.argv[1])
        try:
            await media.cut(1, 2).save("mine.mp4")
        except cw.BadRequest as error:
            print(error.message)
        await media.cut(1, 2).save("nowhere/")
        """
    said = script(text, video)
    assert said.code == 2
    assert "already exists" in said.out
    assert "job.py, line 9: There is no folder" in said.err
    assert (listing(), Path("mine.mp4").read_text()) == (["mine.mp4"], "mine")


@pytest.mark.parametrize(
    ("example", "frames"),
    [
        ("clip", {"My video_clip_00-01_to_00-02.mp4": [*range(30, 63)]}),
        ("batch", {f"part 0{n + 1}.mp4": [*range(25 * n, 25 * n + 25)] for n in range(4)}),
        ("join", {"joined.mp4": [*range(75, 100), *range(25), *range(75, 100)]}),
    ],
)
def test_the_examples_of_the_page_run_here_too(
    run: Run, video: Path, monkeypatch: pytest.MonkeyPatch, example: str, frames: dict[str, list[int]]
) -> None:
    monkeypatch.setattr(scripting._Seat, "desk", None)
    said = run("run", ROOT / "web" / "examples" / "scripts" / f"{example}.py", video)
    assert (said.code, said.err) == (0, "")
    assert {name: numbers(Path(name)) for name in listing()} == frames
    with pytest.raises(SystemExit) as ended:
        run("run", ROOT / "web" / "examples" / "scripts" / f"{example}.py")
    assert ended.value.code == "Pick a file first."


WAITS = """
import sys
import clipwright as cw
media = await cw.open(sys.argv[1])
await media.cut(1).save(sys.argv[2])
"""
PLAIN = """
import asyncio, sys
import clipwright as cw
async def main():
    media = await cw.open(sys.argv[1])
    await media.cut(1).save(sys.argv[2])
asyncio.run(main())
"""


@pytest.mark.parametrize("text", [WAITS, PLAIN], ids=["top-level await", "a loop of its own"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_cleans_up(tmp_path: Path, number: signal.Signals, text: str) -> None:
    pid = tmp_path / "pid"
    stuck = install(
        tmp_path, f'trap "" INT TERM; echo half > "$out"; echo $$ > "{pid}"; while :; do sleep 0.05; done'
    )
    results = tmp_path / "results"
    results.mkdir()
    job = tmp_path / "job.py"
    job.write_text(text)
    with command(
        "run", job, sound(tmp_path / "a.wav", 3), results, env={**os.environ, ffmpeg.VARIABLE: str(stuck)}
    ) as process:
        while not (pid.exists() and pid.read_text()):
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
        asked = time.monotonic()
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        assert time.monotonic() - asked < 2
    assert (process.returncode, out) == (130, b"")
    assert err.decode() == "clipwright: Stopped. What was saved before stays.\n"
    assert list(results.iterdir()) == []
    # Whoever takes in the children of the dead may need a moment.
    while lives(int(pid.read_text())):
        assert time.monotonic() - asked < 5
        time.sleep(0.02)


def test_a_loop_of_the_script_s_own_is_not_stopped_in_the_middle_of_a_step(tmp_path: Path) -> None:
    job = tmp_path / "job.py"
    job.write_text(
        "import asyncio, os, signal\n"
        "async def main():\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    print('the step ends')\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    with command("run", job) as process:
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"the step ends\n")
    assert err.decode() == "clipwright: Stopped. What was saved before stays.\n"


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_folder_that_is_called_much_as_ours_is_none_of_ours() -> None:
    path = f"{Path(running.__file__).parent}-jobs/job.py"
    scope: dict[str, Any] = {}
    exec(compile("import sys\nframe = sys._getframe()", path, "exec"), scope)
    assert running._is_script(scope["frame"], path)


def test_a_mistake_where_progress_is_heard_ends_the_save(script: Script, video: Path) -> None:
    text = """
        import sys
        import clipwright as cw
        media = await cw.open(sys.argv[1])
        for mode in ("lossless", "exact"):
            try:
                await media.cut(1, 2, mode=mode).save("one.mp4", progress=lambda told: {}["x"])
            except KeyError as error:
                print(error)
        """
    said = script(text, video)
    assert (said.code, said.out, said.err) == (0, "'x'\n'x'\n", "")
    assert listing() == []


@pytest.mark.parametrize("busy", ["while True: pass", "import time; time.sleep(60)"])
@pytest.mark.parametrize("awaits", ["import asyncio; await asyncio.sleep(0)\n", ""])
def test_a_busy_script_is_stopped_too(tmp_path: Path, busy: str, awaits: str) -> None:
    job = tmp_path / "job.py"
    job.write_text(f"{awaits}print('on', flush=True)\n{busy}\n")
    with command("run", job) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"on\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=5)
    assert process.returncode == 130
    assert b"Traceback" not in err
