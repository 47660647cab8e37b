"""Giving the parameter sets of a stream other ids, so that it can stand beside another in one track.

A slice names its picture parameter set in a variable-length number, which must not move what follows by less than a
whole byte. HEVC (ITU-T H.265, 7.3.6.1 and 9.2): encoders number their sets 0, which takes one bit; 15 to 30 take nine.
H.264 (ITU-T H.264, 7.3.3 and 9.1): our own edges are numbered 31, which takes eleven bits, as all numbers up to 62 do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from clipwright.bitstream import nal, sets
from clipwright.bitstream.bits import unescaped
from clipwright.bitstream.sets import Contradiction, Sets

_VPS, _SPS, _PPS = 32, 33, 34
_AVC_SPS, _AVC_PPS = 7, 8
_FREE = {
    ("hevc", _VPS): range(15, -1, -1),
    ("hevc", _SPS): range(15, -1, -1),
    ("hevc", _PPS): range(30, 14, -1),
    ("h264", _AVC_SPS): range(31, -1, -1),
    ("h264", _AVC_PPS): range(31, 63),
}
"""Ids to choose from, in the order in which they are tried."""
_NUMBERED = {"hevc": (_VPS, _SPS, _PPS), "h264": (_AVC_SPS, _AVC_PPS)}
_SLICES = range(32)
_IRAP = range(16, 24)
_AVC_SLICES = frozenset({1, 2, 5})
_AVC_HEAD = 24
"""More bytes than there can be before the id in an H.264 slice: two numbers of at most 31 bits, and itself."""


class Ids(msgspec.Struct, frozen=True):
    """The ids of one stream's video (HEVC only), sequence and picture parameter sets."""

    vps: int
    sps: int
    pps: int


class Numbering:
    """Hands out ids that no one uses, or that stand for the very same sets already."""

    def __init__(self, others: Iterable[Sets]) -> None:
        self._known = {
            (sets.kind(other.codec, unit), sets.set_id(other.codec, unit)): unit
            for other in others
            for unit in other.numbered
        }

    def ids(self, of: Sets, *, apart: bool = False) -> Ids | None:
        """The ids that a stream needs here; None where it can keep those that it has.

        `apart`: others of its own, even so. Raises Contradiction where it has more than one set of each kind, or
        none is free.
        """
        own = [(sets.kind(of.codec, unit), sets.set_id(of.codec, unit)) for unit in of.numbered]
        if not apart and all(self._fits(name, unit) for name, unit in zip(own, of.numbered, strict=True)):
            self._known.update(zip(own, of.numbered, strict=True))
            return None
        if tuple(kind for kind, _ in own) != _NUMBERED[of.codec]:
            raise Contradiction("encoded parameter sets that cannot be numbered anew")
        ids = Ids(0, 0, 0)
        for (kind, number), unit in zip(own, of.numbered, strict=True):
            ids = self._placed(of.codec, kind, unit, ids, (number,) if apart else ())
        return ids

    def _fits(self, name: tuple[int, int], unit: bytes) -> bool:
        # The first byte says how much the unit matters, which need not agree.
        return self._known.get(name, unit)[1:] == unit[1:]

    def _placed(self, codec: str, kind: int, unit: bytes, ids: Ids, without: tuple[int, ...]) -> Ids:
        field = {_VPS: "vps", _SPS: "sps", _AVC_SPS: "sps"}.get(kind, "pps")
        for number in _FREE[codec, kind]:
            tried = msgspec.structs.replace(ids, **{field: number})
            made = _WRITERS[codec](unit, tried)
            if number not in without and self._fits((kind, number), made):
                self._known[kind, number] = made
                return tried
        raise Contradiction(f"no free id for NAL unit type {kind}")


def renumbered(of: Sets, ids: Ids) -> Sets:
    """The same sets with other ids."""
    return Sets(of.codec, of.record, tuple(_WRITERS[of.codec](unit, ids) for unit in of.numbered))


def sample(codec: str, units: Iterable[bytes], ids: Ids) -> list[bytes]:
    """The NAL units of one picture, its slices naming the new ids; sets inside it get them too."""
    if codec == "h264":
        return [_avc_unit(unit, ids) for unit in units if unit]
    return [_unit(unit, ids) for unit in units if len(unit) > nal.HEVC_HEADER]


def _unit(unit: bytes, ids: Ids) -> bytes:
    kind = sets.kind("hevc", unit)
    if kind in _NUMBERED["hevc"]:
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
    bits = _payload(unit[2:])
    kind = sets.kind("hevc", unit)
    if kind == _VPS:
        bits = f"{ids.vps:04b}{bits[4:]}"
    elif kind == _SPS:
        at = _id_place(bits)
        bits = f"{ids.vps:04b}{bits[4:at]}{_golomb(ids.sps)}{bits[_after(bits, at) :]}"
    else:
        rest = _after(bits, _after(bits, 0))
        bits = f"{_golomb(ids.pps)}{_golomb(ids.sps)}{bits[rest:]}"
    return unit[:2] + _closed(bits)


def _avc_unit(unit: bytes, ids: Ids) -> bytes:
    kind = sets.kind("h264", unit)
    if kind in _NUMBERED["h264"]:
        return _avc_set(unit, ids)
    if kind not in _AVC_SLICES:
        return unit
    # Up to a byte behind which emulation prevention starts anew, and which is not what that puts in: a 3.
    end = next((at for at in range(_AVC_HEAD, len(unit)) if unit[at - 1] > 3), len(unit))
    payload = unescaped(unit[1:end])
    bits = f"{int.from_bytes(payload):0{8 * len(payload)}b}"
    # Before the id: first_mb_in_slice and slice_type.
    at = _after(bits, _after(bits, 0))
    word = _golomb(ids.pps)
    if _after(bits, at) != at + len(word):
        raise Contradiction("a slice that names a parameter set of another length")
    bits = bits[:at] + word + bits[at + len(word) :]
    return unit[:1] + _escaped(int(bits, 2).to_bytes(len(payload))) + unit[end:]


def _avc_set(unit: bytes, ids: Ids) -> bytes:
    bits = _payload(unit[1:])
    if sets.kind("h264", unit) == _AVC_SPS:
        # Behind the profile, what it constrains, and the level.
        bits = f"{bits[:24]}{_golomb(ids.sps)}{bits[_after(bits, 24) :]}"
    else:
        rest = _after(bits, _after(bits, 0))
        bits = f"{_golomb(ids.pps)}{_golomb(ids.sps)}{bits[rest:]}"
    return unit[:1] + _closed(bits)


_WRITERS: dict[str, Callable[[bytes, Ids], bytes]] = {"hevc": _set, "h264": _avc_set}


def _payload(data: bytes) -> str:
    """The bits of a parameter set, up to the one that ends it; zeros fill it up."""
    bits = "".join(f"{byte:08b}" for byte in unescaped(data))
    return bits[: bits.rindex("1")]


def _closed(bits: str) -> bytes:
    bits += "1"
    bits += "0" * (-len(bits) % 8)
    return _escaped(int(bits, 2).to_bytes(len(bits) // 8))


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


def _after(bits: str, at: int) -> int:
    """Where the number that stands at `at` ends: as many bits follow its first 1 as zeros come before that."""
    return 2 * bits.index("1", at) - at + 1


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
