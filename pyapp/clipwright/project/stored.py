"""Documents as JSON text: read from anybody, whatever it says, and written."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from clipwright.errors import BadRequest
from clipwright.jsontext import looked_over
from clipwright.project.document import MAX_CLIPS, VERSION, Document
from clipwright.project.faults import Check, Fault, anything, refusal
from clipwright.project.upgrades import upgraded
from clipwright.project.validation import validate

_COUNTED = MAX_CLIPS
"""Lists that are longer are not looked through for what else is wrong: no list may be."""


class _Versioned(msgspec.Struct):
    """What every version of a document says of itself."""

    schema_version: int


def read(text: str | bytes, check: Check = anything) -> Document:
    """The document that a JSON text is, brought up to the newest version.

    Raises one BadRequest for all that is wrong with it: `path` is the place of the first fault, `detail` lists more of
    them. `check` is what `validate` asks about effects.
    """
    document, faults = examine(text, check)
    if document is None or faults:
        raise refusal(faults)
    return document


def examine(text: str | bytes, check: Check = anything) -> tuple[Document | None, tuple[Fault, ...]]:
    """The document that a JSON text is, None if it has not the shape of one, and every fault that it has.

    Where the shape is wrong (fields misspelt, missing or of another kind) the faults are those of the shape.
    """
    try:
        raw = looked_over(text, "$")
        raw = upgraded(raw, _version(raw))
        try:
            document = msgspec.json.decode(raw, type=Document)
        except msgspec.ValidationError as error:
            return None, _shapes(raw, error)
    except BadRequest as refused:
        return None, (Fault(refused.path or "$", refused.message, refused.hint),)
    except msgspec.ValidationError as error:
        return None, (_shape_fault(error, "$"),)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return None, (Fault("$", "This is not JSON that can be read.", f"{error}"),)
    return document, validate(document, check)


def write(document: Document) -> str:
    """The document as JSON, in lines, the same text for the same document."""
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"


def _version(raw: bytes) -> int:
    try:
        return msgspec.json.decode(raw, type=_Versioned).schema_version
    except msgspec.ValidationError as error:
        raise BadRequest(
            "It does not say which version of a Clipwright document it is.",
            hint=f'Give schema_version, as a number: "schema_version": {VERSION}.',
            path="$.schema_version",
        ) from error


def _shapes(raw: bytes, error: msgspec.ValidationError) -> tuple[Fault, ...]:
    """Every fault of the shape; the first one where a number is too large to be read at all."""
    try:
        return tuple(_shape_faults(msgspec.json.decode(raw), Document, "$"))
    except msgspec.ValidationError:
        return (_shape_fault(error, "$"),)


def _shape_faults(value: object, kind: typing.Any, path: str) -> Iterator[Fault]:  # noqa: ANN401 - any annotation
    """Every place where a value has not the shape that it should have, the innermost of each."""
    kind = _plain(kind)
    try:
        if not isinstance(value, list) or len(value) <= _COUNTED:
            msgspec.convert(value, kind)
            return
    except msgspec.ValidationError as error:
        inner = list(_inner_faults(value, kind, path))
        yield from inner or [_shape_fault(error, path)]
    else:
        yield Fault(path, f"There are too many of them: {len(value)}.", f"Use at most {_COUNTED}.")


def _inner_faults(value: object, kind: typing.Any, path: str) -> Iterator[Fault]:  # noqa: ANN401 - as above
    if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        kinds = _fields(kind)
        for name, inner in value.items():
            if name in kinds:
                yield from _shape_faults(inner, kinds[name], f"{path}.{name}")
            else:
                yield Fault(
                    f"{path}.{name[:64]}",
                    f"There is no field “{name[:64]}” here.",
                    f"There are {', '.join(kinds)}.",
                )
        for field in msgspec.structs.fields(kind):
            if field.required and field.encode_name not in value:
                yield Fault(f"{path}.{field.encode_name}", "This is missing.", "Give it.")
    elif isinstance(value, list) and typing.get_origin(kind) is tuple:
        for number, inner in enumerate(value):
            yield from _shape_faults(inner, typing.get_args(kind)[0], f"{path}[{number}]")


@lru_cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, typing.Any]:
    return {field.encode_name: field.type for field in msgspec.structs.fields(kind)}


def _plain(kind: typing.Any) -> typing.Any:  # noqa: ANN401 - any annotation
    """``X`` for ``X | None``, where X is a struct: so that what is inside is looked through."""
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        structs = [
            one for one in typing.get_args(kind) if isinstance(one, type) and issubclass(one, msgspec.Struct)
        ]
        return structs[0] if structs else kind
    return kind


def _shape_fault(error: msgspec.ValidationError, path: str) -> Fault:
    message, found, place = f"{error}".partition(" - at `$")
    return Fault(path + place.rstrip("`") if found else path, f"{message}.", "Write it as the format says.")
