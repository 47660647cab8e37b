"""The segments of one result: how each is cut, and which tracks of its file stand for the result's.

A file may lack sound that another has: the result is silent there.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from clipwright.containers import RULES
from clipwright.framerate import SECOND, round_half_up
from clipwright.media import AudioTrack, Media, Span, VideoTrack
from clipwright.plan import cut, notes
from clipwright.plan.cut import Window, Wish
from clipwright.plan.parts import Segment
from clipwright.plan.steps import Note, TrackPlan
from clipwright.plan.tracks import Assignment, Task, kind_of


def segments(wishes: tuple[Wish, ...], task: Task, found: Assignment) -> tuple[Segment, ...] | str:
    """The segments in order, or why they cannot be joined so."""
    placed: list[Segment] = []
    at = Fraction(0)
    last = len(wishes) - 1
    for number, asked in enumerate(wishes):
        wish = asked if number == last else cut.whole_frames(asked)
        counterparts = _counterparts(task, found, wish.media)
        if isinstance(counterparts, str):
            return counterparts
        models = _models(task, found, wish.media, counterparts)
        if turned := _turned(models, wish.media):
            return turned
        if models and task.mode == "lossless":
            return f"“{wish.media.source.name}” differs: {differences(models, wish.media)}"
        window = _window(wish, task, number, len(wishes), encoded=bool(models))
        tracks = _encoded(task, counterparts) if models else counterparts
        placed.append(
            Segment(media=wish.media, window=window, at=round_half_up(at), tracks=tracks, models=models)
        )
        at += _length(window.span, wish.media)
    return tuple(placed)


def _length(span: Span, media: Media) -> Fraction:
    """How long a segment lasts in microseconds, exactly: its edges lie on ticks of the track that was cut.

    Lengths rounded to microseconds would add up to more than a tick over many joints.
    """
    track = cut.primary(media.info, None)
    ticks_per_us = 1 / (Fraction(track.time_base) * SECOND) if track else Fraction(1)
    first, last = (round_half_up((us + media.info.origin_us) * ticks_per_us) for us in (span.start, span.end))
    return (last - first) / ticks_per_us


def _window(wish: Wish, task: Task, number: int, count: int, *, encoded: bool) -> Window:
    if task.mode == "exact" or encoded:
        return cut.exact(wish)
    if task.mode == "smart":
        return cut.smart(wish)
    return cut.lossless(wish, task.container, hides=number == 0, last=number == count - 1)


def _counterparts(task: Task, found: Assignment, media: Media) -> tuple[TrackPlan, ...] | str:
    """What of `media` stands for each kept track: the one of the same kind at the same place.

    Beside pictures, sound that it has not is dropped there.
    """
    counterparts: list[TrackPlan] = []
    seen: dict[str, int] = {}
    own = media.source.id == task.media.source.id
    for planned in found.kept():
        lent = task.is_lent(planned)
        if (planned.source and not lent) or (own and not lent):
            counterparts.append(planned)
            continue
        place = seen.get(planned.kind, 0)
        seen[planned.kind] = place + 1
        same = [track for track in media.info.tracks if kind_of(track) == planned.kind]
        if place < len(same):
            counterparts.append(msgspec.structs.replace(planned, index=same[place].index, source=0))
        elif planned.kind == "audio" and found.kept("video"):
            counterparts.append(msgspec.structs.replace(planned, action="drop", source=0))
        else:
            return f"“{media.source.name}” has no {planned.kind} track number {place + 1}"
    return tuple(counterparts)


def lender(wishes: tuple[Wish, ...]) -> Media | None:
    """The first later file that has sound, where the first one has none."""
    if wishes[0].media.info.audio:
        return None
    return next((wish.media for wish in wishes if wish.media.info.audio), None)


def heard(wishes: tuple[Wish, ...], task: Task, found: Assignment) -> Assignment:
    """The same without the sound of the only file that is known to reach none of the segments; it is told."""
    files = {wish.media.source.id for wish in wishes}
    spans = [_kept(wish) for wish in wishes]
    silent = [
        planned
        for planned in found.kept("audio")
        if found.kept("video")
        and files == {task.media_of(planned).source.id}
        and not any(cut.overlaps(task.media.info, task.track_of(planned), span) for span in spans)
    ]
    if not silent:
        return found
    tracks = tuple(
        msgspec.structs.replace(planned, action="drop") if planned in silent else planned
        for planned in found.tracks
    )
    told = tuple(notes.silent(wish.media.source.name, wish.requested) for wish in wishes)
    return msgspec.structs.replace(found, tracks=tracks, notes=(*found.notes, *told))


def _kept(wish: Wish) -> Span:
    """What may be presented for a segment: copying may have to start earlier."""
    key = wish.point.key_frame if wish.point else None
    start = wish.requested.start if key is None else min(key, wish.requested.start)
    return Span(start, wish.requested.end)


def silences(segment: Segment) -> Iterator[Note]:
    """What to say where a segment's file has none of the sound that the result has, as far as that is known."""
    media = segment.media
    sounds = [planned for planned in segment.tracks if planned.kind == "audio" and not planned.source]
    span = segment.window.span
    if sounds and all(planned.action == "drop" for planned in sounds):
        yield notes.silent(media.source.name)
    elif sounds and not any(
        cut.overlaps(media.info, media.info.tracks[planned.index], span)
        for planned in sounds
        if planned.action != "drop"
    ):
        yield notes.silent(media.source.name, span)


def _models(
    task: Task, found: Assignment, media: Media, counterparts: tuple[TrackPlan, ...]
) -> dict[int, VideoTrack | AudioTrack]:
    """For tracks of another file that do not match: the first file's, by the index of the other."""
    if media.source.id == task.media.source.id:
        return {}
    pairs = zip(found.kept(), counterparts, strict=True)
    matched: dict[int, VideoTrack | AudioTrack] = {}
    differ = task.apart
    for planned, counterpart in pairs:
        if counterpart.source or counterpart.action == "drop":
            continue
        model, track = task.track_of(planned), media.info.tracks[counterpart.index]
        if isinstance(model, VideoTrack | AudioTrack):
            matched[counterpart.index] = model
            differ = differ or bool(_difference(model, track))
    return matched if differ else {}


def _turned(models: dict[int, VideoTrack | AudioTrack], media: Media) -> str:
    """Why pictures cannot be made to match, if they cannot."""
    for index, model in models.items():
        track = media.info.tracks[index]
        if (
            isinstance(model, VideoTrack)
            and isinstance(track, VideoTrack)
            and track.rotation != model.rotation
        ):
            return f"“{media.source.name}” is turned by {track.rotation}° and the first file by {model.rotation}°"
    return ""


def differences(models: dict[int, VideoTrack | AudioTrack], media: Media) -> str:
    """In what the tracks of `media` differ from those they have to match, for a person."""
    found = (_difference(model, media.info.tracks[index]) for index, model in models.items())
    return ", ".join(filter(None, found)) or "it was encoded in another way"


def _difference(model: VideoTrack | AudioTrack, track: object) -> str:
    match model, track:
        case VideoTrack(), VideoTrack():
            if model.codec != track.codec:
                return f"{notes.codec_name(track.codec)} instead of {notes.codec_name(model.codec)}"
            sizes = [(one.width, one.height) for one in (track, model)]
            if sizes[0] != sizes[1]:
                return "{}×{} instead of {}×{}".format(*sizes[0], *sizes[1])
            if (track.bit_depth or 8) != (model.bit_depth or 8):
                return f"{track.bit_depth} bits per sample instead of {model.bit_depth}"
            if track.rotation != model.rotation:
                return f"turned by {track.rotation}° instead of {model.rotation}°"
            if track.pixel_aspect != model.pixel_aspect:
                return f"{track.pixel_aspect} pixels instead of {model.pixel_aspect}"
        case AudioTrack(), AudioTrack():
            if model.codec != track.codec:
                return f"{notes.codec_name(track.codec)} instead of {notes.codec_name(model.codec)}"
            if track.sample_rate != model.sample_rate:
                return f"{track.sample_rate} Hz instead of {model.sample_rate} Hz"
            if track.channels != model.channels:
                return f"{track.channels} channels instead of {model.channels}"
    return ""


def _encoded(task: Task, tracks: tuple[TrackPlan, ...]) -> tuple[TrackPlan, ...]:
    """The same tracks, encoded again; text stays."""
    rules = RULES[task.container]
    return tuple(
        msgspec.structs.replace(planned, action="encode")
        if planned.action != "drop"
        and planned.kind in ("video", "audio")
        and rules.holds(planned.kind, planned.codec)
        else planned
        for planned in tracks
    )
