"""The rules by which what different lookers see becomes the same MediaInfo."""

from __future__ import annotations

import msgspec
import pytest

from clipwright import languages
from clipwright.description import describe
from clipwright.errors import CapabilityError, CorruptMedia, UnsupportedFormat
from clipwright.media import AudioTrack, Chapter, Color, DataTrack, SubtitleTrack, VideoTrack
from clipwright.sighting import SightedTrack, Sighting, presentation
from clipwright.tags import file_tags

MP4 = b"\x00\x00\x00\x20ftypisom" + bytes(20)
MKV = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska" + bytes(20)
TS = (b"G" + bytes(187)) * 5
MP3 = b"\xff\xfb\x90\x64" + bytes(20)
OGG = b"OggS\x00\x02" + bytes(20)
AVC_SILENT = bytes.fromhex(
    "01640015ffe1001a67640015acd941410fcb808800000300080000030190f8a14cb001000468fe8fcbfdf8f800"
)

PICTURE = SightedTrack(
    index=0,
    kind="video",
    codec="h264",
    time_base="1/12800",
    start=0,
    end=38400,
    timestamps=tuple(range(0, 38400, 512)),
    width=320,
    height=240,
    pixel_format="yuv420p",
    disposition=("default", "dependent"),
    bitrate=500_000,
)
SOUND = SightedTrack(
    index=1,
    kind="audio",
    codec="aac",
    time_base="1/48000",
    start=-1024,
    end=144_000,
    channels=2,
    sample_rate=48000,
    extradata=b"\x11\x90",
)


def seen(*tracks: SightedTrack, head: bytes = MP4, **facts) -> Sighting:
    return Sighting(head=head, size=1_500_000, format_name="", tracks=tracks, **facts)


def changed(track: SightedTrack, **facts) -> SightedTrack:
    return msgspec.structs.replace(track, **facts)


def video(*args, **facts) -> VideoTrack:
    (track,) = describe(seen(*args, **facts)).video
    return track


def audio(*args, **facts) -> AudioTrack:
    (track,) = describe(seen(*args, **facts)).audio
    return track


def test_both_ways_to_name_a_thing_give_the_same():
    for codec, matrix in (("avc", "bt2020-ncl"), ("h264", "bt2020nc")):
        track = video(changed(PICTURE, codec=codec, matrix=matrix, language="ger"))
        assert track.codec == "h264"
        assert track.color == Color(matrix="bt2020nc")
        assert track.language == "deu"
    assert {audio(changed(SOUND, codec=name)).codec for name in ("pcm-s24", "pcm_s24le")} == {"pcm_s24le"}


def test_a_movie_starts_at_zero_and_what_lies_before_is_hidden():
    info = describe(seen(PICTURE, SOUND))
    assert (info.start_us, info.origin_us, info.duration_us) == (0, 0, 3_000_000)
    assert info.bitrate == 4_000_000
    assert info.audio[0].start_us == 0
    late = describe(seen(changed(PICTURE, start=6400, end=44800)))
    assert (late.start_us, late.origin_us, late.duration_us) == (500_000, 0, 3_500_000)
    assert late.video[0].duration_us == 3_000_000


def test_a_transport_stream_starts_where_its_clock_does():
    picture = changed(PICTURE, time_base="1/90000", start=903_000, end=1_350_000, disposition=("default",))
    sound = changed(SOUND, time_base="1/90000", start=901_080, end=1_344_600)
    info = describe(seen(picture, sound, head=TS))
    assert info.container == "mpegts"
    assert (info.start_us, info.origin_us, info.duration_us) == (10_012_000, 10_012_000, 4_988_000)
    assert info.video[0].start_us == 10_033_333
    assert (info.video[0].duration_us, info.audio[0].duration_us) == (4_966_667, None)
    assert info.video[0].disposition == ()


def test_matroska_tells_one_length_for_all():
    info = describe(seen(PICTURE, SOUND, head=MKV, end_us=3_021_000))
    assert info.duration_us == 3_021_000
    assert [track.duration_us for track in info.tracks] == [None, None]
    assert describe(seen(PICTURE, head=MKV)).duration_us == 3_000_000


def test_sound_without_a_clock_starts_at_zero():
    # FFmpeg skips LAME's silence, others play it.
    for start in (0, 1105):
        info = describe(seen(changed(SOUND, codec="mp3", start=start, time_base="1/14112000"), head=MP3))
        assert (info.start_us, info.audio[0].start_us, info.audio[0].time_base) == (0, 0, "1/48000")
    ogg = describe(seen(changed(SOUND, codec="opus", start=-312, sample_rate=44100), head=OGG))
    assert (ogg.start_us, ogg.audio[0].sample_rate, ogg.audio[0].time_base) == (0, 48000, "1/48000")


def test_the_rounding_of_ticks_is_half_up():
    track = video(changed(PICTURE, time_base="1/15360", start=24, end=15360))
    assert (track.start_us, track.duration_us) == (1563, 1_000_000 - 1563)


def test_the_header_outranks_what_the_container_says():
    track = video(changed(PICTURE, extradata=AVC_SILENT, width=320, height=112, full_range=False))
    assert (track.width, track.height, track.bit_depth) == (320, 240, 8)
    assert track.color.full_range is None
    assert track.codec_string == "avc1.640015"


def test_vp9_primaries_that_only_follow_from_the_matrix_are_dropped():
    made_up = changed(PICTURE, codec="vp9", matrix="bt2020-ncl", primaries="bt2020", full_range=False)
    assert video(made_up).color == Color(matrix="bt2020nc", full_range=False)
    graded = changed(made_up, transfer="pq")
    assert video(graded).color == Color(
        primaries="bt2020", transfer="smpte2084", matrix="bt2020nc", full_range=False
    )


def test_bitrates_come_from_an_index_or_from_arithmetic():
    info = describe(seen(PICTURE, changed(SOUND, bitrate=128_000)))
    assert [track.bitrate for track in info.tracks] == [500_000, 128_000]
    info = describe(seen(PICTURE, changed(SOUND, bitrate=128_000), head=MKV))
    assert [track.bitrate for track in info.tracks] == [None, None]
    assert video(PICTURE, head=MKV).bitrate == 4_000_000
    assert audio(PICTURE, changed(SOUND, codec="pcm_s16le"), head=MKV).bitrate == 1_536_000


@pytest.mark.parametrize(
    ("stated", "aspect"),
    [(None, "1/1"), ("1/1", "1/1"), ("0/1", "1/1"), ("854/427", "2/1"), ("4/3", "4/3")],
)
def test_pixel_aspects_are_reduced(stated, aspect):
    assert video(changed(PICTURE, pixel_aspect=stated)).pixel_aspect == aspect


def test_pictures_of_a_cover_are_data():
    cover = SightedTrack(
        index=1,
        kind="video",
        codec="image/jpeg",
        time_base="1/44100",
        title="Front",
        disposition=("attached_pic",),
    )
    info = describe(seen(changed(SOUND, index=0), cover))
    assert info.tracks[1] == DataTrack(
        index=1, codec="mjpeg", time_base="1/90000", start_us=0, disposition=("attached_pic",)
    )


def test_text_keeps_its_name_in_matroska_only():
    text = SightedTrack(
        index=1, kind="subtitle", codec="S_TEXT/UTF8", time_base="1/1000", title="Signs", language="en-GB"
    )
    for head, title in ((MKV, "Signs"), (MP4, None)):
        (found,) = [
            t for t in describe(seen(PICTURE, text, head=head)).tracks if isinstance(t, SubtitleTrack)
        ]
        assert (found.codec, found.title, found.language) == ("subrip", title, "eng")


def test_flags_that_only_some_lookers_see_are_dropped():
    assert video(PICTURE).disposition == ("default",)
    assert video(changed(PICTURE, disposition=("forced", "comment"))).disposition == ("comment", "forced")


@pytest.mark.parametrize("turn", [-90, 270, 630])
def test_rotation_is_clockwise_in_one_turn(turn):
    assert video(changed(PICTURE, rotation=turn)).rotation == 270


def test_chapters_are_in_order_of_time():
    chapters = (Chapter(start_us=5, end_us=9, title="b"), Chapter(start_us=0, end_us=5, title="a"))
    assert [chapter.title for chapter in describe(seen(PICTURE, chapters=chapters)).chapters] == ["a", "b"]


def test_what_cannot_be_described_says_why():
    text = SightedTrack(index=0, kind="subtitle", codec="subrip")
    with pytest.raises(UnsupportedFormat, match="neither video nor sound"):
        describe(seen(text))
    with pytest.raises(CorruptMedia, match="No tracks"):
        describe(seen())
    with pytest.raises(UnsupportedFormat):
        describe(seen(head=b"\x01\x02\x03"))
    with pytest.raises(CorruptMedia, match="how long"):
        describe(seen(changed(PICTURE, end=None)))
    with pytest.raises(CapabilityError):
        describe(seen(changed(PICTURE, width=0, height=0), SOUND))
    with pytest.raises(UnsupportedFormat, match="empty"):
        describe(Sighting(head=b"", size=0, format_name="", tracks=()))


def test_an_unknown_head_leaves_the_name_to_the_looker():
    names = {"matroska,webm": "mkv", "mov,mp4,m4a": "mp4", "QuickTime File Format": "mov", "asf": "asf"}
    for name, container in names.items():
        unknown = Sighting(head=b"\x01\x02", size=9, format_name=name, end_us=9, tracks=(PICTURE,))
        assert describe(unknown).container == container


def test_tags_have_one_set_of_keys():
    written = {
        "©nam": " A title ",
        "ARTIST": "Somebody",
        "TDRC": "2021-03-04T05:06:07Z",
        "PART_NUMBER": "03/09",
        "discnumber": "1/0",
        "encoder": "Lavf",
        "major_brand": "isom",
        "genre": "",
    }
    assert file_tags(written) == {
        "artist": "Somebody",
        "date": "2021-03-04",
        "disc": "1",
        "title": "A title",
        "track": "3/9",
    }
    assert file_tags({"date": "some day", "track": "A1"}) == {}


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("de", "deu"),
        ("ger", "deu"),
        ("deu", "deu"),
        ("DE-at", "deu"),
        ("pt_BR", "por"),
        ("chi", "zho"),
        ("gsw", "gsw"),
        ("und", None),
        ("", None),
        (None, None),
        ("x-klingon", None),
        ("```", None),
    ],
)
def test_languages_have_one_code(tag, code):
    assert languages.normalized(tag) == code


def test_decode_times_stand_in_where_a_presentation_time_is_missing():
    assert presentation([(0, -2), (6, 0), (2, 2)]) == (0, 6, 2)
    assert presentation([(0, -2), (None, 0), (2, 2)]) == (-2, 0, 2)
    assert presentation([]) == ()
