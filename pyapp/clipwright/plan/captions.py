"""Subtitles that can be switched on and off: what the soft tracks of a project say in a result, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from clipwright.containers import RULES, Container
from clipwright.errors import BadRequest
from clipwright.filters.subtitlefiles import Script, script
from clipwright.filters.subtitlelines import ASS_HEAD, Form, Line, escaped, laid_out, one_at_a_time
from clipwright.filters.subtitlemarkup import translated
from clipwright.languages import in_quicktime, normalized
from clipwright.media import Span
from clipwright.plan.scene import ROOT
from clipwright.project.document import Clip, Document, Track
from clipwright.project.timeline import shown_for

_SHORTEST_US = 10_000
"""What ASS counts in; what shows for less is not seen."""


class Caption(msgspec.Struct, frozen=True, kw_only=True):
    """A track of subtitles for a result: the text of a file in its form, which lasts as long, and what it is called."""

    form: Form
    text: str
    language: str
    title: str
    default: bool


def soft_tracks(document: Document) -> tuple[tuple[Track, str], ...]:
    """The tracks whose subtitles can be switched on and off, each with its path."""
    return tuple(
        (track, f"{ROOT}.tracks[{number}]")
        for number, track in enumerate(document.tracks)
        if track.soft is not None and track.clips and not track.hidden
    )


def spoken_files(document: Document) -> dict[str, str]:
    """The sources whose texts those tracks need, each with the path of the first clip that says so."""
    named: dict[str, str] = {}
    for track, path in soft_tracks(document):
        for number, clip in enumerate(track.clips):
            if clip.source is not None:
                named.setdefault(clip.source, f"{path}.clips[{number}].source")
    return named


def captions(
    document: Document, texts: Mapping[str, str], container: Container, window: Span
) -> tuple[Caption, ...]:
    """The soft tracks that say anything in `window`, on the clock of a result that shows just that.

    `texts` are those of the files, by the ids of the document's sources. Raises BadRequest, with the clip's path, for a
    file that is not open or holds no subtitles.
    """
    scripts = {source: _read(source, texts, path) for source, path in spoken_files(document).items()}
    found = (_caption(track, scripts, container, window) for track, _ in soft_tracks(document))
    return tuple(caption for caption in found if caption is not None)


def _read(source: str, texts: Mapping[str, str], path: str) -> Script:
    if source not in texts:
        raise BadRequest(
            f"The source “{source}” is not open.",
            hint="Open its file, and name it in the request.",
            path=path,
        )
    return script(texts[source], path=path)


def _caption(
    track: Track, scripts: Mapping[str, Script], container: Container, window: Span
) -> Caption | None:
    used = [scripts[clip.source] for clip in track.clips if clip.source is not None]
    form = _form(used, container)
    lines = [line for clip in track.clips for line in _within(clip, scripts, form, window)]
    if not lines or track.soft is None:
        return None
    if RULES[container].text_codec == "mov_text":
        lines = [line for line in one_at_a_time(lines) if _is_seen(line)]
    language = normalized(track.soft.language) or "und"
    return Caption(
        form=form,
        text=laid_out(lines, form, _head(used)),
        language=in_quicktime(language) if container == "mov" else language,
        title=track.name,
        default=track.soft.default,
    )


def _form(used: list[Script], container: Container) -> Form:
    """In Matroska styles stay; FFmpeg makes timed text of SubRip, whose words it changes the least."""
    if RULES[container].text_codec == "webvtt":
        return "vtt"
    styled = any(one.form == "ass" for one in used)
    return "ass" if styled and RULES[container].holds("subtitle", "ass") else "srt"


def _head(used: list[Script]) -> str:
    """The head of the first file that has styles, with those of the others that are called otherwise."""
    heads = [one.head for one in used if one.form == "ass"]
    if not heads:
        return ASS_HEAD
    first = heads[0].rstrip()
    known = {_style_name(row) for row in first.splitlines()}
    more = (row for head in heads[1:] for row in head.splitlines() if _style_name(row))
    added = {_style_name(row): row for row in more if _style_name(row) not in known}
    return "\n".join((first, *added.values()))


def _style_name(row: str) -> str:
    kind, _, rest = row.partition(":")
    return rest.split(",")[0].strip() if kind.strip() == "Style" else ""


def _within(clip: Clip, scripts: Mapping[str, Script], form: Form, window: Span) -> Iterator[Line]:
    """What the clip says, at the times of the result; what is not within the clip and the window is cut off."""
    first, last = max(clip.start_us, window.start), min(clip.end_us, window.end)
    for line in _said(clip, scripts, form):
        start, end = max(line.start_us, first), min(line.end_us, last)
        cut = line._replace(start_us=start - window.start, end_us=end - window.start)
        if _is_seen(cut):
            yield cut


def _is_seen(line: Line) -> bool:
    return line.end_us - line.start_us >= _SHORTEST_US


def _said(clip: Clip, scripts: Mapping[str, Script], form: Form) -> Iterator[Line]:
    """What it says, on the project's clock."""
    if clip.source is None:
        body = escaped(clip.text or "", form)
        if body:
            yield Line(clip.start_us, clip.end_us, body)
        return
    source = scripts[clip.source]
    for line in source.between(clip.source_start_us, clip.source_end_us):
        body = translated(line.body, source.form, form)
        if body:
            start, end = (
                clip.start_us + shown_for(us - clip.source_start_us, clip.speed)
                for us in (max(line.start_us, clip.source_start_us), min(line.end_us, clip.source_end_us))
            )
            yield Line(start, end, body, line.manner if source.form == form else ())
