"""What bench ``core`` times, wherever it runs: pure Python over the wheel, printed as JSON of milliseconds.

``main(runs)`` gives the samples of each case; the same file runs in CPython and in Pyodide.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from fractions import Fraction

import msgspec

from clipwright.capabilities import Capabilities
from clipwright.effects.checking import check
from clipwright.effects.definition import Context
from clipwright.effects.registry import EFFECTS, build
from clipwright.filters.graph import File
from clipwright.media import AudioTrack, Media, MediaInfo, Source, VideoTrack
from clipwright.plan.compose import compose
from clipwright.plan.order import Composition
from clipwright.plan.presets import Export
from clipwright.project.document import Clip, Document, Effect, Footage, Output, Track, Transition
from clipwright.project.timeline import positions
from clipwright.project.validation import validate

SECOND = 1_000_000
MOST_RUNS = 50


def film(count: int, shift_us: int = 0) -> Document:
    """So many clips, each with an effect, every other joined to the next; of other moments with each `shift_us`."""
    clips = []
    joined = []
    at = 0
    for number in range(count):
        if number % 2:
            at -= SECOND // 4
            joined.append(
                Transition(
                    before=f"c{number - 1}", after=f"c{number}", name="wipeleft", duration_us=SECOND // 4
                )
            )
        clips.append(
            Clip(
                id=f"c{number}",
                start_us=at,
                end_us=at + SECOND,
                source="a",
                source_start_us=shift_us + number * 1000,
                source_end_us=shift_us + number * 1000 + SECOND,
                effects=(Effect(name="blur"),),
            )
        )
        at += SECOND
    return Document(
        name="bench",
        sources=(Footage(id="a", media="id", duration_us=3600 * SECOND),),
        tracks=(Track(id="v", kind="video", clips=tuple(clips), transitions=tuple(joined)),),
        output=Output(width=1280, height=720, frame_rate="25"),
    )


def slowest_filter(runs: int) -> list[float]:
    """The slowest effect of all: its parameters read, its filters built and printed."""
    context = Context(
        width=320,
        height=180,
        frame_rate=Fraction(25),
        sample_rate=48_000,
        channels=2,
        duration_us=10 * SECOND,
        font=File("font.ttf"),
        fonts=File("fonts"),
        files=_Any(),
    )

    def one(name: str) -> None:
        made = build(name, EFFECTS[name].example, context)
        for part in (made.video, made.audio):
            if part is not None and not getattr(part, "inputs", ()):
                part.text()

    return max((timed(lambda name=name: one(name), runs) for name in EFFECTS), key=sorted)  # type: ignore[misc]


class _Any(dict[str, File]):
    """Has every source."""

    def __contains__(self, _name: object) -> bool:
        return True

    def __missing__(self, name: str) -> File:
        return File("any.cube" if name.startswith("lut") else "any.srt")


def planned(count: int) -> Callable[[], object]:
    """Validating and composing so many clips, of other moments each time, as nothing may be remembered of them."""
    tracks = (
        VideoTrack(
            index=0, codec="h264", time_base="1/12800", start_us=0, width=1280, height=720, frame_rate="25"
        ),
        AudioTrack(index=1, codec="aac", time_base="1/48000", start_us=0, channels=2, sample_rate=48_000),
    )
    info = MediaInfo(container="mp4", duration_us=3600 * SECOND, tracks=tracks)
    media = Media(source=Source(id="id", name="a.mp4", size=10**9), info=info, reader="media")
    composition = Composition(
        document=film(1),
        files={"a": media},
        export=Export(copy=False),
        caps=Capabilities(engines=("ffmpeg",), encode={"ffmpeg": ("h264", "aac")}),
        engine="ffmpeg",
        output="r",
    )

    shifts = itertools.count()
    films = [film(count, 1_000_000 * next(shifts)) for _ in range(MOST_RUNS)]
    turns = itertools.cycle(films)

    def work() -> object:
        document = next(turns)
        if validate(document, check):
            raise RuntimeError("The bench's document is not valid.")
        return compose(msgspec.structs.replace(composition, document=document))

    return work


def timed(work: Callable[[], object], runs: int) -> list[float]:
    """Milliseconds of each of so many runs, after one that does not count."""
    work()
    samples = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        samples.append((time.perf_counter() - started) * 1000)
    return samples


def main(runs: int) -> str:
    """The samples of every case, by its name."""
    hundred, thousands = film(100), film(10_000)
    return json.dumps(
        {
            "the slowest filter of all built": slowest_filter(runs),
            "positions of 100 clips": timed(lambda: positions(hundred.tracks[0]), runs),
            "positions of 10 000 clips": timed(lambda: positions(thousands.tracks[0]), runs),
            "a document of 100 clips planned": timed(planned(100), runs),
        }
    )
