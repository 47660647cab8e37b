"""A file's own timecode, counted on to where a result starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from clipwright.errors import BadRequest
from clipwright.framerate import SECOND, Label, frame_of, label_of, nominal_rate, round_half_up

TAG = "timecode"
"""FFmpeg's name for it among a track's tags; its writer makes a timecode track from that."""

_WRITTEN = re.compile(r"(\d\d):(\d\d):(\d\d)([:;.])(\d\d)", re.ASCII)


def counted_on(tags: Mapping[str, str], rate: Fraction | None, passed_us: int) -> str | None:
    """The timecode `passed_us` microseconds behind the one in `tags`; None where there is none that counts so.

    After a day it starts again.
    """
    found = _WRITTEN.fullmatch(tags.get(TAG, ""))
    if found is None or not rate:
        return None
    drop = found[4] != ":"
    label = Label(*(int(found[group]) for group in (1, 2, 3, 5)))
    try:
        number = frame_of(label, rate, drop=drop) + round_half_up(passed_us * rate / SECOND)
        day = frame_of(Label(23, 59, 59, nominal_rate(rate) - 1), rate, drop=drop) + 1
        hours, minutes, seconds, frames = label_of(number % day, rate, drop=drop)
    except BadRequest:
        return None
    return f"{hours:02}:{minutes:02}:{seconds:02}{';' if drop else ':'}{frames:02}"
