"""The HEVC sequence parameter set (ITU-T H.265, 7.3.2.2), from hvcC or Annex B."""

from __future__ import annotations

from clipwright.bitstream.bits import Bits, annex_b, sized, unescaped
from clipwright.bitstream.header import Header, fill_vui, filled, window


def read(data: bytes) -> Header | None:
    """The header in an hvcC record or a stream with start codes; None where there is none."""
    if data[0] == 1 and len(data) > 22:
        sets = _hvcc_sets(data)
        header = Header(codec_string=_codec_string(data[1:13]), bit_depth=(data[17] & 7) + 8)
    else:
        sets = [unit for unit in annex_b(data) if _is_set(unit)]
        if not sets:
            return None
        header = Header(codec_string=_codec_string(unescaped(sets[0])[3:15]))
    return filled(_fill, header, unescaped(sets[0][2:])) if sets else header


def _is_set(unit: bytes) -> bool:
    return len(unit) > 15 and (unit[0] >> 1) & 63 == 33


def _hvcc_sets(data: bytes) -> list[bytes]:
    found: list[bytes] = []
    rest = data[23:]
    for _ in range(data[22]):
        if len(rest) < 3:
            break
        units, rest = sized(rest[3:], int.from_bytes(rest[1:3], "big"))
        found += [unit for unit in units if _is_set(unit)]
    return found


def _codec_string(profile_tier_level: bytes) -> str:
    """ISO/IEC 14496-15 E.3, from the twelve bytes that records and parameter sets share."""
    first = profile_tier_level[0]
    space = ("", "A", "B", "C")[first >> 6]
    compatible = int(f"{int.from_bytes(profile_tier_level[1:5], 'big'):032b}"[::-1], 2)
    tier = "H" if first & 0x20 else "L"
    constraints = profile_tier_level[5:11].rstrip(b"\x00")
    words = [f"hvc1.{space}{first & 31}", f"{compatible:X}", f"{tier}{profile_tier_level[11]}"]
    return ".".join(words + [f"{byte:X}" for byte in constraints])


def _fill(header: Header, bits: Bits) -> None:
    bits.take(4)
    layers = bits.take(3)
    bits.take(1)
    _skip_levels(bits, layers)
    bits.golomb()
    chroma = bits.golomb()
    if chroma == 3:
        bits.take(1)
    width, height = bits.golomb(), bits.golomb()
    left, right, top, bottom = window(bits)
    unit_x, unit_y = (2 if chroma in (1, 2) else 1), (2 if chroma == 1 else 1)
    header.width, header.height = width - unit_x * (left + right), height - unit_y * (top + bottom)
    header.bit_depth = bits.golomb() + 8
    bits.golomb()
    order_bits = bits.golomb() + 4
    for _ in range(layers + 1 if bits.flag() else 1):
        for _ in range(3):
            bits.golomb()
    for _ in range(6):
        bits.golomb()
    if bits.flag() and bits.flag():
        _skip_scaling(bits)
    bits.take(2)
    if bits.flag():
        bits.take(8)
        bits.golomb()
        bits.golomb()
        bits.take(1)
    _skip_references(bits, order_bits)
    bits.take(2)
    if bits.flag():
        fill_vui(header, bits)


def _skip_levels(bits: Bits, layers: int) -> None:
    bits.take(96)
    present = [(bits.flag(), bits.flag()) for _ in range(layers)]
    if layers:
        bits.take(2 * (8 - layers))
    for profile, level in present:
        bits.take(88 * profile + 8 * level)


def _skip_scaling(bits: Bits) -> None:
    for size in range(4):
        for _ in range(0, 6, 3 if size == 3 else 1):
            if not bits.flag():
                bits.golomb()
                continue
            if size > 1:
                bits.signed_golomb()
            for _ in range(min(64, 1 << (4 + 2 * size))):
                bits.signed_golomb()


def _skip_references(bits: Bits, order_bits: int) -> None:
    """Short-term sets, each of which may be coded as a change to the one before, and long-term ones."""
    pictures = 0
    for number in range(bits.golomb()):
        if number and bits.flag():
            bits.take(1)
            bits.golomb()
            # A flag per picture, and a second one only where the first is unset.
            pictures = sum(bits.flag() or bits.flag() for _ in range(pictures + 1))
        else:
            pictures = bits.golomb() + bits.golomb()
            for _ in range(pictures):
                bits.golomb()
                bits.take(1)
    if bits.flag():
        for _ in range(bits.golomb()):
            bits.take(order_bits + 1)
