"""What is not loaded until somebody wants it: every start waits for what is."""

from __future__ import annotations

import subprocess
import sys

LOADED = "import sys, clipwright.api; print('\\n'.join(name for name in sys.modules if name.startswith('clipwright.')))"


def test_clips_load_nothing_of_effects_and_projects() -> None:
    command = [sys.executable, "-c", LOADED]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert "clipwright.cutting" in names and "clipwright.rendering" not in names
    # What messages and layouts are made of is all that is needed of them.
    few = {"clipwright.effects.catalogue", "clipwright.project.document", "clipwright.project.edits"}
    rooms = ("clipwright.effects.", "clipwright.project.", "clipwright.plan.compose", "clipwright.plan.scene")
    assert {name for name in names if name.startswith(rooms)} == few
    assert len(names) < 65
