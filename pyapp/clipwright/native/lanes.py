"""One track of a result: packets of its pieces, on the result's clock and in an order that can be written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from clipwright.framerate import SECOND
from clipwright.native.feed import Data, Feed, Given
from clipwright.native.reading import time_of
from clipwright.plan.steps import AssembleTrack, Piece

_FINE_TICKS, _MOST_TICKS = 10_000, 10_000_000


class Placed(NamedTuple):
    """A packet and its times in the result, in ticks.

    `anew`: it does not follow what it followed in its source. `apart`: the piece before may hold the same pictures.
    """

    packet: Data
    feed: Feed
    pts: int
    dts: int
    duration: int
    anew: bool = False
    apart: bool = False


class Lane(ABC):
    """One track of the result, `rate` ticks per second. `hides`: what comes before 0 is not shown."""

    def __init__(self, track: AssembleTrack, given: Mapping[str, Given], *, hides: bool) -> None:
        self.track = track
        self.pieces = track.pieces
        self.hides = hides
        self._feeds: dict[tuple[str, int], Feed] = {}
        for piece in self.pieces:
            key = (piece.source, piece.track)
            if key not in self._feeds:
                self._feeds[key] = Feed(given[piece.source], piece.track)
        self.rate = self._ticks()

    @property
    def feeds(self) -> list[Feed]:
        """Every file that the track is made of; first the one that describes it."""
        found = list(self._feeds.values())
        return sorted(found, key=lambda feed: feed.part)

    @property
    def repeated(self) -> frozenset[Feed]:
        """Files of which two pieces in a row hold the same pictures."""
        return frozenset()

    def close(self) -> None:
        """Close all files."""
        for feed in self._feeds.values():
            feed.close()

    def passed_us(self) -> int:
        """How much later the result starts than the file that describes the track does."""
        own = (piece for piece in self.pieces if not self.feed_of(piece).part)
        piece = next(own, self.pieces[0])
        return piece.span.start - piece.at

    def lead_us(self) -> int:
        """How long before its first piece the track starts, where that is not hidden."""
        return 0

    @abstractmethod
    def placed(self, lead_us: int) -> Iterator[Placed]:
        """All packets, everything `lead_us` later than the pieces say, so that a lead-in that long has room."""

    @abstractmethod
    def _ticks(self) -> int:
        """Ticks per second."""

    def feed_of(self, piece: Piece) -> Feed:
        """The file that a piece comes from."""
        return self._feeds[piece.source, piece.track]

    def clock_of(self, piece: Piece, lead_us: int = 0) -> Clock:
        """How a piece's times become the result's, everything `lead_us` later than the pieces say."""
        return Clock(self.feed_of(piece).base, piece.at + lead_us - piece.span.start, self.rate)


class Clock:
    """From ticks of a piece's file to ticks of the result. Whole numbers: there are very many packets."""

    def __init__(self, base: Fraction, moved_us: int, rate: int) -> None:
        self._factor = 2 * base.numerator * SECOND * rate
        self._scale = 2 * base.denominator * SECOND
        self._offset = (2 * moved_us * rate + SECOND) * base.denominator

    def at(self, packet: Data) -> int:
        """When the packet is shown, halves rounded up."""
        return ((time_of(packet) or 0) * self._factor + self._offset) // self._scale

    def length(self, packet: Data) -> int:
        """How long the packet lasts, halves rounded up; 0 where the file does not say."""
        return self._ticks(packet.duration or 0)

    def ahead(self, packet: Data) -> int:
        """How long before it is shown the packet is decoded in its own file; 0 where that does not say."""
        return 0 if packet.pts is None or packet.dts is None else self._ticks(packet.pts - packet.dts)

    def _ticks(self, ticks: int) -> int:
        return (ticks * self._factor + self._scale // 2) // self._scale


def common_ticks(rates: list[int]) -> int:
    """Ticks per second in which the times of all files are whole numbers, or fine ones if those were too many."""
    found = lcm(*rates)
    if found > _MOST_TICKS:
        found = max(rates)
    while found < _FINE_TICKS:
        found *= 2
    return found
