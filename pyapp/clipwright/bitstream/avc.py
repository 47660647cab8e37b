"""The AVC sequence parameter set (ITU-T H.264, 7.3.2.1.1), from avcC or Annex B."""

from __future__ import annotations

from clipwright.bitstream.bits import Bits, annex_b, sized, unescaped
from clipwright.bitstream.header import Header, fill_vui, filled, window

_HIGH_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})


def read(data: bytes) -> Header | None:
    """The header in an avcC record or a stream with start codes; None where there is none."""
    record = data[0] == 1 and len(data) > 6
    units = sized(data[6:], data[5] & 31)[0] if record else annex_b(data)
    sets = [unit for unit in units if len(unit) > 3 and unit[0] & 31 == 7]
    if sets:
        header = Header(codec_string=f"avc1.{sets[0][1:4].hex()}")
        return filled(_fill, header, unescaped(sets[0][1:]))
    return Header(codec_string=f"avc1.{data[1:4].hex()}") if record else None


def _fill(header: Header, bits: Bits) -> None:
    profile = bits.take(24) >> 16
    bits.golomb()
    chroma, depth = 1, 8
    if profile in _HIGH_PROFILES:
        chroma = bits.golomb()
        if chroma == 3:
            bits.take(1)
        depth += bits.golomb()
        bits.golomb()
        bits.take(1)
        if bits.flag():
            _skip_scaling(bits, 12 if chroma == 3 else 8)
    header.bit_depth = depth
    bits.golomb()
    _skip_order(bits)
    bits.golomb()
    bits.take(1)
    columns, rows = bits.golomb() + 1, bits.golomb() + 1
    fields = 1 if bits.flag() else 2
    if fields == 2:
        bits.take(1)
    bits.take(1)
    unit_x, unit_y = (2 if chroma in (1, 2) else 1), (2 if chroma == 1 else 1) * fields
    left, right, top, bottom = window(bits)
    header.width = 16 * columns - unit_x * (left + right)
    header.height = 16 * rows * fields - unit_y * (top + bottom)
    if bits.flag():
        fill_vui(header, bits)


def _skip_scaling(bits: Bits, lists: int) -> None:
    for number in range(lists):
        if not bits.flag():
            continue
        last = scale = 8
        for _ in range(16 if number < 6 else 64):
            if scale:
                scale = (last + bits.signed_golomb()) % 256
            last = scale or last


def _skip_order(bits: Bits) -> None:
    kind = bits.golomb()
    if kind == 0:
        bits.golomb()
    elif kind == 1:
        bits.take(1)
        bits.golomb()
        bits.golomb()
        for _ in range(bits.golomb()):
            bits.golomb()
