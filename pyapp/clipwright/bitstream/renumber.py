"""Giving the parameter sets of an HEVC stream other ids, so that it can stand beside another in one track.

x265 numbers all its sets 0. A slice names its picture parameter set in a variable-length number (ITU-T H.265,
7.3.6.1 and 9.2): 0 takes one bit, 15 to 30 take nine, so that whatever follows moves by exactly one byte.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from clipwright.bitstream import nal, sets
from clipwright.bitstream.bits import unescaped
from clipwright.bitstream.sets import Contradiction, Sets

_VPS, _SPS, _PPS = 32, 33, 34
_IDS = {_VPS: range(15, -1, -1), _SPS: range(15, -1, -1), _PPS: range(30, 14, -1)}
_SLICES = range(32)
_IRAP = range(16, 24)


class Ids(msgspec.Struct, frozen=True):
    """The ids of one stream's video, sequence and picture parameter sets."""

    vps: int
    sps: int
    pps: int


class Numbering:
    """Hands out ids that no one uses; the same sets get the same ids again."""

    def __init__(self, others: Iterable[Sets]) -> None:
        self._taken = {
            (sets.kind("hevc", unit), sets.set_id("hevc", unit))
            for other in others
            for unit in other.numbered
        }
        self._given: dict[tuple[bytes, ...], Ids] = {}

    def ids(self, of: Sets) -> Ids:
        """The ids for a stream; Contradiction where it has more than one set of each kind, or none is free."""
        units = of.numbered
        if [(sets.kind("hevc", unit), sets.set_id("hevc", unit)) for unit in units] != [
            (_VPS, 0),
            (_SPS, 0),
            (_PPS, 0),
        ]:
            raise Contradiction("encoded parameter sets that cannot be numbered anew")
        if units not in self._given:
            self._given[units] = Ids(*(self._free(kind) for kind in (_VPS, _SPS, _PPS)))
        return self._given[units]

    def _free(self, kind: int) -> int:
        for number in _IDS[kind]:
            if (kind, number) not in self._taken:
                self._taken.add((kind, number))
                return number
        raise Contradiction(f"no free id for NAL unit type {kind}")


def renumbered(of: Sets, ids: Ids) -> Sets:
    """The same sets with other ids."""
    return Sets(of.codec, of.record, tuple(_set(unit, ids) for unit in of.numbered))


def sample(units: Iterable[bytes], ids: Ids) -> list[bytes]:
    """The NAL units of one picture, its slices naming the new ids; sets inside it get them too."""
    return [_unit(unit, ids) for unit in units if len(unit) > nal.HEVC_HEADER]


def _unit(unit: bytes, ids: Ids) -> bytes:
    kind = sets.kind("hevc", unit)
    if kind in _IDS:
        return _set(unit, ids)
    if kind not in _SLICES:
        return unit
    # Before the id: first_slice_segment_in_pic_flag and, in IRAP pictures, no_output_of_prior_pics_flag.
    before = 2 if kind in _IRAP else 1
    first = unit[2]
    if not first >> (7 - before) & 1:
        raise Contradiction("a slice that names another parameter set than the first")
    behind = 7 - before
    head, rest = first >> (8 - before), first & ((1 << behind) - 1)
    word = (head << 9 | (ids.pps + 1)) << behind | rest
    # Neither of the two bytes is zero, nor was the one before: emulation prevention stays as it is.
    return unit[:2] + word.to_bytes(2) + unit[3:]


def _set(unit: bytes, ids: Ids) -> bytes:
    bits = "".join(f"{byte:08b}" for byte in unescaped(unit[2:]))
    # The last one ends the payload, zeros fill it up.
    bits = bits[: bits.rindex("1")]
    kind = sets.kind("hevc", unit)
    if kind == _VPS:
        bits = f"{ids.vps:04b}{bits[4:]}"
    elif kind == _SPS:
        at = _id_place(bits)
        bits = f"{ids.vps:04b}{bits[4:at]}{_golomb(ids.sps)}{bits[at + 1 :]}"
    else:
        bits = f"{_golomb(ids.pps)}{_golomb(ids.sps)}{bits[2:]}"
    bits += "1"
    bits += "0" * (-len(bits) % 8)
    return unit[:2] + _escaped(int(bits, 2).to_bytes(len(bits) // 8))


def _id_place(bits: str) -> int:
    """Where the id of a sequence parameter set stands: behind profile, tier and level of every layer."""
    layers = int(bits[4:7], 2)
    at = 8 + 96
    present = bits[at : at + 2 * layers]
    at += 16 if layers else 0
    return at + sum(88 * int(present[2 * n]) + 8 * int(present[2 * n + 1]) for n in range(layers))


def _golomb(number: int) -> str:
    word = f"{number + 1:b}"
    return "0" * (len(word) - 1) + word


def _escaped(payload: bytes) -> bytes:
    """With emulation prevention (7.4.2): 3 after two zeros, where 3 or less would follow."""
    out = bytearray()
    zeros = 0
    for byte in payload:
        if zeros == 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = 0 if byte else zeros + 1
    return bytes(out)
