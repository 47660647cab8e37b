"""The grid of a composed result: which of its frames and samples belong to a stretch of a project."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from clipwright.framerate import frames_before, round_half_up, start_of

SECOND = 1_000_000


class Frames(msgspec.Struct, frozen=True):
    """Frames (or samples) `first` up to before `last`, counted from the start of the project."""

    first: int
    last: int

    @property
    def count(self) -> int:
        """How many there are; none where a stretch lies between two."""
        return max(0, self.last - self.first)

    def within(self, other: Frames) -> Frames:
        """Those that are also of `other`."""
        first = max(self.first, other.first)
        return Frames(first, max(first, min(self.last, other.last)))


class Grid(msgspec.Struct, frozen=True):
    """Pictures per second, and samples per second."""

    rate: Fraction
    sample_rate: int

    def frames(self, start_us: int, end_us: int) -> Frames:
        """The pictures that start in ``[start_us, end_us)``."""
        return Frames(frames_before(start_us, self.rate), frames_before(end_us, self.rate))

    def samples(self, start_us: int, end_us: int) -> Frames:
        """The samples of that stretch, to the nearest."""
        return Frames(self._sample(start_us), self._sample(end_us))

    def heard(self, shown: Frames) -> Frames:
        """The samples that are heard while those pictures show."""
        first, last = (round_half_up(n * self.sample_rate / self.rate) for n in (shown.first, shown.last))
        return Frames(first, last)

    def us(self, frame: int) -> int:
        """When that picture starts, in microseconds."""
        return start_of(frame, self.rate)

    def before_us(self, frame: int) -> int:
        """Half a picture before that one starts: where a condition on its time is certain to divide the two."""
        return max(0, round_half_up((2 * frame - 1) * SECOND / (2 * self.rate)))

    def seconds(self, frame: int) -> Fraction:
        """When that picture starts, in seconds."""
        return frame / self.rate

    def _sample(self, us: int) -> int:
        return (2 * us * self.sample_rate + SECOND) // (2 * SECOND)
