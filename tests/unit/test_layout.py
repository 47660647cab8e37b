"""Layouts: every pixel belongs to a cell, no cell leaves the frame, and pictures keep their shape where they should."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clipwright.errors import BadRequest
from clipwright.filters import layout
from clipwright.filters.layout import ASPECTS, GRID, Box, Cell, Cells, Size, Slant

repeatable = settings(deadline=None, derandomize=True, database=None, max_examples=50)

FULL_HD = Size(1920, 1080)
sizes = st.builds(Size, st.integers(16, 5000), st.integers(16, 5000))
even_sizes = st.builds(Size, *[st.integers(8, 2500).map(lambda half: 2 * half)] * 2)
fits = st.sampled_from(("fill", "fit", "stretch"))


@st.composite
def cells(draw: st.DrawFn) -> Cell:
    edges = [sorted(draw(st.lists(st.integers(0, 64), min_size=2, max_size=2, unique=True))) for _ in "xy"]
    (left, right), (top, bottom) = edges
    return Cell(
        x=left / 64,
        y=top / 64,
        width=(right - left) / 64,
        height=(bottom - top) / 64,
        fit=draw(fits),
        align_x=draw(st.sampled_from(("left", "center", "right"))),
        align_y=draw(st.sampled_from(("top", "center", "bottom"))),
    )


def inside(box: Box, room: Box) -> bool:
    return (
        room.x <= box.x
        and room.y <= box.y
        and box.x + box.width <= room.x + room.width
        and box.y + box.height <= room.y + room.height
        and box.width > 0
        and box.height > 0
    )


def tiled(boxes: list[Box], frame: Size) -> bool:
    """Whether the boxes are the frame, each pixel once: they do not overlap, and their areas add up."""
    apart = all(
        a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        for number, a in enumerate(boxes)
        for b in boxes[number + 1 :]
    )
    return apart and sum(box.width * box.height for box in boxes) == frame.width * frame.height


# Shapes of frames


@pytest.mark.parametrize(
    ("aspect", "size"),
    [
        ("16:9", (1920, 1080)),
        ("9:16", (1080, 1920)),
        ("1:1", (1080, 1080)),
        ("4:3", (1440, 1080)),
        ("21:9", (2520, 1080)),
        ("2.39:1", (2582, 1080)),
        ("1920x800", (2592, 1080)),
        ("4/5", (1080, 1350)),
    ],
)
def test_frames_of_known_and_other_shapes(aspect: str, size: tuple[int, int]) -> None:
    assert layout.frame_size(aspect) == size


@pytest.mark.parametrize(
    "aspect", ["", "16", "0:9", "16:0", "a:b", "nan:1", "-16:9", "9" * 6 + ":1", "1:1:1"]
)
def test_what_is_no_shape_is_refused(aspect: str) -> None:
    with pytest.raises(BadRequest) as refused:
        layout.frame_size(aspect)
    assert refused.value.path == "$.aspect"


@pytest.mark.parametrize(("aspect", "short"), [("99999:1", 1080), ("1:1", 0), ("1:1", 20_000), ("1:1", -4)])
def test_impossible_frames_are_refused(aspect: str, short: int) -> None:
    with pytest.raises(BadRequest) as refused:
        layout.frame_size(aspect, short)
    assert refused.value.path == "$.short_side"


# Templates


@pytest.mark.parametrize(
    ("corner", "box"),
    [
        ("top_left", (38, 22, 480, 270)),
        ("top_right", (1402, 22, 480, 270)),
        ("bottom_left", (38, 788, 480, 270)),
        ("bottom_right", (1402, 788, 480, 270)),
    ],
)
def test_a_picture_in_each_corner(corner: layout.Corner, box: tuple[int, int, int, int]) -> None:
    main, inset = layout.picture_in_picture(corner)
    assert layout.place(main, FULL_HD, FULL_HD).box == (0, 0, 1920, 1080)
    exact = layout.place(inset, FULL_HD, FULL_HD).box
    assert exact.x == box[0] and exact.y == box[1]
    assert abs(exact.width - box[2]) <= GRID and abs(exact.height - box[3]) <= GRID


def templates() -> st.SearchStrategy[Cells]:
    count = st.integers(1, 7)
    part = st.integers(1, 99).map(lambda percent: percent / 100)
    return st.one_of(
        st.builds(layout.grid, count, count),
        st.builds(layout.vertical, count),
        st.builds(layout.horizontal, count),
        st.builds(layout.side_by_side, part),
        st.builds(layout.top_and_bottom, part),
    )


@repeatable
@given(template=templates(), frame=sizes)
def test_templates_leave_no_seam_and_never_the_frame(template: Cells, frame: Size) -> None:
    try:
        boxes = [layout.box_of(cell, frame) for cell in template]
    except BadRequest:
        # A cell of less than a pixel; test_impossible_layouts_are_refused has one.
        assume(False)
    assert all(inside(box, Box(0, 0, *frame)) for box in boxes)
    assert tiled(boxes, frame)


@repeatable
@given(
    cuts=st.lists(st.integers(1, 999), min_size=1, max_size=6, unique=True).map(sorted),
    frame=st.builds(Size, st.integers(4000, 9000), st.integers(16, 300)),
)
def test_free_cells_that_share_an_edge_share_it_in_pixels(cuts: list[int], frame: Size) -> None:
    # Widths are differences of floats, as people compute them, so x + width is off by a last digit.
    edges = [cut / 1000 for cut in (0, *cuts, 1000)]
    free = [Cell(x=left, width=right - left) for left, right in pairwise(edges)]
    assert tiled([layout.box_of(cell, frame) for cell in layout.checked(free)], frame)


@repeatable
@given(frame=even_sizes, count=st.integers(2, 5), lean=st.integers(-19, 19).map(lambda n: n / 50))
def test_diagonal_strips_cover_every_pixel(frame: Size, count: int, lean: float) -> None:
    strips = layout.diagonal(count, lean)
    placed = [layout.place(cell, FULL_HD, frame) for cell in strips]
    assert all(inside(place.box, Box(0, 0, *frame)) for place in placed)
    for place in placed:
        assert (place.box.y, place.box.height) == (0, frame.height)
    for y in (0, frame.height // 3, frame.height - 1):
        reach = 0
        for place in placed:
            left, right = place.box.x, place.box.x + place.box.width
            if place.slant is not None:
                top, bottom = place.slant
                left += max(0, round(top + (bottom - top) * (y + 0.5) / frame.height))
            assert left <= reach, "nothing shows through between the strips"
            reach = max(reach, right)
        assert reach == frame.width


def test_strips_that_would_leave_the_frame_are_refused() -> None:
    with pytest.raises(BadRequest, match="lean"):
        layout.diagonal(4, 0.5)


# Pictures in cells


@repeatable
@given(cell=cells(), picture=sizes, frame=sizes)
def test_a_picture_stays_in_its_cell_and_in_itself(cell: Cell, picture: Size, frame: Size) -> None:
    try:
        room = layout.box_of(cell, frame)
    except BadRequest:
        assume(False)
    place = layout.place(cell, picture, frame)
    assert inside(place.box, room)
    assert inside(place.crop, Box(0, 0, *picture))
    if cell.fit != "fit":
        assert place.box == room, "the cell is covered"
    if cell.fit != "fill":
        assert place.crop == (0, 0, *picture), "all of the picture is shown"


@repeatable
@given(cell=cells(), picture=even_sizes, frame=even_sizes)
def test_edges_lie_on_even_pixels_and_shapes_are_kept(cell: Cell, picture: Size, frame: Size) -> None:
    try:
        place = layout.place(cell, picture, frame)
    except BadRequest:
        assume(False)
    assert not any(number % GRID for number in place.box)
    assert not any(number % GRID for number in place.crop)
    if cell.fit == "stretch":
        return
    # One side fills its room exactly; the other is what the shape asks for, to the nearest even pixel.
    bounded = place.box if cell.fit == "fit" else place.crop
    shape = Size(*picture) if cell.fit == "fit" else Size(place.box.width, place.box.height)
    by_width = abs(bounded.height - Fraction(bounded.width * shape.height, shape.width))
    by_height = abs(bounded.width - Fraction(bounded.height * shape.width, shape.height))
    assert min(by_width, by_height) <= GRID


@pytest.mark.parametrize(
    ("fit", "x", "crop", "box"),
    [
        ("fill", "left", (0, 0, 608, 1080), (0, 0, 1080, 1920)),
        ("fill", "center", (656, 0, 608, 1080), (0, 0, 1080, 1920)),
        ("fill", "right", (1312, 0, 608, 1080), (0, 0, 1080, 1920)),
        ("fit", "center", (0, 0, 1920, 1080), (0, 656, 1080, 608)),
        ("stretch", "center", (0, 0, 1920, 1080), (0, 0, 1080, 1920)),
    ],
)
def test_a_wide_picture_in_an_upright_frame(
    fit: layout.Fit, x: layout.AlignX, crop: tuple, box: tuple
) -> None:
    place = layout.place(Cell(fit=fit, align_x=x), FULL_HD, Size(1080, 1920))
    assert (place.crop, place.box) == (crop, box)


def test_every_known_aspect_takes_every_template() -> None:
    for aspect in ASPECTS:
        frame = layout.frame_size(aspect)
        for template in (layout.grid(), layout.vertical(3), layout.diagonal(3), layout.picture_in_picture()):
            for cell in template:
                assert inside(layout.place(cell, FULL_HD, frame).box, Box(0, 0, *frame))


# What is refused


NAN = float("nan")


@pytest.mark.parametrize(
    ("cell", "field"),
    [
        (Cell(x=NAN), "x"),
        (Cell(y=float("inf")), "y"),
        (Cell(x=-0.1), "x"),
        (Cell(width=0), "width"),
        (Cell(height=0.000001), "height"),
        (Cell(x=0.5, width=0.6), "width"),
        (Cell(y=0.5, height=0.51), "height"),
        (Cell(width=2), "width"),
        (Cell(slant=Slant(top=NAN, bottom=0)), "slant.top"),
        (Cell(slant=Slant(top=0, bottom=1.5)), "slant.bottom"),
    ],
)
def test_cells_outside_the_frame_are_refused(cell: Cell, field: str) -> None:
    with pytest.raises(BadRequest) as refused:
        layout.checked([Cell(), cell])
    assert refused.value.path == f"$.layout[1].{field}"


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: layout.grid(0, 2),
        lambda: layout.grid(9, 9),
        lambda: layout.picture_in_picture(size=0.9, margin=0.2),
        lambda: layout.picture_in_picture(size=NAN),
        lambda: layout.picture_in_picture(margin=float("inf")),
        lambda: layout.diagonal(2, NAN),
        lambda: layout.diagonal(0),
        lambda: layout.side_by_side(1.0),
        lambda: layout.place(Cell(x=-0.5), FULL_HD, FULL_HD),
        lambda: layout.place(Cell(y=NAN), FULL_HD, FULL_HD),
        lambda: layout.checked([Cell()] * 65),
        lambda: layout.place(Cell(), Size(0, 1), FULL_HD),
        lambda: layout.place(Cell(), FULL_HD, Size(1, 20_000)),
        lambda: layout.place(Cell(width=0.001), FULL_HD, Size(16, 16)),
    ],
)
def test_impossible_layouts_are_refused(impossible) -> None:
    with pytest.raises(BadRequest):
        impossible()
