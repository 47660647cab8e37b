"""Documents of older versions, brought up to the next one, step by step.

Version 1 is the shape of the first sketches: one list of clips that follow one another without gaps, with seconds as
JSON numbers. Version 2 is `document.Document`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise

import msgspec

from clipwright.errors import BadRequest
from clipwright.framerate import SECOND, round_half_up
from clipwright.project.document import MAX_CLIPS, MAX_TIME_US, VERSION
from clipwright.project.timeline import FASTEST, SLOWEST

_FINEST = 10_000
"""Speeds of version 1 are read as the nearest ratio with at most this denominator: 0.3333333 is a third."""
_MOST = MAX_TIME_US // SECOND
_DIGITS = 30


class _ClipOne(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clip of version 1: a source by its name, and a span of it in seconds."""

    source: str
    start: Decimal = msgspec.field(name="in")
    end: Decimal = msgspec.field(name="out")
    speed: Decimal = Decimal(1)
    volume: float = 1.0


class _One(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document of version 1."""

    schema_version: int
    name: str = ""
    clips: tuple[_ClipOne, ...] = ()
    width: int = 1920
    height: int = 1080
    fps: Decimal = Decimal(30)


def upgraded(raw: bytes, version: int) -> bytes:
    """The JSON of a document of an older version as that of the newest.

    Raises BadRequest for a version that never was, and msgspec.ValidationError for what has not the shape it should.
    """
    while version != VERSION:
        if version not in _STEPS:
            raise BadRequest(
                f"Documents of version {version} cannot be read.",
                hint=f"This Clipwright reads versions {min(_STEPS)} to {VERSION}; a newer one may read more.",
                path="$.schema_version",
            )
        raw, version = _STEPS[version](raw), version + 1
    return raw


def _one_to_two(raw: bytes) -> bytes:
    """Exact: edges are rounded once, from the sums of what was written, so that nothing drifts."""
    old = msgspec.json.decode(raw, type=_One)
    if len(old.clips) > MAX_CLIPS:
        raise BadRequest(
            f"There are too many clips: {len(old.clips)}.", hint=f"Use at most {MAX_CLIPS}.", path="$.clips"
        )
    _check_number(old.fps, "$.fps")
    for number, clip in enumerate(old.clips):
        _check_one(clip, f"$.clips[{number}]")
    speeds = [_ratio(clip.speed) for clip in old.clips]
    lasting = (
        (Fraction(clip.end) - Fraction(clip.start)) / speed
        for clip, speed in zip(old.clips, speeds, strict=True)
    )
    edges = [round_half_up(edge * SECOND) for edge in accumulate(lasting, initial=Fraction(0))]
    names = list(dict.fromkeys(clip.source for clip in old.clips))
    ids = {name: f"s{number}" for number, name in enumerate(names, start=1)}
    clips = [
        _clip_two(number, clip, speed, span, ids)
        for number, (clip, speed, span) in enumerate(
            zip(old.clips, speeds, pairwise(edges), strict=True), start=1
        )
    ]
    longest: dict[str, int] = {}
    for clip in old.clips:
        longest[clip.source] = max(longest.get(clip.source, 0), _us(clip.end))
    return msgspec.json.encode(
        {
            "schema_version": 2,
            "name": old.name,
            "sources": [
                {"id": ids[name], "name": name, "media": name, "duration_us": longest[name]} for name in names
            ],
            "tracks": [{"id": "t1", "kind": "video", "clips": clips}] if clips else [],
            "output": {"width": old.width, "height": old.height, "frame_rate": format(old.fps, "f")},
        }
    )


def _check_one(clip: _ClipOne, path: str) -> None:
    """Numbers that would break the arithmetic; the rest is found in the upgraded document."""
    for field, value in (("in", clip.start), ("out", clip.end), ("speed", clip.speed)):
        _check_number(value, f"{path}.{field}")
    if clip.end <= clip.start:
        raise BadRequest("The clip ends before it starts.", hint="Let it end later.", path=f"{path}.out")
    low, high = Fraction(*SLOWEST), Fraction(*FASTEST)
    if not low <= _ratio(clip.speed) <= high:
        raise BadRequest(f"{clip.speed} is not a speed.", hint="Give 0.25 to 4.", path=f"{path}.speed")


def _check_number(value: Decimal, path: str) -> None:
    """A number such as 1e-999999999 is small, but not as a ratio."""
    if not value.is_finite() or not 0 <= value <= _MOST or int(value.as_tuple().exponent) < -_DIGITS:
        raise BadRequest(
            f"{str(value)[:40]} is out of range.",
            hint=f"Give 0 to {_MOST}, with at most {_DIGITS} digits after the point.",
            path=path,
        )


def _clip_two(
    number: int, clip: _ClipOne, speed: Fraction, span: tuple[int, int], ids: dict[str, str]
) -> dict[str, object]:
    return {
        "id": f"c{number}",
        "source": ids[clip.source],
        "start_us": span[0],
        "end_us": span[1],
        "source_start_us": _us(clip.start),
        "source_end_us": _us(clip.end),
        "speed": str(speed),
        "volume": clip.volume,
    }


def _us(seconds: Decimal) -> int:
    return round_half_up(Fraction(seconds) * SECOND)


def _ratio(speed: Decimal) -> Fraction:
    return Fraction(speed).limit_denominator(_FINEST)


_STEPS: dict[int, Callable[[bytes], bytes]] = {1: _one_to_two}
"""What makes the next version of each older one."""
