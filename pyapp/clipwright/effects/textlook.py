"""How a text looks and where it stands: the parameters of texts on the picture, and the style of clips that say one."""

from __future__ import annotations

from typing import Annotated

from clipwright.effects.definition import Params
from clipwright.effects.fields import colour, hint, microseconds, number
from clipwright.filters.text import Position, TextPlace, TextStyle, TextTime


class TextLook(Params, frozen=True, kw_only=True):
    """What `text.TextStyle`, `TextPlace` and `TextTime` take. Sizes count in pixels of the frame that comes out."""

    size: Annotated[float, number(8, 256, "How high the letters are.", unit="pixels")] = 48
    color: Annotated[str, colour("The letters' colour.")] = "white"
    alpha: Annotated[float, number(0, 1, "How much hides what is behind; 0 is nothing.")] = 1
    box_color: Annotated[str, colour("The colour of a box behind the text; null for none.")] | None = None
    box_color_alpha: Annotated[float, number(0, 1, "How much the box hides what is behind it.")] = 0.5
    box_border: Annotated[int, number(0, 200, "How far the box reaches beyond the text.", unit="pixels")] = 10
    shadow: Annotated[int, number(0, 200, "How far below and right the shadow falls.", unit="pixels")] = 0
    shadow_color: Annotated[str, colour("The shadow's colour.")] = "black"
    outline: Annotated[int, number(0, 200, "How wide the line around the letters is.", unit="pixels")] = 0
    outline_color: Annotated[str, colour("The outline's colour.")] = "black"
    line_spacing: Annotated[int, number(0, 200, "How much further lines are apart.", unit="pixels")] = 0
    position: Annotated[Position, hint("Where the text stands in the frame.")] = "bottom_center"
    margin: Annotated[int, number(0, 2000, "How far from the frame's edges.", unit="pixels")] = 10
    x: (
        Annotated[float, number(-16_384, 16_384, "Its left edge, instead of position.", unit="pixels")] | None
    ) = None
    y: (
        Annotated[float, number(-16_384, 16_384, "Its upper edge, instead of position.", unit="pixels")]
        | None
    ) = None
    fade_in_us: Annotated[int, microseconds("How long it takes to appear.")] = 0
    fade_out_us: Annotated[int, microseconds("How long it takes to vanish before its end.")] = 0

    @property
    def style(self) -> TextStyle:
        """How the letters look."""
        return TextStyle(
            size=self.size,
            color=self.color,
            alpha=self.alpha,
            box_color=self.box_color,
            box_color_alpha=self.box_color_alpha,
            box_border=self.box_border,
            shadow=self.shadow,
            shadow_color=self.shadow_color,
            outline=self.outline,
            outline_color=self.outline_color,
            line_spacing=self.line_spacing,
        )

    @property
    def place(self) -> TextPlace:
        """Where it stands."""
        return TextPlace(position=self.position, margin=self.margin, x=self.x, y=self.y)

    def when(self, start_us: int = 0, end_us: int | None = None) -> TextTime:
        """How it comes and goes, shown from `start_us` until before `end_us`."""
        return TextTime(
            start_us=start_us, end_us=end_us, fade_in_us=self.fade_in_us, fade_out_us=self.fade_out_us
        )
