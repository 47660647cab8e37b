"""One track of a result: packets of its pieces, on the result's clock and in an order that can be written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator, Mapping
from fractions import Fraction
from heapq import heappop, heappush
from itertools import accumulate, islice, pairwise
from math import lcm
from typing import NamedTuple

from av.packet import Packet

from clipwright.bitstream import silence
from clipwright.errors import CapabilityError
from clipwright.framerate import SECOND, round_half_up
from clipwright.media import Span
from clipwright.native.feed import Data, Feed, Given
from clipwright.native.reading import time_of
from clipwright.plan.steps import AssembleTrack, Piece

PRIMING_US = 100_000
"""How much sound comes before the first piece where it can be hidden: a decoder needs a few packets to get going."""

_DEPTH = 34
"""No codec here lets more pictures wait for a later one: 16 frames, perhaps as fields."""
_FINE_TICKS, _MOST_TICKS = 10_000, 10_000_000
_EVEN = frozenset({"aac", "mp3", "ac3", "eac3"})
"""Sound whose packets all hold equally many samples."""
_SAMPLE = 300
"""So many pictures tell how deeply a file is reordered."""


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
        own = (piece for piece in self.pieces if not self._feed(piece).part)
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

    def _feed(self, piece: Piece) -> Feed:
        return self._feeds[piece.source, piece.track]

    def _clock(self, piece: Piece, lead_us: int = 0) -> _Clock:
        return _Clock(self._feed(piece).base, piece.at + lead_us - piece.span.start, self.rate)


class _Clock:
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


class Pictures(Lane):
    """A picture track. Decode times are made anew: the shown times in order, earlier by as little as it takes."""

    def lead_us(self) -> int:
        """See Lane.lead_us."""
        if self.hides:
            return 0
        piece = self.pieces[0]
        feed = self._feed(piece)
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
        return frozenset(self._feed(piece) for piece, apart in marked if apart)

    def _apart(self) -> list[bool]:
        """For each piece whether it is to be told from the one before: every other one of those that overlap."""
        apart = [False]
        for before, after in pairwise(self.pieces):
            overlaps = before.span.start <= after.span.start < before.span.end
            same = self._feed(before) is self._feed(after) and not self._feed(after).part
            apart.append(same and overlaps and not apart[-1])
        return apart

    def _is_severed(self, before: Piece, after: Piece) -> bool:
        """Whether decoding has to start anew between two pieces. What was encoded for the result does so by itself."""
        goes_on = self._feed(before) is self._feed(after) and before.span.end == after.span.start
        return not goes_on and not self._feed(after).part

    def _of(self, piece: Piece, lead_us: int, *, last: bool) -> Iterator[Placed]:
        feed = self._feed(piece)
        clock = self._clock(piece, lead_us)
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
                            self._clock(piece).ahead(placed.packet)
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

    def _of(
        self, piece: Piece, lead_us: int, begin: int | None, *, joins: bool, last: bool
    ) -> Iterator[Placed]:
        """What a piece gives from `begin` on, where the one before ended if the piece `joins` it.

        None: nothing was heard so far, and a late start stays one, as players know it.
        """
        feed = self._feed(piece)
        clock = self._clock(piece, lead_us)
        context = feed.stream.codec_context
        # Of a packet that an edit list cuts short FFmpeg tells what is left of it, but decoders give all of it.
        whole = int(getattr(context, "frame_size", 0)) if feed.codec in _EVEN else 0
        at = (piece.at + lead_us) * self.rate // SECOND
        stop = (piece.at + lead_us + piece.span.duration) * self.rate // SECOND
        moved: int | None = None
        early: list[Placed] = []
        for packet in feed.sounds(piece.span.start - PRIMING_US - (0 if joins else lead_us)):
            pts = clock.at(packet)
            length = max(clock.length(packet), whole)
            if pts + length // 2 < (at if begin is None or (joins and at - begin > length) else begin):
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
                    # Less than a packet: no gap that anybody made.
                    moved = begin - pts if abs(begin - pts) <= length else 0
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


class Texts(Lane):
    """A subtitle track; a text that shows across an edge is shortened."""

    def placed(self, lead_us: int) -> Iterator[Placed]:
        """See Lane.placed."""
        before: int | None = None
        for piece in self.pieces:
            feed = self._feed(piece)
            clock = self._clock(piece, lead_us)
            begin = (piece.at + lead_us) * self.rate // SECOND
            stop = (piece.at + lead_us + piece.span.duration) * self.rate // SECOND
            for packet in feed.packets(None):
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


def lane_of(track: AssembleTrack, given: Mapping[str, Given], *, hides: bool) -> Lane:
    """The lane for a track of an Assemble step."""
    kinds: dict[str, type[Lane]] = {"video": Pictures, "audio": Sounds, "subtitle": Texts}
    return kinds[track.kind](track, given, hides=hides)


def common_ticks(rates: list[int]) -> int:
    """Ticks per second in which the times of all files are whole numbers, or fine ones if those were too many."""
    found = lcm(*rates)
    if found > _MOST_TICKS:
        found = max(rates)
    while found < _FINE_TICKS:
        found *= 2
    return found
