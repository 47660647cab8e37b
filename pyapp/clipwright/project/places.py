"""Finding parts of a document by their ids, and putting others in their place."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from msgspec.structs import replace

from clipwright.errors import BadRequest
from clipwright.project.document import Clip, Document, Effect, Track

_by_start = attrgetter("start_us")


class Place(NamedTuple):
    """Where a clip stands: number of the track, the track, number of the clip, the clip."""

    track_at: int
    track: Track
    at: int
    clip: Clip


def unknown(field: str, what: str, name: str) -> BadRequest:
    """What to say of an id that nothing bears."""
    return BadRequest(
        f"There is no {what} “{name[:64]}”.", hint="Name one that the project has.", path=f"$.action.{field}"
    )


def clip_place(document: Document, clip_id: str, field: str = "clip") -> Place:
    """Where a clip stands. Raises BadRequest, at that field of the action, if it does not."""
    for track_at, track in enumerate(document.tracks):
        for at, clip in enumerate(track.clips):
            if clip.id == clip_id:
                return Place(track_at, track, at, clip)
    raise unknown(field, "clip", clip_id)


def track_place(document: Document, track_id: str, field: str = "track") -> int:
    """The number of a track. Raises BadRequest, at that field of the action, if there is none."""
    for number, track in enumerate(document.tracks):
        if track.id == track_id:
            return number
    raise unknown(field, "track", track_id)


def with_track(document: Document, at: int, track: Track) -> Document:
    """The document with another track in that place."""
    return replace(document, tracks=(*document.tracks[:at], track, *document.tracks[at + 1 :]))


def with_clips(document: Document, at: int, clips: Iterable[Clip]) -> Document:
    """The document with other clips on the track in that place, its transitions settled."""
    return with_track(document, at, settled(replace(document.tracks[at], clips=tuple(clips))))


def with_clip(document: Document, place: Place, clip: Clip) -> Document:
    """The document with another clip in that place."""
    return with_clips(document, place.track_at, put(place.track.clips, place.at, clip))


def put(clips: tuple[Clip, ...], at: int, *instead: Clip) -> tuple[Clip, ...]:
    """The clips with others, or none, instead of number `at`."""
    return (*clips[:at], *instead, *clips[at + 1 :])


def settled(track: Track) -> Track:
    """The track with its clips in order, and with those transitions whose clips still follow and overlap one another.

    A transition lasts as long as its clips overlap.
    """
    clips = tuple(sorted(track.clips, key=_by_start))
    if not track.transitions:
        return replace(track, clips=clips)
    places = {clip.id: number for number, clip in enumerate(clips)}
    kept = []
    for transition in track.transitions:
        before, after = places.get(transition.before), places.get(transition.after)
        if before is not None and after == before + 1:
            common = clips[before].end_us - clips[before + 1].start_us
            if common > 0:
                kept.append(replace(transition, duration_us=common))
    return replace(track, clips=clips, transitions=tuple(kept))


def shifted(clip: Clip, by_us: int) -> Clip:
    """The clip so much later."""
    return replace(clip, start_us=clip.start_us + by_us, end_us=clip.end_us + by_us) if by_us else clip


def pushed(clips: tuple[Clip, ...], first: int, by_us: int) -> tuple[Clip, ...]:
    """The clips, those from number `first` on so much later."""
    return (*clips[:first], *(shifted(clip, by_us) for clip in clips[first:]))


def effects_within(effects: Iterable[Effect], by_us: int, duration_us: int) -> tuple[Effect, ...]:
    """Effects of what now lasts `duration_us` and starts `by_us` later than what they were for.

    They stay where they were; what lies outside goes.
    """
    kept = []
    for effect in effects:
        start = None if effect.start_us is None else max(0, effect.start_us - by_us)
        end = None if effect.end_us is None else min(duration_us, effect.end_us - by_us)
        if (start or 0) < (duration_us if end is None else end):
            kept.append(replace(effect, start_us=start, end_us=end))
    return tuple(kept)


def fresh(prefix: str, taken: Iterable[str]) -> str:
    """An id that is not taken: the prefix and a number."""
    used = {name for name in taken if name.startswith(prefix)}
    number = len(used) + 1
    while f"{prefix}{number}" in used:
        number += 1
    return f"{prefix}{number}"


def clip_ids(document: Document) -> set[str]:
    """The ids that clips and groups have, which share them."""
    groups = {group.id for group in document.groups}
    return groups | {clip.id for track in document.tracks for clip in track.clips}
