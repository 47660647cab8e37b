"""Text on the picture, by ``drawtext``. What is written is never expanded: no ``%{...}``, no file, no other filter."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from clipwright.errors import BadRequest
from clipwright.filters.colours import colour
from clipwright.filters.escaping import drawtext_text
from clipwright.filters.expression import Expr, Operand, call, clip, expression, knowing, variables
from clipwright.filters.graph import File, Filter, FilterChain, Value, chain, use
from clipwright.filters.ranges import Number, one_of, plain, time, whole, within

Position = Literal[
    "top_left", "top_center", "top_right",
    "middle_left", "center", "middle_right",
    "bottom_left", "bottom_center", "bottom_right",
]  # fmt: skip
"""Where a text may stand."""
KNOWN = ("w", "h", "text_w", "text_h", "line_h", "t", "n", "dar", "sar", "main_w", "main_h")
"""What drawtext's expressions may ask for: sizes in pixels, `t` in seconds, `n` in frames."""

_W, _H, _TEXT_W, _TEXT_H, _T = variables("w", "h", "text_w", "text_h", "t")


class TextStyle(msgspec.Struct, frozen=True, kw_only=True):
    """How a text looks. Sizes are pixels: `size` 8 to 256, the others 0 to 200; opacities 0 to 1."""

    size: Number = 48
    color: str = "white"
    alpha: Number = 1
    box_color: str | None = None
    box_color_alpha: Number = 0.5
    box_border: int = 10
    shadow: int = 0
    shadow_color: str = "black"
    outline: int = 0
    outline_color: str = "black"
    line_spacing: int = 0


class TextPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a text stands: at a preset, `margin` pixels (0 to 2000) from the edges, unless `x` and `y` say."""

    position: Position = "bottom_center"
    margin: int = 10
    x: Operand | None = None
    y: Operand | None = None


class TextTime(msgspec.Struct, frozen=True, kw_only=True):
    """When a text shows, in microseconds: from `start_us` until before `end_us`, and how long it fades."""

    start_us: int = 0
    end_us: int | None = None
    fade_in_us: int = 0
    fade_out_us: int = 0


_STYLE, _PLACE, _TIME = TextStyle(), TextPlace(), TextTime()


def text(
    words: str,
    font: File,
    *,
    style: TextStyle = _STYLE,
    place: TextPlace = _PLACE,
    when: TextTime = _TIME,
    path: str = "$",
) -> FilterChain:
    """`words` (1 to 10 000 characters) on the picture as they are, in the font file `font`."""
    shown = plain(words, f"{path}.text")
    return chain(_drawn({"text": shown, "expansion": "none"}, font, style, place, when, path))


def clock(
    font: File,
    *,
    before: str = "",
    style: TextStyle = _STYLE,
    place: TextPlace = _PLACE,
    when: TextTime = _TIME,
    path: str = "$",
) -> FilterChain:
    """The picture’s own time as ``hh:mm:ss.mmm``, after a blank and the text `before`, which is shown as it is."""
    lead = drawtext_text(plain(before, f"{path}.before")) if before else ""
    said = {"text": f"{lead}%{{pts:hms}}", "expansion": "normal"}
    return chain(_drawn(said, font, style, place, when, path))


def _drawn(
    said: dict[str, str], font: File, style: TextStyle, place: TextPlace, when: TextTime, path: str
) -> Filter:  # fmt: skip
    x, y = _where(place, path)
    return use(
        "drawtext",
        fontfile=font,
        **said,
        **_look(style, path),
        x=x,
        y=y,
        alpha=_alpha(style, when, path),
        enable=_shown(when, path),
    )


def _look(style: TextStyle, path: str) -> dict[str, Value]:
    look: dict[str, Value] = {
        "fontsize": within(style.size, 8, 256, f"{path}.size", unit="pixels"),
        "fontcolor": colour(style.color, f"{path}.color"),
    }
    if style.box_color is not None:
        look["box"] = 1
        look["boxcolor"] = colour(style.box_color, f"{path}.box_color", style.box_color_alpha)
        look["boxborderw"] = whole(style.box_border, 0, 200, f"{path}.box_border", unit="pixels")
    if shadow := whole(style.shadow, 0, 200, f"{path}.shadow", unit="pixels"):
        look |= {"shadowx": shadow, "shadowy": shadow}
        look["shadowcolor"] = colour(style.shadow_color, f"{path}.shadow_color")
    if outline := whole(style.outline, 0, 200, f"{path}.outline", unit="pixels"):
        look["borderw"] = outline
        look["bordercolor"] = colour(style.outline_color, f"{path}.outline_color")
    if spacing := whole(style.line_spacing, 0, 200, f"{path}.line_spacing", unit="pixels"):
        look["line_spacing"] = spacing
    return look


def _where(place: TextPlace, path: str) -> tuple[Expr, Expr]:
    position = one_of(place.position, get_args(Position), f"{path}.position")
    margin = whole(place.margin, 0, 2000, f"{path}.margin", unit="pixels")
    row, _, column = position.partition("_")
    across = {"left": expression(margin), "right": _W - _TEXT_W - margin}
    down = {"top": expression(margin), "bottom": _H - _TEXT_H - margin}
    x: Operand = across.get(column, (_W - _TEXT_W) / 2) if place.x is None else place.x
    y: Operand = down.get(row, (_H - _TEXT_H) / 2) if place.y is None else place.y
    return knowing(x, KNOWN, f"{path}.x"), knowing(y, KNOWN, f"{path}.y")


def _alpha(style: TextStyle, when: TextTime, path: str) -> Expr | None:
    alpha = within(style.alpha, 0, 1, f"{path}.alpha")
    start, rise, fall = (
        time(us, f"{path}.{name}")
        for us, name in (
            (when.start_us, "start_us"),
            (when.fade_in_us, "fade_in_us"),
            (when.fade_out_us, "fade_out_us"),
        )
    )
    slopes: list[Expr] = []
    if rise:
        slopes.append((_T - start) / rise)
    if fall:
        if when.end_us is None:
            raise BadRequest(
                "A text that never ends cannot fade out.", hint="Give its end.", path=f"{path}.end_us"
            )
        slopes.append((time(when.end_us, f"{path}.end_us") - _T) / fall)
    if not slopes:
        return None if alpha == 1 else expression(alpha)
    slope = slopes[0] if len(slopes) == 1 else call("min", *slopes)
    return clip(slope, 0, 1) if alpha == 1 else alpha * clip(slope, 0, 1)


def _shown(when: TextTime, path: str) -> Expr | None:
    start = time(when.start_us, f"{path}.start_us")
    begun = call("gte", _T, start) if start else None
    if when.end_us is None:
        return begun
    if when.end_us <= when.start_us:
        raise BadRequest("The text ends before it starts.", hint="Give a later end.", path=f"{path}.end_us")
    running = call("lt", _T, time(when.end_us, f"{path}.end_us"))
    return running if begun is None else begun * running
