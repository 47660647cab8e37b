"""Lets Python import from archives, and compiled C that belongs into one but cannot be imported out of it."""

from __future__ import annotations

import json
import sys
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location


class _Extensions:
    def __init__(self, places: dict[str, str]) -> None:
        self._places = places

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        place = self._places.get(name)
        return spec_from_file_location(name, place) if place else None


def open_libraries(text: str) -> None:
    """`text` is JSON: `archives`, their places, and `extensions`, places by the names of modules."""
    told = json.loads(text)
    sys.path.extend(place for place in told["archives"] if place not in sys.path)
    sys.meta_path.append(_Extensions(told["extensions"]))
