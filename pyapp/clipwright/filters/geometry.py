"""Where the picture is: cut out, scaled, turned, mirrored, put on a larger ground, zoomed into."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, get_args

from clipwright.errors import BadRequest
from clipwright.filters.colours import colour
from clipwright.filters.expression import Expr, Operand, call, knowing, variables
from clipwright.filters.graph import Filter, FilterChain, Value, chain, use
from clipwright.filters.ranges import Number, one_of, whole, within

Fit = Literal["fit", "fill", "stretch"]
"""Into a frame: all of the picture with bars, all of the frame with edges cut off, or out of proportion."""
Axis = Literal["horizontal", "vertical"]
Scaler = Literal["bilinear", "bicubic", "lanczos", "area", "neighbor"]
LARGEST = 16_384
"""The longest side of a picture, in pixels."""
ZOOM_KNOWN = (
    "in_w",
    "in_h",
    "iw",
    "ih",
    "on",
    "in",
    "zoom",
    "pzoom",
    "x",
    "y",
    "px",
    "py",
    "duration",
    "time",
)
"""What the expressions of `zoom` may ask for: `on` counts the pictures that come out."""

_PI, _OW, _OH, _IW, _IH, _ZOOM = variables("PI", "ow", "oh", "iw", "ih", "zoom")


def crop(
    width: int, height: int, *, x: int | None = None, y: int | None = None, path: str = "$"
) -> FilterChain:
    """A rectangle out of the picture, in pixels; from its middle unless `x` and `y` say where it starts."""
    return chain(
        use(
            "crop",
            w=_side(width, f"{path}.width"),
            h=_side(height, f"{path}.height"),
            x=None if x is None else whole(x, 0, LARGEST, f"{path}.x", unit="pixels"),
            y=None if y is None else whole(y, 0, LARGEST, f"{path}.y", unit="pixels"),
            exact=1,
        )
    )


def scale(
    width: int | None, height: int | None, *, scaler: Scaler = "bicubic", path: str = "$"
) -> FilterChain:
    """A picture of this size in pixels; one side may be None, which keeps the proportions and makes it even."""
    if width is None and height is None:
        raise BadRequest(
            "A new size needs a side.", hint="Give the width or the height.", path=f"{path}.width"
        )
    return chain(
        use(
            "scale",
            w=-2 if width is None else _side(width, f"{path}.width"),
            h=-2 if height is None else _side(height, f"{path}.height"),
            flags=one_of(scaler, get_args(Scaler), f"{path}.scaler"),
        )
    )


def fit(width: int, height: int, how: Fit = "fit", *, color: str = "black", path: str = "$") -> FilterChain:
    """A picture of exactly this size with square pixels: all of it with bars of `color`, filled, or stretched."""
    w, h = _side(width, f"{path}.width"), _side(height, f"{path}.height")
    one_of(how, get_args(Fit), f"{path}.how")
    ground = colour(color, f"{path}.color")
    ratio = {"fit": "decrease", "fill": "increase"}.get(how)
    steps = [use("scale", w=w, h=h, flags="bicubic", force_original_aspect_ratio=ratio)]
    if how == "fit":
        steps.append(use("pad", width=w, height=h, x=(_OW - _IW) / 2, y=(_OH - _IH) / 2, color=ground))
    if how == "fill":
        steps.append(use("crop", w=w, h=h, exact=1))
    return chain(*steps, use("setsar", sar=1))


def pad(
    width: int,
    height: int,
    *,
    x: int | None = None,
    y: int | None = None,
    color: str = "black",
    path: str = "$",
) -> FilterChain:
    """The picture on a ground of this size, in its middle unless `x` and `y` say where, in pixels."""
    return chain(
        use(
            "pad",
            width=_side(width, f"{path}.width"),
            height=_side(height, f"{path}.height"),
            x=(_OW - _IW) / 2 if x is None else whole(x, 0, LARGEST, f"{path}.x", unit="pixels"),
            y=(_OH - _IH) / 2 if y is None else whole(y, 0, LARGEST, f"{path}.y", unit="pixels"),
            color=colour(color, f"{path}.color"),
        )
    )


def rotate(
    degrees: Number, *, grow: bool = True, color: str = "black", alpha: Number | None = None, path: str = "$"
) -> FilterChain:
    """The picture turned clockwise by -360 to 360 degrees; quarters are exact.

    With `grow` the frame gets as large as the turned picture needs; otherwise the corners are cut off.
    """
    angle = within(degrees, -360, 360, f"{path}.degrees", unit="degrees")
    ground = colour(color, f"{path}.color", alpha)
    turns = angle % 360 / 90
    if turns.denominator == 1 and (grow or turns in (0, 2)):
        return chain(*_QUARTERS[int(turns)])
    radians = angle * _PI / 180
    size: dict[str, Value] = {}
    if grow:
        size = {"ow": _turned(_IW, _IH, radians), "oh": _turned(_IH, _IW, radians)}
    # Without a plane for it, what should let through would be black.
    clear = () if alpha is None else (use("format", pix_fmts="yuva444p"),)
    return chain(*clear, use("rotate", angle=radians, **size, fillcolor=ground))


def flip(axis: Axis, *, path: str = "$") -> FilterChain:
    """The picture mirrored: left for right, or upside down."""
    return chain(use("hflip" if one_of(axis, get_args(Axis), f"{path}.axis") == "horizontal" else "vflip"))


def zoom(
    factor: Operand = Fraction(3, 2),
    *,
    x: Operand | None = None,
    y: Operand | None = None,
    frames: int = 1,
    size: tuple[int, int] = (1920, 1080),
    rate: Number = 30,
    path: str = "$",
) -> FilterChain:
    """A window that moves and grows: `factor` 1 to 10 or an expression, `x` and `y` its corner in the picture.

    Each picture that comes in gives `frames` (1 to 100 000; 125 makes a still move for seconds), `size` in pixels,
    `rate` (1 to 240) in pictures per second. Without `x` and `y` it stays in the middle.
    """
    known = factor if isinstance(factor, Expr) else within(factor, 1, 10, f"{path}.factor")
    width, height = (_side(side, f"{path}.size[{place}]") for place, side in enumerate(size))
    return chain(
        use(
            "zoompan",
            zoom=knowing(known, ZOOM_KNOWN, f"{path}.factor"),
            x=knowing((_IW - _IW / _ZOOM) / 2 if x is None else x, ZOOM_KNOWN, f"{path}.x"),
            y=knowing((_IH - _IH / _ZOOM) / 2 if y is None else y, ZOOM_KNOWN, f"{path}.y"),
            d=whole(frames, 1, 100_000, f"{path}.frames"),
            s=f"{width}x{height}",
            fps=within(rate, 1, 240, f"{path}.rate"),
        )
    )


_QUARTERS: tuple[tuple[Filter, ...], ...] = (
    (use("null"),),
    (use("transpose", dir="clock"),),
    (use("hflip"), use("vflip")),
    (use("transpose", dir="cclock"),),
)


def _turned(along: Expr, across: Expr, radians: Expr) -> Expr:
    """How long a side is that holds the turned picture; even, so that chroma fits."""
    need = along * call("abs", call("cos", radians)) + across * call("abs", call("sin", radians))
    return 2 * call("ceil", need / 2 - Fraction(1, 1000))


def _side(value: int, path: str) -> int:
    return whole(value, 2, LARGEST, path, unit="pixels")
