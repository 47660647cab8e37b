"""What a command of the terminal answers, and where it leaves it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Said:
    """What one command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout, which must hold one JSON object and nothing else."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        """The error, which must be all there is."""
        assert list(self.json) == ["error"]
        assert self.err == ""
        return dict(self.json["error"])


Run = Callable[..., Said]


def listing() -> list[str]:
    """What the current folder holds."""
    return sorted(path.name for path in Path.cwd().iterdir())
