"""The segments of one result: how each is cut, and which tracks of its file stand for the result's."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from clipwright.containers import RULES
from clipwright.framerate import SECOND, round_half_up
from clipwright.media import AudioTrack, Media, Span, VideoTrack
from clipwright.plan import cut, notes
from clipwright.plan.assemble import Segment
from clipwright.plan.cut import Window, Wish
from clipwright.plan.steps import TrackPlan
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
    """What of `media` stands for each kept track: the one of the same kind at the same place."""
    if media.source.id == task.media.source.id:
        return found.kept()
    counterparts: list[TrackPlan] = []
    seen: dict[str, int] = {}
    for planned in found.kept():
        if planned.source:
            counterparts.append(planned)
            continue
        place = seen.get(planned.kind, 0)
        seen[planned.kind] = place + 1
        same = [track for track in media.info.tracks if kind_of(track) == planned.kind]
        if place >= len(same):
            return f"“{media.source.name}” has no {planned.kind} track number {place + 1}"
        counterparts.append(msgspec.structs.replace(planned, index=same[place].index))
    return tuple(counterparts)


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
        if planned.source:
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
        if planned.kind in ("video", "audio") and rules.holds(planned.kind, planned.codec)
        else planned
        for planned in tracks
    )
