"""Packets of a track kept for the next question about it: questions that lie close together read the file once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar

from clipwright.framerate import SECOND

_READ_ON_US = 2 * SECOND
"""How far behind what was read a time may lie for reading on to be less work than seeking."""
_KEPT = 50_000
"""How many rows may stay in memory, some 15 MB, before those that later questions hardly need are dropped."""


class Timed(Protocol):
    """What has to be known of a packet."""

    @property
    def at(self) -> int:
        """When it is shown, in microseconds."""
        ...

    @property
    def dts(self) -> int | None:
        """When it is decoded, in microseconds."""
        ...

    @property
    def key(self) -> bool:
        """Whether decoding can start there."""
        ...


R = TypeVar("R", bound=Timed)


class Rows(Generic[R]):
    """The rows of one track in decoding order, from anywhere; made for questions about times that mostly rise.

    `read` seeks to where a time leads (None: to the beginning) and gives the rows from there; what it gave before is
    asked for no further. An iterator from `start` is of no use any more once `start` has been called again.
    """

    def __init__(self, read: Callable[[int | None], Iterator[R]]) -> None:
        self._read = read
        self._begin(iter(()), whole=False)

    def start(self, from_us: int | None) -> Iterator[R]:
        """Rows from a key frame decoded at or before `from_us`, or from where seeking leads; None: all of them."""
        at = self._place(from_us)
        if at is None:
            self._begin(self._read(from_us), whole=from_us is None)
            at = 0
        elif len(self._rows) > _KEPT:
            self._forget(at)
            at = 0
        return self._from(at)

    def _begin(self, coming: Iterator[R], *, whole: bool) -> None:
        self._coming = coming
        self._whole = whole
        self._rows: list[R] = []
        # When key frames are decoded, rising, and where they stand among the rows.
        self._keys: list[int] = []
        self._places: list[int] = []
        self._reached: int | None = None

    def _place(self, from_us: int | None) -> int | None:
        """Where to begin among the rows in memory, None where they do not reach to `from_us` or begin behind it."""
        if from_us is None:
            return 0 if self._whole else None
        if self._reached is None or from_us > self._reached + _READ_ON_US:
            return None
        before = bisect_right(self._keys, from_us)
        return self._places[before - 1] if before else None

    def _forget(self, count: int) -> None:
        del self._rows[:count]
        gone = bisect_right(self._places, count - 1)
        del self._keys[:gone]
        self._places = [place - count for place in self._places[gone:]]
        self._whole = False

    def _from(self, at: int) -> Iterator[R]:
        while at < len(self._rows) or self._grow():
            yield self._rows[at]
            at += 1

    def _grow(self) -> bool:
        """Read one more row, unless there is none."""
        row = next(self._coming, None)
        if row is None:
            return False
        # Nothing is shown before it is decoded.
        time = row.at if row.dts is None else row.dts
        if self._reached is None or time > self._reached:
            self._reached = time
            if row.key:
                self._keys.append(time)
                self._places.append(len(self._rows))
        self._rows.append(row)
        return True
