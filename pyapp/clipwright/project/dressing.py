"""Edits of what is done to clips and tracks, and of all that is no clip: effects, sources, markers, groups, output."""

from __future__ import annotations

from msgspec.structs import replace

from clipwright.errors import BadRequest
from clipwright.project.document import Document, Effect, Group, Marker, Track
from clipwright.project.edits import (
    AddMarker,
    AddSource,
    AddTrack,
    MakeGroup,
    MoveTrack,
    RemoveEffect,
    RemoveMarker,
    RemoveSource,
    RemoveTrack,
    SetDucking,
    SetEffect,
    SetName,
    SetOutput,
    SetSoft,
    SetSource,
    SetText,
    SetTrack,
    SetTransform,
    SetVolume,
    Ungroup,
)
from clipwright.project.groups import pruned
from clipwright.project.places import (
    clip_ids,
    clip_place,
    fresh,
    track_place,
    unknown,
    with_clip,
    with_track,
)


def add_source(document: Document, action: AddSource) -> Document:
    """See `AddSource`."""
    return replace(document, sources=(*document.sources, action.source))


def set_source(document: Document, action: SetSource) -> Document:
    """See `SetSource`."""
    if all(footage.id != action.source.id for footage in document.sources):
        raise unknown("source.id", "source", action.source.id)
    sources = (action.source if one.id == action.source.id else one for one in document.sources)
    return replace(document, sources=tuple(sources))


def remove_source(document: Document, action: RemoveSource) -> Document:
    """See `RemoveSource`."""
    kept = tuple(footage for footage in document.sources if footage.id != action.source)
    if len(kept) == len(document.sources):
        raise unknown("source", "source", action.source)
    if any(clip.source == action.source for track in document.tracks for clip in track.clips):
        raise BadRequest(
            f"A clip shows “{action.source}”.", hint="Remove its clips first.", path="$.action.source"
        )
    return replace(document, sources=kept)


def add_track(document: Document, action: AddTrack) -> Document:
    """See `AddTrack`."""
    name = action.id or fresh("t", (track.id for track in document.tracks))
    at = len(document.tracks) if action.at is None else action.at
    return _inserted(document, Track(id=name, kind=action.kind, name=action.name), at)


def _inserted(document: Document, track: Track, at: int) -> Document:
    if not 0 <= at <= len(document.tracks):
        raise BadRequest(
            f"There is no place {at} for a track.",
            hint=f"Give 0 to {len(document.tracks)}.",
            path="$.action.at",
        )
    return replace(document, tracks=(*document.tracks[:at], track, *document.tracks[at:]))


def remove_track(document: Document, action: RemoveTrack) -> Document:
    """See `RemoveTrack`."""
    at = track_place(document, action.track)
    gone = frozenset(clip.id for clip in document.tracks[at].clips)
    tracks = (_unled(one, action.track) for one in document.tracks[:at] + document.tracks[at + 1 :])
    return replace(document, tracks=tuple(tracks), groups=pruned(document, gone))


def _unled(track: Track, gone: str) -> Track:
    """The track, which makes way for that other one no longer."""
    if track.ducking is None or gone not in track.ducking.voices:
        return track
    voices = tuple(voice for voice in track.ducking.voices if voice != gone)
    return replace(track, ducking=replace(track.ducking, voices=voices) if voices else None)


def move_track(document: Document, action: MoveTrack) -> Document:
    """See `MoveTrack`."""
    at = track_place(document, action.track)
    rest = replace(document, tracks=document.tracks[:at] + document.tracks[at + 1 :])
    return _inserted(rest, document.tracks[at], action.at)


def set_track(document: Document, action: SetTrack) -> Document:
    """See `SetTrack`."""
    at = track_place(document, action.track)
    track = document.tracks[at]
    edited = replace(
        track,
        name=track.name if action.name is None else action.name,
        muted=track.muted if action.muted is None else action.muted,
        hidden=track.hidden if action.hidden is None else action.hidden,
    )
    return with_track(document, at, edited)


def set_soft(document: Document, action: SetSoft) -> Document:
    """See `SetSoft`."""
    at = track_place(document, action.track)
    return with_track(document, at, replace(document.tracks[at], soft=action.soft))


def set_volume(document: Document, action: SetVolume) -> Document:
    """See `SetVolume`."""
    if action.clip is not None and action.track is None:
        place = clip_place(document, action.clip)
        return with_clip(document, place, replace(place.clip, volume=action.volume))
    if action.track is not None and action.clip is None:
        at = track_place(document, action.track)
        return with_track(document, at, replace(document.tracks[at], volume=action.volume))
    raise BadRequest(
        "A volume is that of a clip or of a track.", hint="Name one of the two.", path="$.action.clip"
    )


def set_transform(document: Document, action: SetTransform) -> Document:
    """See `SetTransform`."""
    place = clip_place(document, action.clip)
    return with_clip(document, place, replace(place.clip, transform=action.transform))


def set_text(document: Document, action: SetText) -> Document:
    """See `SetText`."""
    place = clip_place(document, action.clip)
    style = place.clip.style if action.style is None else action.style
    return with_clip(document, place, replace(place.clip, text=action.text, style=style))


def set_effect(document: Document, action: SetEffect) -> Document:
    """See `SetEffect`."""
    effects = _effects(document, action)
    at = len(effects) if action.at is None else action.at
    if not 0 <= at <= len(effects):
        raise _no_effect(at, len(effects))
    return _with_effects(document, action, (*effects[:at], action.effect, *effects[at + 1 :]))


def remove_effect(document: Document, action: RemoveEffect) -> Document:
    """See `RemoveEffect`."""
    effects = _effects(document, action)
    if not 0 <= action.at < len(effects):
        raise _no_effect(action.at, len(effects) - 1)
    return _with_effects(document, action, effects[: action.at] + effects[action.at + 1 :])


def _effects(document: Document, action: SetEffect | RemoveEffect) -> tuple[Effect, ...]:
    if action.clip is not None and action.track is not None:
        raise BadRequest(
            "An effect is one of a clip or of a track.", hint="Name one of the two.", path="$.action.track"
        )
    if action.track is not None:
        return document.tracks[track_place(document, action.track)].effects
    return document.effects if action.clip is None else clip_place(document, action.clip).clip.effects


def _with_effects(
    document: Document, action: SetEffect | RemoveEffect, effects: tuple[Effect, ...]
) -> Document:
    if action.track is not None:
        at = track_place(document, action.track)
        return with_track(document, at, replace(document.tracks[at], effects=effects))
    if action.clip is None:
        return replace(document, effects=effects)
    place = clip_place(document, action.clip)
    return with_clip(document, place, replace(place.clip, effects=effects))


def set_ducking(document: Document, action: SetDucking) -> Document:
    """See `SetDucking`."""
    at = track_place(document, action.track)
    return with_track(document, at, replace(document.tracks[at], ducking=action.ducking))


def _no_effect(at: int, most: int) -> BadRequest:
    hint = f"Give 0 to {most}." if most >= 0 else "There are none."
    return BadRequest(f"There is no effect number {at}.", hint=hint, path="$.action.at")


def add_marker(document: Document, action: AddMarker) -> Document:
    """See `AddMarker`."""
    name = action.id or fresh("m", (marker.id for marker in document.markers))
    marker = Marker(id=name, time_us=action.time_us, name=action.name)
    markers = sorted((*document.markers, marker), key=lambda one: one.time_us)
    return replace(document, markers=tuple(markers))


def remove_marker(document: Document, action: RemoveMarker) -> Document:
    """See `RemoveMarker`."""
    kept = tuple(marker for marker in document.markers if marker.id != action.marker)
    if len(kept) == len(document.markers):
        raise unknown("marker", "marker", action.marker)
    return replace(document, markers=kept)


def make_group(document: Document, action: MakeGroup) -> Document:
    """See `MakeGroup`."""
    name = action.id or fresh("g", clip_ids(document))
    return replace(document, groups=(*document.groups, Group(id=name, members=action.members)))


def ungroup(document: Document, action: Ungroup) -> Document:
    """See `Ungroup`."""
    found = [group for group in document.groups if group.id == action.group]
    if not found:
        raise unknown("group", "group", action.group)
    groups = tuple(_with_members_of(group, found[0]) for group in document.groups if group is not found[0])
    return replace(document, groups=groups)


def _with_members_of(group: Group, gone: Group) -> Group:
    if gone.id not in group.members:
        return group
    at = group.members.index(gone.id)
    return replace(group, members=(*group.members[:at], *gone.members, *group.members[at + 1 :]))


def set_output(document: Document, action: SetOutput) -> Document:
    """See `SetOutput`."""
    return replace(document, output=action.output)


def set_name(document: Document, action: SetName) -> Document:
    """See `SetName`."""
    return replace(document, name=action.name)
