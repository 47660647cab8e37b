"""Every transition: FFmpeg's own, those that it lacks, and one by a formula of one's own."""

from __future__ import annotations

from typing import Annotated

from clipwright.effects.definition import Built, Context, Definition, Params
from clipwright.effects.fields import hint, words
from clipwright.filters.expression import knowing
from clipwright.filters.formula import LONGEST, formula
from clipwright.filters.graph import FilterGraph
from clipwright.filters.soundfades import Curve, crossfade_sound
from clipwright.filters.transitions import KNOWN, crossfade
from clipwright.filters.transitions import TRANSITIONS as NAMES


class Crossing(Params, frozen=True, kw_only=True):
    """How the sound passes, which it does while the pictures do."""

    curve_out: Annotated[Curve, hint("How the first sound goes; tri is a straight line.")] = "tri"
    curve_in: Annotated[Curve, hint("How the second sound comes.")] = "tri"


class OwnCrossing(Crossing, frozen=True, kw_only=True):
    """A transition by a formula."""

    formula: Annotated[
        str,
        words(
            "The pixel that shows: A and B are the two pictures' pixels, P runs from 1 to 0; X, Y, W, H, PLANE, "
            "and a0(x,y) to b3(x,y) for other pixels.",
            LONGEST,
        ),
    ]


_FAMILIES = {
    "fade": "The pictures are mixed",
    "wipe": "A straight edge uncovers the second picture",
    "slide": "The second picture pushes the first away",
    "cover": "The second picture slides over the first",
    "reveal": "The first picture slides away from the second",
    "smooth": "A soft edge uncovers the second picture",
    "circle": "A circle uncovers the second picture",
    "rect": "A rectangle closes on the first picture and opens on the second",
    "vert": "An upright slit uncovers the second picture",
    "horz": "A level slit uncovers the second picture",
    "diag": "A diagonal edge uncovers the second picture",
    "squeeze": "The first picture is squeezed to a line",
    "zoom": "The camera goes into the first picture, and the second is there",
    "pixelize": "The pictures pass into each other in coarse blocks",
    "dissolve": "The second picture comes pixel by pixel",
    "distance": "The pictures are mixed by how far their colours are apart",
    "radial": "A hand as of a clock uncovers the second picture",
    "hblur": "The pictures pass into each other in a blur",
}
_OTHERS = {
    "circlecrop": "The first picture closes to a circle, and the second opens from it",
    "fadeblack": "The first picture goes to black, and the second comes from it",
    "fadewhite": "The first picture goes to white, and the second comes from it",
    "fadegrays": "The first picture loses its colours, and the second gains its own",
    "fadefast": "The pictures are mixed, fast at first",
    "fadeslow": "The pictures are mixed, slowly at first",
}
_WAYS = {
    "tl": "to the top left", "tr": "to the top right", "bl": "to the bottom left", "br": "to the bottom right",
    "left": "to the left", "right": "to the right", "up": "upwards", "down": "downwards",
    "open": "opening", "close": "closing",
}  # fmt: skip
_BLOWN = {"hl": "to the left", "hr": "to the right", "vu": "upwards", "vd": "downwards"}


def _summary(name: str) -> str:
    if name in _OTHERS:
        return _OTHERS[name]
    if name.endswith(("slice", "wind")):
        edge = "Slices uncover" if name.endswith("slice") else "An edge as blown by wind uncovers"
        return f"{edge} the second picture, {_BLOWN[name[:2]]}"
    family = next(said for start, said in _FAMILIES.items() if name.startswith(start))
    way = next((f", {said}" for end, said in _WAYS.items() if name.endswith(end)), "")
    return family + way


def _sound(params: Crossing, context: Context, path: str) -> FilterGraph:
    return crossfade_sound(
        context.duration_us, curve_out=params.curve_out, curve_in=params.curve_in, path=path
    )


def _named(name: str) -> Definition:
    def build(params: Crossing, context: Context, path: str) -> Built:
        video = crossfade(name, context.duration_us, context.start_us, path=path)
        return Built(video, _sound(params, context, path))

    return Definition(
        name=name,
        summary=f"{_summary(name)}.",
        kind="both",
        category="transition",
        params=Crossing,
        builder=build,
        example={},
        inputs=("first", "second"),
    )


def _own(params: OwnCrossing, context: Context, path: str) -> Built:
    here = f"{path}.params.formula"
    tree = knowing(formula(params.formula, here), KNOWN, here)
    video = crossfade(tree, context.duration_us, context.start_us, path=path)
    return Built(video, _sound(params, context, path))


_CUSTOM = Definition(
    name="custom",
    summary="The first picture passes into the second by a formula.",
    kind="both",
    category="transition",
    params=OwnCrossing,
    builder=_own,
    example={"formula": "A*P+B*(1-P)"},
    inputs=("first", "second"),
)
DEFINITIONS = (*(_named(name) for name in NAMES), _CUSTOM)
