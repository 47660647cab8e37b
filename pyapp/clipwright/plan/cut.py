"""Where a cut falls: the span that was asked for, and the one that can be had."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import msgspec

from clipwright import timecode
from clipwright.containers import RULES, Container, takes_video
from clipwright.errors import BadRequest
from clipwright.media import AudioTrack, CutPoint, Media, MediaInfo, Span, Track, VideoTrack
from clipwright.plan import notes
from clipwright.plan.request import ClipRequest, SegmentRequest, TrackRequest
from clipwright.plan.steps import Method, Note

_USUAL_FRAME_US = 40_000
"""A frame's length where the file does not tell."""
_OVERHANG_US = 100_000
"""By how much the sound of a file may outlast its picture only because packets do not end where frames do."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """One segment as it was asked for, its times read and inside the file.

    `point` tells where the primary picture track (``primary``) can be cut for it, None for sound alone.
    """

    media: Media
    requested: Span
    notes: tuple[Note, ...] = ()
    point: CutPoint | None = None
    label: str | None = None


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A cut that can be made: what was asked for, what will be presented, what is kept before it.

    All on the person's clock, in microseconds. `key_frame` is where decoding or copying has to start, None
    where that is not known or does not matter. `copied` is the part of `span` whose picture (or sound, where
    there is none) is copied, None where all is encoded again; `encoded_frames` counts the frames outside it.
    """

    requested: Span
    span: Span
    mode: Method = "exact"
    key_frame: int | None = None
    copied: Span | None = None
    encoded_frames: int = 0
    lead_in_us: int = 0
    hidden: bool = True
    notes: tuple[Note, ...] = ()

    @property
    def edges(self) -> tuple[Span, ...]:
        """The parts of `span` whose picture is encoded again, in order."""
        if self.copied is None:
            return (self.span,)
        around = (Span(self.span.start, self.copied.start), Span(self.copied.end, self.span.end))
        return tuple(edge for edge in around if edge.duration > 0)


def frame_rate(info: MediaInfo) -> Fraction | None:
    """The rate that timecodes and frame numbers in a request count by, or None."""
    track = picture(info)
    return _rational(track.frame_rate) if track and track.frame_rate else None


@lru_cache(maxsize=64)
def _rational(text: str) -> Fraction:
    """Read once, however many segments ask."""
    return Fraction(text)


def frame_us(info: MediaInfo) -> int:
    """About how long a frame lasts, in microseconds."""
    rate = frame_rate(info)
    return _USUAL_FRAME_US if rate is None else round(1_000_000 / rate)


def pictures(info: MediaInfo) -> tuple[VideoTrack, ...]:
    """The moving pictures: picture tracks that are not cover art."""
    return tuple(track for track in info.video if "attached_pic" not in track.disposition)


def picture(info: MediaInfo) -> VideoTrack | None:
    """The first moving picture."""
    return next(iter(pictures(info)), None)


def primary(
    info: MediaInfo, container: Container | None, tracks: tuple[TrackRequest, ...] | None = None
) -> VideoTrack | AudioTrack | None:
    """The track that decides where a cut may fall: the default picture, else the first sound.

    Where `tracks` names some of this, the first file, only they count.
    """
    every = {track.index for track in info.tracks}
    named = {asked.track for asked in tracks or () if asked.source == 0} & every or every
    if container is None or takes_video(container):
        video = [track for track in pictures(info) if track.index in named]
        if video:
            return next((track for track in video if "default" in track.disposition), video[0])
    return next((track for track in info.audio if track.index in named), None)


def overlaps(info: MediaInfo, track: Track, span: Span) -> bool:
    """Whether `track` may present anything in `span`, which is on the person's clock; it may where nobody knows."""
    begins = track.start_us - info.origin_us
    ended = track.duration_us is not None and begins + track.duration_us <= span.start
    return begins < span.end and not ended


def requested_span(
    info: MediaInfo, request: ClipRequest | SegmentRequest, path: str = "$.request"
) -> tuple[Span, tuple[Note, ...]]:
    """The Span that `request` asks for, its end clamped to the file (with a note).

    Raises BadRequest, with the place below `path`, for times that cannot be read or make no span in this file.
    """
    try:
        start, end = timecode.parse_span(
            request.start,
            request.end,
            request.duration,
            media_duration_us=info.duration_us,
            frame_rate=frame_rate(info),
        )
    except BadRequest as error:
        error.path = error.path.replace("$.request", path, 1)
        raise
    if end <= info.duration_us:
        return Span(start, end), ()
    return Span(start, info.duration_us), (notes.end_clamped(info.duration_us),)


def exact(wish: Wish) -> Window:
    """A window whose first frame is the first one at or after the in point; all of it is encoded again.

    Raises BadRequest where no frame lies in it.
    """
    requested, point = wish.requested, wish.point
    if point is None:
        return Window(requested=requested, span=requested, notes=wish.notes)
    first = point.first_frame
    if first is None or first >= requested.end:
        raise BadRequest(
            f"There is no frame between {timecode.hms(requested.start)} and {timecode.hms(requested.end)}.",
            hint="Choose a longer span, or one inside the picture.",
            path="$.request.start",
        )
    said = wish.notes
    moved = first - requested.start
    if moved > frame_us(wish.media.info):
        said = (*said, notes.in_point_moved(moved))
    span = Span(first, requested.end)
    return Window(
        requested=requested,
        span=span,
        key_frame=point.key_frame,
        encoded_frames=point.head_frames + point.tail_frames if point.clean_frame is None else 0,
        notes=said,
    )


def lossless(wish: Wish, container: Container, *, hides: bool = True, last: bool = True) -> Window:
    """A window that starts on a key frame: hidden before the in point where the container can.

    `hides` false shows the lead-in also where the container could hide it, as between the segments of one
    result; there (`last` false) later pictures that others refer to are shown as well.
    """
    point, window = wish.point, msgspec.structs.replace(exact(wish), mode="lossless", encoded_frames=0)
    if point is None or point.key_frame is None:
        return msgspec.structs.replace(window, copied=window.span)
    lead_in = window.span.start - point.key_frame
    hidden = hides and RULES[container].hides_lead_in
    start = window.span.start if hidden else point.key_frame
    end = window.span.end if last or point.closed_end is None else point.closed_end
    said = notes.lead_in(lead_in, container, hidden=hidden) if lead_in else notes.starts_on_key_frame()
    return msgspec.structs.replace(
        window,
        span=Span(start, end),
        copied=Span(start, end),
        lead_in_us=lead_in,
        hidden=hidden,
        notes=(*window.notes, said),
    )


def whole_frames(wish: Wish) -> Wish:
    """The same segment, its end where its last frame has been shown, so that another one can follow at once."""
    point = wish.point
    if point is None:
        return wish
    end = wish.requested.end
    after = end if point.next_frame is None else point.next_frame
    after = min(after, _track_end(wish.media.info, after))
    if after < end - _OVERHANG_US:
        return wish
    # Where all up to the end can be copied, nothing lies between that and the next frame.
    moved = msgspec.structs.replace(
        point,
        clean_end=after if point.clean_end == end else point.clean_end,
        closed_end=after if point.closed_end == end else point.closed_end,
    )
    return msgspec.structs.replace(wish, requested=Span(wish.requested.start, after), point=moved)


def _track_end(info: MediaInfo, otherwise: int) -> int:
    """When the picture track ends by its own ticks; the file's length is rounded to coarser ones."""
    track = picture(info)
    if track is None or track.duration_us is None:
        return otherwise
    return track.start_us + track.duration_us - info.origin_us


def smart(wish: Wish) -> Window:
    """The window of an exact cut, of which all that can be copied is copied."""
    window, point = msgspec.structs.replace(exact(wish), mode="smart"), wish.point
    if point is None:
        return msgspec.structs.replace(window, copied=window.span)
    if point.clean_frame is None or point.clean_end is None:
        return msgspec.structs.replace(window, encoded_frames=point.head_frames)
    copied = Span(point.clean_frame, min(point.clean_end, window.span.end))
    frames = point.head_frames + point.tail_frames
    return msgspec.structs.replace(window, copied=copied, encoded_frames=frames)
