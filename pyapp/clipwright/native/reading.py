"""Opening files with PyAV, and what packets say of their times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard, Stream

from clipwright import sniff
from clipwright.bitstream import nal
from clipwright.errors import CorruptMedia, MediaError, UnsupportedFormat
from clipwright.framerate import SECOND, round_half_up
from clipwright.sighting import HEAD

if TYPE_CHECKING:
    from av.codec import CodecContext


_HIDING = frozenset({"mp4", "matroska"})
_EARLIEST = -(1 << 40)
"""Ticks before anything that a file holds."""


def beginning(path: Path) -> tuple[bytes, int]:
    """The first bytes of the file at `path` and its size; MediaError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD), path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from error


@contextmanager
def faults_of(path: Path, head: bytes) -> Iterator[None]:
    """Turn what PyAV throws while the file at `path`, which begins with `head`, is read into the error tree's."""
    try:
        yield
    except (av.InvalidDataError, av.EOFError, av.DemuxerNotFoundError) as error:
        if sniff.container(head) is None:
            raise UnsupportedFormat(
                "This is not a video or audio file that can be read here.",
                hint="Choose a video or audio file.",
                detail=str(error),
            ) from error
        raise CorruptMedia(
            "This file is damaged or incomplete.", hint="Copy or download it again.", detail=str(error)
        ) from error
    except (av.FFmpegError, OSError) as error:
        raise _unreadable(path, error) from error


@contextmanager
def opened(path: Path, head: bytes, demuxer: str = "") -> Iterator[InputContainer]:
    """The open file, read by the named demuxer or by the one that fits; see `faults_of`."""
    with faults_of(path, head), _container(path, demuxer) as container:
        yield container


def _container(path: Path, demuxer: str) -> InputContainer:
    # file: keeps a name from being read as a protocol; the whitelist keeps the file from opening others.
    return av.open(
        f"file:{path}",
        mode="r",
        format=demuxer.partition(",")[0] or None,
        options={"protocol_whitelist": "file"},
        metadata_errors="replace",
    )


def _unreadable(path: Path, error: Exception) -> MediaError:
    return MediaError(f"“{path.name}” cannot be read.", hint="Check the file.", detail=str(error))


def only(container: InputContainer, index: int) -> Stream:
    """Track number `index`; the others are passed over from now on, which some demuxers do without reading them."""
    for stream in container.streams:
        if stream.index != index:
            stream.discard = Discard.all
    return container.streams[index]


def rewound(container: InputContainer, stream: Stream, ticks: int | None) -> None:
    """Go to where seeking in a track leads for a time in its ticks; to the beginning for None, or if it leads nowhere.

    Raises what PyAV raises.
    """
    # Every container takes 0 for its beginning, also those whose clock starts later; but an edit list or a delay may
    # hide packets before it, which decoders of sound need.
    primed = stream.type == "audio" and not _HIDING.isdisjoint(container.format.name.split(","))
    earliest = _EARLIEST if primed else 0
    sought = [
        (stream, earliest if ticks is None else max(earliest, ticks)),
        *((other, 0) for other in container.streams if other.index != stream.index),
    ]
    for track, time in sought:
        # FFmpeg does not permit seeking in Matroska by a track of which no packet has been seen yet.
        with suppress(av.PermissionError):
            container.seek(time, stream=track)
            return


def layout(stream: Stream) -> tuple[str, int]:
    """FFmpeg's name of the codec, and the bytes of the length before each NAL unit as `nal.length_size` tells."""
    # Streams of data have no context, whatever the stubs say.
    context = cast("CodecContext | None", stream.codec_context)
    if context is None:
        return "", 0
    codec = str(context.codec.canonical_name)
    return codec, nal.length_size(codec, bytes(context.extradata or b""))


def time_of(packet: Packet[Stream]) -> int | None:
    """When the packet is shown, in ticks; some containers know only when it is decoded."""
    return packet.dts if packet.pts is None else packet.pts


def us_of(ticks: int, base: Fraction | None) -> int:
    """Ticks as microseconds, halves rounded up."""
    return round_half_up(ticks * (base or Fraction(1)) * SECOND)


def ticker(base: Fraction) -> Callable[[int], int]:
    """`us_of` for the many packets of one track, by whole numbers only."""
    factor = 2 * base.numerator * SECOND
    half, whole = base.denominator, 2 * base.denominator
    return lambda ticks: (ticks * factor + half) // whole
