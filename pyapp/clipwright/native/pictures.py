"""A picture track of a result: its pieces' packets, with decode times made anew."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from heapq import heappop, heappush
from itertools import accumulate, islice, pairwise

from clipwright.errors import CapabilityError
from clipwright.framerate import SECOND, round_half_up
from clipwright.native.feed import Feed
from clipwright.native.lanes import Lane, Placed, common_ticks
from clipwright.plan.steps import Piece

_DEPTH = 34
"""No codec here lets more pictures wait for a later one: 16 frames, perhaps as fields."""
_SAMPLE = 300
"""So many pictures tell how deeply a file is reordered."""


class Pictures(Lane):
    """A picture track. Decode times are made anew: the shown times in order, earlier by as little as it takes."""

    def lead_us(self) -> int:
        """See Lane.lead_us."""
        if self.hides:
            return 0
        piece = self.pieces[0]
        feed = self.feed_of(piece)
        first = next(feed.pictures(piece.span, last=True), None)
        return 0 if first is None else max(0, piece.span.start - feed.at(first))

    def placed(self, lead_us: int) -> Iterator[Placed]:
        """See Lane.placed."""
        delay = self._delay()
        queue: deque[Placed] = deque()
        times: list[int] = []
        before: int | None = None

        def released() -> Placed:
            placed = queue.popleft()
            dts = min(heappop(times) - delay, placed.pts)
            dts = dts if before is None else max(dts, before + 1)
            if dts > placed.pts:
                raise CapabilityError(
                    "The pictures of this file follow each other too irregularly to be copied.",
                    hint="Use mode exact.",
                )
            return placed._replace(dts=dts)

        piece = self.pieces[-1]
        stop = round_half_up(Fraction((piece.at + lead_us + piece.span.duration) * self.rate, SECOND))
        for placed in self._in_order(lead_us):
            # A packet may last until the next one is decoded, which tells nothing of how long its picture is shown;
            # muxers take the latest end of all for the end of the track.
            beyond = placed.pts < stop < placed.pts + placed.duration
            queue.append(placed._replace(duration=stop - placed.pts) if beyond else placed)
            heappush(times, placed.pts)
            if len(queue) > _DEPTH:
                ready = released()
                before = ready.dts
                yield ready
        latest = max(times, default=0)
        while queue:
            ready = released()
            before = ready.dts
            # MP4 adds up how far packets are apart in decoding order, so the last of them closes the track.
            closing = ready.pts == latest or not queue
            yield ready._replace(duration=stop - latest) if closing and stop > latest else ready

    def _in_order(self, lead_us: int) -> Iterator[Placed]:
        before: Piece | None = None
        for number, (piece, apart) in enumerate(zip(self.pieces, self._apart(), strict=True)):
            begins = before is not None
            for placed in self._of(piece, lead_us, last=number == len(self.pieces) - 1):
                anew = before is not None and begins and self._is_severed(before, piece)
                if begins:
                    _require_clean(placed, piece)
                yield placed._replace(anew=anew, apart=apart)
                before, begins = piece, False

    @property
    def repeated(self) -> frozenset[Feed]:
        """See Lane.repeated."""
        marked = zip(self.pieces, self._apart(), strict=True)
        return frozenset(self.feed_of(piece) for piece, apart in marked if apart)

    def _apart(self) -> list[bool]:
        """For each piece whether it is to be told from the one before: every other one of those that overlap."""
        apart = [False]
        for before, after in pairwise(self.pieces):
            overlaps = before.span.start <= after.span.start < before.span.end
            same = self.feed_of(before) is self.feed_of(after) and not self.feed_of(after).part
            apart.append(same and overlaps and not apart[-1])
        return apart

    def _is_severed(self, before: Piece, after: Piece) -> bool:
        """Whether decoding has to start anew between two pieces. What was encoded for the result does so by itself."""
        goes_on = self.feed_of(before) is self.feed_of(after) and before.span.end == after.span.start
        return not goes_on and not self.feed_of(after).part

    def _of(self, piece: Piece, lead_us: int, *, last: bool) -> Iterator[Placed]:
        feed = self.feed_of(piece)
        clock = self.clock_of(piece, lead_us)
        for packet in feed.pictures(piece.span, last=last):
            pts = clock.at(packet)
            yield Placed(packet, feed, pts, pts, clock.length(packet))

    def _delay(self) -> int:
        """By how many ticks decoding has to run ahead.

        The beginning of every piece shows it; where a piece is longer, also how far it runs ahead in its file.
        """
        delay = 0
        for piece in self.pieces:
            sample = list(islice(self._of(piece, 0, last=True), _SAMPLE))
            times = [placed.pts for placed in sample]
            # No two packets are decoded at once, even if they are shown at once.
            ranked = accumulate(sorted(times), lambda before, time: max(time, before + 1))
            # What comes behind the sample may belong before its last pictures.
            known = times if len(times) < _SAMPLE else times[:-_DEPTH]
            delay = max([delay, *(rank - time for time, rank in zip(known, ranked, strict=False))])
            if len(times) == _SAMPLE:
                delay = max(
                    [
                        delay,
                        *(
                            self.clock_of(piece).ahead(placed.packet)
                            for placed in sample
                            if placed.packet.is_keyframe
                        ),
                    ]
                )
        return delay

    def _ticks(self) -> int:
        return common_ticks([feed.base.denominator for feed in self.feeds if not feed.part] or [90_000])


def _require_clean(placed: Placed, piece: Piece) -> None:
    if not placed.feed.is_clean(placed.packet, piece.span.start):
        raise CapabilityError(
            "A piece that follows another has to start where nothing earlier is needed.",
            hint="Use mode exact.",
        )
