"""Edits of which clips there are, and when: add, remove, move, put transitions between them."""

from __future__ import annotations

from msgspec.structs import replace

from clipwright.errors import BadRequest
from clipwright.framerate import SECOND
from clipwright.project.document import Clip, Document, Footage, Marker, Transition
from clipwright.project.edits import (
    AddClip,
    Move,
    MoveGroup,
    RemoveClip,
    RemoveTransition,
    RippleDelete,
    SetTransition,
)
from clipwright.project.groups import clips_of, pruned
from clipwright.project.places import (
    Place,
    clip_ids,
    clip_place,
    fresh,
    pushed,
    put,
    shifted,
    track_place,
    unknown,
    with_clips,
    with_track,
)
from clipwright.project.timeline import checked_speed, end_of, shown_for

_USUAL_US = 5 * SECOND
"""How long a text or a still is shown if nobody says."""


def add_clip(document: Document, action: AddClip) -> Document:
    """See `AddClip`."""
    at = track_place(document, action.track)
    track = document.tracks[at]
    start = end_of(track) if action.at_us is None else action.at_us
    clip = _new_clip(document, action, start)
    clips = track.clips
    if action.ripple:
        clips = tuple(
            shifted(other, clip.duration_us) if other.start_us >= start else other for other in clips
        )
    return with_clips(document, at, (*clips, clip))


def _new_clip(document: Document, action: AddClip, start_us: int) -> Clip:
    footage = _footage(document, action.source)
    source_start, source_end = action.source_start_us, action.source_end_us
    if footage is None or footage.duration_us is None:
        source_end = 0 if source_end is None else source_end
        lasting = _USUAL_US if action.duration_us is None else action.duration_us
    elif action.duration_us is not None:
        raise BadRequest(
            "How long this clip lasts follows from its source and speed.",
            hint="Give source_end_us instead.",
            path="$.action.duration_us",
        )
    else:
        source_end = footage.duration_us if source_end is None else source_end
        lasting = shown_for(source_end - source_start, checked_speed(action.speed, "$.action.speed"))
    return Clip(
        id=action.id or fresh("c", clip_ids(document)),
        start_us=start_us,
        end_us=start_us + lasting,
        source=action.source,
        source_start_us=source_start,
        source_end_us=source_end,
        speed=action.speed,
        text=action.text,
        style=action.style,
        label=action.label,
    )


def _footage(document: Document, source: str | None) -> Footage | None:
    if source is None:
        return None
    for footage in document.sources:
        if footage.id == source:
            return footage
    raise unknown("source", "source", source)


def remove_clip(document: Document, action: RemoveClip) -> Document:
    """See `RemoveClip`."""
    return _without(document, clip_place(document, action.clip))


def _without(document: Document, place: Place, later_by_us: int = 0) -> Document:
    """The document without that clip, what follows it on its track so much later."""
    clips = put(pushed(place.track.clips, place.at + 1, later_by_us), place.at)
    rest = with_clips(document, place.track_at, clips)
    return replace(rest, groups=pruned(document, frozenset({place.clip.id})))


def ripple_delete(document: Document, action: RippleDelete) -> Document:
    """See `RippleDelete`."""
    place = clip_place(document, action.clip)
    clip, at = place.clip, place.at
    clips = place.track.clips
    # What a transition shares with a neighbour belongs to the neighbour, too, and stays.
    start = max(clip.start_us, clips[at - 1].end_us) if at else clip.start_us
    end = min(clip.end_us, clips[at + 1].start_us) if at + 1 < len(clips) else clip.end_us
    by = start - end
    edited = _without(document, place, by)
    if not action.all_tracks:
        return edited
    for number, track in enumerate(document.tracks):
        if number != place.track_at:
            others = (shifted(other, by) if other.start_us >= end else other for other in track.clips)
            edited = with_clips(edited, number, others)
    return replace(edited, markers=tuple(_earlier(marker, end, by) for marker in document.markers))


def _earlier(marker: Marker, from_us: int, by_us: int) -> Marker:
    return replace(marker, time_us=marker.time_us + by_us) if marker.time_us >= from_us else marker


def move(document: Document, action: Move) -> Document:
    """See `Move`."""
    place = clip_place(document, action.clip)
    clip = shifted(place.clip, action.to_us - place.clip.start_us)
    to = place.track_at if action.track is None else track_place(document, action.track)
    if to == place.track_at:
        return with_clips(document, to, put(place.track.clips, place.at, clip))
    left = with_clips(document, place.track_at, put(place.track.clips, place.at))
    return with_clips(left, to, (*left.tracks[to].clips, clip))


def move_group(document: Document, action: MoveGroup) -> Document:
    """See `MoveGroup`."""
    if all(group.id != action.group for group in document.groups):
        raise unknown("group", "group", action.group)
    held = clips_of(document, action.group)
    for number, track in enumerate(document.tracks):
        if any(clip.id in held for clip in track.clips):
            clips = (shifted(clip, action.by_us) if clip.id in held else clip for clip in track.clips)
            document = with_clips(document, number, clips)
    return document


def set_transition(document: Document, action: SetTransition) -> Document:
    """See `SetTransition`."""
    place = _neighbours(document, action)
    clips = place.track.clips
    start = clips[place.at].end_us - action.duration_us
    by = start - clips[place.at + 1].start_us
    if action.duration_us <= 0:
        raise BadRequest(
            f"A transition cannot last {action.duration_us} µs.",
            hint="Give more than 0.",
            path="$.action.duration_us",
        )
    if clips[place.at + 1].start_us > clips[place.at].end_us:
        raise BadRequest(
            "There is a gap between the two clips.",
            hint="Move one of them so that they touch.",
            path="$.action.after",
        )
    new = Transition(
        before=action.before,
        after=action.after,
        name=action.name,
        duration_us=action.duration_us,
        params=action.params,
    )
    others = (one for one in place.track.transitions if one.before != action.before)
    track = replace(
        place.track, clips=pushed(clips, place.at + 1, by), transitions=_ordered(clips, (*others, new))
    )
    return with_track(document, place.track_at, track)


def _ordered(clips: tuple[Clip, ...], transitions: tuple[Transition, ...]) -> tuple[Transition, ...]:
    """In the order of their clips, so that the order of edits leaves no trace."""
    places = {clip.id: number for number, clip in enumerate(clips)}
    return tuple(sorted(transitions, key=lambda one: places.get(one.before, -1)))


def remove_transition(document: Document, action: RemoveTransition) -> Document:
    """See `RemoveTransition`."""
    place = _neighbours(document, action)
    gone = [one for one in place.track.transitions if one.before == action.before]
    if not gone:
        raise BadRequest(
            "These clips have no transition.", hint="Name two that have one.", path="$.action.before"
        )
    clips = pushed(place.track.clips, place.at + 1, gone[0].duration_us)
    kept = tuple(one for one in place.track.transitions if one.before != action.before)
    return with_track(document, place.track_at, replace(place.track, clips=clips, transitions=kept))


def _neighbours(document: Document, action: SetTransition | RemoveTransition) -> Place:
    place = clip_place(document, action.before, "before")
    following = place.track.clips[place.at + 1 : place.at + 2]
    if not following or following[0].id != action.after:
        raise BadRequest(
            f"“{action.after[:64]}” does not follow “{action.before[:64]}” on its track.",
            hint="Name two clips of which one follows the other.",
            path="$.action.after",
        )
    return place
