"""Transparency: by a colour in the picture, or of all of it."""

from __future__ import annotations

from fractions import Fraction

from clipwright.filters.colours import colour
from clipwright.filters.expression import variables
from clipwright.filters.graph import FilterChain, chain, use
from clipwright.filters.ranges import Number, within

_VAL = variables("val")[0]
_CLOSEST = Fraction(1, 100)
"""What FFmpeg 5.1 takes as the least similarity."""


def chroma_key(
    color: str = "green", *, similarity: Number = Fraction(1, 10), blend: Number = 0, path: str = "$"
) -> FilterChain:
    """No picture where its chroma is like that of `color`; similarity 0.01 to 1, `blend` 0 (hard) to 1."""
    return chain(use("format", pix_fmts="yuva444p"), use("chromakey", **_key(color, similarity, blend, path)))


def color_key(
    color: str = "green", *, similarity: Number = Fraction(1, 10), blend: Number = 0, path: str = "$"
) -> FilterChain:
    """No picture where its colour is like `color`, light included; similarity 0.01 to 1, `blend` 0 (hard) to 1."""
    return chain(use("format", pix_fmts="rgba"), use("colorkey", **_key(color, similarity, blend, path)))


def opacity(share: Number, *, path: str = "$") -> FilterChain:
    """A picture that lets through what is behind it; 0 is nothing of it, 1 all."""
    return chain(
        use("format", pix_fmts="yuva444p"), use("lut", a=_VAL * within(share, 0, 1, f"{path}.share"))
    )


def _key(color: str, similarity: Number, blend: Number, path: str) -> dict[str, str | Fraction]:
    return {
        "color": colour(color, f"{path}.color"),
        "similarity": within(similarity, _CLOSEST, 1, f"{path}.similarity"),
        "blend": within(blend, 0, 1, f"{path}.blend"),
    }
