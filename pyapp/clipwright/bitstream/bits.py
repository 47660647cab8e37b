"""Reading bit fields out of codec headers."""

from __future__ import annotations

import re

_START_CODE = re.compile(rb"\x00\x00\x01")


class Bits:
    """A reader of bit fields, most significant bit first. Reading past the end raises EOFError."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = 8 * len(data)

    def take(self, count: int) -> int:
        """The next `count` bits as an unsigned number."""
        self._left -= count
        if self._left < 0:
            raise EOFError("the header ends too early")
        return (self._value >> self._left) & ((1 << count) - 1)

    def flag(self) -> bool:
        """The next bit."""
        return self.take(1) == 1

    def golomb(self) -> int:
        """The next unsigned Exp-Golomb number, ue(v)."""
        zeros = 0
        while not self.flag():
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)

    def signed_golomb(self) -> int:
        """The next signed Exp-Golomb number, se(v)."""
        number = self.golomb()
        return (number + 1) // 2 if number % 2 else -(number // 2)


def unescaped(nal: bytes) -> bytes:
    """A NAL unit's payload without its emulation prevention bytes."""
    return nal.replace(b"\x00\x00\x03", b"\x00\x00")


def annex_b(data: bytes) -> list[bytes]:
    """The NAL units of a byte stream with start codes."""
    starts = [match.start() for match in _START_CODE.finditer(data)]
    ends = [*starts[1:], len(data)]
    return [data[start + 3 : end].rstrip(b"\x00") for start, end in zip(starts, ends, strict=False)]


def sized(data: bytes, count: int) -> tuple[list[bytes], bytes]:
    """`count` units that each follow their 16-bit length, and what comes after them."""
    units = []
    for _ in range(count):
        size = int.from_bytes(data[:2], "big")
        units.append(data[2 : 2 + size])
        data = data[2 + size :]
    return units, data
