"""Whether a finished file holds anything; ffmpeg calls an empty one a success."""

from __future__ import annotations

from pathlib import Path

import av


def holds_packets(path: Path) -> bool:
    """True when at least one packet of picture, sound or text can be read from the file."""
    try:
        with av.open(str(path)) as opened:
            return any(packet.size for packet in opened.demux())
    except (av.FFmpegError, OSError):
        return False
