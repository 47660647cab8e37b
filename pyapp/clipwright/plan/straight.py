"""Projects that only cut: their clips as segments, which the cutter makes without encoding what it can copy."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from clipwright.framerate import frame_at, parse_rate, start_of
from clipwright.media import Media, Span
from clipwright.plan.chapters import chapters
from clipwright.plan.frames import SECOND
from clipwright.plan.presets import Export, Target, container_of
from clipwright.plan.request import CutRequest, SegmentRequest
from clipwright.plan.scene import begins_too_late, is_dressed, shown_size
from clipwright.project.document import PLAIN, Clip, Document, Track


def cut_request(
    document: Document, files: Mapping[str, Media], wanted: Target, export: Export
) -> tuple[tuple[Media, ...], CutRequest] | None:
    """The files and the cut that a valid document comes to, or None where something has to be drawn or mixed.

    It does where every clip of the one track that has any is of a source as large and as fast as the output, follows
    the one before, and shows and sounds as it is.
    """
    container = container_of(wanted.format)
    filled = [track for track in document.tracks if track.clips]
    if len(filled) != 1 or document.effects or container is None or not wanted.has_pictures:
        return None
    if (export.start_us, export.end_us, wanted.max_bytes) != (0, None, None):
        return None
    (track,) = filled
    rate = parse_rate(document.output.frame_rate)
    if not _is_row(track) or not all(_is_bare(clip, rate) for clip in track.clips):
        return None
    used = {clip.source: files.get(clip.source or "") for clip in track.clips}
    media = [one for one in used.values() if one is not None]
    if len(media) != len(used) or not all(_matches(one, document, wanted) for one in media):
        return None
    if any(begins_too_late(clip, used[clip.source]) for clip in track.clips):
        return None
    numbers = {source: number for number, source in enumerate(used)}
    segments = tuple(_segment(clip, numbers[clip.source]) for clip in track.clips)
    name = export.name or document.name or None
    lasting = Span(0, track.clips[-1].end_us)
    marks = chapters(document, container, lasting) if export.chapters else ()
    told = marks or any(one.info.chapters for one in media)
    return tuple(media), CutRequest(
        segments=segments,
        join=len(segments) > 1,
        container=container,
        name=name,
        allow_lead_in=False,
        result_chapters=marks if told else None,
    )


def _segment(clip: Clip, number: int) -> SegmentRequest:
    start, end = _written(clip.source_start_us), _written(clip.source_end_us)
    return SegmentRequest(start=start, end=end, source=number, label=clip.label or None)


def _is_row(track: Track) -> bool:
    """Clips of pictures from 0 on, one right after the other, seen and heard as they are."""
    plain = track.kind == "video" and not track.hidden and not track.muted and track.volume == 1
    follows = all(one.end_us == other.start_us for one, other in pairwise(track.clips))
    treated = bool(track.transitions or track.effects)
    return plain and follows and not treated and track.clips[0].start_us == 0


def _is_bare(clip: Clip, rate: Fraction) -> bool:
    """Whether it shows whole pictures of a source, as they are: so many that either way gives the same number."""
    moving = clip.source_end_us > clip.source_start_us
    edges = (clip.source_start_us, clip.source_end_us)
    whole = all(start_of(frame_at(edge, rate), rate) == edge for edge in edges)
    plain = clip.speed == "1" and clip.volume == 1 and clip.transform == PLAIN
    return moving and whole and plain and not is_dressed(clip)


def _matches(media: Media, document: Document, wanted: Target) -> bool:
    """Whether its pictures are already as they are to be."""
    track = next(iter(media.info.video), None)
    if track is None or track.vfr or track.frame_rate is None or track.alpha:
        return False
    output = document.output
    same_size = shown_size(track) == (output.width, output.height) == tuple(wanted.size)
    rate = parse_rate(output.frame_rate)
    return same_size and Fraction(track.frame_rate) == rate == wanted.rate


def _written(us: int) -> str:
    """A time that ``timecode.parse`` reads back to the microsecond."""
    return f"{us // SECOND}.{us % SECOND:06}"
