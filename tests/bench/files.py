"""The files the benches work on, generated once with the machine's ffmpeg and kept in ``.build/bench``."""

from __future__ import annotations

import subprocess
from pathlib import Path

BOX_HOLE = 3 * 1024**3
"""How many bytes of nothing the large file holds."""


def minute(ffmpeg: str, folder: Path) -> Path:
    """60 s of moving 1080p30 H.264 at 8 Mbit/s with AAC, a key frame every 2 s."""
    return _made(
        folder / "minute.mp4",
        [
            ffmpeg, "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=30:d=60",
            "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:d=60",
            "-vf", "noise=alls=12:allf=t", "-c:v", "libx264", "-preset", "veryfast", "-b:v", "8M", "-maxrate", "8M",
            "-bufsize", "8M", "-g", "60", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "128k",
        ],
    )  # fmt: skip


def twenty_minutes(ffmpeg: str, folder: Path) -> Path:
    """The same minute twenty times: a 1.2 GB file."""
    source = minute(ffmpeg, folder)
    argv = [ffmpeg, "-v", "error", "-stream_loop", "19", "-i", str(source), "-map", "0", "-c", "copy"]
    return _made(folder / "twenty_minutes.mp4", argv)


def large(ffmpeg: str, folder: Path) -> Path:
    """Over 3 GB: the twenty minutes with a sparse ``free`` box at the end, so the size is real and the disk is not."""
    source = twenty_minutes(ffmpeg, folder)
    target = folder / "large.mp4"
    if not target.exists():
        part = target.with_suffix(".part")
        part.write_bytes(b"")
        with source.open("rb") as reader, part.open("wb") as writer:
            while block := reader.read(1 << 24):
                writer.write(block)
            writer.write((1).to_bytes(4, "big") + b"free" + BOX_HOLE.to_bytes(8, "big"))
            writer.truncate(source.stat().st_size + BOX_HOLE)
        part.rename(target)
    return target


def _made(target: Path, argv: list[str]) -> Path:
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"part-{target.name}")
        subprocess.run([*argv, "-y", str(part)], check=True, stdin=subprocess.DEVNULL)
        part.rename(target)
    return target
