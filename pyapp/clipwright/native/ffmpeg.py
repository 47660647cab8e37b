"""The ffmpeg program of this machine: where it is and what it can encode."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess

from clipwright.errors import CapabilityError

VARIABLE = "CLIPWRIGHT_FFMPEG"
"""Environment variable that names the ffmpeg to use before any other."""

_ENCODERS = {
    "h264": ("libx264",),
    "hevc": ("libx265",),
    "vp8": ("libvpx",),
    "vp9": ("libvpx-vp9",),
    "av1": ("libsvtav1",),
    "aac": ("aac",),
    "opus": ("libopus",),
    "mp3": ("libmp3lame",),
    "flac": ("flac",),
    "vorbis": ("libvorbis",),
    "pcm_s16le": ("pcm_s16le",),
    "pcm_s24le": ("pcm_s24le",),
    "pcm_f32le": ("pcm_f32le",),
}
"""Codec -> the encoders for it that are good enough; FFmpeg's own opus and vorbis are experimental,
libaom takes ten times as long as SVT-AV1."""

_ANSWER_S = 20.0


def find() -> str:
    """The ffmpeg to run: ``$CLIPWRIGHT_FFMPEG``, else the one on PATH, else imageio-ffmpeg's.

    Raises CapabilityError when there is none, or when the variable names something else.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise CapabilityError(
                f"{VARIABLE} is set to “{named}”, which is no program that can be run.",
                hint=f"Set {VARIABLE} to the path of ffmpeg, or unset it.",
            )
        return found
    found = shutil.which("ffmpeg") or _bundled()
    if found is None:
        raise CapabilityError(
            "ffmpeg was not found on this machine.",
            hint="Install it (for example: apt install ffmpeg, brew install ffmpeg, winget install ffmpeg), "
            f"or run “pip install imageio-ffmpeg”, or set {VARIABLE} to its path.",
        )
    return found


def _bundled() -> str | None:
    try:
        return str(importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return None


def encodable(program: str) -> tuple[str, ...]:
    """FFmpeg's names of the codecs that `program` can encode; CapabilityError when it cannot be run."""
    listed = _listed(program)
    return tuple(codec for codec, encoders in _ENCODERS.items() if any(name in listed for name in encoders))


def _listed(program: str) -> frozenset[str]:
    """Names of all encoders: the second word of each line after the legend's rule."""
    try:
        answer = subprocess.run(
            [program, "-hide_banner", "-encoders"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ANSWER_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CapabilityError(
            f"“{program}” is there, but does not answer as ffmpeg should.",
            hint=f"Reinstall ffmpeg, or set {VARIABLE} to another one.",
            detail=str(error),
        ) from error
    _, _, table = answer.stdout.decode(errors="replace").partition("------")
    lines = (line.split() for line in table.splitlines())
    return frozenset(words[1] for words in lines if len(words) > 1)
