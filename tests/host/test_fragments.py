"""By how much FFmpeg delays fragmented files, found by Node in boxes built by hand."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.equipment import tool


def test_the_delay_is_the_one_that_ffmpeg_finds() -> None:
    """Every case of ``fragments.test.mjs`` passes; what failed is shown."""
    script = Path(__file__).with_name("fragments.test.mjs")
    ran = subprocess.run(
        [tool("node"), "--test", script], check=False, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 7" in ran.stdout
