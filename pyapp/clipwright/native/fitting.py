"""Whether files can share a track, and what makes their pictures fit: one set of parameter sets for all."""

from __future__ import annotations

from collections.abc import Sequence

from av.packet import Packet

from clipwright.bitstream import nal, renumber, sets
from clipwright.errors import CapabilityError
from clipwright.native.feed import Data, Feed

_INBAND = frozenset({"vp8", "vp9", "av1", "mp3", "ac3", "eac3", "mpeg2video"})
"""Codecs whose every key frame or packet says all that its decoder has to know."""
_END_OF_SEQUENCE = bytes([36 << 1, 1])
"""An HEVC NAL unit (ITU-T H.265, 7.3.2.6): a CRA picture behind it is decoded as if it were the first."""


class Fitting:
    """What a track made of several files is described by, and how their packets change for it.

    The first file describes the track. Raises CapabilityError, with what differs, when the others do not fit.
    """

    def __init__(self, feeds: Sequence[Feed]) -> None:
        self._first = feeds[0]
        self._ids: dict[Feed, renumber.Ids] = {}
        for feed in feeds[1:]:
            _compare(self._first, feed)
        try:
            self.extradata = self._merged(feeds)
        except sets.Contradiction as error:
            raise _differ("parameter sets", str(error)) from error

    def fitted(self, packet: Data, feed: Feed, *, ends: bool) -> Data:
        """The packet as it goes into the track; the very same one wherever nothing has to change.

        `ends`: what follows starts anew. An HEVC decoder has to be told, or it would count on from here.
        """
        ids = self._ids.get(feed)
        ends = ends and feed.codec == "hevc"
        if ids is None and not ends and feed.prefix == self._first.prefix:
            return packet
        units = nal.units(bytes(packet), feed.prefix)
        changed = [
            *(units if ids is None else renumber.sample(units, ids)),
            *([_END_OF_SEQUENCE] if ends else ()),
        ]
        made: Data = Packet(nal.joined(changed, self._first.prefix))
        made.is_keyframe = packet.is_keyframe
        return made

    def _merged(self, feeds: Sequence[Feed]) -> bytes:
        own = _extradata(self._first)
        codec = self._first.codec
        if codec not in ("h264", "hevc"):
            if codec not in _INBAND and any(_extradata(feed) != own for feed in feeds):
                raise _differ("decoder settings", codec)
            return own
        every = {feed: sets.read(codec, _extradata(feed)) for feed in feeds}
        if codec == "hevc":
            numbering = renumber.Numbering(found for feed, found in every.items() if not feed.part)
            for feed in feeds[1:]:
                if feed.part:
                    self._ids[feed] = numbering.ids(every[feed])
                    every[feed] = renumber.renumbered(every[feed], self._ids[feed])
        return sets.merged(list(every.values()))


def _extradata(feed: Feed) -> bytes:
    return bytes(feed.stream.codec_context.extradata or b"")


def _compare(one: Feed, other: Feed) -> None:
    mine, theirs = one.stream.codec_context, other.stream.codec_context
    if one.codec != other.codec:
        raise _differ("codecs", f"{one.codec}, {other.codec}")
    for name, what in _SHAPE.items():
        ours, others = (_plain(getattr(context, name, None)) for context in (mine, theirs))
        if ours != others:
            raise _differ(what, f"{ours}, {others}")


_SHAPE = {
    "width": "picture sizes",
    "height": "picture sizes",
    "pix_fmt": "pixel formats",
    "sample_rate": "sample rates",
    "channels": "channels",
}


def _plain(value: object) -> object:
    """FFmpeg calls full-range pictures yuvj420p or yuv420p, as it happens to know."""
    return value.replace("yuvj", "yuv") if isinstance(value, str) else value


def _differ(what: str, detail: str) -> CapabilityError:
    return CapabilityError(
        f"These pieces have different {what}, so they cannot share a track as they are.",
        hint="Use mode exact.",
        detail=detail,
    )
