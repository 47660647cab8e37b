"""Films that say what shows through them: who decodes that, too."""

from __future__ import annotations

from clipwright.capabilities import Capabilities
from clipwright.media import Reader
from clipwright.plan.scene import Shot

_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""FFmpeg's own decoders leave alpha out, which lies beside the pictures in Matroska and WebM."""


def decoder(shot: Shot, engine: Reader, caps: Capabilities) -> tuple[str, ...]:
    """What stands before the shot's input; where there is no such decoder, nothing shows through.

    The FFmpeg of the page has both, whatever it can encode; another one has them if it encodes with the same library.
    """
    video = shot.video
    if video is None or not video.alpha or shot.still or video.codec not in _DECODERS:
        return ()
    has = engine == "ffmpeg" or video.codec in caps.encode.get(engine, ())
    return (f"-c:{video.index}", _DECODERS[video.codec]) if has else ()
