"""Everything that is wrong with a document, in one list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from clipwright.errors import BadRequest
from clipwright.filters.layout import GRID, MAX_SIDE
from clipwright.framerate import parse_rate
from clipwright.project.clips import clip_faults, order_faults, soft_faults, transition_faults
from clipwright.project.document import (
    MAX_CLIPS,
    MAX_EFFECTS,
    MAX_LIST,
    MAX_TIME_US,
    MAX_TRACKS,
    MAX_VOICES,
    Document,
    Footage,
    Output,
    Track,
)
from clipwright.project.faults import (
    Check,
    Fault,
    anything,
    effect_faults,
    id_faults,
    number_faults,
    text_faults,
    time_faults,
    use_faults,
    volume_faults,
)
from clipwright.project.groups import group_faults

_COLOR = re.compile("#[0-9a-fA-F]{6}")
SOUNDING = ("video", "audio")
"""Tracks of these kinds are heard."""
_CHANNELS = (1, 2, 6, 8)


def validate(document: Document, check: Check = anything, path: str = "$") -> tuple[Fault, ...]:
    """Every fault of the document, in its order; none if it can be made. `path` is where the document stands.

    `check` says what is wrong with the use of an effect, a transition or a style. A document that holds too much is not
    looked through: then the faults are those limits.
    """
    return tuple(_limit_faults(document, path)) or tuple(_faults(document, check, path))


def _limit_faults(document: Document, path: str) -> Iterator[Fault]:
    lists = {"sources": MAX_LIST, "tracks": MAX_TRACKS, "effects": MAX_EFFECTS, "markers": MAX_LIST}
    for field, most in (lists | {"groups": MAX_LIST}).items():
        if len(getattr(document, field)) > most:
            yield _too_many(f"{path}.{field}", len(getattr(document, field)), most)
    held = 0
    for number, track in enumerate(document.tracks[:MAX_TRACKS]):
        held += len(track.clips)
        if held > MAX_CLIPS:
            yield _too_many(f"{path}.tracks[{number}].clips", held, MAX_CLIPS)
            break
        if len(track.effects) > MAX_EFFECTS:
            yield _too_many(f"{path}.tracks[{number}].effects", len(track.effects), MAX_EFFECTS)
        if len(track.transitions) > len(track.clips):
            most = len(track.clips)
            yield _too_many(f"{path}.tracks[{number}].transitions", len(track.transitions), most)
    for number, group in enumerate(document.groups[:MAX_LIST]):
        if len(group.members) > MAX_LIST:
            yield _too_many(f"{path}.groups[{number}].members", len(group.members), MAX_LIST)


def _too_many(path: str, number: int, most: int) -> Fault:
    return Fault(path, f"There are too many of them: {number}.", f"Use at most {most}.")


def _faults(document: Document, check: Check, path: str) -> Iterator[Fault]:
    yield from text_faults(document.name, f"{path}.name")
    yield from _source_faults(document.sources, f"{path}.sources")
    yield from _track_faults(document, check, f"{path}.tracks")
    # They may reach beyond the end: what is cut off there must not depend on them.
    for number, effect in enumerate(document.effects):
        yield from effect_faults(effect, MAX_TIME_US, f"{path}.effects[{number}]", check)
    for number, marker in enumerate(document.markers):
        place = f"{path}.markers[{number}]"
        yield from id_faults(marker.id, f"{place}.id")
        yield from time_faults(marker.time_us, f"{place}.time_us")
        yield from text_faults(marker.name, f"{place}.name")
    yield from _twice((marker.id for marker in document.markers), path, "markers[{}]")
    yield from group_faults(document, f"{path}.groups")
    yield from _output_faults(document.output, f"{path}.output")


def _source_faults(sources: tuple[Footage, ...], path: str) -> Iterator[Fault]:
    for number, footage in enumerate(sources):
        place = f"{path}[{number}]"
        yield from id_faults(footage.id, f"{place}.id")
        yield from text_faults(footage.name, f"{place}.name")
        yield from text_faults(footage.media, f"{place}.media")
        if footage.duration_us is not None:
            yield from time_faults(footage.duration_us, f"{place}.duration_us")
    yield from _twice((footage.id for footage in sources), path, "[{}]", dot="")


def _track_faults(document: Document, check: Check, path: str) -> Iterator[Fault]:
    sources = {footage.id: footage for footage in document.sources}
    clip_ids: set[str] = set()
    for number, track in enumerate(document.tracks):
        place = f"{path}[{number}]"
        yield from id_faults(track.id, f"{place}.id")
        yield from text_faults(track.name, f"{place}.name")
        yield from volume_faults(track.volume, f"{place}.volume")
        yield from soft_faults(track, f"{place}.soft")
        for at, clip in enumerate(track.clips):
            yield from clip_faults(clip, track.kind, sources, f"{place}.clips[{at}]", check)
            if clip.id in clip_ids:
                yield _repeated(f"{place}.clips[{at}].id", clip.id)
            clip_ids.add(clip.id)
        yield from _together(track, place, check)
        yield from _sound_faults(track, document.tracks, place, check)
    yield from _twice((track.id for track in document.tracks), path, "[{}]", dot="")


def _together(track: Track, path: str, check: Check) -> Iterator[Fault]:
    yield from order_faults(track, path)
    yield from transition_faults(track, path, check)


def _sound_faults(track: Track, tracks: tuple[Track, ...], path: str, check: Check) -> Iterator[Fault]:
    """What is wrong with what is done to a track's sound as a whole."""
    if (track.effects or track.ducking) and track.kind not in SOUNDING:
        where = "effects" if track.effects else "ducking"
        yield Fault(f"{path}.{where}", f"A {track.kind} track has no sound.", "Put it on one that has.")
    for number, effect in enumerate(track.effects):
        yield from effect_faults(effect, MAX_TIME_US, f"{path}.effects[{number}]", check, "sound")
    if track.ducking is None:
        return
    voices, place = track.ducking.voices, f"{path}.ducking"
    others = {one.id for one in tracks if one.kind in SOUNDING} - {track.id}
    if not 1 <= len(voices) <= MAX_VOICES or len({*voices}) != len(voices):
        yield Fault(
            f"{place}.voices", f"It names {len(voices)} tracks.", f"Name 1 to {MAX_VOICES}, each once."
        )
    for number, voice in enumerate(voices[:MAX_VOICES]):
        if voice not in others:
            yield Fault(
                f"{place}.voices[{number}]",
                f"There is no other track “{voice[:40]}” with sound.",
                "Name the id of a video or audio track.",
            )
    yield from use_faults("ducking", "", track.ducking.params, place, check)


def _twice(ids: Iterable[str], path: str, place: str, dot: str = ".") -> Iterator[Fault]:
    seen: set[str] = set()
    for number, name in enumerate(ids):
        if name in seen:
            yield _repeated(f"{path}{dot}{place.format(number)}.id", name)
        seen.add(name)


def _repeated(path: str, name: str) -> Fault:
    return Fault(path, f"The id “{name[:64]}” is used already.", "Give each its own.")


def _output_faults(output: Output, path: str) -> Iterator[Fault]:
    for side in ("width", "height"):
        pixels = getattr(output, side)
        if not GRID <= pixels <= MAX_SIDE or pixels % GRID:
            yield Fault(f"{path}.{side}", f"A frame cannot have {pixels} pixels on a side.", _even())
    try:
        parse_rate(output.frame_rate)
    except BadRequest as refused:
        yield Fault(f"{path}.frame_rate", refused.message, refused.hint)
    yield from number_faults(output.sample_rate, 8_000, 192_000, f"{path}.sample_rate")
    if output.channels not in _CHANNELS:
        yield Fault(f"{path}.channels", f"{output.channels} channels cannot be made.", "Use 1, 2, 6 or 8.")
    if not _COLOR.fullmatch(output.background):
        yield Fault(f"{path}.background", f"“{output.background[:40]}” is no colour.", "Write #rrggbb.")


def _even() -> str:
    return f"Give an even number from {GRID} to {MAX_SIDE}."
