"""Telling the NAL units of H.264 and HEVC samples apart (ITU-T H.264, 7.4.1; H.265, 7.4.2.2; ISO/IEC 14496-15)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_START_CODE = re.compile(rb"\x00\x00\x01")

HEVC_HEADER = 2
"""Bytes before the payload of an HEVC unit."""

_AVC_SLICES = range(1, 6)
_AVC_IDR = 5
_HEVC_SLICES = range(32)
_HEVC_CLEAN = range(16, 22)
"""BLA, IDR and CRA pictures."""
_HEVC_CRA = 21
_HEVC_BLA = 18
"""A BLA picture before which no other is shown, as such are not copied."""


def length_size(codec: str, extradata: bytes) -> int:
    """How many bytes the length before each NAL unit has; 0 where start codes part them."""
    if codec == "h264" and len(extradata) > 6 and extradata[0] == 1:
        return (extradata[4] & 3) + 1
    if codec == "hevc" and len(extradata) > 22 and not extradata.startswith((b"\0\0\1", b"\0\0\0\1")):
        return (extradata[21] & 3) + 1
    return 0


def units(data: bytes, prefix: int) -> Iterator[bytes]:
    """The NAL units of a sample, each with its header; `prefix` is what `length_size` told."""
    if prefix:
        at = 0
        while at + prefix < len(data):
            size = int.from_bytes(data[at : at + prefix])
            at += prefix
            yield data[at : at + size]
            at += size
        return
    found = _START_CODE.search(data)
    while found is not None:
        following = _START_CODE.search(data, found.end())
        yield data[found.end() : following.start() if following else len(data)].rstrip(b"\0")
        found = following


def joined(parts: Iterable[bytes], prefix: int) -> bytes:
    """A sample made of NAL units; `prefix` is what `length_size` told."""
    if prefix:
        return b"".join(len(unit).to_bytes(prefix) + unit for unit in parts)
    return b"".join(b"\0\0\0\1" + unit for unit in parts)


def is_clean(codec: str, data: bytes, prefix: int) -> bool:
    """Whether decoding can start with this key frame's sample behind anything else.

    H.264: an IDR picture. HEVC: IDR, BLA or CRA. Key frames of other codecs always are.
    """
    if codec not in ("h264", "hevc"):
        return True
    for unit in units(data, prefix):
        if not unit:
            continue
        if codec == "h264" and (kind := unit[0] & 31) in _AVC_SLICES:
            return kind == _AVC_IDR
        if codec == "hevc" and (kind := unit[0] >> 1 & 63) in _HEVC_SLICES:
            return kind in _HEVC_CLEAN
    return False


def restarted(unit: bytes) -> bytes:
    """The HEVC NAL unit, of as many bytes, as decoding starts anew with it where it belongs to a key frame.

    An open group begins with a CRA picture, which in the middle of a stream counts on from the pictures before it:
    behind others, decoders drop frames. A BLA picture is the same but for its type, and is decoded as if it were the
    first (7.4.2.2). An end of sequence before a CRA picture would do that too, but what still waits to be shown is
    dropped then (C.5.2.2): FFmpeg loses up to three frames.
    """
    if (unit[0] >> 1 & 63) != _HEVC_CRA:
        return unit
    return bytes([unit[0] & 0x81 | _HEVC_BLA << 1]) + unit[1:]
