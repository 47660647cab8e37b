"""What tests use of this checkout: the programs that setup found, the built site, and build.py itself."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
CACHE = ROOT / ".build" / "test-clips"


@functools.cache
def load(path: str) -> ModuleType:
    """A module of this project by its path from the root."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tool(name: str) -> Path:
    """The path of what ``tests/machine.py`` finds, as ``ffmpeg`` or ``chromium``; fails where setup found none."""
    path = load("build.py").tools().get(name)
    assert path, f"no {name} here: run “python3 build.py setup”"
    return Path(path)


def assembled(folder: Path, numpy: Path | None) -> None:
    """Put the site together once more, with or without numpy."""
    build = load("build.py")
    node = functools.partial(build.run, build.tools()["node"])
    load("web/assemble.py").assemble(folder, build.WHEELS, build.libraries(), node, numpy)


def site() -> Path:
    """The built site; fails where it was not built."""
    assert (DIST / "clipwright.js").is_file(), "no dist/ here: run “python3 build.py build”"
    return DIST
