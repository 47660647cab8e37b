"""The RunFfmpeg step: the argv lists for FFmpeg 5.1 and later, as values.

The engine puts its own options (no questions, progress on stdout) before these, and swaps mount names for
paths. Options are told per output stream, so tracks of one kind may be treated differently.
"""

from __future__ import annotations

from clipwright.containers import RULES
from clipwright.media import AudioTrack, Track, VideoTrack
from clipwright.plan import encode
from clipwright.plan.cut import Window
from clipwright.plan.steps import Mount, RunFfmpeg, TrackPlan
from clipwright.plan.tracks import Assignment, Task

_IN = "in0"
_SOURCE = "in1"
_OUT = "out0"

_MUXERS = {
    "mp4": "mp4", "mov": "mov", "mkv": "matroska", "webm": "webm", "m4a": "ipod",
    "mp3": "mp3", "ogg": "ogg", "wav": "wav", "flac": "flac",
}  # fmt: skip
_ENCODERS = {
    "h264": "libx264", "hevc": "libx265", "vp8": "libvpx", "vp9": "libvpx-vp9", "aac": "aac",
    "opus": "libopus", "mp3": "libmp3lame", "vorbis": "libvorbis", "flac": "flac",
    "mov_text": "mov_text", "subrip": "srt", "webvtt": "webvtt",
}  # fmt: skip
_CRF = {"h264": "18", "hevc": "20", "vp9": "24", "vp8": "10"}


def clip(task: Task, window: Window, found: Assignment, output: str) -> RunFfmpeg:
    """The step that cuts `window` out of the source in one run."""
    origin = task.media.info.origin_us
    span = window.span
    argv = (
        *_input(_IN, span.start + origin, span.duration),
        *_tracks(task, found.kept(), 0),
        *_finish(task),
        _OUT,
    )
    return RunFfmpeg(
        inputs=(Mount(id=task.media.source.id, name=_IN),),
        output=Mount(id=output, name=_OUT),
        argv=argv,
        duration_us=span.duration,
        weight=max(span.duration / 1_000_000, 1.0),
    )


def add_subtitles(task: Task, window: Window, found: Assignment, part: str, output: str) -> RunFfmpeg:
    """The step that copies `part`, which has the picture and sound, and adds the source's subtitles."""
    origin = task.media.info.origin_us
    span = window.span
    argv = (
        "-i", _IN,
        *_input(_SOURCE, span.start + origin, span.duration),
        "-map", "0", "-c", "copy",
        *_tracks(task, found.kept("subtitle"), 1),
        *_finish(task),
        _OUT,
    )  # fmt: skip
    return RunFfmpeg(
        inputs=(Mount(id=part, name=_IN), Mount(id=task.media.source.id, name=_SOURCE)),
        output=Mount(id=output, name=_OUT),
        argv=argv,
        duration_us=span.duration,
        weight=0.2,
    )


def seconds(us: int) -> str:
    """Microseconds as the decimal seconds that FFmpeg reads back without loss: ``1.234567``."""
    sign = "-" if us < 0 else ""
    whole, part = divmod(abs(us), 1_000_000)
    return f"{sign}{whole}.{part:06}"


def _input(name: str, start_us: int, duration_us: int) -> tuple[str, ...]:
    # Absolute seeking, so that a file whose clock does not start at zero is cut where the plan says.
    return ("-seek_timestamp", "1", "-ss", seconds(start_us), "-t", seconds(duration_us), "-i", name)


def _tracks(task: Task, planned: tuple[TrackPlan, ...], file: int) -> tuple[str, ...]:
    by_index = {track.index: track for track in task.media.info.tracks}
    argv: list[str] = []
    counts: dict[str, int] = {}
    for item in planned:
        letter = {"video": "v", "audio": "a", "subtitle": "s", "data": "d"}[item.kind]
        spec = f"{letter}:{counts.setdefault(letter, 0)}"
        counts[letter] += 1
        argv += ["-map", f"{file}:{item.index}", f"-c:{spec}"]
        argv += ["copy"] if item.action == "copy" else _encode(task, item, by_index[item.index], spec)
    return tuple(argv)


def _encode(task: Task, item: TrackPlan, track: Track, spec: str) -> list[str]:
    encoder = _ENCODERS.get(item.codec, item.codec)
    match track:
        case VideoTrack():
            return [encoder, *_picture(task, item.codec, track, spec)]
        case AudioTrack():
            lossless = item.codec.startswith("pcm") or item.codec == "flac"
            rate = [] if lossless else [f"-b:{spec}", str(encode.audio_bitrate(track, item.codec))]
            return [encoder, *rate]
        case _:
            return [encoder]


def _picture(task: Task, codec: str, track: VideoTrack, spec: str) -> list[str]:
    argv = [f"-crf:{spec}", _CRF[codec]]
    if codec in ("h264", "hevc"):
        argv += [f"-preset:{spec}", "veryfast" if task.engine == "ffmpeg" else "fast"]
    else:
        argv += [f"-b:{spec}", str(encode.video_bitrate(track)), f"-deadline:{spec}", "good", f"-cpu-used:{spec}", "4"]
    depth = "yuv420p10le" if encode.keeps_depth(task.engine, track, codec) and (track.bit_depth or 8) > 8 else "yuv420p"
    # Every frame keeps its own time: no frame is doubled or dropped, no rate is made up.
    argv += [f"-pix_fmt:{spec}", depth, f"-fps_mode:{spec}", "passthrough", f"-enc_time_base:{spec}", track.time_base]
    return argv


def _finish(task: Task) -> tuple[str, ...]:
    argv = ["-map_metadata", "0", "-map_chapters", "0"]
    if RULES[task.container].hides_lead_in:
        argv += ["-movflags", "+faststart"]
    if task.container == "mov" or task.container == "mp4":
        video = task.media.info.video
        if video:
            argv += ["-video_track_timescale", video[0].time_base.split("/")[1]]
    return (*argv, "-f", _MUXERS[task.container])
