"""Whether a Matroska file breaks off: FFmpeg reads what is there and then takes it for the end.

Elements and their sizes after RFC 8794 (EBML, sections 4 and 5); the Segment after RFC 9559, section 5.1.
"""

from __future__ import annotations

_EBML, _SEGMENT = 0x1A45DFA3, 0x18538067


def is_torn(head: bytes, size: int) -> bool:
    """Whether a file of `size` bytes that begins with `head` should be longer; False where it does not say."""
    at, end = 0, 0
    for wanted in (_EBML, _SEGMENT):
        ident, at = _number(head, end, marked=True)
        length, at = _number(head, at, marked=False)
        if ident != wanted or length is None:
            return False
        end = at + length
    return end > size


def _number(data: bytes, at: int, *, marked: bool) -> tuple[int | None, int]:
    """A variable-length number, None if unknown, and where it ends; `marked` keeps the bit that tells its length."""
    if at >= len(data) or data[at] == 0:
        return None, at
    length = 9 - data[at].bit_length()
    ones = (1 << (7 * length)) - 1
    number = int.from_bytes(data[at : at + length], "big")
    unknown = not marked and number & ones == ones
    return (None if unknown else number if marked else number & ones), at + length
