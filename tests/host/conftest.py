"""Fixtures for what runs on this machine without a page: the native engine and the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from clipwright.native import ffmpeg


@pytest.fixture(scope="session")
def ffmpeg_path() -> Path:
    """The ffmpeg that the program would find by itself."""
    return Path(ffmpeg.find())
