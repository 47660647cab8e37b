"""Texts: drawn on what lies below, or on nothing where they are dressed as a picture is."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from clipwright.effects import registry
from clipwright.filters.expression import variables
from clipwright.filters.graph import File, Filter, FilterChain, use
from clipwright.filters.subtitles import burn
from clipwright.filters.text import text
from clipwright.plan.frames import SECOND, Frames, Grid
from clipwright.plan.scene import FONT, FONTS, Scene, Shot, is_dressed
from clipwright.plan.wiring import Wiring
from clipwright.project.document import PLAIN
from clipwright.project.timeline import ratio

(_PTS,) = variables("PTS")


def is_plain(shot: Shot) -> bool:
    """Whether it is a text that can be drawn straight on what lies below."""
    clip = shot.clip
    return clip.text is not None and clip.transform == PLAIN and not is_dressed(clip)


def drawn(shot: Shot, grid: Grid) -> FilterChain | None:
    """The text of a plain shot, at its time; None for one that says nothing."""
    return _text(shot, grid, shot.shown) if shot.clip.text and shot.clip.text.strip() else None


def titled(wiring: Wiring, scene: Scene, shot: Shot, local: Frames) -> str:
    """The text on a frame that lets through; so many pictures, counted from the clip's start."""
    ground = clear(scene, local)
    if shot.subtitles is not None:
        return wiring.add((*ground, *_spoken(scene, shot, shot.subtitles)))
    if not shot.clip.text or not shot.clip.text.strip():
        return wiring.add(ground)
    own = _text(shot, scene.grid, Frames(0, shot.shown.count))
    return wiring.add((*ground, *own.filters))


def _spoken(scene: Scene, shot: Shot, file: File) -> tuple[Filter, ...]:
    """The subtitles of a file on pictures counted from the clip's start, which are brought to its time and back."""
    clip = shot.clip
    speed = Fraction(*ratio(clip.speed))
    own = burn(file, FONTS, size=scene.size, alpha=True, path=shot.path)
    return (
        use("settb", expr=Fraction(1, SECOND)),
        use("setpts", expr=_PTS * speed + clip.source_start_us),
        *own.filters,
        use("setpts", expr=(_PTS - clip.source_start_us) / speed),
    )


def clear(scene: Scene, local: Frames) -> tuple[Filter, ...]:
    """Pictures with nothing on them."""
    rate = scene.grid.rate
    size = f"{scene.size.width}x{scene.size.height}"
    return (
        use("color", color="black@0", size=size, rate=rate),
        use("format", pix_fmts="yuva444p"),
        use("trim", start_frame=local.first, end_frame=local.last),
    )


def _text(shot: Shot, grid: Grid, shown: Frames) -> FilterChain:
    """`shown` is when, in pictures of the stream that it is drawn on; fades begin and end there."""
    style, place, fades = registry.text_style(shot.clip.style, shot.path)
    start, end = grid.before_us(shown.first), grid.before_us(shown.last)
    when = msgspec.structs.replace(fades, start_us=start, end_us=end)
    return text(shot.clip.text or "", FONT, style=style, place=place, when=when, path=shot.path)
