"""How big a result will be and how long making it takes, roughly."""

from __future__ import annotations

from clipwright.framerate import SECOND
from clipwright.media import Media, Reader, VideoTrack
from clipwright.plan import encode
from clipwright.plan.cut import Window, frame_rate, picture
from clipwright.plan.parts import Segment
from clipwright.plan.steps import SegmentPlan

_OVERHEAD_BYTES = 4096
_PIXELS_PER_S: dict[Reader, int] = {"media": 150_000_000, "ffmpeg": 45_000_000, "native": 200_000_000}
"""Decoded and encoded again on two cores, about as `build.py bench clip` measures it."""
_COPIED_PER_S: dict[Reader, int] = {"media": 10_000_000_000, "ffmpeg": 200_000_000, "native": 500_000_000}
"""Bytes; the page only writes an index."""
_START_S: dict[Reader, float] = {"media": 0.05, "ffmpeg": 1.0, "native": 0.1}


def planned(segment: Segment, label: str | None, why: str) -> SegmentPlan:
    """What becomes of one segment, with its predicted sizes."""
    window, media = segment.window, segment.media
    copied = window.copied.duration if window.copied else 0
    encoded = window.span.duration - copied
    copied_bytes, encoded_bytes = _bytes(segment, copied, encoded)
    return SegmentPlan(
        source=media.source.id,
        label=label,
        request_span=window.requested,
        span=window.span,
        at=segment.at,
        mode=window.mode,
        lead_in_us=window.lead_in_us,
        lead_in_hidden=window.hidden,
        copied_us=copied,
        encoded_us=encoded,
        encoded_frames=_frames(media, window),
        copied_bytes=copied_bytes,
        encoded_bytes=encoded_bytes,
        why=why,
    )


def _frames(media: Media, window: Window) -> int:
    if window.encoded_frames or window.mode != "exact":
        return window.encoded_frames
    rate = frame_rate(media.info)
    return 0 if rate is None else max(round(window.span.duration * rate / SECOND), 1)


def _bytes(segment: Segment, copied_us: int, encoded_us: int) -> tuple[int, int]:
    """The bytes that are copied and those that are encoded, by the tracks' bitrates."""
    window, media = segment.window, segment.media
    hidden = window.lead_in_us if window.hidden else 0
    copied = encoded = 0
    tracks = media.info.cuttable
    known = True
    for item in segment.tracks:
        track = tracks.get(item.index) if not item.source else None
        if track is None:
            continue
        if item.action in ("copy", "smart"):
            whole = item.action == "copy" and window.mode != "lossless"
            length = window.span.duration if whole else copied_us + hidden
            copied += (track.bitrate or 0) * length
            known = known and track.bitrate is not None
        if item.action == "smart":
            encoded += encode.video_bitrate(track) * encoded_us if isinstance(track, VideoTrack) else 0
        elif item.action == "encode":
            rate = (
                encode.video_bitrate(track)
                if isinstance(track, VideoTrack)
                else encode.audio_bitrate(track, item.codec)
            )
            encoded += rate * window.span.duration
    if not known:
        average = media.source.size * 8 * 1_000_000 // max(media.info.duration_us, 1)
        copied = max(copied, average * (copied_us + hidden))
    return copied // 8_000_000, encoded // 8_000_000


def size(segments: tuple[SegmentPlan, ...]) -> int:
    """The predicted size of a result in bytes."""
    return sum(segment.copied_bytes + segment.encoded_bytes for segment in segments) + _OVERHEAD_BYTES


def seconds(segments: tuple[Segment, ...], plans: tuple[SegmentPlan, ...], engine: Reader) -> float:
    """About how long the work takes, in seconds."""
    total = _START_S[engine]
    for segment, plan in zip(segments, plans, strict=True):
        track = picture(segment.media.info)
        pixels = track.width * track.height if track else 0
        total += (
            pixels * plan.encoded_frames / _PIXELS_PER_S[engine] + plan.copied_bytes / _COPIED_PER_S[engine]
        )
    return round(total, 2)
