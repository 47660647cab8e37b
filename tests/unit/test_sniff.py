"""What a file is by its first bytes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright import sniff
from clipwright.errors import UnsupportedFormat


def ftyp(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x20ftyp" + brand + bytes(20)


def matroska(kind: bytes) -> bytes:
    return b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82" + bytes([0x80 | len(kind)]) + kind + bytes(50)


def id3(size: int, after: bytes) -> bytes:
    return b"ID3\x04\x00\x00" + bytes([0, 0, size >> 7, size & 127]) + bytes(size) + after


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (ftyp(b"isom"), "mp4"),
        (ftyp(b"avc1"), "mp4"),
        (ftyp(b"qt  "), "mov"),
        (ftyp(b"M4A "), "m4a"),
        (b"\x00\x00\x00\x08wide\x00\x00\x10\x00mdat", "mov"),
        (b"\x00\x00\x00\x18styp" + bytes(30), "mp4"),
        (matroska(b"matroska"), "mkv"),
        (matroska(b"webm"), "webm"),
        (b"\x1a\x45\xdf\xa3\x80", "mkv"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "wav"),
        (b"RF64\xff\xff\xff\xffWAVEds64", "wav"),
        (b"RIFF\x24\x00\x00\x00AVI LIST", "avi"),
        (b"OggS\x00\x02", "ogg"),
        (b"fLaC\x00\x00\x00\x22", "flac"),
        (id3(20, b"fLaC\x00\x00\x00\x22"), "flac"),
        (id3(300, b"\xff\xfb\x90\x64"), "mp3"),
        (id3(300, b"\xff\xf1\x4c\x80"), "aac"),
        (id3(300, b""), None),
        (b"\xff\xfb\x90\x64", "mp3"),
        (b"\xff\xf1\x4c\x80", "aac"),
        ((b"G" + bytes(187)) * 5, "mpegts"),
        ((bytes(4) + b"G" + bytes(187)) * 5, "mpegts"),
        (b"G" + bytes(187), None),
        (b"FLV\x01\x05", "flv"),
        (b"\x00\x00\x01\xba\x44", "mpeg"),
        (b"FORM\x00\x00\x00\x00AIFF", "aiff"),
        (bytes(range(1, 200)), None),
        (b"", None),
    ],
)
def test_containers(head, name):
    assert sniff.container(head) == name


@pytest.mark.parametrize(
    "head",
    [
        b"#EXTM3U\n#EXTINF:1,\na.ts",
        b"\xef\xbb\xbf#EXTM3U",
        b"#extm3u",
        b"ffconcat version 1.0\nfile 'a'",
        b'<?xml version="1.0"?>\n<!-- hi -->\n<MPD xmlns="x">',
        b"<MPD>",
        b"\n\n<smil>",
        b"<SmoothStreamingMedia MajorVersion='2'>",
        b'<?xml version="1.0"?><AssetMap xmlns="x">',
        b"[playlist]\nFile1=a",
        b"v=0\r\no=- 1 1 IN IP4 127.0.0.1",
        b"\xff\xfe" + "#EXTM3U".encode("utf-16-le"),
    ],
)
def test_playlists_are_refused(head):
    assert sniff.playlist(head)
    with pytest.raises(UnsupportedFormat, match="playlist"):
        sniff.refuse(head, len(head))


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "empty"),
        (b"\0", "zeros"),
        (bytes(900), "zeros"),
        (b"This is not a film. " * 50, "text"),
        ("Ünïcode, cut in the middle of a letter: é".encode()[:-1], "text"),
        (ftyp(b"heic"), "picture"),
    ],
)
def test_what_is_no_media_is_refused_with_the_reason(head, words):
    with pytest.raises(UnsupportedFormat, match=words) as refused:
        sniff.refuse(head, len(head))
    assert refused.value.hint


@pytest.mark.parametrize(
    "head",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(30),
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"RIFF\x24\x00\x00\x00WEBPVP8 ",
        b"GIF89a\x01\x00\x01\x00\x80\xff\x00",
    ],
)
def test_single_pictures_are_told(head):
    sniff.refuse(head, len(head))
    assert sniff.still(head)
    assert not sniff.still(ftyp(b"isom"))


@pytest.mark.parametrize("head", [ftyp(b"isom"), matroska(b"webm"), b"OggS\x00\x02", b"\xff\xfb\x90\x64"])
def test_media_is_not_refused(head):
    sniff.refuse(head, 10_000)
    assert not sniff.playlist(head)


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_get_an_answer(head):
    sniff.container(head)
    sniff.playlist(head)


@pytest.mark.parametrize(
    "head",
    [b"1\r\n00:00:01,000 --> 00:00:02,000\r\nHi\r\n", b"\xef\xbb\xbf1\n00:00:01.5 --> 00:00:02.5\nHi", b"WEBVTT\n\n",
     b"[Script Info]\nTitle: x"],
)  # fmt: skip
def test_subtitles_are_no_plain_text(head: bytes) -> None:
    assert sniff.subtitles(head)
    sniff.refuse(head, len(head))


@pytest.mark.parametrize("head", [b"1. Wash the dishes\n", b"WEBVTTX", b"Dear all, [Script Info]"])
def test_plain_text_is_no_subtitles(head: bytes) -> None:
    assert not sniff.subtitles(head)
    with pytest.raises(UnsupportedFormat):
        sniff.refuse(head, len(head))
