"""What a right clip looks like, stated once: which frames, which sound, how well aligned, which packets."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import reading
from tests.clips import CHIRP_PERIOD_S

SYNC_US = 25_000
"""Sound may be this far from where it was relative to the picture: about one packet of AAC."""
TICK_US = 1_100
"""Matroska and WebM count whole milliseconds, and so do their copies."""
SOUND_LENGTH_US = 60_000
"""Sound ends on a packet boundary: two packets of MP3."""


@dataclass(frozen=True)
class Wanted:
    """A cut of a source on the person's clock, and the file's own time at the person's 0:00."""

    source: Path
    start_us: int
    end_us: int
    origin_us: int

    @property
    def shots(self) -> list[reading.Shot]:
        """The source's frames in ``[start, end)``."""
        first, last = self.start_us + self.origin_us, self.end_us + self.origin_us
        return [shot for shot in shots_of(self.source) if first <= shot.pts_us < last]


@functools.cache
def shots_of(path: Path) -> list[reading.Shot]:
    """The frames of a source, decoded once per session."""
    return reading.shots(path)


@functools.cache
def sound_offset_of(path: Path, track: int) -> int:
    """Where the sound of a source stands against its clock, measured once per session."""
    return reading.sound_offset_us(path, track)


def assert_frames(wanted: Wanted, clip: Path) -> int:
    """The clip presents the wanted frames, all of them and no other, evenly shifted and not turned.

    Gives how far the picture moved: source time - clip time, in microseconds.
    """
    right, found = wanted.shots, reading.shots(clip)
    assert [shot.number for shot in found] == [shot.number for shot in right], told(right, found)
    shifts = [ours.pts_us - theirs.pts_us for ours, theirs in zip(right, found, strict=True)]
    assert max(shifts) - min(shifts) <= 2 * TICK_US, f"frames moved against one another: {told(right, found)}"
    assert {shot.turn for shot in found} == {shot.turn for shot in right}, "the picture was turned"
    assert 0 <= found[0].pts_us <= 2 * TICK_US, f"the clip starts with nothing for {found[0].pts_us} µs"
    return shifts[len(shifts) // 2]


def told(right: list[reading.Shot], found: list[reading.Shot]) -> str:
    """Both rows of frames, to be read by a person."""

    def row(shots: list[reading.Shot]) -> str:
        ends = [*shots[:4], *shots[-4:]] if len(shots) > 8 else shots
        return f"{len(shots)} frames: " + " ".join(f"{shot.number}@{shot.pts_us}" for shot in ends)

    return f"\n  wanted {row(right)}\n  found  {row(found)}"


def assert_sound(
    wanted: Wanted, clip: Path, moved_us: int, tracks: tuple[int, ...] = (0,), slack_us: int = 0
) -> None:
    """Each sound track moved as far as the picture did; `tracks` are the source's tracks, in the clip's order."""
    for place, track in enumerate(tracks):
        period = round(CHIRP_PERIOD_S * 1_000_000)
        before = sound_offset_of(wanted.source, track)
        after = reading.sound_offset_us(clip, place, chirp_track=track)
        error = (after - before - moved_us + period // 2) % period - period // 2
        assert abs(error) <= SYNC_US + slack_us, f"sound track {place} is {error / 1000:.1f} ms off"


def assert_sound_length(wanted: Wanted, clip: Path, slack_us: int = 0) -> None:
    """The sound is as long as the cut, and starts with it."""
    start, end = reading.sound_span_us(clip)
    asked = wanted.end_us - wanted.start_us
    assert abs(end - start - asked) <= SOUND_LENGTH_US + slack_us, (
        f"{end - start} µs of sound for a cut of {asked} µs"
    )


def key_frame_us(wanted: Wanted) -> int:
    """The last key frame that is presented at or before the first wanted frame, in the file's own time."""
    first = wanted.shots[0].pts_us
    return max(at for at in reading.key_frames_us(wanted.source) if at <= first)


def assert_copied(source: Path, clip: Path, kind: str, track: int = 0, place: int = 0) -> int:
    """The clip's packets are an unbroken run of the source's, bit for bit; gives the number of the first."""
    before = reading.packets(source, kind, track)
    after = reading.packets(clip, kind, place)
    assert after, f"no {kind} packets"
    assert after[0] in before, f"the first {kind} packet is not the source's"
    begin = before.index(after[0])
    run = before[begin : begin + len(after)]
    different = sum(one != other for one, other in zip(after, run, strict=False))
    assert after == run, f"{different} of {len(after)} {kind} packets differ from the source's"
    return begin


def assert_same_samples(source: Path, clip: Path, track: int = 0) -> None:
    """Uncompressed sound may be cut into other packets; its bytes are an unbroken run all the same."""
    assert reading.payload(clip, "audio", track) in reading.payload(source, "audio", track)


def assert_report(clip: Any, request: dict[str, Any], engine: str, mode: str) -> None:
    """The report says what can be seen in the file."""
    report = clip.report
    assert report["engine"] == engine
    assert report["mode"] == mode
    assert report["size"] == clip.path.stat().st_size
    assert report["container"] == request.get("container", report["container"])
    assert len(reading.stream_kinds(clip.path)) >= len(report["copied"]) + len(report["encoded"])
    assert not set(report["copied"]) & set(report["dropped"])
    assert bool(report["encoded"]) == (mode == "exact")
