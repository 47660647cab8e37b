"""Codec names, codec strings and what codec headers say; the headers were written by x264, x265, libvpx and aom."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright import color
from clipwright.bitstream import read_header
from clipwright.bitstream.vp9 import codec_string as vp9_string
from clipwright.codecs import (
    FROM_MEDIABUNNY,
    TO_MEDIABUNNY,
    audio_bit_depth,
    codec_string,
    ffmpeg_name,
    picture_alpha,
    picture_bit_depth,
    pixel_bit_depth,
)

START = b"\x00\x00\x00\x01"

AVC = bytes.fromhex(
    "017a000affe1001c677a000ab6cb4393cf1f87370c0d0140000003004000000c83c489a801000468ce0fc8fefafa00"
)
AVC_SET = AVC[8 : 8 + 0x1C]
AVC_FIELDS = bytes.fromhex(
    "01640015ffe1001a67640015acd941410fcb808800000300080000030190f8a14cb001000468fe8fcbfdf8f800"
)
HEVC = bytes.fromhex(
    "0101600000009000000000001ef000fcfdf8f800000f03a00001001840010c01ffff01600000030090000003000003001e95"
    "9409a10001002c42010101600000030090000003000003001ea0192069f796565924e578737020201040000003004000000"
    "642a2000100074401c172b46240"
)
HEVC_TEN_BIT = bytes.fromhex("0102200000009000000000003cf000fcfdfafa00000f00")
AV1 = bytes.fromhex("81040c000a0e00000024c4ffdf36be4424402610")
AV1_TEN_BIT = bytes.fromhex("81004c000a0b0200000521e7fde017c202")
VP9_TEN_BIT = bytes.fromhex("924983425009f8077b031c120e0c2900")
VP9 = bytes.fromhex("824983420013f00ef60638241c1842")


PRORES = bytes(4) + b"icpf" + bytes(17)
"""A frame up to before what says how its alpha is coded."""


@pytest.mark.parametrize(
    ("codec", "extradata", "text"),
    [
        ("h264", AVC, "avc1.7a000a"),
        ("h264", START + AVC_SET, "avc1.7a000a"),
        ("h264", START + b"\x09\xf0" + START + AVC_SET + START + b"\x68\xce", "avc1.7a000a"),
        ("h264", bytes.fromhex("0142c01effe000"), "avc1.42c01e"),
        ("h264", b"", None),
        ("h264", b"\x00\x00\x00\x05\x65abcd", None),
        ("hevc", HEVC, "hvc1.1.6.L30.90"),
        ("hevc", HEVC_TEN_BIT, "hvc1.2.4.L60.90"),
        ("hevc", bytes.fromhex("01a1600000009876543210ff99") + bytes(10), "hvc1.B1.6.H153.98.76.54.32.10.FF"),
        ("av1", AV1, "av01.0.04M.08"),
        ("av1", AV1[4:], "av01.0.04M.08"),
        ("av1", b"\x12\x00" + AV1[4:], "av01.0.04M.08"),
        ("av1", AV1_TEN_BIT, "av01.0.00M.10"),
        ("av1", bytes.fromhex("81086c00"), "av01.0.08M.12"),
        ("vp9", VP9, "vp09.00.20.08"),
        ("vp9", VP9_TEN_BIT, "vp09.02.20.10"),
        ("vp8", b"", "vp8"),
        ("aac", bytes.fromhex("1190"), "mp4a.40.2"),
        ("aac", bytes.fromhex("2b8a0800"), "mp4a.40.5"),
        ("aac", bytes.fromhex("eb8a0800"), "mp4a.40.29"),
        ("aac", bytes.fromhex("f94c"), "mp4a.40.42"),
        ("aac", b"", "mp4a.40.2"),
        ("mp3", b"", "mp3"),
        ("opus", b"OpusHead", "opus"),
        ("vorbis", b"\x02", "vorbis"),
        ("flac", b"", "flac"),
        ("ac3", b"", "ac-3"),
        ("eac3", b"", "ec-3"),
        ("pcm_s16le", b"", "pcm-s16"),
        ("pcm_s24be", b"", "pcm-s24be"),
        ("pcm_mulaw", b"", "ulaw"),
        ("mpeg2video", b"\x00\x00\x01\xb3", None),
        ("subrip", b"", None),
    ],
)
def test_codec_strings(codec, extradata, text):
    assert codec_string(codec, extradata) == text


def test_strings_without_a_header_come_from_what_else_is_known():
    assert (
        codec_string("vp9", b"", profile="Profile 2", bit_depth=10, width=3840, height=2160)
        == "vp09.02.50.10"
    )
    assert codec_string("vp9", b"", profile="Profile 0", width=320, height=240) == "vp09.00.20.08"
    assert codec_string("vp9", b"") is None
    assert codec_string("prores", b"", profile="4444") == "ap4h"
    assert codec_string("prores", b"") is None


@pytest.mark.parametrize(
    ("size", "level"),
    [((256, 144), "10"), ((640, 360), "21"), ((1280, 720), "31"), ((1920, 1080), "40"), ((7680, 4320), "60")],
)
def test_a_vp9_level_is_the_lowest_that_allows_the_size(size, level):
    assert vp9_string(0, 8, *size) == f"vp09.00.{level}.08"


def test_an_avc_header_is_read_to_its_end():
    for data in (AVC, START + AVC_SET):
        header = read_header("h264", data)
        assert header is not None
        assert (header.width, header.height, header.bit_depth) == (100, 50, 10)
        assert header.pixel_aspect == "4/3"
        assert (header.primaries, header.transfer, header.matrix) == ("smpte432", "iec61966-2-1", "bt709")
        assert header.full_range is True


def test_an_avc_header_of_fields_has_the_height_of_the_frame():
    header = read_header("h264", AVC_FIELDS)
    assert header is not None
    assert (header.width, header.height, header.full_range) == (320, 240, None)


def test_an_hevc_header_is_read_to_its_end():
    size = int.from_bytes(HEVC[55:57], "big")
    picture_set = HEVC[57 : 57 + size]
    for data in (HEVC, START + HEVC[28:52] + START + picture_set):
        header = read_header("hevc", data)
        assert header is not None
        assert (header.width, header.height, header.bit_depth) == (200, 100, 8)
        assert header.pixel_aspect == "4/3"
        assert (header.primaries, header.transfer, header.matrix) == (None, None, "bt709")
        assert header.full_range is True


def test_av1_and_vp9_headers_tell_depth_and_color():
    header = read_header("av1", AV1)
    assert header is not None
    assert (header.width, header.height, header.bit_depth) == (640, 480, 8)
    assert (header.primaries, header.transfer, header.matrix) == ("bt2020", "smpte2084", "bt2020nc")
    assert header.full_range is True
    header = read_header("vp9", VP9_TEN_BIT)
    assert header is not None
    assert (header.width, header.height, header.bit_depth) == (320, 240, 10)
    assert (header.matrix, header.full_range) == ("bt2020nc", False)


@pytest.mark.parametrize("codec", ["h264", "hevc", "av1", "vp9"])
@settings(max_examples=25, deadline=None)
@given(data=st.binary(max_size=80))
def test_no_header_is_too_broken_to_be_read(codec, data):
    read_header(codec, data)


@pytest.mark.parametrize(("codec", "data"), [("h264", AVC), ("hevc", HEVC), ("av1", AV1), ("vp9", VP9)])
def test_a_header_that_breaks_off_gives_what_it_says(codec, data):
    for end in range(len(data)):
        read_header(codec, data[:end])


def test_names_go_there_and_back():
    assert all(TO_MEDIABUNNY[name] == theirs for theirs, name in FROM_MEDIABUNNY.items())
    assert ffmpeg_name("avc") == ffmpeg_name("h264") == "h264"
    assert ffmpeg_name("pcm-s16be") == "pcm_s16be"
    assert ffmpeg_name("S_TEXT/UTF8") == "subrip"
    assert ffmpeg_name("image/jpeg") == "mjpeg"
    assert ffmpeg_name("something new") == "something new"


def test_bit_depths():
    flac = bytes.fromhex("040004000000fc00018b0bb800f0000232800e9d7dce5ba2b3c21e0da827578eebfe")
    alac = bytes.fromhex("00000024616c616300000000000010000010280a0e01000000002004000bb8000000bb80")
    assert audio_bit_depth("flac", flac) == audio_bit_depth("flac", b"fLaC\x80\x00\x00\x22" + flac) == 16
    assert audio_bit_depth("alac", alac) == audio_bit_depth("alac", alac[12:]) == 16
    assert [audio_bit_depth(f"pcm_{name}", b"") for name in ("u8", "s24be", "f64le", "alaw")] == [
        8,
        24,
        64,
        8,
    ]
    assert audio_bit_depth("aac", b"\x11\x90") is None
    depths = {"yuv420p": 8, "yuvj420p": 8, "yuv422p10le": 10, "p010le": 10, "gray12le": 12, "gbrp16be": 16}
    depths |= {"rgb48le": 16, "rgb24": 8, "nv12": 8, "x2rgb10le": 10, "yuv420p9": 9}
    assert {name: pixel_bit_depth(name) for name in depths} == depths
    assert pixel_bit_depth(None) is None
    assert [picture_bit_depth("prores", tag) for tag in ("apch", "ap4h", None)] == [10, 12, None]
    assert [picture_bit_depth(codec, None) for codec in ("mpeg4", "ffv1")] == [8, None]


def test_colors_have_one_name():
    assert color.named("bt2020-ncl") == color.matrix(9) == "bt2020nc"
    assert color.named("pq") == color.transfer(16) == "smpte2084"
    assert color.named("rgb") == color.matrix(0) == "gbr"
    assert color.named("bt709") == color.primaries(1) == "bt709"
    assert [color.named(word) for word in (None, "unknown", "reserved")] == [None, None, None]
    assert color.primaries(2) is color.transfer(2) is color.matrix(2) is None


@pytest.mark.parametrize(
    ("codec", "pixel_format", "frame", "clear"),
    [
        ("vp9", "yuv420p", b"", False),
        ("prores", "yuva444p12le", b"", True),
        ("qtrle", "argb", b"", True),
        ("gif", "bgra", b"", True),
        ("prores", None, PRORES + b"\x02", True),
        ("prores", None, PRORES + b"\x00", False),
        ("prores", None, PRORES, False),
        ("h264", None, PRORES + b"\x02", False),
    ],
)
def test_pictures_that_let_something_through(
    codec: str, pixel_format: str | None, frame: bytes, clear: bool
) -> None:
    assert picture_alpha(codec, pixel_format, frame) == clear
