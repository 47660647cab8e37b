"""Softer and sharper pictures."""

from __future__ import annotations

from fractions import Fraction

from clipwright.errors import BadRequest
from clipwright.filters.graph import FilterChain, chain, use
from clipwright.filters.ranges import Number, whole, within


def blur(sigma: Number = 2, *, path: str = "$") -> FilterChain:
    """A gaussian blur; `sigma` 0.01 to 1024 pixels."""
    return chain(use("gblur", sigma=within(sigma, Fraction(1, 100), 1024, f"{path}.sigma", unit="pixels")))


def blur_along(angle: Number = 45, radius: Number = 5, *, path: str = "$") -> FilterChain:
    """A blur in one direction, as of motion; 0 to 360 degrees, over 1 to 8192 pixels."""
    return chain(
        use(
            "dblur",
            angle=within(angle, 0, 360, f"{path}.angle", unit="degrees"),
            radius=within(radius, 1, 8192, f"{path}.radius", unit="pixels"),
        )
    )


def sharpen(amount: Number = 1, *, size: int = 5, path: str = "$") -> FilterChain:
    """Sharper edges; amount 0 to 5, seen over `size` pixels, an odd number from 3 to 13."""
    side = whole(size, 3, 13, f"{path}.size", unit="pixels")
    if side % 2 == 0:
        raise BadRequest(
            f"Size cannot be {side}: it is odd.", hint="Give an odd number from 3 to 13.", path=f"{path}.size"
        )
    return chain(
        use(
            "unsharp",
            luma_msize_x=side,
            luma_msize_y=side,
            luma_amount=within(amount, 0, 5, f"{path}.amount"),
        )
    )
