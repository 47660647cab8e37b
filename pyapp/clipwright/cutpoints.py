"""Asking the engine where files can be cut: once for each track, however many segments there are."""

from __future__ import annotations

from collections.abc import Sequence

from clipwright.engine import Engine, Job
from clipwright.media import CutPoint, Media, Span, VideoTrack
from clipwright.plan import cut
from clipwright.plan.make import container_for
from clipwright.plan.request import How
from clipwright.segments import Segment


async def cut_points(
    engine: Engine, wanted: Sequence[tuple[Media, Span]], first: Media, how: How, job: Job
) -> tuple[CutPoint | None, ...]:
    """Where the picture can be cut for each span of a file, in their order; None where there is only sound.

    The tracks that `how` names are those of the file `first`. Raises what Engine.locate raises.
    """
    files = {id(media): media for media, _ in wanted}
    tracks = {key: _track(media, how, is_first=media is first) for key, media in files.items()}
    asked: dict[tuple[str, int], tuple[Media, dict[Span, None]]] = {}
    for media, span in wanted:
        track = tracks[id(media)]
        if track is not None:
            asked.setdefault((media.source.id, track), (media, {}))[1][span] = None
    found: dict[tuple[str, int | None, Span], CutPoint] = {}
    for (source, track), (media, spans) in asked.items():
        points = await engine.locate(media, track, tuple(spans), job)
        found |= {(source, track, span): point for span, point in zip(spans, points, strict=True)}
    return tuple(found.get((media.source.id, tracks[id(media)], span)) for media, span in wanted)


def _track(media: Media, how: How, *, is_first: bool) -> int | None:
    container = container_for(media, how, "lossless")
    track = cut.primary(media.info, container, how.tracks if is_first else None)
    return track.index if isinstance(track, VideoTrack) else None


async def key_frames(engine: Engine, media: Media, listed: Sequence[Segment], job: Job) -> list[int]:
    """The times of the key frames around the ends of the segments, in microseconds, rising.

    A file without a picture can be cut anywhere. Raises what Engine.locate raises.
    """
    length = media.info.duration_us
    edges = {edge for segment in listed for edge in (segment.start_us, segment.end_us)}
    track = cut.primary(media.info, None)
    if not isinstance(track, VideoTrack):
        return sorted(edges)
    # What follows a key frame does not matter, so the spans need not be long.
    spans = tuple(Span(edge, edge + 1) for edge in sorted(edges - {length}))
    points = await engine.locate(media, track.index, spans, job) if spans else ()
    return sorted(
        {us for point in points for us in (point.key_frame, point.next_key_frame) if us is not None}
    )
