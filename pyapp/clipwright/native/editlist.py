"""Where an MP4 stops being presented.

FFmpeg copies packets until decoding reaches the end; by then packets of a few later pictures have gone by,
as others refer to them. Its muxer cannot hide them, so its edit lists are shortened here, in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

_MAX_MOOV = 512 << 20
"""More than any index of a day-long recording."""


class _Box(NamedTuple):
    kind: bytes
    body: int
    end: int


def present_until(path: Path, length_us: int) -> None:
    """Shorten the edit lists of the MP4 or QuickTime file at `path` to `length_us` microseconds.

    A file without an index, or with one that cannot be read, stays as it is. Raises OSError.
    """
    with path.open("r+b") as file:
        place = _moov(file, path.stat().st_size)
        if place is None:
            return
        file.seek(place.body)
        moov = bytearray(file.read(place.end - place.body))
        _shorten(moov, length_us)
        file.seek(place.body)
        file.write(moov)


def _moov(file: BinaryIO, size: int) -> _Box | None:
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4]), head[4:8]
        header = 16 if length == 1 else 8
        length = int.from_bytes(head[8:16]) if length == 1 else length or size - at
        if length < header:
            return None
        if kind == b"moov":
            return _Box(kind, at + header, at + length) if length <= _MAX_MOOV else None
        at += length
    return None


def _shorten(moov: bytearray, length_us: int) -> None:
    movie = _find(moov, 0, len(moov), b"mvhd")
    if movie is None:
        return
    scale = _scale(moov, movie)
    longest = 0
    for track in _boxes(moov, 0, len(moov)):
        header = _find(moov, track.body, track.end, b"tkhd") if track.kind == b"trak" else None
        media = _find(moov, track.body, track.end, b"mdia", b"mdhd")
        edits = _find(moov, track.body, track.end, b"edts", b"elst")
        if header is None or media is None or edits is None:
            continue
        # A picture is in if its time, rounded to microseconds, lies before the end. Readers round the end to the ticks
        # of the media, so it is moved on to the next of those.
        ticks = -((1 - 2 * length_us) * _scale(moov, media) // 2_000_000)
        shown = _shorten_edits(moov, edits, -(-ticks * scale // _scale(moov, media)))
        _set_duration(moov, header, (20, 28), shown)
        longest = max(longest, shown)
    if longest:
        _set_duration(moov, movie, (16, 24), longest)


def _scale(moov: bytearray, header: _Box) -> int:
    """Ticks per second, as the header of the movie or of a media says."""
    return _number(moov, header.body + (20 if moov[header.body] else 12), 4)


def _shorten_edits(moov: bytearray, edits: _Box, limit: int) -> int:
    """How many ticks of the movie the shortened list presents."""
    width, step = (8, 20) if moov[edits.body] else (4, 12)
    shown = 0
    for at in range(edits.body + 8, edits.end, step):
        # An edit of no length would mean "to the end".
        kept = max(1, min(_number(moov, at, width), limit - shown))
        moov[at : at + width] = kept.to_bytes(width)
        shown += kept
    return shown


def _set_duration(moov: bytearray, box: _Box, offsets: tuple[int, int], ticks: int) -> None:
    wide = moov[box.body]
    at, width = box.body + offsets[1 if wide else 0], 8 if wide else 4
    moov[at : at + width] = ticks.to_bytes(width)


def _find(data: bytearray, start: int, end: int, *path: bytes) -> _Box | None:
    box: _Box | None = None
    for kind in path:
        box = next((child for child in _boxes(data, start, end) if child.kind == kind), None)
        if box is None:
            return None
        start, end = box.body, box.end
    return box


def _boxes(data: bytearray, start: int, end: int) -> Iterator[_Box]:
    while end - start >= 8:
        length = _number(data, start, 4)
        header = 16 if length == 1 else 8
        length = _number(data, start + 8, 8) if length == 1 else length or end - start
        if length < header or length > end - start:
            return
        yield _Box(bytes(data[start + 4 : start + 8]), start + header, start + length)
        start += length


def _number(data: bytearray, at: int, width: int) -> int:
    return int.from_bytes(data[at : at + width])
