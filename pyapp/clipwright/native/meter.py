"""How far a whole request is, from how far the running step of its current plan is."""

from __future__ import annotations

import time

from clipwright.engine import Job
from clipwright.plan.steps import Plan, Progress, Rendering

_STAGE = "native"
_PAUSE_S = 0.1
_ALMOST = 0.99
"""All that a run may claim before its result is in its place; ffmpeg says “all” while it still writes."""
_ENOUGH = 0.01
"""Below this share the speed so far says nothing about the time left."""


class Meter:
    """Weighs the steps of one plan; what it tells never falls and comes ten times a second at most."""

    def __init__(self, plan: Plan | Rendering, job: Job) -> None:
        self._total = sum(step.weight for step in plan.steps) or 1.0
        self._job = job
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
        """This plan is done, and its result is in its place."""
        self._done = 1.0
        self._tell("done" if self._job.overall(1.0) == 1.0 else _STAGE)

    def _tell(self, stage: str) -> None:
        if hear := self._job.on_progress:
            hear(Progress(done=self._job.overall(self._done), stage=stage, eta_s=self._left_s()))

    def _left_s(self) -> float | None:
        """Seconds until the whole request is done, if the rest goes as this plan has gone so far."""
        if self._done < _ENOUGH:
            return None
        now = self._job.overall(self._done)
        return (time.monotonic() - self._started) * (1 - now) / (now - self._job.overall(0.0))
