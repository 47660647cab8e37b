"""Write what JavaScript needs to know of ``clipwright.messages``: constants, JSDoc types and a JSON schema.

``build.py`` runs this with the project's own Python: ``write_protocol.py`` writes the two files under
``web/``, ``write_protocol.py --check`` only says whether they are current (exit code 1 if not). It stands
beside the package, not in it, so that no page ever downloads it.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec
from msgspec import inspect as shapes

from clipwright import media, messages, sighting
from clipwright.effects import catalogue
from clipwright.errors import ErrorBody
from clipwright.plan import request, steps

WEB = Path(__file__).resolve().parent.parent / "web"
REQUESTS: tuple[type, ...] = get_args(messages.Request)
REPLIES = {kind: reply for kind, reply in messages.REPLIES.items() if reply is not None}
ENGINE_SIDE: tuple[type, ...] = (sighting.Sighting, media.CutPoint, ErrorBody)
"""What the engine workers and Python say to each other, beside the plan's own steps."""

HEADER = """\
// Written by build.py from pyapp/clipwright/messages.py; change that, then run `python3 build.py build`.

"""
SCALARS: dict[type, str] = {
    shapes.AnyType: "any",
    shapes.NoneType: "null",
    shapes.BoolType: "boolean",
    shapes.IntType: "number",
    shapes.FloatType: "number",
    shapes.StrType: "string",
    shapes.BytesType: "string",
}
"""JSDoc names of the plain types; bytes stand in JSON as base64 text."""


def aliases() -> dict[frozenset[Any], str]:
    """The named Literals of the schema: their values, and the name they go by."""
    found: dict[frozenset[Any], str] = {}
    for module in (media, steps, request, catalogue):
        for name, value in vars(module).items():
            if not name.startswith("_") and get_origin(value) is not None:
                info = shapes.type_info(value)
                if isinstance(info, shapes.LiteralType):
                    found.setdefault(frozenset(info.values), name)
    return found


NAMED = aliases()


def written(info: shapes.Type) -> str:
    """The JSDoc spelling of a type."""
    match info:
        case shapes.Metadata():
            spelling = written(info.type)
        case shapes.StructType():
            spelling = info.cls.__name__
        case shapes.LiteralType():
            spelling = NAMED.get(frozenset(info.values)) or " | ".join(map(literal, info.values))
        case shapes.UnionType():
            spelling = " | ".join(dict.fromkeys(map(written, info.types)))
        case shapes.VarTupleType() | shapes.ListType():
            spelling = f"Array<{written(info.item_type)}>"
        case shapes.DictType():
            spelling = f"Record<string, {written(info.value_type)}>"
        case _:
            spelling = SCALARS[type(info)]
    return spelling


def literal(value: object) -> str:
    """A constant as JavaScript writes it."""
    if not isinstance(value, str):
        return json.dumps(value)
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def structs(types: Iterable[object]) -> dict[str, shapes.StructType]:
    """Every struct that can be reached from `types`, by name, in the order they are met."""
    found: dict[str, shapes.StructType] = {}

    def walk(info: shapes.Type) -> None:
        match info:
            case shapes.StructType() if info.cls.__name__ not in found:
                found[info.cls.__name__] = info
                for field in info.fields:
                    walk(field.type)
            case shapes.Metadata():
                walk(info.type)
            case shapes.UnionType():
                for member in info.types:
                    walk(member)
            case shapes.VarTupleType() | shapes.ListType():
                walk(info.item_type)
            case shapes.DictType():
                walk(info.value_type)

    for kind in types:
        walk(shapes.type_info(kind))
    return found


def prose(cls: type) -> Iterator[str]:
    """The docstring of a struct as lines of a JSDoc comment."""
    for line in inspect.cleandoc(cls.__doc__ or "").splitlines():
        text = re.sub("``(.+?)``", r"`\1`", line)
        yield f" * {text}".rstrip()


def typedef(info: shapes.StructType, *, lenient: bool) -> str:
    """One struct as a JSDoc typedef; `lenient` where a sender may leave out what has a default."""
    lines = ["/**", *prose(info.cls), f" * @typedef {{object}} {info.cls.__name__}"]
    if info.tag_field is not None:
        lines.append(f" * @property {{{literal(info.tag)}}} {info.tag_field}")
    for field in info.fields:
        name = f"[{field.encode_name}]" if lenient and not field.required else field.encode_name
        lines.append(f" * @property {{{written(field.type)}}} {name}")
    return "\n".join([*lines, " */"])


def frozen(name: str, values: Iterable[str], says: str) -> str:
    """One exported list of names."""
    items = "".join(f"    {literal(value)},\n" for value in values)
    return f"/** {says} */\nexport const {name} = Object.freeze(/** @type {{const}} */ ([\n{items}]));"


def operations() -> dict[str, type]:
    """The requests by their operation's name."""
    infos = (shapes.type_info(kind) for kind in REQUESTS)
    return {str(info.tag): info.cls for info in infos if isinstance(info, shapes.StructType)}


def javascript() -> str:
    """The text of ``web/protocol.gen.js``."""
    ops = operations()
    # A struct that only ever travels towards Python may leave out its defaults; what Python sends is complete.
    complete = structs([*REPLIES.values(), *messages.EVENTS.values()])
    everything = complete | structs([*REQUESTS, *ENGINE_SIDE])
    named = ((name, " | ".join(map(literal, sorted(values)))) for values, name in NAMED.items())
    requests = (f"{op}: Omit<{cls.__name__}, 'op'>" for op, cls in ops.items())
    replies = (f"{op}: {written(shapes.type_info(messages.REPLIES[cls]))}" for op, cls in ops.items())
    parts = [
        "/** Raised whenever an old page could misread a new worker. */\n"
        f"export const PROTOCOL = {messages.PROTOCOL};",
        frozen("OPS", ops, "Everything the page may ask."),
        frozen("ERROR_CODES", messages.ERROR_CODES, "Every code an error reply may carry."),
        *(f"/** @typedef {{{values}}} {name} */" for name, values in named),
        *(typedef(info, lenient=name not in complete) for name, info in everything.items()),
        f"/** What each operation takes.\n * @typedef {{{{{', '.join(requests)}}}}} Requests */",
        f"/** What each operation is answered with.\n * @typedef {{{{{', '.join(replies)}}}}} Replies */",
    ]
    return HEADER + "\n\n".join(parts) + "\n"


def schema() -> str:
    """The text of ``web/protocol.schema.json``."""
    kinds = [messages.Request, *REPLIES.values(), *messages.EVENTS.values(), *ENGINE_SIDE]
    refs, components = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Clipwright messages, protocol {messages.PROTOCOL}",
        **refs[0],
        "$defs": dict(sorted(components.items())),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` compare them; 1 when one was found stale."""
    texts = {WEB / "protocol.gen.js": javascript(), WEB / "protocol.schema.json": schema()}
    stale = [path for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        if "--check" in arguments:
            print(f"{path.relative_to(WEB.parent)} is not current: run `python3 build.py build`")
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(texts[path], "utf-8")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
