"""What each container that can be written holds, and what it is called on disk.

Sources: ISO/IEC 14496-12/-14 and the MP4 registration authority's codec list, the QuickTime File Format
specification, the Matroska and WebM codec mappings, RFC 3533 / 7845 (Ogg), as far as common players and
FFmpeg's muxers agree on them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from clipwright.errors import BadRequest

Container = Literal["mp4", "mov", "mkv", "webm", "m4a", "mp3", "ogg", "wav", "flac", "srt", "vtt", "ass"]
"""What can be written."""

_PCM = frozenset(
    {"pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_u8"}
)
_MP4_VIDEO = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video"})
_MP4_AUDIO = frozenset({"aac", "mp3", "ac3", "eac3", "opus", "flac", "alac"})


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What one container holds.

    `video`, `audio` and `subtitle` list FFmpeg codec names, None meaning any. `video_codec`,
    `audio_codec` and `text_codec` are what to encode to when the source's codec does not fit, None where
    the container has no such tracks. `chapters`: it can say where they start. `hides_lead_in`: it has edit
    lists that players honour. `tells_delay`: it says how much of their first packets decoders of sound leave out.
    `single`: it holds one track only.
    """

    extension: str
    video: frozenset[str] | None = frozenset()
    audio: frozenset[str] | None = frozenset()
    subtitle: frozenset[str] = frozenset()
    video_codec: str | None = None
    audio_codec: str | None = None
    text_codec: str | None = None
    hides_lead_in: bool = False
    tells_delay: bool = False
    chapters: bool = False
    single: bool = False

    def holds(self, kind: str, codec: str) -> bool:
        """Whether a track of this kind and codec can be copied in."""
        allowed = {"video": self.video, "audio": self.audio, "subtitle": self.subtitle}.get(kind, frozenset())
        return allowed is None or codec in allowed


RULES: dict[Container, Rules] = {
    "mp4": Rules(
        extension="mp4",
        video=_MP4_VIDEO,
        audio=_MP4_AUDIO,
        subtitle=frozenset({"mov_text"}),
        video_codec="h264",
        audio_codec="aac",
        text_codec="mov_text",
        hides_lead_in=True,
        chapters=True,
    ),
    "mov": Rules(
        extension="mov",
        video=frozenset({"h264", "hevc", "mpeg4", "mpeg2video", "prores", "mjpeg"}),
        audio=frozenset({"aac", "mp3", "ac3", "alac"}) | _PCM,
        subtitle=frozenset({"mov_text"}),
        video_codec="h264",
        audio_codec="aac",
        text_codec="mov_text",
        hides_lead_in=True,
        chapters=True,
    ),
    "mkv": Rules(
        extension="mkv",
        video=None,
        audio=None,
        subtitle=frozenset({"subrip", "ass", "webvtt", "hdmv_pgs_subtitle", "dvd_subtitle"}),
        video_codec="h264",
        audio_codec="aac",
        text_codec="subrip",
        tells_delay=True,
        chapters=True,
    ),
    "webm": Rules(
        extension="webm",
        video=frozenset({"vp8", "vp9", "av1"}),
        audio=frozenset({"opus", "vorbis"}),
        subtitle=frozenset({"webvtt"}),
        video_codec="vp9",
        audio_codec="opus",
        text_codec="webvtt",
        tells_delay=True,
        chapters=True,
    ),
    "m4a": Rules(
        extension="m4a",
        audio=frozenset({"aac", "alac"}),
        audio_codec="aac",
        hides_lead_in=True,
        chapters=True,
    ),
    "mp3": Rules(extension="mp3", audio=frozenset({"mp3"}), audio_codec="mp3", single=True),
    "ogg": Rules(
        extension="ogg", audio=frozenset({"opus", "vorbis", "flac"}), audio_codec="opus", single=True
    ),
    "wav": Rules(
        extension="wav",
        audio=_PCM - {"pcm_s16be", "pcm_s24be", "pcm_s32be"},
        audio_codec="pcm_s16le",
        single=True,
    ),
    "flac": Rules(extension="flac", audio=frozenset({"flac"}), audio_codec="flac", single=True),
    "srt": Rules(extension="srt", subtitle=frozenset({"subrip"}), text_codec="subrip", single=True),
    "vtt": Rules(extension="vtt", subtitle=frozenset({"webvtt"}), text_codec="webvtt", single=True),
    "ass": Rules(extension="ass", subtitle=frozenset({"ass"}), text_codec="ass", single=True),
}

TEXT_SUBTITLES = frozenset({"mov_text", "subrip", "ass", "ssa", "webvtt", "text"})
"""Subtitle codecs that FFmpeg can turn into one another."""


def takes_video(container: Container) -> bool:
    """Whether the container is for pictures at all."""
    return RULES[container].video_codec is not None


def takes_only_text(container: Container) -> bool:
    """Whether the container is for subtitles alone."""
    rules = RULES[container]
    return rules.video_codec is None and rules.audio_codec is None


_ALONE: dict[str, tuple[Container, ...]] = {
    "video": ("webm", "mp4", "mov", "mkv"),
    "audio": ("m4a", "mp3", "flac", "ogg", "wav", "mkv"),
    "subtitle": ("vtt", "ass", "srt"),
}


def alone(kind: Literal["video", "audio", "subtitle"], codec: str) -> Container:
    """The container that people expect one track of this codec in, when there is nothing else beside it.

    Any text becomes SubRip where it has no file of its own.
    """
    found = (container for container in _ALONE[kind] if RULES[container].holds(kind, codec))
    return next(found, _ALONE[kind][-1])


_SPELLINGS: dict[str, Container] = {
    **{rules.extension: container for container, rules in RULES.items()},
    "m4v": "mp4", "qt": "mov", "mka": "mkv", "oga": "ogg", "opus": "ogg", "wave": "wav",
}  # fmt: skip
"""File extensions that say which container is meant."""


def named(name: str, asked: Container | None) -> Container:
    """The container for a result called `name`; BadRequest when it names none, or not the one `asked` for."""
    stem, _, extension = name.rpartition(".")
    meant = _SPELLINGS.get(extension.lower()) if stem.strip(".") else None
    if meant is not None and asked is not None and meant != asked:
        raise BadRequest(
            f"“{name}” is a name for {meant}, but the container is to be {asked}.",
            hint="Make them agree, or say nothing of the container.",
            path="$.output",
        )
    found = asked or meant
    if found is None:
        raise BadRequest(
            f"“{name}” does not say which format to write.",
            hint=f"End it with one of: {', '.join(RULES)}; or say which container.",
            path="$.output",
        )
    return found
