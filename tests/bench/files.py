"""The files the benches work on, generated once with the machine's ffmpeg and kept in ``.build/bench``."""

from __future__ import annotations

import subprocess
from pathlib import Path

BOX_HOLE = 3 * 1024**3
"""How many bytes of nothing the large file holds."""


def minute(ffmpeg: str, folder: Path) -> Path:
    """60 s of moving 1080p30 H.264 at 8 Mbit/s with AAC, a key frame every 2 s."""
    return _made(folder / "minute.mp4", _moving(ffmpeg, groups=60))


def _moving(ffmpeg: str, groups: int) -> list[str]:
    return [
        ffmpeg, "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=30:d=60",
        "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:d=60",
        "-vf", "noise=alls=12:allf=t", "-c:v", "libx264", "-preset", "veryfast", "-b:v", "8M", "-maxrate", "8M",
        "-bufsize", "8M", "-g", str(groups), "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "128k",
    ]  # fmt: skip


def twenty_minutes(ffmpeg: str, folder: Path) -> Path:
    """The same minute twenty times: a 1.2 GB file."""
    return _made(folder / "twenty_minutes.mp4", _looped(ffmpeg, minute(ffmpeg, folder), 19))


def long_groups(ffmpeg: str, folder: Path) -> Path:
    """Twenty minutes like the others, but with a key frame every 10 s."""
    minute_long = _made(folder / "minute_long_groups.mp4", _moving(ffmpeg, groups=300))
    return _made(folder / "long_groups.mp4", _looped(ffmpeg, minute_long, 19))


def two_hours(ffmpeg: str, folder: Path, extension: str) -> Path:
    """Two hours of sound in small packets: AAC for ``m4a``, Opus for ``ogg``.

    The samples are looped, not the packets: encoded files in a row would not be one recording with one clock.
    """
    encoder = {"m4a": "aac", "ogg": "libopus"}[extension]
    sweep = "aevalsrc=sin(2*PI*t*(200+20*mod(t\\,60)))|sin(2*PI*t*330):s=48000:d=300"
    five_minutes = _made(folder / "five_minutes.wav", [ffmpeg, "-v", "error", "-f", "lavfi", "-i", sweep])
    looped = [ffmpeg, "-v", "error", "-stream_loop", "23", "-i", str(five_minutes)]
    return _made(folder / f"two_hours_straight.{extension}", [*looped, "-c:a", encoder, "-b:a", "128k"])


def large(ffmpeg: str, folder: Path) -> Path:
    """Over 3 GB: the twenty minutes with a hole behind it."""
    return _with_hole(twenty_minutes(ffmpeg, folder), folder / "large.mp4", BOX_HOLE)


def huge(ffmpeg: str, folder: Path) -> Path:
    """Over 5 GB: the same with a larger hole."""
    return _with_hole(twenty_minutes(ffmpeg, folder), folder / "huge.mp4", 4 * 1024**3)


def _with_hole(source: Path, target: Path, hole: int) -> Path:
    """`source` with a sparse ``free`` box at the end, so the size is real and the disk is not."""
    if not target.exists():
        part = target.with_suffix(".part")
        part.write_bytes(b"")
        with source.open("rb") as reader, part.open("wb") as writer:
            while block := reader.read(1 << 24):
                writer.write(block)
            writer.write((1).to_bytes(4, "big") + b"free" + hole.to_bytes(8, "big"))
            writer.truncate(source.stat().st_size + hole)
        part.rename(target)
    return target


def _looped(ffmpeg: str, source: Path, times: int) -> list[str]:
    looped = ["-stream_loop", str(times), "-i", str(source), "-map", "0", "-c", "copy"]
    return [ffmpeg, "-v", "error", *looped]


def _made(target: Path, argv: list[str]) -> Path:
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"part-{target.name}")
        subprocess.run([*argv, "-y", str(part)], check=True, stdin=subprocess.DEVNULL)
        part.rename(target)
    return target
