"""What the terminal's words ask for: parsed options as requests."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from clipwright import containers, names, writtensegments
from clipwright.arguments import TrackName, TrackWord
from clipwright.containers import RULES, TEXT_SUBTITLES, Container, alone
from clipwright.errors import BadRequest
from clipwright.media import DataTrack, Media, SubtitleTrack, Track, VideoTrack
from clipwright.native import outputs
from clipwright.native.outputs import Destination
from clipwright.plan import notes
from clipwright.plan.request import ClipRequest, CutRequest, SegmentRequest, TrackRequest, WrittenTime
from clipwright.plan.steps import Note
from clipwright.segments import Segment, SegmentAction

Edit = tuple[SegmentAction, WrittenTime | None]
"""What is to be done with a list of segments, and the value that takes."""


def clip_request(options: argparse.Namespace, container: Container | None, media: Media) -> ClipRequest:
    """What ``clip`` was asked to make of `media`, as `container`."""
    return ClipRequest(
        start=options.start, end=options.end, duration=options.duration, **_how(options, container, (media,))
    )


def cut_request(
    options: argparse.Namespace,
    container: Container | None,
    medias: tuple[Media, ...],
    segments: tuple[SegmentRequest, ...],
    *,
    remove: bool,
) -> CutRequest:
    """What ``cut`` was asked to make of `medias`: with these segments, or of what they leave."""
    return CutRequest(
        segments=segments,
        action="remove" if remove else "keep",
        join=options.join,
        name=options.name,
        **_how(options, container, medias),
    )


def _how(
    options: argparse.Namespace, container: Container | None, medias: tuple[Media, ...]
) -> dict[str, Any]:
    """The fields that every request has."""
    tags = dict.fromkeys(medias[0].info.tags) if options.no_tags else {}
    return {
        "mode": options.mode,
        "container": container,
        "allow_lead_in": options.allow_lead_in,
        "verify": not options.no_verify,
        "tracks": _tracks(options, medias),
        "tags": {**tags, **dict(options.tag or ())},
        "chapters": () if options.no_chapters else options.chapter and tuple(options.chapter),
    }


def _tracks(options: argparse.Namespace, medias: tuple[Media, ...]) -> tuple[TrackRequest, ...] | None:
    """The tracks to keep, each with what is to be said of it; None where nobody asked for anything."""
    words: list[TrackWord] = [
        *(options.language or ()), *(options.title or ()), *(options.disposition or ()),
    ]  # fmt: skip
    if options.tracks is None and not words and options.rotate is None:
        return None
    kept = options.tracks or tuple(TrackName(0, index) for index in _shown(medias[0]))
    for named in (*kept, *(word.track for word in words)):
        if named.source >= len(medias) or named not in kept:
            raise BadRequest(
                f"Track {named.source}:{named.track} is not among those that are kept.",
                hint=f"Kept are {', '.join(f'{one.source}:{one.track}' for one in kept)}.",
                path="$.request.tracks",
            )
    return tuple(_track(named, words, options.rotate, medias[named.source]) for named in kept)


def _shown(media: Media) -> list[int]:
    """What is kept when nobody says which: pictures, sound and subtitles, but no cover."""
    tracks = media.info.tracks
    return [t.index for t in tracks if not isinstance(t, DataTrack) and "attached_pic" not in t.disposition]


def _track(named: TrackName, words: list[TrackWord], rotate: int | None, media: Media) -> TrackRequest:
    said: dict[str, object] = {word.field: word.value for word in words if word.track == named}
    if rotate is not None and named.track in {track.index for track in media.info.video}:
        said["rotation"] = rotate
    return msgspec.convert({"track": named.track, "source": named.source, **said}, TrackRequest)


def written_segments(options: argparse.Namespace) -> tuple[SegmentRequest, ...]:
    """The segments that --keep, --remove or --segments list; none where neither is there.

    Raises BadRequest for a list that cannot be read.
    """
    if options.segments is None:
        return tuple(options.keep or options.remove or ())
    return writtensegments.read_list(_text(options.segments))


def _text(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode()
    except (OSError, ValueError) as error:
        raise BadRequest(
            "The list of segments cannot be read.",
            hint="Give the name of a text file, or - for standard input.",
            detail=str(error),
            path="$.request.segments",
        ) from error


def whole_files(options: argparse.Namespace) -> tuple[SegmentRequest, ...]:
    """Every file from its start to its end; those that only lend their tracks have no segment of their own."""
    lent = {named.source for named in options.tracks or () if named.source > 0}
    return tuple(SegmentRequest(source=n) for n in range(len(options.files)) if n not in lent)


def edits(options: argparse.Namespace) -> list[Edit]:
    """What is to be done with the list, in this order: invert, shift, split, divide, align."""
    asked: list[Edit] = [("invert", None)] if options.invert else []
    if options.shift is not None:
        asked.append(("shift", options.shift))
    asked.extend(("split", at) for at in options.split or ())
    divisions: tuple[Edit, ...] = (
        ("length", options.every), ("count", options.count), ("size", options.size),
    )  # fmt: skip
    asked.extend(division for division in divisions if division[1] is not None)
    if options.align:
        asked.append(("align", None))
    return asked


def csv_text(listed: Iterable[Segment]) -> str:
    """Lines of ``start,end,label``, in seconds, as `written_segments` reads them."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    for segment in listed:
        edges = (segment.start_us, segment.end_us)
        rows.writerow([*(f"{us // 1_000_000}.{us % 1_000_000:06}" for us in edges), segment.label or ""])
    return text.getvalue()


def separable(options: argparse.Namespace, media: Media) -> tuple[tuple[ClipRequest, ...], tuple[Note, ...]]:
    """A request for every track that ``extract`` shall write by itself, and what is to be said of the others.

    Raises BadRequest where a track was named that cannot be, or where there is none at all.
    """
    tracks = {
        index: media.info.tracks[index] for index in _shown(media) if _stands_alone(media.info.tracks[index])
    }
    named = tuple(tracks) if options.tracks is None else tuple(name.track for name in options.tracks)
    if not tracks or not set(named) <= set(tracks) or any(name.source for name in options.tracks or ()):
        raise BadRequest(
            f"“{media.source.name}” has no such track of pictures, sound or text.",
            hint=f"It has {', '.join(map(str, tracks)) or 'none'}.",
            path="$.request.tracks",
        )
    others = [track for track in media.info.tracks if track.index not in tracks and options.tracks is None]
    why = "only pictures, sound and text can be written by themselves"
    return tuple(_alone(media, tracks[n]) for n in named), tuple(notes.track_dropped(t, why) for t in others)


def _stands_alone(track: Track) -> bool:
    return not isinstance(track, SubtitleTrack) or track.codec in TEXT_SUBTITLES


def _alone(media: Media, track: Track) -> ClipRequest:
    match track:
        case VideoTrack():
            container = alone("video", track.codec)
        case SubtitleTrack():
            container = alone("subtitle", track.codec)
        case _:
            container = alone("audio", track.codec)
    name = names.segment_name(
        "{stem}_track{n}_{label}",
        media.source.name,
        track.index,
        1,
        0,
        0,
        track.language,
        RULES[container].extension,
    )
    return ClipRequest(
        mode="lossless", container=container, name=name, tracks=(TrackRequest(track=track.index),)
    )


def target(options: argparse.Namespace) -> tuple[Destination, Container | None]:
    """Where results go, and the container that their name or --container asks for, if any.

    Raises BadRequest where that makes no sense or nothing can be saved there.
    """
    destination = outputs.destination(options.output)
    container: Container | None = options.container
    if destination.name is not None:
        container = containers.named(destination.name, container)
    destination.check()
    return destination, container
