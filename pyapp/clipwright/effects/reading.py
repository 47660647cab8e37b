"""Parameters out of JSON: each value checked against what its field says, and every fault kept with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from msgspec import Struct, inspect

from clipwright.errors import BadRequest
from clipwright.filters.colours import colour
from clipwright.filters.ranges import nearest, one_of, plain, whole, within

P = TypeVar("P", bound=Struct)


def read_params(kind: type[P], given: object, path: str) -> P:
    """The parameters in `given`, a JSON object; BadRequest for the first fault, at its place below `path`."""
    made, faults = looked_over(kind, given, path)
    if made is None:
        raise faults[0]
    return made


def looked_over(kind: type[P], given: object, path: str) -> tuple[P | None, list[BadRequest]]:
    """The parameters, or all that is wrong with them."""
    faults: list[BadRequest] = []
    made = _struct(_known(kind), given, path, faults)
    return (None, faults) if faults else (made, [])


@lru_cache(maxsize=256)
def _known(kind: type) -> inspect.StructType:
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)  # noqa: S101 - only Structs come here
    return info


def _struct(info: inspect.StructType, given: object, path: str, faults: list[BadRequest]) -> Any:  # noqa: ANN401
    if not isinstance(given, Mapping):
        faults.append(BadRequest("Here belongs a JSON object.", hint="Write {…}.", path=path))
        return None
    names = [field.name for field in info.fields]
    faults.extend(_unknown(str(key), names, path) for key in given if key not in names)
    values = {}
    for field in info.fields:
        if field.name in given:
            try:
                values[field.name] = _value(field.type, given[field.name], f"{path}.{field.name}")
            except BadRequest as fault:
                faults.append(fault)
        elif field.required:
            faults.append(
                BadRequest(
                    f"The parameter {field.name} is missing.", hint="Give it.", path=f"{path}.{field.name}"
                )
            )
    return None if faults else info.cls(**values)


def _unknown(key: str, names: Sequence[str], path: str) -> BadRequest:
    return BadRequest(
        f"There is no parameter “{key[:40]}” here.",
        hint=nearest(key, names) if names else "It takes none.",
        path=f"{path}.{key[:40]}",
    )


def _value(kind: inspect.Type, given: Any, path: str, unit: str = "", form: str = "") -> Any:  # noqa: ANN401
    match kind:
        case inspect.Metadata(type=inner, extra_json_schema=extra):
            said = extra or {}
            return _value(inner, given, path, said.get("unit", unit), said.get("format", form))
        case inspect.UnionType(types=types):
            if given is None:
                return None
            return _value(
                next(one for one in types if not isinstance(one, inspect.NoneType)), given, path, unit, form
            )
        case inspect.IntType() | inspect.FloatType():
            return _number(kind, given, path, unit)
        case inspect.LiteralType(values=values):
            return one_of(given, [str(one) for one in values], path)
        case inspect.BoolType():
            return _truth(given, path)
        case inspect.StrType():
            return _text(kind, given, path, form)
        case inspect.StructType():
            return _nested(kind, given, path)
        case inspect.VarTupleType(item_type=item):
            return tuple(
                _value(item, one, f"{path}[{n}]") for n, one in enumerate(_listed(kind, given, path))
            )
        case inspect.TupleType(item_types=items):
            listed = _sized(given, len(items), len(items), path)
            return tuple(
                _value(item, one, f"{path}[{n}]")
                for n, (item, one) in enumerate(zip(items, listed, strict=True))
            )
        case _:
            raise AssertionError(f"{kind} cannot be a parameter")


def _number(kind: inspect.IntType | inspect.FloatType, given: Any, path: str, unit: str) -> int | float:  # noqa: ANN401
    low = kind.ge if kind.gt is None else kind.gt
    assert low is not None and kind.le is not None  # noqa: S101 - every number has its range
    if isinstance(kind, inspect.IntType):
        return whole(given, int(low), int(kind.le), path, unit=unit)
    within(given, low, kind.le, path, unit=unit, above=kind.gt is not None)
    return given  # type: ignore[no-any-return] # it is the number that was checked


def _truth(given: object, path: str) -> bool:
    if not isinstance(given, bool):
        raise BadRequest(
            f"{str(given)[:40]!r} is neither true nor false.", hint="Give true or false.", path=path
        )
    return given


def _text(kind: inspect.StrType, given: object, path: str, form: str) -> str:
    if form == "color":
        return colour(given, path) if isinstance(given, str) else one_of(given, (), path)
    if given == "" and not kind.min_length:
        return ""
    return plain(given, path, longest=kind.max_length or 10_000)


def _nested(kind: inspect.StructType, given: object, path: str) -> Any:  # noqa: ANN401
    faults: list[BadRequest] = []
    made = _struct(kind, given, path, faults)
    if faults:
        raise faults[0]
    return made


def _listed(kind: inspect.VarTupleType, given: object, path: str) -> Sequence[Any]:
    return _sized(given, kind.min_length or 0, kind.max_length or 10_000, path)


def _sized(given: object, least: int, most: int, path: str) -> Sequence[Any]:
    if not isinstance(given, list | tuple):
        raise BadRequest("Here belongs a list.", hint="Write […].", path=path)
    if not least <= len(given) <= most:
        allowed = f"{least}" if least == most else f"{least} to {most}"
        raise BadRequest(
            f"A list of {allowed} belongs here, not of {len(given)}.", hint=f"Give {allowed}.", path=path
        )
    return given
