"""Bench ``core``: the edit core in Pyodide, beside the same code in CPython."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.bench.page import build_tool
from tests.bench.table import OURS, Row

HERE = Path(__file__).parent
PEER = "in CPython"


def run(runs: int) -> list[Row]:
    """Measure every case; what is ours runs in Pyodide, under Node."""
    tool = build_tool()
    tool.build()
    beside = f"import sys; sys.path.insert(0, {str(HERE)!r}); import timing; print(timing.main({runs}))"
    python = json.loads(tool.run(sys.executable, "-c", beside))
    page = json.loads(tool.run(tool.tools()["node"], HERE / "core.mjs", tool.WHEELS, str(runs)))
    return [Row(case, "ms", {OURS: page[case], PEER: python[case]}) for case in page]
