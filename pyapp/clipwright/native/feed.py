"""Packets of one track of one file, in decoding order, from any time on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TypeAlias

from av.packet import Packet
from av.stream import Stream

from clipwright.bitstream import nal
from clipwright.framerate import SECOND
from clipwright.media import Span
from clipwright.native.faults import incomplete
from clipwright.native.locate import STEPS_BACK_US
from clipwright.native.reading import beginning, faults_of, layout, only, opened, rewound, time_of
from clipwright.native.torn import is_torn

Data: TypeAlias = "Packet[Stream]"

_BLIND_US = 2 * SECOND
"""How far behind the end to read where packets do not say when they are decoded."""


class Given(NamedTuple):
    """A file to read: where, by which demuxer (nothing: FFmpeg finds out), and whether an earlier step made it."""

    path: Path
    demuxer: str = ""
    part: bool = False


class Feed:
    """One track of an open file. May raise MediaError and what lies under it, also while packets are taken."""

    def __init__(self, given: Given, track: int) -> None:
        self.part = given.part
        self._path = given.path
        self._head, _ = beginning(given.path)
        self._stack = ExitStack()
        self._container = self._stack.enter_context(opened(given.path, self._head, given.demuxer))
        self.stream = only(self._container, track)
        self.tags = dict(self._container.metadata)
        self.base = self.stream.time_base or Fraction(1)
        self.codec, self.prefix = layout(self.stream)
        self.bytes_per_us = given.path.stat().st_size / max(self._container.duration or 0, SECOND)

    def close(self) -> None:
        """Close the file."""
        self._stack.close()

    def us(self, ticks: int) -> int:
        """Ticks of the track as microseconds, halves rounded up."""
        number, scale = self.base.numerator * SECOND, self.base.denominator
        return (2 * ticks * number + scale) // (2 * scale)

    def at(self, packet: Data) -> int:
        """When a packet is shown, in microseconds."""
        return self.us(time_of(packet) or 0)

    def is_clean(self, packet: Data, start_us: int) -> bool:
        """Whether a piece that begins at `start_us` can begin with this packet behind anything else."""
        return (
            packet.is_keyframe
            and self.at(packet) >= start_us
            and nal.is_clean(self.codec, bytes(packet), self.prefix)
        )

    def packets(self, from_us: int | None, *, all_there: bool = True) -> Iterator[Data]:
        """From where seeking to a time leads, None: from the beginning.

        A file that breaks off raises CorruptMedia where that comes, unless not `all_there` has to be.
        """
        with faults_of(self._path, self._head):
            ticks = None if from_us is None else int(from_us / (self.base * SECOND))
            rewound(self._container, self.stream, ticks)
            for packet in self._container.demux(self.stream):
                if packet.size and time_of(packet) is not None:
                    yield packet
        # Whoever comes here wanted what should follow.
        if all_there and is_torn(self._head, self._path.stat().st_size):
            raise incomplete(self._path.name)

    def sounds(self, from_us: int) -> Iterator[Data]:
        """Packets that follow one another without reordering, the first of them at `from_us` or before, if any is."""
        for back_us in STEPS_BACK_US:
            packets = self.packets(from_us - back_us)
            first = next(packets, None)
            if first is not None and self.at(first) <= from_us:
                return chain([first], packets)
        return self.packets(None)

    def pictures(self, span: Span, *, last: bool) -> Iterator[Data]:
        """What shows the pictures of `span`, from the last key frame at or before its first one.

        Pictures that follow that key frame but are shown before it are left out, as they may need what is not
        there. Behind the last picture of the span there are none; between, those that are shown later are kept
        only where the piece is the `last`: others may refer to them.
        """
        waiting: list[Data] = []
        for packet in self._from_key_frame(span.start):
            if self.at(packet) < span.end:
                yield from waiting
                waiting.clear()
                yield packet
            elif last:
                waiting.append(packet)
            decoded = self.us(packet.dts) if packet.dts is not None else self.at(packet) - _BLIND_US
            if decoded >= span.end:
                return

    def _from_key_frame(self, start: int) -> Iterator[Data]:
        packets = self._before(start)
        held: list[tuple[Data, int]] = []
        first: int | None = None
        for packet in packets:
            at = self.at(packet)
            if packet.is_keyframe and at <= start:
                held.clear()
            held.append((packet, at))
            if at >= start and not packet.is_discard:
                first = at if first is None else min(first, at)
            # Whatever is decoded from here on is shown later.
            if first is not None and (at if packet.dts is None else self.us(packet.dts)) >= first:
                break
        begin = max(
            (
                n
                for n, (packet, at) in enumerate(held)
                if packet.is_keyframe and at <= (at if first is None else first)
            ),
            default=0,
        )
        key_at = held[begin][1] if held else 0
        yield from (packet for packet, at in held[begin:] if at >= key_at)
        yield from (packet for packet in packets if self.at(packet) >= key_at)

    def _before(self, start: int) -> Iterator[Data]:
        """Packets from a key frame on that is shown at `start` or before, or else from the first one."""
        for back_us in STEPS_BACK_US:
            packets = self.packets(start - back_us)
            first = next((packet for packet in packets if packet.is_keyframe), None)
            if first is not None and self.at(first) <= start:
                return chain([first], packets)
        packets = self.packets(None)
        first = next((packet for packet in packets if packet.is_keyframe), None)
        return packets if first is None else chain([first], packets)
