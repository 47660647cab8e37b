"""The protocol that every hop speaks, run by Node over a real MessageChannel."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.equipment import tool


def test_rpc_keeps_its_promises() -> None:
    """Every case of ``rpc.test.mjs`` passes; what failed is shown."""
    script = Path(__file__).with_name("rpc.test.mjs")
    ran = subprocess.run(
        [tool("node"), "--test", script], check=False, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 10" in ran.stdout
