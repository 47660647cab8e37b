"""What an engine saw of a file, before anybody thought about it.

The three engines look with different tools (mediabunny, ffprobe, PyAV) and each fills a Sighting;
`describe` turns any of them into the one MediaInfo, so that all think alike.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from clipwright.media import Chapter


class SightedTrack(msgspec.Struct, frozen=True, kw_only=True):
    """Raw facts about one track.

    `codec` is the looker's own name for it (``avc`` or ``h264``). `timestamps` are presentation times in
    ticks of `time_base` for the first few hundred packets of a picture track, in decode order. `start`
    and `end` are presentation times in ticks, after edit lists. `extradata` is the codec's private
    header as the container stores it (avcC, hvcC, AudioSpecificConfig, ...). `rotation` is clockwise.
    """

    index: int
    kind: Literal["video", "audio", "subtitle", "data"]
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

    `head` is its first 4096 bytes (or all of it), `size` its length in bytes, `format_name` the looker's
    name for the container.
    """

    head: bytes
    size: int
    format_name: str
    tags: dict[str, str] = {}
    chapters: tuple[Chapter, ...] = ()
    tracks: tuple[SightedTrack, ...]
