"""The native engine under trouble: nothing half-written stays, and every fault has its code."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from stand_in import JOB, SUCCEED, Bench, plan, sound, step

from clipwright import errors
from clipwright.engine import Job
from clipwright.native.engine import NativeEngine
from clipwright.plan.steps import Plan, Progress

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for ffmpeg is a shell script")


def test_a_result_is_saved_and_nothing_else_stays(bench: Bench) -> None:
    saved = bench.run(bench.engine(SUCCEED))
    assert saved == bench.results / "clip.mkv"
    assert bench.left() == ["clip.mkv"]
    assert saved.read_bytes() == (bench.tools / "seed.wav").read_bytes()


def test_the_result_has_the_permissions_of_any_new_file(bench: Bench) -> None:
    saved = bench.run(bench.engine(SUCCEED))
    (bench.tools / "other").touch()
    assert saved.stat().st_mode & 0o077 == (bench.tools / "other").stat().st_mode & 0o077


async def _cancelled(engine: NativeEngine, wanted: Plan, when: Callable[[], bool]) -> float:
    running = asyncio.ensure_future(engine.run(wanted, JOB))
    while not when():
        await asyncio.sleep(0.01)
        assert not running.done()
    running.cancel()
    asked = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await running
    return time.monotonic() - asked


def test_cancelling_stops_ffmpeg_and_leaves_nothing(bench: Bench) -> None:
    pid = bench.tools / "pid"
    # It would not stop for a friendly signal.
    engine = bench.engine(
        f'trap "" TERM INT; echo half > "$out"; echo $$ > "{pid}"; while :; do sleep 0.05; done'
    )
    wanted = plan(bench.open(engine))
    assert asyncio.run(_cancelled(engine, wanted, lambda: pid.exists() and bool(pid.read_text()))) < 2
    assert bench.left() == []
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_after_a_cancel_the_next_run_works(bench: Bench) -> None:
    engine = bench.engine(
        f'[ -e "{bench.tools}/again" ] || {{ touch "{bench.tools}/again"; sleep 30; }}; {SUCCEED}'
    )
    wanted = plan(bench.open(engine))
    asyncio.run(_cancelled(engine, wanted, (bench.tools / "again").exists))
    assert bench.run(engine, wanted).name == "clip.mkv"


def test_a_failure_carries_the_last_lines_of_the_log(bench: Bench) -> None:
    error = bench.fails(
        'echo x > "$out"; for i in $(seq 1 50); do echo "line $i" >&2; done; exit 1', errors.EngineError
    )
    assert error.detail.splitlines() == [f"line {number}" for number in range(31, 51)]


def test_an_endless_log_without_line_breaks_is_survived(bench: Bench) -> None:
    bench.fails('head -c 3000000 /dev/zero | tr "\\0" "x" >&2; exit 1', errors.EngineError)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 1", errors.ResourceError),
        ("echo 'Error writing trailer of x: No space left on device' >&2; exit 0", errors.ResourceError),
        ("kill -XFSZ $$", errors.ResourceError),
        ("kill -KILL $$", errors.ResourceError),
        ("kill -SEGV $$", errors.EngineError),
        ("echo \"Unknown encoder 'libx264'\" >&2; exit 1", errors.CapabilityError),
        (
            "echo '[error] in.mp4: Invalid data found when processing input' >&2; exit 183",
            errors.CorruptMedia,
        ),
        ("echo \"Protocol 'http' not on whitelist 'file,pipe'!\" >&2; exit 1", errors.UnsupportedFormat),
        (f"{SUCCEED} echo '[error] stream 0, offset 0x57a42: partial file' >&2", errors.CorruptMedia),
        (f"{SUCCEED} echo '[matroska,webm @ 0x1] [error] File ended prematurely' >&2", errors.CorruptMedia),
        ("printf junk > $out", errors.EngineError),
        ("true", errors.EngineError),
        ('head -c 44 "$SEED" > "$out"', errors.CorruptMedia),
    ],
)
def test_each_fault_has_its_code(bench: Bench, body: str, kind: type[errors.ClipwrightError]) -> None:
    assert bench.fails(body, kind).message


def test_a_hung_ffmpeg_is_given_up(bench: Bench) -> None:
    # It goes on printing the same progress, as FFmpeg 7 and later do.
    body = "while :; do echo out_time_us=5; echo progress=continue; sleep 0.05; done"
    started = time.monotonic()
    error = bench.fails(body, errors.EngineError, patience_s=0.4)
    assert "stopped responding" in error.message
    assert time.monotonic() - started < 4


def test_a_slow_ffmpeg_is_left_alone_while_its_file_grows(bench: Bench) -> None:
    body = f'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $i >> "$out"; sleep 0.1; done; {SUCCEED}'
    assert bench.run(bench.engine(body, patience_s=0.6)).exists()


def test_a_source_that_vanishes_spoils_the_run(bench: Bench) -> None:
    error = bench.fails(f'rm "{bench.source_path}"; {SUCCEED}', errors.MediaError)
    assert "source.wav" in error.message


@pytest.mark.parametrize("end", [SUCCEED, "exit 1"])
def test_a_source_that_changes_spoils_the_run(bench: Bench, end: str) -> None:
    error = bench.fails(f'echo more >> "{bench.source_path}"; {end}', errors.MediaError)
    assert "changed" in error.message


def test_a_source_that_changed_since_it_was_opened_is_not_run(bench: Bench) -> None:
    engine = bench.engine(SUCCEED)
    wanted = plan(bench.open(engine))
    sound(bench.source_path, 0.5)
    with pytest.raises(errors.MediaError, match="changed"):
        bench.run(engine, wanted)
    assert bench.left() == []


def test_a_taken_name_gets_a_number(bench: Bench) -> None:
    (bench.results / "clip.mkv").write_text("old")
    assert bench.run(bench.engine(SUCCEED)).name == "clip (2).mkv"
    assert bench.run(bench.engine(SUCCEED)).name == "clip (3).mkv"
    assert (bench.results / "clip.mkv").read_text() == "old"


@pytest.mark.parametrize("links", [True, False])
def test_an_exact_name_that_appears_meanwhile_is_not_overwritten(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    engine = bench.engine(f'echo theirs > "{bench.results}/mine.mkv"; {SUCCEED}', name="mine.mkv")
    with pytest.raises(errors.BadRequest, match="never overwritten"):
        bench.run(engine)
    assert bench.left() == ["mine.mkv"]
    assert (bench.results / "mine.mkv").read_text() == "theirs\n"


def _no_links(*paths: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def test_a_disk_without_hard_links_is_fine(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", _no_links)
    (bench.results / "clip.mkv").symlink_to("nowhere")
    assert bench.run(bench.engine(SUCCEED)).name == "clip (2).mkv"
    assert bench.left() == ["clip (2).mkv", "clip.mkv"]


def test_a_folder_that_cannot_be_written_is_a_resource_error(bench: Bench) -> None:
    engine = bench.engine(SUCCEED)
    wanted = plan(bench.open(engine))
    bench.results.rmdir()
    with pytest.raises(errors.ResourceError):
        bench.run(engine, wanted)


def test_the_command_shuts_every_way_out(bench: Bench) -> None:
    saw = bench.tools / "saw"
    engine = bench.engine(f'printf "%s\\n" "$@" > "{saw}"; {SUCCEED}')
    source = bench.open(engine)
    asyncio.run(engine.probe(source, "native", JOB))
    bench.run(engine, plan(source))
    words = saw.read_text().splitlines()
    at = words.index("-i")
    assert words[at + 1] == f"file:{bench.source_path}"
    assert words[at - 4 : at] == ["-protocol_whitelist", "file,pipe", "-f", "wav"]
    assert {"-nostdin", "-hide_banner", "-progress"} <= set(words[:at])
    assert words[-1].startswith(f"file:{bench.results}/.clipwright-")


def test_progress_never_falls_and_ends_at_one(bench: Bench) -> None:
    lines = "; ".join(
        f"echo out_time_us={us}; sleep 0.06" for us in (-5, 100_000, 500_000, 400_000, 9_000_000)
    )
    heard: list[tuple[float, Progress]] = []
    job = Job(id="test", on_progress=lambda progress: heard.append((time.monotonic(), progress)))
    engine = bench.engine(f"echo out_time_us=N/A; {lines}; {SUCCEED}")
    source = bench.open(engine)
    bench.run(engine, plan(source, step(source.id, "part", 1.0), step("part", "result", 3.0)), job)
    done = [progress.done for _, progress in heard]
    assert done == sorted(done)
    assert (done[0] < 0.25, done[-1], heard[-1][1].eta_s) == (True, 1.0, 0.0)
    assert any(0.25 <= share < 1 for share in done)
    gaps = [later - sooner for (sooner, _), (later, _) in pairwise(heard[:-1])]
    assert all(gap >= 0.09 for gap in gaps)


def test_a_later_step_reads_what_an_earlier_one_made(bench: Bench) -> None:
    saw = bench.tools / "saw"
    engine = bench.engine(f'printf "%s\\n" "$@" >> "{saw}"; {SUCCEED}')
    source = bench.open(engine)
    bench.run(engine, plan(source, step(source.id, "part"), step("part", "result")))
    words = saw.read_text().splitlines()
    made = [word for word, after in pairwise(words) if after == "-nostdin"] + words[-1:]
    assert f"-i\n{made[0]}\n" in saw.read_text()
    assert bench.left() == ["clip.mkv"]


def test_a_full_disk_stops_the_real_ffmpeg(bench: Bench, ffmpeg_path: Path) -> None:
    sound(bench.source_path, 60)
    bench.fails(f'ulimit -f 100; exec "{ffmpeg_path}" "$@"', errors.ResourceError)
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_small_disk_is_reported_as_full(bench: Bench, ffmpeg_path: Path) -> None:
    sound(bench.source_path, 60)
    os.system(f"mount -t tmpfs -o size=256k none '{bench.results}'") == 0 or pytest.skip(
        "only root may mount"
    )
    try:
        bench.fails(f'exec "{ffmpeg_path}" "$@"', errors.ResourceError)
    finally:
        os.system(f"umount '{bench.results}'")


@pytest.mark.parametrize(
    "name",
    [
        "-i.wav",
        "a'b\"c.wav",
        "two\nlines.wav",
        "100%03d.wav",
        "日本 ünï 🎬.wav",
        "http:__x.wav",
        "concat:a|b.wav",
        "$(x) `y`.wav",
    ],
)
def test_no_name_is_misread(bench: Bench, ffmpeg_path: Path, name: str) -> None:
    bench.source_path = bench.source_path.rename(bench.source_path.with_name(name))
    engine = bench.engine(f'exec "{ffmpeg_path}" "$@"', name=name.replace(".wav", ".mkv"))
    source = bench.open(engine)
    media = asyncio.run(engine.probe(source, "native", JOB))
    assert (media.source.name, media.info.container) == (name, "wav")
    assert bench.run(engine, plan(source)).name == name.replace(".wav", ".mkv")


def test_a_name_that_is_no_utf_8_is_opened_all_the_same(bench: Bench, ffmpeg_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(bench.source_path.parent) + b"/\xff\xfe.wav")
    bench.source_path = bench.source_path.rename(odd)
    engine = bench.engine(f'exec "{ffmpeg_path}" "$@"')
    source = bench.open(engine)
    assert source.name == "\ufffd\ufffd.wav"
    asyncio.run(engine.probe(source, "native", JOB))
    assert bench.run(engine, plan(source)).exists()


def test_what_is_no_file_is_refused(bench: Bench, tmp_path: Path) -> None:
    engine = bench.engine(SUCCEED)
    os.mkfifo(tmp_path / "fifo")
    for path in (
        tmp_path,
        tmp_path / "none.mp4",
        tmp_path / "fifo",
        bench.source_path / "below",
        Path("x" * 300),
    ):
        with pytest.raises((errors.BadRequest, errors.MediaError)):
            engine.register(path)


def test_closed_and_foreign_sources_are_refused(bench: Bench) -> None:
    engine = bench.engine(SUCCEED)
    source = bench.open(engine)
    asyncio.run(engine.close(source))
    asyncio.run(engine.close(source))
    with pytest.raises(errors.BadRequest, match="not open"):
        bench.run(engine, plan(source))
    with pytest.raises(errors.CapabilityError):
        asyncio.run(engine.probe(bench.open(engine), "media", JOB))


def test_a_cancel_reaches_what_ffmpeg_started(bench: Bench) -> None:
    beats = bench.tools / "beats"
    engine = bench.engine(f'(while :; do echo x >> "{beats}"; sleep 0.02; done) & wait')
    wanted = plan(bench.open(engine))
    assert asyncio.run(_cancelled(engine, wanted, beats.exists)) < 1
    size = beats.stat().st_size
    time.sleep(0.2)
    assert beats.stat().st_size == size


def test_a_cancel_during_the_start_leaves_nothing(bench: Bench) -> None:
    beats = bench.tools / "beats"
    engine = bench.engine(f'(while :; do echo x >> "{beats}"; sleep 0.02; done) & wait')
    wanted = plan(bench.open(engine))

    async def hasty() -> None:
        running = asyncio.ensure_future(engine.run(wanted, JOB))
        while not beats.exists():
            await asyncio.sleep(0)
            # The loop stands still: ffmpeg runs before its start has been noticed.
            time.sleep(0.05)
        running.cancel()
        await asyncio.wait({running}, timeout=5)
        assert running.cancelled()

    asyncio.run(hasty())
    assert bench.left() == []
    size = beats.stat().st_size
    time.sleep(0.2)
    assert beats.stat().st_size == size
