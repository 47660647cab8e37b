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


class Extension(NamedTuple):
    """A module of compiled C: its name in the site, where Python will have it, where it lies, and its name there."""

    name: str
    place: str
    path: Path
    module: str


class Library(NamedTuple):
    """An archive of modules: its name in the site, where Python will have it, and where it lies, compiled."""

    name: str
    place: str
    path: Path
    extensions: tuple[Extension, ...]
    """Not in the archive, because Python cannot import them out of one."""


def libraries(pyodide: Path, wheels: Path, kept: Path, node: Tool) -> list[Library]:
    """The standard library, and every wheel in a folder, compiled; what has been compiled before is in `kept`."""
    sources = {STDLIB: (pyodide / Path(STDLIB).name, "/lib/python314.zip")}
    for wheel in sorted(wheels.glob("*.whl")):
        name = f"{wheel.name.partition('-')[0]}.zip"
        sources[f"{FOLDER}/{name}"] = (wheel, f"/lib/{name}")
    found = {
        name: Library(name, place, kept / f"{_key(source, place)}.zip", _extensions(source, kept))
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


def _extensions(archive: Path, kept: Path) -> tuple[Extension, ...]:
    found = []
    with zipfile.ZipFile(archive) as opened:
        for name in sorted(name for name in opened.namelist() if name.endswith(".so")):
            data = opened.read(name)
            path = kept / f"{hashlib.sha256(data).hexdigest()}.so"
            if not path.exists():
                kept.mkdir(parents=True, exist_ok=True)
                path.with_suffix(".new").write_bytes(data)
                path.with_suffix(".new").rename(path)
            module = name.partition(".")[0].replace("/", ".")
            found.append(Extension(f"{FOLDER}/{name}", f"/lib/{name}", path, module))
    return tuple(found)


def _key(source: Path, place: str) -> str:
    """What tells its bytecode from any other: the source, its place, the compiler, and how that is asked."""
    compiler = ROOT / "node_modules" / "pyodide" / "pyodide.asm.wasm"
    makers = (Path(__file__).with_name(name) for name in MAKERS)
    total = hashlib.sha256(place.encode())
    for path in (source, compiler, *makers):
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
