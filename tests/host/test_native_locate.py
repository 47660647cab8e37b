"""Where a span can be cut, against the same question answered from all packets of the file."""

from __future__ import annotations

import asyncio
import dataclasses
import subprocess
import threading
import time
from pathlib import Path

import av
import pytest
from smart import Workshop, looking, point_of
from stand_in import JOB

from clipwright.description import describe
from clipwright.errors import Cancelled
from clipwright.media import CutPoint, Span
from clipwright.native import locate, probe
from clipwright.native import rows as remembered
from tests.clips import Recipe
from tests.equipment import tool
from tests.reading import microseconds

PLAIN = Recipe(seconds=5, gop=20, bframes=3, audio=())
RECIPES = {
    "mp4": PLAIN,
    "no B-frames": dataclasses.replace(PLAIN, bframes=0),
    "open GOP": dataclasses.replace(PLAIN, open_gop=True),
    "uneven": dataclasses.replace(PLAIN, vfr=True),
    "late": dataclasses.replace(PLAIN, delay_video_s=0.7, audio=("aac",)),
    "mov": dataclasses.replace(PLAIN, container="mov", rate="30000/1001"),
    "mkv": dataclasses.replace(PLAIN, container="mkv", audio=("aac",)),
    "ts": dataclasses.replace(PLAIN, container="ts", audio=("aac",)),
    "open ts": dataclasses.replace(PLAIN, container="ts", open_gop=True),
    "hevc": dataclasses.replace(PLAIN, video="hevc"),
    "open hevc": dataclasses.replace(PLAIN, video="hevc", open_gop=True),
    "open hevc ts": dataclasses.replace(PLAIN, video="hevc", open_gop=True, container="ts"),
    "vp8": dataclasses.replace(PLAIN, video="vp8", container="webm"),
    "vp9": dataclasses.replace(PLAIN, video="vp9", container="webm"),
    "av1": dataclasses.replace(PLAIN, video="av1"),
    "mpeg2": dataclasses.replace(PLAIN, video="mpeg2", container="ts", open_gop=True),
}
SPANS = (
    (0.0, 5.0),
    (0.41, 3.03),
    (0.8, 2.4),
    (1.31, 1.45),
    (2.05, 4.999),
    (3.19, 3.21),
    (1.5, 9.0),
    (4.7, 4.9),
)


def clean(codec: str, packet: av.Packet, annex_b: bool) -> bool:
    """Whether a key frame is an IDR (H.264) or one that refers to nothing before it (HEVC)."""
    if codec not in ("h264", "hevc"):
        return packet.is_keyframe
    data = bytes(packet)
    if not annex_b:
        rebuilt, at = b"", 0
        while at < len(data):
            size = int.from_bytes(data[at : at + 4])
            rebuilt += b"\0\0\1" + data[at + 4 : at + 4 + size]
            at += 4 + size
        data = rebuilt
    heads = [unit[0] for unit in data.split(b"\0\0\1")[1:]]
    kinds = {head & 31 for head in heads} if codec == "h264" else {head >> 1 & 63 for head in heads}
    return packet.is_keyframe and bool(kinds & ({5} if codec == "h264" else set(range(16, 22))))


def rows(path: Path) -> list[tuple[int, bool, bool, int]]:
    """(time, key, clean, end) of every packet in decoding order."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        annex_b = container.format.name == "mpegts"
        return [
            (
                microseconds(packet.pts, packet.time_base),
                packet.is_keyframe,
                clean(stream.codec_context.codec.canonical_name, packet, annex_b),
                microseconds(packet.pts + (packet.duration or 0), packet.time_base),
            )
            for packet in container.demux(stream)
            if packet.pts is not None
        ]


def expected(path: Path, span: Span) -> CutPoint:
    """The contract of CutPoint, word for word, by looking at everything."""
    found = rows(path)
    shown = sorted(row[0] for row in found)
    first = next(at for at in shown if at >= span.start)
    keys = [row[0] for row in found if row[1]]
    starts = [row[0] for row in found if row[2] and first <= row[0] < span.end]
    inside = [at for at in shown if first <= at < span.end]
    common = {
        "first_frame": first,
        "key_frame": max(key for key in keys if key <= first),
        "next_key_frame": min((key for key in keys if key >= span.start), default=None),
    }
    if first >= span.end:
        return CutPoint(**common)
    # In mp4 and mov a packet lasts until the next one is decoded: that tells of the last one in both orders only.
    told = path.suffix not in (".mp4", ".mov") or max(found) == found[-1]
    ended = max(found)[3] if told and max(found)[3] > shown[-1] else None
    common["next_frame"] = min((at for at in shown if at >= span.end), default=ended and min(ended, span.end))
    order = [row[0] for row in found]
    begin = order.index(starts[0]) if starts else 0
    order = [at for at in order[begin:] if not starts or at >= starts[0]]
    ranked = sorted(order)
    closed = [
        (ranked[cut], cut)
        for cut in range(len(order))
        if all(at < ranked[cut] for at in order[:cut]) and all(at >= ranked[cut] for at in order[cut:])
    ]
    wanted = sum(at < span.end for at in order)
    whole = wanted == len(order) or any(cut == wanted for _, cut in closed)
    last = max(row[3] for row in found)
    after = span.end if whole else min((at for at, _ in closed if at >= span.end), default=last)
    if not starts:
        return CutPoint(**common, closed_end=after, head_frames=len(inside))
    before = span.end if whole else max(at for at, _ in closed if at < span.end)
    return CutPoint(
        **common,
        clean_frame=starts[0],
        clean_end=before,
        closed_end=after,
        head_frames=sum(at < starts[0] for at in inside),
        tail_frames=sum(before <= at for at in inside),
    )


@pytest.mark.parametrize("name", RECIPES)
def test_every_field_is_what_looking_at_everything_tells(make, name):
    path = make(RECIPES[name])
    start = describe(probe.look(path)).video[0].start_us
    for begin, end in SPANS:
        span = Span(start + round(begin * 1_000_000), start + round(end * 1_000_000))
        assert point_of(path, span) == expected(path, span), (begin, end)


def test_open_groups_have_one_clean_frame_in_h264_and_many_in_hevc(make):
    """What the recipes are for: else the comparison above would compare nothing."""
    assert sum(row[2] for row in rows(make(RECIPES["open GOP"]))) == 1
    assert sum(row[1] for row in rows(make(RECIPES["open GOP"]))) == 7
    found = rows(make(RECIPES["open hevc"]))
    assert sum(row[2] for row in found) == 7
    order = [row[0] for row in found]
    assert order != sorted(order)


def test_hidden_frames_are_no_place_to_start(make, tmp_path):
    """The edit list hides the first ten frames: their key frame is where decoding starts, and no more."""
    path = tmp_path / "hidden.mp4"
    command = [tool("ffmpeg"), "-v", "error", "-ss", "0.4", "-i", make(PLAIN), "-c", "copy", path]
    subprocess.run(command, check=True)
    found = point_of(path, Span(0, 2_000_000))
    assert found.first_frame == 0
    assert found.key_frame == -400_000
    assert (found.clean_frame, found.head_frames) == (400_000, 10)


def test_only_the_edges_are_read(make, monkeypatch):
    """A cut in the middle of a file reads neither its beginning nor its end nor what lies between the edges."""
    path = make(dataclasses.replace(PLAIN, seconds=60, gop=25, size=(64, 36)))
    asked: list[int] = []
    real = locate._Source._row

    def counted(self, packet, time):
        asked.append(time)
        return real(self, packet, time)

    monkeypatch.setattr(locate._Source, "_row", counted)
    found = point_of(path, Span(10_500_000, 50_500_000))
    assert (found.clean_frame, found.head_frames) == (11_000_000, 12)
    assert found.tail_frames < 5
    assert len(asked) < 150


def many(start: int) -> list[Span]:
    """Spans that overlap, repeat themselves, touch and lie far apart, in no order."""
    edges = [
        (start + at, start + at + length)
        for at in range(0, 4_800_000, 370_000)
        for length in (90_000, 1_200_000)
    ]
    spans = [Span(*edge) for edge in edges]
    return [*spans[1::2], *spans[::2][::-1], spans[0], Span(start, start + 9_000_000), Span(start, start + 1)]


@pytest.mark.parametrize("name", RECIPES)
def test_many_spans_are_answered_as_each_alone(make, name):
    path = make(RECIPES[name])
    spans = many(describe(probe.look(path)).video[0].start_us)
    found = locate.locate(path, 0, spans, threading.Event())
    assert found == tuple(point_of(path, span) for span in spans)


def test_little_memory_changes_no_answer(make, monkeypatch):
    path = make(RECIPES["open hevc ts"])
    spans = many(describe(probe.look(path)).video[0].start_us)
    found = locate.locate(path, 0, spans, threading.Event())
    monkeypatch.setattr(remembered, "_KEPT", 10)
    assert locate.locate(path, 0, spans, threading.Event()) == found


@pytest.mark.parametrize("container", ["mp4", "mkv", "ts"])
def test_many_spans_open_the_file_once_and_read_it_once(make, monkeypatch, container):
    path = make(dataclasses.replace(PLAIN, seconds=60, gop=25, size=(64, 36), container=container))
    opened: list[Path] = []
    asked: list[int] = []
    really_opened, really = locate.opened, locate._Source._row

    def opening(path, head):
        opened.append(path)
        return really_opened(path, head)

    def counted(self, packet, time):
        asked.append(time)
        return really(self, packet, time)

    monkeypatch.setattr(locate, "opened", opening)
    monkeypatch.setattr(locate._Source, "_row", counted)
    spans = [Span(at, at + 150_000) for at in range(2_000_000, 58_000_000, 200_000)]
    locate.locate(path, 0, spans, threading.Event())
    assert opened == [path]
    assert len(asked) < 60 * 25 * 1.1


def test_a_long_search_can_be_stopped(make):
    path = make(dataclasses.replace(PLAIN, seconds=60, gop=25, size=(64, 36)))
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(Cancelled):
        locate.locate(path, 0, [Span(0, 1_000_000)], stopped)


def test_cancelling_ends_the_thread_that_searches(make, tmp_path, monkeypatch):
    workshop = Workshop(tmp_path)
    media = workshop.open(make(dataclasses.replace(PLAIN, seconds=60, gop=25, size=(64, 36))))
    begun = threading.Event()
    really = locate._Source._row

    def slow(self, packet, at):
        begun.set()
        time.sleep(0.01)
        return really(self, packet, at)

    monkeypatch.setattr(locate._Source, "_row", slow)

    async def search() -> float:
        spans = [Span(at, at + 500_000) for at in range(0, 50_000_000, 100_000)]
        task = asyncio.ensure_future(workshop.engine.locate(media, 0, spans, JOB))
        while not begun.is_set():
            await asyncio.sleep(0.01)
        asked = time.monotonic()
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        return time.monotonic() - asked

    assert asyncio.run(search()) < 1
    assert looking() == []
