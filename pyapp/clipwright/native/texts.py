"""A subtitle track of a result."""

from __future__ import annotations

from collections.abc import Iterator

from clipwright.framerate import SECOND
from clipwright.native.lanes import Lane, Placed


class Texts(Lane):
    """A subtitle track; a text that shows across an edge is shortened."""

    def placed(self, lead_us: int) -> Iterator[Placed]:
        """See Lane.placed."""
        before: int | None = None
        for piece in self.pieces:
            feed = self.feed_of(piece)
            clock = self.clock_of(piece, lead_us)
            begin = (piece.at + lead_us) * self.rate // SECOND
            stop = (piece.at + lead_us + piece.span.duration) * self.rate // SECOND
            # The other tracks tell whether the file breaks off inside the span.
            for packet in feed.packets(None, all_there=False):
                pts = clock.at(packet)
                until = min(pts + clock.length(packet), stop)
                if pts >= stop:
                    break
                pts = max(pts, begin)
                if until <= pts:
                    continue
                pts = pts if before is None else max(pts, before + 1)
                before = pts
                yield Placed(packet, feed, pts, pts, max(until - pts, 1))

    def _ticks(self) -> int:
        return 1000
