"""Whether files can share a track, and what makes their pictures fit: one set of parameter sets for all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from av.packet import Packet

from clipwright.bitstream import nal, renumber, sets
from clipwright.errors import CapabilityError
from clipwright.native.feed import Data, Feed

_INBAND = frozenset({"vp8", "vp9", "av1", "mp3", "ac3", "eac3", "mpeg2video"})
"""Codecs whose every key frame or packet says all that its decoder has to know."""


class Fitting:
    """What a track made of several files is described by, and how their packets change for it.

    The first file describes the track. Raises CapabilityError, with what differs, when the others do not fit.
    """

    def __init__(self, feeds: Sequence[Feed], repeated: Collection[Feed] = ()) -> None:
        """`repeated` are those of which the same pictures may come twice at once; see `fitted`."""
        self._first = feeds[0]
        self._repeated = repeated
        self._ids: dict[tuple[Feed, bool], renumber.Ids] = {}
        for feed in feeds[1:]:
            _compare(self._first, feed)
        try:
            self.extradata = self._merged(feeds)
        except sets.Contradiction as error:
            raise _differ("parameter sets", str(error)) from error

    def fitted(self, packet: Data, feed: Feed, *, anew: bool = False, apart: bool = False) -> Data:
        """The packet as it goes into the track; the very same one wherever nothing has to change.

        `anew`: it does not follow what it followed in its source. HEVC has to say so, or decoders would count on.
        `apart`: the piece before may hold the very same pictures. FFmpeg from 7.1 on (hevc/refs.c) then finds one of
        them still there and drops the new one, unless it has parameter sets of its own.
        """
        ids = self._ids.get((feed, apart))
        anew = anew and feed.codec == "hevc"
        if ids is None and not anew and feed.prefix == self._first.prefix:
            return packet
        units: Iterable[bytes] = nal.units(bytes(packet), feed.prefix)
        if ids is not None:
            try:
                units = renumber.sample(feed.codec, units, ids)
            except sets.Contradiction as error:
                raise _differ("parameter sets", str(error)) from error
        if anew:
            units = map(nal.restarted, units)
        made: Data = Packet(nal.joined(units, self._first.prefix))
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
        # The first one describes the track, whatever it is.
        keep = (found for feed, found in every.items() if not feed.part or feed is self._first)
        numbering = renumber.Numbering(keep)
        wanted = [(feed, False) for feed in feeds[1:] if feed.part]
        wanted += [(feed, True) for feed in feeds if feed in self._repeated and codec == "hevc"]
        together = {(feed, False): found for feed, found in every.items()}
        for feed, apart in wanted:
            ids = numbering.ids(every[feed], apart=apart)
            if ids is not None:
                self._ids[feed, apart] = ids
                together[feed, apart] = renumber.renumbered(every[feed], ids)
        return sets.merged(list(together.values()))


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
