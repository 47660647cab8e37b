"""The Convert step: what mediabunny and WebCodecs are told."""

from __future__ import annotations

from clipwright.codecs import TO_MEDIABUNNY
from clipwright.containers import Container
from clipwright.media import AudioTrack, Media, Span, VideoTrack
from clipwright.plan import encode
from clipwright.plan.steps import Convert, ConvertTrack, TrackPlan

_EDGE_HEADROOM = 2
"""An edge starts with a key frame and may be very short, so its encoder gets more bits than for a whole clip."""


def clip(
    media: Media,
    container: Container,
    span: Span,
    planned: tuple[TrackPlan, ...],
    output: str,
    fit: dict[int, VideoTrack | AudioTrack] | None = None,
) -> Convert:
    """The step that encodes `span` (on the person's clock) of the planned tracks of `media`.

    `fit` maps a track's index to one of another file that it has to match in size or sampling.
    """
    tracks = media.info.cuttable
    return Convert(
        source=media.source.id,
        output=output,
        container=container,
        span=span.shifted(media.info.origin_us),
        tracks=tuple(
            _track(item, tracks[item.index], (fit or {}).get(item.index))
            for item in planned
            if item.index in tracks
        ),
        weight=max(span.duration / 1_000_000, 1.0),
    )


def sound(
    source: str,
    output: str,
    container: Container,
    span: Span,
    planned: tuple[TrackPlan, ...],
    tracks: tuple[AudioTrack, ...],
) -> Convert:
    """The step that encodes the sound tracks of the part `source`, in order, as those of the files would be."""
    return Convert(
        source=source,
        output=output,
        container=container,
        span=span,
        tracks=tuple(
            ConvertTrack(index=index, codec=TO_MEDIABUNNY[item.codec], bitrate=_bitrate(item, track))
            for index, (item, track) in enumerate(zip(planned, tracks, strict=True))
        ),
        weight=max(span.duration / 10_000_000, 0.1),
    )


def edge(media: Media, track: VideoTrack, span: Span, output: str) -> Convert:
    """The step that encodes `span` (on the person's clock) of the picture for a smart cut, in its own codec."""
    return Convert(
        source=media.source.id,
        output=output,
        container=encode.edge_container(track.codec),
        span=span.shifted(media.info.origin_us),
        tracks=(
            ConvertTrack(
                index=track.index,
                codec=TO_MEDIABUNNY[track.codec],
                bitrate=encode.video_bitrate(track) * _EDGE_HEADROOM,
                edge=True,
            ),
        ),
        weight=max(span.duration / 1_000_000, 0.1),
    )


def _track(
    planned: TrackPlan, track: VideoTrack | AudioTrack, fit: VideoTrack | AudioTrack | None
) -> ConvertTrack:
    asked = ConvertTrack(
        index=planned.index, codec=TO_MEDIABUNNY[planned.codec], bitrate=_bitrate(planned, track)
    )
    return asked if fit is None else _fitted(asked, track, fit)


def _bitrate(planned: TrackPlan, track: VideoTrack | AudioTrack) -> int:
    if isinstance(track, VideoTrack):
        return encode.video_bitrate(track)
    return encode.audio_bitrate(track, planned.codec)


def _fitted(
    asked: ConvertTrack, track: VideoTrack | AudioTrack, fit: VideoTrack | AudioTrack
) -> ConvertTrack:
    """With the size or the sampling of `fit`, where `track` has another."""
    match track, fit:
        case VideoTrack(), VideoTrack() if (track.width, track.height) != (fit.width, fit.height):
            return ConvertTrack(
                index=asked.index, codec=asked.codec, bitrate=encode.video_bitrate(fit),
                width=fit.width, height=fit.height,
            )  # fmt: skip
        case AudioTrack(), AudioTrack() if (track.sample_rate, track.channels) != (
            fit.sample_rate,
            fit.channels,
        ):
            return ConvertTrack(
                index=asked.index, codec=asked.codec, bitrate=asked.bitrate,
                sample_rate=fit.sample_rate, channels=fit.channels,
            )  # fmt: skip
        case _:
            return asked
