"""What is told of effects: the values of one document, without any effect, so that messages are read without them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

EffectKind = Literal["video", "audio", "both"]
"""Which streams an effect changes."""
EffectCategory = Literal[
    "color", "detail", "distortion", "fade", "frame", "sound", "text", "time", "transition", "transparency",
]  # fmt: skip
"""Where an effect stands in a list for people."""


class EffectInfo(msgspec.Struct, frozen=True, kw_only=True):
    """An effect or a transition; while the pictures of a transition pass into each other, so do the sounds.

    `kind`: the streams that it changes. `arity`: how many streams it takes, on the pads `inputs`. `changes_time`: what
    comes of it lasts otherwise, or shows at other times. `limitable`: `start_us` and `end_us` may limit it to a part
    of the time. `alpha`: what is behind the picture may show. `resizes`: the picture may get another size.
    `parameters` is a JSON Schema whose properties have `description`, `default`, `minimum`, `maximum` and `unit`.
    `example` is what stands in a project's document.
    """

    name: str
    summary: str
    category: EffectCategory
    kind: EffectKind
    arity: int
    inputs: tuple[str, ...]
    changes_time: bool
    limitable: bool
    alpha: bool
    resizes: bool
    parameters: dict[str, Any]
    example: dict[str, Any]


class EffectsInfo(msgspec.Struct, frozen=True, kw_only=True):
    """All effects and transitions, and what the style of a clip that says a text may hold, as a JSON Schema."""

    schema_version: Literal[1] = 1
    effects: tuple[EffectInfo, ...]
    transitions: tuple[EffectInfo, ...]
    text_style: dict[str, Any]
