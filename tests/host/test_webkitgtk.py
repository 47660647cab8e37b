"""In which browsers sound is left to FFmpeg, run by Node."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.equipment import tool


def test_only_webkit_with_gstreamer_is_told_apart() -> None:
    """Every case of ``webkitgtk.test.mjs`` passes; what failed is shown."""
    script = Path(__file__).with_name("webkitgtk.test.mjs")
    ran = subprocess.run(
        [tool("node"), "--test", script], check=False, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 2" in ran.stdout
