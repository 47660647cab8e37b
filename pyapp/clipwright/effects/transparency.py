"""Effects that let through what is behind the picture."""

from __future__ import annotations

from typing import Annotated

from clipwright.effects.definition import Definition, Params, picture
from clipwright.effects.fields import colour, number
from clipwright.filters import keying

_SIMILARITY = number(0.01, 1, "How far colours may differ and still vanish.")
_BLEND = number(0, 1, "How softly the picture passes into nothing; 0 is hard.")
_KEY = colour("The colour that vanishes.")


class ChromaKey(Params, frozen=True, kw_only=True):
    """What `keying.chroma_key` takes."""

    color: Annotated[str, _KEY] = "green"
    similarity: Annotated[float, _SIMILARITY] = 0.1
    blend: Annotated[float, _BLEND] = 0


class ColorKey(ChromaKey, frozen=True, kw_only=True):
    """What `keying.color_key` takes."""


class Opacity(Params, frozen=True, kw_only=True):
    """What `keying.opacity` takes."""

    share: Annotated[float, number(0, 1, "How much of the picture shows; 0 is nothing.")] = 0.5


DEFINITIONS = (
    Definition(
        name="chroma_key",
        summary="Takes out a colour in light and shade, such as a green screen.",
        kind="video",
        category="transparency",
        params=ChromaKey,
        builder=picture(keying.chroma_key),
        example={"color": "#00FF00", "similarity": 0.2, "blend": 0.1},
        alpha=True,
    ),
    Definition(
        name="color_key",
        summary="Takes out one colour of one lightness, such as a plain ground.",
        kind="video",
        category="transparency",
        params=ColorKey,
        builder=picture(keying.color_key),
        example={"color": "blue", "similarity": 0.3},
        alpha=True,
    ),
    Definition(
        name="opacity",
        summary="Lets through what is behind all of the picture.",
        kind="video",
        category="transparency",
        params=Opacity,
        builder=picture(keying.opacity),
        example={"share": 0.4},
        alpha=True,
    ),
)
