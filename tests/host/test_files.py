"""What the app worker keeps of files, run by Node."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.equipment import tool


def test_files_are_kept_for_as_long_as_they_are_needed() -> None:
    """Every case of ``files.test.mjs`` passes; what failed is shown."""
    script = Path(__file__).with_name("files.test.mjs")
    ran = subprocess.run(
        [tool("node"), "--test", script], check=False, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 4" in ran.stdout
