"""How far a whole plan is, from how far its running step is."""

from __future__ import annotations

import time
from collections.abc import Callable

from clipwright.plan.steps import Plan, Progress

_STAGE = "native"
_PAUSE_S = 0.1
_ALMOST = 0.99
"""All that a run may claim before its result is in its place; ffmpeg says “all” while it still writes."""
_ENOUGH = 0.01
"""Below this share the speed so far says nothing about the time left."""


class Meter:
    """Weighs the steps of one plan; what it tells never falls and comes ten times a second at most."""

    def __init__(self, plan: Plan, hear: Callable[[Progress], None] | None) -> None:
        self._total = sum(step.weight for step in plan.steps) or 1.0
        self._hear = hear
        self._before = 0.0
        self._done = 0.0
        self._started = time.monotonic()
        self._told = 0.0

    def within(self, weight: float, share: float) -> None:
        """The running step, of `weight`, is done to `share` (0 to 1, bounded here)."""
        done = (self._before + weight * min(max(share, 0.0), 1.0)) / self._total
        self._done = max(self._done, min(done, _ALMOST))
        now = time.monotonic()
        if now - self._told >= _PAUSE_S:
            self._told = now
            self._tell(_STAGE)

    def passed(self, weight: float) -> None:
        """A step of `weight` is done."""
        self._before += weight

    def finish(self) -> None:
        """Everything is done, and the result is in its place."""
        self._done = 1.0
        self._tell("done")

    def _tell(self, stage: str) -> None:
        if self._hear is not None:
            self._hear(Progress(done=self._done, stage=stage, eta_s=self._left_s()))

    def _left_s(self) -> float | None:
        if self._done < _ENOUGH:
            return None
        return (time.monotonic() - self._started) * (1 - self._done) / self._done
