"""Pictures bent, torn in colours, and made grainy."""

from __future__ import annotations

from clipwright.filters.graph import FilterChain, chain, use
from clipwright.filters.ranges import Number, whole, within


def bend_lens(k1: Number = 0, k2: Number = 0, *, path: str = "$") -> FilterChain:
    """The picture as another lens shows it: quadratic and double quadratic bending, both -1 to 1."""
    return chain(
        use("lenscorrection", k1=within(k1, -1, 1, f"{path}.k1"), k2=within(k2, -1, 1, f"{path}.k2"))
    )


def part_colors(red: int = 5, blue: int = -5, *, path: str = "$") -> FilterChain:
    """Red and blue moved sideways by -255 to 255 pixels, as at the edge of a cheap lens."""
    return chain(
        use(
            "rgbashift",
            rh=whole(red, -255, 255, f"{path}.red", unit="pixels"),
            bh=whole(blue, -255, 255, f"{path}.blue", unit="pixels"),
        )
    )


def grain(strength: int = 10, *, path: str = "$") -> FilterChain:
    """Noise that changes with every picture; strength 0 to 100. The same each time it is made."""
    return chain(use("noise", alls=whole(strength, 0, 100, f"{path}.strength"), allf="t", all_seed=1))


def pixelate(size: int = 16, *, path: str = "$") -> FilterChain:
    """The picture in blocks of one colour, `size` (2 to 1024) pixels wide and high."""
    side = whole(size, 2, 1024, f"{path}.size", unit="pixels")
    return chain(use("pixelize", width=side, height=side))
