"""Effects on where the picture is: cut out, scaled, turned, mirrored, on a larger ground, zoomed into."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from clipwright.effects.definition import Build, Built, Context, Definition, Params, picture
from clipwright.effects.fields import colour, hint, number
from clipwright.errors import BadRequest
from clipwright.filters import geometry
from clipwright.filters.expression import clip, variables
from clipwright.filters.geometry import LARGEST, Axis, Fit, Scaler

_WIDTH = number(2, LARGEST, "The new width.", unit="pixels")
_HEIGHT = number(2, LARGEST, "The new height.", unit="pixels")
_X = number(0, LARGEST, "The left edge; null for the middle.", unit="pixels")
_Y = number(0, LARGEST, "The upper edge; null for the middle.", unit="pixels")
_GROUND = colour("The colour of what the picture does not cover.")
_UNKNOWN = (1920, 1080)

_IW, _IH, _ZOOM, _TIME = variables("iw", "ih", "zoom", "time")


class Crop(Params, frozen=True, kw_only=True):
    """What `geometry.crop` takes."""

    width: Annotated[int, _WIDTH]
    height: Annotated[int, _HEIGHT]
    x: Annotated[int, _X] | None = None
    y: Annotated[int, _Y] | None = None


class Scale(Params, frozen=True, kw_only=True):
    """What `geometry.scale` takes."""

    width: Annotated[int, number(2, LARGEST, "The new width; null keeps proportions.", unit="pixels")] | None
    height: (
        Annotated[int, number(2, LARGEST, "The new height; null keeps proportions.", unit="pixels")] | None
    ) = None
    scaler: Annotated[Scaler, hint("How pixels are calculated.")] = "bicubic"


class FitFrame(Params, frozen=True, kw_only=True):
    """What `geometry.fit` takes."""

    width: Annotated[int, _WIDTH]
    height: Annotated[int, _HEIGHT]
    how: Annotated[Fit, hint("All of it with bars, edges cut off, or out of proportion.")] = "fit"
    color: Annotated[str, _GROUND] = "black"


class Pad(Params, frozen=True, kw_only=True):
    """What `geometry.pad` takes."""

    width: Annotated[int, _WIDTH]
    height: Annotated[int, _HEIGHT]
    x: Annotated[int, _X] | None = None
    y: Annotated[int, _Y] | None = None
    color: Annotated[str, _GROUND] = "black"


class Rotate(Params, frozen=True, kw_only=True):
    """What `geometry.rotate` takes."""

    degrees: Annotated[float, number(-360, 360, "How far it turns clockwise.", unit="degrees")] = 90
    grow: Annotated[bool, hint("Whether the frame gets as large as the turned picture needs.")] = True
    color: Annotated[str, _GROUND] = "black"
    alpha: (
        Annotated[float, number(0, 1, "How much the ground hides what is behind; null for all.")] | None
    ) = None


class Flip(Params, frozen=True, kw_only=True):
    """What `geometry.flip` takes."""

    axis: Annotated[Axis, hint("Left for right (horizontal), or upside down (vertical).")] = "horizontal"


class ZoomPan(Params, frozen=True, kw_only=True):
    """A window that goes from one place of the picture to another while it lasts."""

    start_zoom: Annotated[float, number(1, 10, "How many times as large it starts.")] = 1
    end_zoom: Annotated[float, number(1, 10, "How many times as large it ends.")] = 1.5
    start_x: Annotated[float, number(0, 1, "Where it looks first: 0 is left, 1 is right.")] = 0.5
    start_y: Annotated[float, number(0, 1, "Where it looks first: 0 is the top, 1 the bottom.")] = 0.5
    end_x: Annotated[float, number(0, 1, "Where it looks last: 0 is left, 1 is right.")] = 0.5
    end_y: Annotated[float, number(0, 1, "Where it looks last: 0 is the top, 1 the bottom.")] = 0.5


def _crop(params: Crop, context: Context, path: str) -> Built:
    for side, at, start, known in (
        ("width", "x", params.x, context.width),
        ("height", "y", params.y, context.height),
    ):
        length = getattr(params, side)
        if known and length + (start or 0) > known:
            raise BadRequest(
                f"A cut of {length} pixels from {start or 0} on does not fit: the {side} is {known}.",
                hint=f"Give at most {known}, together with {at}.",
                path=f"{path}.params.{side}",
            )
    return Built(
        video=geometry.crop(params.width, params.height, x=params.x, y=params.y, path=f"{path}.params")
    )


def _pad(params: Pad, context: Context, path: str) -> Built:
    for side, at, start, known in (
        ("width", "x", params.x, context.width),
        ("height", "y", params.y, context.height),
    ):
        length = getattr(params, side)
        if known and length < known + (start or 0):
            raise BadRequest(
                f"The picture does not fit on a ground of {length} pixels: its {side} is {known}.",
                hint=f"Give at least {known}, and {at} more.",
                path=f"{path}.params.{side}",
            )
    ground = geometry.pad(
        params.width, params.height, x=params.x, y=params.y, color=params.color, path=f"{path}.params"
    )
    return Built(video=ground)


def _zoom_pan(params: ZoomPan, context: Context, path: str) -> Built:
    seconds = Fraction(context.duration_us or 1_000_000, 1_000_000)
    share = clip(_TIME / seconds, 0, 1)

    def passing(start: float, end: float) -> tuple[Fraction, Fraction]:
        first, last = Fraction(repr(start)), Fraction(repr(end))
        return first, last - first

    (zoom, zooming), (x, across), (y, down) = (
        passing(params.start_zoom, params.end_zoom),
        passing(params.start_x, params.end_x),
        passing(params.start_y, params.end_y),
    )
    return Built(
        video=geometry.zoom(
            zoom + zooming * share,
            x=(_IW - _IW / _ZOOM) * (x + across * share),
            y=(_IH - _IH / _ZOOM) * (y + down * share),
            size=(context.width or _UNKNOWN[0], context.height or _UNKNOWN[1]),
            rate=context.frame_rate,
            path=path,
        )
    )


def _framing(name: str, summary: str, params: type[Params], example: dict[str, object]) -> Definition:
    return Definition(
        name=name,
        summary=summary,
        kind="video",
        category="frame",
        params=params,
        builder=_BUILDERS[name],
        example=example,
        resizes=name not in ("flip", "zoom_pan"),
        limitable=name == "flip",
        alpha=name == "rotate",
    )


_BUILDERS: dict[str, Build] = {
    "crop": _crop,
    "scale": picture(geometry.scale),
    "fit": picture(geometry.fit),
    "pad": _pad,
    "rotate": picture(geometry.rotate),
    "flip": picture(geometry.flip),
    "zoom_pan": _zoom_pan,
}
DEFINITIONS = (
    _framing(
        "crop", "Cuts a rectangle out of the picture.", Crop, {"width": 160, "height": 90, "x": 40, "y": 20}
    ),
    _framing("scale", "Makes the picture larger or smaller.", Scale, {"width": 160, "height": None}),
    _framing(
        "fit",
        "Brings the picture into a frame of another shape.",
        FitFrame,
        {"width": 180, "height": 320, "how": "fit", "color": "black"},
    ),
    _framing(
        "pad", "Puts the picture on a larger ground.", Pad, {"width": 400, "height": 240, "color": "white"}
    ),
    _framing("rotate", "Turns the picture by any angle.", Rotate, {"degrees": 30}),
    _framing("flip", "Mirrors the picture.", Flip, {"axis": "horizontal"}),
    _framing(
        "zoom_pan",
        "Moves slowly over the picture and closer to it, as over a photograph (Ken Burns).",
        ZoomPan,
        {"start_zoom": 1, "end_zoom": 2, "end_x": 0.8},
    ),
)
