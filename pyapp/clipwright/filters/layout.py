"""Where several pictures stand in one frame: templates in parts of the frame, and their pixels.

A Cell is a part of the frame, in fractions of its width and height. The first cell lies lowest, later ones are laid
over it. `place` says in whole pixels what is cut out of a picture and where in the frame that is scaled to. Edges
become pixels, never widths, so cells that share an edge share it in pixels too: no seam, whatever the frame's size.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

import msgspec

from clipwright.errors import BadRequest
from clipwright.framerate import round_half_up

Fit = Literal["fill", "fit", "stretch"]
"""Cover the cell and cut off what is too much; show all of it inside the cell; cover it and distort."""
AlignX = Literal["left", "center", "right"]
AlignY = Literal["top", "center", "bottom"]
Corner = Literal["top_left", "top_right", "bottom_left", "bottom_right"]

ASPECTS: dict[str, Fraction] = {
    name: Fraction(*map(int, name.split(":"))) for name in ("16:9", "9:16", "1:1", "4:3", "21:9")
}
"""The shapes of frames that people know by name; `frame_size` takes any other, too."""

MAX_SIDE = 16_384
"""No frame or picture may have more pixels on a side."""
MAX_CELLS = 64
"""No layout may have more cells."""
GRID = 2
"""Edges lie on even pixels, because colour is stored for pairs of them in 4:2:0."""

_FINEST = 10_000
"""Fractions are read as the nearest with at most this denominator: 0.3333333 is a third, 0.1 + 0.2 is 3/10."""
_ALIGNED: dict[str, Fraction] = {
    "left": Fraction(0),
    "top": Fraction(0),
    "center": Fraction(1, 2),
    "right": Fraction(1),
    "bottom": Fraction(1),
}
_ASPECT = re.compile(r"(\d{1,5}(?:\.\d{1,4})?)[:x/](\d{1,5}(?:\.\d{1,4})?)", re.ASCII)


class Size(NamedTuple):
    """Pixels."""

    width: int
    height: int


class Box(NamedTuple):
    """A rectangle in pixels, its top left corner counted from 0."""

    x: int
    y: int
    width: int
    height: int


class Slant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A slanting left edge: where it meets the top and the bottom of the frame, in widths of the frame.

    What lies left of it shows the cells below.
    """

    top: float
    bottom: float


class Cell(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of the frame, from 0 to 1, and how a picture stands in it."""

    x: float = 0.0
    y: float = 0.0
    width: float = 1.0
    height: float = 1.0
    fit: Fit = "fill"
    align_x: AlignX = "center"
    align_y: AlignY = "center"
    slant: Slant | None = None


Cells = tuple[Cell, ...]
WHOLE = Cell(fit="fit")
"""The whole frame, with all of the picture in it."""


class Placement(NamedTuple):
    """`crop` is cut out of the picture, in its own pixels, and scaled to `box` of the frame.

    `slant` is where the left edge meets the top and bottom of `box`, in pixels from its left; None where it is upright.
    """

    crop: Box
    box: Box
    slant: tuple[int, int] | None = None


def frame_size(aspect: str, short_side: int = 1080) -> Size:
    """A frame of that shape, ``16:9`` or ``1920x800`` or ``2.39:1``, whose shorter side has `short_side` pixels.

    Both sides are even. Raises BadRequest for what is no aspect and for frames that are too small or too big.
    """
    match = _ASPECT.fullmatch(aspect.strip(" "))
    shape = [Fraction(number) for number in match.groups()] if match else []
    if len(shape) != 2 or not all(shape):
        raise BadRequest(
            f'"{aspect[:40]}" is not the shape of a frame.',
            hint=f"Write {', '.join(ASPECTS)} or any other width:height.",
            path="$.aspect",
        )
    ratio = shape[0] / shape[1]
    longer = _nearest(short_side * max(ratio, 1 / ratio), GRID)
    short = _nearest(Fraction(short_side), GRID)
    if short < GRID or longer > MAX_SIDE:
        raise BadRequest(
            f"A frame of {aspect.strip()} with {short_side} pixels on its shorter side cannot be made.",
            hint=f"Sides have {GRID} to {MAX_SIDE} pixels.",
            path="$.short_side",
        )
    return Size(longer, short) if ratio >= 1 else Size(short, longer)


def picture_in_picture(corner: Corner = "bottom_right", size: float = 0.25, margin: float = 0.02) -> Cells:
    """One picture all over, another in a corner, `size` and `margin` in widths and heights of the frame."""
    far = float(1 - _exact(margin) - _exact(size))
    x = margin if corner.endswith("left") else far
    y = margin if corner.startswith("top") else far
    return checked((Cell(), Cell(x=x, y=y, width=size, height=size, fit="fit")))


def side_by_side(split: float = 0.5) -> Cells:
    """Left and right, the left one `split` wide."""
    right = float(1 - _exact(split))
    return checked((Cell(width=split), Cell(x=split, width=right)))


def top_and_bottom(split: float = 0.5) -> Cells:
    """One above the other, the upper one `split` high."""
    lower = float(1 - _exact(split))
    return checked((Cell(height=split), Cell(y=split, height=lower)))


def grid(columns: int = 2, rows: int = 2) -> Cells:
    """Equal cells, row by row; 2 x 2 if not told otherwise, at most `MAX_CELLS`."""
    if columns < 1 or rows < 1 or columns * rows > MAX_CELLS:
        raise BadRequest(
            f"A grid of {columns} x {rows} cells cannot be made.",
            hint=f"Give 1 to {MAX_CELLS} cells.",
            path="$.layout",
        )
    return tuple(
        Cell(x=column / columns, y=row / rows, width=1 / columns, height=1 / rows)
        for row in range(rows)
        for column in range(columns)
    )


def vertical(count: int = 2) -> Cells:
    """`count` upright strips of one width, from left to right."""
    return grid(count, 1)


def horizontal(count: int = 2) -> Cells:
    """`count` strips of one height, from top to bottom."""
    return grid(1, count)


def diagonal(count: int = 2, lean: float = 0.2) -> Cells:
    """`count` strips from left to right with slanting edges between them.

    An edge meets the top of the frame `lean` widths further right than the bottom; below zero it leans the other way.
    Each strip reaches under the next one, so nothing shows through between them. Raises BadRequest for edges that
    would leave the frame.
    """
    upright = grid(count, 1)
    half = abs(_exact(lean)) / 2
    if count > 1 and half >= Fraction(1, count):
        raise BadRequest(
            f"Edges that lean by {lean} leave the frame.",
            hint=f"Let {count} strips lean by less than {2 / count:.3g}.",
            path="$.layout",
        )
    cells = []
    for number in range(count):
        left, right = Fraction(number, count), Fraction(number + 1, count)
        near = left - half if number else left
        far = right + half if number + 1 < count else right
        tilt = _exact(lean) / 2
        slant = Slant(top=float(left + tilt), bottom=float(left - tilt)) if number else None
        cells.append(
            msgspec.structs.replace(upright[number], x=float(near), width=float(far - near), slant=slant)
        )
    return tuple(cells)


def misfit(cell: Cell) -> tuple[str, str] | None:
    """What is wrong with a cell, as the field's name and a sentence; None if nothing is."""
    for field in ("x", "y", "width", "height"):
        value = getattr(cell, field)
        if not math.isfinite(value) or not 0 <= value <= 1:
            return field, f"{value} is no part of the frame; parts are 0 to 1."
    for start, length in (("x", "width"), ("y", "height")):
        if _exact(getattr(cell, length)) <= 0:
            return length, "A cell of no size shows nothing."
        if _end(getattr(cell, start), getattr(cell, length)) > 1:
            return length, f"The cell leaves the frame: its {start} and {length} are more than 1 together."
    for field in ("top", "bottom") if cell.slant else ():
        value = getattr(cell.slant, field)
        if not math.isfinite(value) or not 0 <= value <= 1:
            return f"slant.{field}", f"{value} lies outside the frame; its width goes from 0 to 1."
    return None


def checked(cells: Sequence[Cell], path: str = "$.layout") -> Cells:
    """The cells, if all of them are parts of the frame. Raises BadRequest for the first that is not."""
    if len(cells) > MAX_CELLS:
        raise BadRequest(
            f"A layout of {len(cells)} cells is too long.", hint=f"Give at most {MAX_CELLS}.", path=path
        )
    for number, cell in enumerate(cells):
        if wrong := misfit(cell):
            raise BadRequest(
                f"Cell {number + 1}: {wrong[1]}",
                hint="Keep the cell inside the frame.",
                path=f"{path}[{number}].{wrong[0]}",
            )
    return tuple(cells)


def box_of(cell: Cell, frame: Size) -> Box:
    """The pixels of a cell in a frame. Raises BadRequest where it would hold none, or some outside."""
    checked((cell,))
    left, right = _edge(_exact(cell.x), frame.width), _edge(_end(cell.x, cell.width), frame.width)
    top, bottom = _edge(_exact(cell.y), frame.height), _edge(_end(cell.y, cell.height), frame.height)
    if right <= left or bottom <= top:
        raise BadRequest(
            f"A cell is too small for a frame of {frame.width} x {frame.height} pixels.",
            hint=f"Give it at least {GRID} pixels each way.",
            path="$.layout",
        )
    return Box(left, top, right - left, bottom - top)


@lru_cache(maxsize=1024)
def place(cell: Cell, picture: Size, frame: Size) -> Placement:
    """How a picture of that size comes to stand in a cell of that frame. Raises BadRequest for impossible sizes."""
    for size in (picture, frame):
        if not (1 <= size.width <= MAX_SIDE and 1 <= size.height <= MAX_SIDE):
            raise BadRequest(
                f"{size.width} x {size.height} pixels are no picture.",
                hint=f"Sides have 1 to {MAX_SIDE} pixels.",
                path="$.size",
            )
    box = box_of(cell, frame)
    whole = Box(0, 0, *picture)
    slant = _slant(cell, box, frame)
    if cell.fit == "fill":
        kept = _largest(Size(box.width, box.height), picture)
        return Placement(_aligned(kept, whole, cell), box, slant)
    if cell.fit == "fit":
        shown = _aligned(_largest(picture, Size(box.width, box.height)), box, cell)
        moved = slant and (slant[0] + box.x - shown.x, slant[1] + box.x - shown.x)
        return Placement(whole, shown, moved)
    return Placement(whole, box, slant)


def _slant(cell: Cell, box: Box, frame: Size) -> tuple[int, int] | None:
    """Where the edge meets the top and bottom of `box`, which need not be those of the frame.

    It is rounded as upright edges are, so that it never lies right of where the strip below it ends.
    """
    if cell.slant is None:
        return None
    top, bottom = _exact(cell.slant.top) * frame.width, _exact(cell.slant.bottom) * frame.width
    slope = (bottom - top) / frame.height
    ends = (top + slope * box.y, top + slope * (box.y + box.height))
    return _nearest(ends[0], GRID) - box.x, _nearest(ends[1], GRID) - box.x


def _largest(shape: Size, room: Size) -> Size:
    """The largest rectangle of that shape in the room, on the grid where there is room for it."""
    if room.width * shape.height <= room.height * shape.width:
        height = _nearest(Fraction(room.width * shape.height, shape.width), GRID)
        return Size(room.width, min(room.height, max(GRID, height)))
    width = _nearest(Fraction(room.height * shape.width, shape.height), GRID)
    return Size(min(room.width, max(GRID, width)), room.height)


def _aligned(size: Size, room: Box, cell: Cell) -> Box:
    x = _offset(room.width - size.width, _ALIGNED[cell.align_x])
    y = _offset(room.height - size.height, _ALIGNED[cell.align_y])
    return Box(room.x + x, room.y + y, size.width, size.height)


def _offset(space: int, part: Fraction) -> int:
    return space if part == 1 else math.floor(space * part / GRID) * GRID


def _edge(part: Fraction, length: int) -> int:
    return length if part == 1 else min(length, _nearest(part * length, GRID))


def _end(start: float, length: float) -> Fraction:
    return (_exact(start) + _exact(length)).limit_denominator(_FINEST)


@lru_cache(maxsize=1024)
def _exact(part: float) -> Fraction:
    if not math.isfinite(part):
        raise BadRequest(
            f"{part} is no part of the frame.", hint="Give a number from 0 to 1.", path="$.layout"
        )
    return Fraction(part).limit_denominator(_FINEST)


def _nearest(value: Fraction, grid: int) -> int:
    return grid * round_half_up(value / grid)
