"""Assembling under trouble, and what a result says of itself."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import resource
import signal
import subprocess
import time
from fractions import Fraction

import av
import msgspec
import pytest
from smart import JOB, Workshop, complaints, looking, plan_of

from clipwright import errors
from clipwright.engine import Job
from clipwright.media import Chapter, Span
from clipwright.native import timecodes
from clipwright.native.sounds import Sounds
from clipwright.plan.steps import Assemble, AssembleTrack, Metadata, Mount, Piece, Plan, RunFfmpeg
from tests import reading
from tests.clips import Recipe
from tests.equipment import tool

PLAIN = Recipe(seconds=4, gop=25)


@pytest.fixture
def workshop(tmp_path):
    (tmp_path / "results").mkdir()
    return Workshop(tmp_path / "results")


def whole(*media, container: str = "mp4", **more) -> Plan:
    """Everything of one file after the other, from key frame to key frame."""
    at, pieces = 0, {"video": [], "audio": []}
    for one in media:
        for kind, found in pieces.items():
            tracks = one.info.video if kind == "video" else one.info.audio
            span = Span(one.info.origin_us, one.info.origin_us + 3_000_000)
            found.extend(Piece(source=one.source.id, track=t.index, span=span, at=at) for t in tracks[:1])
        at += 3_000_000
    described = more.pop("described", {})
    tracks = tuple(
        AssembleTrack(kind=kind, pieces=tuple(found), **described.get(kind, {}))
        for kind, found in pieces.items()
        if found
    )
    step = Assemble(output="result", container=container, tracks=tracks, duration_us=at, **more)
    others = tuple(one.source for one in media[1:])
    return plan_of(media[0], step, output="result", name=f"whole.{container}", others=others)


def left(workshop) -> list[str]:
    return sorted(path.name for path in workshop.folder.iterdir())


def refused(workshop, plan, kind) -> errors.ClipwrightError:
    with pytest.raises(errors.ClipwrightError) as caught:
        workshop.run(plan)
    assert type(caught.value) is kind
    assert caught.value.hint
    assert left(workshop) == []
    return caught.value


def test_progress_rises_and_ends_with_all(make, workshop, monkeypatch):
    monkeypatch.setattr("clipwright.native.assemble._PAUSE_S", 0.0)
    monkeypatch.setattr("clipwright.native.meter._PAUSE_S", 0.0)
    heard = []
    plan = whole(workshop.open(make(PLAIN)))
    asyncio.run(workshop.engine.run(plan, Job(id="test", on_progress=lambda told: heard.append(told.done))))
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert len(heard) > 20


def test_cancelling_ends_the_thread_and_leaves_nothing(make, workshop, monkeypatch):
    real = Sounds.placed

    def slowly(self, lead_us):
        for placed in real(self, lead_us):
            time.sleep(0.05)
            yield placed

    monkeypatch.setattr(Sounds, "placed", slowly)
    plan = whole(workshop.open(make(PLAIN)))

    async def cancelled() -> float:
        running = asyncio.ensure_future(workshop.engine.run(plan, JOB))
        await asyncio.sleep(0.5)
        assert not running.done()
        running.cancel()
        asked = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await running
        return time.monotonic() - asked

    assert asyncio.run(cancelled()) < 2
    assert left(workshop) == []
    assert looking() == []


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_a_full_disk_is_a_resource_error(make, workshop, container):
    plan = whole(workshop.open(make(dataclasses.replace(PLAIN, size=(640, 360)))), container=container)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    kept = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, before[1]))
    try:
        refused(workshop, plan, errors.ResourceError)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, kept)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"size": (160, 90)}, "picture sizes"),
        ({"bframes": 0}, "parameter sets"),
        ({"video": "hevc"}, "codecs"),
        ({"depth": 10}, "pixel formats"),
        ({"sample_rate": 44100}, "sample rates"),
        ({"channels": 1}, "channels"),
    ],
)
def test_files_that_do_not_fit_are_refused(make, workshop, changes, what):
    one, two = (workshop.open(make(recipe)) for recipe in (PLAIN, dataclasses.replace(PLAIN, **changes)))
    error = refused(workshop, whole(one, two), errors.CapabilityError)
    assert what in error.message
    assert error.detail


def test_files_of_other_containers_fit(make, workshop):
    one, two = (
        workshop.open(make(recipe)) for recipe in (PLAIN, dataclasses.replace(PLAIN, container="mkv"))
    )
    path, _ = workshop.run(whole(one, two))
    assert reading.numbers(path) == [*range(75), *range(75)]


def test_a_source_that_changed_spoils_the_run(make, workshop, tmp_path, monkeypatch):
    path = tmp_path / "source.mp4"
    path.write_bytes(make(PLAIN).read_bytes())
    plan = whole(workshop.open(path))
    real = Sounds.placed

    def changing(self, lead_us):
        os.utime(path, ns=(0, 0))
        return real(self, lead_us)

    monkeypatch.setattr(Sounds, "placed", changing)
    assert "changed" in refused(workshop, plan, errors.MediaError).message


def test_a_piece_of_nothing_is_a_bad_request(make, workshop):
    plan = whole(workshop.open(make(PLAIN)))
    step = plan.steps[0]
    track = msgspec.structs.replace(
        step.tracks[0], pieces=(msgspec.structs.replace(step.tracks[0].pieces[0], source="x"),)
    )
    broken = msgspec.structs.replace(plan, steps=(msgspec.structs.replace(step, tracks=(track,)),))
    with pytest.raises(errors.BadRequest, match="x"):
        workshop.run(broken)
    assert left(workshop) == []


@pytest.mark.parametrize("container", ["mp4", "mov", "mkv"])
def test_what_the_result_says_of_itself(make, workshop, container):
    source = workshop.open(make(dataclasses.replace(PLAIN, title="Old", languages=("fra", "fra"))))
    chapters = (
        Chapter(start_us=0, end_us=1_000_000, title="Eins"),
        Chapter(start_us=1_000_000, end_us=3_000_000),
    )
    described = {
        "video": {"rotation": 270, "title": "Bild"},
        "audio": {"language": "deu", "disposition": ("default", "comment")},
    }
    metadata = Metadata(tags={"title": "New"}, chapters=chapters)
    path, _ = workshop.run(whole(source, container=container, metadata=metadata, described=described))
    media = workshop.open(path)
    assert media.info.tags["title"] == "New"
    named = media.info.chapters[0]
    assert (named.start_us, named.end_us, named.title) == (0, 1_000_000, "Eins")
    assert len(media.info.chapters) == 2
    video, audio = media.info.video[0], media.info.audio[0]
    assert video.rotation == 270
    assert (video.language, audio.language) == ("fra", "deu")
    assert "default" in audio.disposition
    if container == "mkv":
        assert video.title == "Bild"
        assert "comment" in audio.disposition


def test_silence_keeps_what_the_first_source_says(make, workshop):
    source = workshop.open(
        make(dataclasses.replace(PLAIN, title="Old", languages=("fra", "deu"), rotation=90))
    )
    media = workshop.open(workshop.run(whole(source))[0])
    assert media.info.tags["title"] == "Old"
    assert [track.language for track in media.info.tracks] == ["fra", "deu"]
    assert media.info.video[0].rotation == 90
    assert media.info.video[0].color == source.info.video[0].color


@pytest.mark.parametrize(
    ("recipe", "container"),
    [
        (Recipe(seconds=4, video=None, container="m4a"), "m4a"),
        (Recipe(seconds=4, video=None, container="mp3", audio=("mp3",)), "mp3"),
        (Recipe(seconds=4, video=None, container="ogg", audio=("opus",)), "ogg"),
        (Recipe(seconds=4, video=None, container="mkv", audio=("flac",)), "mkv"),
    ],
)
def test_sound_alone_is_joined(make, workshop, recipe, container):
    one = workshop.open(make(recipe))
    path, _ = workshop.run(whole(one, one, container=container))
    start, end = reading.sound_span_us(path)
    assert start == pytest.approx(0, abs=30_000)
    assert end == pytest.approx(6_000_000, abs=80_000)
    for tone in reading.tones(path):
        if abs(tone.at_us - 3_000_000) > 60_000 and tone.at_us < 5_900_000:
            moved = 0 if tone.at_us < 3_000_000 else 3_000_000
            assert tone.source_us == pytest.approx(tone.at_us - moved, abs=30_000)


def test_ffmpeg_may_read_the_other_sources_of_a_plan(make, workshop):
    one, two = (
        workshop.open(make(recipe)) for recipe in (PLAIN, dataclasses.replace(PLAIN, container="mkv"))
    )
    step = RunFfmpeg(
        inputs=(Mount(id=one.source.id, name="in0"), Mount(id=two.source.id, name="in1")),
        output=Mount(id="result", name="out0"),
        argv=("-i", "in0", "-i", "in1", "-map", "0:v", "-map", "1:a", "-c", "copy", "-f", "mp4", "out0"),
        duration_us=4_000_000,
    )
    plan = plan_of(one, step, output="result", name="both.mp4", others=(two.source,))
    path, _ = workshop.run(plan)
    with av.open(str(path)) as container:
        assert [stream.type for stream in container.streams] == ["video", "audio"]


def test_a_lead_in_that_cannot_be_hidden_is_shown_or_refused(make, workshop):
    media = workshop.open(make(PLAIN))
    pieces = {
        kind: Piece(source=media.source.id, track=index, span=Span(1_400_000, 3_000_000), at=0)
        for index, kind in enumerate(("video", "audio"))
    }
    tracks = tuple(AssembleTrack(kind=kind, pieces=(piece,)) for kind, piece in pieces.items())
    step = Assemble(output="result", container="mkv", tracks=tracks, duration_us=1_600_000)
    plan = plan_of(media, step, output="result", name="lead.mkv")
    refused(workshop, plan, errors.CapabilityError)
    shown = msgspec.structs.replace(plan, steps=(msgspec.structs.replace(step, shift_lead_in=True),))
    path, _ = workshop.run(shown)
    shots = reading.shots(path)
    assert [shot.number for shot in shots] == list(range(25, 75))
    assert shots[0].pts_us == 0
    assert reading.sound_offset_us(path) == pytest.approx(1_000_000, abs=25_000)


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_texts_are_kept_where_they_belong_and_shortened_at_the_edges(make, workshop, container):
    media = workshop.open(make(dataclasses.replace(PLAIN, container=container, subtitles=True)))
    index = next(track.index for track in media.info.tracks if track.codec in ("mov_text", "subrip"))
    kinds = (("video", 0), ("subtitle", index))
    spans = (Span(1_000_000, 2_200_000), Span(3_000_000, 4_000_000))
    tracks = tuple(
        AssembleTrack(
            kind=kind,
            pieces=tuple(
                Piece(source=media.source.id, track=track, span=span, at=at)
                for span, at in zip(spans, (0, 1_200_000), strict=True)
            ),
        )
        for kind, track in kinds
    )
    step = Assemble(output="result", container=container, tracks=tracks, duration_us=2_200_000)
    path, _ = workshop.run(plan_of(media, step, output="result", name=f"texts.{container}"))
    lines = [(at, text) for at, text in reading.subtitle_lines(path) if text]
    assert lines == [
        (0, "line 1000"),
        (500, "line 1500"),
        (1000, "line 2000"),
        (1200, "line 3000"),
        (1700, "line 3500"),
    ]


def test_every_sound_track_is_taken(make, workshop):
    media = workshop.open(make(dataclasses.replace(PLAIN, audio=("aac", "aac"))))
    span = Span(1_000_000, 3_000_000)
    tracks = tuple(
        AssembleTrack(kind=kind, pieces=(Piece(source=media.source.id, track=index, span=span, at=0),))
        for index, kind in enumerate(("video", "audio", "audio"))
    )
    step = Assemble(output="result", container="mp4", tracks=tracks, duration_us=2_000_000)
    path, _ = workshop.run(plan_of(media, step, output="result", name="two.mp4"))
    for track in (0, 1):
        assert reading.sound_offset_us(path, track, chirp_track=track) == pytest.approx(1_000_000, abs=25_000)


def test_what_an_edit_list_hides_stays_hidden(make, workshop, tmp_path):
    """A lossless cut has a hidden beginning and a hidden end; cut again, neither shows."""
    source = make(PLAIN)
    hidden = tmp_path / "hidden.mp4"
    command = [tool("ffmpeg"), "-v", "error", "-ss", "0.4", "-t", "2.5", "-i", source, "-c", "copy", hidden]
    subprocess.run(command, check=True)
    numbers = reading.numbers(hidden)
    assert numbers[0] == 10
    cut = workshop.cut((hidden, 0, 2_000_000))
    assert reading.numbers(cut.path) == numbers[:50]
    copied = workshop.run(whole(workshop.open(hidden)))[0]
    assert reading.numbers(copied) == [number for number in numbers if number < 85]
    assert complaints(copied) == ""


@pytest.mark.parametrize("written", ["01:00:59:20", "01:00:59;20"])
def test_a_timecode_counts_on(make, workshop, written):
    """At 29.97 frames per second, drop frame leaves out two numbers at the minute."""
    flags = ("-timecode", written)
    source = make(dataclasses.replace(PLAIN, container="mov", rate="30000/1001", gop=30, flags=flags))
    cut = workshop.cut((source, 1_001_000, 3_003_000), container="mov")
    with av.open(str(cut.path)) as container:
        assert (
            container.streams.video[0].metadata["timecode"]
            == {
                "01:00:59:20": "01:01:00:20",
                "01:00:59;20": "01:01:00;22",
            }[written]
        )


def test_a_timecode_starts_again_after_a_day():
    rate = Fraction(25)
    assert timecodes.counted_on({"timecode": "23:59:59:20"}, rate, 400_000) == "00:00:00:05"
    assert timecodes.counted_on({"timecode": "23:59:59:30"}, rate, 400_000) is None
    assert timecodes.counted_on({"timecode": "noon"}, rate, 400_000) is None
    assert timecodes.counted_on({}, rate, 400_000) is None
