"""The RunFfmpeg step: argv lists for FFmpeg 5.1 and later, as values.

The engine puts its own options (no questions, progress on stdout) before these, and swaps mount names for
paths. Every input is shifted as a whole by ``-itsoffset`` under ``-copyts``: pictures, sound, subtitles and
chapters then agree on where zero is in every FFmpeg version, which output seeking does not ensure.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import msgspec

from clipwright.containers import RULES, Container, takes_only_text, takes_video
from clipwright.media import AudioTrack, Media, SubtitleTrack, Track, VideoTrack
from clipwright.plan import encode
from clipwright.plan.argvedge import PARAMETER_SET
from clipwright.plan.argvparts import BLIND_US, exact_pictures, seconds, seek_margin, shifted_input, ticks
from clipwright.plan.cut import Window
from clipwright.plan.steps import Mount, RunFfmpeg, TrackPlan
from clipwright.plan.tracks import Assignment, Task

FASTSTART_BYTES = 64 << 20
"""Up to this predicted size the index is put first; beyond, writing everything twice costs too much."""

_IN = "in0"
_OUT = "out0"

MUXERS: dict[Container, str] = {
    "mp4": "mp4", "mov": "mov", "mkv": "matroska", "webm": "webm", "m4a": "ipod",
    "mp3": "mp3", "ogg": "ogg", "wav": "wav", "flac": "flac", "srt": "srt", "vtt": "webvtt", "ass": "ass",
}  # fmt: skip
"""FFmpeg's names of the writers."""
ENCODERS = {
    "h264": "libx264", "hevc": "libx265", "vp8": "libvpx", "vp9": "libvpx-vp9", "av1": "libsvtav1",
    "opus": "libopus", "mp3": "libmp3lame", "vorbis": "libvorbis", "subrip": "srt",
}  # fmt: skip
"""FFmpeg's names of the encoders whose codecs are called otherwise."""
_CRF = {"h264": "18", "hevc": "20", "vp9": "24", "vp8": "10", "av1": "18"}

_REWRITTEN = frozenset({"wav", "flac"})
"""Sound without loss goes through its decoder and encoder: the samples stay the same and the cut is exact, while
copied packets of FLAC would keep their old numbers."""

_PRIMING_US = 100_000
"""How far to seek back for sound alone: a decoder needs a packet or two to get going."""

OPUS_DELAY = 7
"""How many ticks of Matroska's what libopus puts in front lasts: 312 samples at 48 kHz."""
_ROUNDING = Fraction(1, 2_000_000)
"""Half a microsecond: times that are that close are the same."""
_MUXER_TICK = Fraction(1, 1000)
"""Matroska's; it rounds times to milliseconds."""
_SLACK_S = 0.0011
_COPIED_TEXT = (
    "noise=drop='lte(pts+duration,0)',setts=ts='max(TS,0)':duration='if(lt(TS,0),DURATION+TS,DURATION)'"
)
_CONVERTED_TEXT = "noise=drop='lt(pts,0)'"
# A text with a negative time would make muxers shift every other track. FFmpeg 5.1 loses the last text
# when ``setts`` follows an encoder, so there a text that already shows at the in point is left out.


def clip(task: Task, window: Window, found: Assignment, output: str, size: int) -> RunFfmpeg:
    """The step that cuts `window` out of the source in one run; `size` is the predicted number of bytes."""
    lossless = task.mode == "lossless"
    hides = RULES[task.container].hides_lead_in
    prior = ("-copypriorss", "1" if hides else "0") if lossless else ()
    argv = (
        *_source(task, window, _IN),
        *_tracks(task, window, found.kept(), {0: 0}),
        *prior,
        *_finish(task, found, size),
        _OUT,
    )
    return RunFfmpeg(
        inputs=(Mount(id=task.media.source.id, name=_IN),),
        output=Mount(id=output, name=_OUT),
        argv=argv,
        duration_us=window.span.duration,
        presented_us=window.span.duration if hides and (lossless or found.kept("subtitle")) else None,
        pixels=_pixels(task, found),
        weight=max(window.span.duration / 1_000_000, 1.0),
    )


def _pixels(task: Task, found: Assignment) -> int:
    """How many the largest picture has that is decoded, or that another is fitted into."""
    encoded = [task.track_of(item) for item in found.kept("video") if item.action == "encode"]
    models = [task.models.get(track.index) for track in encoded]
    pictures = [track for track in (*encoded, *models) if isinstance(track, VideoTrack)]
    return max((track.width * track.height for track in pictures), default=0)


def add_subtitles(
    task: Task, window: Window, found: Assignment, part: str, output: str, size: int
) -> RunFfmpeg:
    """The step that copies `part`, which has the picture and sound, and adds the subtitles of the sources."""
    texts = found.kept("subtitle")
    numbers = {source: place + 1 for place, source in enumerate(dict.fromkeys(t.source for t in texts))}
    files = {number: task.numbered[source] for source, number in numbers.items()}
    inputs = [
        word
        for number, media in files.items()
        for word in _source(msgspec.structs.replace(task, media=media), _elsewhere(task, media, window), f"in{number}")
    ]  # fmt: skip
    argv = (
        "-i", _IN,
        *inputs,
        "-map", "0", "-c", "copy",
        *_tracks(task, window, texts, numbers),
        *_named(task, texts),
        *_finish(task, found, size),
        _OUT,
    )  # fmt: skip
    mounts = (Mount(id=media.source.id, name=f"in{number}") for number, media in files.items())
    return RunFfmpeg(
        inputs=(Mount(id=part, name=_IN), *mounts),
        output=Mount(id=output, name=_OUT),
        argv=argv,
        duration_us=window.span.duration,
        presented_us=window.span.duration if RULES[task.container].hides_lead_in else None,
        weight=0.2,
    )


def sound(
    task: Task,
    part: str,
    output: str,
    duration_us: int,
    planned: tuple[TrackPlan, ...],
    tracks: tuple[AudioTrack, ...],
) -> RunFfmpeg:
    """The step that encodes the sound tracks of `part`, in order, as those of the files would be."""
    words = [
        word
        for number, (item, track) in enumerate(zip(planned, tracks, strict=True))
        for word in (
            "-map", f"0:{number}", f"-c:a:{number}", ENCODERS.get(item.codec, item.codec),
            *_quality(task, item.codec, track, f"a:{number}"),
            # Where the first segments have no sound, it starts late.
            f"-filter:a:{number}", "aresample=async=1:first_pts=0",
        )
    ]  # fmt: skip
    return RunFfmpeg(
        inputs=(Mount(id=part, name=_IN),),
        output=Mount(id=output, name=_OUT),
        argv=("-copyts", "-i", _IN, *words, *_finish(task, Assignment(tracks=planned), 0), _OUT),
        duration_us=duration_us,
        weight=max(duration_us / 10_000_000, 0.1),
    )


def _named(task: Task, texts: tuple[TrackPlan, ...]) -> tuple[str, ...]:
    """What subtitles are to be called."""
    argv: list[str] = []
    for number, planned in enumerate(texts):
        asked = task.asked_of(planned)
        for key, value in (("language", asked.language), ("title", asked.title)):
            argv += [] if value is None else [f"-metadata:s:s:{number}", f"{key}={value}"]
        if asked.disposition is not None:
            argv += [f"-disposition:s:{number}", "+".join(asked.disposition) or "0"]
    return tuple(argv)


def _elsewhere(task: Task, media: Media, window: Window) -> Window:
    """The window for another file, whose key frames nobody has looked for."""
    return window if media is task.media else msgspec.structs.replace(window, key_frame=None)


def _source(task: Task, window: Window, name: str) -> tuple[str, ...]:
    info = task.media.info
    zero = window.span.start + info.origin_us
    margin = seek_margin(info)
    if window.key_frame is not None:
        seek = window.key_frame + info.origin_us - margin
    elif takes_video(task.container) or takes_only_text(task.container):
        seek = zero - BLIND_US
    else:
        seek = zero - _PRIMING_US - margin
    return shifted_input(info, zero, seek, name)


def _tracks(
    task: Task, window: Window, planned: tuple[TrackPlan, ...], inputs: dict[int, int]
) -> tuple[str, ...]:
    """What becomes of each planned track; `inputs` tells which input a source is."""
    argv: list[str] = []
    counts = {"v": 0, "a": 0, "s": 0}
    tick = 0
    for item in planned:
        letter = item.kind[0]
        spec = f"{letter}:{counts[letter]}"
        counts[letter] += 1
        track = task.track_of(item)
        argv += ["-map", f"{inputs[item.source]}:{item.index}"]
        copied = item.action == "copy" and not (
            isinstance(track, AudioTrack) and task.container in _REWRITTEN
        )
        argv += _copy(task, window, track, spec) if copied else _encode(task, window, item, track, spec)
        if isinstance(track, VideoTrack) and not copied:
            tick = max(tick, ceil(Fraction(1_000_000, ticks(track))))
    # The filters cut exactly. This limit ends subtitles and chapters; rounded to the encoder's ticks it would
    # lose a last frame, so it comes one tick late.
    return (*argv, "-t", seconds(window.span.duration + tick))


def _copy(task: Task, window: Window, track: Track, spec: str) -> list[str]:
    argv = [f"-c:{spec}", "copy"]
    match track:
        case SubtitleTrack():
            return [*argv, f"-bsf:{spec}", _COPIED_TEXT]
        case VideoTrack(frame_rate=str(rate), vfr=False) if _can_stop(task, track):
            tick = f"{float(_MUXER_TICK):g}" if task.engine == "ffmpeg" else "tb"
            return [*argv, f"-bsf:{spec}", _without_later_pictures(window, Fraction(rate), tick)]
        case _:
            return argv


def _can_stop(task: Task, track: Track) -> bool:
    """Whether later pictures can be told by their times.

    FFmpeg 5.1 shows a filter times in the muxer's ticks, newer versions in the source's. Which of them the terminal
    finds is not known here, but ticks finer than Matroska's milliseconds can at worst drop too little.
    """
    if RULES[task.container].hides_lead_in:
        return False
    return task.engine == "ffmpeg" or Fraction(track.time_base) <= _MUXER_TICK


def _without_later_pictures(window: Window, rate: Fraction, tick: str) -> str:
    """Drops the pictures from the end on once the last one before it has gone by.

    FFmpeg stops by decode time, when a few later pictures have been copied already. Those that come before
    the last wanted one are kept: others may refer to them.
    """
    length = Fraction(window.span.duration, 1_000_000)
    last = (ceil(length * rate - _ROUNDING * rate) - 1) / rate
    end = f"{float(length - _ROUNDING):.7f}"
    seen = f"between(pts*{tick},{float(last) - _SLACK_S:.7f},{end})"
    return f"noise=drop='gte(pts*{tick},{end})*ld(0)+0*st(0,max(ld(0),{seen}))'"


def _encode(task: Task, window: Window, item: TrackPlan, track: Track, spec: str) -> list[str]:
    encoder = [f"-c:{spec}", ENCODERS.get(item.codec, item.codec)]
    match track:
        case VideoTrack():
            return [*encoder, *_picture(task, window, item.codec, track, spec)]
        case AudioTrack():
            sampling = _resampled(task.models.get(track.index), spec)
            length = seconds(window.span.duration)
            pad = f",apad=whole_dur={length}" if task.padded else ""
            trimmed = f"atrim=start=0:end={length}{pad}"
            return [*encoder, *_quality(task, item.codec, track, spec), *sampling, f"-filter:{spec}", trimmed]
        case _:
            return [*encoder, f"-bsf:{spec}", _CONVERTED_TEXT]


def _quality(task: Task, codec: str, track: AudioTrack, spec: str) -> list[str]:
    """How well sound is encoded."""
    lossless = codec.startswith("pcm") or codec == "flac"
    rate = [] if lossless else [f"-b:{spec}", str(encode.audio_bitrate(track, codec))]
    if codec == "opus" and task.engine == "ffmpeg":
        # With more effort, libopus in @ffmpeg/core writes out of bounds.
        rate += [f"-compression_level:{spec}", "4"]
        if RULES[task.container].tells_delay:
            # Its writer tells the delay, by which readers then move the sound, but leaves that out of the times.
            rate += [f"-bsf:{spec}", f"setts=ts=TS+{OPUS_DELAY}"]
    return rate


def _picture(task: Task, window: Window, codec: str, track: VideoTrack, spec: str) -> list[str]:
    origin = task.media.info.origin_us
    start, end = window.span.start + origin, window.span.end + origin
    deep = (track.bit_depth or 8) > 8 and encode.keeps_depth(task.engine, track, codec)
    # The x264 in @ffmpeg/core takes even sizes only.
    odd = task.engine == "ffmpeg" and (track.width % 2 or track.height % 2)
    even = "crop=trunc(iw/2)*2:trunc(ih/2)*2," if odd else ""
    argv = [
        f"-filter:{spec}",
        f"{exact_pictures(start, end)},{even}{_fitted(task.models.get(track.index), track)}"
        # A choice of two, so that full-range pictures ("j") stay as they are.
        f"format={'yuv420p10le' if deep else 'yuv420p|yuvj420p'}",
        # Every frame keeps its own time: none is doubled or dropped, no rate is made up.
        f"-fps_mode:{spec}", "passthrough", f"-enc_time_base:{spec}", f"1/{ticks(track)}",
        f"-crf:{spec}", _CRF[codec],
    ]  # fmt: skip
    if task.padded and codec == "h264":
        # It will stand beside other parts, whose parameter sets may differ: those are numbered anew where they meet.
        argv += [f"-x264-params:{spec}", f"sps-id={PARAMETER_SET}:stitchable=1"]
    if codec in ("h264", "hevc"):
        # Without threads and assembler "veryfast" takes 2.6 times as long as "ultrafast".
        return [*argv, f"-preset:{spec}", "ultrafast" if task.engine == "ffmpeg" else "veryfast"]
    if codec == "av1":
        return [*argv, f"-preset:{spec}", "8", f"-svtav1-params:{spec}", "pred-struct=1"]
    speed = [f"-deadline:{spec}", "good", f"-cpu-used:{spec}", "4"]
    return [*argv, f"-b:{spec}", str(encode.video_bitrate(track)), *speed]


def _fitted(model: VideoTrack | AudioTrack | None, track: VideoTrack) -> str:
    """The filters that bring a picture to the size of another, with black bars where the shapes differ."""
    if not isinstance(model, VideoTrack):
        return ""
    square = "scale=iw*sar:ih,setsar=1," if track.pixel_aspect != "1/1" else ""
    size = f"{model.width}:{model.height}"
    aspect = model.pixel_aspect
    return (
        f"{square}scale={size}:force_original_aspect_ratio=decrease:force_divisible_by=2,"
        f"pad={size}:(ow-iw)/2:(oh-ih)/2,setsar={aspect},"
    )


def _resampled(model: VideoTrack | AudioTrack | None, spec: str) -> list[str]:
    if not isinstance(model, AudioTrack):
        return []
    return [f"-ar:{spec}", str(model.sample_rate), f"-ac:{spec}", str(model.channels)]


def _finish(task: Task, found: Assignment, size: int) -> tuple[str, ...]:
    shared: tuple[str, ...] = ("-map_metadata", "0", "-map_chapters", "0")
    if task.container in ("mkv", "webm"):
        # The first packet of encoded sound lies before zero; older muxers would shift everything to let it in.
        shared = (*shared, "-avoid_negative_ts", "disabled")
    if not RULES[task.container].hides_lead_in:
        return (*shared, "-f", MUXERS[task.container])
    faststart = ("-movflags", "+faststart") if size <= FASTSTART_BYTES else ()
    if any(track.codec == "flac" for track in found.kept("audio")):
        # FFmpeg 5.1 calls FLAC in MP4 experimental and refuses it otherwise.
        shared = (*shared, "-strict", "experimental")
    if any(
        text.action == "copy" and task.track_of(text).codec == "mov_text" for text in found.kept("subtitle")
    ):
        # FFmpeg copies the box of the bitrate with the other boxes of the text's entry, and would add a second.
        shared = (*shared, "-write_btrt", "0")
    # Edit lists count in these ticks: the default of 1/1000 s falls between the frames of most rates.
    return (*shared, "-movie_timescale", "120000", *faststart, "-f", MUXERS[task.container])
