"""The markers of a project as chapters of what comes of it."""

from __future__ import annotations

from itertools import pairwise

from clipwright.containers import RULES, Container
from clipwright.media import Chapter, Span
from clipwright.project.document import Document


def chapters(document: Document, container: Container | None, window: Span) -> tuple[Chapter, ...]:
    """A chapter from each marker to the next one or the end, on the clock of a result that shows `window`.

    Each has a title; one that begins before the window begins with it. In an MP4 the first chapter begins at 0, so what
    lies before the first marker is one without a title there. There are none where the container has none.
    """
    if container is None or not RULES[container].chapters:
        return ()
    markers = sorted(document.markers, key=lambda marker: marker.time_us)
    edges = [*(marker.time_us for marker in markers), window.end]
    found = [
        Chapter(
            start_us=max(start, window.start) - window.start,
            end_us=min(end, window.end) - window.start,
            title=" ".join(marker.name.split()) or f"Chapter {number}",
        )
        for number, (marker, (start, end)) in enumerate(zip(markers, pairwise(edges), strict=True), 1)
        if max(start, window.start) < min(end, window.end)
    ]
    if found and found[0].start_us and RULES[container].hides_lead_in:
        return (Chapter(start_us=0, end_us=found[0].start_us, title=""), *found)
    return tuple(found)
