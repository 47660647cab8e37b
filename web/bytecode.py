"""Python's libraries as the page imports them: compiled when the site is built, so that no start has to.

Pyodide's standard library is published as source text, which takes longer to compile than all else that it starts with.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
STDLIB = "pyodide/python_stdlib.zip"
FOLDER = "modules"
MAKERS = ("compiling.py", "compiling.mjs")
Tool = Callable[..., object]


class Library(NamedTuple):
    """An archive of modules: its name in the site, where Python will have it, and where it lies, compiled."""

    name: str
    place: str
    path: Path
    is_unpacked: bool
    """It holds compiled C, which Python cannot import out of an archive."""


def libraries(pyodide: Path, wheels: Path, kept: Path, node: Tool) -> list[Library]:
    """The standard library, and every wheel in a folder, compiled; what has been compiled before is in `kept`."""
    sources = {STDLIB: (pyodide / Path(STDLIB).name, "/lib/python314.zip")}
    for wheel in sorted(wheels.glob("*.whl")):
        name = f"{wheel.name.partition('-')[0]}.zip"
        sources[f"{FOLDER}/{name}"] = (wheel, f"/lib/{name}")
    found = {
        name: Library(name, place, kept / f"{_key(source, place)}.zip", _has_c(source))
        for name, (source, place) in sources.items()
    }
    missing = [library for library in found.values() if not library.path.exists()]
    if missing:
        kept.mkdir(parents=True, exist_ok=True)
        tasks = [
            {"source": str(sources[name][0]), "place": place, "target": str(path.with_suffix(".new"))}
            for name, place, path in ((library.name, library.place, library.path) for library in missing)
        ]
        node(ROOT / "web" / "compiling.mjs", json.dumps(tasks))
        for library in missing:
            library.path.with_suffix(".new").rename(library.path)
    return list(found.values())


def _has_c(archive: Path) -> bool:
    with zipfile.ZipFile(archive) as opened:
        return any(name.endswith(".so") for name in opened.namelist())


def _key(source: Path, place: str) -> str:
    """What tells its bytecode from any other: the source, its place, the compiler, and how that is asked."""
    compiler = ROOT / "node_modules" / "pyodide" / "pyodide.asm.wasm"
    makers = (Path(__file__).with_name(name) for name in MAKERS)
    total = hashlib.sha256(place.encode())
    for path in (source, compiler, *makers):
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
