"""Effects that make pictures softer, sharper, coarser, or bend them."""

from __future__ import annotations

from typing import Annotated

from clipwright.effects.definition import Definition, Params, picture
from clipwright.effects.fields import number
from clipwright.filters import detail, distortion


class Blur(Params, frozen=True, kw_only=True):
    """What `detail.blur` takes."""

    sigma: Annotated[float, number(0.01, 1024, "How far it blurs.", unit="pixels")] = 2


class DirectionalBlur(Params, frozen=True, kw_only=True):
    """What `detail.blur_along` takes."""

    angle: Annotated[float, number(0, 360, "The direction.", unit="degrees")] = 45
    radius: Annotated[float, number(1, 8192, "How far it blurs.", unit="pixels")] = 5


class Sharpen(Params, frozen=True, kw_only=True):
    """What `detail.sharpen` takes."""

    amount: Annotated[float, number(0, 5, "How much sharper; 0 is as it is.")] = 1
    size: Annotated[int, number(3, 13, "How wide edges are, an odd number.", unit="pixels")] = 5


class Pixelate(Params, frozen=True, kw_only=True):
    """What `distortion.pixelate` takes."""

    size: Annotated[int, number(2, 1024, "The side of a block.", unit="pixels")] = 16


class LensCorrection(Params, frozen=True, kw_only=True):
    """What `distortion.bend_lens` takes."""

    k1: Annotated[float, number(-1, 1, "How much it bends; below 0 inwards.")] = 0
    k2: Annotated[float, number(-1, 1, "How much the edges bend beyond that.")] = 0


class ColorShift(Params, frozen=True, kw_only=True):
    """What `distortion.part_colors` takes."""

    red: Annotated[int, number(-255, 255, "How far red moves to the right.", unit="pixels")] = 5
    blue: Annotated[int, number(-255, 255, "How far blue moves to the right.", unit="pixels")] = -5


class Grain(Params, frozen=True, kw_only=True):
    """What `distortion.grain` takes."""

    strength: Annotated[int, number(0, 100, "How strong the noise is.")] = 10


DEFINITIONS = (
    Definition(
        name="blur",
        summary="Blurs the picture evenly (gaussian).",
        kind="video",
        category="detail",
        params=Blur,
        builder=picture(detail.blur),
        example={"sigma": 6},
        limitable=True,
    ),
    Definition(
        name="directional_blur",
        summary="Blurs the picture in one direction, as motion does.",
        kind="video",
        category="detail",
        params=DirectionalBlur,
        builder=picture(detail.blur_along),
        example={"angle": 0, "radius": 20},
        limitable=True,
    ),
    Definition(
        name="sharpen",
        summary="Makes edges sharper.",
        kind="video",
        category="detail",
        params=Sharpen,
        builder=picture(detail.sharpen),
        example={"amount": 1.5, "size": 5},
        limitable=True,
    ),
    Definition(
        name="pixelate",
        summary="Shows the picture in coarse blocks.",
        kind="video",
        category="distortion",
        params=Pixelate,
        builder=picture(distortion.pixelate),
        example={"size": 24},
        limitable=True,
    ),
    Definition(
        name="lens_correction",
        summary="Bends the picture as another lens does, or bends it back.",
        kind="video",
        category="distortion",
        params=LensCorrection,
        builder=picture(distortion.bend_lens),
        example={"k1": -0.2, "k2": 0.05},
        limitable=True,
    ),
    Definition(
        name="color_shift",
        summary="Moves red and blue sideways, as cheap lenses and old tapes do (chromatic aberration).",
        kind="video",
        category="distortion",
        params=ColorShift,
        builder=picture(distortion.part_colors),
        example={"red": 6, "blue": -6},
        limitable=True,
    ),
    Definition(
        name="grain",
        summary="Adds noise that changes with every picture, as film has.",
        kind="video",
        category="distortion",
        params=Grain,
        builder=picture(distortion.grain),
        example={"strength": 20},
        limitable=True,
    ),
)
