"""Plans for files and stretches without sound, and packets in which nothing is heard."""

from __future__ import annotations

import msgspec
import pytest

from clipwright import cutting
from clipwright.bitstream import silence
from clipwright.errors import CapabilityError
from clipwright.media import AudioTrack, Media, Span
from clipwright.plan.request import ClipRequest, CutRequest, SegmentRequest, TrackRequest
from clipwright.plan.steps import Convert, Note, Plan
from tests.unit.test_cutting import JOB, Remembering, S, assembled, finish, media

EVERY = (SegmentRequest(source=0), SegmentRequest(source=1), SegmentRequest(source=2))


def mute(name: str, *, width: int = 640) -> Media:
    file = media(name, width=width)
    return msgspec.structs.replace(
        file, info=msgspec.structs.replace(file.info, tracks=file.info.tracks[:1]), decodable=(0,)
    )


def ended(name: str, start_us: int, duration_us: int) -> Media:
    """Sound that starts late or ends early."""
    file = media(name)
    sound = msgspec.structs.replace(file.info.tracks[1], start_us=start_us, duration_us=duration_us)
    return msgspec.structs.replace(
        file, info=msgspec.structs.replace(file.info, tracks=(file.info.tracks[0], sound))
    )


def joined(*files: Media, **how: object) -> Plan:
    request = CutRequest(segments=EVERY[: len(files)], join=True, **how)  # type: ignore[arg-type]  # as a test says
    return finish(cutting.plan_cut(Remembering(), files, request, JOB)).plans[0]


def silences(plan: Plan) -> list[Note]:
    return [note for note in plan.notes if note.code == "silent"]


def test_a_file_without_sound_leaves_a_gap_between_others() -> None:
    plan = joined(media("a.mp4"), mute("b.mp4"), media("c.mp4"))
    _, sound = assembled(plan).tracks
    assert [(piece.source, piece.at) for piece in sound.pieces] == [("a", 0), ("c", 120 * S)]
    assert [note.text for note in silences(plan)] == ["“b.mp4” has no sound: it is silent there."]
    assert plan.mode == "lossless"
    assert [check.source for check in plan.checks].count("b") > 0


def test_a_file_that_differs_and_has_no_sound_is_encoded_without() -> None:
    plan = joined(media("a.mp4"), mute("b.mp4", width=320), media("c.mp4"))
    (part,) = [step for step in plan.steps if isinstance(step, Convert)]
    assert (part.source, [track.index for track in part.tracks]) == ("b", [0])
    picture, sound = assembled(plan).tracks
    assert [piece.track for piece in picture.pieces] == [0, 0, 0]
    assert len(sound.pieces) == 2


def test_where_the_first_file_has_no_sound_a_later_one_says_what_it_is() -> None:
    plan = joined(mute("a.mp4"), media("b.mp4"), media("c.mp4"))
    assert [source.id for source in plan.others] == ["b", "c"]
    assert [(track.source, track.index, track.action) for track in plan.tracks] == [
        (0, 0, "copy"),
        (1, 1, "copy"),
    ]
    _, sound = assembled(plan).tracks
    assert [(piece.source, piece.track, piece.at) for piece in sound.pieces] == [
        ("b", 1, 60 * S),
        ("c", 1, 120 * S),
    ]
    assert [note.text for note in silences(plan)] == ["“a.mp4” has no sound: it is silent there."]


def test_the_lender_is_numbered_as_the_plan_lists_it() -> None:
    plan = joined(mute("a.mp4"), mute("b.mp4"), media("c.mp4"))
    sound = next(track for track in plan.tracks if track.kind == "audio")
    assert [source.id for source in plan.others][sound.source - 1] == "c"


def test_sound_that_differs_from_the_lenders_is_encoded_to_match() -> None:
    other = media("c.mp4")
    mono = msgspec.structs.replace(other.info.tracks[1], channels=1)
    other = msgspec.structs.replace(
        other, info=msgspec.structs.replace(other.info, tracks=(other.info.tracks[0], mono))
    )
    plan = joined(mute("a.mp4"), media("b.mp4"), other)
    (part,) = [step for step in plan.steps if isinstance(step, Convert)]
    assert (part.source, part.tracks[1].channels) == ("c", 2)


def test_tracks_that_were_chosen_are_all_there_is() -> None:
    plan = joined(mute("a.mp4"), media("b.mp4"), tracks=(TrackRequest(track=0),))
    assert [track.kind for track in assembled(plan).tracks] == ["video"]
    assert silences(plan) == []


def test_sound_alone_has_no_silent_files() -> None:
    sound = media("a.mp4")
    sound = msgspec.structs.replace(
        sound,
        info=msgspec.structs.replace(sound.info, container="m4a", tracks=(_first(sound.info.tracks[1]),)),
    )
    with pytest.raises(CapabilityError) as raised:
        joined(sound, mute("b.mp4"))
    assert "“b.mp4” has no audio track number 1" in raised.value.detail


def _first(track: object) -> AudioTrack:
    assert isinstance(track, AudioTrack)
    return msgspec.structs.replace(track, index=0)


@pytest.mark.parametrize(
    ("file", "spans"),
    [
        (ended("a.mp4", 0, 20 * S), [Span(30 * S, 40 * S)]),
        (ended("a.mp4", 45 * S, 15 * S), [Span(4 * S, 8 * S)]),
    ],
    ids=["ended", "late"],
)
def test_a_stretch_that_the_sound_does_not_reach_is_told(file: Media, spans: list[Span]) -> None:
    (span,) = spans
    parts = [Span(10 * S, 12 * S), span, Span(50 * S, 52 * S)]
    listed = tuple(SegmentRequest(start=part.start // S, end=part.end // S) for part in parts)
    request = CutRequest(segments=listed, join=True)
    (plan,) = finish(cutting.plan_cut(Remembering(), (file,), request, JOB)).plans
    assert span in [Span(part.span.start, part.span.end) for part in plan.segments]
    told = [note.text for note in silences(plan)]
    assert f"between 00:00:{span.start // S:02}.000 and 00:00:{span.end // S:02}.000" in " ".join(told)
    assert len(assembled(plan).tracks) == 2


def test_a_clip_that_the_sound_does_not_reach_has_none() -> None:
    file = ended("a.mp4", 0, 20 * S)
    plan = finish(cutting.plan_clip(Remembering(), file, ClipRequest(start=30, end=40), JOB))
    assert [track.action for track in plan.tracks] == ["copy", "drop"]
    assert [track.kind for track in assembled(plan).tracks] == ["video"]
    assert [note.text for note in silences(plan)] == [
        "“a.mp4” has no sound between 00:00:30.000 and 00:00:40.000: it is silent there."
    ]
    plan = finish(cutting.plan_clip(Remembering(), file, ClipRequest(start=10, end=40), JOB))
    assert [track.action for track in plan.tracks] == ["copy", "copy"]
    assert silences(plan) == []


STEREO = bytes.fromhex("1190")


@pytest.mark.parametrize(
    ("codec", "config", "like", "found"),
    [
        ("aac", STEREO, b"", ("211004608c1c", None)),
        ("aac", bytes.fromhex("118856e500"), b"", ("01182007", None)),
        ("aac", bytes.fromhex("2b118800"), b"", None),  # HE-AAC
        ("aac", bytes.fromhex("1194"), b"", None),  # 960 samples
        ("aac", b"", b"", None),
        ("opus", b"", b"", ("fcfffe", 960)),
        ("pcm_s16le", b"", b"\1\2\3\4", ("00000000", None)),
        ("pcm_u8", b"", b"\1\2", ("8080", None)),
        ("ac3", b"", b"\x0b\x77", None),
        ("mp3", b"", b"\xff\xff\xff\xff", None),
    ],
)
def test_packets_in_which_nothing_is_heard(
    codec: str, config: bytes, like: bytes, found: tuple[str, int | None] | None
) -> None:
    wanted = None if found is None else (bytes.fromhex(found[0]), found[1])
    assert silence.packet(codec, config, like) == wanted


@pytest.mark.parametrize(
    ("codec", "size"),
    [("pcm_s16le", 2), ("pcm_s24be", 3), ("pcm_f64le", 8), ("pcm_u8", 1), ("pcm_alaw", 1), ("aac", 0)],
)
def test_plain_samples_have_a_size(codec: str, size: int) -> None:
    assert silence.plain_bytes(codec) == size


@pytest.mark.parametrize(
    ("header", "size"),
    [("fffb9264", 417), ("fffa9464", 384), ("fff384c4", 192), ("ffe388c4", 576)],
    ids=["44100 Hz", "48000 Hz with a checksum", "24000 Hz", "8000 Hz"],
)
def test_a_frame_of_mp3_keeps_its_header(header: str, size: int) -> None:
    like = bytes.fromhex(header) + bytes(100)
    found = silence.packet("mp3", b"", like)
    assert found is not None
    frame, samples = found
    assert (len(frame), samples, any(frame[4:])) == (size, None, False)
    assert frame[0] == 0xFF and frame[1] & 0xFE == like[1] & 0xFE and frame[1] & 1
    assert frame[2:4] == bytes([like[2] & 0xFD, like[3]])
