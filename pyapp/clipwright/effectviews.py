"""What a person sees of effects in the terminal: the list of all, and a page for each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from rich.console import Group, RenderableType
from rich.text import Text

from clipwright.effects.catalogue import EffectInfo, EffectsInfo
from clipwright.views import columns, plain

_FLAGS = {
    "limitable": "can be limited to a part of the time",
    "changes_time": "changes times",
    "alpha": "lets through what is behind",
    "resizes": "changes the picture's size",
}
_STREAMS = {"video": "picture", "audio": "sound", "both": "picture and sound"}
_WORDS = {"color": "a colour", "source": "a source's id"}


class _Row(NamedTuple):
    """What is told of one parameter."""

    name: str
    takes: str
    default: str
    hint: str


def effects(shown: EffectsInfo, name: str | None) -> RenderableType:
    """All effects and transitions as lists, or the pages of what is called `name`."""
    if name is not None:
        return Group(*(_page(one) for one in (*shown.effects, *shown.transitions)))
    listed = columns("effect", "of", "what it does")
    for one in shown.effects:
        listed.add_row(one.name, _STREAMS[one.kind], Text(plain(one.summary)))
    crossing = columns("transition", "what it does")
    for one in shown.transitions:
        crossing.add_row(one.name, Text(plain(one.summary)))
    more = Text("clipwright effects NAME shows the parameters of one.", style="dim")
    return Group(listed, Text(), crossing, Text(), more)


def _page(one: EffectInfo) -> RenderableType:
    facts = [one.category, _STREAMS[one.kind]]
    if one.arity > 1:
        facts.append(f"takes {', '.join(one.inputs)}")
    facts += [said for flag, said in _FLAGS.items() if getattr(one, flag)]
    table = columns("parameter", "takes", "default", "what it does")
    for row in _rows(one.parameters):
        table.add_row(*(Text(plain(cell)) for cell in row))
    example = json.dumps(one.example, ensure_ascii=False)
    return Group(
        Text.assemble((one.name, "bold"), f": {plain(one.summary)}"),
        Text(" · ".join(dict.fromkeys(facts)), style="dim"),
        *([table] if table.row_count else [Text("It has no parameters.")]),
        Text(f"Example: {plain(example)}", overflow="fold"),
    )


def _rows(schema: dict[str, Any], before: str = "") -> Iterator[_Row]:
    """Every parameter, and what is inside of it below it."""
    for name, field in schema["properties"].items():
        place = f"{before}{name}"
        default = json.dumps(field["default"], ensure_ascii=False) if "default" in field else "required"
        yield _Row(
            place, _takes(field), default if len(default) <= 30 else "as below", field.get("description", "")
        )
        yield from _inner(field, place)


def _inner(field: dict[str, Any], place: str) -> Iterator[_Row]:
    item = field.get("items") or {}
    if "properties" in field:
        yield from _rows(field, f"{place}.")
    elif "properties" in item:
        yield from _rows(item, f"{place}[].")


def _takes(field: dict[str, Any]) -> str:
    """What values are allowed, in words."""
    kinds = field.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    said = _kind(field, kinds[0] if kinds else "")
    return f"{said}, or null" if "null" in kinds else said


def _kind(field: dict[str, Any], kind: str) -> str:
    if "enum" in field:
        return ", ".join(field["enum"])
    match kind:
        case "boolean":
            return "true, false"
        case "string":
            return _WORDS.get(field.get("format", ""), "text")
        case "object":
            return "an object"
        case "array":
            inner = field.get("items") or field["prefixItems"][0]
            count = f"{field['minItems']} to {field['maxItems']}"
            many = count if field["minItems"] != field["maxItems"] else str(field["minItems"])
            return f"{many} × ({_takes(inner)})"
        case _:
            return _range(field)


def _range(field: dict[str, Any]) -> str:
    low = field.get("minimum")
    start = f"above {field['exclusiveMinimum']:g}" if low is None else _number(low)
    unit = f" {field['unit']}" if "unit" in field else ""
    return f"{start} to {_number(field['maximum'])}{unit}"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:g}"
