"""Files that cameras, phones and other programs made. They are no part of the project.

They are collected only where CLIPWRIGHT_REAL_MEDIA names a folder of media files.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import reading
from tests.contract.test_probe import differences
from tests.drivers import Driver, Refused

FOLDER = os.environ.get("CLIPWRIGHT_REAL_MEDIA")
FILES = (
    sorted(path for path in Path(FOLDER).iterdir() if path.suffix not in (".md", ".txt")) if FOLDER else []
)

pytestmark = pytest.mark.skipif(not FILES, reason="CLIPWRIGHT_REAL_MEDIA names no folder of media files")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_all_readers_agree(engine: Driver, native: Driver, path: Path) -> None:
    try:
        info = engine.open(path)["info"]
    except Refused as refused:
        assert refused.code == "capability", refused  # noqa: PT017 - by design a reader may not know a format
        return
    assert not differences(native.open(path)["info"], info)


@pytest.mark.parametrize("mode", ["exact", "smart", "lossless"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_clip_has_as_many_frames_as_its_span(engine: Driver, path: Path, mode: str) -> None:
    try:
        media = engine.open(path)
        info = media["info"]
        start, end = info["duration_us"] // 5, info["duration_us"] * 3 // 5
        request = {"start": f"{start / 1e6:.6f}", "end": f"{end / 1e6:.6f}", "mode": mode}
        clip = engine.clip(media, request)
    except Refused as refused:
        assert refused.code == "capability", refused  # noqa: PT017 - by design an engine may not know a codec
        return
    if not any(track["kind"] == "video" for track in info["tracks"]):
        first, last = reading.sound_span_us(clip.path)
        assert last - first == pytest.approx(end - start, abs=60_000)
        return
    if mode == "lossless" and not clip.report["lead_in_hidden"]:
        start = clip.report["span"]["start"]
    bounds = (start + info["origin_us"], end + info["origin_us"])
    right = [at for at, _ in reading.frames(path) if bounds[0] <= at < bounds[1]]
    found = [at for at, _ in reading.frames(clip.path)]
    assert len(found) == len(right)
    shifts = [one - other for one, other in zip(right, found, strict=True)]
    assert max(shifts) - min(shifts) <= 2_200
