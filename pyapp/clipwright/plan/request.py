"""What the person wants, as they wrote it."""

from __future__ import annotations

from typing import Literal

import msgspec

from clipwright.containers import Container
from clipwright.media import Reader

Mode = Literal["auto", "lossless", "exact"]
EngineChoice = Literal["auto"] | Reader
WrittenTime = str | int | float
"""A time as a person writes it, for ``timecode.parse``; a bare number means seconds, as it does in text."""


class ClipRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One clip: what to keep and how to write it.

    Give `end` or `duration`, or neither for "to the end". `container` None keeps the source's where it
    can be written. `allow_lead_in` lets `auto` stay lossless although the in point is not on a key frame.
    `engine` forces one engine; `name` replaces the default output name.
    """

    start: WrittenTime = "start"
    end: WrittenTime | None = None
    duration: WrittenTime | None = None
    mode: Mode = "auto"
    container: Container | None = None
    allow_lead_in: bool = False
    engine: EngineChoice = "auto"
    name: str | None = None
