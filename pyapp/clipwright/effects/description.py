"""Everything that can be done to clips, as one document: what forms are made from, and what agents read."""

from __future__ import annotations

from typing import Any

import msgspec

from clipwright.effects.catalogue import EffectInfo, EffectsInfo
from clipwright.effects.definition import Definition
from clipwright.effects.registry import EFFECTS, TRANSITIONS
from clipwright.effects.schemas import json_schema
from clipwright.effects.textlook import TextLook
from clipwright.errors import BadRequest
from clipwright.filters.ranges import nearest


def effects_info(name: str | None = None, path: str = "$.name") -> EffectsInfo:
    """All of it, or the effects and transitions of that name; BadRequest at `path` where there are none."""
    if name is not None and name not in EFFECTS and name not in TRANSITIONS:
        raise BadRequest(
            f"There is no effect or transition “{name[:40]}”.",
            hint=nearest(name, {**EFFECTS, **TRANSITIONS}),
            path=path,
        )
    return EffectsInfo(
        effects=tuple(_effect(one) for one in EFFECTS.values() if name in (None, one.name)),
        transitions=tuple(_transition(one) for one in TRANSITIONS.values() if name in (None, one.name)),
        text_style=json_schema(TextLook),
    )


def describe() -> dict[str, Any]:
    """All of it as JSON's own values: objects, lists, texts and numbers."""
    document: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(effects_info()))
    return document


def _effect(one: Definition) -> EffectInfo:
    return _info(one, {"name": one.name, "params": one.example})


def _transition(one: Definition) -> EffectInfo:
    example = {"before": "clip1", "after": "clip2", "name": one.name, "duration_us": 500_000}
    return _info(one, {**example, "params": one.example})


def _info(one: Definition, example: dict[str, Any]) -> EffectInfo:
    return EffectInfo(
        name=one.name,
        summary=one.summary,
        category=one.category,
        kind=one.kind,
        arity=one.arity,
        inputs=one.inputs,
        changes_time=one.changes_time,
        limitable=one.limitable,
        alpha=one.alpha,
        resizes=one.resizes,
        parameters=one.schema,
        example=example,
    )
