"""The words with which ffmpeg encodes an edge of a smart cut."""

from __future__ import annotations

import msgspec
import pytest

from clipwright.media import Color, Media, MediaInfo, Source, Span, VideoTrack
from clipwright.plan.argvedge import edge
from clipwright.plan.steps import Mount, RunFfmpeg

PLAIN = VideoTrack(
    index=1, codec="h264", codec_string="avc1.4d4029", time_base="1/90000", start_us=0, width=640, height=360
)


def step(
    track: VideoTrack = PLAIN, *, engine: str = "native", container: str = "mp4", key: int | None = 1_000_000
):
    media = Media(
        source=Source(id="file-1", name="a.mp4", size=1),
        info=MediaInfo(container=container, duration_us=9_000_000, tracks=(track,)),
        reader="native",
    )
    return edge(media, track, Span(1_234_567, 2_000_000), key, track.codec, engine, "result-edge0", 3.0)


def after(made: RunFfmpeg, option: str) -> str | None:
    return made.argv[made.argv.index(option) + 1] if option in made.argv else None


def test_the_whole_of_it():
    made = step()
    assert made.inputs == (Mount(id="file-1", name="in0"),)
    assert made.output == Mount(id="result-edge0", name="out0")
    assert (made.duration_us, made.weight, made.presented_us) == (765_433, 3.0, None)
    assert " ".join(made.argv) == (
        "-noautorotate -fflags +genpts -copyts -itsoffset -1.234567 -seek_timestamp 1 -noaccurate_seek -ss 1.000000 "
        "-i in0 -map 0:1 -filter:v setpts=PTS+round(1234567/(1000000*TB)),settb=1/1000000,"
        "trim=start_pts=1234567:end_pts=2000000,setpts=PTS-1234567 -fps_mode passthrough -enc_time_base 1/90000 "
        "-c:v libx264 -preset veryfast -crf 14 -profile:v main "
        "-x264-params sps-id=31:stitchable=1:mbtree=0:rc-lookahead=0:scenecut=0:ref=1:level=41 -g 250 -bf 3 "
        "-map_metadata -1 -map_chapters -1 -video_track_timescale 90000 -movie_timescale 90000 -f mp4 out0"
    )


@pytest.mark.parametrize(
    ("string", "profile", "level"),
    [
        ("avc1.42c01e", "baseline", "level=30"),
        ("avc1.640028", "high", "level=40"),
        ("avc1.6e0033", "high10", "level=51"),
        ("avc1.f4001f", "high444", "level=31"),
        (None, None, None),
        ("avc1", None, None),
    ],
)
def test_profile_and_level_come_from_the_codec_string(string, profile, level):
    made = step(msgspec.structs.replace(PLAIN, codec_string=string))
    assert after(made, "-profile:v") == profile
    levels = [word for word in (after(made, "-x264-params") or "").split(":") if word.startswith("level")]
    assert levels == ([level] if level else [])


def test_the_page_s_ffmpeg_takes_the_quickest_preset():
    assert after(step(engine="ffmpeg"), "-preset") == "ultrafast"


def test_colours_are_named_and_silence_stays_silent():
    color = Color(primaries="bt2020", transfer="smpte2084", matrix="bt2020nc", full_range=False)
    made = step(msgspec.structs.replace(PLAIN, color=color))
    named = [
        after(made, option) for option in ("-color_primaries", "-color_trc", "-colorspace", "-color_range")
    ]
    assert named == ["bt2020", "smpte2084", "bt2020nc", "tv"]
    assert "-color_range" not in step().argv


@pytest.mark.parametrize(
    ("codec", "encoder", "muxer"),
    [
        ("hevc", "libx265", "mp4"),
        ("vp9", "libvpx-vp9", "mp4"),
        ("av1", "libsvtav1", "mp4"),
        ("vp8", "libvpx", "matroska"),
    ],
)
def test_each_codec_has_its_encoder_and_its_file(codec, encoder, muxer):
    made = step(msgspec.structs.replace(PLAIN, codec=codec, codec_string=None))
    assert after(made, "-c:v") == encoder
    assert after(made, "-f") == muxer


def test_a_stream_without_an_index_is_sought_earlier_and_a_lost_key_frame_much_earlier():
    assert after(step(container="mpegts", key=1_100_000), "-ss") == "0.100000"
    assert "-ss" not in step(key=None).argv
