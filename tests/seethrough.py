"""Films whose left half lets through what is behind them."""

from __future__ import annotations

from pathlib import Path

import av
import msgspec
import numpy as np

from clipwright.project.document import Document
from tests.clips import Recipe
from tests.unit.films import clip, film

_HALF = "format=yuva420p,geq=lum='lum(X,Y)':cb='cb(X,Y)':cr='cr(X,Y)':a='255*gte(X,W/2)'"


def _film(container: str, codec: str, *options: str, audio: str = "aac", half: bool = True) -> Recipe:
    video = codec if codec in ("vp8", "vp9") else "mpeg4"
    own = () if video == codec else ("-c:v", codec)
    flags = (*own, *options, *(("-vf", _HALF) if half else ()))
    return Recipe(container=container, video=video, audio=(audio,), seconds=1, flags=flags)


FILMS = {
    "vp9": _film("webm", "vp9", "-pix_fmt", "yuva420p", audio="opus"),
    "vp8": _film("webm", "vp8", "-pix_fmt", "yuva420p", "-auto-alt-ref", "0", audio="opus"),
    "prores": _film("mov", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le"),
    "qtrle": _film("mov", "qtrle", "-pix_fmt", "argb"),
}
OPAQUE = _film("mov", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuv444p10le", half=False)

OVER_BLUE = film(clip("c1", 0, (0, 800_000)))
OVER_BLUE = msgspec.structs.replace(
    OVER_BLUE, output=msgspec.structs.replace(OVER_BLUE.output, background="#0000ff")
)


def over_blue(name: str) -> Document:
    """A project that shows a film, and blue where something shows through; called so."""
    return msgspec.structs.replace(OVER_BLUE, name=name)


def halves_are_blue(still: Path) -> tuple[bool, bool]:
    """Whether the left half of a picture is blue all over, and whether the right one is."""
    with av.open(str(still)) as opened:
        (picture,) = opened.decode(video=0)
    blue = np.abs(picture.to_ndarray(format="rgb24").astype(int) - (0, 0, 255)).max(axis=2) < 24
    return bool(blue[:, :152].all()), bool(blue[:, 168:].any())
