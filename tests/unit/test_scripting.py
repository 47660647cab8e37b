"""The API of scripts over an engine and a desk made of plain functions: what they ask for, and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

import msgspec
import pytest
from test_api import INFO, FakeEngine, finish

import clipwright as cw
from clipwright import scripting
from clipwright.media import Source
from clipwright.messages import ClipResult
from clipwright.segments import Segment


class FakeMaking:
    def __init__(self, engine: FakeEngine, kept: list[str]) -> None:
        self.engine = engine
        self._kept = kept

    def keep(self, results: Sequence[ClipResult]) -> list[str]:
        names = [result.report.name for result in results]
        self._kept.extend(names)
        return names


class FakeDesk:
    """Knows every name as a file; what ends with a slash is a folder."""

    def __init__(self) -> None:
        self.engine = FakeEngine()
        self.kept: list[str] = []
        self.files = 0

    def register(self, file: object) -> Source:
        self.files += 1
        return Source(id=f"f{self.files}", name=str(file), size=1_000_000)

    def name(self, to: object) -> str | None:
        return None if to is None or str(to).endswith("/") else str(to)

    @asynccontextmanager
    async def making(self, to: object) -> AsyncIterator[FakeMaking]:
        yield FakeMaking(self.engine, self.kept)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDesk]:
    monkeypatch.setattr(scripting._Seat, "desk", None)
    made = FakeDesk()
    scripting.sit_at(made)
    return made


@pytest.fixture
def talk(desk: FakeDesk) -> cw.Opened:
    return finish(cw.open("talk.mp4"))


def test_the_package_gives_the_api_and_nothing_else() -> None:
    for name in cw.__all__:
        assert getattr(cw, name) is getattr(scripting, name)
    with pytest.raises(AttributeError, match="fly"):
        cw.fly  # type: ignore[attr-defined]  # noqa: B018  # that is the test


def test_an_open_file_tells_what_it_is(talk: cw.Opened) -> None:
    assert (talk.name, talk.duration_us, talk.info) == ("talk.mp4", 60_000_000, INFO)
    assert repr(talk) == "<talk.mp4: mp4, 60 s>"


def test_a_cut_is_planned_and_made(desk: FakeDesk, talk: cw.Opened) -> None:
    cut = talk.cut("0:10", "0:20", mode="exact", container="mkv")
    plan = finish(cut.plan())
    assert (plan.mode, plan.container, plan.span.start, plan.span.end) == (
        "exact",
        "mkv",
        10_000_000,
        20_000_000,
    )
    assert desk.kept == []
    saved = finish(cut.save())
    assert desk.kept == [saved.output] == [saved.report.name]
    assert saved.report.mode == "exact"


@pytest.mark.parametrize(
    ("cut", "span"),
    [
        (lambda media: media.cut(), (0, 60)),
        (lambda media: media.cut(10), (10, 60)),
        (lambda media: media.cut(10, duration="0:05"), (10, 15)),
        (lambda media: media.cut("-10", 55.5), (50, 55.5)),
    ],
)
def test_times_are_what_people_write(talk: cw.Opened, cut, span) -> None:
    asked = finish(cut(talk).plan()).request_span
    assert (asked.start / 1e6, asked.end / 1e6) == span


@pytest.mark.parametrize(
    "segments",
    [
        ["10-20=a", "30..40"],
        [(10, 20, "a"), ("30", "0:40")],
        cw.read_segments("10,20,a\n30,40"),
        [Segment(start_us=10_000_000, end_us=20_000_000, label="a"), "30+10"],
        (segment for segment in [(10, 20, "a"), (30, 40)]),
    ],
)
def test_segments_may_be_written_in_every_way(talk: cw.Opened, segments) -> None:
    plans = finish(talk.cuts(segments).plan())
    assert [plan.request_span.start for plan in plans] == [10_000_000, 30_000_000]
    assert [plan.request_span.end for plan in plans] == [20_000_000, 40_000_000]
    assert [plan.name for plan in plans] == ["talk_01_00-10_a.mp4", "talk_02_00-30.mp4"]


def test_a_batch_is_saved_in_order(desk: FakeDesk, talk: cw.Opened) -> None:
    parts = finish(talk.segments("count", 3))
    saved = finish(talk.cuts(parts, name="{n}").save("folder/"))
    assert [one.output for one in saved] == desk.kept == ["1.mp4", "2.mp4", "3.mp4"]


def test_a_list_is_the_whole_file_unless_one_is_given(talk: cw.Opened) -> None:
    assert finish(talk.segments()) == (Segment(start_us=0, end_us=60_000_000),)
    assert finish(talk.segments("check", segments=[])) == ()
    assert len(finish(talk.segments("split", 20))) == 2


def test_what_is_taken_out_is_missing(talk: cw.Opened) -> None:
    plan = finish(talk.without(["10-20", "15-30"]).plan())
    assert [(one.request_span.start, one.request_span.end) for one in plan.segments] == [
        (0, 10_000_000),
        (30_000_000, 60_000_000),
    ]
    assert "segments_merged" in {note.code for note in plan.notes}
    assert len(finish(talk.without("10-20").plan()).segments) == 2


def test_cuts_and_files_are_joined_in_order(desk: FakeDesk, talk: cw.Opened) -> None:
    other = finish(cw.open("other.mp4"))
    joined = cw.join([other.cut(10, 20), talk, other.cut(1, 2), talk.without("10-50")], mode="exact")
    plan = finish(joined.plan("whole.mkv"))
    assert (plan.mode, plan.container) == ("exact", "mkv")
    assert [file.name for file in joined.files] == ["other.mp4", "talk.mp4"]
    spans = [(one.source, one.request_span.start, one.request_span.end) for one in plan.segments]
    seconds = [(source, start / 1e6, end / 1e6) for source, start, end in spans]
    assert seconds == [("f2", 10, 20), ("f1", 0, 60), ("f2", 1, 2), ("f1", 0, 10), ("f1", 50, 60)]
    assert finish(joined.save("whole.mkv")).report.container == "mkv"


def test_tracks_and_chapters_have_a_short_form(talk: cw.Opened) -> None:
    plan = finish(talk.cut(tracks=[1], chapters=[("0:10", "Ten")], container="m4a").plan())
    assert [track.index for track in plan.tracks if track.action != "drop"] == [1]
    whole = talk.cut(tracks=[{"track": 1, "language": "deu"}], chapters=[{"start": 5, "title": "Five"}])
    assert whole.request.tracks is not None and whole.request.tracks[0].language == "deu"
    assert whole.request.chapters is not None and whole.request.chapters[0].title == "Five"


def test_progress_is_for_who_asked(desk: FakeDesk, talk: cw.Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = []

    async def run(plan, job):
        jobs.append(job)
        return await FakeEngine.run(desk.engine, plan, job)

    monkeypatch.setattr(desk.engine, "run", run)
    finish(talk.cut(1, 2).save(progress=print))
    finish(talk.cut(1, 2).save())
    assert jobs[0].on_progress is not None
    assert jobs[1].on_progress is None
    assert jobs[0].id != jobs[1].id


@pytest.mark.parametrize(
    ("ask", "path", "says"),
    [
        (lambda media: media.cut(mood="exact"), "$.request", "mood"),
        (lambda media: media.cut(mode="fast"), "$.request.mode", "fast"),
        (lambda media: finish(media.cut("soon").plan()), "$.request.segments[0].start", "soon"),
        (lambda media: finish(media.cut(20, 10).plan()), "$.request.segments[0]", ""),
        (lambda media: media.cuts([5]), "$.request.segments", "5"),
        (lambda media: finish(media.cuts([]).plan()), "$.request.segments", "no segment"),
        (lambda media: finish(media.cuts(["1-2", "3-4"]).save("one.mp4")), "$.output", "2 results"),
        (lambda media: finish(media.cut().plan("clip.avi")), "$.output", "format"),
        (lambda media: finish(media.cut(container="mp4").save("clip.mkv")), "$.output", "mkv"),
        (lambda media: finish(media.segments("split", "99:00")), "$.value", ""),
        (lambda media: media.without("start..end").parts(), "$.request.segments", "left"),
        (lambda media: cw.join([]), "$.request.segments", "join"),
        (lambda media: cw.join(["talk.mp4"]), "$.request.segments", "'talk.mp4' cannot be joined"),
        (lambda media: cw.join([media.cuts(["1-2", "3-4"])]), "$.request.segments", "cannot be joined"),
        (lambda media: media.cut([1]), "$.request.segments[0].start", "array"),
        (lambda media: media.cut(1, label=5), "$.request.segments[0].label", "int"),
        (lambda media: finish(media.cut(float("nan")).plan()), "$.request.segments[0].start", "nan"),
        (lambda media: media.cuts(5), "$.request.segments", "5 is no segment"),
        (lambda media: media.cuts([(1, None, "a"), ({}, 2)]), "$.request.segments.start", "object"),
        (lambda media: media.cut(tracks=1), "$.request.tracks", "int"),
        (lambda media: media.cut(chapters=[("0:10",)]), "$.request.chapters[0]", ""),
        (lambda media: finish(media.segments("halve")), "$.action", "halve"),
        (lambda media: cw.join([media.cut(mode="exact")]), "$.request", "of its own"),
        (lambda media: cw.read_segments("a,b,c,d"), "$.request.segments", "list"),
    ],
)
def test_nonsense_is_a_bad_request(desk: FakeDesk, talk: cw.Opened, ask, path: str, says: str) -> None:
    with pytest.raises(cw.BadRequest) as caught:
        ask(talk)
    assert says in caught.value.message
    assert caught.value.path.startswith(path)
    assert desk.kept == []


def test_a_closed_file_is_forgotten(desk: FakeDesk, talk: cw.Opened) -> None:
    finish(talk.close())
    assert desk.engine.closed == [talk.media.source.id]


def test_a_result_can_be_written_down(talk: cw.Opened) -> None:
    saved = finish(talk.cut(1, 2).save())
    assert msgspec.json.decode(msgspec.json.encode(saved), type=cw.Saved) == saved
