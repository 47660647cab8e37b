"""Every message by an example, and that the lists of messages are complete."""

from __future__ import annotations

import inspect
from typing import Any, get_args

import msgspec
import pytest

from clipwright import messages
from clipwright.capabilities import Capabilities
from clipwright.effects.description import effects_info
from clipwright.errors import BY_CODE
from clipwright.media import AudioTrack, Chapter, Media, MediaInfo, Source, Span, VideoTrack
from clipwright.messages import (
    EVENTS,
    REPLIES,
    ApplyAction,
    Attach,
    ClipResult,
    Close,
    CutPlan,
    CutResult,
    EditSegments,
    Effects,
    Made,
    Open,
    ParseTime,
    PlanClip,
    PlanCut,
    PlanRender,
    ReadProject,
    ReadSegments,
    Ready,
    RenderResult,
    Reply,
    Request,
    RunClip,
    RunCut,
    RunRender,
    Segments,
    TimeReading,
)
from clipwright.plan.presets import Export
from clipwright.plan.request import ClipRequest, CutRequest, Project, SegmentRequest
from clipwright.plan.steps import (
    Assemble,
    AssembleTrack,
    Check,
    Convert,
    ConvertTrack,
    Metadata,
    Mount,
    Note,
    Piece,
    Plan,
    Progress,
    Rendering,
    RenderReport,
    Report,
    RunFfmpeg,
    SegmentPlan,
    TrackPlan,
    Verified,
)
from clipwright.project.document import Document, Footage
from clipwright.project.edits import SetName
from clipwright.segments import Segment

SOURCE_JSON = '{"id":"f1","name":"a.mp4","size":5}'
SOURCE = Source(id="f1", name="a.mp4", size=5)
VIDEO_JSON = (
    '{"kind":"video","index":0,"codec":"h264","time_base":"1/12800","start_us":0,"width":64,"height":36,'
    '"frame_rate":"30000/1001"}'
)
AUDIO_JSON = (
    '{"kind":"audio","index":1,"codec":"aac","time_base":"1/48000","start_us":-21333,"channels":2,'
    '"sample_rate":48000}'
)
MEDIA_JSON = (
    f'{{"source":{SOURCE_JSON},"info":{{"container":"mp4","duration_us":9000000,"tracks":[{VIDEO_JSON},{AUDIO_JSON}]}},'
    '"reader":"media","decodable":[0]}'
)
MEDIA = Media(
    source=SOURCE,
    info=MediaInfo(
        container="mp4",
        duration_us=9_000_000,
        tracks=(
            VideoTrack(
                index=0,
                codec="h264",
                time_base="1/12800",
                start_us=0,
                width=64,
                height=36,
                frame_rate="30000/1001",
            ),
            AudioTrack(
                index=1, codec="aac", time_base="1/48000", start_us=-21_333, channels=2, sample_rate=48_000
            ),
        ),
    ),
    reader="media",
    decodable=(0,),
)
FILM_JSON = '{"schema_version":2,"name":"x","sources":[{"id":"a","media":"f1","duration_us":5}]}'
FILM = Document(name="x", sources=(Footage(id="a", media="f1", duration_us=5),))
ASKED = ClipRequest(start="1:30", end=95.5, mode="lossless", container="mp4")

REQUESTS: list[tuple[str, Request]] = [
    (f'{{"op":"open","source":{SOURCE_JSON}}}', Open(source=SOURCE)),
    (f'{{"op":"open","source":{SOURCE_JSON},"reader":"ffmpeg"}}', Open(source=SOURCE, reader="ffmpeg")),
    ('{"op":"parse_time","text":"1:30"}', ParseTime(text="1:30")),
    ('{"op":"parse_time","text":90}', ParseTime(text=90)),
    (
        '{"op":"parse_time","text":"-10f","frame_rate":"30000/1001","duration_us":9000000}',
        ParseTime(text="-10f", frame_rate="30000/1001", duration_us=9_000_000),
    ),
    (f'{{"op":"plan","media":{MEDIA_JSON}}}', PlanClip(media=MEDIA)),
    (
        f'{{"op":"plan","media":{MEDIA_JSON},"request":'
        '{"start":"1:30","end":95.5,"mode":"lossless","container":"mp4"}}',
        PlanClip(media=MEDIA, request=ASKED),
    ),
    (
        f'{{"op":"clip","media":{MEDIA_JSON},"request":{{"duration":"120f","allow_lead_in":true,"name":"x"}}}}',
        RunClip(media=MEDIA, request=ClipRequest(duration="120f", allow_lead_in=True, name="x")),
    ),
    (
        f'{{"op":"plan_cut","media":[{MEDIA_JSON}],"request":{{"segments":[{{"start":1,"duration":"2s"}}],"join":true}}}}',
        PlanCut(
            media=(MEDIA,),
            request=CutRequest(segments=(SegmentRequest(start=1, duration="2s"),), join=True),
        ),
    ),
    (
        f'{{"op":"cut","media":[{MEDIA_JSON}],"request":{{"segments":[{{"end":"0:02","label":"x"}}],"action":"remove"}}}}',
        RunCut(
            media=(MEDIA,),
            request=CutRequest(segments=(SegmentRequest(end="0:02", label="x"),), action="remove"),
        ),
    ),
    (
        f'{{"op":"segments","media":{MEDIA_JSON},"action":"count","value":3}}',
        EditSegments(media=MEDIA, action="count", value=3),
    ),
    (
        f'{{"op":"read_segments","media":{MEDIA_JSON},"text":"1,2,x"}}',
        ReadSegments(media=MEDIA, text="1,2,x"),
    ),
    ('{"op":"effects"}', Effects()),
    ('{"op":"effects","name":"blur"}', Effects(name="blur")),
    (f'{{"op":"attach","source":{SOURCE_JSON}}}', Attach(source=SOURCE)),
    (
        f'{{"op":"apply","document":{FILM_JSON},"action":{{"action":"set_name","name":"x"}}}}',
        ApplyAction(document=FILM, action=SetName(name="x")),
    ),
    ('{"op":"read_project","text":"{}"}', ReadProject(text="{}")),
    (
        f'{{"op":"plan_render","project":{{"document":{FILM_JSON}}}}}',
        PlanRender(project=Project(document=FILM)),
    ),
    (
        f'{{"op":"render","project":{{"document":{FILM_JSON},"media":[{MEDIA_JSON}],"extras":[{SOURCE_JSON}]}},'
        '"export":{"preset":"still","at_us":5}}',
        RunRender(
            project=Project(document=FILM, media=(MEDIA,), extras=(SOURCE,)),
            export=Export(preset="still", at_us=5),
        ),
    ),
    (f'{{"op":"close","source":{SOURCE_JSON}}}', Close(source=SOURCE)),
]

PLAN = Plan(
    source=SOURCE,
    engine="media",
    mode="lossless",
    container="mp4",
    request_span=Span(1_000_000, 2_000_000),
    span=Span(1_000_000, 2_000_000),
    lead_in_us=500_000,
    name="a_clip_00-01_to_00-02.mp4",
    output="f1-clip",
    estimated_bytes=1000,
    tracks=(TrackPlan(index=0, kind="video", action="copy", codec="h264"),),
    notes=(Note(code="lead_in_hidden", text="0.5 s before the in point are kept hidden.", us=500_000),),
    steps=(
        Convert(
            source="f1",
            output="f1-clip",
            container="mp4",
            span=Span(1_000_000, 2_000_000),
            tracks=(ConvertTrack(index=0, codec="avc", bitrate=1000),),
        ),
        Assemble(
            output="f1-clip",
            container="mp4",
            tracks=(
                AssembleTrack(
                    kind="video", pieces=(Piece(source="f1", track=0, span=Span(0, 9), at=0),), rotation=90
                ),
            ),
            duration_us=9,
            metadata=Metadata(tags={"title": "x"}, chapters=(Chapter(start_us=0, end_us=9, title="y"),)),
        ),
        RunFfmpeg(
            inputs=(Mount(id="f1", name="in.mp4"),),
            output=Mount(id="f1-clip", name="out.mp4"),
            argv=("-i", "in.mp4", "out.mp4"),
            duration_us=1_000_000,
        ),
    ),
    checks=(Check(source="f1", track=0, span=Span(0, 9), result_track=0, at=0),),
)
SEGMENT = SegmentPlan(source="f1", request_span=Span(0, 9), span=Span(0, 9), mode="smart", encoded_frames=2)
REPORT = Report(
    engine="media",
    mode="lossless",
    container="mp4",
    name=PLAN.name,
    size=900,
    request_span=PLAN.request_span,
    span=PLAN.span,
    segments=(SEGMENT,),
    verified=Verified(ok=True, joints=2, frames=12, worst_psnr_db=41.5),
    copied=(0,),
    replanned_from="ffmpeg",
)
READING = TimeReading(us=0, hms="00:00:00.000", ms="00:00.000", human="0 s", iso="PT0S", stamp="00-00")
READY = Ready(
    protocol=1,
    version="0.1.0",
    capabilities=Capabilities(engines=("media", "ffmpeg"), encode={"media": ("h264",)}),
    timings={"boot": 12.5},
)
SAID: list[msgspec.Struct] = [
    MEDIA,
    READING,
    PLAN,
    ClipResult(output="f1-clip", report=REPORT),
    CutPlan(plans=(PLAN,), notes=PLAN.notes),
    CutResult(results=(ClipResult(output="f1-cut0", report=REPORT),)),
    Segments(segments=(Segment(start_us=0, end_us=9, label="x"),)),
    effects_info("blur"),
    SOURCE,
    FILM,
    Rendering(
        sources=(SOURCE,),
        engine="native",
        format="gif",
        name="x.gif",
        output="render",
        width=320,
        height=180,
        frame_rate="15",
        duration_us=2_000_000,
        estimated_bytes=500,
        steps=(
            RunFfmpeg(
                inputs=(Mount(id="f1", name="in0"),),
                output=Mount(id="render", name="out0"),
                argv=("-i", "in0", "out0"),
                duration_us=2_000_000,
                assets=(Mount(id="font", name="font.ttf"),),
            ),
        ),
    ),
    RenderResult(
        output="render",
        report=RenderReport(
            engine="native",
            method="composed",
            format="gif",
            name="x.gif",
            size=500,
            width=320,
            height=180,
            frame_rate="15",
            duration_us=2_000_000,
        ),
    ),
    READY,
    Made(output="f1-clip", name="a.mp4", size=900),
    Progress(done=0.5, stage="copy", eta_s=1.5),
]


def decoded(text: str | bytes) -> Request:
    request: Request = msgspec.json.decode(text, type=Request)
    return request


@pytest.mark.parametrize(("text", "request_"), REQUESTS)
def test_a_request_is_read(text: str, request_: Request) -> None:
    assert decoded(text) == request_


@pytest.mark.parametrize("request_", [request for _, request in REQUESTS], ids=lambda r: type(r).__name__)
def test_a_request_survives_the_border(request_: Request) -> None:
    assert decoded(msgspec.json.encode(request_)) == request_


@pytest.mark.parametrize("value", SAID, ids=lambda value: type(value).__name__)
def test_a_reply_or_event_survives_the_border(value: msgspec.Struct) -> None:
    assert msgspec.json.decode(msgspec.json.encode(value), type=type(value)) == value


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"op":"explode"}', "$.op"),
        ('{"op":null}', "$.op"),
        ("{}", "op"),
        ("[]", "array"),
        ('{"op":"parse_time"}', "text"),
        ('{"op":"parse_time","text":true}', "$.text"),
        ('{"op":"parse_time","text":null}', "$.text"),
        ('{"op":"parse_time","text":"1","fps":25}', "fps"),
        ('{"op":"parse_time","text":"1","duration_us":1.5}', "$.duration_us"),
        (f'{{"op":"open","source":{SOURCE_JSON},"reader":"vlc"}}', "$.reader"),
        ('{"op":"open","source":{"id":"f1","name":"a.mp4"}}', "$.source"),
        (f'{{"op":"plan","media":{MEDIA_JSON},"request":{{"begin":"1"}}}}', "$.request"),
        (f'{{"op":"plan","media":{MEDIA_JSON},"request":{{"start":[]}}}}', "$.request.start"),
        (f'{{"op":"clip","media":{MEDIA_JSON},"request":{{"mode":"fast"}}}}', "$.request.mode"),
        (f'{{"op":"clip","media":{MEDIA_JSON},"request":{{"container":"exe"}}}}', "$.request.container"),
    ],
)
def test_a_wrong_request_is_refused_and_the_place_is_named(text: str, place: str) -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        decoded(text)
    assert place in str(refused.value)


@pytest.mark.parametrize("kind", get_args(Request), ids=lambda kind: kind.__name__)
def test_no_request_takes_an_unknown_field(kind: type[Request]) -> None:
    example = next(request for _, request in REQUESTS if type(request) is kind)
    fields: dict[str, Any] = {**msgspec.to_builtins(example), "unheard_of": 1}
    with pytest.raises(msgspec.ValidationError, match="unheard_of"):
        msgspec.convert(fields, type=kind)


def test_the_lists_are_complete() -> None:
    written_here: set[Any] = {
        cls
        for name, cls in inspect.getmembers(messages, inspect.isclass)
        if cls.__module__ == messages.__name__ and not name.startswith("_")
    }
    requests, replies = set(get_args(Request)), set(REPLIES.values())
    assert {cls for cls in written_here if cls.__struct_config__.tag} == requests
    assert written_here <= requests | replies | set(EVENTS.values())
    assert set(REPLIES) == requests
    assert {None if reply is type(None) else reply for reply in get_args(Reply)} == replies
    assert {type(request) for _, request in REQUESTS} == requests
    assert {type(value) for value in SAID} == (replies - {None}) | set(EVENTS.values())


def test_every_operation_has_its_own_name() -> None:
    tags = [kind.__struct_config__.tag for kind in get_args(Request)]
    assert tags == [
        "open",
        "attach",
        "parse_time",
        "plan",
        "clip",
        "plan_cut",
        "cut",
        "segments",
        "read_segments",
        "effects",
        "apply",
        "read_project",
        "plan_render",
        "render",
        "close",
    ]


def test_every_error_code_is_announced() -> None:
    assert set(messages.ERROR_CODES) == set(BY_CODE)
