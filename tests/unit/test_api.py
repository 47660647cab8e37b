"""The handlers over an engine made of plain functions: planning again, one clip at a time, text in and out."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from typing import Any, TypeVar

import msgspec
import pytest

from clipwright import api
from clipwright.capabilities import Capabilities
from clipwright.engine import Job, Output
from clipwright.errors import (
    CapabilityError,
    ClipwrightError,
    CorruptMedia,
    EngineError,
    ResourceError,
    UnsupportedFormat,
)
from clipwright.media import AudioTrack, CutPoint, Media, MediaInfo, Reader, Source, Span, VideoTrack
from clipwright.plan.request import ClipRequest
from clipwright.plan.steps import Plan

SOURCE = Source(id="f1", name="talk.mp4", size=1_000_000)
INFO = MediaInfo(
    container="mp4",
    duration_us=60_000_000,
    tracks=(
        VideoTrack(
            index=0,
            codec="h264",
            time_base="1/25",
            start_us=0,
            width=640,
            height=360,
            frame_rate="25/1",
            bitrate=800_000,
        ),
        AudioTrack(index=1, codec="aac", time_base="1/48000", start_us=0, channels=2, sample_rate=48_000),
    ),
)
MEDIA = Media(source=SOURCE, info=INFO, reader="media", decodable=(0, 1))
CAPABILITIES = Capabilities(
    engines=("media", "ffmpeg"), encode={"media": ("h264", "aac"), "ffmpeg": ("h264", "aac")}
)
JOB = Job(id="job-1")
EXACT = ClipRequest(start="10", end="20", mode="exact")

Run = Callable[[Plan], Awaitable[int]]
T = TypeVar("T")


def finish(work: Coroutine[Any, Any, T]) -> T:
    """Drive a coroutine to its end without an event loop, which Pyodide under Node cannot run from here."""
    while True:
        try:
            work.send(None)
        except StopIteration as ended:
            return ended.value  # type: ignore[no-any-return]  # what the coroutine returned


class Gate:
    """Something to wait at until it is opened."""

    opened = False

    def __await__(self) -> Generator[None, None, None]:
        while not self.opened:
            yield


async def works(plan: Plan) -> int:
    return 4096


class FakeEngine:
    """Answers from functions; remembers which engines were asked to run."""

    capabilities = CAPABILITIES

    def __init__(self, run: Run = works, unreadable: dict[Reader, ClipwrightError] | None = None) -> None:
        self._run = run
        self._unreadable = unreadable or {}
        self.asked: list[Reader] = []
        self.closed: list[str] = []

    async def probe(self, source: Source, reader: Reader, job: Job) -> Media:
        self.asked.append(reader)
        if reader in self._unreadable:
            raise self._unreadable[reader]
        return msgspec.structs.replace(MEDIA, source=source, reader=reader)

    async def locate(self, media: Media, track: int, spans: Sequence[Span], job: Job) -> tuple[CutPoint, ...]:
        return tuple(
            CutPoint(first_frame=span.start, key_frame=span.start - 500_000, next_key_frame=None)
            for span in spans
        )

    async def text(self, source: Source, job: Job) -> str:
        return ""

    async def run(self, plan: Plan, job: Job) -> Output:
        self.asked.append(plan.engine)
        return Output(id=plan.output, size=await self._run(plan))

    async def close(self, source: Source) -> None:
        self.closed.append(source.id)


def failing(*engines: Reader, error: ClipwrightError) -> Run:
    async def run(plan: Plan) -> int:
        if plan.engine in engines:
            raise error
        return 4096

    return run


@pytest.mark.parametrize("error", [CapabilityError("It cannot."), EngineError("It failed.")])
def test_a_clip_is_planned_once_more_when_the_engine_cannot(error: ClipwrightError) -> None:
    engine = FakeEngine(failing("media", error=error))
    result = finish(api.run_clip(engine, MEDIA, EXACT, JOB))
    assert engine.asked == ["media", "ffmpeg"]
    assert (result.report.engine, result.report.replanned_from) == ("ffmpeg", "media")
    assert next(note.text for note in result.report.notes if note.code == "replanned").endswith(error.message)


def test_the_second_failure_stands() -> None:
    engine = FakeEngine(failing("media", "ffmpeg", error=EngineError("It failed.")))
    with pytest.raises(EngineError):
        finish(api.run_clip(engine, MEDIA, EXACT, JOB))
    assert engine.asked == ["media", "ffmpeg"]


def test_without_another_engine_the_first_error_is_the_answer() -> None:
    engine = FakeEngine(failing("media", error=EngineError("It failed.")))
    request = msgspec.structs.replace(EXACT, engine="media")
    with pytest.raises(EngineError, match="It failed"):
        finish(api.run_clip(engine, MEDIA, request, JOB))
    assert engine.asked == ["media"]


@pytest.mark.parametrize("error", [CorruptMedia("Broken."), ResourceError("Full.")])
def test_what_another_engine_cannot_mend_is_not_tried_again(error: ClipwrightError) -> None:
    engine = FakeEngine(failing("media", error=error))
    with pytest.raises(type(error)):
        finish(api.run_clip(engine, MEDIA, EXACT, JOB))
    assert engine.asked == ["media"]


def test_readers_are_tried_in_turn() -> None:
    engine = FakeEngine(unreadable={"media": CapabilityError("Not mp4.")})
    assert finish(api.open_media(engine, SOURCE, "auto", JOB)).reader == "ffmpeg"


def test_what_nothing_can_read_is_refused_with_every_reason() -> None:
    refusals: dict[Reader, ClipwrightError] = {
        "media": CapabilityError("Not this."),
        "ffmpeg": CapabilityError("Nor that."),
    }
    with pytest.raises(UnsupportedFormat, match=r"talk\.mp4") as caught:
        finish(api.open_media(FakeEngine(unreadable=refusals), SOURCE, "auto", JOB))
    assert caught.value.detail == "Not this.; Nor that."


def test_an_empty_file_needs_no_engine() -> None:
    engine = FakeEngine()
    with pytest.raises(UnsupportedFormat, match="empty"):
        finish(api.open_media(engine, msgspec.structs.replace(SOURCE, size=0), "auto", JOB))
    assert engine.asked == []


def test_the_report_tells_what_became_of_every_track() -> None:
    report = finish(api.run_clip(FakeEngine(), MEDIA, EXACT, JOB)).report
    assert (report.copied, report.encoded, report.dropped) == ((), (0, 1), ())
    assert (report.size, report.mode, report.container) == (4096, "exact", "mp4")


def ask(handler: api.Handler, op: str, **fields: object) -> dict[str, object]:
    text = msgspec.json.encode({"op": op, **fields}).decode()
    return dict(json.loads(finish(handler("job-1", text))))


def error_of(reply: dict[str, object]) -> dict[str, str]:
    assert reply["ok"] is False
    error = reply["error"]
    assert isinstance(error, dict)
    return error


def test_every_message_has_its_handler() -> None:
    engine = FakeEngine()
    handler = api.make_handler(engine)
    assert ask(handler, "open", source=SOURCE)["ok"] is True
    assert ask(handler, "parse_time", text="1:30")["value"]["us"] == 90_000_000  # type: ignore[index]  # JSON
    assert ask(handler, "plan", media=MEDIA, request={})["value"]["mode"] == "exact"  # type: ignore[index]  # JSON
    assert ask(handler, "clip", media=MEDIA, request={})["value"]["output"] == "f1-clip"  # type: ignore[index]  # JSON
    assert len(ask(handler, "effects")["value"]["transitions"]) == 59  # type: ignore[index,arg-type]  # JSON
    assert ask(handler, "close", source=SOURCE) | {"timings": {}} == {
        "ok": True,
        "value": None,
        "timings": {},
    }
    assert engine.closed == ["f1"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", ""),
        ("[]", ""),
        ('{"op": "fly"}', "$.op"),
        ('{"op": "open"}', ""),
        ('{"op": "parse_time", "text": {}}', "$.text"),
        ('{"op": "parse_time", "text": "1:99"}', ""),
        # Deep enough to overflow the stack of a Python that is WebAssembly, which nothing survives.
        ("[" * 100_000, ""),
        ('{"op": "parse_time", "text": ' + "[" * 50_000 + "]" * 50_000 + "}", ""),
        ('{"op": "parse_time", "other": ' + '{"a":' * 50_000 + "1" + "}" * 50_000 + "}", ""),
        ('{"op": "parse_time", "text": "\ud800"}', ""),
    ],
    ids=lambda text: ascii(text[:40]),
)
def test_nonsense_is_a_bad_request(text: str, path: str) -> None:
    error = error_of(json.loads(finish(api.make_handler(FakeEngine())("job-1", text))))
    assert error["code"] == "bad_request"
    assert error["message"]
    assert error["path"].startswith(path)


def test_an_unknown_effect_is_refused_with_the_nearest() -> None:
    handler = api.make_handler(FakeEngine())
    told = ask(handler, "effects", name="blur")["value"]
    assert [one["name"] for one in told["effects"]] == ["blur"]  # type: ignore[index]  # JSON
    error = error_of(ask(handler, "effects", name="blurr"))
    assert (error["code"], error["path"]) == ("bad_request", "$.name")
    assert "blur" in error["hint"]


def test_a_second_clip_is_refused_and_the_first_goes_on() -> None:
    gate = Gate()

    async def slow(plan: Plan) -> int:
        await gate
        return 1

    handler = api.make_handler(FakeEngine(slow))
    text = msgspec.json.encode({"op": "clip", "media": MEDIA, "request": {}}).decode()
    running = handler("job-1", text)
    running.send(None)
    second = json.loads(finish(handler("job-2", text)))
    gate.opened = True
    first = json.loads(finish(running))
    third = json.loads(finish(handler("job-3", text)))
    assert first["ok"] is True
    assert error_of(second)["code"] == "resource"
    assert third["ok"] is True
