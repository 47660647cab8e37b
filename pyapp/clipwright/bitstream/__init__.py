"""What a picture codec's own header says, in whichever form a looker found it.

From the container's configuration record (avcC, hvcC, av1C) or from the first bytes of the stream
(Annex B, OBUs, a VP9 key frame). The header, not the container, decides what pictures look like once
decoded, and every looker can supply it.
"""

from __future__ import annotations

from clipwright.bitstream import av1, avc, hevc, vp9
from clipwright.bitstream.header import Header

_READERS = {"h264": avc.read, "hevc": hevc.read, "av1": av1.read, "vp9": vp9.read}


def read_header(codec: str, data: bytes) -> Header | None:
    """The header in `data` for FFmpeg's `codec` name; None for other codecs and where there is none."""
    reader = _READERS.get(codec)
    return reader(data) if reader and data else None
