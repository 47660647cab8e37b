"""What a result is put together from: its segments, and the parts that are encoded for them."""

from __future__ import annotations

import msgspec

from clipwright.containers import Container
from clipwright.media import AudioTrack, Media, VideoTrack
from clipwright.plan import argv, convert, cut
from clipwright.plan.cut import Window
from clipwright.plan.steps import Step, TrackPlan
from clipwright.plan.tracks import Assignment, Task


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """One segment of the result: its file, where it is cut, and where it starts in the result (microseconds).

    `tracks` are that file's counterparts of the result's tracks, in the result's order; those that it has not are
    dropped. `models` maps the index of a track to the one that it has to match in size or sampling, where it does
    not.
    """

    media: Media
    window: Window
    at: int
    tracks: tuple[TrackPlan, ...]
    models: dict[int, VideoTrack | AudioTrack] = {}


def media_of(task: Task, segment: Segment, planned: TrackPlan) -> Media:
    """The file that a segment's track comes from: the segment's own, or another that was named for it."""
    return task.media_of(planned) if planned.source else segment.media


def encoding(
    task: Task,
    segment: Segment,
    together: tuple[TrackPlan, ...],
    part: str,
    container: Container,
) -> Step:
    """The step that encodes tracks of one file, the segment's own or another, for one segment, as `part`."""
    media = media_of(task, segment, together[0])
    window, external = segment.window, media is not segment.media
    models = {} if external else segment.models
    if task.engine == "media":
        step = convert.clip(media, container, window.span, together, part, models)
        alone = all(planned.kind == "audio" for planned in together)
        return msgspec.structs.replace(step, may_end=alone and bool(cut.pictures(media.info)))
    apart = msgspec.structs.replace(
        task, media=media, container=container, mode="exact", models=models, padded=True
    )
    own = tuple(msgspec.structs.replace(planned, source=0) for planned in together)
    if external:
        window = msgspec.structs.replace(window, key_frame=None)
    return argv.clip(apart, window, Assignment(tracks=own), part, 0)
