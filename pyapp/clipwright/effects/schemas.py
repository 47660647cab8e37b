"""JSON Schemas of parameters, each whole by itself: nothing refers to anything else."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

_REFERENCE = "#/$defs/"


@lru_cache(maxsize=256)
def json_schema(kind: type[Struct]) -> dict[str, Any]:
    """The schema of a struct; ``description``, ``unit``, ``default`` and the range stand beside each ``type``."""
    _, parts = msgspec.json.schema_components([kind], ref_template=_REFERENCE + "{name}")
    # Defaults come as they are in Python: lists as tuples.
    whole: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(_inlined(parts[kind.__name__], parts)))
    # What the struct's own docstring says is for programmers.
    whole.pop("description", None)
    return whole


def _inlined(node: Any, parts: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON is anything
    if isinstance(node, list):
        return [_inlined(one, parts) for one in node]
    if not isinstance(node, dict):
        return node
    said = {key: _inlined(value, parts) for key, value in node.items() if key not in ("$ref", "title")}
    if "$ref" not in node:
        return _or_null(said)
    part = _inlined(parts[node["$ref"].removeprefix(_REFERENCE)], parts)
    return {**{key: value for key, value in part.items() if key != "description"}, **said}


def _or_null(said: dict[str, Any]) -> dict[str, Any]:
    """What may also be null, said in one place, where a form looks for it."""
    choices = said.get("anyOf", [])
    if len(choices) != 2 or choices[1] != {"type": "null"} or "type" not in choices[0]:
        return said
    rest = {key: value for key, value in said.items() if key != "anyOf"}
    return {**choices[0], "type": [choices[0]["type"], "null"], **rest}
