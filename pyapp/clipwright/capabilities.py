"""What this machine can do, asked once by the host and passed on as a value."""

from __future__ import annotations

import msgspec

from clipwright.media import Reader


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What this machine can do; constant while it runs.

    `engines` stand in order of preference. `encode` lists, per engine, the codecs it can encode, by
    FFmpeg's names; an engine that is missing there encodes nothing. `isolated` tells
    whether the page is cross-origin isolated, which only adds speed.
    """

    engines: tuple[Reader, ...]
    encode: dict[str, tuple[str, ...]] = {}
    isolated: bool = False
