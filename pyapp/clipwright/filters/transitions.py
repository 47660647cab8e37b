"""Pictures that come, go, and pass into others."""

from __future__ import annotations

from functools import lru_cache

from clipwright.filters.colours import colour
from clipwright.filters.customxfade import CUSTOM
from clipwright.filters.expression import Expr, knowing
from clipwright.filters.fading import LONGEST_CROSSING_US, Direction, passing
from clipwright.filters.graph import FilterChain, FilterGraph, chain, use
from clipwright.filters.ranges import one_of, time

_BUILT_IN = """
    fade wipeleft wiperight wipeup wipedown slideleft slideright slideup slidedown circlecrop rectcrop distance
    fadeblack fadewhite radial smoothleft smoothright smoothup smoothdown circleopen circleclose vertopen vertclose
    horzopen horzclose dissolve pixelize diagtl diagtr diagbl diagbr hlslice hrslice vuslice vdslice hblur fadegrays
    wipetl wipetr wipebl wipebr squeezeh squeezev zoomin fadefast fadeslow
"""
BUILT_IN = tuple(_BUILT_IN.split())
"""The 46 that FFmpeg 5.1 has by name."""
TRANSITIONS = tuple(dict.fromkeys((*BUILT_IN, *CUSTOM)))
"""All 58."""
_MIRRORED = {"slideleft": ("slideright", "hflip"), "slideup": ("slidedown", "vflip")}
"""FFmpeg begins these with a line of memory beyond the picture, and their mirror images without."""
_WHOLE_CHROMA = "|".join(
    f"{kind}{depth}"
    for depth in ("", "10le", "12le", "16le")
    for kind in ("yuv444p", "yuva444p", "gbrp", "gbrap", "gray")
)
"""What xfade works in; mirroring it changes nothing, where colours that lie between pixels would move."""
KNOWN = ("X", "Y", "W", "H", "P", "PLANE", "A", "B")
"""What a transition of one's own may ask for; `P` runs from 1 to 0."""


def fade_picture(
    direction: Direction,
    duration_us: int,
    *,
    start_us: int = 0,
    color: str = "black",
    alpha: bool = False,
    path: str = "$",
) -> FilterChain:
    """A picture that comes from or goes to a colour from `start_us` on within `duration_us`, 10 ms or more.

    With `alpha` it becomes transparent instead.
    """
    return chain(
        use(
            "fade",
            **passing(direction, start_us, duration_us, path),
            color=None if alpha else colour(color, f"{path}.color"),
            alpha=1 if alpha else None,
        )
    )


@lru_cache(maxsize=1024, typed=True)
def crossfade(transition: str | Expr, duration_us: int, offset_us: int, *, path: str = "$") -> FilterGraph:
    """Pictures ``first`` pass into ``second`` at `offset_us` within 0 to 60 s; gives ``out``.

    `transition` is one of `TRANSITIONS`, or an expression of `KNOWN` and the pixels ``a0(x,y)`` to ``b3(x,y)``,
    which is evaluated for each pixel of each plane. Both pictures need the same size, rate and time base.
    """
    flip = None
    if isinstance(transition, Expr):
        tree: Expr | None = knowing(transition, KNOWN, f"{path}.transition")
        named = "custom"
    else:
        named = one_of(transition, TRANSITIONS, f"{path}.transition")
        tree = CUSTOM[named]() if named in CUSTOM else None
        named, flip = _MIRRORED.get(named, (named, None))
    crossing = chain(
        use(
            "xfade",
            transition="custom" if tree is not None else named,
            duration=time(duration_us, f"{path}.duration_us", most=LONGEST_CROSSING_US),
            offset=time(offset_us, f"{path}.offset_us"),
            expr=tree,
        )
    )
    # FFmpeg 5.1 ends a transition early where it knows that there is no more of the first, although some of it is still
    # to be shown: as it is where sound of the same file was asked for before. One more picture keeps the end from it.
    hold = use("tpad", stop=1, stop_mode="clone")
    turned = () if flip is None else (use("format", pix_fmts=_WHOLE_CHROMA), use(flip))
    chains = [chain(hold, *turned).between("first", "held")]
    if turned:
        chains.append(chain(*turned).between("second", "turned"))
        crossing += chain(*turned[1:])
    crossed = crossing.between(("held", "turned" if turned else "second"), "out")
    return FilterGraph((*chains, crossed), ("first", "second"), ("out",))
