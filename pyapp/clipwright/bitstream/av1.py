"""The AV1 sequence header (AV1 Bitstream & Decoding Process Specification, 5.5), from av1C or OBUs."""

from __future__ import annotations

from clipwright.bitstream.bits import Bits
from clipwright.bitstream.header import Header, filled

_SEQUENCE_HEADER = 1
_SRGB = (1, 13, 0)


def read(data: bytes) -> Header | None:
    """The header in an av1C record or at the start of a stream; None where there is none."""
    record = data[0] == 0x81 and len(data) >= 4
    payload = _sequence_header(data[4:] if record else data)
    if payload is not None:
        return filled(_fill, Header(), payload)
    if not record:
        return None
    deep, twelve = bool(data[2] & 0x40), bool(data[2] & 0x20)
    depth = (12 if twelve else 10) if deep else 8
    return Header(
        codec_string=_codec_string(data[1] >> 5, data[1] & 31, data[2] >> 7, depth), bit_depth=depth
    )


def _codec_string(profile: int, level: int, tier: int, depth: int) -> str:
    return f"av01.{profile}.{level:02}{'MH'[tier]}.{depth:02}"


def _sequence_header(data: bytes) -> bytes | None:
    """The payload of the first sequence header among `data`'s OBUs."""
    at = 0
    while at < len(data):
        kind, extended, sized = (data[at] >> 3) & 15, data[at] >> 2 & 1, data[at] >> 1 & 1
        at += 1 + extended
        size, at = _leb128(data, at) if sized else (len(data) - at, at)
        if kind == _SEQUENCE_HEADER:
            return data[at : at + size]
        at += size
    return None


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    """The number at `at`, and where it ends."""
    value = 0
    for shift, byte in enumerate(data[at : at + 8]):
        value |= (byte & 0x7F) << (7 * shift)
        if not byte & 0x80:
            return value, at + shift + 1
    return len(data), len(data)


def _fill(header: Header, bits: Bits) -> None:
    profile = bits.take(3)
    bits.take(1)
    reduced = bits.flag()
    level, tier = (bits.take(5), 0) if reduced else _operating_point(bits)
    width_bits, height_bits = bits.take(4) + 1, bits.take(4) + 1
    header.width, header.height = bits.take(width_bits) + 1, bits.take(height_bits) + 1
    if not reduced and bits.flag():
        bits.take(7)
    bits.take(3)
    if not reduced:
        _skip_tools(bits)
    bits.take(3)
    header.bit_depth = _fill_color(header, bits, profile)
    header.codec_string = _codec_string(profile, level, tier, header.bit_depth)


def _operating_point(bits: Bits) -> tuple[int, int]:
    """Level and tier of the first operating point, which is the whole stream."""
    delay_bits = 0
    if bits.flag():
        bits.take(64)
        if bits.flag():
            bits.golomb()
        if bits.flag():
            delay_bits = bits.take(5) + 1
            bits.take(42)
    initial_delay = bits.flag()
    points = []
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        level = bits.take(5)
        points.append((level, bits.take(1) if level > 7 else 0))
        if delay_bits and bits.flag():
            bits.take(2 * delay_bits + 1)
        if initial_delay and bits.flag():
            bits.take(4)
    return points[0]


def _skip_tools(bits: Bits) -> None:
    bits.take(4)
    ordered = bits.flag()
    if ordered:
        bits.take(2)
    # Where screen content tools may be on, a choice about whole-pixel motion follows.
    if (bits.flag() or bits.flag()) and not bits.flag():
        bits.take(1)
    if ordered:
        bits.take(3)


def _fill_color(header: Header, bits: Bits, profile: int) -> int:
    """Colour and range; gives the bit depth."""
    depth = 10 if bits.flag() else 8
    if profile == 2 and depth == 10 and bits.flag():
        depth = 12
    gray = profile != 1 and bits.flag()
    codes = (bits.take(8), bits.take(8), bits.take(8)) if bits.flag() else (2, 2, 2)
    header.set_color(codes)
    header.full_range = True if codes == _SRGB and not gray else bits.flag()
    return depth
