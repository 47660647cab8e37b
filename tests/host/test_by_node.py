"""Modules of the page that need no browser, run by Node; what each case means stands in its ``.test.mjs``."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.equipment import tool

CASES = {
    "disposable": 3,
    "files": 4,
    "fragments": 7,
    "likeness": 7,
    "messagetext": 4,
    "nal": 3,
    "originals": 4,
    "pictures": 3,
    "rpc": 10,
    "webkitgtk": 2,
}
"""How many each script has: one that stopped half way would pass with less."""


@pytest.mark.parametrize("name", CASES)
def test_every_case_passes(name: str) -> None:
    """What failed is shown."""
    script = Path(__file__).with_name(f"{name}.test.mjs")
    ran = subprocess.run(
        [tool("node"), "--test", script], check=False, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"# pass {CASES[name]}" in ran.stdout


def test_no_script_is_left_out() -> None:
    found = {path.name.removesuffix(".test.mjs") for path in Path(__file__).parent.glob("*.test.mjs")}
    assert found == set(CASES)
