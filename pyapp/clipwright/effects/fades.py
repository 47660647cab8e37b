"""Pictures and sound that come and go."""

from __future__ import annotations

from typing import Annotated

from clipwright.effects.definition import Build, Built, Context, Definition, Params
from clipwright.effects.fields import colour, hint, microseconds
from clipwright.filters.fading import Direction
from clipwright.filters.soundfades import Curve, fade_sound
from clipwright.filters.transitions import fade_picture

_LASTING = microseconds("How long it takes.", least=10_000)


class Fade(Params, frozen=True, kw_only=True):
    """What `transitions.fade_picture` takes."""

    duration_us: Annotated[int, _LASTING] = 500_000
    color: Annotated[str, colour("The colour it comes from or goes to.")] = "black"


class AlphaFade(Params, frozen=True, kw_only=True):
    """What `transitions.fade_picture` takes for a picture that becomes clear."""

    duration_us: Annotated[int, _LASTING] = 500_000


class AudioFade(Params, frozen=True, kw_only=True):
    """What `soundfades.fade_sound` takes."""

    duration_us: Annotated[int, _LASTING] = 500_000
    curve: Annotated[Curve, hint("The shape of the fade; tri is a straight line.")] = "tri"


def _start(direction: Direction, duration_us: int, context: Context) -> int:
    """It comes with the start of what it is applied to, and goes with the end."""
    if direction == "in":
        return context.start_us
    return max(context.start_us, context.until_us - duration_us)


def _fade(direction: Direction) -> Build:
    def build(params: Fade, context: Context, path: str) -> Built:
        start = _start(direction, params.duration_us, context)
        return Built(
            video=fade_picture(
                direction,
                params.duration_us,
                start_us=start,
                color=params.color,
                path=f"{path}.params",
            )
        )

    return build


def _alpha_fade(direction: Direction) -> Build:
    def build(params: AlphaFade, context: Context, path: str) -> Built:
        start = _start(direction, params.duration_us, context)
        return Built(
            video=fade_picture(
                direction, params.duration_us, start_us=start, alpha=True, path=f"{path}.params"
            )
        )

    return build


def _audio_fade(direction: Direction) -> Build:
    def build(params: AudioFade, context: Context, path: str) -> Built:
        start = _start(direction, params.duration_us, context)
        return Built(
            audio=fade_sound(
                direction, params.duration_us, start_us=start, curve=params.curve, path=f"{path}.params"
            )
        )

    return build


DEFINITIONS = (
    Definition(
        name="fade_in",
        summary="The picture comes from a colour.",
        kind="video",
        category="fade",
        params=Fade,
        builder=_fade("in"),
        example={"duration_us": 1_000_000},
        limitable=True,
    ),
    Definition(
        name="fade_out",
        summary="The picture goes to a colour, by its end.",
        kind="video",
        category="fade",
        params=Fade,
        builder=_fade("out"),
        example={"duration_us": 1_000_000, "color": "white"},
        limitable=True,
    ),
    Definition(
        name="fade_in_alpha",
        summary="The picture comes over what is behind it.",
        kind="video",
        category="fade",
        params=AlphaFade,
        builder=_alpha_fade("in"),
        example={"duration_us": 1_000_000},
        limitable=True,
        alpha=True,
    ),
    Definition(
        name="fade_out_alpha",
        summary="The picture goes and leaves what is behind it, by its end.",
        kind="video",
        category="fade",
        params=AlphaFade,
        builder=_alpha_fade("out"),
        example={"duration_us": 1_000_000},
        limitable=True,
        alpha=True,
    ),
    Definition(
        name="audio_fade_in",
        summary="The sound comes from silence.",
        kind="audio",
        category="fade",
        params=AudioFade,
        builder=_audio_fade("in"),
        example={"duration_us": 1_000_000, "curve": "qsin"},
        limitable=True,
    ),
    Definition(
        name="audio_fade_out",
        summary="The sound goes to silence, by its end.",
        kind="audio",
        category="fade",
        params=AudioFade,
        builder=_audio_fade("out"),
        example={"duration_us": 1_000_000, "curve": "exp"},
        limitable=True,
    ),
)
