"""Effects of light and colour."""

from __future__ import annotations

from typing import Annotated

from clipwright.effects.definition import Built, Context, Definition, Params, mounted, picture
from clipwright.effects.fields import hint, number, several, source
from clipwright.filters import grading, tonemapping
from clipwright.filters.grading import Channel, CurvePreset, Interpolation
from clipwright.filters.tonemapping import Operator, Transfer

_BRIGHTNESS = number(-1, 1, "How much light is added; below 0 taken away.")
_CONTRAST = number(-2, 4, "How far light and dark are apart; 1 is as it is, below 0 inverts.")
_SATURATION = number(0, 3, "How strong colours are; 1 is as it is, 0 is grey.")
_GAMMA = number(0.1, 10, "How light middle tones are; 1 is as it is.")
_OWN_GAMMA = number(0.1, 10, "The gamma of one colour.")
_RGB_GAMMA = hint("The gamma of red, green and blue by themselves.")
_Rgb = tuple[Annotated[float, _OWN_GAMMA], Annotated[float, _OWN_GAMMA], Annotated[float, _OWN_GAMMA]]


class Brightness(Params, frozen=True, kw_only=True):
    """Of what `grading.adjust` takes."""

    brightness: Annotated[float, _BRIGHTNESS] = 0


class Contrast(Params, frozen=True, kw_only=True):
    """Of what `grading.adjust` takes."""

    contrast: Annotated[float, _CONTRAST] = 1


class Saturation(Params, frozen=True, kw_only=True):
    """Of what `grading.adjust` takes."""

    saturation: Annotated[float, _SATURATION] = 1


class Gamma(Params, frozen=True, kw_only=True):
    """Of what `grading.adjust` takes."""

    gamma: Annotated[float, _GAMMA] = 1
    gamma_rgb: Annotated[_Rgb, _RGB_GAMMA] = (1, 1, 1)


class ColorCorrection(Params, frozen=True, kw_only=True):
    """What `grading.adjust` takes."""

    brightness: Annotated[float, _BRIGHTNESS] = 0
    contrast: Annotated[float, _CONTRAST] = 1
    saturation: Annotated[float, _SATURATION] = 1
    gamma: Annotated[float, _GAMMA] = 1
    gamma_rgb: Annotated[_Rgb, _RGB_GAMMA] = (1, 1, 1)


class Hue(Params, frozen=True, kw_only=True):
    """What `grading.rotate_hue` takes."""

    degrees: Annotated[float, number(-360, 360, "How far colours turn.", unit="degrees")] = 0
    saturation: Annotated[float, number(-10, 10, "How strong colours are; 1 is as it is.")] = 1
    brightness: Annotated[float, number(-10, 10, "How much light is added; 0 is as it is.")] = 0


_Part = Annotated[float, number(0, 1, "A part of full light.")]
_Curve = Annotated[
    tuple[tuple[_Part, _Part], ...], several("What comes in and what goes out; inputs rise.", 2, 64)
]


class CurvePoints(Params, frozen=True, kw_only=True):
    """A curve for all of it and for each colour; null leaves one as it is."""

    master: _Curve | None = None
    red: _Curve | None = None
    green: _Curve | None = None
    blue: _Curve | None = None


class Curves(Params, frozen=True, kw_only=True):
    """What `grading.curves` takes as points."""

    points: Annotated[CurvePoints, hint("Tones by points from [0, 0] to [1, 1].")] = CurvePoints()


class ColorPreset(Params, frozen=True, kw_only=True):
    """What `grading.curves` takes as a preset."""

    preset: Annotated[CurvePreset, hint("Which look.")] = "vintage"


class Lut(Params, frozen=True, kw_only=True):
    """What `grading.color_table` takes."""

    source: Annotated[str, source("The source that is the table: .cube, .3dl, .dat, .m3d or .csp.")]
    interpolation: Annotated[Interpolation, hint("How colours between the table's are found.")] = (
        "tetrahedral"
    )


class Vignette(Params, frozen=True, kw_only=True):
    """What `grading.vignette` takes."""

    strength: Annotated[float, number(0, 1, "How dark the corners get.")] = 0.4


class HdrToSdr(Params, frozen=True, kw_only=True):
    """What `tonemapping.hdr_to_sdr` takes."""

    transfer: Annotated[Transfer, hint("How the HDR picture was recorded.")] = "pq"
    operator: Annotated[Operator, hint("How bright light is brought down.")] = "hable"
    nominal_nits: Annotated[
        float, number(50, 1000, "What counts as white; less makes the picture lighter.", unit="cd/m²")
    ] = 100


def _curves(params: Curves, _context: Context, path: str) -> Built:
    channels: tuple[Channel, ...] = ("master", "red", "green", "blue")
    given = ((channel, getattr(params.points, channel)) for channel in channels)
    points = {channel: curve for channel, curve in given if curve is not None}
    return Built(video=grading.curves(points=points, path=f"{path}.params"))


def _lut(params: Lut, context: Context, path: str) -> Built:
    table = mounted(params.source, context, path, grading.TABLES)
    return Built(video=grading.color_table(table, interpolation=params.interpolation, path=f"{path}.params"))


def _adjusting(name: str, summary: str, params: type[Params], example: dict[str, object]) -> Definition:
    return Definition(
        name=name,
        summary=summary,
        kind="video",
        category="color",
        params=params,
        builder=picture(grading.adjust),
        example=example,
        limitable=True,
    )


DEFINITIONS = (
    _adjusting("brightness", "Makes the picture lighter or darker.", Brightness, {"brightness": 0.2}),
    _adjusting("contrast", "Takes light and dark further apart, or closer.", Contrast, {"contrast": 1.5}),
    _adjusting("saturation", "Makes colours stronger or weaker.", Saturation, {"saturation": 1.6}),
    _adjusting("gamma", "Makes middle tones lighter or darker.", Gamma, {"gamma": 1.4}),
    _adjusting(
        "color_correction",
        "Brightness, contrast, saturation and gamma in one.",
        ColorCorrection,
        {"brightness": 0.05, "contrast": 1.1, "saturation": 1.2, "gamma": 0.9},
    ),
    Definition(
        name="hue",
        summary="Turns all colours round the colour wheel.",
        kind="video",
        category="color",
        params=Hue,
        builder=picture(grading.rotate_hue),
        example={"degrees": 90},
        limitable=True,
    ),
    Definition(
        name="curves",
        summary="Changes tones by curves, for all of it or for each colour.",
        kind="video",
        category="color",
        params=Curves,
        builder=_curves,
        example={"points": {"master": [[0, 0], [0.4, 0.6], [1, 1]], "blue": [[0, 0.1], [1, 0.9]]}},
        limitable=True,
    ),
    Definition(
        name="color_preset",
        summary="Changes tones in one of several known ways: vintage, negative, strong contrast and others.",
        kind="video",
        category="color",
        params=ColorPreset,
        builder=picture(grading.curves),
        example={"preset": "vintage"},
        limitable=True,
    ),
    Definition(
        name="lut",
        summary="Changes colours by a table (LUT) that is a source of the project.",
        kind="video",
        category="color",
        params=Lut,
        builder=_lut,
        example={"source": "lut1"},
        limitable=True,
    ),
    Definition(
        name="vignette",
        summary="Darkens the corners.",
        kind="video",
        category="color",
        params=Vignette,
        builder=picture(grading.vignette),
        example={"strength": 0.6},
        limitable=True,
    ),
    Definition(
        name="hdr_to_sdr",
        summary="Brings an HDR picture to the light and the colours of other screens.",
        kind="video",
        category="color",
        params=HdrToSdr,
        builder=picture(tonemapping.hdr_to_sdr),
        example={"transfer": "hlg", "operator": "mobius"},
    ),
)
