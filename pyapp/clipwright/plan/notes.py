"""The sentences a person reads before the work starts; one function per NoteCode."""

from __future__ import annotations

from fractions import Fraction

from clipwright.containers import Container
from clipwright.media import Span, Track, VideoTrack
from clipwright.plan.steps import Note
from clipwright.timecode import hms

NAMES = {
    "h264": "H.264",
    "hevc": "HEVC",
    "vp8": "VP8",
    "vp9": "VP9",
    "av1": "AV1",
    "mpeg4": "MPEG-4 part 2",
    "mpeg2video": "MPEG-2",
    "aac": "AAC",
    "mp3": "MP3",
    "ac3": "AC-3",
    "eac3": "E-AC-3",
    "opus": "Opus",
    "vorbis": "Vorbis",
    "flac": "FLAC",
    "mov_text": "timed text",
    "subrip": "SubRip",
    "ass": "ASS",
    "webvtt": "WebVTT",
}
_CONTAINERS = {
    "mkv": "Matroska",
    "webm": "WebM",
    "mpegts": "MPEG-TS",
    "mpeg": "MPEG-PS",
    "ogg": "Ogg",
    "m4a": "M4A",
    "srt": "SubRip",
    "vtt": "WebVTT",
    "ass": "ASS",
}
ENGINE_NAMES = {"media": "The browser", "ffmpeg": "FFmpeg in the page", "native": "FFmpeg"}
"""What people know the engines by."""
_KINDS = {"video": "Video", "audio": "Audio", "subtitle": "Subtitle", "data": "Data"}


def codec_name(codec: str) -> str:
    """The name people know a codec by."""
    return NAMES.get(codec, codec)


def container_name(container: str) -> str:
    """The name people know a container by."""
    return _CONTAINERS.get(container, container.upper())


def seconds(us: int) -> str:
    """A length as a person reads it, to hundredths: ``0.83 s``."""
    return f"{us / 1_000_000:.2f} s"


def _called(track: Track) -> str:
    return f"{_KINDS[_kind(track)]} track {track.index} ({codec_name(track.codec)})"


def _kind(track: Track) -> str:
    return str(track.__struct_config__.tag)


def lead_in(us: int, container: Container, *, hidden: bool) -> Note:
    """Copying starts on a key frame before the in point."""
    if hidden:
        text = f"{seconds(us)} before the in point are kept in the file but hidden by an edit list."
        return Note(code="lead_in_hidden", text=text, us=us)
    name = container_name(container)
    text = (
        f"The clip starts {seconds(us)} early, on the key frame before the in point: {name} cannot hide it."
    )
    return Note(code="lead_in_visible", text=text, level="warning", us=us)


def starts_on_key_frame() -> Note:
    """The in point needs no lead-in."""
    return Note(code="starts_on_key_frame", text="The in point is on a key frame, so nothing extra is kept.")


def in_point_moved(by_us: int) -> Note:
    """There is no frame exactly at the in point."""
    text = f"The clip starts {seconds(by_us)} later, at the first frame after the in point."
    return Note(code="in_point_moved", text=text, us=by_us)


def end_clamped(duration_us: int) -> Note:
    """The wanted end lies beyond the file."""
    text = f"The end lies beyond the file, so the clip ends with it, at {seconds(duration_us)}."
    return Note(code="end_clamped", text=text, level="warning", us=duration_us)


def frames_reencoded(track: VideoTrack, duration_us: int, codec: str) -> Note:
    """How much picture is encoded again."""
    how_many = ""
    if track.frame_rate and not track.vfr:
        how_many = f"{max(round(duration_us * Fraction(track.frame_rate) / 1_000_000), 1)} frames, "
    text = f"{how_many}{seconds(duration_us)} of picture will be re-encoded to {codec_name(codec)}."
    return Note(code="frames_reencoded", text=text[0].upper() + text[1:], track=track.index, us=duration_us)


def track_reencoded(track: Track, codec: str) -> Note:
    """A track is encoded again."""
    target = "" if codec == track.codec else f" to {codec_name(codec)}"
    text = f"{_called(track)} will be re-encoded{target}."
    return Note(code="track_reencoded", text=text, track=track.index)


def track_dropped(track: Track, why: str) -> Note:
    """A track is not in the result."""
    text = f"{_called(track)} is dropped: {why}."
    return Note(code="track_dropped", text=text, level="warning", track=track.index)


def chapters_dropped(count: int) -> Note:
    """Chapters are not carried over by this engine."""
    what = "The chapter is" if count == 1 else f"The {count} chapters are"
    return Note(code="chapters_dropped", text=f"{what} not carried over.", level="warning")


def subtitles_dropped(count: int, format_: str) -> Note:
    """Subtitles that could be switched off have no place in the result."""
    what = "The subtitle track is" if count == 1 else f"The {count} subtitle tracks are"
    text = f"{what} left out: {container_name(format_)} holds no subtitles."
    return Note(code="subtitles_dropped", text=text, level="warning")


def depth_reduced(track: VideoTrack) -> Note:
    """More than 8 bits go in, 8 come out."""
    text = f"{_called(track)} has {track.bit_depth} bits per sample and will have 8."
    return Note(code="depth_reduced", text=text, level="warning", track=track.index)


def hdr_lost(track: VideoTrack) -> Note:
    """High dynamic range is written with 8 bits."""
    text = f"{_called(track)} is HDR; the re-encoded picture keeps its colours only approximately."
    return Note(code="hdr_lost", text=text, level="warning", track=track.index)


def pixels_squared(track: VideoTrack) -> Note:
    """Non-square pixels become square ones."""
    text = f"{_called(track)} has {track.pixel_aspect} pixels and is resized to square ones."
    return Note(code="pixels_squared", text=text, track=track.index)


def slow_engine(why: str) -> Note:
    """FFmpeg compiled to WebAssembly encodes several times slower than the browser itself."""
    text = f"{why}, so FFmpeg in the page does the work, which is several times slower."
    return Note(code="slow_engine", text=text, level="warning")


def container_changed(source: str, container: Container) -> Note:
    """The source's container cannot be written."""
    old, new = container_name(source), container_name(container)
    text = f"The clip is written as {new}: {old} can be read here, not written."
    return Note(code="container_changed", text=text)


def replanned(why: str) -> Note:
    """The first engine could not; another does the work."""
    return Note(code="replanned", text=f"Planned again with another engine: {why}", level="warning")


def smart_cut(track: VideoTrack, encoded_frames: int, copied_us: int) -> Note:
    """Only the edges are encoded again."""
    if encoded_frames == 0:
        text = "Nothing is re-encoded: both edges of the clip fall where the picture can be cut."
        return Note(code="smart_cut", text=text, track=track.index)
    frames, verb = ("1 frame", "is") if encoded_frames == 1 else (f"{encoded_frames} frames", "are")
    if copied_us:
        text = (
            f"{frames} at the edges {verb} re-encoded, the other {seconds(copied_us)} of picture are copied."
        )
    else:
        text = f"{frames} {verb} re-encoded, as there is no key frame in the clip to copy from."
    return Note(code="smart_cut", text=text, track=track.index, us=copied_us)


def not_smart(why: str) -> Note:
    """A smart cut was wanted, or would have been best, and cannot be."""
    return Note(code="not_smart", text=f"Everything is re-encoded, because {why}.", level="warning")


def segments_merged(count: int) -> Note:
    """Segments that overlap or touch became one."""
    what = (
        "1 segment touches or overlaps another and was joined to it"
        if count == 1
        else f"{count} segments touch or overlap others and were joined to them"
    )
    return Note(code="segments_merged", text=f"{what}.")


def sources_differ(name: str, how: str) -> Note:
    """A file does not match the first one of a joined result."""
    return Note(
        code="sources_differ",
        text=f"“{name}” will be re-encoded to match the first file: {how}.",
        level="warning",
    )


def silent(name: str, span: Span | None = None) -> Note:
    """A part of the result has no sound, because its file has none there; `span` None means nowhere."""
    if span is None:
        text = f"“{name}” has no sound: it is silent there."
        return Note(code="silent", text=text)
    where = f"between {hms(span.start)} and {hms(span.end)}"
    return Note(code="silent", text=f"“{name}” has no sound {where}: it is silent there.", us=span.duration)


def verification_failed(why: str) -> Note:
    """The result was not what it should be, so it was made again."""
    text = f"The first result did not match the source ({why}), so everything was re-encoded."
    return Note(code="verification_failed", text=text, level="warning")
