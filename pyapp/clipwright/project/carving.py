"""Edits of how much of a source a clip shows, and how fast: split, trim, speed."""

from __future__ import annotations

from fractions import Fraction

from msgspec.structs import replace

from clipwright.errors import BadRequest
from clipwright.framerate import round_half_up
from clipwright.project.document import MIN_CLIP_US, Clip, Document, Effect, Group, Track
from clipwright.project.edits import SetSpeed, Split, TrimIn, TrimOut
from clipwright.project.places import (
    Place,
    clip_ids,
    clip_place,
    effects_within,
    fresh,
    pushed,
    put,
    with_clip,
    with_clips,
    with_track,
)
from clipwright.project.timeline import checked_speed, shown_for, source_for


def split(document: Document, action: Split) -> Document:
    """See `Split`."""
    place = clip_place(document, action.clip)
    clip, track = place.clip, place.track
    _check_split(place, action.at_us)
    name = action.id or fresh("c", clip_ids(document))
    first = _ending(clip, action.at_us)
    second = replace(_starting(clip, action.at_us), id=name)
    transitions = tuple(
        replace(one, before=name) if one.before == clip.id else one for one in track.transitions
    )
    clips = put(track.clips, place.at, first, second)
    edited = with_track(document, place.track_at, replace(track, clips=clips, transitions=transitions))
    return replace(edited, groups=tuple(_joined(group, clip.id, name) for group in document.groups))


def _check_split(place: Place, at_us: int) -> None:
    clip = place.clip
    if not clip.start_us + MIN_CLIP_US <= at_us <= clip.end_us - MIN_CLIP_US:
        raise BadRequest(
            f"“{clip.id}” cannot be split at {at_us} µs: it lasts from {clip.start_us} to {clip.end_us} µs.",
            hint=f"Split it inside, at least {MIN_CLIP_US} µs from both ends.",
            path="$.action.at_us",
        )
    before, after = _neighbours(place.track, place.at)
    if (before and at_us < before.end_us) or (after and at_us > after.start_us):
        raise BadRequest(
            f"“{clip.id}” cannot be split at {at_us} µs: a transition is shown there.",
            hint="Split it elsewhere, or remove the transition first.",
            path="$.action.at_us",
        )


def _neighbours(track: Track, at: int) -> tuple[Clip | None, Clip | None]:
    clips = track.clips
    return clips[at - 1] if at else None, clips[at + 1] if at + 1 < len(clips) else None


def _joined(group: Group, clip: str, other: str) -> Group:
    """The group with the other clip behind that clip, if it holds that."""
    if clip not in group.members:
        return group
    at = group.members.index(clip) + 1
    return replace(group, members=(*group.members[:at], other, *group.members[at:]))


def _starting(clip: Clip, us: int) -> Clip:
    """The clip as it is from a time of the project on; also of a time before it starts."""
    lasting = clip.end_us - us
    source = clip.source_end_us - source_for(lasting, clip.speed) if _has_clock(clip) else 0
    effects = effects_within(clip.effects, us - clip.start_us, lasting)
    return replace(clip, start_us=us, source_start_us=source, effects=effects)


def _ending(clip: Clip, us: int) -> Clip:
    """The clip as it is up to a time of the project; also to one after its end."""
    lasting = us - clip.start_us
    source = clip.source_start_us + source_for(lasting, clip.speed) if _has_clock(clip) else 0
    return replace(clip, end_us=us, source_end_us=source, effects=effects_within(clip.effects, 0, lasting))


def _has_clock(clip: Clip) -> bool:
    return clip.source_end_us > clip.source_start_us


def trim_in(document: Document, action: TrimIn) -> Document:
    """See `TrimIn`."""
    place = clip_place(document, action.clip)
    clip = place.clip
    _check_length(clip.end_us - action.to_us)
    trimmed = _starting(clip, action.to_us)
    if not action.ripple:
        return with_clip(document, place, trimmed)
    lasting = clip.end_us - action.to_us
    return _rippled(document, place, replace(trimmed, start_us=clip.start_us, end_us=clip.start_us + lasting))


def trim_out(document: Document, action: TrimOut) -> Document:
    """See `TrimOut`."""
    place = clip_place(document, action.clip)
    _check_length(action.to_us - place.clip.start_us)
    trimmed = _ending(place.clip, action.to_us)
    return _rippled(document, place, trimmed) if action.ripple else with_clip(document, place, trimmed)


def _check_length(lasting_us: int) -> None:
    if lasting_us < MIN_CLIP_US:
        raise BadRequest(
            f"The clip would last {lasting_us} µs.",
            hint=f"Leave at least {MIN_CLIP_US} µs of it.",
            path="$.action.to_us",
        )


def _rippled(document: Document, place: Place, clip: Clip) -> Document:
    """The document with that clip in the place, and what follows moved by as much as its end."""
    clips = put(place.track.clips, place.at, clip)
    return with_clips(document, place.track_at, pushed(clips, place.at + 1, clip.end_us - place.clip.end_us))


def set_speed(document: Document, action: SetSpeed) -> Document:
    """See `SetSpeed`."""
    place = clip_place(document, action.clip)
    clip = place.clip
    speed = checked_speed(action.speed, "$.action.speed")
    if not _has_clock(clip):
        raise BadRequest("A text or a still has no speed.", hint="Trim it instead.", path="$.action.clip")
    lasting = shown_for(clip.source_end_us - clip.source_start_us, speed)
    stretched = replace(
        clip,
        speed=speed,
        end_us=clip.start_us + lasting,
        effects=_stretched(clip.effects, Fraction(lasting, max(1, clip.duration_us)), lasting),
    )
    return _rippled(document, place, stretched) if action.ripple else with_clip(document, place, stretched)


def _stretched(effects: tuple[Effect, ...], by: Fraction, duration_us: int) -> tuple[Effect, ...]:
    """Effects over the same part of what is shown, now that this lasts longer or shorter."""
    scaled = (
        replace(
            effect,
            start_us=None if effect.start_us is None else round_half_up(effect.start_us * by),
            end_us=None if effect.end_us is None else round_half_up(effect.end_us * by),
        )
        for effect in effects
    )
    return effects_within(scaled, 0, duration_us)
