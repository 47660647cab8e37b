"""The port to whatever does the work: in the page through ``host.py``, natively through ``native/``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from clipwright.capabilities import Capabilities
from clipwright.media import CutPoint, Media, Reader, Source, Span
from clipwright.plan.steps import Plan, Progress, Rendering, Verified

WHOLE = 1_000_000


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One running request: its correlation id and, natively, who hears of its progress.

    `share` is the part of the whole that the next plan makes up, in millionths.
    """

    id: str
    on_progress: Callable[[Progress], None] | None = None
    share: Span = Span(0, WHOLE)

    def part(self, share: Span) -> Job:
        """The same request, now working on `share` of it."""
        return msgspec.structs.replace(self, share=share)

    def rising(self) -> Job:
        """The same request; what is heard of it never falls, even when a plan is tried again in another way."""
        hear = self.on_progress
        if hear is None:
            return self
        highest = -1.0

        def only_higher(told: Progress) -> None:
            nonlocal highest
            if told.done > highest:
                highest = told.done
                hear(told)

        return msgspec.structs.replace(self, on_progress=only_higher)

    def overall(self, done: float) -> float:
        """How much of the whole is done when `done` of the current plan is, both from 0 to 1."""
        return (self.share.start + self.share.duration * done) / WHOLE


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

    async def locate(self, media: Media, track: int, spans: Sequence[Span], job: Job) -> tuple[CutPoint, ...]:
        """Where track number `track` can be cut for each of `spans`, in their order, on the person's clock."""
        ...

    async def text(self, source: Source, job: Job) -> str:
        """What is written in a file of subtitles. MediaError for one that is too large or no text."""
        ...

    async def run(self, plan: Plan | Rendering, job: Job) -> Output:
        """Carry out the whole plan; the result stays available under ``plan.output``, unless it is too large."""
        ...

    async def close(self, source: Source) -> None:
        """Forget an open source; unknown ids are ignored."""
        ...
