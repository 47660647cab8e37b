"""What an engine saw of a file, before anybody thought about it.

The three engines look with different tools (mediabunny, ffprobe, PyAV) and each fills a Sighting;
``description.describe`` turns any of them into the one MediaInfo, so that all think alike. Where the tools would
disagree, the rules here use what all of them can see.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from clipwright.media import Chapter

Kind = Literal["video", "audio", "subtitle", "data"]

TIMESTAMPS = 300
"""How many packets of each picture track a looker reports the times of."""

HEAD = 4096
"""How many of a file's first bytes a looker reports."""


class SightedTrack(msgspec.Struct, frozen=True, kw_only=True):
    """Raw facts about one track; a looker leaves out what it cannot know.

    `index` counts as FFmpeg does: tracks in the container's order, then attached pictures and
    attachments. Attached pictures are of kind ``video`` with the disposition ``attached_pic``, other
    attachments of kind ``data``. `codec` is the looker's own name for the codec (``avc`` or ``h264``) or,
    where it has none, the container's id for it (``alac``, ``V_FFV1``, ``S_TEXT/UTF8``, a media type).

    `extradata` is the codec's private header as the container stores it (avcC, hvcC, av1C,
    AudioSpecificConfig, ...) or, for a picture codec whose container stores none, the first bytes of the
    first key frame, at most 4096. `codec_string` is used for ProRes only.

    `timestamps` are presentation times of the first TIMESTAMPS packets of a picture track, in decode
    order (see `presentation`); `start` and `end` are when the track's presentation starts and ends. All
    are ticks of `time_base` on the file's own clock, after edit lists; times before 0 are of packets that
    are not presented.

    `bitrate` counts the packets' bytes only, in bits per second, and is None unless the container's index
    tells it without reading the packets. `width` and `height` are as stored, `rotation` is the clockwise
    turn in degrees, `pixel_aspect` the container's word. `bit_depth` is per component. `primaries`,
    `transfer` and `matrix` are in FFmpeg's words or the browser's. `disposition` has FFmpeg's flag names. `alpha` is
    what the container says of it; pixel formats, and headers of ProRes, tell by themselves.
    """

    index: int
    kind: Kind
    codec: str
    codec_string: str | None = None
    extradata: bytes = b""
    time_base: str = "1/1000000"
    start: int | None = None
    end: int | None = None
    timestamps: tuple[int, ...] = ()
    language: str | None = None
    title: str | None = None
    disposition: tuple[str, ...] = ()
    bitrate: int | None = None
    width: int = 0
    height: int = 0
    rotation: int = 0
    pixel_aspect: str | None = None
    pixel_format: str | None = None
    bit_depth: int | None = None
    alpha: bool = False
    profile: str | None = None
    level: int | None = None
    primaries: str | None = None
    transfer: str | None = None
    matrix: str | None = None
    full_range: bool | None = None
    channels: int = 0
    sample_rate: int = 0


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """Raw facts about a file.

    `head` is its first HEAD bytes (or all of it), `size` its length in bytes, `format_name` the looker's
    name for the container. `end_us` is the presentation time at which the file ends by the container's
    own header, or as the looker found out by reading; None where only the tracks tell. `tags` have the
    container's or FFmpeg's keys, `chapters` are on the file's own clock.
    """

    head: bytes
    size: int
    format_name: str
    end_us: int | None = None
    tags: dict[str, str] = {}
    chapters: tuple[Chapter, ...] = ()
    tracks: tuple[SightedTrack, ...]


def presentation(times: Sequence[tuple[int | None, int | None]]) -> tuple[int, ...]:
    """The `timestamps` of packets whose presentation and decode times are given as the container has them.

    Where any presentation time is missing (AVI, MPEG program streams) all decode times stand in: they are
    as even, and a mixture would not be.
    """
    shown = tuple(time for time, _ in times if time is not None)
    return shown if len(shown) == len(times) else tuple(time for _, time in times if time is not None)
