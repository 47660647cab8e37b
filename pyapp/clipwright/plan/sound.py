"""Sound that is encoded for a joined result: decoded segment by segment, put together as plain samples, encoded once.

An encoder starts and ends with samples that nobody gave it, so that something is heard between packets of two of them,
and only whole packets can be put behind one another. Plain samples can be cut anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from clipwright.containers import Container
from clipwright.media import AudioTrack, Span
from clipwright.plan import argv, convert
from clipwright.plan.parts import Segment, encoding
from clipwright.plan.steps import Assemble, AssembleTrack, Piece, Step, TrackPlan
from clipwright.plan.tracks import Assignment, Task

_CONTAINER: Container = "mov"
"""It holds plain samples of every depth, several tracks of them, and exact times."""
_DEPTH = 16
"""As many bits per sample are enough where the source does not say, because it was encoded with loss."""


def places(segments: tuple[Segment, ...], found: Assignment) -> frozenset[int]:
    """The sound tracks of a joined result, by their places in it, of which every segment is encoded, or has none."""
    return frozenset(
        place
        for place, planned in enumerate(found.kept())
        if len(segments) > 1
        and planned.kind == "audio"
        and not planned.codec.startswith("pcm")
        and {"encode"} <= {segment.tracks[place].action for segment in segments} <= {"encode", "drop"}
    )


def steps(
    task: Task,
    segments: tuple[Segment, ...],
    found: Assignment,
    chosen: frozenset[int],
    output: str,
    made: list[Step],
) -> Iterator[tuple[int, Piece]]:
    """Adds to `made` what has to be done for the tracks at the `chosen` places; gives what then stands for each."""
    if not chosen:
        return
    kept, order = found.kept(), sorted(chosen)
    last = segments[-1]
    whole = Span(0, last.at + last.window.span.duration)
    pieces = _decoded(task, segments, {place: _plain(task, kept[place]) for place in order}, output, made)
    tracks = tuple(AssembleTrack(kind="audio", pieces=tuple(pieces[place])) for place in order)
    samples, encoded = f"{output}-samples", f"{output}-sound"
    made.append(
        Assemble(output=samples, container=_CONTAINER, tracks=tracks, duration_us=whole.duration, weight=0.1)
    )
    wanted = tuple(kept[place] for place in order)
    heard = tuple(_heard(task, planned) for planned in wanted)
    if task.engine == "media":
        made.append(convert.sound(samples, encoded, task.container, whole, wanted, heard))
    else:
        made.append(argv.sound(task, samples, encoded, whole.duration, wanted, heard))
    for track, place in enumerate(order):
        yield place, Piece(source=encoded, track=track, span=whole, at=0)


def _decoded(
    task: Task, segments: tuple[Segment, ...], codecs: dict[int, str], output: str, made: list[Step]
) -> dict[int, list[Piece]]:
    """Adds the steps that decode every segment's sound; gives the pieces that follow each other, by place.

    `codecs` tells what plain samples to write for the tracks at the chosen places.
    """
    pieces: dict[int, list[Piece]] = {place: [] for place in codecs}
    for number, segment in enumerate(segments):
        sources: dict[int, list[int]] = {}
        for place in codecs:
            if segment.tracks[place].action == "encode":
                sources.setdefault(segment.tracks[place].source, []).append(place)
        for source, own in sources.items():
            part = f"{output}-{number}-sound{source}"
            plain = tuple(
                msgspec.structs.replace(segment.tracks[place], codec=codecs[place]) for place in own
            )
            made.append(encoding(task, segment, plain, part, _CONTAINER))
            span = Span(0, segment.window.span.duration)
            for track, place in enumerate(own):
                pieces[place].append(Piece(source=part, track=track, span=span, at=segment.at))
    return pieces


def _plain(task: Task, planned: TrackPlan) -> str:
    return "pcm_s24le" if (_heard(task, planned).bit_depth or _DEPTH) > _DEPTH else "pcm_s16le"


def _heard(task: Task, planned: TrackPlan) -> AudioTrack:
    track = task.track_of(planned)
    assert isinstance(track, AudioTrack)  # noqa: S101  # only sound is planned so
    return track
