"""What a project can be exported as: presets by their names, and what each means for one document."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import msgspec

from clipwright.containers import RULES, Container
from clipwright.errors import BadRequest
from clipwright.filters.layout import Size
from clipwright.filters.ranges import one_of
from clipwright.framerate import parse_rate, round_half_up
from clipwright.project.document import Output

Format = Container | Literal["gif", "webp", "png", "jpg", "zip"]
"""What a project can be written as. ``zip`` holds one PNG for each picture, numbered from 1."""
Speed = Literal["fast", "even", "thorough"]
"""How much work the encoder of pictures makes of it: more of it means fewer bytes."""

WRITTEN: tuple[Format, ...] = (
    "mp4", "mov", "mkv", "webm", "m4a", "mp3", "ogg", "wav", "flac", "gif", "webp", "png", "jpg", "zip",
)  # fmt: skip
_MEGABYTE = 1_000_000


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """One way to export.

    `size` in pixels is what the frame becomes, with bars where the shapes differ; otherwise `lines` bounds its shorter
    side. `fps` bounds pictures per second. `crf` is x264's, 0 to 51; `kbps` the sound's rate per channel.
    `max_bytes` bounds the size of the result, by its bit rate.
    """

    name: str
    summary: str
    format: Format = "mp4"
    size: Size | None = None
    lines: int | None = None
    fps: int | None = None
    crf: int = 23
    speed: Speed = "even"
    kbps: int = 80
    max_bytes: int | None = None


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(name="draft", summary="Quick to make, to look at.", lines=540, crf=28, speed="fast", kbps=64),
        Preset(name="standard", summary="Good for most things."),
        Preset(name="high", summary="For keeping, or to work on.", crf=18, speed="thorough", kbps=128),
        Preset(name="web", summary="For a page: 720 lines, small.", lines=720, fps=30, crf=26, kbps=64),
        Preset(name="youtube_1080p", summary="1920 x 1080.", size=Size(1920, 1080), fps=60, crf=19, kbps=192),
        Preset(name="youtube_720p", summary="1280 x 720.", size=Size(1280, 720), fps=60, crf=20, kbps=192),
        Preset(name="vertical", summary="1080 x 1920, for phones.", size=Size(1080, 1920), fps=60, crf=21),
        Preset(name="square", summary="1080 x 1080.", size=Size(1080, 1080), fps=60, crf=21),
        Preset(
            name="discord",
            summary="No more than 10 MB, or than max_bytes says.",
            lines=720,
            fps=30,
            kbps=48,
            max_bytes=10 * _MEGABYTE,
        ),
        Preset(name="gif", summary="A GIF that repeats.", format="gif", lines=320, fps=15),
        Preset(name="webp", summary="A WebP that repeats.", format="webp", lines=480, fps=24),
        Preset(name="audio", summary="The sound alone.", format="m4a", kbps=96),
        Preset(name="frames", summary="One PNG for each picture, in a ZIP.", format="zip"),
        Preset(name="still", summary="One picture, of the moment that at_us says.", format="png"),
    )
}


def container_of(format_: Format) -> Container | None:
    """The format as a container of streams; None for pictures."""
    return next((container for container in RULES if container == format_), None)


_LOOPED: tuple[Format, ...] = ("gif", "webp")
_SINGLE: tuple[Format, ...] = ("png", "jpg")
_SOUNDS: tuple[Format, ...] = ("m4a", "mp3", "ogg", "wav", "flac")
_ONLY: dict[str, tuple[Format, ...]] = {"audio": _SOUNDS, "frames": ("zip",), "still": _SINGLE}
"""What presets can be written as, where that is not everything: an export of sound alone has no pictures."""


class Export(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a person wants a project written.

    `format`, `max_bytes` (bytes) and `name` replace what the preset says. `start_us` and `end_us` export a part of it;
    `at_us` is when a still is taken. With `chapters` the markers become chapters, where the format has any. With `copy`
    a project that only cuts is made without encoding what can be copied, in the quality of its sources.
    """

    preset: str = "standard"
    format: Format | None = None
    name: str | None = None
    start_us: int = 0
    end_us: int | None = None
    at_us: int | None = None
    max_bytes: int | None = None
    chapters: bool = True
    copy: bool = True


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What one document becomes by an Export: all that composing and encoding has to know."""

    preset: Preset
    format: Format
    size: Size
    rate: Fraction
    max_bytes: int | None = None

    @property
    def has_pictures(self) -> bool:
        """Whether pictures are written."""
        return self.format not in _SOUNDS

    @property
    def has_sound(self) -> bool:
        """Whether sound can be written."""
        return self.format not in (*_LOOPED, *_SINGLE, "zip")

    @property
    def is_single(self) -> bool:
        """Whether it is one picture."""
        return self.format in _SINGLE


def target(output: Output, export: Export, path: str = "$.export") -> Target:
    """The Target; BadRequest for an unknown preset, with the nearest, for numbers out of range, or a wrong format."""
    preset = PRESETS[one_of(export.preset, PRESETS, f"{path}.preset")]
    only = _ONLY.get(preset.name)
    if only and export.format and export.format not in only:
        raise BadRequest(
            f"The preset {preset.name} cannot be written as {export.format}.",
            hint=f"Write it as {', '.join(only)}, or choose another preset.",
            path=f"{path}.format",
        )
    most = preset.max_bytes if export.max_bytes is None else export.max_bytes
    if most is not None and most < 10_000:
        raise BadRequest(
            f"Nothing fits into {most} bytes.", hint="Give at least 10000.", path=f"{path}.max_bytes"
        )
    rate = parse_rate(output.frame_rate)
    return Target(
        preset=preset,
        format=export.format or preset.format,
        size=preset.size or _bounded(Size(output.width, output.height), preset.lines),
        rate=rate if preset.fps is None else _slower(rate, preset.fps),
        max_bytes=most,
    )


def _bounded(size: Size, lines: int | None) -> Size:
    """The same shape with at most so many pixels on its shorter side, both even."""
    short = min(size)
    if lines is None or short <= lines:
        return size
    share = Fraction(lines, 2 * short)
    return Size(max(2, 2 * round_half_up(size.width * share)), max(2, 2 * round_half_up(size.height * share)))


def _slower(rate: Fraction, most: int) -> Fraction:
    """The rate divided by the smallest whole number that brings it to `most`: each kept picture stays in its place."""
    return rate / -(-rate // most)
