"""What a file is by its first bytes."""

from __future__ import annotations

import re

from clipwright.errors import UnsupportedFormat

_PLAYLIST = re.compile(
    rb"""(?xi) \#EXTM3U | ffconcat\s+version | \[playlist\] | \[Reference\] | RTSPtext
    | <(asx|smil|playlist|MPD|SmoothStreamingMedia|CompositionPlaylist|AssetMap|PackingList)[\s>:]
    | v=0\r?\no="""
)
_SUBTITLES = re.compile(rb"\s*(\d+\s*\r?\n\d{1,2}:\d\d:\d\d[,.]\d{1,3}\s+-->|WEBVTT[\s]|\[Script Info\])")
_MARKUP = re.compile(rb"(?s)(<\?xml.*?\?>|<!--.*?-->|<!doctype[^>]*>|\s)+", re.IGNORECASE)
_MAGIC = (
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"FLV\x01", "flv"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"caff\x00", "caf"),
    (b"#!AMR", "amr"),
    (b"wvpk", "wv"),
    (b"TTA1", "tta"),
    (b"MAC ", "ape"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02", "mxf"),
    (b"\x0b\x77", "ac3"),
    (b".snd", "au"),
)
_RIFF = {b"AVI ": "avi", b"AVIX": "avi", b"WAVE": "wav"}
_QUICKTIME_BOXES = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_PICTURE = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|BM.{12}\x28\0\0\0|II\*\0|MM\0\*", re.DOTALL)


def refuse(head: bytes, size: int) -> None:
    """Raise UnsupportedFormat for what nothing here reads: empty, a playlist, HEIF, AVIF, or text but subtitles.

    `head` is the first few thousand bytes of `size`. A playlist is refused because it would have the
    reader open other files and addresses.
    """
    if size == 0 or not head:
        raise UnsupportedFormat("This file is empty.", hint="Choose a video or audio file.")
    if playlist(head):
        raise UnsupportedFormat(
            "This is a playlist, which only points to media elsewhere.",
            hint="Choose the video or audio file itself.",
        )
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"avif"):
        raise no_film("This is a picture, of a kind that cannot be read here.")
    if _is_text(head) and not subtitles(head):
        raise UnsupportedFormat(
            "This is a text file, not a video or audio file.", hint="Choose a video or audio file."
        )
    if not head.strip(b"\x00") and size <= len(head):
        raise UnsupportedFormat("This file holds nothing but zeros.", hint="Choose a video or audio file.")


def no_film(message: str = "This is a picture.") -> UnsupportedFormat:
    """What to say of a picture where pictures that move, or sound, are wanted."""
    return UnsupportedFormat(message, hint="Choose a video or audio file.")


def still(head: bytes) -> bool:
    """Whether a file is a picture: PNG, JPEG, GIF, BMP, TIFF or WebP (those that move count as their first)."""
    return bool(_PICTURE.match(head)) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def playlist(head: bytes) -> bool:
    """Whether a file only points to media elsewhere: HLS, DASH, Smooth, IMF, M3U, PLS, ASX, XSPF, SDP, ffconcat."""
    text = head.removeprefix(b"\xef\xbb\xbf")
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = text.replace(b"\x00", b"")[2:]
    if markup := _MARKUP.match(text):
        text = text[markup.end() :]
    return _PLAYLIST.match(text) is not None


def subtitles(head: bytes) -> bool:
    """Whether a text is subtitles: SubRip, WebVTT or (Advanced) SubStation Alpha."""
    return _SUBTITLES.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def container(head: bytes) -> str | None:
    """The container by its first bytes, as MediaInfo names it; None where they do not tell."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head[4:8] == b"ftyp":
        return _brand(head[8:12])
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return _document_type(head)
    if head[:4] in (b"RIFF", b"RF64", b"BW64"):
        return _RIFF.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[4:8] in _QUICKTIME_BOXES:
        return "mov"
    if head[4:8] in (b"styp", b"sidx", b"moof"):
        return "mp4"
    if _is_transport_stream(head):
        return "mpegts"
    return _tagged_audio(head)


def _brand(brand: bytes) -> str | None:
    if brand == b"qt  ":
        return "mov"
    return "m4a" if brand in (b"M4A ", b"M4B ", b"M4P ") else "mp4"


def _document_type(head: bytes) -> str | None:
    """WebM is Matroska that says so in its DocType element (id 4282, one byte of length)."""
    found = re.search(rb"\x42\x82([\x81-\x90])", head[:200])
    if found is None:
        return "mkv"
    name = head[found.end() : found.end() + (found[1][0] & 0x7F)].rstrip(b"\x00")
    return "webm" if name == b"webm" else "mkv"


def _is_transport_stream(head: bytes) -> bool:
    """Sync bytes one packet apart: 188 bytes, or 192 with a time code first, or 204 with parity last."""
    for first, step in ((0, 188), (4, 192), (0, 204)):
        syncs = head[first : first + 8 * step : step]
        if len(syncs) > 2 and not syncs.strip(b"G"):
            return True
    return False


def _tagged_audio(head: bytes) -> str | None:
    """MP3, ADTS or FLAC; each may start with an ID3 tag, which may be too long to see what follows it."""
    rest, tagged = head, False
    while rest[:3] == b"ID3" and len(rest) >= 10:
        tagged = True
        a, b, c, d = (byte & 0x7F for byte in rest[6:10])
        rest = rest[10 + (a << 21 | b << 14 | c << 7 | d) + (10 if rest[5] & 0x10 else 0) :]
    rest = rest.lstrip(b"\x00") if tagged else rest
    if rest[:4] == b"fLaC":
        return "flac"
    if len(rest) < 2:
        return None
    if rest[0] == 0xFF and rest[1] & 0xF6 == 0xF0:
        return "aac"
    layered = rest[0] == 0xFF and rest[1] & 0xE0 == 0xE0 and rest[1] & 0x18 != 0x08 and rest[1] & 6
    return "mp3" if layered or tagged else None


def _is_text(head: bytes) -> bool:
    """Valid UTF-8 without control characters, up to a character that the end of `head` cuts."""
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:
            return False
        text = head[: error.start].decode()
    return all(letter.isprintable() or letter in "\t\r\n\f\x1b\ufeff" for letter in text)
