"""The Convert step: what mediabunny and WebCodecs are told."""

from __future__ import annotations

from clipwright.codecs import TO_MEDIABUNNY
from clipwright.media import AudioTrack, Span, VideoTrack
from clipwright.plan import encode
from clipwright.plan.cut import Window
from clipwright.plan.steps import Convert, ConvertTrack, TrackPlan
from clipwright.plan.tracks import Assignment, Task


def clip(task: Task, window: Window, found: Assignment, output: str) -> Convert:
    """The step that makes the clip."""
    origin = task.media.info.origin_us
    tracks = task.media.info.cuttable
    return Convert(
        source=task.media.source.id,
        output=output,
        container=task.container,
        span=Span(window.span.start + origin, window.span.end + origin),
        tracks=tuple(
            _track(planned, tracks[planned.index]) for planned in found.kept() if planned.index in tracks
        ),
        shift_lead_in=not window.hidden,
        weight=max(window.span.duration / 1_000_000, 1.0),
    )


def _track(planned: TrackPlan, track: VideoTrack | AudioTrack) -> ConvertTrack:
    if planned.action == "copy":
        return ConvertTrack(index=planned.index, action="copy")
    if isinstance(track, VideoTrack):
        bitrate = encode.video_bitrate(track)
    else:
        bitrate = encode.audio_bitrate(track, planned.codec)
    return ConvertTrack(
        index=planned.index, action="encode", codec=TO_MEDIABUNNY[planned.codec], bitrate=bitrate
    )
