"""Smart cuts put together natively, judged by the numbers in the frames and the pitch of the sound."""

from __future__ import annotations

import dataclasses
import hashlib

import av
import pytest
from smart import Cut, Workshop, complaints, plan_of, point_of

from clipwright.bitstream import nal, sets
from clipwright.errors import CapabilityError
from clipwright.media import Span
from clipwright.plan.steps import Assemble, AssembleTrack, Piece
from tests import judging, reading
from tests.clips import Recipe
from tests.contract.test_smart import UNEVEN
from tests.judging import Wanted, shots_of
from tests.proving import assert_shown

PLAIN = Recipe(seconds=6, gop=25, bframes=3)
HEVC = dataclasses.replace(PLAIN, video="hevc")
WEBM = dataclasses.replace(PLAIN, container="webm", audio=("opus",))
# name -> recipe, container of the result
CUTS = {
    "mp4": (PLAIN, "mp4"),
    "mov": (dataclasses.replace(PLAIN, container="mov", rate="30000/1001"), "mov"),
    "mkv": (dataclasses.replace(PLAIN, container="mkv"), "mkv"),
    "mkv to mp4": (dataclasses.replace(PLAIN, container="mkv"), "mp4"),
    "ts to mp4": (dataclasses.replace(PLAIN, container="ts"), "mp4"),
    "ts to mkv": (dataclasses.replace(PLAIN, container="ts"), "mkv"),
    "no B-frames": (dataclasses.replace(PLAIN, bframes=0), "mp4"),
    "open GOP": (dataclasses.replace(PLAIN, open_gop=True), "mp4"),
    "uneven": (dataclasses.replace(PLAIN, vfr=True), "mp4"),
    "high10": (dataclasses.replace(PLAIN, depth=10), "mp4"),
    "turned": (dataclasses.replace(PLAIN, rotation=90), "mp4"),
    "late sound": (dataclasses.replace(PLAIN, delay_audio_s=0.5), "mp4"),
    "late picture": (dataclasses.replace(PLAIN, delay_video_s=0.5), "mp4"),
    "hevc": (HEVC, "mp4"),
    "hevc mov": (dataclasses.replace(HEVC, container="mov"), "mov"),
    "hevc open": (dataclasses.replace(HEVC, open_gop=True), "mp4"),
    "hevc mkv": (dataclasses.replace(HEVC, container="mkv"), "mkv"),
    "hevc ts to mp4": (dataclasses.replace(HEVC, container="ts"), "mp4"),
    "vp9": (dataclasses.replace(WEBM, video="vp9"), "webm"),
    "vp9 to mp4": (dataclasses.replace(WEBM, video="vp9"), "mp4"),
    "vp8": (dataclasses.replace(WEBM, video="vp8"), "webm"),
    "av1": (dataclasses.replace(PLAIN, video="av1"), "mp4"),
    "av1 webm": (dataclasses.replace(WEBM, video="av1"), "webm"),
}
SPAN = (1_130_000, 4_570_000)


@pytest.fixture
def workshop(tmp_path):
    return Workshop(tmp_path)


SLICES = {"h264": range(1, 6), "hevc": range(32)}


def packet_bodies(path, codec):
    """Hashes of packets; of their slices, where the codec has NAL units that containers wrap differently."""
    found = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        prefix = nal.length_size(codec, bytes(stream.codec_context.extradata or b""))
        for packet in container.demux(stream):
            parts = [bytes(packet)]
            if codec in SLICES:
                units = nal.units(bytes(packet), prefix)
                parts = [unit for unit in units if unit and sets.kind(codec, unit) in SLICES[codec]]
            if packet.size:
                found.append(hashlib.sha256(b"|".join(parts)).hexdigest())
    return found


def copied_count(source, cut: Cut, codec: str) -> int:
    """How many of the result's packets are the source's, in an unbroken run."""
    before, after = packet_bodies(source, codec), packet_bodies(cut.path, codec)
    common = [body for body in after if body in before]
    begin = before.index(common[0])
    assert before[begin : begin + len(common)] == common
    first = after.index(common[0])
    assert after[first : first + len(common)] == common
    return len(common)


@pytest.mark.parametrize("name", CUTS)
def test_a_smart_cut_shows_what_was_asked_for(make, workshop, name):
    recipe, container = CUTS[name]
    source = make(recipe)
    origin = workshop.open(source).info.origin_us
    cut = workshop.cut((source, *SPAN), container=container)
    wanted = Wanted(source, *SPAN, origin)
    shots = reading.shots(cut.path)
    assert [shot.number for shot in shots] == [shot.number for shot in wanted.shots], judging.told(
        wanted.shots, shots
    )
    slack = 60 if container in ("mp4", "mov") and recipe.container != "webm" else 1100
    for ours, theirs in zip(shots, wanted.shots, strict=True):
        assert ours.pts_us == pytest.approx(theirs.pts_us - SPAN[0] - origin, abs=slack)
        assert ours.turn == theirs.turn
    judging.assert_sound(wanted, cut.path, SPAN[0] + origin)
    if "late sound" not in name:
        judging.assert_sound_length(wanted, cut.path)
    assert complaints(cut.path) == ""
    if name != "open GOP":
        assert copied_count(source, cut, recipe.video) >= 40


def test_the_source_is_untouched_and_nothing_else_stays(make, workshop):
    source = make(PLAIN)
    before = source.read_bytes()
    cut = workshop.cut((source, *SPAN))
    assert source.read_bytes() == before
    assert list(workshop.folder.iterdir()) == [cut.path]


def test_two_segments_of_one_file(make, workshop):
    source = make(PLAIN)
    cut = workshop.cut((source, 410_000, 1_900_000), (source, 3_210_000, 5_050_000))
    right = [s for s in shots_of(source) if 410_000 <= s.pts_us < 1_900_000]
    right += [s for s in shots_of(source) if 3_210_000 <= s.pts_us < 5_050_000]
    shots = reading.shots(cut.path)
    assert [shot.number for shot in shots] == [shot.number for shot in right]
    assert complaints(cut.path) == ""
    tones = [tone for tone in reading.tones(cut.path) if abs(tone.at_us - 1_490_000) > 60_000]
    for tone in tones:
        moved = 410_000 if tone.at_us < 1_490_000 else 3_210_000 - 1_490_000
        assert tone.source_us - tone.at_us == pytest.approx(moved, abs=25_000)
    assert reading.sound_span_us(cut.path)[1] == pytest.approx(3_330_000, abs=judging.SOUND_LENGTH_US)


def test_two_files_one_after_the_other(make, workshop):
    one, two = make(PLAIN), make(dataclasses.replace(PLAIN, seconds=4))
    cut = workshop.cut((one, 0, 2_000_000), (two, 500_000, 3_000_000))
    right = [s.number for s in shots_of(one) if s.pts_us < 2_000_000]
    right += [s.number for s in shots_of(two) if 500_000 <= s.pts_us < 3_000_000]
    assert reading.numbers(cut.path) == right
    assert complaints(cut.path) == ""


def test_a_smart_cut_of_a_smart_cut(make, workshop):
    source = make(PLAIN)
    once = workshop.cut((source, *SPAN)).path
    twice = workshop.cut((once, 300_000, 3_100_000))
    numbers = [s.number for s in shots_of(source) if SPAN[0] + 300_000 <= s.pts_us < SPAN[0] + 3_100_000]
    assert reading.numbers(twice.path) == numbers
    assert complaints(twice.path) == ""


def x265(gop: int, words: str) -> Recipe:
    """Open groups: their first pictures are shown before the key frame and refer to the group before."""
    words = f"log-level=error:open-gop=1:keyint={gop}:min-keyint={gop}:scenecut=0:b-adapt=0:rc-lookahead=20:{words}"
    return Recipe(video="hevc", audio=(), seconds=6, open_gop=True, flags=("-x265-params", words))


OPEN = {"b-frames": x265(25, "bframes=4"), "pyramids": x265(25, "bframes=8:b-pyramid=1:ref=4")}


LEADING = {8, 9}
"""Types of the pictures that are skipped where decoding starts with the key frame before them."""


def slice_kinds(path) -> list[int]:
    """The type of every slice of an HEVC file."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        prefix = nal.length_size("hevc", bytes(stream.codec_context.extradata))
        units = [unit for packet in container.demux(stream) for unit in nal.units(bytes(packet), prefix)]
    return [kind for kind in (sets.kind("hevc", unit) for unit in units) if kind in SLICES["hevc"]]


@pytest.mark.parametrize("container", ["mp4", "mkv"])
@pytest.mark.parametrize(
    "pieces",
    [
        ((75, 101), (25, 51), (100, 126), (50, 75)),
        # The one before ends behind the very picture that follows it; the same few pictures again and again.
        ((50, 76), (75, 101), (75, 101), (75, 101), (100, 101), (100, 126)),
    ],
    ids=["elsewhere", "again"],
)
@pytest.mark.parametrize("name", OPEN)
def test_pieces_of_open_groups_in_hevc_lose_no_picture(make, workshop, name, pieces, container):
    """A CRA picture in the middle of a stream would count on from those before it; those wait for being shown."""
    source = make(OPEN[name])
    assert LEADING & set(slice_kinds(source)), "without such pictures this would mean nothing"
    media = workshop.open(source)
    times = [shot.pts_us for shot in shots_of(source)]
    found, wanted, at = [], [], 0
    for first, last in pieces:
        span = Span(times[first], times[last])
        point = point_of(source, span)
        assert point.clean_frame == span.start
        span = Span(span.start, point.closed_end)
        found.append(Piece(source=media.source.id, track=0, span=span, at=at))
        wanted += [(n, at + times[n] - span.start) for n in range(first, len(times)) if times[n] < span.end]
        at += span.duration
    tracks = (AssembleTrack(kind="video", pieces=tuple(found)),)
    step = Assemble(output="result", container=container, tracks=tracks, duration_us=at)
    path, _ = workshop.run(
        plan_of(media, step, output="result", name=f"all.{container}", container=container)
    )
    shots = reading.shots(path)
    assert [shot.number for shot in shots] == [number for number, _ in wanted]
    slack = 1_100 if container == "mkv" else 60
    assert [shot.pts_us for shot in shots] == pytest.approx([time for _, time in wanted], abs=slack)
    assert complaints(path) == ""


@pytest.mark.parametrize("container", ["mp4", "mkv"])
@pytest.mark.parametrize("name", OPEN)
def test_smart_cuts_of_open_groups_in_hevc_lose_no_picture(make, workshop, name, container):
    source = make(OPEN[name])
    times = [shot.pts_us for shot in shots_of(source)]
    numbers = ((61, 118), (3, 40), (30, 77), (75, 140))
    cut = workshop.cut(*((source, times[a], times[b]) for a, b in numbers), container=container)
    wanted = [Wanted(source, times[a], times[b], 0) for a, b in numbers]
    assert any(assert_shown(wanted, cut.path))
    assert complaints(cut.path) == ""


def test_pieces_of_hevc_that_go_on_are_as_they_were(make, workshop):
    media = workshop.open(make(HEVC))
    pieces = tuple(
        Piece(source=media.source.id, track=0, span=Span(at, at + 1_000_000), at=at) for at in (0, 1_000_000)
    )
    tracks = (AssembleTrack(kind="video", pieces=pieces),)
    step = Assemble(output="result", container="mp4", tracks=tracks, duration_us=2_000_000)
    path, _ = workshop.run(plan_of(media, step, output="result", name="two.mp4"))
    assert packet_bodies(path, "hevc") == packet_bodies(make(HEVC), "hevc")[:50]


def test_a_piece_that_needs_an_earlier_one_is_refused(make, workshop):
    media = workshop.open(make(dataclasses.replace(PLAIN, open_gop=True)))
    pieces = tuple(
        Piece(source=media.source.id, track=0, span=Span(begin, begin + 1_000_000), at=number * 1_000_000)
        for number, begin in enumerate((0, 3_000_000))
    )
    tracks = (AssembleTrack(kind="video", pieces=pieces),)
    step = Assemble(output="result", container="mp4", tracks=tracks, duration_us=2_000_000)
    with pytest.raises(CapabilityError, match="nothing earlier"):
        workshop.run(plan_of(media, step, output="result", name="two.mp4"))


def test_short_pieces_of_deeply_reordered_pictures_fit(make, workshop):
    """The first piece alone does not show how far decoding has to run ahead."""
    source = make(PLAIN)
    cut = workshop.cut((source, 1_000, 526_000), (source, 668_000, 1_142_000), (source, 1_713_000, 5_035_000))
    spans = ((1_000, 526_000), (668_000, 1_142_000), (1_713_000, 5_035_000))
    wanted = [s.number for begin, end in spans for s in shots_of(source) if begin <= s.pts_us < end]
    assert reading.numbers(cut.path) == wanted
    assert complaints(cut.path) == ""


@pytest.mark.parametrize("container", ["mp4", "mov"])
def test_a_track_ends_where_its_last_picture_does(make, workshop, container):
    """Pictures that last unequally long: how long a packet lasted in the source tells nothing of its picture."""
    source = make(Recipe(seconds=3, flags=UNEVEN, audio=()))
    times = [shot.pts_us for shot in shots_of(source)]
    for end in times[30:46]:
        part = workshop.open(workshop.cut((source, times[25], end), container=container).path)
        track = part.info.video[0]
        assert track.start_us == part.info.origin_us
        assert track.duration_us == pytest.approx(end - times[25], abs=12), end


@pytest.mark.parametrize("name", ["mkv", "vp9"])
def test_a_part_of_matroska_tells_when_its_last_picture_ends(make, workshop, name):
    recipe, container = CUTS[name]
    # One picture, but packets of sound that last longer.
    cut = workshop.cut((make(recipe), 1_000_000, 1_040_000), container=container)
    point = point_of(cut.path, Span(0, 1_000_000))
    assert point.next_frame == pytest.approx(40_000, abs=1_000)
    assert workshop.open(cut.path).info.duration_us > 41_000


def test_a_part_of_matroska_without_any_sound_joins_others(make, workshop):
    # No packet of sound begins in the short one, and MP4 names no delay for which one would come before it.
    spans = ((0, 1_000_000), (1_000_000, 1_002_000), (1_040_000, 2_000_000))
    parts = [workshop.cut((make(Recipe()), *span), container="mkv").path for span in spans]
    with av.open(str(parts[1])) as silent:
        assert sum(packet.size for packet in silent.demux(silent.streams.audio[0])) == 0
    lengths = (1_000_000, 40_000, 960_000)
    joined = workshop.cut(
        *((part, 0, end) for part, end in zip(parts, lengths, strict=True)), container="mkv"
    )
    shots = reading.shots(joined.path)
    assert [shot.number for shot in shots] == list(range(50))
    for shot in shots:
        assert shot.pts_us == pytest.approx(shot.number * 40_000, abs=1_100)
    assert complaints(joined.path) == ""
