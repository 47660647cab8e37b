"""What a result that is put together must prove: each frame, its time to a tick, its picture, whose bytes it is."""

from __future__ import annotations

import functools
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median

from tests import hearing, reading
from tests.clips import CHIRP_PERIOD_S
from tests.equipment import tool
from tests.judging import SYNC_US, TICK_US, Wanted, sound_offset_of

LIKE_DB = 38.0
"""A frame that was encoded again must be at least this like the source's."""
MICROSECOND = Fraction(1, 1_000_000)
JOINT_US = 100_000
"""Around a joint the pitch jumps, so that no single moment can be told there."""
DECODER_US = 60_000
"""After a joint a decoder has to find its way again; windows of 20 ms may reach into that."""


@dataclass(frozen=True)
class Shown:
    """A frame that the result has to show: when, which, how it looks, and the source's packet for it."""

    at: Fraction
    number: int | None
    picture: reading.Picture
    packet: str | None


@functools.cache
def _pictures(source: Path) -> list[reading.Picture]:
    return reading.pictures(source)


@functools.cache
def _packets(source: Path) -> dict[Fraction, str]:
    return {packet.at: packet.holds for packet in reading.shown_packets(source)}


def expected(cuts: Sequence[Wanted]) -> list[Shown]:
    """What a result of these cuts, one behind the other, has to show.

    A cut lasts from its first frame to its end, and the first frame of the result is at 0.
    """
    shown: list[Shown] = []
    begins = Fraction(0)
    for cut in cuts:
        start, end = ((us + cut.origin_us) * MICROSECOND for us in (cut.start_us, cut.end_us))
        # Times are compared as the project counts them, in whole microseconds.
        inside = [p for p in _pictures(cut.source) if start <= round(p.at / MICROSECOND) * MICROSECOND < end]
        packets = _packets(cut.source)
        first = inside[0].at
        shown += [Shown(p.at - first + begins, p.number, p, packets.get(p.at)) for p in inside]
        begins += end - first
    return shown


def assert_shown(cuts: Sequence[Wanted], clip: Path, like_db: float = LIKE_DB) -> list[bool]:
    """The clip shows just these frames, each within one tick of its time and, by `like_db`, like the source's picture.

    Gives for each frame, in order, whether its packet is the source's, bit for bit.
    """
    right, found = expected(cuts), reading.pictures(clip)
    rows = f"\n  wanted {_row(right)}\n  found  {_row(found)}"
    assert [picture.number for picture in found] == [shown.number for shown in right], rows
    tick = max(reading.time_base(path) for path in (clip, *(cut.source for cut in cuts))) + MICROSECOND
    late = [abs(ours.at - theirs.at) for ours, theirs in zip(found, right, strict=True)]
    assert max(late) <= tick, f"{float(max(late)) * 1e6:.0f} µs off at frame {late.index(max(late))}{rows}"
    held = [packet.holds for packet in reading.shown_packets(clip) if packet.at >= found[0].at]
    copied = []
    for place, (ours, theirs) in enumerate(zip(found, right, strict=True)):
        same = held[place] == theirs.packet
        likeness = reading.psnr_db(ours.samples, theirs.picture.samples)
        wanted = 100.0 if same else like_db
        assert likeness >= wanted, (
            f"frame {place} (number {ours.number}): {likeness:.1f} dB, copied: {same}{rows}"
        )
        copied.append(same)
    return copied


def _row(pictures: Sequence[Shown] | Sequence[reading.Picture]) -> str:
    ends = [*pictures[:4], *pictures[-4:]] if len(pictures) > 8 else pictures
    return f"{len(pictures)} frames: " + " ".join(f"{one.number}@{float(one.at):.6f}" for one in ends)


def assert_edges(copied: Sequence[bool], gop: int) -> tuple[int, int]:
    """Less than a GOP at either end was encoded, nothing else; gives how many frames, at the start and at the end."""
    assert any(copied), "no frame was copied"
    head = list(copied).index(True)
    tail = list(reversed(copied)).index(True)
    assert all(copied[head : len(copied) - tail]), f"frames inside were encoded again: {copied}"
    assert head < gop and tail < gop, f"{head} frames at the start and {tail} at the end were encoded again"
    return head, tail


@functools.cache
def _sound_end(source: Path, track: int) -> int:
    return reading.sound_span_us(source, track)[1]


def assert_sound_follows(
    cuts: Sequence[Wanted], clip: Path, tracks: Sequence[int] = (0,), silent: Sequence[int] = ()
) -> None:
    """Every stretch of sound is the one that belongs to the pictures shown with it.

    Nothing is heard in the cuts whose numbers are in `silent`, the first being 0.
    """
    period = round(CHIRP_PERIOD_S * 1e6)
    for place, track in enumerate(tracks):
        begins = 0
        tones = reading.tones(clip, place, chirp_track=track)
        for number, cut in enumerate(cuts):
            offset = 0 if number in silent else sound_offset_of(cut.source, track)
            first = cut.shots[0].pts_us
            length = cut.end_us + cut.origin_us - first
            inside = [t for t in tones if begins + JOINT_US < t.at_us < begins + length - JOINT_US]
            if number in silent:
                assert not inside, f"something is heard in the part from {begins} µs"
                begins += length
                continue
            moved = first - begins + offset
            wrong = [
                abs((tone.source_us - tone.at_us - moved + period // 2) % period - period // 2)
                for tone in inside
            ]
            # At a joint of packets a decoder starts anew, so one tone may be misread.
            off = median(wrong) if wrong else 0
            assert off <= SYNC_US, (
                f"sound track {place} is {off / 1000:.1f} ms off in the part from {begins} µs"
            )
            reached = min(length, _sound_end(cut.source, track) - first)
            assert inside or reached < 4 * JOINT_US, f"no sound in the part from {begins} µs"
            begins += length


def assert_sound_stays(whole: Wanted, clip: Path, joints_us: Sequence[int]) -> None:
    """The clip sounds as its source does, sample by sample, and nowhere is that off by more than a tick.

    Right behind its start and the joints, in microseconds of the clip, a decoder may start anew.
    """
    heard = hearing.compared(whole.source, clip, whole.shots[0].pts_us)
    assert heard, "nothing is heard"
    strange = [one.at_us for one in heard if one.late_us is None]
    away = [at for at in strange if all(abs(at - joint) > DECODER_US for joint in (0, *joints_us))]
    assert not away, f"what is heard at {away} µs is not the source's"
    off = max(abs(one.late_us) for one in heard if one.late_us is not None)
    assert off <= TICK_US, f"the sound is {off} µs off"


_NOISE = re.compile(r"0x[0-9a-f]+|\d+|\[[a-z0-9_#:/ ,.-]*@ *\]|^\s+", re.IGNORECASE)


@functools.cache
def complaints(path: Path) -> frozenset[str]:
    """What FFmpeg has to say of a file when it decodes all of it, without numbers and addresses."""
    argv = ["-hide_banner", "-nostdin", "-v", "warning", "-i", str(path)]
    # By the file's own clock: on that of the first pictures' rate, two of another rate may fall together.
    clock = ["-fps_mode", "passthrough", "-enc_time_base:v", "demux"]
    mapped = ["-map", "0:v?", "-map", "0:a?", *clock, "-f", "null", "-"]
    run = subprocess.run([str(tool("ffmpeg")), *argv, *mapped], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return frozenset(_NOISE.sub("", line).strip() for line in run.stderr.splitlines() if line.strip())


def assert_silent(clip: Path, *sources: Path) -> None:
    """Decoding the clip gives no warning that decoding the sources does not give."""
    known = frozenset().union(*(complaints(source) for source in sources))
    assert not complaints(clip) - known
