"""Which track is copied, encoded or dropped, and whether an engine can do that."""

from __future__ import annotations

from typing import Literal

import msgspec

from clipwright.capabilities import Capabilities
from clipwright.codecs import TO_MEDIABUNNY
from clipwright.containers import RULES, TEXT_SUBTITLES, Container
from clipwright.media import AudioTrack, DataTrack, Media, Reader, SubtitleTrack, Track, VideoTrack
from clipwright.plan import encode, notes
from clipwright.plan.steps import Note, TrackPlan

Exactness = Literal["lossless", "exact"]


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

    action: Literal["copy", "encode", "drop"]
    codec: str
    why: str = ""
    misfit: str = ""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done with a media, by which engine. `text` tells whether subtitles can be carried."""

    media: Media
    container: Container
    mode: Exactness
    engine: Reader
    caps: Capabilities
    text: bool = True


def assign(task: Task) -> Assignment:
    """Decide for every track of the media."""
    planned: list[TrackPlan] = []
    said: list[Note] = []
    held = 0
    for track in task.media.info.tracks:
        choice = _choose(task, track, held)
        if choice.misfit:
            return Assignment(misfit=choice.misfit)
        planned.append(
            TrackPlan(index=track.index, kind=_kind(track), action=choice.action, codec=choice.codec)
        )
        held += choice.action != "drop"
        if choice.action == "drop":
            said.append(notes.track_dropped(track, choice.why))
        elif choice.action == "encode" and not isinstance(track, VideoTrack):
            said.append(notes.track_reencoded(track, choice.codec))
    return Assignment(tracks=tuple(planned), notes=tuple(said))


def _kind(track: Track) -> Literal["video", "audio", "subtitle", "data"]:
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


def _choose(task: Task, track: Track, held: int) -> _Choice:
    rules = RULES[task.container]
    if rules.single and held:
        return _drop(track, f"{notes.container_name(task.container)} holds one track")
    match track:
        case VideoTrack() if "attached_pic" in track.disposition:
            return _drop(track, "cover pictures are not carried over")
        case VideoTrack():
            if rules.video_codec is None:
                return _drop(track, f"{notes.container_name(task.container)} is for sound only")
            return _cut(task, track, encode.video_codec(track, task.container, task.engine, task.caps))
        case AudioTrack():
            return _cut(task, track, encode.audio_codec(track, task.container, task.engine, task.caps))
        case SubtitleTrack():
            return _caption(task, track)
        case DataTrack():
            return _drop(track, "only picture, sound and subtitles are kept")


def _cut(task: Task, track: VideoTrack | AudioTrack, target: str | None) -> _Choice:
    name = notes.codec_name(track.codec)
    if task.mode == "lossless":
        if not RULES[task.container].holds(_kind(track), track.codec):
            return _drop(track, f"{notes.container_name(task.container)} cannot hold {name}")
        if task.engine == "media" and track.codec not in TO_MEDIABUNNY:
            return _Choice("copy", track.codec, misfit=f"it cannot copy {name}")
        return _Choice("copy", track.codec)
    if not encode.decodes(task.engine, track.codec, track.index, task.media.decodable):
        return _Choice("encode", track.codec, misfit=f"it cannot decode {name}")
    if target is None:
        return _Choice(
            "encode",
            track.codec,
            misfit=f"it has no encoder for {notes.container_name(task.container)} {_kind(track)}",
        )
    return _Choice("encode", target)


def _caption(task: Task, track: SubtitleTrack) -> _Choice:
    rules = RULES[task.container]
    name = notes.codec_name(track.codec)
    fits = rules.holds("subtitle", track.codec)
    converts = rules.text_codec is not None and track.codec in TEXT_SUBTITLES
    if not fits and not converts:
        return _drop(track, f"{notes.container_name(task.container)} cannot hold {name}")
    if not task.text:
        return _drop(track, "nothing here can carry subtitles over for this clip")
    if fits:
        return _Choice("copy", track.codec)
    return _Choice("encode", rules.text_codec or track.codec)
