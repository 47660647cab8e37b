"""Reads clips back as a player would show them: which frame when, which moment of the sound when.

Edit lists are honoured (FFmpeg drops what they hide), turns are applied, times are microseconds.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from tests.clips import (
    CELLS,
    CHECK_BITS,
    CHIRP_HZ_PER_S,
    CHIRP_LOW_HZ,
    CHIRP_PERIOD_S,
    TRACK_SHIFT_S,
    bits_of,
)

WINDOW_S = 0.04
"""Length of the stretch of sound whose pitch is measured."""
PLAIN_LUMA = {"yuv420p", "yuvj420p", "yuv422p", "yuv444p"}
"""Formats whose first plane is what a picture looks like in grey."""
_REFORMATTER = VideoReformatter()
"""It keeps what it has set up for the next frame of the same kind."""


@dataclass(frozen=True)
class Shot:
    """One presented frame: when, its number (None: unreadable), and how far clockwise it stands turned."""

    pts_us: int
    number: int | None
    turn: int


@dataclass(frozen=True)
class Tone:
    """A stretch of sound around `at_us` which, in the source, was around `source_us` (modulo the chirp)."""

    at_us: int
    source_us: int


def microseconds(ticks: int, time_base: Fraction) -> int:
    """Ticks as microseconds, halves rounded up, as the project counts them."""
    return int((ticks * time_base * 1_000_000 + Fraction(1, 2)) // 1)


def shots(path: Path, track: int = 0) -> list[Shot]:
    """Every presented frame of a picture track, in order of presentation."""
    with av.open(str(path)) as container:
        stream = container.streams.video[track]
        stream.thread_type = "NONE"
        found = []
        for frame in container.decode(stream):
            luma = _luma(frame)
            # PyAV gives the turn counter-clockwise, as FFmpeg's display matrix has it; rot90 turns that way too.
            upright = np.rot90(luma, round(frame.rotation / 90) % 4)
            number, turn = read_number(upright)
            assert frame.pts is not None and frame.time_base is not None
            found.append(Shot(microseconds(frame.pts, frame.time_base), number, turn))
    return sorted(found, key=lambda shot: shot.pts_us)


@dataclass(frozen=True)
class Picture:
    """One presented frame as it is drawn: when (in seconds, exactly) and its samples as 8 bit 4:2:0, upright or not."""

    at: Fraction
    number: int | None
    samples: NDArray[np.uint8]


def pictures(path: Path, track: int = 0) -> list[Picture]:
    """Every presented frame of a picture track with its samples, in order of presentation."""
    with av.open(str(path)) as container:
        stream = container.streams.video[track]
        stream.thread_type = "NONE"
        found = []
        for frame in container.decode(stream):
            upright = np.rot90(_luma(frame), round(frame.rotation / 90) % 4)
            assert frame.pts is not None and frame.time_base is not None
            samples = _REFORMATTER.reformat(frame, format="yuv420p").to_ndarray()
            found.append(Picture(frame.pts * frame.time_base, read_number(upright)[0], samples))
    return sorted(found, key=lambda picture: picture.at)


def psnr_db(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """How alike two pictures are; 100 for identical ones."""
    error = float(np.mean((one.astype(np.float64) - other) ** 2))
    return min(100.0, 10 * float(np.log10(255**2 / error))) if error else 100.0


def frames(path: Path, track: int = 0) -> list[tuple[int, int | None]]:
    """``[(pts_us, frame number)]`` of every presented frame."""
    return [(shot.pts_us, shot.number) for shot in shots(path, track)]


def numbers(path: Path, track: int = 0) -> list[int | None]:
    """The frame numbers alone."""
    return [shot.number for shot in shots(path, track)]


def read_number(luma: NDArray[np.uint8]) -> tuple[int | None, int]:
    """``(number, clockwise turn)`` of a picture; the number is None where the checksum fails."""
    means = _cell_means(luma)
    light = means > (means.max() + means.min()) / 2
    corners = [light[0, 0], light[0, -1], light[-1, -1], light[-1, 0]]
    if corners.count(True) != 1 or means.max() - means.min() < 40:
        return None, 0
    quarter = corners.index(True)
    flat = np.rot90(light, quarter).reshape(-1).astype(int)
    cells = [
        int(bit)
        for place, bit in enumerate(flat)
        if place not in (0, CELLS - 1, CELLS * (CELLS - 1), CELLS**2 - 1)
    ]
    number = int("".join(map(str, cells)), 2) >> CHECK_BITS
    return (number if bits_of(number) == cells else None), quarter * 90


def _luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    if frame.format.name not in PLAIN_LUMA:
        return _REFORMATTER.reformat(frame, format="gray").to_ndarray()
    plane = frame.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return rows[: frame.height, : frame.width]


def _cell_means(luma: NDArray[np.uint8]) -> NDArray[np.float64]:
    height, width = luma.shape
    bands = np.stack([luma[middle].mean(axis=0) for middle in _middles(height)])
    return np.stack([bands[:, middle].mean(axis=1) for middle in _middles(width)], axis=1)


@functools.cache
def _middles(length: int) -> list[slice]:
    """The middle half of each cell along one side of a picture: the edges are smeared by scaling and coding."""
    begins = [(cell + 0.25) * length / CELLS for cell in range(CELLS)]
    return [slice(int(begin), int(begin + length / CELLS / 2) + 1) for begin in begins]


def samples(path: Path, track: int = 0) -> tuple[int, int, NDArray[np.float64]]:
    """``(start_us, sample rate, mono samples)`` of a sound track as presented; gaps are filled with silence."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[track]
        rate = stream.rate
        parts: list[tuple[int, NDArray[np.float64]]] = []
        for frame in container.decode(stream):
            assert frame.pts is not None and frame.time_base is not None
            at = microseconds(frame.pts, frame.time_base)
            data = frame.to_ndarray().astype(np.float64)
            mono = data.reshape(-1, stream.channels)[:, 0] if not frame.format.is_planar else data[0]
            parts.append((at, mono))
    assert parts, f"{path.name} has a sound track without sound"
    start = parts[0][0]
    whole: list[NDArray[np.float64]] = []
    length = 0
    for at, data in parts:
        gap = round((at - start) * rate / 1_000_000) - length
        # Containers that count milliseconds stamp frames a little early or late; players join them all the same.
        filled = [np.zeros(gap), data] if gap > 0.003 * rate else [data]
        whole += filled
        length += sum(map(len, filled))
    return start, rate, np.concatenate(whole)


def tones(path: Path, track: int = 0, chirp_track: int | None = None) -> list[Tone]:
    """What moment of the source each 20 ms of a sound track comes from; silence and jumps are left out."""
    start, rate, data = samples(path, track)
    length = int(WINDOW_S * rate)
    window = np.hanning(length)
    loudest = np.abs(data).max() or 1.0
    shift = (track if chirp_track is None else chirp_track) * TRACK_SHIFT_S
    found = []
    for begin in range(0, len(data) - length, int(0.02 * rate)):
        part = data[begin : begin + length]
        if np.sqrt(np.mean(part**2)) < 0.3 * loudest:
            continue
        pitch = _pitch(part * window, rate)
        source = ((pitch - CHIRP_LOW_HZ) / CHIRP_HZ_PER_S - shift) % CHIRP_PERIOD_S
        found.append(Tone(start + round((begin + length / 2) * 1_000_000 / rate), round(source * 1_000_000)))
    return found


def _pitch(part: NDArray[np.float64], rate: int) -> float:
    size = 1 << 15
    power = np.abs(np.fft.rfft(part, size))
    # The chirp spreads its energy over a plateau; the middle of that plateau is the pitch in the middle.
    top = int(power.argmax())
    near = slice(max(0, top - 60), top + 61)
    weights = power[near] ** 2
    return float(
        (np.arange(near.start, near.start + len(weights)) * weights).sum() / weights.sum() * rate / size
    )


def sound_offset_us(path: Path, track: int = 0, chirp_track: int | None = None) -> int:
    """Median of (moment in the source - moment in this file) over a sound track, modulo the chirp's period."""
    period = int(CHIRP_PERIOD_S * 1_000_000)
    differences = [(tone.source_us - tone.at_us) % period for tone in tones(path, track, chirp_track)]
    assert differences, f"{path.name}: no sound could be read"
    # A median on a circle: measured around the first value.
    first = differences[0]
    around = sorted((value - first + period // 2) % period - period // 2 for value in differences)
    return (first + around[len(around) // 2]) % period


def sound_span_us(path: Path, track: int = 0) -> tuple[int, int]:
    """Where the presented sound starts and ends."""
    start, rate, data = samples(path, track)
    return start, start + round(len(data) * 1_000_000 / rate)


def packets(path: Path, kind: str, track: int = 0) -> list[str]:
    """A short hash of each packet's payload, in file order."""
    with av.open(str(path)) as container:
        stream = getattr(container.streams, kind)[track]
        return [
            hashlib.sha256(bytes(packet)).hexdigest()[:16]
            for packet in container.demux(stream)
            if packet.size
        ]


@dataclass(frozen=True)
class Packet:
    """One packet of a track: when it is presented, in seconds, and a hash of what it holds."""

    at: Fraction
    holds: str


def shown_packets(path: Path, track: int = 0) -> list[Packet]:
    """The packets of a picture track in order of presentation, those that an edit list hides too.

    H.264 and HEVC are hashed by their NAL units without parameter sets and delimiters, so that the same
    pictures have the same hash whether start codes or lengths stand between them.
    """
    with av.open(str(path)) as container:
        stream = container.streams.video[track]
        config = stream.codec_context.extradata or b""
        codec = stream.codec_context.name
        found = []
        for packet in container.demux(stream):
            if packet.pts is None or not packet.size or packet.time_base is None:
                continue
            data = bytes(packet)
            if codec in ("h264", "hevc"):
                data = b"\0".join(_pictures_of(data, codec, boxed=config[:1] == b"\1"))
            found.append(Packet(packet.pts * packet.time_base, hashlib.sha256(data).hexdigest()[:16]))
    return sorted(found, key=lambda packet: packet.at)


def _pictures_of(data: bytes, codec: str, *, boxed: bool) -> Iterator[bytes]:
    """The NAL units that hold pictures."""
    for unit in _boxed_units(data) if boxed else _coded_units(data):
        kind = unit[0] & 31 if codec == "h264" else (unit[0] >> 1) & 63
        if kind <= 5 if codec == "h264" else kind < 32:
            yield unit


def _boxed_units(data: bytes) -> Iterator[bytes]:
    at = 0
    while at + 4 < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 4 + size]
        at += 4 + size


def _coded_units(data: bytes) -> Iterator[bytes]:
    for unit in data.split(b"\0\0\1")[1:]:
        # The zero before a start code belongs to it; a unit of its own never ends in one.
        yield unit.rstrip(b"\0")


def time_base(path: Path, track: int = 0) -> Fraction:
    """The unit that a picture track counts in, in seconds."""
    with av.open(str(path)) as container:
        return container.streams.video[track].time_base or Fraction(1, 1000)


def sample_count(path: Path, track: int = 0) -> int:
    """How many samples of sound are presented, without what may be missing between them."""
    with av.open(str(path)) as container:
        return sum(frame.samples for frame in container.decode(container.streams.audio[track]))


def payload(path: Path, kind: str, track: int = 0) -> bytes:
    """All packets of a track in a row."""
    with av.open(str(path)) as container:
        stream = getattr(container.streams, kind)[track]
        return b"".join(bytes(packet) for packet in container.demux(stream))


def packet_times_us(path: Path, track: int = 0) -> list[int]:
    """Presentation time of each packet of a picture track, in file order."""
    with av.open(str(path)) as container:
        stream = container.streams.video[track]
        return [
            microseconds(packet.pts, packet.time_base)
            for packet in container.demux(stream)
            if packet.pts is not None and packet.time_base is not None
        ]


def key_frames_us(path: Path, track: int = 0) -> list[int]:
    """Presentation times of the packets that are marked as key frames."""
    with av.open(str(path)) as container:
        stream = container.streams.video[track]
        return sorted(
            microseconds(packet.pts, packet.time_base)
            for packet in container.demux(stream)
            if packet.is_keyframe and packet.pts is not None and packet.time_base is not None
        )


def stream_kinds(path: Path) -> list[tuple[str, str]]:
    """``[(kind, codec)]`` of every stream, in file order."""
    with av.open(str(path)) as container:
        return [
            (stream.type, stream.codec_context.name if stream.codec_context else "")
            for stream in container.streams
        ]


def duration_us(path: Path) -> int:
    """The container's duration, from its own start."""
    with av.open(str(path)) as container:
        return int(container.duration or 0)


def start_us(path: Path) -> int:
    """Where the person's clock starts in a file whose container has no timeline of its own; 0 for others."""
    with av.open(str(path)) as container:
        timeless = container.format.name in ("mpegts", "avi", "flv", "mp3", "ogg", "wav", "flac")
        return int(container.start_time or 0) if timeless else 0


def shape(path: Path) -> float:
    """Width by height as shown: turned and stretched."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frame = next(container.decode(stream))
        wide = frame.width * float(stream.sample_aspect_ratio or 1)
        return float(frame.height / wide if frame.rotation % 180 else wide / frame.height)


def languages(path: Path) -> list[str | None]:
    """The language of every stream, in file order."""
    with av.open(str(path)) as container:
        return [stream.language for stream in container.streams]


def subtitle_lines(path: Path) -> list[tuple[int, str]]:
    """``[(start in ms, text)]`` of the first subtitle track, as its packets say."""
    with av.open(str(path)) as container:
        stream = container.streams.subtitles[0]
        lines = []
        for packet in container.demux(stream):
            if packet.pts is None or not packet.size:
                continue
            # Timed text in MP4 has its length in front.
            raw = bytes(packet)[2:] if stream.codec_context.name == "mov_text" else bytes(packet)
            if text := raw.decode(errors="replace").strip():
                lines.append((microseconds(packet.pts, packet.time_base) // 1000, text))
    return lines


def last_picture_us(path: Path, track: int = 0) -> int:
    """How long the picture that is shown last lasts, as its packet says, in microseconds."""
    with av.open(str(path)) as container:
        stream = container.streams.video[track]
        shown = [packet for packet in container.demux(stream) if packet.size]
        last = max(shown, key=lambda packet: packet.pts or 0)
        return microseconds(last.duration or 0, stream.time_base or Fraction(0))
