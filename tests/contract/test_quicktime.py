"""mp4 and mov results read by MP4Box.js, by the letter as QuickTime does: samples, times, edit lists, no complaint."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import pytest

from tests import quicktime
from tests.clips import Recipe
from tests.contract.test_many_segments import KEEP, segments_of
from tests.contract.test_probe import DELAYED
from tests.contract.test_smart import DEEP, OFF
from tests.drivers import Driver
from tests.judging import SYNC_US, Wanted
from tests.proving import expected
from tests.quicktime import Movie

UNKNOWN = (
    # QuickTime's, of the years before it became a standard: MP4Box.js has no class for these types.
    "Unknown track reference type: '(chap|tmcd)'",
    "Unknown sample entry type: '(text|tmcd|sowt)'",
    "Unknown box type: '(wide|gmhd|chan)'",
    # The last two boxes of its description of sound: a copy of the type, and a terminator of type 0.
    "Unknown box type: 'mp4a'",
    r"Invalid box type: '\x00{4}'",
    # The types of its user data begin with the sign of copyright, and MP4Box.js stops where one is not ASCII.
    "Invalid box type: '©swr'",
    "Parsing of box 'udta' did not read the entire indicated box data size .*",
    # The list of fonts of 3GPP's timed text, and Nero's list of chapters.
    "Unknown box type: '(ftab|chpl)'",
)
"""What MP4Box.js 2.4.1 says of what it does not know; it skips that by its size, and says so, too, if that is wrong."""
TIMECODE = ("-timecode", "01:00:00:00")
FRAGMENTS = ("-movflags", "+frag_keyframe+empty_moov+default_base_moof")


@dataclass(frozen=True)
class Case:
    """A request for spans of recipes in turn, joined."""

    name: str
    recipes: tuple[Recipe, ...]
    mode: str = "smart"
    spans: tuple[tuple[int, int], ...] = (OFF,)
    container: str | None = None


CASES = (
    Case("smart", (Recipe(),)),
    Case("smart-no-b-frames", (Recipe(bframes=0),)),
    Case("smart-deep-b-frames", (Recipe(bframes=5, flags=DEEP),)),
    Case("smart-mov", (Recipe(container="mov", flags=TIMECODE),)),
    Case(
        "smart-all-that-a-file-holds",
        (Recipe(audio=("aac", "aac"), subtitles=True, chapters=True, title="all"),),
    ),
    Case("smart-fragments", (Recipe(bframes=3, flags=FRAGMENTS),)),
    Case("smart-fragments-with-negative-offsets", (DELAYED,)),
    Case("smart-late-sound", (Recipe(delay_audio_s=2.0),)),
    Case("smart-av1", (Recipe(video="av1", audio=("opus",)),)),
    Case("smart-vp9", (Recipe(container="webm", video="vp9", audio=("opus",)),), container="mp4"),
    Case("smart-from-ts", (Recipe(container="ts"),), container="mp4"),
    Case("lossless", (Recipe(),), "lossless"),
    Case("lossless-turned", (Recipe(rotation=90, pixel_aspect="4/3", color="bt709"),), "lossless"),
    Case("lossless-timecode", (Recipe(flags=TIMECODE),), "lossless"),
    Case("lossless-mov", (Recipe(container="mov", audio=("pcm",), flags=TIMECODE),), "lossless"),
    Case(
        "lossless-all-that-a-file-holds",
        (Recipe(audio=("aac", "aac"), chapters=True, title="all"),),
        "lossless",
    ),
    Case("lossless-subtitles", (Recipe(subtitles=True),), "lossless"),
    Case("lossless-fragments", (Recipe(bframes=3, flags=FRAGMENTS),), "lossless"),
    Case("lossless-hevc", (Recipe(video="hevc"),), "lossless"),
    Case("lossless-m4a", (Recipe(video=None, container="m4a"),), "lossless"),
    Case("joined", (Recipe(bframes=3),), spans=KEEP),
    Case("joined-files", (Recipe(), Recipe(title="another")), spans=KEEP[:2]),
    Case("exact", (Recipe(),), "exact"),
)


def read(driver: Driver, make, case: Case) -> tuple[Path, Movie, list[Wanted]]:
    """The result of a case as MP4Box.js reads it, and what it has to show."""
    sources = [make(recipe) for recipe in case.recipes]
    media = [driver.open(source) for source in sources]
    turns = [number % len(sources) for number in range(len(case.spans))]
    listed = [{**one, "source": turn} for one, turn in zip(segments_of(case.spans), turns, strict=True)]
    written = {"container": case.container} if case.container else {}
    (clip,) = driver.cut(media, {"segments": listed, "join": True, "mode": case.mode, **written})
    assert clip.report["mode"] == case.mode, clip.report["notes"]
    cuts = [
        Wanted(sources[turn], *span, media[turn]["info"]["origin_us"])
        for turn, span in zip(turns, case.spans, strict=True)
    ]
    return clip.path, quicktime.read(clip.path), cuts


def assert_whole(movie: Movie, path: Path) -> None:
    """Nothing is wrong with the boxes, and each sample is there, with the bytes and times that FFmpeg reads, too."""
    known = re.compile(rf"\w+: \[BoxParser\] ({'|'.join(UNKNOWN)})")
    assert [complaint for complaint in movie.complaints if not known.fullmatch(complaint)] == []
    for number, track in enumerate(movie.tracks):
        assert track.samples and track.promised == len(track.samples)
        assert all(sample.size == sample.bytes for sample in track.samples)
        begins = track.samples[0].dts
        found = [(s.dts - begins, s.cts, s.key, s.holds) for s in track.samples]
        # FFmpeg makes chapters of their track, and few packets of many samples of PCM.
        if track.codec not in ("text", "sowt"):
            assert found == _packets(path, number)


def _packets(path: Path, number: int) -> list[tuple[int, int, bool, str]]:
    """The packets of a track as they are stored, whatever the edit list says; decoding begins at 0."""
    with av.open(str(path), options={"ignore_editlist": "1"}) as container:
        packets = [packet for packet in container.demux(container.streams[number]) if packet.size]
        begins = packets[0].dts
        return [
            (
                packet.dts - begins,
                packet.pts,
                packet.is_keyframe,
                hashlib.sha256(bytes(packet)).hexdigest()[:16],
            )
            for packet in packets
        ]


def assert_shown(movie: Movie, cuts: Sequence[Wanted]) -> None:
    """By its edit list the picture track shows just the wanted frames, in time."""
    (track,) = (track for track in movie.tracks if track.kind == "video")
    right, found = [shown.at for shown in expected(cuts)], [at for at, _ in track.shown()]
    assert len(found) == len(right)
    late = max(abs(ours - theirs) for ours, theirs in zip(found, right, strict=True))
    assert late <= Fraction(1, track.timescale) + Fraction(1, 1_000_000)


def assert_ends(movie: Movie, cuts: Sequence[Wanted]) -> None:
    """All tracks are presented for as long as was asked; where no edit list says so, to the end of the last packet."""
    length = sum(cut.end_us + cut.origin_us - _first_us(cut) for cut in cuts)
    for track in movie.tracks:
        late = track.ends - Fraction(length, 1_000_000)
        coarsest = Fraction(1, min(track.timescale, track.movie_scale)) + Fraction(1, 1_000_000)
        last = 0 if track.edits else Fraction(track.samples[-1].duration, track.timescale)
        assert late <= coarsest + last, f"{track.kind} ends {float(late)} s late"
        # The last line of subtitles may be over long before.
        assert -late <= coarsest or track.kind == "subtitles", f"{track.kind} ends {float(-late)} s early"


def _first_us(cut: Wanted) -> int:
    """When the first frame of a cut is shown in its source; without a picture, a cut begins where it was asked to."""
    return cut.shots[0].pts_us if _has_picture(cut.source) else cut.start_us + cut.origin_us


def _has_picture(path: Path) -> bool:
    with av.open(str(path)) as container:
        return bool(container.streams.video)


def assert_together(movie: Movie, cuts: Sequence[Wanted]) -> None:
    """Each copied sample of sound is heard with the picture with which it was in its source."""
    begins = Fraction(0)
    sounds = [track for track in movie.tracks if track.kind == "audio"]
    for cut in cuts:
        source = [track for track in quicktime.read(cut.source).tracks if track.kind == "audio"]
        first = Fraction(_first_us(cut), 1_000_000)
        ends = begins + Fraction(cut.end_us + cut.origin_us, 1_000_000) - first
        for place, track in enumerate(sounds):
            was = {sample.holds: at for at, sample in source[place].shown()}
            moved = [
                was[sample.holds] - at
                for at, sample in track.shown()
                if begins <= at < ends - Fraction(SYNC_US, 1_000_000)
            ]
            assert moved, f"sound {place} is not heard from {float(begins)} s on"
            slack = Fraction(SYNC_US, 1_000_000) if len(cuts) > 1 else Fraction(1, 1000)
            assert max(abs(one - (first - begins)) for one in moved) <= slack
        begins = ends


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_results_are_read_by_the_letter(cutter: Driver, make, case: Case) -> None:
    path, movie, cuts = read(cutter, make, case)
    assert_whole(movie, path)
    assert_ends(movie, cuts)
    if case.recipes[0].video:
        assert_shown(movie, cuts)
    # MP4Box.js reads mp4 and mov alone, and a packet of PCM is like many others.
    if case.mode != "exact" and case.container is None and case.recipes[0].audio != ("pcm",):
        assert_together(movie, cuts)


@pytest.mark.parametrize("container", ["mp4", "mov"])
def test_smart_hevc_is_read_by_the_letter(native: Driver, make, container: str) -> None:
    path, movie, cuts = read(native, make, Case("smart-hevc", (Recipe(video="hevc", container=container),)))
    assert_whole(movie, path)
    assert_shown(movie, cuts)
    assert_together(movie, cuts)
