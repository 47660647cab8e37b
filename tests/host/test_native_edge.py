"""Edges of smart cuts as ffmpeg really encodes them: the right frames, at the right times, close to the source."""

from __future__ import annotations

import dataclasses
import subprocess

import av
import pytest
from smart import Workshop, pictures, psnr

from clipwright.media import Span
from tests.clips import Recipe
from tests.equipment import tool
from tests.judging import shots_of
from tests.reading import shots

PLAIN = Recipe(seconds=3, gop=25, audio=())
RECIPES = {
    "h264": PLAIN,
    "main profile": dataclasses.replace(PLAIN, flags=("-profile:v", "main")),
    "high10": dataclasses.replace(PLAIN, depth=10),
    "uneven": dataclasses.replace(PLAIN, vfr=True),
    "late": dataclasses.replace(PLAIN, delay_video_s=0.7, audio=("aac",)),
    "turned": dataclasses.replace(PLAIN, rotation=90),
    "ts": dataclasses.replace(PLAIN, container="ts", audio=("aac",)),
    "mkv": dataclasses.replace(PLAIN, container="mkv", rate="30000/1001"),
    "hevc": dataclasses.replace(PLAIN, video="hevc"),
    "hevc 10 bit": dataclasses.replace(PLAIN, video="hevc", depth=10),
    "vp9": dataclasses.replace(PLAIN, video="vp9", container="webm"),
    "vp8": dataclasses.replace(PLAIN, video="vp8", container="webm"),
    "av1": dataclasses.replace(PLAIN, video="av1"),
}
BEGIN, END = 1_110_000, 1_690_000


@pytest.fixture
def workshop(tmp_path):
    return Workshop(tmp_path)


@pytest.mark.parametrize("name", RECIPES)
def test_exactly_the_frames_of_the_span(make, workshop, name):
    source = make(RECIPES[name])
    start = shots_of(source)[0].pts_us
    span = Span(start + BEGIN, start + END)
    made = workshop.edge(source, span)
    right = [shot for shot in shots_of(source) if span.start <= shot.pts_us < span.end]
    found = shots(made)
    assert [shot.number for shot in found] == [shot.number for shot in right]
    slack = 600 if name == "vp8" else 60
    for ours, theirs in zip(found, right, strict=True):
        assert ours.pts_us == pytest.approx(theirs.pts_us - span.start, abs=slack)


@pytest.mark.parametrize("name", RECIPES)
def test_a_key_frame_in_front_and_no_reordering(make, workshop, name):
    source = make(RECIPES[name])
    start = shots_of(source)[0].pts_us
    made = workshop.edge(source, Span(start + BEGIN, start + END))
    with av.open(str(made)) as container, av.open(str(source)) as original:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        assert packets[0].is_keyframe
        # B-frames are announced, so decoding times run ahead, but there are none.
        shown = [packet.pts for packet in packets]
        assert shown == sorted(shown)
        ours, theirs = container.streams.video[0].codec_context, original.streams.video[0].codec_context
        for what in ("codec.canonical_name", "pix_fmt", "width", "height", "profile"):
            one, other = ours, theirs
            for word in what.split("."):
                one, other = getattr(one, word), getattr(other, word)
            assert one == other, what
        # To say nothing of the range is to say that it is limited.
        assert (ours.color_range or 1) == (theirs.color_range or 1)


def test_colour_shape_and_level_are_the_source_s(make, workshop):
    source = make(dataclasses.replace(PLAIN, color="bt709", pixel_aspect="4/3", flags=("-level", "4.1")))
    made = workshop.edge(source, Span(BEGIN, END))
    with av.open(str(made)) as container, av.open(str(source)) as original:
        for what in (
            "color_primaries",
            "color_trc",
            "colorspace",
            "color_range",
            "level",
            "sample_aspect_ratio",
        ):
            ours, theirs = (
                getattr(file.streams.video[0].codec_context, what) for file in (container, original)
            )
            assert ours == theirs, what


def parameter_sets(path):
    """The NAL units of the avcC."""
    with av.open(str(path)) as container:
        return bytes(container.streams.video[0].codec_context.extradata)


def test_every_edge_of_a_source_has_the_same_parameter_sets_with_an_id_of_their_own(make, workshop):
    source = make(PLAIN)
    one = workshop.edge(source, Span(120_000, 800_000))
    other = workshop.edge(source, Span(2_000_000, 2_080_000))
    assert parameter_sets(one) == parameter_sets(other)
    # ue(31) is 00000100000: it stands behind the profile's three bytes of the first set.
    assert parameter_sets(one)[12:14] == bytes(
        [0b00000100, 0b00000000 | parameter_sets(one)[13] & 0b00011111]
    )


@pytest.mark.parametrize(
    ("codec", "engine"),
    [
        ("libx264", "ffmpeg"),
        *((codec, "native") for codec in ("libx264", "libx265", "libvpx-vp9", "libvpx", "libsvtav1")),
    ],
)
def test_hard_pictures_stay_close(tmp_path, workshop, codec, engine):
    """Moving noise is the worst that a camera makes; what counts is that nobody sees the joint."""
    source = tmp_path / f"noise.{'webm' if 'vpx' in codec else 'mp4'}"
    command = [tool("ffmpeg"), "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=2"]
    command += ["-vf", "noise=alls=12:allf=t,format=yuv420p", "-c:v", codec, "-crf", "26"]
    command += ["-b:v", "3M", "-deadline", "good", "-cpu-used", "5"] if "vpx" in codec else []
    subprocess.run([*map(str, command), "-g", "25", str(source)], check=True)
    made = workshop.edge(source, Span(1_120_000, 1_520_000), engine=engine)
    right = dict(pictures(source))
    worst = min(psnr(picture, right[at + 1_120_000]) for at, picture in pictures(made))
    assert worst >= 41
