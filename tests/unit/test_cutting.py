"""From a request for several segments to what is made of it, over an engine that only remembers."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import msgspec
import pytest

from clipwright import cutting
from clipwright.capabilities import Capabilities
from clipwright.engine import Job, Output
from clipwright.errors import BadRequest, CapabilityError, ClipwrightError, EngineError
from clipwright.media import (
    AudioTrack,
    Chapter,
    CutPoint,
    DataTrack,
    Media,
    MediaInfo,
    Reader,
    Source,
    Span,
    SubtitleTrack,
    VideoTrack,
)
from clipwright.messages import EditSegments, ReadSegments
from clipwright.plan.request import ChapterRequest, ClipRequest, CutRequest, SegmentRequest, TrackRequest
from clipwright.plan.steps import Assemble, Convert, Plan, RunFfmpeg, Verified
from clipwright.segments import Segment

T = TypeVar("T")
S = 1_000_000
GOP = 2 * S
FRAME = 40_000
CAPS = Capabilities(engines=("media", "ffmpeg"), encode={"media": ("h264", "aac"), "ffmpeg": ("h264", "aac")})
JOB = Job(id="j")


def media(
    name: str = "a.mp4", *, width: int = 640, codec: str = "h264", chapters: tuple[Chapter, ...] = ()
) -> Media:
    return Media(
        source=Source(id=name[0], name=name, size=60_000_000),
        info=MediaInfo(
            container="mp4",
            duration_us=60 * S,
            chapters=chapters,
            tracks=(
                VideoTrack(
                    index=0, codec=codec, codec_string="avc1.64001f", time_base="1/12800", start_us=0, width=width,
                    height=360, frame_rate="25/1", bitrate=2_000_000, bit_depth=8,
                ),
                AudioTrack(
                    index=1, codec="aac", time_base="1/48000", start_us=0, channels=2, sample_rate=48_000,
                    bitrate=128_000,
                ),
            ),
        ),
        reader="media",
        decodable=(0, 1),
    )  # fmt: skip


class Remembering:
    """Key frames every two seconds, 25 pictures a second, two of them decoded behind later ones."""

    capabilities = CAPS

    def __init__(
        self, failures: list[ClipwrightError] | None = None, verdicts: list[Verified] | None = None
    ) -> None:
        self.failures = failures or []
        self.verdicts = verdicts or []
        self.plans: list[Plan] = []
        self.jobs: list[Job] = []
        self.asked: list[tuple[str, int, tuple[Span, ...]]] = []

    async def probe(self, source: Source, reader: Reader, job: Job) -> Media:
        raise NotImplementedError

    async def locate(self, media: Media, track: int, spans: Sequence[Span], job: Job) -> tuple[CutPoint, ...]:
        self.asked.append((media.source.id, track, tuple(spans)))
        return tuple(map(self.point, spans))

    def point(self, span: Span) -> CutPoint:
        first = -(-span.start // FRAME) * FRAME
        clean = -(-first // GOP) * GOP
        found = CutPoint(
            first_frame=first,
            key_frame=first // GOP * GOP,
            next_key_frame=clean,
            next_frame=-(-span.end // FRAME) * FRAME,
        )
        if clean >= span.end:
            return msgspec.structs.replace(found, head_frames=(span.end - first) // FRAME)
        tail = 0 if span.end % GOP == 0 else 2
        return msgspec.structs.replace(
            found,
            clean_frame=clean,
            clean_end=span.end - tail * FRAME,
            closed_end=span.end + tail * FRAME // 2,
            head_frames=(clean - first) // FRAME,
            tail_frames=tail,
        )

    async def run(self, plan: Plan, job: Job) -> Output:
        self.plans.append(plan)
        self.jobs.append(job)
        if self.failures:
            raise self.failures.pop(0)
        return Output(
            id=plan.output,
            size=1000,
            verified=self.verdicts.pop(0) if self.verdicts and plan.checks else None,
        )

    async def close(self, source: Source) -> None:
        pass


def finish(work: Coroutine[Any, Any, T]) -> T:
    try:
        work.send(None)
    except StopIteration as ended:
        return ended.value  # type: ignore[no-any-return]  # what the coroutine returned
    raise AssertionError("it waits for something")


def segments(*spans: tuple[float, float]) -> tuple[SegmentRequest, ...]:
    return tuple(SegmentRequest(start=start, end=end) for start, end in spans)


def assembled(plan: Plan) -> Assemble:
    return next(step for step in plan.steps if isinstance(step, Assemble))


def test_off_a_key_frame_auto_encodes_the_edges_only() -> None:
    plan = finish(cutting.plan_clip(Remembering(), media(), ClipRequest(start=3, end=9), JOB))
    assert plan.mode == "smart"
    edges = [step.span for step in plan.steps if isinstance(step, Convert)]
    assert edges == [Span(3 * S, 4 * S), Span(9 * S - 80_000, 9 * S)]
    picture, sound = assembled(plan).tracks
    assert [(piece.source, piece.span, piece.at) for piece in picture.pieces] == [
        (plan.steps[0].output, Span(0, S), 0),
        ("a", Span(4 * S, 9 * S - 80_000), S),
        (plan.steps[1].output, Span(0, 80_000), 6 * S - 80_000),
    ]
    assert [(piece.source, piece.span, piece.at) for piece in sound.pieces] == [("a", Span(3 * S, 9 * S), 0)]
    (segment,) = plan.segments
    assert (segment.mode, segment.encoded_frames, segment.copied_us) == ("smart", 27, 5 * S - 80_000)
    assert segment.copied_bytes > segment.encoded_bytes > 0


def test_on_a_key_frame_nothing_is_encoded() -> None:
    plan = finish(cutting.plan_clip(Remembering(), media(), ClipRequest(start=4, end=8), JOB))
    assert (plan.mode, [type(step) for step in plan.steps]) == ("lossless", [Assemble])
    smart = finish(cutting.plan_clip(Remembering(), media(), ClipRequest(start=4, end=8, mode="smart"), JOB))
    assert [type(step) for step in smart.steps] == [Assemble]
    assert smart.segments[0].encoded_frames == 0


def test_a_container_without_edit_lists_gets_its_last_frames_encoded() -> None:
    request = ClipRequest(start=4, end=9, container="mkv")
    plan = finish(cutting.plan_clip(Remembering(), media(), request, JOB))
    assert (plan.mode, plan.segments[0].encoded_frames) == ("smart", 2)


def test_a_clip_without_a_key_frame_keeps_its_sound_unless_it_is_long() -> None:
    class Sparse(Remembering):
        def point(self, span: Span) -> CutPoint:
            return CutPoint(
                first_frame=span.start,
                key_frame=0,
                next_key_frame=None,
                head_frames=(span.end - span.start) // FRAME,
            )

    plan = finish(cutting.plan_clip(Sparse(), media(), ClipRequest(start=3, end=8), JOB))
    assert (plan.mode, plan.segments[0].encoded_frames) == ("smart", 125)
    assert [track.action for track in plan.tracks] == ["smart", "copy"]
    assert "no key frame" in next(note.text for note in plan.notes if note.code == "smart_cut")
    plan = finish(cutting.plan_clip(Sparse(), media(), ClipRequest(start=3, end=23), JOB))
    assert plan.mode == "exact"


def test_every_joint_is_checked_unless_nobody_wants_that() -> None:
    plan = finish(cutting.plan_clip(Remembering(), media(), ClipRequest(start=3, end=9), JOB))
    spans = [check.span for check in plan.checks]
    around = FRAME * 5 // 2
    assert spans == [
        Span(3 * S, 3 * S + around), Span(4 * S - around, 4 * S + around), Span(9 * S - 2 * FRAME - around, 9 * S)
    ]  # fmt: skip
    assert [check.at for check in plan.checks] == [span.start - 3 * S for span in spans]
    silent = ClipRequest(start=3, end=9, verify=False)
    assert finish(cutting.plan_clip(Remembering(), media(), silent, JOB)).checks == ()


@pytest.mark.parametrize(
    ("track", "why"),
    [({"codec": "mpeg4"}, "not cut smartly"), ({"bit_depth": 10}, "8 bits"), ({"width": 641}, "641×360"),
     ({"codec_string": "avc1.7a001f"}, "profile")],
)  # fmt: skip
def test_where_smart_is_impossible_the_plan_says_why_and_encodes_all(track: dict[str, Any], why: str) -> None:
    plain = media()
    changed = msgspec.structs.replace(plain.info.tracks[0], **track)
    odd = msgspec.structs.replace(
        plain, info=msgspec.structs.replace(plain.info, tracks=(changed, plain.info.tracks[1]))
    )
    plan = finish(cutting.plan_clip(Remembering(), odd, ClipRequest(start=3, end=9), JOB))
    assert plan.mode == "exact"
    assert why in next(note.text for note in plan.notes if note.code == "not_smart")
    assert why in plan.segments[0].why


def test_separate_results_are_named_apart_and_share_the_progress() -> None:
    engine = Remembering()
    request = CutRequest(segments=segments((4, 8), (10, 14)))
    result = finish(cutting.run_cut(engine, (media(),), request, JOB))
    assert [one.report.name for one in result.results] == ["a_01_00-04.mp4", "a_02_00-10.mp4"]
    assert [one.output for one in result.results] == ["a-cut0", "a-cut1"]
    assert [job.share for job in engine.jobs] == [Span(0, S // 2), Span(S // 2, S)]


def test_a_joined_result_has_its_segments_one_behind_the_other() -> None:
    request = CutRequest(segments=segments((10, 14), (4, 8)), join=True)
    (plan,) = finish(cutting.plan_cut(Remembering(), (media(),), request, JOB)).plans
    assert [(s.span, s.at) for s in plan.segments] == [(Span(10 * S, 14 * S), 0), (Span(4 * S, 8 * S), 4 * S)]
    assert (plan.mode, assembled(plan).duration_us, plan.name) == ("lossless", 8 * S, "a_joined.mp4")


def test_a_segment_before_a_joint_lasts_as_long_as_its_last_frame() -> None:
    request = CutRequest(segments=segments((4, 8.01), (10, 12.01)), join=True)
    (plan,) = finish(cutting.plan_cut(Remembering(), (media(),), request, JOB)).plans
    assert [(s.span, s.at) for s in plan.segments] == [
        (Span(4 * S, 8_040_000), 0), (Span(10 * S, 12_010_000), 4_040_000)
    ]  # fmt: skip
    assert [check.at + check.span.end - check.span.start for check in plan.checks][-1] == 6_050_000


def test_segments_that_touch_are_joined_without_a_joint() -> None:
    request = CutRequest(segments=segments((3, 5), (5, 9)), join=True)
    found = finish(cutting.plan_cut(Remembering(), (media(),), request, JOB))
    assert [note.code for note in found.notes] == ["segments_merged"]
    assert [s.request_span for s in found.plans[0].segments] == [Span(3 * S, 9 * S)]


def test_what_is_removed_leaves_the_rest() -> None:
    request = CutRequest(segments=segments((50, 70), (10, 20), (15, 30)), action="remove", join=True)
    (plan,) = finish(cutting.plan_cut(Remembering(), (media(),), request, JOB)).plans
    assert [s.request_span for s in plan.segments] == [Span(0, 10 * S), Span(30 * S, 50 * S)]


def test_a_second_file_that_differs_is_encoded_to_match() -> None:
    files = (media(), media("b.mp4", width=320))
    request = CutRequest(segments=(SegmentRequest(), SegmentRequest(source=1)), join=True)
    (plan,) = finish(cutting.plan_cut(Remembering(), files, request, JOB)).plans
    assert [s.mode for s in plan.segments] == ["smart", "exact"]
    (part,) = [step for step in plan.steps if isinstance(step, Convert)]
    assert (part.source, part.tracks[0].width, part.tracks[0].height) == ("b", 640, 360)
    assert "320×360 instead of 640×360" in next(n.text for n in plan.notes if n.code == "sources_differ")
    alike = (media(), media("b.mp4"))
    (plan,) = finish(cutting.plan_cut(Remembering(), alike, request, JOB)).plans
    assert not [step for step in plan.steps if isinstance(step, Convert)]


@pytest.mark.parametrize(
    ("request_", "path", "words"),
    [
        (CutRequest(segments=()), "$.request.segments", "no segment"),
        (CutRequest(segments=segments((1, 2), (5, 5))), "$.request.segments[1].end", "Segment 2"),
        (CutRequest(segments=segments((9, 2))), "$.request.segments[0].end", "Segment 1"),
        (CutRequest(segments=segments((61, 62))), "$.request.segments[0].start", "1 min long"),
        (CutRequest(segments=(SegmentRequest(source=3),)), "$.request.segments[0].source", "file number 3"),
        (CutRequest(segments=segments((0, 60)), action="remove"), "$.request.segments", "Nothing would be left"),
        (CutRequest(segments=segments((1, 2)), name="{x}"), "$.request.name", "{x}"),
        (CutRequest(tracks=(TrackRequest(track=7),)), "$.request.tracks[0]", "no track 7"),
        (CutRequest(chapters=(ChapterRequest(start=5, title="x"), ChapterRequest(start=4, title="y"))),
         "$.request.chapters[0].start", "Chapter 1"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_at_its_place(request_: CutRequest, path: str, words: str) -> None:
    with pytest.raises(BadRequest) as refused:
        finish(cutting.plan_cut(Remembering(), (media(),), request_, JOB))
    assert refused.value.path == path
    assert words in refused.value.message


def test_no_file_at_all_is_refused() -> None:
    with pytest.raises(BadRequest, match="no file"):
        finish(cutting.plan_cut(Remembering(), (), CutRequest(), JOB))


@pytest.mark.parametrize("error", [CapabilityError("It cannot."), EngineError("It failed.")])
def test_a_smart_cut_that_fails_becomes_an_exact_one(error: ClipwrightError) -> None:
    engine = Remembering(failures=[error])
    report = finish(cutting.run_clip(engine, media(), ClipRequest(start=3, end=9), JOB)).report
    assert [plan.mode for plan in engine.plans] == ["smart", "exact"]
    assert (report.mode, report.engine, report.replanned_from) == ("exact", "media", "media")
    assert error.message in next(note.text for note in report.notes if note.code == "replanned")


def test_a_result_that_does_not_match_is_made_again() -> None:
    bad = Verified(ok=False, joints=1, frames=6, detail="a frame is missing")
    engine = Remembering(verdicts=[bad])
    report = finish(cutting.run_clip(engine, media(), ClipRequest(start=3, end=9, mode="smart"), JOB)).report
    assert [plan.mode for plan in engine.plans] == ["smart", "exact"]
    assert "a frame is missing" in next(n.text for n in report.notes if n.code == "verification_failed")
    good = Verified(ok=True, joints=3, frames=17, worst_psnr_db=42.0)
    report = finish(
        cutting.run_clip(Remembering(verdicts=[good]), media(), ClipRequest(start=3, end=9), JOB)
    ).report
    assert (report.mode, report.verified) == ("smart", good)


def test_a_result_that_does_not_match_and_cannot_be_encoded_is_refused() -> None:
    engine = Remembering(verdicts=[Verified(ok=False, joints=1, frames=6, detail="a frame is missing")])
    unreadable = msgspec.structs.replace(media(), decodable=())
    request = ClipRequest(start=4, end=8, engine="media")
    with pytest.raises(EngineError, match="did not match") as refused:
        finish(cutting.run_clip(engine, unreadable, request, JOB))
    assert refused.value.detail == "a frame is missing"


def test_chapters_are_trimmed_and_moved_with_what_is_kept() -> None:
    chapters = (
        Chapter(start_us=0, end_us=5 * S, title="one"),
        Chapter(start_us=5 * S, end_us=60 * S, title="two"),
    )
    request = CutRequest(segments=segments((4, 8), (20, 22)), join=True)
    (plan,) = finish(cutting.plan_cut(Remembering(), (media(chapters=chapters),), request, JOB)).plans
    assert assembled(plan).metadata.chapters == (
        Chapter(start_us=0, end_us=S, title="one"), Chapter(start_us=S, end_us=6 * S, title="two")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("chapters", "missed"), [((Chapter(start_us=0, end_us=60 * S, title="one"),), []), ((), [2])]
)
def test_only_data_that_is_lost_is_missed(chapters: tuple[Chapter, ...], missed: list[int]) -> None:
    """QuickTime names chapters in a track; the result tells them in its own way."""
    file = media(chapters=chapters)
    texts = DataTrack(index=2, codec="bin_data", time_base="1/1000", start_us=0)
    file = msgspec.structs.replace(
        file, info=msgspec.structs.replace(file.info, tracks=(*file.info.tracks, texts))
    )
    plan = finish(cutting.plan_clip(Remembering(), file, ClipRequest(start=4, end=8), JOB))
    assert [note.track for note in plan.notes if note.code == "track_dropped"] == missed


def test_tags_and_tracks_are_edited_without_encoding() -> None:
    request = ClipRequest(
        tags={"title": "New", "comment": None},
        tracks=(TrackRequest(track=1, language="deu"), TrackRequest(track=0, rotation=90)),
    )
    plan = finish(cutting.plan_clip(Remembering(), media(), request, JOB))
    (step,) = plan.steps
    assert isinstance(step, Assemble)
    assert step.metadata.tags == {"title": "New"}
    assert [(t.kind, t.language, t.rotation) for t in step.tracks] == [
        ("audio", "deu", None),
        ("video", None, 90),
    ]


def test_a_whole_track_can_be_taken_out() -> None:
    request = ClipRequest(tracks=(TrackRequest(track=1),), container="m4a")
    plan = finish(cutting.plan_clip(Remembering(), media(), request, JOB))
    assert (plan.mode, [type(step) for step in plan.steps]) == ("lossless", [Assemble])


def subtitles(name: str = "c.srt") -> Media:
    track = SubtitleTrack(index=0, codec="subrip", time_base="1/1000", start_us=0)
    info = MediaInfo(container="srt", duration_us=50 * S, tracks=(track,))
    return Media(source=Source(id="c", name=name, size=100), info=info, reader="ffmpeg")


def test_sound_and_subtitles_of_other_files_can_be_added() -> None:
    files = (media(), media("b.mp4"), subtitles())
    tracks = (
        TrackRequest(track=0),
        TrackRequest(source=1, track=1, language="deu"),
        TrackRequest(source=2, track=0),
    )
    request = CutRequest(segments=segments((3, 9)), tracks=tracks)
    (plan,) = finish(cutting.plan_cut(Remembering(), files, request, JOB)).plans
    assert (plan.engine, plan.mode, [source.id for source in plan.others]) == ("media", "smart", ["b", "c"])
    assert [(t.source, t.index, t.action) for t in plan.tracks] == [
        (0, 0, "smart"), (1, 1, "copy"), (2, 0, "encode")
    ]  # fmt: skip
    sound = assembled(plan).tracks[1]
    assert [(piece.source, piece.span) for piece in sound.pieces] == [("b", Span(3 * S, 9 * S))]
    assert sound.language == "deu"
    added = plan.steps[-1]
    assert isinstance(added, RunFfmpeg)
    assert [mount.id for mount in added.inputs] == [assembled(plan).output, "c"]


def test_foreign_sound_that_does_not_fit_is_encoded_from_its_own_file() -> None:
    other = media("b.mp4")
    opus = msgspec.structs.replace(other.info.tracks[1], codec="vorbis")
    other = msgspec.structs.replace(
        other, info=msgspec.structs.replace(other.info, tracks=(other.info.tracks[0], opus))
    )
    request = CutRequest(
        segments=segments((3, 9)), tracks=(TrackRequest(track=0), TrackRequest(source=1, track=1))
    )
    (plan,) = finish(cutting.plan_cut(Remembering(), (media(), other), request, JOB)).plans
    (part,) = [step for step in plan.steps if isinstance(step, Convert) and step.source == "b"]
    assert ([track.index for track in part.tracks], part.span) == ([1], Span(3 * S, 9 * S))


def edited(action: Any, value: Any = None, *spans: tuple[float, float]) -> list[tuple[int, int]]:
    message = EditSegments(media=media(), segments=segments(*spans), action=action, value=value)
    found = finish(cutting.edit_segments(Remembering(), message, JOB))
    return [(segment.start_us, segment.end_us) for segment in found.segments]


def test_every_action_on_a_list() -> None:
    assert edited("check", None, (5, 6), (1, 2)) == [(S, 2 * S), (5 * S, 6 * S)]
    assert edited("invert", None, (0, 10)) == [(10 * S, 60 * S)]
    assert edited("shift", "-1.5", (5, 6)) == [(3_500_000, 4_500_000)]
    assert edited("shift", 2, (5, 6)) == [(7 * S, 8 * S)]
    assert edited("align", None, (5, 7)) == [(4 * S, 8 * S)]
    assert edited("split", "0:30") == [(0, 30 * S), (30 * S, 60 * S)]
    assert edited("length", 25) == [(0, 25 * S), (25 * S, 50 * S), (50 * S, 60 * S)]
    assert edited("count", 3) == [(0, 20 * S), (20 * S, 40 * S), (40 * S, 60 * S)]
    assert edited("size", 20_000_000) == [(0, 20 * S), (20 * S, 40 * S), (40 * S, 60 * S)]


@pytest.mark.parametrize(("action", "value"), [("shift", None), ("count", "x"), ("count", 0), ("split", "")])
def test_an_action_without_what_it_needs_is_refused(action: str, value: object) -> None:
    with pytest.raises(BadRequest) as refused:
        edited(action, value, (1, 2))
    assert refused.value.path == "$.value"


def test_a_written_list_is_read_in_its_own_order() -> None:
    text = "start,end,label\n0:05,6.5,later\n50%,,\n1,2,early"
    found = cutting.read_segments(ReadSegments(media=media(), text=text))
    assert found.segments == (
        Segment(start_us=5 * S, end_us=6_500_000, label="later"),
        Segment(start_us=30 * S, end_us=60 * S),
        Segment(start_us=S, end_us=2 * S, label="early"),
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("", "empty"), ("a,b,c,d", "Line 1"), ("soon,later", "soon"), ("2:00,3:00", "only 1 min")],
)
def test_a_written_list_that_makes_no_sense_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(BadRequest, match=complaint) as refused:
        cutting.read_segments(ReadSegments(media=media(), text=text))
    assert refused.value.hint


@pytest.mark.parametrize(("track", "container"), [(0, "mp4"), (1, "m4a")])
def test_sound_by_itself_goes_where_people_expect_it(track: int, container: str) -> None:
    request = ClipRequest(mode="lossless", tracks=(TrackRequest(track=track),))
    plan = finish(cutting.plan_clip(Remembering(), media(), request, JOB))
    assert (plan.container, plan.name[-3:]) == (container, container)


def test_only_what_is_kept_decides_where_and_how_to_cut() -> None:
    """Sound that is taken out by itself needs no key frame, and its own codec must fit, not that of what stays."""
    info = media().info
    opus = AudioTrack(
        index=2,
        codec="opus",
        codec_string="opus",
        time_base="1/48000",
        start_us=0,
        channels=2,
        sample_rate=48000,
    )
    both = msgspec.structs.replace(media(), info=msgspec.structs.replace(info, tracks=(*info.tracks, opus)))
    engine = Remembering()
    request = ClipRequest(start="1", end="2.5", tracks=(TrackRequest(track=2),), container="ogg")
    plan = finish(cutting.plan_clip(engine, both, request, JOB))
    assert (plan.mode, plan.lead_in_us) == ("lossless", 0)
    assert [track.index for track in plan.tracks] == [2]


def test_each_file_is_asked_once_where_it_can_be_cut() -> None:
    engine = Remembering()
    files = (media("a.mp4"), media("b.mp4"))
    asked = [(0, 3, 9), (1, 5, 6), (0, 20, 21), (0, 3, 9), (1, 1, 2)]
    listed = tuple(SegmentRequest(source=number, start=start, end=end) for number, start, end in asked)
    planned = finish(cutting.plan_cut(engine, files, CutRequest(segments=listed), JOB))
    assert engine.asked == [
        ("a", 0, (Span(3 * S, 9 * S), Span(20 * S, 21 * S))),
        ("b", 0, (Span(5 * S, 6 * S), Span(1 * S, 2 * S))),
    ]
    assert [(plan.source.id, plan.request_span) for plan in planned.plans] == [
        ("ab"[number], Span(start * S, end * S)) for number, start, end in asked
    ]


def test_key_frames_around_many_segments_are_asked_for_once() -> None:
    engine = Remembering()
    message = EditSegments(media=media(), segments=segments((3, 9), (9, 14.5), (50, 60)), action="align")
    aligned = finish(cutting.edit_segments(engine, message, JOB))
    assert len(engine.asked) == 1
    assert all(segment.start_us % GOP == 0 for segment in aligned.segments)
