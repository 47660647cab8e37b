"""A strict walk through Matroska and WebM files, as a validator would: nothing is skipped, nothing forgiven.

Element ids and rules after RFC 8794 (EBML) and RFC 9559 (Matroska).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

EBML, SEGMENT = 0x1A45DFA3, 0x18538067
SEEK_HEAD, INFO, TRACKS, CUES, TAGS, CHAPTERS, ATTACHMENTS, CLUSTER = (
    0x114D9B74,
    0x1549A966,
    0x1654AE6B,
    0x1C53BB6B,
    0x1254C367,
    0x1043A770,
    0x1941A469,
    0x1F43B675,
)
_LEVEL1 = {SEEK_HEAD, INFO, TRACKS, CUES, TAGS, CHAPTERS, ATTACHMENTS, CLUSTER}
_VOID = 0xEC


@dataclass(frozen=True)
class Element:
    """`at` is where it begins; `start` and `end` bound its contents. `size_at` is where its size is written."""

    id: int
    at: int
    size_at: int
    start: int
    end: int


@dataclass(frozen=True)
class Block:
    """One block: track number, ticks, whether decoding can start at it, and the bytes of its packets."""

    track: int
    time: int
    key: bool
    payload: bytes


@dataclass
class Walked:
    """What the walk found. Times are ticks; `cues` name a time, a track and a cluster's place."""

    doc_type: str = ""
    level1: list[Element] = field(default_factory=list)
    clusters: dict[int, list[Block]] = field(default_factory=dict)
    cues: list[tuple[int, int, int]] = field(default_factory=list)
    tracks: list[int] = field(default_factory=list)
    duration: float = 0.0


def number(data: bytes, at: int, *, marked: bool) -> tuple[int, int]:
    """A variable-length number and where it ends; `marked` keeps the bit that tells its length."""
    length = 9 - data[at].bit_length()
    assert 1 <= length <= 8, f"no number at {at}"
    value = int.from_bytes(data[at : at + length], "big")
    ones = (1 << (7 * length)) - 1
    assert marked or value & ones != ones, f"unknown size at {at}"
    return (value if marked else value & ones), at + length


def children(data: bytes, start: int, end: int) -> list[Element]:
    """The elements that fill ``[start, end)`` exactly."""
    found = []
    at = start
    while at < end:
        ident, size_at = number(data, at, marked=True)
        size, body = number(data, size_at, marked=False)
        assert body + size <= end, f"element {ident:x} at {at} runs over its parent's end"
        found.append(Element(ident, at, size_at, body, body + size))
        at = body + size
    assert at == end
    return found


def walk(data: bytes) -> Walked:
    """Walk a whole file; raises AssertionError where it breaks a rule."""
    found = Walked()
    head, segment = children(data, 0, len(data))
    assert (head.id, segment.id) == (EBML, SEGMENT)
    found.doc_type = _text(data, _child(data, head, 0x4282))
    found.level1 = children(data, segment.start, segment.end)
    assert {element.id for element in found.level1} <= _LEVEL1
    for once in (INFO, TRACKS, CUES, CHAPTERS, ATTACHMENTS):
        assert sum(element.id == once for element in found.level1) <= 1
    for element in found.level1:
        _visit(data, found, element, segment.start)
    places = {element.at: element for element in found.level1}
    _assert_seek_head(data, found.level1[0], segment.start, places)
    _assert_cues(found)
    return found


def _visit(data: bytes, found: Walked, element: Element, start: int) -> None:
    if element.id == TRACKS:
        entries = children(data, element.start, element.end)
        found.tracks = [_unsigned(data, _child(data, entry, 0xD7)) for entry in entries]
        assert len(set(found.tracks)) == len(found.tracks)
    elif element.id == INFO:
        value = data[slice(*_bounds(_child(data, element, 0x4489)))]
        found.duration = struct.unpack(">d", value)[0]
    elif element.id == CLUSTER:
        found.clusters[element.at] = _blocks(data, element, set(found.tracks))
    elif element.id == CUES:
        for point in children(data, element.start, element.end):
            time = _unsigned(data, _child(data, point, 0xB3))
            for positions in children(data, point.start, point.end):
                if positions.id == 0xB7:
                    track = _unsigned(data, _child(data, positions, 0xF7))
                    found.cues.append((time, track, start + _unsigned(data, _child(data, positions, 0xF1))))


def _blocks(data: bytes, cluster: Element, tracks: set[int]) -> list[Block]:
    first, *others = children(data, cluster.start, cluster.end)
    assert first.id == 0xE7, "a cluster begins with its time"
    time = _unsigned(data, first)
    blocks = []
    for element in others:
        assert element.id in (0xA3, 0xA0, _VOID), f"{element.id:x} in a cluster"
        if element.id == 0xA3:
            blocks.append(_block(data, element, time, None))
        elif element.id == 0xA0:
            inner = children(data, element.start, element.end)
            key = all(part.id != 0xFB for part in inner)
            blocks.append(_block(data, next(part for part in inner if part.id == 0xA1), time, key))
    assert blocks, "an empty cluster"
    assert all(block.track in tracks for block in blocks), "a block of no track"
    assert all(block.time >= 0 for block in blocks), "a block before the beginning"
    return blocks


def _block(data: bytes, element: Element, cluster_time: int, key: bool | None) -> Block:
    track, at = number(data, element.start, marked=False)
    time = cluster_time + int.from_bytes(data[at : at + 2], "big", signed=True)
    return Block(track, time, bool(data[at + 2] & 0x80) if key is None else key, data[at + 3 : element.end])


def _assert_seek_head(data: bytes, head: Element, start: int, places: dict[int, Element]) -> None:
    assert head.id == SEEK_HEAD
    listed = set()
    for entry in children(data, head.start, head.end):
        ident = _unsigned(data, _child(data, entry, 0x53AB))
        place = places[start + _unsigned(data, _child(data, entry, 0x53AC))]
        assert place.id == ident
        listed.add(ident)
    assert listed == {element.id for element in places.values()} - {SEEK_HEAD, CLUSTER}


def _assert_cues(found: Walked) -> None:
    assert found.cues == sorted(found.cues, key=lambda cue: cue[0])
    for time, track, place in found.cues:
        assert any(
            block.track == track and block.time == time and block.key for block in found.clusters[place]
        ), f"no block of track {track} at {time} where the index says"


def _child(data: bytes, parent: Element, ident: int) -> Element:
    return next(part for part in children(data, parent.start, parent.end) if part.id == ident)


def _bounds(element: Element) -> tuple[int, int]:
    return element.start, element.end


def _unsigned(data: bytes, element: Element) -> int:
    return int.from_bytes(data[element.start : element.end], "big")


def _text(data: bytes, element: Element) -> str:
    return data[element.start : element.end].decode()
