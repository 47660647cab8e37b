"""What `describe` says of every effect and transition, as text: one line for each parameter.

``--renew-goldens`` writes it anew; read the diff before you commit it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clipwright.effects.description import describe

GOLDEN = Path(__file__).parent / "effects.txt"
FLAGS = ("changes_time", "limitable", "alpha", "resizes")


def parameters(schema: dict[str, Any]) -> Iterator[str]:
    for name, field in schema["properties"].items():
        needed = " (required)" if name in schema["required"] else ""
        yield f"    {name}{needed}: {json.dumps(field, ensure_ascii=False)}"
    rest = {key: value for key, value in schema.items() if key not in ("properties", "required")}
    assert rest == {"type": "object", "additionalProperties": False}


def lines() -> Iterator[str]:
    document = describe()
    assert document.keys() == {"schema_version", "effects", "transitions", "text_style"}
    yield f"schema_version {document['schema_version']}"
    said: dict[str, str] = {}
    for what in ("effects", "transitions"):
        for one in document[what]:
            flags = "".join(f" {flag}" for flag in FLAGS if one[flag])
            yield f"\n{what[:-1]} {one['name']}: {one['category']}, {one['kind']}, {one['inputs']}{flags}"
            yield f"    {one['summary']}"
            taken = "\n".join(parameters(one["parameters"]))
            first = said.setdefault(taken, one["name"])
            yield taken if first == one["name"] or not taken else f"    the parameters of {first}"
            yield f"    example: {json.dumps(one['example'], ensure_ascii=False)}"
    yield "\ntext_style"
    yield from parameters(document["text_style"])


def test_the_description_is_as_it_was(request: pytest.FixtureRequest) -> None:
    text = "\n".join(lines()) + "\n"
    if request.config.getoption("--renew-goldens"):
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")
