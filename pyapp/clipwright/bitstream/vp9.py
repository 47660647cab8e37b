"""The VP9 uncompressed header (VP9 Bitstream & Decoding Process Specification, 6.2)."""

from __future__ import annotations

from clipwright.bitstream.bits import Bits
from clipwright.bitstream.header import Header, filled

_SYNC = b"\x49\x83\x42"
_MATRIX = (None, "bt470bg", "bt709", "smpte170m", "smpte240m", "bt2020nc", None, "gbr")

_LEVELS = (
    (10, 36_864, 512),
    (11, 73_728, 768),
    (20, 122_880, 960),
    (21, 245_760, 1_344),
    (30, 552_960, 2_048),
    (31, 983_040, 2_752),
    (40, 2_228_224, 4_160),
    (50, 8_912_896, 8_384),
    (60, 35_651_584, 16_832),
)
"""Level, largest picture in pixels, longest side."""


def read(data: bytes) -> Header | None:
    """The header at the start of a key frame; None where there is none.

    VP9 has no other header that every container carries.
    """
    if data[0] >> 6 != 2 or _SYNC not in data[:6]:
        return None
    return filled(_fill, Header(), data[:32])


def _fill(header: Header, bits: Bits) -> None:
    bits.take(2)
    profile = bits.take(1) + 2 * bits.take(1)
    bits.take(4 + (profile == 3) + 24)
    header.bit_depth = 8 if profile < 2 else (12 if bits.flag() else 10)
    space = bits.take(3)
    header.matrix = _MATRIX[space]
    header.full_range = space == 7 or bits.flag()
    if profile % 2:
        bits.take(1 if space == 7 else 3)
    header.width, header.height = bits.take(16) + 1, bits.take(16) + 1
    header.codec_string = codec_string(profile, header.bit_depth, header.width, header.height)


def codec_string(profile: int, bit_depth: int, width: int, height: int) -> str:
    """The short form of the VP9 codec string.

    The level is the lowest that allows the picture size: few containers store one, and those that do
    seldom agree with each other.
    """
    area, side = width * height, max(width, height)
    fitting = (level for level, most, longest in _LEVELS if area <= most and side <= longest)
    return f"vp09.{profile:02}.{next(fitting, 62)}.{bit_depth:02}"
