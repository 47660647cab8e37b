"""What stands in a result beside its picture and sound: subtitles that can be switched on and off, and chapters."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from clipwright.containers import RULES, Container
from clipwright.errors import BadRequest
from clipwright.filters.ffmetadata import Mark, ffmetadata
from clipwright.filters.subtitles import soft_codec
from clipwright.media import Chapter, Span
from clipwright.plan import notes
from clipwright.plan.argv import MUXERS
from clipwright.plan.captions import Caption, captions, soft_tracks, spoken_files
from clipwright.plan.chapters import chapters
from clipwright.plan.dressing import first_moving
from clipwright.plan.presets import Target, container_of
from clipwright.plan.scene import ROOT, enabled
from clipwright.plan.steps import Assemble, AssembleTrack, Metadata, Mount, Note, RunFfmpeg, Step, TextFile
from clipwright.plan.writing import edges
from clipwright.project.document import Document

_CHAPTERS = "chapters.txt"
_DEMUXERS = {"srt": "srt", "vtt": "webvtt", "ass": "ass"}
_ASSEMBLED = "in0"


class Companions(msgspec.Struct, frozen=True, kw_only=True):
    """Subtitles and chapters, and what is to be said of those that cannot be."""

    captions: tuple[Caption, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def texts(self) -> tuple[TextFile, ...]:
        """The files that a run reads for them."""
        spoken = (TextFile(name=_name(n, one), text=one.text) for n, one in enumerate(self.captions))
        marks = [
            Mark(start_us=one.start_us, end_us=one.end_us, title=one.title or "") for one in self.chapters
        ]
        return (*spoken, *((TextFile(name=_CHAPTERS, text=ffmetadata(marks)),) if marks else ()))

    @property
    def inputs(self) -> tuple[str, ...]:
        """Those files as a run's last inputs."""
        spoken = (
            word
            for number, one in enumerate(self.captions)
            for word in ("-f", _DEMUXERS[one.form], "-i", _name(number, one))
        )
        return (*spoken, *(("-f", "ffmetadata", "-i", _CHAPTERS) if self.chapters else ()))

    def streams(self, container: Container, first: int) -> tuple[str, ...]:
        """What becomes of the subtitles, whose first input has that number."""
        codec = soft_codec(container) if RULES[container].text_codec == "mov_text" else "copy"
        words: list[str] = []
        for number, one in enumerate(self.captions):
            words += ("-map", f"{first + number}:s:0", f"-c:s:{number}", codec)
            words += (f"-metadata:s:s:{number}", f"language={one.language}")
            words += (f"-metadata:s:s:{number}", f"title={_title(one, container)}") if one.title else ()
            words += (f"-disposition:s:{number}", "default" if one.default else "0")
        return tuple(words)

    def described(self, first: int) -> tuple[str, ...]:
        """Where the chapters come from, and nothing else that inputs say of themselves."""
        source = first + len(self.captions) if self.chapters else -1
        # To leave out the tags of all inputs would leave out the titles of chapters, too.
        return "-map_metadata", str(source), "-map_chapters", str(source)


NOTHING = Companions()


def companions(
    document: Document, texts: Mapping[str, str], wanted: Target, window: Span, *, marked: bool
) -> Companions:
    """Those of a result that shows `window` of the document; chapters only if it is to be `marked` with them.

    Raises BadRequest where subtitles would have to follow an effect that changes the time of all.
    """
    container = container_of(wanted.format)
    tracks = soft_tracks(document)
    held = _holds_text(wanted)
    marks = chapters(document, container, window) if marked else ()
    told: tuple[Note, ...] = ()
    if tracks and not held:
        told = (notes.subtitles_dropped(len(tracks), wanted.format),)
    if moved := first_moving(enabled(document.effects, ROOT)):
        if tracks and held:
            raise BadRequest(
                "Subtitles that can be switched off cannot follow what changes the time of the whole project.",
                hint="Let them be burned in, or give the effect to the clips.",
                path=moved,
            )
        told = (*told, notes.chapters_dropped(len(marks))) if marks else told
        marks = ()
    spoken = captions(document, texts, container, window) if container is not None and held else ()
    return Companions(captions=spoken, chapters=marks, notes=told)


def read_files(document: Document, wanted: Target) -> tuple[str, ...]:
    """The sources whose texts have to be known: files of subtitles that can be switched off, where there are any."""
    return tuple(spoken_files(document)) if _holds_text(wanted) else ()


def _holds_text(wanted: Target) -> bool:
    container = container_of(wanted.format)
    return container is not None and RULES[container].text_codec is not None


def together(
    beside: Companions,
    container: Container,
    tracks: tuple[AssembleTrack, ...],
    output: str,
    duration_us: int,
    title: str,
) -> tuple[Step, ...]:
    """Put the parts of a result together, and add what stands beside them."""
    assembled = Assemble(
        output=f"{output}-assembled" if beside.texts else output,
        container=container,
        tracks=tracks,
        duration_us=duration_us,
        metadata=Metadata(tags={"title": title} if title else {}),
    )
    return (assembled, _joined(beside, assembled, output, title)) if beside.texts else (assembled,)


def _joined(beside: Companions, assembled: Assemble, output: str, title: str) -> RunFfmpeg:
    """The run that copies what was put together, and adds them."""
    container = assembled.container
    named = ("-metadata", f"title={title}") if title else ()
    hides = RULES[container].hides_lead_in
    return RunFfmpeg(
        inputs=(Mount(id=assembled.output, name=_ASSEMBLED),),
        output=Mount(id=output, name="out0"),
        argv=(
            *("-copyts", "-i", _ASSEMBLED, *beside.inputs, "-map", "0", "-c", "copy"),
            *beside.streams(container, 1),
            *beside.described(1),
            *(*named, *edges(container), "-f", MUXERS[container], "out0"),
        ),
        duration_us=assembled.duration_us,
        texts=beside.texts,
        presented_us=assembled.duration_us if hides else None,
        weight=0.2,
    )


def _title(one: Caption, container: Container) -> str:
    """FFmpeg reads fewer than five bytes of a track's name in an MP4 as a Macintosh would."""
    short = 0 if one.title.isascii() or not RULES[container].hides_lead_in else 5
    return one.title + " " * (short - len(one.title.encode()))


def _name(number: int, one: Caption) -> str:
    return f"captions{number}.{one.form}"
