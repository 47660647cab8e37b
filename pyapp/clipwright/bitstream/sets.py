"""Parameter sets of H.264 and HEVC: those of several files in one decoder configuration.

Layouts: ITU-T H.264 7.3.2, H.265 7.3.2 and 7.3.6; ISO/IEC 14496-15 5.3.3.1 (avcC) and 8.3.3.1 (hvcC).
"""

from __future__ import annotations

import msgspec

from clipwright.bitstream import nal
from clipwright.bitstream.bits import Bits, sized, unescaped

_AVC_SPS, _AVC_PPS = 7, 8
_HEVC_VPS, _HEVC_SPS, _HEVC_PPS = 32, 33, 34
_ORDER = {"h264": (_AVC_SPS, _AVC_PPS), "hevc": (_HEVC_VPS, _HEVC_SPS, _HEVC_PPS)}
_HEVC_HEAD = 22
_MOST_SETS = 31
"""As many sequence parameter sets as an avcC can count."""


class Contradiction(Exception):
    """Two files use one id for different parameter sets."""


class Sets(msgspec.Struct, frozen=True):
    """The parameter sets of a track: `record` is the avcC or hvcC, empty where start codes part the units."""

    codec: str
    record: bytes
    units: tuple[bytes, ...]

    @property
    def numbered(self) -> tuple[bytes, ...]:
        """Those that have an id; a record may hold other units beside them."""
        return tuple(unit for unit in self.units if kind(self.codec, unit) in _ORDER[self.codec])


def read(codec: str, extradata: bytes) -> Sets:
    """The parameter sets in a decoder configuration, or in a stream with start codes."""
    if not nal.length_size(codec, extradata):
        found = [unit for unit in nal.units(extradata, 0) if kind(codec, unit) in _ORDER[codec]]
        return Sets(codec, b"", tuple(found))
    units: list[bytes] = []
    if codec == "h264":
        units, rest = sized(extradata[6:], extradata[5] & 31)
        units += sized(rest[1:], rest[0])[0] if rest else []
    else:
        rest = extradata[23:]
        for _ in range(extradata[22]):
            some, rest = sized(rest[3:], int.from_bytes(rest[1:3]))
            units += some
    return Sets(codec, extradata, tuple(unit for unit in units if unit))


def merged(all_sets: list[Sets]) -> bytes:
    """The configuration that holds the sets of all, in the first one's form; Contradiction where that cannot be."""
    first = all_sets[0]
    known: dict[tuple[int, int], bytes] = {}
    for sets in all_sets:
        for unit in sets.units if sets is first else sets.numbered:
            name = (kind(first.codec, unit), set_id(first.codec, unit))
            # The first byte says how much the unit matters, which need not agree.
            if known.setdefault(name, unit)[1:] != unit[1:] and name[0] in _ORDER[first.codec]:
                raise Contradiction(f"NAL unit type {name[0]}, id {name[1]}")
    units = list(known.values())
    if all(unit in first.units for unit in units):
        return first.record or _with_start_codes(first.units)
    if not first.record:
        return _with_start_codes(tuple(units))
    return _avcc(all_sets, units) if first.codec == "h264" else _hvcc(first.record, units)


def kind(codec: str, unit: bytes) -> int:
    """nal_unit_type."""
    return unit[0] & 31 if codec == "h264" else unit[0] >> 1 & 63


def set_id(codec: str, unit: bytes) -> int:
    """The id of a parameter set; 0 for other units."""
    what = kind(codec, unit)
    if codec == "h264":
        bits = Bits(unescaped(unit[1:64]))
        if what == _AVC_SPS:
            bits.take(24)
        return bits.golomb() if what in (_AVC_SPS, _AVC_PPS) else 0
    bits = Bits(unescaped(unit[2:128]))
    if what == _HEVC_VPS:
        return bits.take(4)
    if what == _HEVC_SPS:
        _pass_profile(bits)
    return bits.golomb() if what in (_HEVC_SPS, _HEVC_PPS) else 0


def _pass_profile(bits: Bits) -> None:
    """Up to the id of an HEVC sequence parameter set."""
    bits.take(4)
    layers = bits.take(3)
    bits.take(1 + 96)
    present = [(bits.flag(), bits.flag()) for _ in range(layers)]
    if layers:
        bits.take(2 * (8 - layers))
    for profile, level in present:
        bits.take(88 * profile + 8 * level)


def _with_start_codes(units: tuple[bytes, ...]) -> bytes:
    return b"".join(b"\0\0\0\1" + unit for unit in units)


def _counted(units: list[bytes]) -> bytes:
    return b"".join(len(unit).to_bytes(2) + unit for unit in units)


def _avcc(all_sets: list[Sets], units: list[bytes]) -> bytes:
    record = all_sets[0].record
    sps = [unit for unit in units if kind("h264", unit) == _AVC_SPS]
    pps = [unit for unit in units if kind("h264", unit) == _AVC_PPS]
    if len(sps) > _MOST_SETS:
        raise Contradiction(f"{len(sps)} sequence parameter sets")
    old, rest = sized(record[6:], record[5] & 31)
    _, extension = sized(rest[1:], rest[0]) if rest else (old, b"")
    # The level is the least that decodes everything; the profile is the one that the track is described by.
    level = max(record[3], *(unit[3] for unit in sps))
    head = record[:3] + bytes([level]) + record[4:5]
    return head + bytes([0xE0 | len(sps)]) + _counted(sps) + bytes([len(pps)]) + _counted(pps) + extension


def _hvcc(record: bytes, units: list[bytes]) -> bytes:
    kinds = sorted({kind("hevc", unit) for unit in units})
    arrays = b""
    for what in kinds:
        mine = [unit for unit in units if kind("hevc", unit) == what]
        arrays += bytes([0x80 | what]) + len(mine).to_bytes(2) + _counted(mine)
    return record[:_HEVC_HEAD] + bytes([len(kinds)]) + arrays
