"""Subtitles that can be switched off, and chapters: what is read, what is said when, and how it is written."""

from __future__ import annotations

from html import unescape

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright.capabilities import Capabilities
from clipwright.effects.checking import check
from clipwright.errors import BadRequest, MediaError
from clipwright.filters.ffmetadata import escaped as hidden
from clipwright.filters.subtitlefiles import script
from clipwright.filters.subtitlelines import Form, Line, escaped, laid_out, one_at_a_time
from clipwright.filters.subtitlemarkup import translated
from clipwright.media import AudioTrack, Chapter, Media, MediaInfo, Source, Span, VideoTrack
from clipwright.plaintext import MOST_TEXT_BYTES, read_text
from clipwright.plan.captions import captions
from clipwright.plan.chapters import chapters
from clipwright.plan.compose import compose
from clipwright.plan.order import Composition
from clipwright.plan.presets import Export, target
from clipwright.plan.steps import Rendering
from clipwright.plan.straight import cut_request
from clipwright.project.actions import apply
from clipwright.project.document import Clip, Document, Effect, Footage, Marker, Soft, Track
from clipwright.project.edits import SetSoft
from clipwright.project.validation import validate
from tests.unit.films import SECOND, clip, film

repeatable = settings(deadline=None, derandomize=True, database=None, max_examples=30)
FORMS: tuple[Form, ...] = ("srt", "vtt", "ass")
SRT = """\ufeff1\r
00:00:00,500 --> 00:00:01,500 X1:10 Y1:20\r
<i>One</i> & <font color="red">2</font>\r
\r
still <b>one\r
\r
2\r
0:0:2.0 --> 0:0:5,000\r
7\r
\r
3\r
00:00:06,000 --> 00:00:06,000\r
never\r
"""
VTT = """WEBVTT - made by hand

NOTE 00:01.000 is no time

STYLE
::cue { color: red }

first
00:00.500 --> 00:01.500 line:0 align:start
<v Bob><i>One</i> &amp; 2</v>

01:00:00.000 --> 01:00:01.000
an hour on
"""
ASS = """[Script Info]
PlayResX: 640

[V4+ Styles]
Format: Name, Fontname
Style: Big,Arial
Style: Small,Arial

[Fonts]
fontname: a.ttf
!!!!

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.50,0:00:01.50,Big,,0,0,0,,not this
Dialogue: 1,0:00:00.50,0:00:01.50,Big,Bob,0,0,9,,{\\an8\\i1\\pos(1,2)}One{\\i0} & {\\p1}m 0 0 l 9 9{\\p0}2
Dialogue: 1,0:00:02.00,0:00:05.00,Big,Bob,0,x,9,,Two, too\\N\\hnow
Dialogue: torn
"""
TEXTS = {"srt": SRT, "vtt": VTT, "ass": ASS}


def spoken(*clips: Clip, soft: Soft = Soft(), name: str = "", **more: object) -> Track:  # noqa: B008 - a value
    return Track(id=f"s{len(clips)}{name}", kind="subtitle", name=name, clips=clips, soft=soft, **more)  # type: ignore[arg-type]


def projected(*tracks: Track, length_us: int = 4 * SECOND, **more: object) -> Document:
    document = film(clip("c1", 0, (0, length_us)), over=tracks, **more)
    files = tuple(Footage(id=form, name=f"a.{form}", duration_us=9 * SECOND) for form in FORMS)
    return msgspec.structs.replace(document, sources=(*document.sources, *files))


def said(document: Document, container: str = "mkv", window: Span = Span(0, 4 * SECOND)) -> list[Line]:  # noqa: B008
    (found,) = captions(document, TEXTS, container, window)  # type: ignore[arg-type]  # a container
    return list(script(found.text).lines)


def test_files_of_each_form_are_read() -> None:
    assert script(SRT).lines == (
        Line(500_000, 1_500_000, '<i>One</i> & <font color="red">2</font>\nstill <b>one'),
        Line(2_000_000, 5_000_000, "7"),
    )
    assert script(VTT).lines == (
        Line(500_000, 1_500_000, "<v Bob><i>One</i> &amp; 2</v>", ("line:0 align:start",)),
        Line(3_600_000_000, 3_601_000_000, "an hour on", ("",)),
    )
    read = script(ASS)
    assert [line.manner for line in read.lines] == [
        ("1", "Big", "Bob", "0", "0", "9", ""),
        ("1", "Big", "Bob", "0", "0", "9", ""),
    ]
    assert read.lines[1].body == "Two, too\\N\\hnow"
    assert "Style: Small" in read.head and "fontname" not in read.head and "[Events]" not in read.head
    assert script(laid_out(read.lines, "ass", read.head)) == read


@pytest.mark.parametrize(
    "text", ["", "\0\0", "just words", "WEBVTT\n\n", "[Script Info]\n[Events]\n", "1\n-->"]
)
def test_a_file_without_subtitles_is_refused(text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        script(text, path="$.here")
    assert refused.value.path == "$.here"


@pytest.mark.parametrize("new", FORMS)
def test_words_and_their_marks_come_over(new: Form) -> None:
    slanted = {"srt": "<i>One</i>", "vtt": "<i>One</i>", "ass": "{\\i1}One{\\i0}"}[new]
    both = "&amp;" if new == "vtt" else "&"
    for old, text in TEXTS.items():
        if old != new:
            first = translated(script(text).lines[0].body, old, new)  # type: ignore[arg-type]  # a form
            assert first.splitlines()[0].split("\\N")[0] == f"{slanted} {both} 2"
    assert translated("<b>two\nrows</b>", "srt", "vtt") == "<b>two</b>\n<b>rows</b>"
    assert translated(r"{\b1\i1}a{\r}b{\i2}c{\i}", "ass", "srt") == "<i><b>a</b></i>b<i>c</i>"


words = st.text(st.characters(codec="utf-8", exclude_characters="\u2060\0"), min_size=1, max_size=40)


@repeatable
@given(
    text=words
    | st.sampled_from(["{\\i1}", "a\\Nb", "<b>x", "1 --> 2", "00:00:01,000 --> 00:00:02,000", "&lt;"])
)
@pytest.mark.parametrize("form", FORMS)
def test_a_text_stays_a_text(form: Form, text: str) -> None:
    body = escaped(text, form)
    if not body:
        return
    (line,) = script(laid_out([Line(0, SECOND, body)], form)).lines
    for other in FORMS:
        seen = translated(line.body, form, other)
        plain = unescape(seen) if other == "vtt" else seen
        if other == "ass":
            plain = plain.replace("\\N", "\n").replace("{}", "").replace("\\{", "{")
        assert "".join(plain.replace("\u2060", "").split()) == "".join(text.split())


def test_times_are_those_of_the_project() -> None:
    track = spoken(
        clip("s1", 0, (0, SECOND), source="srt"),
        Clip(id="s2", start_us=SECOND, end_us=1_500_000, text="Here"),
        clip("s3", 2_000_000, (1_000_000, 4_000_000), "2", source="srt"),
        clip("s4", 3_500_000, (0, 400_000), source="srt"),
    )
    assert [(line.start_us, line.end_us, line.body[:4]) for line in said(projected(track))] == [
        (500_000, 1_000_000, "<i>O"),
        (1_000_000, 1_500_000, "Here"),
        (2_000_000, 2_250_000, "<i>O"),
        (2_500_000, 3_500_000, "7"),
    ]
    part = said(projected(track), window=Span(700_000, 1_200_000))
    assert [(line.start_us, line.end_us) for line in part] == [(0, 300_000), (300_000, 500_000)]
    assert captions(projected(track), TEXTS, "mkv", Span(3_600_000, 4_000_000)) == ()


@repeatable
@given(
    start=st.integers(0, 3_000_000),
    first=st.integers(0, 5_000_000),
    lasts=st.integers(1_000, 3_000_000),
    speed=st.sampled_from(["1", "2", "1/2", "3/7"]),
    window=st.tuples(st.integers(0, 2_000_000), st.integers(1, 3_000_000)),
)
@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_said_outside_of_clip_and_window(
    form: Form, start: int, first: int, lasts: int, speed: str, window: tuple[int, int]
) -> None:
    one = clip("s1", start, (first, first + lasts), speed, source=form)
    span = Span(window[0], sum(window))
    for found in captions(projected(spoken(one)), TEXTS, "mkv", span):
        for line in script(found.text).lines:
            assert max(0, one.start_us - span.start) - 10_000 <= line.start_us
            assert line.end_us <= min(span.duration, one.end_us - span.start)


@pytest.mark.parametrize(
    ("container", "sources", "form"),
    [
        ("mp4", ("srt",), "srt"),
        ("mov", ("ass",), "srt"),
        ("webm", ("srt", "ass"), "vtt"),
        ("mkv", ("vtt",), "srt"),
        ("mkv", ("srt", "ass"), "ass"),
        ("mkv", (), "srt"),
    ],
)
def test_a_container_gets_the_form_that_it_holds(
    container: str, sources: tuple[str, ...], form: Form
) -> None:
    clips = (clip(f"s{n}", n * SECOND, (0, SECOND), source=one) for n, one in enumerate(sources))
    track = spoken(
        *clips, Clip(id="t", start_us=3 * SECOND, end_us=4 * SECOND, text="t"), soft=Soft(language="de")
    )
    (found,) = captions(projected(track), TEXTS, container, Span(0, 4 * SECOND))  # type: ignore[arg-type]
    assert script(found.text).form == found.form == form
    assert ("Style: Big" in found.text) == (form == "ass")
    assert found.language == ("ger" if container == "mov" else "deu")


def test_timed_text_shows_one_line_at_a_time() -> None:
    text = laid_out([Line(0, 600_000, "A"), Line(0, 400_000, "B"), Line(395_000, SECOND, "C")], "srt")
    track = spoken(clip("s1", 0, (0, SECOND), source="srt"))
    (found,) = captions(projected(track), {"srt": text}, "mp4", Span(0, SECOND))
    assert script(found.text).lines == (
        Line(0, 395_000, "B\nA"),
        Line(400_000, 600_000, "A\nC"),
        Line(600_000, SECOND, "C"),
    )
    (kept,) = captions(projected(track), {"srt": text}, "mkv", Span(0, SECOND))
    assert len(script(kept.text).lines) == 3
    many = [Line(n, SECOND + n, str(n)) for n in range(20_000)]
    assert max(line.body.count("\n") for line in one_at_a_time(many)) == 7


def test_styles_of_several_files_are_put_together() -> None:
    other = ASS.replace("Style: Big,Arial", "Style: Big,Other").replace("Small", "Tiny")
    track = spoken(clip("s1", 0, (0, SECOND), source="ass"), clip("s2", SECOND, (0, SECOND), source="vtt"))
    (found,) = captions(projected(track), TEXTS | {"vtt": other}, "mkv", Span(0, 4 * SECOND))
    styles = [row for row in found.text.splitlines() if row.startswith("Style:")]
    assert styles == ["Style: Big,Arial", "Style: Small,Arial", "Style: Tiny,Arial"]


@pytest.mark.parametrize("at", ["absent", "empty"])
def test_a_file_that_says_nothing_is_refused_with_its_clip(at: str) -> None:
    document = projected(spoken(clip("s1", 0, (0, SECOND), source="srt")))
    with pytest.raises(BadRequest) as refused:
        captions(document, {"srt": ""} if at == "empty" else {}, "mkv", Span(0, SECOND))
    assert refused.value.path == "$.document.tracks[1].clips[0].source"


# Documents


def test_only_subtitles_in_a_language_can_be_soft() -> None:
    document = projected(spoken(soft=Soft(language="pt-BR")))
    assert not validate(document, check)
    wrong = msgspec.structs.replace(document.tracks[0], soft=Soft(language="klingon"))
    faults = validate(msgspec.structs.replace(document, tracks=(wrong,)), check)
    assert [fault.path for fault in faults] == ["$.tracks[0].soft", "$.tracks[0].soft.language"]


def test_a_track_becomes_soft_and_back() -> None:
    document = projected(spoken())
    soft = apply(document, SetSoft(track="s0", soft=Soft(language="en", default=True)))
    assert soft.tracks[1].soft == Soft(language="en", default=True)
    assert apply(soft, SetSoft(track="s0")).tracks[1].soft is None
    with pytest.raises(BadRequest):
        apply(document, SetSoft(track="v", soft=Soft()))


# Chapters


def marked(*times: int, names: tuple[str, ...] = ()) -> Document:
    named = (*names, *[""] * len(times))
    return projected(
        markers=tuple(Marker(id=f"m{n}", time_us=us, name=named[n]) for n, us in enumerate(times))
    )


def test_markers_become_chapters_up_to_the_next_one() -> None:
    document = marked(3 * SECOND, SECOND, names=("the\n end ", ""))
    one = Chapter(start_us=SECOND, end_us=3 * SECOND, title="Chapter 1")
    two = Chapter(start_us=3 * SECOND, end_us=4 * SECOND, title="the end")
    whole = Span(0, 4 * SECOND)
    assert chapters(document, "mkv", whole) == (one, two)
    # QuickTime's chapters begin at 0.
    assert chapters(document, "mp4", whole) == (Chapter(start_us=0, end_us=SECOND, title=""), one, two)
    part = chapters(document, "mp4", Span(2 * SECOND, 3_500_000))
    assert part == (
        Chapter(start_us=0, end_us=SECOND, title="Chapter 1"),
        Chapter(start_us=SECOND, end_us=1_500_000, title="the end"),
    )
    assert chapters(document, "mp3", whole) == chapters(document, None, whole) == ()
    assert chapters(document, "mp4", Span(0, SECOND)) == ()


@repeatable
@given(text=st.text(max_size=30) | st.sampled_from(["\\", "a\\\\", "\n[CHAPTER]\n", ";x", "#", "a=b", "\r"]))
def test_no_title_ends_its_line(text: str) -> None:
    value = hidden(text)
    shown, at = "", 0
    while at < len(value):
        assert value[at] not in "=;#\n\r"
        at += value[at] == "\\"
        shown += value[at]
        at += 1
    assert shown == (f"{text} " if text.endswith("\\") else text)
    assert not value.endswith("\\")


# Plans

PICTURE = VideoTrack(
    index=0, codec="h264", time_base="1/12800", start_us=0, width=320, height=180, frame_rate="25"
)
SOUND = AudioTrack(index=1, codec="aac", time_base="1/48000", start_us=0, channels=2, sample_rate=48_000)
INFO = MediaInfo(container="mp4", duration_us=90 * SECOND, tracks=(PICTURE, SOUND))
FILES = {"a": Media(source=Source(id="id-a", name="a.mp4", size=1000), info=INFO, reader="media")}
CAPS = Capabilities(engines=("media", "ffmpeg"), encode={"ffmpeg": ("h264", "vp8", "aac", "opus", "mp3")})


def rendered(document: Document, **export: object) -> Rendering:
    wish = Export(**export)  # type: ignore[arg-type]  # fields of an export
    return compose(
        Composition(
            document=document, files=FILES, texts=TEXTS, caps=CAPS, engine="ffmpeg", output="r", export=wish
        )
    )


TALK = spoken(clip("s1", 0, (0, SECOND), source="srt"), name="Talk", soft=Soft(language="en"))


@pytest.mark.parametrize("format_", ["gif", "mp3", "png", "m4a", "zip", "jpg"])
def test_what_holds_no_subtitles_says_so(format_: str) -> None:
    plan = rendered(projected(TALK), format=format_)
    assert [note.code for note in plan.notes if note.level == "warning"] == [
        "slow_engine",
        "subtitles_dropped",
    ]
    assert all(not getattr(step, "texts", ()) for step in plan.steps)


def test_what_changes_the_time_of_all_is_told() -> None:
    turned = (Effect(name="reverse"),)
    with pytest.raises(BadRequest) as refused:
        rendered(projected(TALK, effects=turned))
    assert refused.value.path == "$.document.effects[0]"
    document = msgspec.structs.replace(marked(SECOND), effects=turned)
    assert [note.code for note in rendered(document).notes] == ["slow_engine", "chapters_dropped"]


def test_burned_tracks_and_hidden_ones_stay_out() -> None:
    burned = msgspec.structs.replace(TALK, soft=None)
    hidden_one = msgspec.structs.replace(TALK, id="h", hidden=True)
    (step,) = rendered(projected(hidden_one)).steps
    assert "-c:s:0" not in step.argv  # type: ignore[union-attr]  # a run
    (step,) = rendered(projected(burned)).steps
    assert "-c:s:0" not in step.argv and "subtitles=" in " ".join(step.argv)  # type: ignore[union-attr]
    (step,) = rendered(projected(TALK)).steps
    assert "-c:s:0" in step.argv and "subtitles=" not in " ".join(step.argv)  # type: ignore[union-attr]


def test_chapters_can_be_left_out() -> None:
    (step,) = rendered(marked(0), chapters=False).steps
    assert step.argv[step.argv.index("-map_chapters") + 1] == "-1"  # type: ignore[union-attr]


def test_a_project_that_only_cuts_has_the_same_chapters() -> None:
    told = msgspec.structs.replace(INFO, chapters=(Chapter(start_us=0, end_us=SECOND, title="of the file"),))
    files = {"a": msgspec.structs.replace(FILES["a"], info=told)}

    def cut(document: Document, files: dict[str, Media], **export: object) -> tuple[Chapter, ...] | None:
        wish = Export(**export)  # type: ignore[arg-type]  # fields of an export
        found = cut_request(document, files, target(document.output, wish), wish)
        assert found is not None
        return found[1].result_chapters

    document = marked(SECOND)
    assert cut(document, FILES) == chapters(document, "mp4", Span(0, 4 * SECOND))
    assert cut(marked(), FILES) is None
    # A project has the chapters that it says, not those of its files.
    assert cut(marked(), files) == cut(document, files, chapters=False) == ()


# Files


@pytest.mark.parametrize(("data", "text"), [(b"\xef\xbb\xbfa", "a"), ("ä".encode("utf-16"), "ä"), (b"", "")])
def test_text_is_read(data: bytes, text: str) -> None:
    assert read_text(Source(id="a", name="a.srt", size=1), data) == text


@pytest.mark.parametrize(
    "data", [b"\xe4", b"\xff\xfea", b"a" * (MOST_TEXT_BYTES + 1)], ids=["latin", "odd", "long"]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(MediaError):
        read_text(Source(id="a", name="a.srt", size=1), data)


def test_lines_are_found_wherever_they_are_said() -> None:
    """Also those that show for long, and those that a file has out of order."""
    times = ((30, 31), (1, 59), (5, 6), (6, 7), (31, 32))
    blocks = (f"00:00:{start:02},000 --> 00:00:{end:02},000\n{start}\n" for start, end in times)
    found = script("\n".join(blocks))

    def between(start_s: int, end_s: int) -> list[str]:
        return [line.body for line in found.between(start_s * SECOND, end_s * SECOND)]

    assert between(0, 60) == ["1", "5", "6", "30", "31"]
    assert between(6, 31) == ["1", "6", "30"]
    assert between(59, 60) == []
