"""A sound track of a result, packet by packet."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from av.packet import Packet

from clipwright.bitstream import silence
from clipwright.framerate import SECOND
from clipwright.media import Span
from clipwright.native.feed import Data, Feed
from clipwright.native.lanes import Lane, Placed
from clipwright.plan.steps import Piece

PRIMING_US = 100_000
"""How much sound comes before the first piece where it can be hidden: a decoder needs a few packets to get going."""

_EVEN = frozenset({"aac", "mp3", "ac3", "eac3"})
"""Sound whose packets all hold equally many samples."""


class Sounds(Lane):
    """A sound track, packet by packet: at a joint a packet goes where its middle lies, and gaps are filled."""

    def placed(self, lead_us: int) -> Iterator[Placed]:
        """See Lane.placed."""
        end: int | None = None
        before: int | None = None
        for number, piece in enumerate(self.pieces):
            joins = number > 0 or piece.at > 0
            begin = end if joins else self._first_ticks()
            for placed in self._of(piece, lead_us, begin, joins=joins, last=number == len(self.pieces) - 1):
                pts = placed.pts if before is None else max(placed.pts, before + 1)
                before, end = pts, pts + placed.duration
                yield placed._replace(pts=pts, dts=pts)

    def _first_ticks(self) -> int:
        """Where the middle of the first packet may lie at the earliest."""
        piece = self.pieces[0]
        return (piece.at - PRIMING_US if self.hides else piece.at) * self.rate // SECOND

    def _is_early(self, pts: int, length: int, begin: int) -> bool:
        """Whether a packet comes too early for a track that begins at `begin`."""
        return pts + length // 2 < begin

    def _of(
        self, piece: Piece, lead_us: int, begin: int | None, *, joins: bool, last: bool
    ) -> Iterator[Placed]:
        """What a piece gives from `begin` on, where the one before ended if the piece `joins` it.

        None: nothing was heard so far, and a late start stays one, as players know it.
        """
        feed = self.feed_of(piece)
        clock = self.clock_of(piece, lead_us)
        whole = _samples(feed)
        at = (piece.at + lead_us) * self.rate // SECOND
        stop = (piece.at + lead_us + piece.span.duration) * self.rate // SECOND
        tick = ceil(self.rate * feed.base)
        moved: int | None = None
        early: list[Placed] = []
        for packet in feed.sounds(piece.span.start - PRIMING_US - (0 if joins else lead_us)):
            pts = clock.at(packet)
            length = max(clock.length(packet), whole)
            first = at if begin is None or (joins and at - begin > length) else begin
            if pts + length // 2 < first if joins else self._is_early(pts, length, first):
                continue
            beyond = stop if last else stop - length // 2
            if moved is None:
                if pts >= beyond:
                    return
                moved = 0
                if joins and begin is not None:
                    for silent in self._silence(packet, feed, Span(begin, pts), length):
                        yield silent
                        begin = silent.pts + silent.duration
                    # Less than a packet: no gap that anybody made. Less than a tick: rounded times, which would add up.
                    moved = begin - pts if tick < abs(begin - pts) <= length else 0
            # Where the packet comes to lie counts: otherwise many short pieces would each add a little.
            if pts + moved >= beyond:
                return
            early.append(Placed(packet, feed, pts + moved, pts + moved, length))
            # What comes before the first piece is of use only if something follows.
            if joins or pts + length > 0:
                yield from early
                early.clear()

    def _silence(self, like: Data, feed: Feed, gap: Span, length: int) -> Iterator[Placed]:
        """Packets without sound for a gap, in ticks, that is longer than a packet; none for a codec that has none."""
        if gap.duration <= length:
            return
        config = bytes(feed.stream.codec_context.extradata or b"")
        found = silence.packet(feed.codec, config, bytes(like))
        if found is None:
            return
        content, samples = found
        # Plain samples fill it exactly.
        frame = silence.plain_bytes(feed.codec) * int(getattr(feed.stream.codec_context, "channels", 1))
        length = samples or (len(content) // frame if frame else length)
        until = gap.end if frame else gap.end - length // 2
        for at in range(gap.start, until, length):
            held = min(length, gap.end - at) if frame else length
            made: Data = Packet(content[: held * frame] if frame else content)
            made.is_keyframe = True
            yield Placed(made, feed, at, at, held)

    def _ticks(self) -> int:
        context = self.feeds[0].stream.codec_context
        return int(getattr(context, "sample_rate", 0)) or 48_000


def _samples(feed: Feed) -> int:
    """How many each packet holds, 0 where they differ.

    Of a packet that an edit list cuts short FFmpeg tells what is left of it, but decoders give all of it.
    """
    return int(getattr(feed.stream.codec_context, "frame_size", 0)) if feed.codec in _EVEN else 0


class DelayedSounds(Sounds):
    """A sound track where the container tells the codec's delay: decoders leave out so much of what comes first."""

    def _is_early(self, pts: int, length: int, begin: int) -> bool:
        first = self.feeds[0]
        delay = int(first.stream.codec_context.delay)
        # Both times may be rounded.
        tick = ceil(self.rate * first.base)
        return pts < begin - delay - tick if delay else super()._is_early(pts, length, begin)
