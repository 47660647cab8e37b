"""The port to whatever does the work: in the page through ``host.py``, natively through ``native/``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from clipwright.capabilities import Capabilities
from clipwright.media import CutPoint, Media, Reader, Source, Span
from clipwright.plan.steps import Plan, Progress, Verified


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One running request: its correlation id and, natively, who hears of its progress."""

    id: str
    on_progress: Callable[[Progress], None] | None = None


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """A finished result: the id it is kept under, its size in bytes, and what the plan's checks found."""

    id: str
    size: int
    verified: Verified | None = None


class Engine(Protocol):
    """Looks into files and carries out whole plans.

    Every method may raise CapabilityError (another engine may manage), MediaError, ResourceError,
    EngineError or Cancelled. A failed `run` leaves no partial output behind.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What this machine can do; constant for the life of the engine."""
        ...

    async def probe(self, source: Source, reader: Reader, job: Job) -> Media:
        """Look into `source` with one reader; CapabilityError if that reader cannot read it."""
        ...

    async def locate(self, media: Media, track: int, span: Span, job: Job) -> CutPoint:
        """Where track number `track` can be cut for `span`, on the person's clock."""
        ...

    async def run(self, plan: Plan, job: Job) -> Output:
        """Carry out the whole plan; the result stays available under ``plan.output``."""
        ...

    async def close(self, source: Source) -> None:
        """Forget an open source; unknown ids are ignored."""
        ...
