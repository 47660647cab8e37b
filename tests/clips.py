"""Small clips made on the fly whose every frame and every stretch of sound says when it is.

Each picture carries its frame number as a grid of dark and light cells (with a checksum, and corners that
give its turn away), and colours that follow the time; each sound track is a chirp whose pitch is the time.
`reading.py` reads both back. A clip is described by a `Recipe`, made once and kept under the recipe's hash.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import math
import subprocess
import tempfile
import wave
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CELLS = 5
"""The grid has CELLS x CELLS cells: four corners tell the turn, the rest hold a number and its checksum."""
NUMBER_BITS = 12
CHECK_BITS = CELLS * CELLS - 4 - NUMBER_BITS
DARK, LIGHT = 40, 215

CHIRP_PERIOD_S = 8.0
CHIRP_LOW_HZ = 500.0
CHIRP_HZ_PER_S = 800.0
TRACK_SHIFT_S = 3.0
"""The n-th sound track runs this much ahead of the one before, so that tracks cannot be mistaken."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Recipe:
    """How to make a clip. `audio` lists one codec per sound track; `video` None makes a sound file.

    `delay_video_s` and `delay_audio_s` make a track start late, `rotation` is clockwise for display, `vfr`
    spaces frames unevenly, `color` is FFmpeg's name of primaries, transfer and matrix alike, `flags` are
    further ffmpeg output options.
    """

    container: str = "mp4"
    video: str | None = "h264"
    audio: tuple[str, ...] = ("aac",)
    seconds: float = 4.0
    rate: str = "25"
    gop: int = 25
    bframes: int = 2
    open_gop: bool = False
    vfr: bool = False
    size: tuple[int, int] = (320, 180)
    rotation: int = 0
    pixel_aspect: str = "1/1"
    depth: int = 8
    color: str | None = None
    delay_video_s: float = 0.0
    delay_audio_s: float = 0.0
    sample_rate: int = 48000
    channels: int = 2
    languages: tuple[str, ...] = ()
    subtitles: bool = False
    chapters: bool = False
    title: str | None = None
    flags: tuple[str, ...] = ()

    @property
    def frame_count(self) -> int:
        """How many frames the picture track has."""
        return math.floor(self.seconds * Fraction(self.rate))

    @property
    def key(self) -> str:
        """A short hash of the recipe and of this module, which makes the clips."""
        text = json.dumps(dataclasses.asdict(self), sort_keys=True) + Path(__file__).read_text("utf-8")
        return hashlib.sha256(text.encode()).hexdigest()[:16]


_ENCODERS: dict[str, list[str]] = {
    "h264": ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20"],
    "hevc": ["-c:v", "libx265", "-preset", "ultrafast", "-crf", "22"],
    "vp8": ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "800k"],
    "vp9": ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "600k"],
    "av1": ["-c:v", "libaom-av1", "-cpu-used", "8", "-usage", "realtime", "-b:v", "600k"],
    "mpeg4": ["-c:v", "mpeg4", "-q:v", "3"],
    "mpeg2": ["-c:v", "mpeg2video", "-q:v", "3"],
    "aac": ["aac", "-b:a", "128k"],
    "opus": ["libopus", "-b:a", "96k"],
    "mp3": ["libmp3lame", "-b:a", "128k"],
    "ac3": ["ac3", "-b:a", "192k"],
    "flac": ["flac"],
    "vorbis": ["libvorbis", "-q:a", "4"],
    "pcm": ["pcm_s16le"],
}
_SUBTITLES = {"mp4": "mov_text", "mov": "mov_text", "m4a": "mov_text", "mkv": "subrip", "webm": "webvtt"}


def bits_of(number: int) -> list[int]:
    """The cells between the corners, row by row: the number, then its checksum, most significant first."""
    check = (number * 0x9E5 + 0x155) % (1 << CHECK_BITS)
    word = (number << CHECK_BITS) | check
    return [(word >> shift) & 1 for shift in reversed(range(NUMBER_BITS + CHECK_BITS))]


def cells_of(number: int) -> NDArray[np.uint8]:
    """The grid for a frame number: 1 where light. Only the top left corner is light."""
    corners = {0, CELLS - 1, CELLS * (CELLS - 1), CELLS * CELLS - 1}
    grid = np.zeros(CELLS * CELLS, np.uint8)
    grid[[place for place in range(CELLS * CELLS) if place not in corners]] = bits_of(number)
    grid[0] = 1
    return grid.reshape(CELLS, CELLS)


def color_at(seconds: float) -> tuple[int, int]:
    """The two colour-difference values (U, V) of the frame at a time: a slow round trip every 2 s."""
    turn = 2 * math.pi * seconds / 2.0
    return round(128 + 50 * math.cos(turn)), round(128 + 50 * math.sin(turn))


def picture(number: int, width: int, height: int, seconds: float, depth: int = 8) -> bytes:
    """One raw 4:2:0 frame, planar."""
    rows = np.arange(height) * CELLS // height
    columns = np.arange(width) * CELLS // width
    luma = np.where(cells_of(number)[np.ix_(rows, columns)] == 1, LIGHT, DARK)
    u, v = color_at(seconds)
    half = ((height + 1) // 2, (width + 1) // 2)
    planes = [luma, np.full(half, u), np.full(half, v)]
    kind = np.uint8 if depth == 8 else np.dtype("<u2")
    return b"".join((plane.astype(kind) << (depth - 8)).astype(kind).tobytes() for plane in planes)


def chirp(recipe: Recipe, track: int) -> NDArray[np.int16]:
    """The samples of one sound track, frames by channels."""
    count = round(recipe.seconds * recipe.sample_rate)
    time = np.arange(count) / recipe.sample_rate + track * TRACK_SHIFT_S
    pitch = CHIRP_LOW_HZ + CHIRP_HZ_PER_S * (time % CHIRP_PERIOD_S)
    phase = np.cumsum(2 * np.pi * pitch / recipe.sample_rate)
    wave_form = (np.sin(phase) * 12000).astype("<i2")
    return np.repeat(wave_form[:, None], recipe.channels, axis=1)


class Maker:
    """Makes clips with ffmpeg and keeps them in a folder."""

    def __init__(self, ffmpeg: Path, folder: Path) -> None:
        self.ffmpeg = ffmpeg
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def make(self, recipe: Recipe) -> Path:
        """The clip's path; made only the first time."""
        path = self.folder / f"{recipe.key}.{recipe.container}"
        if not path.exists():
            with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
                made = self._encode(recipe, Path(scratch))
                # Another run may have made it meanwhile, and a browser is reading it: that one stays.
                with contextlib.suppress(FileExistsError):
                    path.hardlink_to(made)
        return path

    def _encode(self, recipe: Recipe, scratch: Path) -> Path:
        out = scratch / f"made.{recipe.container}"
        argv = [*_inputs(recipe, scratch), *_outputs(recipe), "-y", str(out)]
        self.run(argv, _frames(recipe) if recipe.video else iter(()))
        if not (recipe.rotation or recipe.delay_video_s or recipe.delay_audio_s):
            return out
        # A turn given while encoding is applied to the pictures; given while copying it becomes a mark.
        marked = scratch / f"marked.{recipe.container}"
        turn = ["-display_rotation:v", str(-recipe.rotation)] if recipe.rotation else []
        pictures = [*turn, *_late(recipe.delay_video_s), "-i", str(out)]
        sounds = [*_late(recipe.delay_audio_s), "-i", str(out)]
        self.run(
            [*pictures, *sounds, "-map", "0:v", "-map", "1:a?", "-map", "1:s?", "-c", "copy", str(marked)]
        )
        return marked

    def run(self, argv: list[str], feed: Iterable[bytes] = ()) -> None:
        """Run ffmpeg, feeding its standard input; fails loudly."""
        command = [str(self.ffmpeg), "-hide_banner", "-loglevel", "error", "-nostdin", *argv]
        # The log goes to a file: a pipe that nobody reads while we feed could fill up and lock both.
        with tempfile.TemporaryFile() as log:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=log)
            assert process.stdin is not None
            try:
                for chunk in feed:
                    process.stdin.write(chunk)
                process.stdin.close()
            except BrokenPipeError:
                pass
            if process.wait(timeout=120) != 0:
                log.seek(0)
                raise RuntimeError(
                    f"ffmpeg failed: {' '.join(command)}\n{log.read().decode(errors='replace')}"
                )


def _frames(recipe: Recipe) -> Iterator[bytes]:
    width, height = recipe.size
    for number in range(recipe.frame_count):
        yield picture(number, width, height, float(number / Fraction(recipe.rate)), recipe.depth)


def _inputs(recipe: Recipe, scratch: Path) -> list[str]:
    argv: list[str] = []
    if recipe.video:
        width, height = recipe.size
        pixels = "yuv420p" if recipe.depth == 8 else "yuv420p10le"
        argv += [
            "-f",
            "rawvideo",
            "-pix_fmt",
            pixels,
            "-s",
            f"{width}x{height}",
            "-r",
            recipe.rate,
            "-i",
            "pipe:0",
        ]
    for track in range(len(recipe.audio)):
        sound = scratch / f"{track}.wav"
        with wave.open(str(sound), "wb") as file:
            file.setparams((recipe.channels, 2, recipe.sample_rate, 0, "NONE", ""))
            file.writeframes(chirp(recipe, track).tobytes())
        argv += ["-i", str(sound)]
    if recipe.subtitles:
        (scratch / "text.srt").write_text(_srt(recipe), "utf-8")
        argv += ["-i", str(scratch / "text.srt")]
    if recipe.chapters:
        (scratch / "chapters.txt").write_text(_chapters(recipe), "utf-8")
        argv += ["-f", "ffmetadata", "-i", str(scratch / "chapters.txt")]
    return argv


def _late(seconds: float) -> list[str]:
    return ["-itsoffset", str(seconds)] if seconds else []


def _outputs(recipe: Recipe) -> list[str]:
    argv = [*_video_options(recipe)] if recipe.video else []
    streams = (1 if recipe.video else 0) + len(recipe.audio) + (1 if recipe.subtitles else 0)
    argv = [*(word for stream in range(streams) for word in ("-map", str(stream))), *argv]
    for track, codec in enumerate(recipe.audio):
        name, *options = _ENCODERS[codec]
        argv += [f"-c:a:{track}", name, *(word.replace(":a", f":a:{track}") for word in options)]
    for track, language in enumerate(recipe.languages):
        argv += [f"-metadata:s:{track}", f"language={language}"]
    if recipe.subtitles:
        argv += ["-c:s", _SUBTITLES[recipe.container]]
    if recipe.chapters:
        argv += ["-map_metadata", str(streams), "-map_chapters", str(streams)]
    if recipe.title:
        argv += ["-metadata", f"title={recipe.title}"]
    return [*argv, *recipe.flags]


def _video_options(recipe: Recipe) -> list[str]:
    assert recipe.video
    argv = [*_ENCODERS[recipe.video], "-g", str(recipe.gop)]
    filters = []
    if recipe.vfr:
        # Every third frame stays longer, every seventh is early: nothing a constant rate could explain.
        filters.append(f"setpts='(N+0.45*(mod(N,3))-0.3*eq(mod(N,7),0)+0.3)/({recipe.rate})/TB'")
        argv += ["-fps_mode", "passthrough", "-enc_time_base", "1/90000"]
    if recipe.color:
        words = ("color_primaries", "color_trc", "colorspace")
        filters.append("setparams=range=tv:" + ":".join(f"{word}={recipe.color}" for word in words))
    if recipe.pixel_aspect != "1/1":
        filters.append(f"setsar={recipe.pixel_aspect}")
    if filters:
        argv += ["-vf", ",".join(filters)]
    closed = 0 if recipe.open_gop else 1
    if recipe.video == "h264":
        argv += [
            "-bf",
            str(recipe.bframes),
            "-x264-params",
            f"keyint={recipe.gop}:scenecut=0:open-gop={1 - closed}",
        ]
    elif recipe.video == "hevc":
        argv += [
            "-x265-params",
            f"keyint={recipe.gop}:min-keyint={recipe.gop}:scenecut=0:bframes={recipe.bframes}:"
            f"open-gop={1 - closed}:log-level=error",
        ]
        argv += ["-tag:v", "hvc1"] if recipe.container in ("mp4", "mov") else []
    elif recipe.video in ("mpeg4", "mpeg2"):
        argv += [
            "-bf",
            str(recipe.bframes),
            *(["-flags", "+cgop"] if closed else []),
            "-sc_threshold",
            "1000000000",
        ]
    return argv


def _clock(seconds: float) -> str:
    return f"00:00:{seconds:06.3f}".replace(".", ",")


def _srt(recipe: Recipe) -> str:
    """One line per half second, which names its start in milliseconds."""
    starts = [half / 2 for half in range(int(recipe.seconds * 2))]
    return "".join(
        f"{row + 1}\n{_clock(at)} --> {_clock(at + 0.4)}\nline {round(at * 1000)}\n\n"
        for row, at in enumerate(starts)
    )


def _chapters(recipe: Recipe) -> str:
    end = round(recipe.seconds * 1000)
    rows = [(0, end // 2, "One & <two>"), (end // 2, end, "Zwei")]
    return ";FFMETADATA1\n" + "".join(
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={start}\nEND={stop}\ntitle={title}\n"
        for start, stop, title in rows
    )
