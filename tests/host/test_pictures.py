"""Which picture the page's player takes for the one on screen, run by Node."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.equipment import tool


def test_the_picture_on_screen_is_the_one_that_was_sought_last() -> None:
    """Every case of ``pictures.test.mjs`` passes; what failed is shown."""
    script = Path(__file__).with_name("pictures.test.mjs")
    ran = subprocess.run(
        [tool("node"), "--test", script], check=False, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 3" in ran.stdout
