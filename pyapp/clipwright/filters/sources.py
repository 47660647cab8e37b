"""Pictures and sound out of nothing; each ends by itself."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, get_args

from clipwright.filters.colours import colour
from clipwright.filters.geometry import LARGEST
from clipwright.filters.graph import FilterChain, Value, chain, use
from clipwright.filters.ranges import Number, one_of, time, whole, within

Layout = Literal["mono", "stereo", "5.1", "7.1"]
Noise = Literal["white", "pink", "brown", "blue", "violet", "velvet"]
_RATE = 48_000


def plain_ground(
    color: str, size: tuple[int, int], rate: Number, duration_us: int, *, path: str = "$"
) -> FilterChain:
    """Pictures of one colour."""
    return chain(
        use("color", color=colour(color, f"{path}.color"), **_picture(size, rate, duration_us, path))
    )


def gradient(
    colors: tuple[str, str], size: tuple[int, int], rate: Number, duration_us: int, *, path: str = "$"
) -> FilterChain:
    """Pictures that pass from one colour, top left, to another, bottom right, and stand still."""
    first, second = (colour(one, f"{path}.colors[{place}]") for place, one in enumerate(colors))
    common = _picture(size, rate, duration_us, path)
    ends = {"x0": 0, "y0": 0, "x1": size[0] - 1, "y1": size[1] - 1}
    slowest = Fraction(1, 100_000)
    return chain(use("gradients", c0=first, c1=second, nb_colors=2, seed=1, speed=slowest, **ends, **common))


def chart(size: tuple[int, int], rate: Number, duration_us: int, *, path: str = "$") -> FilterChain:
    """Pictures of colours, shapes and a running clock."""
    return chain(use("testsrc2", **_picture(size, rate, duration_us, path)))


def silence(
    duration_us: int, *, sample_rate: int = _RATE, layout: Layout = "stereo", path: str = "$"
) -> FilterChain:
    """No sound."""
    return chain(
        use(
            "anullsrc",
            channel_layout=one_of(layout, get_args(Layout), f"{path}.layout"),
            sample_rate=_sampled(sample_rate, path),
            duration=time(duration_us, f"{path}.duration_us", least=1),
        )
    )


def tone(frequency: Number, duration_us: int, *, sample_rate: int = _RATE, path: str = "$") -> FilterChain:
    """A sine at an eighth of full scale; 20 to 20 000 Hz."""
    return chain(
        use(
            "sine",
            frequency=within(frequency, 20, 20_000, f"{path}.frequency", unit="Hz"),
            sample_rate=_sampled(sample_rate, path),
            duration=time(duration_us, f"{path}.duration_us", least=1),
        )
    )


def noise(
    duration_us: int,
    *,
    color: Noise = "white",
    amplitude: Number = Fraction(1, 2),
    sample_rate: int = _RATE,
    path: str = "$",
) -> FilterChain:
    """Noise of an amplitude of 0 to 1, the same each time it is made."""
    return chain(
        use(
            "anoisesrc",
            color=one_of(color, get_args(Noise), f"{path}.color"),
            amplitude=within(amplitude, 0, 1, f"{path}.amplitude"),
            sample_rate=_sampled(sample_rate, path),
            duration=time(duration_us, f"{path}.duration_us", least=1),
            seed=1,
        )
    )


def _picture(size: tuple[int, int], rate: Number, duration_us: int, path: str) -> dict[str, Value]:
    width, height = (whole(side, 2, LARGEST, f"{path}.size[{place}]") for place, side in enumerate(size))
    return {
        "size": f"{width}x{height}",
        "rate": within(rate, 1, 240, f"{path}.rate"),
        "duration": time(duration_us, f"{path}.duration_us", least=1),
    }


def _sampled(rate: int, path: str) -> int:
    return whole(rate, 8000, 192_000, f"{path}.sample_rate", unit="Hz")
