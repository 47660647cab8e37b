"""Fixtures for what runs on this machine without a page: the native engine and the terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from saying import Run, Said
from screening import Render, rendering
from stand_in import Bench

from clips import Recipe
from clipwright import cli
from clipwright.native import ffmpeg

CLIP = Recipe(seconds=4, size=(160, 90), gop=25)


@pytest.fixture(scope="session")
def ffmpeg_path() -> Path:
    """The ffmpeg that the program would find by itself."""
    return Path(ffmpeg.find())


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A source, a stand-in for ffmpeg and a folder for results."""
    return Bench(tmp_path, monkeypatch)


@pytest.fixture
def run(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ffmpeg_path: Path
) -> Run:
    """Run one command in an empty folder."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv(ffmpeg.VARIABLE, str(ffmpeg_path))

    def command(*words: object) -> Said:
        capfd.readouterr()
        code = cli.main([str(word) for word in words])
        return Said(code, *capfd.readouterr())

    return command


@pytest.fixture
def video(make: Callable[[Recipe], Path], tmp_path: Path) -> Path:
    """Four seconds of numbered frames, a key frame every second."""
    path = tmp_path / "My video.mp4"
    path.write_bytes(make(CLIP).read_bytes())
    return path


@pytest.fixture
def render(make: Callable[[Recipe], Path], tmp_path: Path) -> Render:
    """Render a document whose sources are all the file that a recipe makes."""
    return rendering(make, tmp_path)
