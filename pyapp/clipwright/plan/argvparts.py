"""Words of ffmpeg's argv that several kinds of run share."""

from __future__ import annotations

from fractions import Fraction

from clipwright.media import MediaInfo, VideoTrack

BLIND_US = 10_000_000
"""How far to seek back where no key frame is known."""

INDEXED = frozenset({"mp4", "mov", "m4a", "mkv", "webm", "mp3", "ogg", "wav", "flac"})
"""Containers that tell where their key frames are."""
_MARGIN_US = 1_000_000
"""Containers without an index are sought by bytes or decode time, which can miss the key frame."""

_FINE_TICKS = 10_000
_MOST_TICKS = 1_000_000


def seconds(us: int) -> str:
    """Microseconds as the decimal seconds that FFmpeg reads back without loss: ``1.234567``."""
    sign = "-" if us < 0 else ""
    whole, part = divmod(abs(us), 1_000_000)
    return f"{sign}{whole}.{part:06}"


def seek_margin(info: MediaInfo) -> int:
    """How much before a key frame to seek, in microseconds, so that it is not missed."""
    return 0 if info.container in INDEXED else _MARGIN_US


def shifted_input(info: MediaInfo, zero: int, seek: int, name: str) -> tuple[str, ...]:
    """The input `name`, read from `seek` on, with the file's own time `zero` as its 0 (both in microseconds)."""
    # FLV, asked for what lies at or before its beginning, seeks forward.
    sought = (
        ("-seek_timestamp", "1", "-noaccurate_seek", "-ss", seconds(seek)) if seek > info.start_us else ()
    )
    # Packets of AVI and MPEG program streams have no presentation times of their own.
    return ("-fflags", "+genpts", "-copyts", "-itsoffset", seconds(-zero), *sought, "-i", name)


def exact_pictures(start: int, end: int) -> str:
    """The filters that keep what the file itself presents in ``[start, end)``, counted from `start`.

    They undo the rounding of -itsoffset to ticks, go to whole microseconds, cut there and count from the cut.
    """
    return (
        f"setpts=PTS+round({start}/(1000000*TB)),settb=1/1000000,"
        f"trim=start_pts={start}:end_pts={end},setpts=PTS-{start}"
    )


def ticks(track: VideoTrack) -> int:
    """Ticks per second for the encoder: the track's own, made fine where they are coarse.

    Rounding to the coarse ones of AVI would move the pictures against the sound by half a frame.
    """
    found = Fraction(track.time_base).denominator
    while found < _FINE_TICKS:
        found *= 2
    return found if found <= _MOST_TICKS else 90_000
