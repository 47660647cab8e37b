"""A document that is to be rendered, with all that its clips need looked up: where they stand, and what they show."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

import msgspec

from clipwright.errors import BadRequest
from clipwright.filters.graph import File
from clipwright.filters.layout import Size
from clipwright.framerate import parse_rate, round_half_up
from clipwright.media import AudioTrack, Media, VideoTrack
from clipwright.plan.frames import Frames, Grid
from clipwright.project.document import Clip, Document, Effect, Footage, Track, Transition
from clipwright.project.timeline import duration

T = TypeVar("T")
_ENDING = re.compile(r"\.[a-z0-9]{1,8}\Z")
ROOT = "$.document"
"""Where errors say that the document stands."""
FONT, FONTS = File("font.ttf"), File("fonts")
"""Under these names engines have the font that ships with the project, and a folder with it."""


class Shot(msgspec.Struct, frozen=True, kw_only=True):
    """A clip, its `path` in the document, what it is of (None for texts), and what it fills of the result.

    `video` is what it shows, and `audio` the sound it has, if any; a still has none.
    `subtitles` is what a clip of a subtitle track takes its texts from, where it says none itself.
    `volume` is the clip's times its track's; 0 for what is not heard.
    """

    clip: Clip
    path: str
    media: Media | None
    video: VideoTrack | None = None
    audio: AudioTrack | None = None
    subtitles: File | None = None
    still: bool
    shown: Frames
    heard: Frames
    volume: float = 0.0


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """A track that is seen or heard, with its shots in order of time, and when those begin and end.

    Times are in pictures, or in samples where it is heard. `joins` has the transition to each clip that one leads to,
    and its number.
    """

    track: Track
    path: str
    shots: tuple[Shot, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    joins: Mapping[str, tuple[Transition, int]]

    def within(self, window: Frames) -> tuple[Shot, ...]:
        """The shots that have something in the window; in time that grows with the logarithm of how many there are."""
        found = self.shots[bisect_right(self.ends, window.first) : bisect_left(self.starts, window.last)]
        return tuple(shot for shot in found if shot.shown.count or shot.heard.count)


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """All that is seen, from below to above, and all that is heard; `frames` are those of the whole."""

    size: Size
    grid: Grid
    channels: int
    background: str
    layers: tuple[Layer, ...]
    sounds: tuple[Layer, ...]
    effects: tuple[tuple[Effect, str], ...]
    length_us: int
    extras: Mapping[str, File] = {}
    """The sources that effects and subtitle tracks name, by their ids: tables of colours, subtitles."""

    @property
    def frames(self) -> Frames:
        """The pictures of the whole project."""
        return self.grid.frames(0, self.length_us)

    @property
    def shots(self) -> Iterator[Shot]:
        """Every shot that is seen or heard, once."""
        known: set[str] = set()
        for layer in (*self.layers, *self.sounds):
            for shot in layer.shots:
                if shot.clip.id not in known:
                    known.add(shot.clip.id)
                    yield shot


def scene(document: Document, files: Mapping[str, Media], rate: str | None = None) -> Scene:
    """The scene of a valid document; `files` are the opened files by the ids of the document's sources.

    `rate` replaces the document's frame rate. Raises BadRequest with a path for a document with nothing in it, for
    sources that are not open, and for those that have not what clips want of them.
    """
    output = document.output
    grid = Grid(parse_rate(rate or output.frame_rate), output.sample_rate)
    stills = {footage.id for footage in document.sources if footage.duration_us is None}
    seen, heard = [], []
    mounted = {one.id: _mounted(n, one.name) for n, one in enumerate(extras(document))}
    for number, track in enumerate(document.tracks):
        if track.soft is not None:
            continue
        path = f"{ROOT}.tracks[{number}]"
        shots = tuple(_shots(track, path, files, mounted, stills, grid))
        if not track.hidden and track.kind != "audio" and shots:
            seen.append(_layer(track, path, shots, [shot.shown for shot in shots]))
        sounding = tuple(shot for shot in shots if shot.volume and shot.audio and shot.heard.count)
        if sounding:
            heard.append(_layer(track, path, sounding, [shot.heard for shot in sounding]))
    if not seen and not heard:
        raise BadRequest(
            "There is nothing to be seen or heard in this project.", hint="Add a clip.", path=f"{ROOT}.tracks"
        )
    return Scene(
        size=Size(output.width, output.height),
        grid=grid,
        channels=output.channels,
        background=output.background,
        layers=tuple(seen),
        sounds=tuple(heard),
        effects=enabled(document.effects, ROOT),
        length_us=duration(document),
        extras=mounted,
    )


def _layer(track: Track, path: str, shots: tuple[Shot, ...], stand: Sequence[Frames]) -> Layer:
    return Layer(
        track=track,
        path=path,
        shots=shots,
        starts=tuple(one.first for one in stand),
        ends=tuple(one.last for one in stand),
        joins={one.after: (one, number) for number, one in enumerate(track.transitions)},
    )


def is_dressed(what: Clip | Track) -> bool:
    """Whether a clip or a track has an effect that is not switched off."""
    return any(effect.enabled for effect in what.effects)


def enabled(effects: Sequence[Effect], path: str) -> tuple[tuple[Effect, str], ...]:
    """The effects that are not switched off, each with its path."""
    return tuple((one, f"{path}.effects[{number}]") for number, one in enumerate(effects) if one.enabled)


def _mounted(number: int, name: str) -> File:
    """Under this name engines have the extra of that number: filters go by its ending."""
    ending = _ENDING.search(name.lower())
    return File(f"extra{number}{ending[0] if ending else ''}")


def extras(document: Document) -> tuple[Footage, ...]:
    """The sources of subtitle tracks, and those that parameters of effects name, in the document's order."""
    clips = (clip for track in document.tracks for clip in track.clips)
    effects = [*document.effects, *(effect for clip in clips for effect in clip.effects)]
    named = {effect.params.get("source") for effect in effects}
    named |= {clip.source for track in document.tracks if track.kind == "subtitle" for clip in track.clips}
    return tuple(footage for footage in document.sources if footage.id in named)


def _shots(
    track: Track,
    path: str,
    files: Mapping[str, Media],
    mounted: Mapping[str, File],
    stills: set[str],
    grid: Grid,
) -> Iterator[Shot]:
    audible = track.kind in ("video", "audio") and not track.muted
    firsts = {name: (_first(one.info.video), _first(one.info.audio)) for name, one in files.items()}
    for number, clip in enumerate(track.clips):
        place = f"{path}.clips[{number}]"
        silent = clip.source is None or track.kind == "subtitle"
        media = None if silent else _opened(clip.source or "", files, f"{place}.source")
        video, audio = (None, None) if silent else firsts[clip.source or ""]
        shot = Shot(
            clip=clip,
            path=place,
            media=media,
            video=video,
            audio=None if clip.source in stills else audio,
            subtitles=mounted.get(clip.source or "") if track.kind == "subtitle" else None,
            still=clip.source in stills,
            shown=grid.frames(clip.start_us, clip.end_us),
            heard=grid.samples(clip.start_us, clip.end_us),
            volume=clip.volume * track.volume if audible else 0.0,
        )
        _refuse_empty(shot, track)
        yield shot


def _refuse_empty(shot: Shot, track: Track) -> None:
    """Raise BadRequest for a file that has nothing of what the clip wants of it."""
    missing = _missing(shot, track)
    if missing:
        raise BadRequest(
            f"“{shot.media.source.name if shot.media else ''}” has no {missing}.",
            hint="Choose another source for the clip.",
            path=f"{shot.path}.source",
        )
    if begins_too_late(shot.clip, shot.media):
        raise BadRequest(
            f"The clip begins at {shot.clip.source_start_us} µs of a file that is over by then.",
            hint="Let it begin earlier, or open the file that is meant.",
            path=f"{shot.path}.source_start_us",
        )


def begins_too_late(clip: Clip, media: Media | None) -> bool:
    """Whether a file is shorter than a document says, so that there is nothing in it to begin with."""
    return media is not None and not media.info.still and 0 < media.info.duration_us <= clip.source_start_us


def _first(tracks: Sequence[T]) -> T | None:
    return tracks[0] if tracks else None


def _missing(shot: Shot, track: Track) -> str:
    if track.kind == "video" and shot.video is None:
        return "picture"
    return "sound" if track.kind == "audio" and shot.audio is None else ""


def _opened(source: str, files: Mapping[str, Media], path: str) -> Media:
    try:
        return files[source]
    except KeyError:
        raise BadRequest(
            f"The source “{source}” is not open.",
            hint="Open its file, and name it in the request.",
            path=path,
        ) from None


def shown_size(track: VideoTrack) -> Size:
    """How large pictures of a track are when they are turned as they should be and their pixels are square."""
    square = track.pixel_aspect == "1/1"
    width = track.width if square else max(2, round_half_up(track.width * Fraction(track.pixel_aspect)))
    return Size(track.height, width) if track.rotation in (90, 270) else Size(width, track.height)
