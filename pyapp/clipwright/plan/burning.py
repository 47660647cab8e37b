"""Subtitles that are drawn into the picture: which files they come from, and whether those have any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clipwright.errors import BadRequest
from clipwright.filters.subtitlefiles import script
from clipwright.media import Media, SubtitleTrack
from clipwright.plan.presets import Target
from clipwright.plan.scene import ROOT, enabled
from clipwright.project.document import Document, Effect

_WRITTEN = (".srt", ".vtt", ".ass", ".ssa")
"""How files of subtitles are named that are text."""


def burned_files(document: Document, wanted: Target) -> dict[str, str]:
    """The sources whose subtitles are drawn, each with the first place that says so; none where nothing is seen."""
    named: dict[str, str] = {}
    for source, path in _named(document) if wanted.has_pictures else ():
        named.setdefault(source, path)
    return named


def burned_texts(document: Document, wanted: Target) -> tuple[str, ...]:
    """Those of them that are text by their names."""
    burned = burned_files(document, wanted)
    names = {footage.id: footage.name.lower() for footage in document.sources}
    return tuple(source for source in burned if names.get(source, "").endswith(_WRITTEN))


def refuse_unspoken(
    document: Document, wanted: Target, files: Mapping[str, Media], texts: Mapping[str, str]
) -> None:
    """Raise BadRequest, where it is asked for, for a file that is known to hold no subtitles."""
    written = burned_texts(document, wanted)
    for source, path in burned_files(document, wanted).items():
        if source in written and source in texts:
            script(texts[source], path=path)
        elif source in files and not any(
            isinstance(track, SubtitleTrack) for track in files[source].info.tracks
        ):
            raise BadRequest(
                f"“{files[source].source.name}” has no subtitles.",
                hint="Give a file of SubRip, WebVTT or ASS, or a film that has some.",
                path=path,
            )


def _named(document: Document) -> Iterator[tuple[str, str]]:
    for number, track in enumerate(document.tracks):
        if track.hidden:
            continue
        spoken = track.kind == "subtitle" and track.soft is None
        for at, clip in enumerate(track.clips):
            place = f"{ROOT}.tracks[{number}].clips[{at}]"
            if spoken and clip.source is not None:
                yield clip.source, f"{place}.source"
            yield from _of_effects(clip.effects, place)
    yield from _of_effects(document.effects, ROOT)


def _of_effects(effects: tuple[Effect, ...], path: str) -> Iterator[tuple[str, str]]:
    for effect, place in enabled(effects, path):
        if effect.name == "subtitles":
            yield str(effect.params.get("source")), f"{place}.params.source"
