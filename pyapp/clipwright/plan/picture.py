"""One shot's pictures as filters: read, timed to the grid, cut out, dressed, as large as they stand in the frame."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

import msgspec

from clipwright.filters.expression import call, expression, variables
from clipwright.filters.graph import Filter, chain, use
from clipwright.filters.keying import opacity
from clipwright.filters.layout import Box, Cell, Size, place
from clipwright.filters.ranges import exact
from clipwright.filters.tonemapping import hdr_to_sdr
from clipwright.media import VideoTrack
from clipwright.plan.dressing import Dressed, dressed_picture, moves
from clipwright.plan.frames import SECOND, Frames, Grid
from clipwright.plan.scene import Scene, Shot, enabled, shown_size
from clipwright.plan.titles import titled
from clipwright.plan.wiring import Wiring
from clipwright.project.document import Crop
from clipwright.project.timeline import ratio, source_for

LEAD_US = SECOND
"""How much of a source is read before the first picture that is needed."""
_N, _PTS, _STARTPTS, _TB, _X, _Y, _PI = variables("N", "PTS", "STARTPTS", "TB", "X", "Y", "PI")
_TICK = SECOND * _TB
_HDR = {"smpte2084": "pq", "arib-std-b67": "hlg"}
_HD_LINES = 720
_ONE_MORE = use("tpad", stop=1, stop_mode="clone")
"""The last picture again, a picture later: fps may lose the last one that it gets."""
SQUARE = use("setsar", sar=1)
"""Whatever a filter makes of it, pixels are square."""
_OPAQUE = use("format", pix_fmts="yuv420p")
_CLEAR = use("format", pix_fmts="yuva420p")


class Pictured(msgspec.Struct, frozen=True, kw_only=True):
    """A stream of pictures: its label, where it stands in the frame, and whether something shows through."""

    label: str
    box: Box
    alpha: bool


def pictured(wiring: Wiring, scene: Scene, shot: Shot, window: Frames, stream: str | None) -> Pictured:
    """The pictures of `shot` that are in `window`, as many as there are frames, the first one at 0.

    `stream` is its source's stream of pictures, None for a text.
    """
    needed = shot.shown.within(window)
    local = Frames(needed.first - shot.shown.first, needed.last - shot.shown.first)
    if stream is None or shot.video is None:
        label = titled(wiring, scene, shot, local)
        size, alpha = scene.size, True
    else:
        label = wiring.add(_timed(shot, shot.video, scene.grid, local), stream)
        # Logos let through what is behind them.
        size, alpha = shown_size(shot.video), shot.still or shot.video.alpha
    found = _placed(wiring, scene, shot, Pictured(label=label, box=Box(0, 0, *size), alpha=alpha))
    size = Size(found.box.width, found.box.height)
    given = Dressed(found.label, found.alpha, shot.clip.duration_us)
    effects = enabled(shot.clip.effects, shot.path)
    worn = dressed_picture(wiring, scene, effects, size, given)
    found = Pictured(label=worn.label, box=found.box, alpha=worn.alpha)
    if (share := shot.clip.transform.opacity) != 1:
        found = Pictured(label=wiring.add(opacity(share), found.label), box=found.box, alpha=True)
    moved = moves(effects) or shot.subtitles is not None
    counted = on_grid(scene.grid, local.count) if moved or local.first else (SQUARE,)
    return msgspec.structs.replace(found, label=wiring.add((*counted, form(found.alpha)), found.label))


def on_grid(grid: Grid, count: int) -> tuple[Filter, ...]:
    """So many pictures, the first one at 0, whatever came of their times: the last one stands if some are missing."""
    return (
        use("settb", expr=Fraction(1, SECOND)),
        use("setpts", expr=_PTS - _STARTPTS - 1),
        _ONE_MORE,
        *rated(grid, 0, count),
        SQUARE,
    )


def counted(grid: Grid, first: int) -> tuple[Filter, ...]:
    """Picture after picture at the grid's rate, from frame `first` on; those that were joined may be off before.

    Ticks are pictures, so that no quotient is rounded: setpts cuts off what is behind the point.
    """
    return use("settb", expr=1 / grid.rate), use("setpts", expr=_N + first)


def from_zero() -> tuple[Filter, ...]:
    """The first picture at 0, all others as far from it as before."""
    return use("setpts", expr=_PTS - _STARTPTS), SQUARE


@lru_cache(maxsize=256)
def rated(grid: Grid, first: int, count: int) -> tuple[Filter, ...]:
    """`count` pictures at the grid's rate, from frame `first` of the stream on: each time the last one that began.

    Times should be a microsecond early, so that rounding makes none of them late.
    """
    return (
        use("fps", fps=grid.rate, start_time=grid.seconds(first), round="up"),
        use("tpad", stop=-1, stop_mode="clone"),
        use("trim", end_frame=count),
    )


def form(alpha: bool) -> Filter:
    """The pixel format that pictures are put together in."""
    return _CLEAR if alpha else _OPAQUE


def _timed(shot: Shot, track: VideoTrack, grid: Grid, local: Frames) -> tuple[Filter, ...]:
    """Pictures of a source at their times since the clip's start, in the speed and rate that are wanted."""
    clip = shot.clip
    if shot.still:
        held = (
            use("trim", end_frame=1),
            use("loop", loop=-1, size=1),
            *counted(grid, local.first),
        )
        return (*held, use("fps", fps=grid.rate), use("trim", end_frame=local.count), *_square(track))
    origin = shot.media.info.origin_us if shot.media else 0
    start, end = clip.source_start_us + origin, clip.source_end_us + origin
    # The picture that stands at the in point has begun before it.
    needed = start + source_for(grid.us(local.first), clip.speed) - LEAD_US
    return (
        use("setpts", expr=_PTS + call("round", expression(start) / _TICK)),
        use("settb", expr=Fraction(1, SECOND)),
        use("trim", start_pts=needed, end_pts=end),
        _ONE_MORE,
        use("setpts", expr=(_PTS - start) / Fraction(*ratio(clip.speed)) - 1),
        *rated(grid, local.first, local.count),
        *_square(track),
    )


def _square(track: VideoTrack) -> tuple[Filter, ...]:
    """Square pixels in the colours of HD video, as everything is that is put together."""
    tone = _HDR.get(track.color.transfer or "")
    size = shown_size(track)
    filters: list[Filter] = []
    if tone:
        filters += hdr_to_sdr(tone).filters  # type: ignore[arg-type]  # one of the two that there are
    if track.pixel_aspect != "1/1":
        filters += [use("scale", w=size.width, h=size.height, flags="bicubic"), SQUARE]
    return tuple(filters)


def _colours(track: VideoTrack) -> dict[str, str]:
    """What the scaler is told of a picture's colours; those that say nothing are read as players read them."""
    hd = min(track.width, track.height) >= _HD_LINES
    matrix = track.color.matrix or ("bt709" if hd else "smpte170m")
    known = matrix if matrix in _MATRICES else "bt709"
    return {"in_color_matrix": _MATRICES[known], "out_color_matrix": "bt709", "out_range": "tv"}


_MATRICES = {
    "bt709": "bt709",
    "smpte170m": "smpte170m",
    "bt470bg": "bt470",
    "fcc": "fcc",
    "smpte240m": "smpte240m",
    "bt2020nc": "bt2020",
}


def _placed(wiring: Wiring, scene: Scene, shot: Shot, given: Pictured) -> Pictured:
    """Cut, turned and scaled into its cell."""
    transform = shot.clip.transform
    size = Size(given.box.width, given.box.height)
    filters: list[Filter] = []
    if transform.crop != Crop():
        kept = cropped(transform.crop, size)
        filters.append(use("crop", w=kept.width, h=kept.height, x=kept.x, y=kept.y, exact=1))
        size = Size(kept.width, kept.height)
    filters += [use("hflip")] * transform.flip_x + [use("vflip")] * transform.flip_y
    degrees = exact(transform.rotation) % 360 if transform.rotation else Fraction(0)
    if degrees % 90 and (smaller := _beforehand(degrees, size, transform.cell, scene.size)) != size:
        size = smaller
        filters.append(use("scale", w=size.width, h=size.height, flags="bicubic"))
    turned, size, alpha = _turned(degrees, size, given.alpha)
    filters += turned
    stands = place(transform.cell, size, scene.size)
    if stands.crop != Box(0, 0, *size):
        cut = stands.crop
        filters.append(use("crop", w=cut.width, h=cut.height, x=cut.x, y=cut.y, exact=1))
    colours = _colours(shot.video) if shot.video and shot.video.color.transfer not in _HDR else {}
    filters.append(use("scale", w=stands.box.width, h=stands.box.height, flags="bicubic", **colours))
    label = wiring.add((*filters, SQUARE), given.label)
    if stands.slant is not None:
        label, alpha = _slanted(wiring, label, stands.box, stands.slant, scene.grid), True
    return Pictured(label=label, box=stands.box, alpha=alpha)


def _beforehand(degrees: Fraction, size: Size, cell: Cell, frame: Size) -> Size:
    """How large a picture should be turned: no larger than it is shown, as turning costs more than scaling."""
    _, turned, _ = _turned(degrees, size, alpha=True)
    stands = place(cell, turned, frame)
    share = min(Fraction(1), Fraction(stands.box.width, stands.crop.width))
    width, height = (max(2, 2 * math.ceil(side * share / 2)) for side in size)
    return Size(width, height)


def cropped(crop: Crop, size: Size) -> Box:
    """What is left of a picture, on even pixels, two at least each way."""
    left, right = _kept(exact(crop.left), exact(crop.right), size.width)
    top, bottom = _kept(exact(crop.top), exact(crop.bottom), size.height)
    return Box(left, top, right - left, bottom - top)


def _kept(before: Fraction, after: Fraction, length: int) -> tuple[int, int]:
    start = min(math.floor(before * length / 2) * 2, max(0, length - 2))
    return start, max(start + 2, length - math.floor(after * length / 2) * 2)


def _turned(degrees: Fraction, size: Size, alpha: bool) -> tuple[tuple[Filter, ...], Size, bool]:
    """The filters for a turn, the size after it, and whether corners let through."""
    quarters = {
        0: (),
        90: (use("transpose", dir="clock"),),
        180: (use("hflip"), use("vflip")),
        270: (use("transpose", dir="cclock"),),
    }
    if degrees in quarters:
        return quarters[int(degrees)], Size(*reversed(size)) if degrees % 180 else size, alpha
    angle = math.radians(degrees)
    across, along = abs(math.cos(angle)), abs(math.sin(angle))
    width, height = (
        2 * math.ceil((one * across + other * along) / 2)
        for one, other in ((size.width, size.height), (size.height, size.width))
    )
    turn = use("rotate", angle=degrees * _PI / 180, ow=width, oh=height, fillcolor="black@0")
    return (use("format", pix_fmts="yuva444p"), turn), Size(width, height), True


def _slanted(wiring: Wiring, label: str, box: Box, slant: tuple[int, int], grid: Grid) -> str:
    """What lies left of the slanting edge shows what is behind; the mask is drawn once."""
    edge = slant[0] + (slant[1] - slant[0]) * (_Y + Fraction(1, 2)) / box.height
    inside = call("clip", _X - edge + 1, 0, 1)
    mask = wiring.add(
        (
            use("color", color="black", size=f"{box.width}x{box.height}", rate=grid.rate),
            use("trim", end_frame=1),
            use("format", pix_fmts="gray"),
            use("geq", lum=255 * inside),
            use("loop", loop=-1, size=1),
            *counted(grid, 0),
        )
    )
    whole = wiring.add(chain(use("format", pix_fmts="yuva420p")), label)
    return wiring.add(chain(use("alphamerge")), whole, mask)
