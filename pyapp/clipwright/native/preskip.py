"""Sound in Ogg: what a decoder of Opus needs before the in point is hidden, and so is what lies behind the out point.

The header says how many samples a decoder leaves out at the start, and the position of the last page where the sound
ends (RFC 7845, sections 4.2 to 4.4). So a cut is exact to the sample, though its packets stay as they are; a decoder
that starts in the middle of a file has converged by then, for which section 4.6 asks 80 ms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from clipwright.framerate import SECOND, round_half_up
from clipwright.native.feed import Given
from clipwright.native.lanes import Placed
from clipwright.native.sounds import Sounds
from clipwright.plan.steps import AssembleTrack

_HERTZ = 48_000
"""Opus counts in these, whatever was encoded."""
_MAGIC = b"OpusHead"
_SKIP = slice(10, 12)
"""Where the header has the number of samples to leave out."""
_MOST = (1 << 16) - 1
_ROUNDING = Fraction(11, 10_000)
"""Matroska rounds times to milliseconds; in seconds, with a little room."""


class Skip(NamedTuple):
    """The header to write, and by how many ticks of the lane the writer's times come later than the lane's."""

    head: bytes
    moved: int


class OggSounds(Sounds):
    """A sound track for Ogg; where it is Opus, exact to the sample at both ends."""

    def __init__(self, track: AssembleTrack, given: Mapping[str, Given]) -> None:
        super().__init__(track, given, hides=False)
        self.hides = self.feeds[0].codec == "opus"

    def placed(self, lead_us: int) -> Iterator[Placed]:
        """See Lane.placed."""
        piece = self.pieces[-1]
        stop = round_half_up(Fraction((piece.at + lead_us + piece.span.duration) * self.rate, SECOND))
        end: int | None = None
        for placed in super().placed(lead_us):
            if not self.hides:
                yield placed
                continue
            # A page tells only where its last packet ends, so rounded times in between would move its first one.
            near = end is not None and abs(placed.pts - end) <= self.rate * _ROUNDING
            pts = end if near and end is not None else placed.pts
            end = pts + placed.duration
            yield placed._replace(pts=pts, dts=pts, duration=min(end, max(stop, pts + 1)) - pts)

    def skip(self, padding: int) -> Skip | None:
        """What hides the packets before 0; None where there are none, or no header that can tell.

        FFmpeg's writer takes times to be what is heard when `padding` samples are left out, and adds these; it gets
        times by which the first page starts at position 0.
        """
        first = next(self.placed(0), None) if self.hides else None
        head = bytes(self.feeds[0].stream.codec_context.extradata or b"")
        if first is None or first.pts > 0 or not head.startswith(_MAGIC):
            return None
        samples = -first.pts * _HERTZ // self.rate
        if samples > _MOST:
            return None
        changed = bytearray(head)
        changed[_SKIP] = samples.to_bytes(2, "little")
        return Skip(bytes(changed), -first.pts - padding * self.rate // _HERTZ)
