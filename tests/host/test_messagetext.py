"""What the app worker says to Python, run by Node."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.equipment import tool


def test_messages_are_written_as_they_are_meant() -> None:
    """Every case of ``messagetext.test.mjs`` passes; what failed is shown."""
    script = Path(__file__).with_name("messagetext.test.mjs")
    ran = subprocess.run(
        [tool("node"), "--test", script], check=False, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 4" in ran.stdout
