"""The grammar of ``cut``, ``segments`` and ``extract``: what their words ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clipwright import arguments, wishes
from clipwright.errors import BadRequest
from clipwright.media import AudioTrack, DataTrack, Media, MediaInfo, Source, SubtitleTrack, VideoTrack
from clipwright.plan.request import ChapterRequest, CutRequest, SegmentRequest, TrackRequest
from clipwright.segments import Segment

COMMON: dict[str, Any] = {"time_base": "1/1000", "start_us": 0}
TRACKS = (
    VideoTrack(index=0, codec="h264", width=64, height=64, **COMMON),
    AudioTrack(index=1, codec="aac", channels=2, sample_rate=48_000, language="deu", **COMMON),
    SubtitleTrack(index=2, codec="mov_text", **COMMON),
    DataTrack(index=3, codec="tmcd", **COMMON),
    VideoTrack(index=4, codec="mjpeg", width=64, height=64, disposition=("attached_pic",), **COMMON),
    AudioTrack(index=5, codec="opus", channels=2, sample_rate=48_000, **COMMON),
)


def media(*tracks: Any) -> Media:
    info = MediaInfo(
        container="mp4", duration_us=60_000_000, tags={"title": "Old", "artist": "A"}, tracks=tracks
    )
    return Media(source=Source(id="f1", name="My video.mp4", size=1), info=info, reader="native")


FILES = (media(*TRACKS), media(TRACKS[1]))


def cut(*words: str) -> CutRequest:
    options = arguments.parse(["cut", "a.mp4", "b.m4a", *words])
    segments = wishes.written_segments(options) or wishes.whole_files(options)
    return wishes.cut_request(options, options.container, FILES, segments, remove=options.remove is not None)


def test_without_options_every_file_is_kept_whole() -> None:
    whole = (SegmentRequest(source=0), SegmentRequest(source=1))
    assert cut() == CutRequest(segments=whole)
    assert cut("--join") == CutRequest(segments=whole, join=True)


def test_spans_are_kept_or_removed() -> None:
    spans = (
        SegmentRequest(start="-20", end="-10"),
        SegmentRequest(start="0:10", end="0:20", label="a", source=1),
    )
    assert cut("--keep", "-20--10", "--keep", "1@0:10..0:20=a").segments == spans
    removing = cut("--remove=-20--10", "--remove", "1@0:10..0:20=a")
    assert (removing.segments, removing.action) == (spans, "remove")


def test_how_to_write_reaches_the_request() -> None:
    asked = cut("--mode", "smart", "--container", "mkv", "--allow-lead-in", "--no-verify", "--name", "{n}")
    assert asked == CutRequest(
        segments=asked.segments, mode="smart", container="mkv", allow_lead_in=True, verify=False, name="{n}"
    )


def test_a_list_is_read_from_a_file_or_stdin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = (
        Segment(start_us=1_500_000, end_us=3_600_000_001, label='a, "b"'),
        Segment(start_us=0, end_us=1),
    )
    file = tmp_path / "-1 list.csv"
    file.write_text(wishes.csv_text(listed), "utf-8")
    spans = (
        SegmentRequest(start="1.500000", end="3600.000001", label='a, "b"'),
        SegmentRequest(start="0.000000", end="0.000001"),
    )
    assert cut("--segments", str(file)).segments == spans
    with file.open(encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert cut("--segments", "-").segments == spans


def test_tracks_are_chosen_and_described() -> None:
    words = [
        "--tracks",
        "1, 0,1:0",
        "--language",
        "1:0=eng",
        "--title",
        "1=A = b",
        "--disposition",
        "1=default, forced",
    ]
    assert cut(*words, "--rotate", "90").tracks == (
        TrackRequest(track=1, title="A = b", disposition=("default", "forced")),
        TrackRequest(track=0, rotation=90),
        TrackRequest(track=0, source=1, language="eng"),
    )
    assert cut(*words).segments == (SegmentRequest(),), "a file that lends a track is not joined"


def test_describing_a_track_keeps_the_others() -> None:
    assert cut("--language", "5=eng").tracks == (
        *(TrackRequest(track=index) for index in (0, 1, 2)),
        TrackRequest(track=5, language="eng"),
    )
    assert cut("--rotate", "0").tracks == (
        TrackRequest(track=0, rotation=0),
        *(TrackRequest(track=index) for index in (1, 2, 5)),
    )


def test_tags_and_chapters() -> None:
    assert cut("--tag", "title=New = x", "--tag", "artist=").tags == {"title": "New = x", "artist": None}
    assert cut("--no-tags", "--tag", "title=New").tags == {"title": "New", "artist": None}
    chapters = (ChapterRequest(start="0", title="One"), ChapterRequest(start="-10", title="Two = 2"))
    assert cut("--chapter", "0=One", "--chapter", "-10=Two = 2").chapters == chapters
    assert cut("--no-chapters").chapters == ()


def test_changes_of_a_list_come_in_one_order() -> None:
    words = ["--align", "--every", "10", "--split", "5", "--split", "-7", "--shift", "-1.5", "--invert"]
    assert wishes.edits(arguments.parse(["segments", "a.mp4", *words])) == [
        ("invert", None), ("shift", "-1.5"), ("split", "5"), ("split", "-7"), ("length", "10"), ("align", None),
    ]  # fmt: skip
    assert wishes.edits(arguments.parse(["segments", "a.mp4", "--count", "3"])) == [("count", 3)]


@pytest.mark.parametrize(
    ("written", "size"),
    [("700", 700), ("700B", 700), ("1.5kB", 1500), ("700MB", 700_000_000), ("4.2 GB", 4_200_000_000),
     ("4GiB", 4 << 30), ("1ti", 1 << 40)],
)  # fmt: skip
def test_sizes_are_read(written: str, size: int) -> None:
    assert wishes.edits(arguments.parse(["segments", "a.mp4", "--size", written])) == [("size", size)]


@pytest.mark.parametrize(
    "words",
    [
        ["--keep", "5"], ["--keep", "1-2", "--remove", "3-4"], ["--keep", "1-2", "--segments", "x"],
        ["--segments", "nowhere.csv"], ["--segments", "."], ["--segments", "a\0b"],
        ["--tracks", "x"], ["--tracks", ""], ["--tracks", "0,"], ["--tracks", "-1"], ["--tracks", "2:0"],
        ["--language", "1"], ["--language", "=deu"], ["--language", "3=deu"], ["--title", "1:1=x"],
        ["--tracks", "0", "--language", "1=deu"], ["--rotate", "45"], ["--tag", "title"], ["--tag", "=x"],
        ["--chapter", "Intro"], ["--chapter", "0=a", "--no-chapters"], ["--every", "1", "--count", "2"],
        ["--count", "x"], ["--size", "iB"], ["--size", "5iB"], ["--size", "-5"],
    ],
)  # fmt: skip
def test_words_that_make_no_sense_are_refused(words: list[str]) -> None:
    with pytest.raises(BadRequest) as refused:
        cut(*words)
    assert refused.value.hint


def test_every_track_can_be_asked_for_by_itself() -> None:
    options = arguments.parse(["extract", "a.mp4"])
    chosen, left = wishes.separable(options, FILES[0])
    assert [(one.mode, one.container, one.name, one.tracks) for one in chosen] == [
        ("lossless", "mp4", "My video_track0.mp4", (TrackRequest(track=0),)),
        ("lossless", "m4a", "My video_track1_deu.m4a", (TrackRequest(track=1),)),
        ("lossless", "srt", "My video_track2.srt", (TrackRequest(track=2),)),
        ("lossless", "ogg", "My video_track5.ogg", (TrackRequest(track=5),)),
    ]
    assert [note.track for note in left] == [3, 4]
    some, said = wishes.separable(arguments.parse(["extract", "a.mp4", "--tracks", "5,0"]), FILES[0])
    assert [one.tracks for one in some] == [(TrackRequest(track=5),), (TrackRequest(track=0),)]
    assert said == ()


@pytest.mark.parametrize("tracks", ["3", "9", "0,3", "1:0"])
def test_what_cannot_stand_alone_is_refused(tracks: str) -> None:
    with pytest.raises(BadRequest) as refused:
        wishes.separable(arguments.parse(["extract", "a.mp4", "--tracks", tracks]), FILES[0])
    assert refused.value.hint == "It has 0, 1, 2, 5."
