"""Python restored from a snapshot of its memory, under Node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.equipment import site, tool


def test_random_numbers_differ_after_every_start() -> None:
    script = Path(__file__).with_name("snapshot.mjs")
    told = subprocess.run(
        [tool("node"), str(script), str(site() / "wheels")], capture_output=True, check=True, text=True
    )
    first, second = json.loads(told.stdout)
    assert first["frozen"] == second["frozen"], "without a new seed they would be the same"
    assert first["fresh"] != second["fresh"]


def test_what_python_imports_can_be_imported_before_the_wheels() -> None:
    script = Path(__file__).with_name("snapshot.mjs")
    told = subprocess.run(
        [tool("node"), str(script), str(site() / "wheels")], capture_output=True, check=True, text=True
    )
    modules = json.loads(told.stdout)[0]["modules"]
    assert {"asyncio", "fractions", "random"} <= set(modules)
    assert not any(name.startswith(("msgspec", "clipwright", "pyodide")) for name in modules)
