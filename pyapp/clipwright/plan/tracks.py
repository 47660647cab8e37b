"""Which track is copied, encoded or dropped, and whether an engine can do that."""

from __future__ import annotations

from typing import Literal

import msgspec

from clipwright.capabilities import Capabilities
from clipwright.codecs import TO_MEDIABUNNY
from clipwright.containers import RULES, TEXT_SUBTITLES, Container, takes_only_text
from clipwright.errors import BadRequest
from clipwright.media import AudioTrack, DataTrack, Media, Reader, SubtitleTrack, Track, VideoTrack
from clipwright.plan import encode, notes
from clipwright.plan.request import TrackRequest
from clipwright.plan.steps import Method, Note, TrackPlan


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of every track with one engine; `misfit` says why that engine cannot, if so."""

    tracks: tuple[TrackPlan, ...] = ()
    notes: tuple[Note, ...] = ()
    misfit: str = ""

    def kept(self, kind: str | None = None) -> tuple[TrackPlan, ...]:
        """The tracks that reach the result, of one kind or all."""
        return tuple(t for t in self.tracks if t.action != "drop" and kind in (None, t.kind))


class _Choice(msgspec.Struct, frozen=True):
    """One track's fate; `why` explains a drop, `misfit` why the engine cannot do what should be done."""

    action: Literal["copy", "smart", "encode", "drop"]
    codec: str
    why: str = ""
    misfit: str = ""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done with a media, by which engine.

    `text` tells whether subtitles can be carried, `texts` whether to leave this to an engine that can, if there is one.
    `models` maps tracks to those of another file that they have to match in size or sampling. `padded`: sound that
    ends early is silent up to the end, as another part may follow. `apart` tells that
    packets of other files do not fit, however alike they look.

    `wanted` names the tracks to keep, of all `files`, in order, None for those of `media` that fit; `others` are the
    further files that it names. `lender` is the one of these whose sound stands for that of `media`, which has none.
    """

    media: Media
    others: tuple[Media, ...] = ()
    lender: Media | None = None
    files: tuple[Media, ...] = ()
    wanted: tuple[TrackRequest, ...] | None = None
    container: Container
    mode: Method
    engine: Reader
    caps: Capabilities
    text: bool = True
    texts: bool = True
    models: dict[int, VideoTrack | AudioTrack] = {}
    padded: bool = False
    apart: bool = False

    @property
    def copies_text(self) -> bool:
        """Whether subtitles are copied with everything else: in the page only out of Matroska, where all is."""
        matroska = self.container == "mkv" and self.media.info.container == "mkv"
        return matroska and self.engine == "media" and self.mode == "lossless"

    def asked_of(self, planned: TrackPlan) -> TrackRequest:
        """What was asked of a planned track; nothing, where tracks were not chosen."""
        for asked in self.wanted or ():
            if (self.number_of(self.files[asked.source]), asked.track) == (planned.source, planned.index):
                return asked
        return TrackRequest(track=planned.index)

    @property
    def numbered(self) -> tuple[Media, ...]:
        """The files in the order by which plans number them."""
        return (self.media, *self.others)

    def number_of(self, file: Media) -> int:
        """By what number plans know a file: 0 is `media`, then come `others`."""
        return [known.source.id for known in self.numbered].index(file.source.id)

    def media_of(self, planned: TrackPlan) -> Media:
        """The file that a planned track comes from."""
        return self.numbered[planned.source]

    def is_lent(self, planned: TrackPlan) -> bool:
        """Whether a planned track stands for one that `media` has not."""
        return self.lender is not None and planned.source == self.number_of(self.lender)

    def track_of(self, planned: TrackPlan) -> Track:
        """The track that is planned."""
        return self.media_of(planned).info.tracks[planned.index]


def assign(task: Task) -> Assignment:
    """Decide for every track of the media; BadRequest for a wanted track that does not exist."""
    planned: list[TrackPlan] = []
    said: list[Note] = []
    held = 0
    for source, track in _candidates(task):
        choice = _choose(task, source, track, held)
        if choice.misfit:
            return Assignment(misfit=choice.misfit)
        planned.append(
            TrackPlan(
                index=track.index,
                kind=kind_of(track),
                action=choice.action,
                codec=choice.codec,
                source=source,
            )
        )
        held += choice.action != "drop"
        if choice.action == "drop" and not _told_otherwise(task, track):
            said.append(notes.track_dropped(track, choice.why))
        elif choice.action == "encode" and not isinstance(track, VideoTrack):
            said.append(notes.track_reencoded(track, choice.codec))
    return Assignment(tracks=tuple(planned), notes=tuple(said))


def _told_otherwise(task: Task, track: Track) -> bool:
    """Whether a track holds the names of chapters (QuickTime's way), which the result tells in its own."""
    chapters = RULES[task.container].chapters and task.media.info.chapters
    return bool(chapters) and isinstance(track, DataTrack) and track.codec == "bin_data"


def _candidates(task: Task) -> list[tuple[int, Track]]:
    """The tracks to decide on, with the number of their file."""
    if task.wanted is None:
        own: list[tuple[int, Track]] = [(0, track) for track in task.media.info.tracks]
        lent = (
            [(task.number_of(task.lender), track) for track in task.lender.info.audio] if task.lender else []
        )
        return [*own, *lent]
    if not task.wanted:
        raise BadRequest("No track is to be kept.", hint="Choose at least one.", path="$.request.tracks")
    found: list[tuple[int, Track]] = []
    for number, asked in enumerate(task.wanted):
        file = task.files[asked.source] if 0 <= asked.source < len(task.files) else None
        if file is None or not 0 <= asked.track < len(file.info.tracks):
            raise BadRequest(
                f"There is no track {asked.track} in file {asked.source}.",
                hint="Look at the list of tracks; they count from 0.",
                path=f"$.request.tracks[{number}]",
            )
        found.append((task.number_of(file), file.info.tracks[asked.track]))
    return found


def kind_of(track: Track) -> Literal["video", "audio", "subtitle", "data"]:
    """What a track is, by the name that plans use."""
    match track:
        case VideoTrack():
            return "video"
        case AudioTrack():
            return "audio"
        case SubtitleTrack():
            return "subtitle"
        case DataTrack():
            return "data"


def _drop(track: Track, why: str) -> _Choice:
    return _Choice("drop", track.codec, why=why)


def _choose(task: Task, source: int, track: Track, held: int) -> _Choice:
    rules = RULES[task.container]
    if rules.single and held:
        return _drop(track, f"{notes.container_name(task.container)} holds one track")
    match track:
        case VideoTrack() if "attached_pic" in track.disposition:
            return _drop(track, "cover pictures are not carried over")
        case VideoTrack():
            if rules.video_codec is None:
                only = "subtitles" if takes_only_text(task.container) else "sound"
                return _drop(track, f"{notes.container_name(task.container)} is for {only} only")
            return _cut(
                task, source, track, encode.video_codec(track, task.container, task.engine, task.caps)
            )
        case AudioTrack() if takes_only_text(task.container):
            return _drop(track, f"{notes.container_name(task.container)} is for subtitles only")
        case AudioTrack():
            return _cut(
                task, source, track, encode.audio_codec(track, task.container, task.engine, task.caps)
            )
        case SubtitleTrack():
            return _caption(task, track)
        case DataTrack():
            return _drop(track, "only picture, sound and subtitles are kept")


def _cut(task: Task, source: int, track: VideoTrack | AudioTrack, target: str | None) -> _Choice:
    name = notes.codec_name(track.codec)
    media = task.numbered[source]
    fits = RULES[task.container].holds(kind_of(track), track.codec)
    if task.mode == "lossless":
        if not fits:
            return _drop(track, f"{notes.container_name(task.container)} cannot hold {name}")
        if task.engine == "media" and track.codec not in TO_MEDIABUNNY:
            return _Choice("copy", track.codec, misfit=f"it cannot copy {name}")
        return _Choice("copy", track.codec)
    # Sound that goes with a smart cut stays as it is, where it can.
    if task.mode == "smart" and fits and (task.engine != "media" or track.codec in TO_MEDIABUNNY):
        return _Choice("smart" if isinstance(track, VideoTrack) else "copy", track.codec)
    if not encode.decodes(task.engine, track.codec, track.index, media.decodable):
        return _Choice("encode", track.codec, misfit=f"it cannot decode {name}")
    if target is None:
        holder = notes.container_name(task.container)
        return _Choice("encode", track.codec, misfit=f"it has no encoder for {holder} {kind_of(track)}")
    return _Choice("encode", target)


def _caption(task: Task, track: SubtitleTrack) -> _Choice:
    rules = RULES[task.container]
    name = notes.codec_name(track.codec)
    fits = rules.holds("subtitle", track.codec)
    converts = rules.text_codec is not None and track.codec in TEXT_SUBTITLES
    if not fits and not converts:
        return _drop(track, f"{notes.container_name(task.container)} cannot hold {name}")
    copied_only = task.copies_text and not (fits and track.codec != "webvtt")
    if not task.text or copied_only:
        return _drop(track, "nothing here can carry subtitles over for this clip")
    if fits:
        return _Choice("copy", track.codec)
    return _Choice("encode", rules.text_codec or track.codec)
