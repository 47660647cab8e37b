"""Effects that change when things are seen and heard."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

import msgspec

from clipwright.effects.definition import Built, Context, Definition, Params
from clipwright.effects.fields import LONGEST_US, hint, microseconds, number, several, words
from clipwright.errors import BadRequest
from clipwright.filters import speed, timing
from clipwright.filters.ranges import exact
from clipwright.filters.speed import Pace
from clipwright.filters.timing import RateMethod
from clipwright.framerate import parse_rate


class Speed(Params, frozen=True, kw_only=True):
    """What `speed.video_speed` and `speed.audio_speed` take."""

    factor: Annotated[float, number(0.25, 4, "How many times as fast; 0.5 is half speed.")] = 2


class RampSpan(Params, frozen=True, kw_only=True):
    """A span of its own speed."""

    start_us: Annotated[int, microseconds("Where the span starts in the clip.", most=LONGEST_US - 1)]
    end_us: Annotated[int, microseconds("Where it ends.", least=1)]
    factor: Annotated[float, number(0.01, 100, "How many times as fast it plays.")]


class SpeedRamp(Params, frozen=True, kw_only=True):
    """What `speed.variable_video_speed` takes."""

    paces: Annotated[
        tuple[RampSpan, ...],
        several("Spans in order of time; what lies between them stays as it is.", 1, speed.MOST_PIECES),
    ]


class Reverse(Params, frozen=True, kw_only=True):
    """Nothing to choose."""


class FreezeFrame(Params, frozen=True, kw_only=True):
    """What `timing.freeze_video` and `timing.freeze_audio` take."""

    at_us: Annotated[int, microseconds("The moment whose picture stands still.")] = 0
    duration_us: Annotated[int, microseconds("How long it stands.", least=1)] = 1_000_000


class HoldLastFrame(Params, frozen=True, kw_only=True):
    """What `timing.hold_last` takes."""

    duration_us: Annotated[int, microseconds("How long it stands.", least=1)] = 1_000_000


class FrameRate(Params, frozen=True, kw_only=True):
    """What `timing.convert_rate` takes."""

    rate: Annotated[str, words("Pictures per second, 1 to 240, as 25, 29.97 or 30000/1001.", 20)] = "30"
    method: Annotated[
        RateMethod, hint("How missing pictures come about: the same again, mixed of two, or moved along.")
    ] = "duplicate"


def _speed(params: Speed, context: Context, path: str) -> Built:
    return Built(
        speed.video_speed(params.factor, path=f"{path}.params"),
        speed.audio_speed(params.factor, duration_us=context.duration_us or None, path=f"{path}.params"),
    )


def _paces(params: SpeedRamp) -> list[Pace]:
    return [Pace(**msgspec.structs.asdict(one)) for one in params.paces]


def _speed_ramp(params: SpeedRamp, context: Context, path: str) -> Built:
    last = params.paces[-1].end_us
    if 0 < context.duration_us < last:
        raise BadRequest(
            f"The last span ends at {last} µs of a clip that lasts {context.duration_us} µs.",
            hint="Let it end with the clip or before.",
            path=f"{path}.params.paces[{len(params.paces) - 1}].end_us",
        )
    paces = _paces(params)
    return Built(
        speed.variable_video_speed(paces, path=f"{path}.params"),
        speed.variable_audio_speed(paces, path=f"{path}.params"),
    )


def _reverse(_params: Reverse, context: Context, path: str) -> Built:
    if context.duration_us > timing.LONGEST_REVERSED_US:
        raise BadRequest(
            "Only clips of up to 30 s can be reversed: all of it has to be in memory.",
            hint="Cut it into shorter clips.",
            path=f"{path}.name",
        )
    return Built(timing.reverse_video(context.duration_us), timing.reverse_audio(context.duration_us))


def _freeze(params: FreezeFrame, context: Context, path: str) -> Built:
    if 0 < context.duration_us <= params.at_us:
        raise BadRequest(
            f"There is no picture at {params.at_us} µs of a clip that lasts {context.duration_us} µs.",
            hint="Give a moment of the clip, or use hold_last_frame.",
            path=f"{path}.params.at_us",
        )
    return Built(
        timing.freeze_video(params.at_us, params.duration_us, path=f"{path}.params"),
        timing.freeze_audio(params.at_us, params.duration_us, path=f"{path}.params"),
    )


def _hold_last(params: HoldLastFrame, _context: Context, path: str) -> Built:
    return Built(
        timing.hold_last(params.duration_us, path=f"{path}.params"),
        timing.hold_silence(params.duration_us, path=f"{path}.params"),
    )


def _frame_rate(params: FrameRate, _context: Context, path: str) -> Built:
    try:
        rate = parse_rate(params.rate)
    except BadRequest as wrong:
        raise BadRequest(wrong.message, hint=wrong.hint, path=f"{path}.params.rate") from None
    return Built(video=timing.convert_rate(rate, method=params.method, path=f"{path}.params"))


def _longer(params: FreezeFrame | HoldLastFrame, duration_us: int) -> Fraction:
    return Fraction(duration_us + params.duration_us)


DEFINITIONS = (
    Definition(
        name="speed",
        summary="Plays picture and sound faster or slower; the sound keeps its pitch.",
        kind="both",
        category="time",
        params=Speed,
        builder=_speed,
        example={"factor": 0.5},
        changes_time=True,
        lasting=lambda params, duration_us: duration_us / exact(params.factor),
    ),
    Definition(
        name="speed_ramp",
        summary="Plays each span at a speed of its own; the sound keeps its pitch.",
        kind="both",
        category="time",
        params=SpeedRamp,
        builder=_speed_ramp,
        example={
            "paces": [
                {"start_us": 500_000, "end_us": 1_000_000, "factor": 2},
                {"start_us": 1_000_000, "end_us": 1_500_000, "factor": 0.5},
            ]
        },
        changes_time=True,
        lasting=lambda params, duration_us: speed.played_us(_paces(params), duration_us),
    ),
    Definition(
        name="reverse",
        summary="Plays picture and sound backwards; of clips up to 30 s.",
        kind="both",
        category="time",
        params=Reverse,
        builder=_reverse,
        example={},
        changes_time=True,
    ),
    Definition(
        name="freeze_frame",
        summary="The picture of one moment stands still, in silence; then all goes on.",
        kind="both",
        category="time",
        params=FreezeFrame,
        builder=_freeze,
        example={"at_us": 1_000_000, "duration_us": 500_000},
        changes_time=True,
        lasting=_longer,
    ),
    Definition(
        name="hold_last_frame",
        summary="The last picture stands still at the end, in silence.",
        kind="both",
        category="time",
        params=HoldLastFrame,
        builder=_hold_last,
        example={"duration_us": 500_000},
        changes_time=True,
        lasting=_longer,
    ),
    Definition(
        name="frame_rate",
        summary="Shows pictures at a constant rate.",
        kind="video",
        category="time",
        params=FrameRate,
        builder=_frame_rate,
        example={"rate": "50", "method": "blend"},
        changes_time=True,
    ),
)
