"""Whether a finished file holds anything; ffmpeg calls an empty or unreadable one a success."""

from __future__ import annotations

from pathlib import Path

import av

from clipwright.errors import EngineError


def holds_packets(path: Path) -> bool:
    """True when at least one packet of picture, sound or text can be read from the file.

    Raises EngineError when it cannot be read at all.
    """
    try:
        with av.open(str(path), metadata_errors="replace") as opened:
            return any(packet.size for packet in opened.demux())
    except av.EOFError:
        return False
    except (av.FFmpegError, OSError) as error:
        raise EngineError(
            "ffmpeg made a file that cannot be read back.",
            hint="Try another output format.",
            detail=str(error),
        ) from error
