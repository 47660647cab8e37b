"""What this machine can do, asked once by the host and passed on as a value."""

from __future__ import annotations

import msgspec

from clipwright.media import Reader


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What this machine can do; constant while it runs.

    `engines` stand in order of preference. `encode` lists, per engine, the codecs it can encode, by
    FFmpeg's names; an engine that is missing there encodes nothing. `isolated` tells
    whether the page is cross-origin isolated, which only adds speed. `numpy` tells whether Python can have numpy:
    in the page, whether the site was built with it. What needs it answers with CapabilityError where it is missing.
    """

    engines: tuple[Reader, ...]
    encode: dict[str, tuple[str, ...]] = {}
    isolated: bool = False
    numpy: bool = False
