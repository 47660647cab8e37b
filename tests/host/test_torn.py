"""Matroska files that break off are told from those that end."""

from __future__ import annotations

import pytest
from smart import Workshop

from clipwright.errors import CorruptMedia
from clipwright.native.torn import is_torn
from tests import reading
from tests.clips import Recipe

MKV = Recipe(container="mkv", subtitles=True)


def test_a_whole_file_is_not_torn(make):
    data = make(MKV).read_bytes()
    assert not is_torn(data[:64], len(data))
    assert is_torn(data[:64], len(data) - 1)


@pytest.mark.parametrize(
    "head", [b"", b"\x1a\x45", b"\x1a\x45\xdf\xa3\x00", bytes(64), b"\x1a\x45\xdf\xa3\x81"]
)
def test_what_does_not_say_how_long_it_is_is_not_torn(head):
    assert not is_torn(head, len(head))


def test_a_live_recording_does_not_say_how_long_it_is(make):
    live = Recipe(container="webm", video="vp9", audio=("opus",), flags=("-live", "1"))
    data = make(live).read_bytes()
    assert not is_torn(data[:64], len(data) // 2)


def test_what_lies_before_the_break_can_be_cut_and_nothing_across_it(make, tmp_path):
    workshop = Workshop(tmp_path)
    whole = make(MKV).read_bytes()
    source = tmp_path / "half.mkv"
    source.write_bytes(whole[: len(whole) // 2])
    cut = workshop.cut((source, 400_000, 1_200_000), container="mp4")
    assert reading.numbers(cut.path) == list(range(10, 30))
    with pytest.raises(CorruptMedia) as told:
        workshop.cut((source, 1_000_000, 3_600_000), container="mp4")
    assert "half.mkv" in str(told.value)
    assert told.value.hint
