"""What a file is: MediaInfo and its tracks, the same whichever engine looked.

Times are integer microseconds; rates and time bases are rationals written ``"30000/1001"``.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Reader = Literal["media", "ffmpeg", "native"]
"""An engine that can look into a file and work on it."""


class Span(msgspec.Struct, frozen=True, array_like=False):
    """Half-open interval ``[start, end)`` in microseconds."""

    start: int
    end: int

    @property
    def duration(self) -> int:
        """Length in microseconds."""
        return self.end - self.start

    def shifted(self, by: int) -> Span:
        """The same stretch on a clock whose zero lies `by` microseconds earlier."""
        return Span(self.start + by, self.end + by)


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes in: an opaque id, the name a person knows it by, and its size in bytes."""

    id: str
    name: str
    size: int


class Color(msgspec.Struct, frozen=True, kw_only=True):
    """Colour description by FFmpeg's names (``bt709``, ``smpte2084``); None where the file is silent."""

    primaries: str | None = None
    transfer: str | None = None
    matrix: str | None = None
    full_range: bool | None = None


class _Track(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What every kind of track has.

    `index` is the position in the file, from 0, as FFmpeg counts streams. `codec` is FFmpeg's name
    (``h264``, ``aac``, ``pcm_s16le``); `codec_string` is the RFC 6381 form (``avc1.64001f``) or None.
    `start_us` is the presentation time of the first packet, after edit lists, and may be negative.
    `bitrate` is in bits per second. `disposition` holds FFmpeg's flag names that are set, sorted.
    """

    index: int
    codec: str
    codec_string: str | None = None
    time_base: str
    start_us: int
    duration_us: int | None = None
    language: str | None = None
    title: str | None = None
    disposition: tuple[str, ...] = ()
    bitrate: int | None = None


class VideoTrack(_Track, frozen=True, kw_only=True, tag="video"):
    """Pictures. `width` and `height` are as stored, before rotation and pixel aspect.

    `rotation` is the clockwise turn for display, in degrees: 0, 90, 180 or 270. `frame_rate` is the
    constant rate, or the average one where `vfr` is true; None when unknown. With `alpha` pictures say what shows
    through them.
    """

    width: int
    height: int
    rotation: int = 0
    pixel_aspect: str = "1/1"
    frame_rate: str | None = None
    vfr: bool = False
    bit_depth: int | None = None
    alpha: bool = False
    color: Color = Color()


class AudioTrack(_Track, frozen=True, kw_only=True, tag="audio"):
    """Sound. `sample_rate` in hertz."""

    channels: int
    sample_rate: int
    bit_depth: int | None = None


class SubtitleTrack(_Track, frozen=True, kw_only=True, tag="subtitle"):
    """Timed text or timed pictures of text."""


class DataTrack(_Track, frozen=True, kw_only=True, tag="data"):
    """Anything else: timecode, chapter text, attachments, cover pictures."""


Track = VideoTrack | AudioTrack | SubtitleTrack | DataTrack


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """A named Span of the source."""

    start_us: int
    end_us: int
    title: str | None = None


class MediaInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a file is.

    `container` is one of ``mp4 mov m4a mkv webm mpegts avi mp3 ogg wav flac`` or FFmpeg's own name.
    `start_us` is the earliest presentation time in the file. `origin_us` is the presentation time that
    a person calls 0:00; every Span counts from there. They differ only where a file's clock starts late
    (MPEG-TS) or early (audio priming). `duration_us` runs from the origin to the end of the last track. A `still` is a
    single picture and lasts 0.
    """

    container: str
    duration_us: int
    start_us: int = 0
    origin_us: int = 0
    bitrate: int | None = None
    tags: dict[str, str] = {}
    chapters: tuple[Chapter, ...] = ()
    tracks: tuple[Track, ...]
    still: bool = False

    @property
    def cuttable(self) -> dict[int, VideoTrack | AudioTrack]:
        """Picture and sound tracks by their index."""
        return {t.index: t for t in self.tracks if isinstance(t, VideoTrack | AudioTrack)}

    @property
    def video(self) -> tuple[VideoTrack, ...]:
        """The picture tracks, in file order."""
        return tuple(track for track in self.tracks if isinstance(track, VideoTrack))

    @property
    def audio(self) -> tuple[AudioTrack, ...]:
        """The sound tracks, in file order."""
        return tuple(track for track in self.tracks if isinstance(track, AudioTrack))


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """An open source: what it is, who could read it, and which of its tracks that browser can decode.

    `decodable` lists track indices that the ``media`` engine (WebCodecs) can decode; FFmpeg's engines
    decode whatever they can read.
    """

    source: Source
    info: MediaInfo
    reader: Reader
    decodable: tuple[int, ...] = ()


class CutPoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where a span can be cut, in microseconds on the person's clock.

    `first_frame` is the first frame presented in the span (None: there is none). `key_frame` is the last key frame
    presented at or before that frame, from which decoding or copying must start. `next_key_frame` is the
    first key frame at or after the in point (None: there is none).

    `clean_frame` is the first frame at or after `first_frame`, and inside the span, from which packets can be copied
    behind anything else (H.264: IDR; HEVC: IDR, BLA or CRA, whose leading pictures count as shown before it; VP8, VP9
    and AV1: key frames); None: there is none. Counting from it, in decode order, `clean_end` is the latest
    place at or before the span's end at which copying can stop without taking a frame shown later: the span's end
    itself, or the time of the first frame that cannot be copied. `closed_end` is the same at or after the span's
    end. `head_frames` counts the frames from `first_frame` up to `clean_frame`, `tail_frames` those from
    `clean_end` up to the span's end; where there is no clean frame, the head is all there is. `next_frame` is the
    first frame at or after the span's end, when its last frame has been shown; where there is none, the time at which
    the last frame of all has been shown (None: that is not known).
    """

    first_frame: int | None
    key_frame: int | None
    next_key_frame: int | None
    clean_frame: int | None = None
    clean_end: int | None = None
    closed_end: int | None = None
    head_frames: int = 0
    tail_frames: int = 0
    next_frame: int | None = None

    def shifted(self, by: int) -> CutPoint:
        """The same place on a clock whose zero lies `by` microseconds earlier."""

        def moved(us: int | None) -> int | None:
            return None if us is None else us + by

        return msgspec.structs.replace(
            self,
            first_frame=moved(self.first_frame),
            key_frame=moved(self.key_frame),
            next_key_frame=moved(self.next_key_frame),
            clean_frame=moved(self.clean_frame),
            clean_end=moved(self.clean_end),
            closed_end=moved(self.closed_end),
            next_frame=moved(self.next_frame),
        )
