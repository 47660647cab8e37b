"""A result that is put together: what is encoded first, and which pieces follow each other."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from clipwright.media import Span, VideoTrack
from clipwright.plan import argv, argvedge, convert, sound
from clipwright.plan.cut import Window, frame_us
from clipwright.plan.parts import Segment, encoding, media_of
from clipwright.plan.steps import Assemble, AssembleTrack, Check, Metadata, Piece, Step, TrackPlan
from clipwright.plan.tracks import Assignment, Task

_CHECKED_FRAMES = Fraction(5, 2)
"""How many frames on either side of a joint are compared with the source; a half keeps off their very times."""


_MOST_AHEAD = 16
"""As many pictures decoders keep, and so may be decoded before one that is shown before them."""


def steps(
    task: Task, segments: tuple[Segment, ...], found: Assignment, output: str, size: int, metadata: Metadata
) -> tuple[Step, ...]:
    """Everything to do for the result `output`, in order; `size` is the predicted number of bytes."""
    made: list[Step] = []
    pieces: list[list[Piece]] = [[] for _ in found.kept()]
    whole = sound.places(segments, found)
    for number, segment in enumerate(segments):
        parts = _Parts(task, segment, f"{output}-{number}", whole)
        for place, planned in enumerate(segment.tracks):
            if place not in whole:
                pieces[place].extend(parts.pieces(planned))
        made.extend(parts.steps)
    for place, piece in sound.steps(task, segments, found, whole, output, made):
        pieces[place].append(piece)
    kinds = ("video", "audio", "subtitle") if task.copies_text else ("video", "audio")
    texts = () if task.copies_text else found.kept("subtitle")
    target = f"{output}-assembled" if texts else output
    tracks = tuple(
        _described(task, planned, tuple(pieces[place]), made_anew=place in whole)
        for place, planned in enumerate(found.kept())
        if planned.kind in kinds and pieces[place]
    )
    last = segments[-1]
    made.append(
        Assemble(
            output=target,
            container=task.container,
            tracks=tracks,
            duration_us=last.at + last.window.span.duration,
            metadata=metadata,
            shift_lead_in=not segments[0].window.hidden,
        )
    )
    if texts:
        made.append(argv.add_subtitles(task, segments[0].window, found, target, output, size))
    return tuple(made)


class _Parts:
    """What one segment is made of: the steps that encode for it, each made when it is first needed."""

    def __init__(self, task: Task, segment: Segment, name: str, elsewhere: frozenset[int]) -> None:
        self._task = task
        self._segment = segment
        self._name = name
        self._own = [planned for place, planned in enumerate(segment.tracks) if place not in elsewhere]
        self._made: dict[str, Step] = {}

    @property
    def steps(self) -> tuple[Step, ...]:
        """What has to be done before the pieces are there."""
        return tuple(self._made.values())

    def pieces(self, planned: TrackPlan) -> Iterator[Piece]:
        """Where the data of one track comes from, in order."""
        window, at = self._segment.window, self._segment.at
        if planned.action == "smart":
            yield from self._picture(planned)
        elif planned.action == "copy":
            yield self._copied(planned, window.span, at)
        elif planned.action == "encode" and planned.kind in ("video", "audio"):
            together = tuple(
                t
                for t in self._own
                if t.action == "encode" and t.kind in ("video", "audio") and t.source == planned.source
            )
            part = self._encoded(planned, together)
            yield Piece(source=part, track=together.index(planned), span=Span(0, window.span.duration), at=at)

    def _copied(self, planned: TrackPlan, span: Span, at: int) -> Piece:
        media = media_of(self._task, self._segment, planned)
        absolute = span.shifted(media.info.origin_us)
        return Piece(source=media.source.id, track=planned.index, span=absolute, at=at)

    def _picture(self, planned: TrackPlan) -> Iterator[Piece]:
        window = self._segment.window
        parts = [(span, True) for span in window.edges]
        if window.copied is not None:
            parts.append((window.copied, False))
        for span, encoded in sorted(parts, key=lambda part: part[0].start):
            at = self._segment.at + span.start - window.span.start
            if encoded:
                yield Piece(source=self._edge(planned, span), track=0, span=Span(0, span.duration), at=at)
            else:
                yield self._copied(planned, span, at)

    def _edge(self, planned: TrackPlan, span: Span) -> str:
        media, engine = self._segment.media, self._task.engine
        track = media.info.tracks[planned.index]
        assert isinstance(track, VideoTrack)  # noqa: S101  # only pictures are planned so
        part = f"{self._name}-edge{len(self._made)}"
        if engine == "media":
            self._made[part] = convert.edge(media, track, span, part)
            return part
        window, origin = self._segment.window, media.info.origin_us
        key = window.key_frame
        if window.copied is not None and span.start == window.copied.end:
            # FFmpeg finds the last key frame before, by decode times; by then a later one may have been decoded.
            ahead = frame_us(media.info) * _MOST_AHEAD
            key = max(window.copied.start, span.start - ahead)
        self._made[part] = argvedge.edge(
            media,
            track,
            span.shifted(origin),
            None if key is None else key + origin,
            track.codec,
            engine,
            part,
            max(span.duration / 1_000_000, 0.1),
        )
        return part

    def _encoded(self, planned: TrackPlan, together: tuple[TrackPlan, ...]) -> str:
        part = f"{self._name}-part{planned.source}"
        if part not in self._made:
            self._made[part] = encoding(self._task, self._segment, together, part, self._task.container)
        return part


def _described(
    task: Task, planned: TrackPlan, pieces: tuple[Piece, ...], *, made_anew: bool
) -> AssembleTrack:
    asked = task.asked_of(planned)
    # What was made on the way may have lost its labels.
    track = task.track_of(planned) if made_anew else None
    return AssembleTrack(
        kind="audio" if planned.kind == "data" else planned.kind,
        pieces=pieces,
        language=track.language if track and asked.language is None else asked.language,
        title=track.title if track and asked.title is None else asked.title,
        disposition=track.disposition if track and asked.disposition is None else asked.disposition,
        rotation=asked.rotation,
    )


def checks(segments: tuple[Segment, ...], found: Assignment) -> tuple[Check, ...]:
    """What to compare with the sources afterwards: a few frames around every cut and joint.

    A segment that was brought to another size has nothing to be compared with.
    """
    kept = found.kept()
    place = next((i for i, planned in enumerate(kept) if planned.kind == "video"), 0)
    if not kept or kept[place].kind not in ("video", "audio"):
        return ()
    return tuple(
        Check(
            source=segment.media.source.id,
            track=segment.tracks[place].index,
            span=span.shifted(segment.media.info.origin_us),
            result_track=place,
            at=segment.at + span.start - segment.window.span.start,
        )
        for segment in segments
        if not segment.tracks[place].source and not segment.models
        for span in _around(segment.window, round(frame_us(segment.media.info) * _CHECKED_FRAMES))
    )


def _around(window: Window, margin: int) -> Iterator[Span]:
    """The stretches within `margin` of the window's ends and of its joints, those that touch as one."""
    start, end = window.span.start, window.span.end
    copied = window.copied or window.span
    open_from, open_to = start, start
    for joint in (start, copied.start, copied.end, end):
        low, high = max(start, joint - margin), min(end, joint + margin)
        if low > open_to:
            yield Span(open_from, open_to)
            open_from = low
        open_to = max(open_to, high)
    yield Span(open_from, open_to)
