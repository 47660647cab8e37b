"""Files that are no media, or no longer all there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import reading
from tests.clips import Recipe
from tests.drivers import Driver, Refused


def bad(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("words.mp4", b"This is not a film. " * 500),
        ("noise.mkv", os.urandom(1).join([bytes(range(256))] * 40)),
        ("zeros.mov", bytes(20_000)),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"),
        ("list.mp4", b"ffconcat version 1.0\nfile '/etc/passwd'\n"),
        ("manifest.mpd", b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>'),
        ("page.html", b"<!doctype html><title>hi</title>" * 30),
        ("one-byte.mp4", b"\0"),
    ],
)
def test_what_is_no_media_is_refused(engine: Driver, tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        engine.open(bad(tmp_path, name, data))
    # A single reader may only say that it cannot; asking all of them must give the verdict.
    assert refused.value.code in ("unsupported_format", "corrupt_media", "capability")
    assert refused.value.body["hint"]
    with pytest.raises(Refused) as judged:
        engine.open(bad(tmp_path, name, data), "auto")
    assert judged.value.code in ("unsupported_format", "corrupt_media")
    assert judged.value.body["hint"]
    assert name in judged.value.body["message"]


def test_an_empty_file_is_called_empty(engine: Driver, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        engine.open(bad(tmp_path, "nothing.mp4", b""))
    assert refused.value.code == "unsupported_format"
    assert refused.value.body["hint"]
    assert "empty" in refused.value.body["message"]


@pytest.mark.parametrize("mode", ["exact", "lossless"])
@pytest.mark.parametrize(
    "recipe", [Recipe(flags=("-movflags", "+faststart")), Recipe(container="mkv")], ids=["mp4", "mkv"]
)
def test_a_truncated_file_gives_what_is_there_or_one_error(
    engine: Driver, make, tmp_path: Path, recipe: Recipe, mode: str
) -> None:
    whole = make(recipe).read_bytes()
    path = bad(tmp_path, f"half.{recipe.container}", whole[: len(whole) // 2])
    media = engine.open(path)
    # What is before the break can still be had, to the frame.
    clip = engine.clip(media, {"start": "0.4", "end": "1.2", "mode": mode})
    assert reading.numbers(clip.path) == list(
        range(10 if recipe.container == "mp4" or mode == "exact" else 0, 30)
    )
    # Across the break: an error that blames the file, never a clip that pretends to be whole.
    with pytest.raises(Refused) as refused:
        engine.clip(media, {"start": "1.0", "end": "3.6", "mode": mode})
    assert refused.value.code in ("corrupt_media", "media")
    assert refused.value.body["hint"]


def test_an_mp4_that_lost_its_index_is_corrupt(engine: Driver, make, tmp_path: Path) -> None:
    whole = make(Recipe()).read_bytes()
    path = bad(tmp_path, "headless.mp4", whole[: len(whole) // 2])
    with pytest.raises(Refused) as refused:
        engine.open(path, "auto")
    assert refused.value.code == "corrupt_media"
    assert refused.value.body["hint"]


def test_a_file_that_vanished_is_reported(engine: Driver, make, tmp_path: Path) -> None:
    path = bad(tmp_path, "gone.mp4", make(Recipe()).read_bytes())
    media = engine.open(path)
    path.unlink()
    for mode in ("exact", "lossless"):
        with pytest.raises(Refused) as refused:
            engine.clip(media, {"start": 1, "end": 2, "mode": mode})
        assert refused.value.code == "media"
        assert refused.value.body["hint"]
    assert engine.leftovers() == []


def test_a_file_that_changed_is_reported(engine: Driver, make, tmp_path: Path) -> None:
    path = bad(tmp_path, "other.mp4", make(Recipe()).read_bytes())
    media = engine.open(path)
    path.write_bytes(make(Recipe(seconds=3)).read_bytes())
    with pytest.raises(Refused) as refused:
        engine.clip(media, {"start": 1, "end": 2, "mode": "exact"})
    assert refused.value.code == "media"
