"""How pictures and parameter sets are compared in the page, run by Node."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.equipment import tool


def test_what_is_alike_is_told_from_what_is_not() -> None:
    """Every case of ``likeness.test.mjs`` passes; what failed is shown."""
    script = Path(__file__).with_name("likeness.test.mjs")
    ran = subprocess.run(
        [tool("node"), "--test", script], check=False, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 7" in ran.stdout
