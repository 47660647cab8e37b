"""Where a cut falls: the span that was asked for, and the one that can be had."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from clipwright import timecode
from clipwright.containers import RULES, Container, takes_video
from clipwright.errors import BadRequest
from clipwright.media import AudioTrack, CutPoint, MediaInfo, Span, VideoTrack
from clipwright.plan import notes
from clipwright.plan.request import ClipRequest
from clipwright.plan.steps import Note

_USUAL_FRAME_US = 50_000
"""A frame's length where the file does not tell; an in point inside a frame always moves by less."""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A cut that can be made: what was asked for, what will be presented, what is kept before it.

    All on the person's clock, in microseconds. `key_frame` is where decoding or copying has to start, None
    where that is not known or does not matter.
    """

    requested: Span
    span: Span
    key_frame: int | None = None
    lead_in_us: int = 0
    hidden: bool = True
    notes: tuple[Note, ...] = ()


def frame_rate(info: MediaInfo) -> Fraction | None:
    """The rate that timecodes and frame numbers in a request count by, or None."""
    video = pictures(info)
    return Fraction(video[0].frame_rate) if video and video[0].frame_rate else None


def pictures(info: MediaInfo) -> tuple[VideoTrack, ...]:
    """The moving pictures: picture tracks that are not cover art."""
    return tuple(track for track in info.video if "attached_pic" not in track.disposition)


def primary(info: MediaInfo, container: Container | None) -> VideoTrack | AudioTrack | None:
    """The track that decides where a cut may fall: the default picture, else the first sound."""
    if container is None or takes_video(container):
        video = pictures(info)
        if video:
            return next((track for track in video if "default" in track.disposition), video[0])
    return info.audio[0] if info.audio else None


def requested_span(info: MediaInfo, request: ClipRequest) -> tuple[Span, tuple[Note, ...]]:
    """The Span that `request` asks for, its end clamped to the file (with a note).

    Raises BadRequest for times that cannot be read or make no span in this file.
    """
    start, end = timecode.parse_span(
        request.start,
        request.end,
        request.duration,
        media_duration_us=info.duration_us,
        frame_rate=frame_rate(info),
    )
    if end <= info.duration_us:
        return Span(start, end), ()
    return Span(start, info.duration_us), (notes.end_clamped(info.duration_us),)


def exact(info: MediaInfo, request: ClipRequest, point: CutPoint | None) -> Window:
    """A window whose first frame is the first one at or after the in point."""
    requested, said = requested_span(info, request)
    if point is None:
        return Window(requested=requested, span=requested, notes=said)
    first = point.first_frame
    if first is None or first >= requested.end:
        raise BadRequest(
            f"There is no frame between {timecode.hms(requested.start)} and {timecode.hms(requested.end)}.",
            hint="Choose a longer span, or one inside the picture.",
            path="$.request.start",
        )
    moved = first - requested.start
    if moved > _frame_us(info):
        said = (*said, notes.in_point_moved(moved))
    span = Span(first, requested.end)
    return Window(requested=requested, span=span, key_frame=point.key_frame, notes=said)


def _frame_us(info: MediaInfo) -> int:
    rate = frame_rate(info)
    return _USUAL_FRAME_US if rate is None else round(1_000_000 / rate)


def lossless(info: MediaInfo, request: ClipRequest, point: CutPoint | None, container: Container) -> Window:
    """A window that starts on a key frame: hidden before the in point where the container can."""
    window = exact(info, request, point)
    if point is None or point.key_frame is None:
        return window
    lead_in = window.span.start - point.key_frame
    hidden = RULES[container].hides_lead_in
    if lead_in == 0:
        return msgspec.structs.replace(window, notes=(*window.notes, notes.starts_on_key_frame()))
    span = window.span if hidden else Span(point.key_frame, window.span.end)
    said = (*window.notes, notes.lead_in(lead_in, container, hidden=hidden))
    return msgspec.structs.replace(window, span=span, lead_in_us=lead_in, hidden=hidden, notes=said)
