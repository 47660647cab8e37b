"""Projects for tests, and what each of their frames has to show, worked out anew in the simplest way."""

from __future__ import annotations

from fractions import Fraction

from clipwright.project.document import (
    Clip,
    Document,
    Footage,
    Output,
    Track,
    Transition,
)
from clipwright.project.timeline import shown_for

SECOND = 1_000_000
SOURCE = Footage(id="a", name="a.mp4", duration_us=4 * SECOND)


def clip(name: str, start_us: int, source_us: tuple[int, int], speed: str = "1", **more: object) -> Clip:
    """A clip of the source `a` between these times of it."""
    lasts = shown_for(source_us[1] - source_us[0], speed)
    return Clip(
        id=name,
        start_us=start_us,
        end_us=start_us + lasts,
        source=str(more.pop("source", "a")),
        source_start_us=source_us[0],
        source_end_us=source_us[1],
        speed=speed,
        **more,  # type: ignore[arg-type]  # fields of a clip
    )


def film(
    *clips: Clip, transitions: tuple[Transition, ...] = (), rate: str = "25", **more: object
) -> Document:
    """One track of pictures, in the size of the source."""
    track = Track(id="v", kind="video", clips=clips, transitions=transitions)
    return Document(
        name="Film",
        sources=(SOURCE,),
        tracks=(track, *more.pop("over", ())),  # type: ignore[misc]  # further tracks
        output=Output(width=320, height=180, frame_rate=rate),
        **more,  # type: ignore[arg-type]  # fields of a document
    )


def numbers(document: Document, source_rate: int = 25) -> list[set[int | None]]:
    """What number each frame of the result may show: that of any clip of the lowest track that is there then.

    The source's picture that stands at the moment is shown; None is the background, or a mix of two.
    """
    rate = Fraction(document.output.frame_rate)
    track = document.tracks[0]
    end = max(one.end_us for each in document.tracks for one in each.clips)
    shown: list[set[int | None]] = []
    while Fraction(len(shown)) / rate * SECOND < end - Fraction(1, 2):
        at = Fraction(len(shown)) / rate * SECOND
        there = [
            one for one in track.clips if one.start_us - Fraction(1, 2) <= at < one.end_us - Fraction(1, 2)
        ]
        shown.append(
            {_number(one, at, source_rate) for one in there} | (set() if len(there) == 1 else {None})
        )
    return shown


def _number(one: Clip, at: Fraction, source_rate: int) -> int:
    """The number of the picture that stands then; it may have begun before the clip's in point."""
    inside = one.source_start_us + (at - one.start_us) * Fraction(one.speed)
    last = -(-one.source_end_us * source_rate // SECOND) - 1
    standing = (inside + Fraction(3, 2)) * source_rate // SECOND
    return int(min(standing, last))
