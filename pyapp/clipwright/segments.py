"""Lists of segments: named Spans of one source, and what people do with them. All times in microseconds."""

from __future__ import annotations

from typing import Literal

import msgspec

SegmentAction = Literal["check", "invert", "shift", "align", "split", "length", "count", "size"]
"""What can be done with a list: see the function of the same name."""


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """Half-open interval ``[start_us, end_us)`` with an optional name."""

    start_us: int
    end_us: int
    label: str | None = None
