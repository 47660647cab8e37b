"""Fixtures for what runs on this machine without a page: the native engine and the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from stand_in import Bench

from clipwright.native import ffmpeg


@pytest.fixture(scope="session")
def ffmpeg_path() -> Path:
    """The ffmpeg that the program would find by itself."""
    return Path(ffmpeg.find())


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A source, a stand-in for ffmpeg and a folder for results."""
    return Bench(tmp_path, monkeypatch)
