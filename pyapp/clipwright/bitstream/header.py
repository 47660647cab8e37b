"""What a picture codec's own header says, as a value."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import msgspec

from clipwright.bitstream.bits import Bits
from clipwright.color import matrix, primaries, transfer

_ASPECTS = (
    *("0/1", "1/1", "12/11", "10/11", "16/11", "40/33", "24/11", "20/11", "32/11"),
    *("80/33", "18/11", "15/11", "64/33", "160/99", "4/3", "3/2", "2/1"),
)


class Header(msgspec.Struct, kw_only=True):
    """Facts from a codec header; None (and 0 for sizes) where it is silent.

    `codec_string` is the RFC 6381 form.
    """

    codec_string: str | None = None
    width: int = 0
    height: int = 0
    bit_depth: int | None = None
    pixel_aspect: str | None = None
    primaries: str | None = None
    transfer: str | None = None
    matrix: str | None = None
    full_range: bool | None = None

    def set_color(self, codes: tuple[int, int, int]) -> None:
        """Take colour from H.273 code points: primaries, transfer, matrix."""
        self.primaries, self.transfer = primaries(codes[0]), transfer(codes[1])
        self.matrix = matrix(codes[2])


def filled(fill: Callable[[Header, Bits], None], header: Header, payload: bytes) -> Header:
    """Fill `header`; one that ends early keeps what was read, as decoders do."""
    with suppress(EOFError):
        fill(header, Bits(payload))
    return header


def window(bits: Bits) -> tuple[int, int, int, int]:
    """The cropping window, if there is one: left, right, top, bottom in chroma units."""
    if not bits.flag():
        return 0, 0, 0, 0
    return bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()


def fill_vui(header: Header, bits: Bits) -> None:
    """The part of the video usability information that AVC and HEVC share."""
    if bits.flag():
        known = bits.take(8)
        if known == 255:
            header.pixel_aspect = f"{bits.take(16)}/{bits.take(16)}"
        elif 0 < known < len(_ASPECTS):
            header.pixel_aspect = _ASPECTS[known]
    if bits.flag():
        bits.take(1)
    if bits.flag():
        bits.take(3)
        header.full_range = bits.flag()
        if bits.flag():
            header.set_color((bits.take(8), bits.take(8), bits.take(8)))
