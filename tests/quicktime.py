"""mp4 and mov files as MP4Box.js reads them: what it complains of, every track's samples, when they are shown."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from tests.equipment import ROOT, tool

SCRIPT = ROOT / "tests" / "mp4box.mjs"


@dataclass(frozen=True)
class Sample:
    """One sample of a track: its times in ticks of the track, and a hash of its bytes."""

    dts: int
    cts: int
    duration: int
    key: bool
    size: int
    bytes: int
    holds: str


@dataclass(frozen=True)
class Edit:
    """One entry of an edit list: how long, in ticks of the movie; from where, in ticks of the track (-1: nothing)."""

    segment_duration: int
    media_time: int
    media_rate_integer: int
    media_rate_fraction: int


@dataclass(frozen=True)
class Track:
    """One track; `promised` is how many samples its header counts, `movie_scale` how many ticks a second its edits."""

    kind: str
    codec: str
    language: str
    timescale: int
    promised: int
    edits: list[Edit]
    samples: list[Sample]
    movie_scale: int

    def shown(self) -> list[tuple[Fraction, Sample]]:
        """The samples that the edit list lets be seen, all without one, and when, in seconds, in that order."""
        if not self.edits:
            return sorted(
                ((Fraction(sample.cts, self.timescale), sample) for sample in self.samples),
                key=lambda one: one[0],
            )
        found = []
        at = Fraction(0)
        for edit in self.edits:
            assert (edit.media_rate_integer, edit.media_rate_fraction) == (1, 0)
            length = Fraction(edit.segment_duration, self.movie_scale)
            end = edit.media_time + length * self.timescale
            if edit.media_time >= 0:
                found += [
                    (at + Fraction(sample.cts - edit.media_time, self.timescale), sample)
                    for sample in self.samples
                    if edit.media_time < sample.cts + sample.duration and sample.cts < end
                ]
            at += length
        return sorted(found, key=lambda one: one[0])

    @property
    def ends(self) -> Fraction:
        """When the edit list ends, in seconds, or, without one, the last sample."""
        if not self.edits:
            return Fraction(max(sample.cts + sample.duration for sample in self.samples), self.timescale)
        return sum((Fraction(edit.segment_duration, self.movie_scale) for edit in self.edits), Fraction(0))


@dataclass(frozen=True)
class Movie:
    """What MP4Box.js made of a file."""

    complaints: list[str]
    tracks: list[Track]


def read(path: Path) -> Movie:
    """Let MP4Box.js read a file to its end."""
    ran = subprocess.run(
        [tool("node"), SCRIPT, path], check=False, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    tracks = []
    for track in told["tracks"]:
        edits = [Edit(**edit) for edit in track.pop("edits")]
        samples = [Sample(**sample) for sample in track.pop("samples")]
        tracks.append(Track(**track, edits=edits, samples=samples, movie_scale=told["timescale"]))
    return Movie(told["complaints"], tracks)
