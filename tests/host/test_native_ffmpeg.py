"""Finding the machine's ffmpeg and asking what it can."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from stand_in import JOB, SUCCEED, Bench, install

from clipwright import errors
from clipwright.native import ffmpeg


def test_encoders_are_asked_of_ffmpeg(bench: Bench) -> None:
    capabilities = bench.engine(SUCCEED).capabilities
    assert capabilities.engines == ("native",)
    assert capabilities.encode == {"native": ("aac",)}


def test_a_real_ffmpeg_encodes_the_usual(ffmpeg_path: Path) -> None:
    assert {"h264", "vp9", "aac", "opus", "mp3", "flac", "pcm_s16le"} <= set(
        ffmpeg.encodable(str(ffmpeg_path))
    )


def test_without_ffmpeg_the_hint_says_how_to_get_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = bench.engine(SUCCEED)
    monkeypatch.delenv(ffmpeg.VARIABLE)
    monkeypatch.setenv("PATH", str(bench.results))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(errors.CapabilityError) as caught:
        engine.require_ffmpeg()
    assert "Install" in caught.value.hint
    assert engine.capabilities.encode == {"native": ()}
    assert asyncio.run(engine.probe(bench.open(engine), "native", JOB)).info.container == "wav"


def test_a_wrong_setting_is_named(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ffmpeg.VARIABLE, str(bench.source_path))
    with pytest.raises(errors.CapabilityError, match=ffmpeg.VARIABLE):
        ffmpeg.find()


def test_ffmpeg_on_the_path_comes_before_the_bundled_one(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = install(bench.tools, SUCCEED)
    monkeypatch.delenv(ffmpeg.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(bench.tools), prepend=os.pathsep)
    assert ffmpeg.find() == str(script)
