"""What an effect is: a name, typed parameters with their ranges, and the filters that it builds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import msgspec

from clipwright.effects import previews
from clipwright.effects.catalogue import EffectCategory, EffectKind
from clipwright.effects.reading import read_params
from clipwright.effects.schemas import json_schema
from clipwright.errors import BadRequest
from clipwright.filters.graph import File, FilterChain, FilterGraph
from clipwright.filters.ranges import nearest


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the parameters of every effect are: named, typed, with ranges, hints and defaults."""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What an effect is applied to."""

    width: int
    """Pixels of the picture that comes in, and that goes out unless the effect resizes; 0 where nobody knows yet."""
    height: int
    frame_rate: Fraction
    sample_rate: int
    channels: int
    duration_us: int
    """How long it lasts, in microseconds; 0 where nobody knows yet."""
    start_us: int = 0
    """The part of it that the effect is limited to, as `registry.build` says it; for a transition, when it starts."""
    end_us: int | None = None
    font: File | None = None
    """The font that texts are drawn in."""
    fonts: File | None = None
    """The folder with the fonts of subtitles."""
    files: Mapping[str, File] = {}
    """What sources of the document are mounted as, by their ids."""

    @property
    def until_us(self) -> int:
        """When the effect ends: where it is limited to, or with what it is applied to."""
        return self.duration_us if self.end_us is None else self.end_us


class Built(msgspec.Struct, frozen=True):
    """The filters of an effect. A graph has the open pads ``in`` and ``out``, or those that its definition names."""

    video: FilterChain | FilterGraph | None = None
    audio: FilterChain | FilterGraph | None = None


ANY = File("any")
"""The file of every source where nobody knows yet what it is."""
Build = Callable[[Any, Context, str], Built]
"""Makes the filters of parameters; the text is where the effect stands, for errors."""
Lasting = Callable[[Any, int], Fraction]
"""How many microseconds come of so many."""


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """One effect or transition.

    `limitable`: it can be limited to a part of what it is applied to, as each of its filters has FFmpeg's ``enable``.
    `changes_time`: pictures and sounds come at other times than before, or more or fewer of them.
    `alpha`: the picture lets through what is behind it. `resizes`: it may have another size than before.
    """

    name: str
    summary: str
    kind: EffectKind
    category: EffectCategory
    params: type[Params]
    builder: Build
    example: dict[str, Any]
    inputs: tuple[str, ...] = ("in",)
    changes_time: bool = False
    limitable: bool = False
    alpha: bool = False
    resizes: bool = False
    lasting: Lasting | None = None

    @property
    def arity(self) -> int:
        """How many streams of a kind it takes; if more than one, `inputs` names their pads."""
        return len(self.inputs)

    @property
    def hints(self) -> dict[str, str]:
        """What each parameter does, in a sentence."""
        return {name: field["description"] for name, field in self.schema["properties"].items()}

    @property
    def schema(self) -> dict[str, Any]:
        """The parameters as JSON Schema, with units, ranges, defaults and hints."""
        return json_schema(self.params)

    def build(self, params: Params, context: Context, path: str = "$") -> Built:
        """The filters; BadRequest at ``{path}.params`` for parameters that do not go together."""
        return self.builder(params, context, path)

    def preview(self) -> Built:
        """The example on pictures and sound that FFmpeg makes itself: graphs that can be run as they stand.

        They last some 2 s and give ``out``. The files that some of them open are `previews.files()` and fonts.
        """
        params = read_params(self.params, self.example, "$.params")
        crossing = self.category == "transition"
        size = previews.SMALL if crossing else (previews.WIDTH, previews.HEIGHT)
        duration_us, start_us = previews.CROSSING_US if crossing else (previews.DURATION_US, 0)
        context = Context(
            width=size[0],
            height=size[1],
            frame_rate=previews.RATE,
            sample_rate=previews.SAMPLE_RATE,
            channels=2,
            duration_us=duration_us,
            start_us=start_us,
            font=previews.FONT,
            fonts=previews.FONTS,
            files=previews.FILES,
        )
        built = self.build(params, context)
        return Built(
            built.video and previews.seen(built.video, size),
            built.audio and previews.heard(built.audio),
        )


def picture(make: Callable[..., FilterChain | FilterGraph]) -> Build:
    """Builds the picture's filters with a function whose arguments have the names of the parameters."""
    return lambda params, _context, path: Built(video=make(**_fields(params), path=f"{path}.params"))


def sound(make: Callable[..., FilterChain | FilterGraph]) -> Build:
    """Builds the sound's filters with a function whose arguments have the names of the parameters."""
    return lambda params, _context, path: Built(audio=make(**_fields(params), path=f"{path}.params"))


def mounted(source: str, context: Context, path: str, endings: tuple[str, ...] = ()) -> File:
    """The file of that source; BadRequest at ``{path}.params.source`` where there is none.

    The same for one that is not named with any of the `endings`, if there are some.
    """
    if source not in context.files:
        raise BadRequest(
            f"There is no source “{source[:40]}” for this effect.",
            hint=nearest(source, context.files) if context.files else "Add the file to the project first.",
            path=f"{path}.params.source",
        )
    file = context.files[source]
    if endings and file != ANY and not file.name.endswith(endings):
        raise BadRequest(
            f"The name of the source “{source[:40]}” says that it is something else.",
            hint=f"Give one that ends with {', '.join(endings)}.",
            path=f"{path}.params.source",
        )
    return file


def _fields(params: Params) -> dict[str, Any]:
    return {name: getattr(params, name) for name in params.__struct_fields__}
