"""Projects composed into one filter graph: what is read, where it stands, in which portions; nothing is run."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright.capabilities import Capabilities
from clipwright.effects.checking import check
from clipwright.errors import BadRequest, CapabilityError, ResourceError
from clipwright.media import AudioTrack, Media, MediaInfo, Source, VideoTrack
from clipwright.plan.compose import compose
from clipwright.plan.frames import Frames, Grid
from clipwright.plan.lanes import in_lanes
from clipwright.plan.order import Composition
from clipwright.plan.portions import portions
from clipwright.plan.presets import PRESETS, Export, target
from clipwright.plan.runs import FONT_ID
from clipwright.plan.scene import scene, shown_size
from clipwright.plan.steps import Assemble, Rendering, RunFfmpeg
from clipwright.plan.straight import cut_request
from clipwright.project.actions import apply
from clipwright.project.document import Clip, Document, Effect, Footage, Output, Track, Transform, Transition
from clipwright.project.validation import validate
from tests.unit.films import SECOND, clip, film
from tests.unit.test_project_actions import FILLED, anything

repeatable = settings(deadline=None, derandomize=True, database=None, max_examples=40)
CAPS = Capabilities(
    engines=("media", "ffmpeg"), encode={"ffmpeg": ("h264", "vp8", "aac", "opus", "mp3", "flac")}
)
PICTURE = VideoTrack(
    index=0, codec="h264", time_base="1/12800", start_us=0, width=320, height=180, frame_rate="25"
)
SOUND = AudioTrack(index=1, codec="aac", time_base="1/48000", start_us=0, channels=2, sample_rate=48_000)


def opened(name: str, *tracks: VideoTrack | AudioTrack, duration_us: int = 90 * SECOND) -> Media:
    info = MediaInfo(container="mp4", duration_us=duration_us, tracks=tracks or (PICTURE, SOUND))
    return Media(source=Source(id=f"id-{name}", name=f"{name}.mp4", size=1000), info=info, reader="media")


FILES = {name: opened(name) for name in ("a", "b", "film", "still")} | {"song": opened("song", SOUND)}


def rendered(document: Document, **export: object) -> Rendering:
    return compose(
        Composition(
            document=document,
            files=FILES,
            caps=CAPS,
            engine="ffmpeg",
            output="r",
            export=Export(**export),  # type: ignore[arg-type]  # fields of an export
        )
    )


def runs(plan: Rendering) -> list[RunFfmpeg]:
    return [step for step in plan.steps if isinstance(step, RunFfmpeg)]


rates = st.sampled_from([Fraction(25), Fraction(30_000, 1001), Fraction(24), Fraction(60), Fraction(15, 2)])


@repeatable
@given(rate=rates, times=st.lists(st.integers(0, 4000), min_size=2, max_size=6, unique=True))
def test_neighbours_share_no_frame_and_leave_none_out(rate: Fraction, times: list[int]) -> None:
    grid = Grid(rate, 48_000)
    spans = [grid.frames(one * 999, two * 999) for one, two in pairwise(sorted(times))]
    for one, two in pairwise(spans):
        assert one.last == two.first
    for frame in range(spans[0].first, min(spans[-1].last, spans[0].first + 50)):
        # What the grid says of a frame's own time is that frame.
        assert grid.frames(grid.us(frame), grid.us(frame) + 1) == Frames(frame, frame + 1)
        assert grid.before_us(frame) <= grid.us(frame) < grid.before_us(frame + 1)


spans = st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda one: Frames(one[0], one[0] + one[1]))


@repeatable
@given(placed=st.lists(spans, max_size=20))
def test_lanes_are_as_few_as_can_be(placed: list[Frames]) -> None:
    lanes = in_lanes([(frames, frames) for frames in placed])
    assert {id(one) for lane in lanes for one in lane} == {id(one) for one in placed}
    for lane in lanes:
        assert all(one.last <= two.first for one, two in pairwise(lane))
    deepest = max((sum(1 for one in placed if one.first <= at < one.last) for at in range(80)), default=0)
    assert len(lanes) == deepest


@repeatable
@given(
    lengths=st.lists(st.integers(1, 10), min_size=1, max_size=30),
    crossed=st.sets(st.integers(0, 28)),
    dressed=st.sets(st.integers(0, 29)),
    most=st.integers(1, 6),
)
def test_portions_divide_all_of_it_where_nothing_is_torn(
    lengths: list[int], crossed: set[int], dressed: set[int], most: int
) -> None:
    tick = 40_000
    clips: list[Clip] = []
    passing: list[Transition] = []
    at = 0
    for number, length in enumerate(lengths):
        joined = number - 1 in crossed and number > 0 and min(length, lengths[number - 1]) > 4
        at -= 2 * tick if joined else 0
        effects = (Effect(name="blur"),) if number in dressed else ()
        clips.append(clip(f"c{number}", at, (0, length * tick), effects=effects))
        if joined:
            passing.append(
                Transition(before=f"c{number - 1}", after=f"c{number}", name="fade", duration_us=2 * tick)
            )
        at += length * tick
    document = film(*clips, transitions=tuple(passing))
    assert not validate(document, check)
    staged = scene(document, FILES)
    found = portions(staged, staged.frames, most)
    assert found[0].first == 0 and found[-1].last == staged.frames.last
    assert all(one.last == two.first for one, two in pairwise(found))
    (layer,) = staged.layers
    for one, two in pairwise(layer.shots):
        for portion in found[1:]:
            assert not two.shown.first < portion.first < one.shown.last
    for portion in found:
        inside = [shot for shot in layer.shots if shot.shown.within(portion).count]
        # More only where a transition holds several together.
        assert len(inside) <= most or passing


def test_what_is_not_needed_is_not_read() -> None:
    document = film(clip("c1", 0, (0, SECOND)), clip("c2", SECOND, (50 * SECOND, 52 * SECOND)))
    (whole,) = runs(rendered(document))
    assert whole.argv.count("-i") == 2
    (part,) = runs(rendered(document, start_us=2 * SECOND))
    assert part.argv.count("-i") == 1
    # From two seconds before the first picture that is needed, where no sound needs more; GIFs have half as many.
    (silent,) = runs(rendered(document, start_us=2 * SECOND, preset="gif"))
    assert silent.argv[silent.argv.index("-ss") + 1] == "48.960000"
    (sound,) = runs(rendered(document, preset="audio"))
    assert not re.search(r"\[\d:0\]", sound.argv[sound.argv.index("-filter_complex") + 1])


def test_tracks_that_are_hidden_or_muted_are_not_there() -> None:
    document = film(
        clip("c1", 0, (0, SECOND)),
        over=(
            Track(id="h", kind="video", hidden=True, muted=True, clips=(clip("h1", 0, (0, SECOND)),)),
            Track(id="m", kind="audio", muted=True, clips=(clip("m1", 0, (0, SECOND), source="song"),)),
            Track(id="z", kind="audio", volume=0, clips=(clip("z1", 0, (0, SECOND), source="song"),)),
        ),
    )
    (run,) = runs(rendered(document))
    assert [mount.id for mount in run.inputs] == ["id-a"]
    heard = msgspec.structs.replace(
        document, tracks=(msgspec.structs.replace(document.tracks[1], muted=False),)
    )
    assert rendered(heard).width == 0


def test_many_clips_are_made_in_portions_of_one_file_each() -> None:
    document = film(*(clip(f"c{n}", n * SECOND, (0, SECOND)) for n in range(30)))
    plan = rendered(document)
    assert [type(step) for step in plan.steps] == [RunFfmpeg] * 4 + [Assemble]
    assert [step.argv.count("-i") for step in runs(plan)] == [12, 12, 6, 30]
    together = plan.steps[-1]
    assert isinstance(together, Assemble)
    assert [piece.at for piece in together.tracks[0].pieces] == [0, 12 * SECOND, 24 * SECOND]
    assert [mount.name for mount in runs(plan)[0].inputs] == ["in0"]
    # A palette, and numbers, are of all pictures together.
    assert len(rendered(document, preset="gif").steps) == len(rendered(document, preset="frames").steps) == 1


MANY = film(*(clip(f"c{n}", n * 40_000, (0, 40_000)) for n in range(1200)))


def test_the_sound_of_very_many_clips_is_mixed_in_parts() -> None:
    plan = rendered(MANY)
    *_, together = plan.steps
    assert isinstance(together, Assemble)
    (sound,) = together.tracks[1].pieces
    *parts, joined = (step for step in runs(plan) if "sound" in step.output.id)
    assert joined.output.id == sound.source and sound.span.duration == 48 * SECOND
    assert [mount.id for mount in joined.inputs] == [part.output.id for part in parts]
    assert [part.argv.count("-i") for part in parts] == [48] * 25
    assert sum(part.duration_us for part in parts) == joined.duration_us == 48 * SECOND
    # All that is to be lost is lost at the end.
    assert all("pcm_f32le" in part.argv for part in parts) and "aac" in joined.argv
    # Sound alone needs no putting together.
    assert len(rendered(MANY, format="mp3").steps) == 26


@pytest.mark.parametrize("whole", [{"effects": (Effect(name="reverse"),)}, {"tracks": None}])
def test_more_than_can_be_open_is_refused(whole: dict[str, object]) -> None:
    """What needs all sound at once cannot be divided."""
    if "tracks" in whole:
        track = msgspec.structs.replace(MANY.tracks[0], effects=(Effect(name="limiter"),))
        whole = {"tracks": (track,)}
    document = msgspec.structs.replace(MANY, **whole)
    with pytest.raises(ResourceError, match="1200 clips"):
        rendered(document)


@repeatable
@given(wishes=st.lists(anything, max_size=10))
def test_every_valid_document_can_be_composed(wishes: list[object]) -> None:
    document = FILLED
    for wish in wishes:
        try:
            document = apply(document, wish, check)  # type: ignore[arg-type]  # edits of any kind
        except BadRequest:
            continue
    plan = rendered(document)
    assert plan == rendered(document)
    for run in runs(plan):
        graph = run.argv[run.argv.index("-filter_complex") + 1]
        assert graph.count("]") > 1
    lasting = max((one.end_us for track in document.tracks for one in track.clips), default=0)
    assert abs(plan.duration_us - lasting) <= 40_000


def test_no_text_of_a_document_leaves_its_value() -> None:
    hostile = "x':enable=0,movie=/etc/passwd[p9];[p9]null,drawtext=text='%{pts}\\"

    def bare(text: str) -> tuple[RunFfmpeg, str]:
        """The graph without all that is escaped: what is left is what FFmpeg takes for syntax."""
        said = Track(id="t", kind="text", clips=(Clip(id="t1", start_us=0, end_us=SECOND, text=text),))
        (run,) = runs(rendered(Document(name=text, tracks=(said,), output=Output(width=320, height=180))))
        return run, re.sub(r"\\.", "", run.argv[run.argv.index("-filter_complex") + 1])

    (run, graph), (_, plain) = bare(hostile), bare("plain")
    assert [graph.count(mark) for mark in ",;[]'"] == [plain.count(mark) for mark in ",;[]'"]
    assert run.argv[run.argv.index("-metadata") + 1] == f"title={hostile}"
    assert run.output.name == "out0"


def test_presets_bound_size_and_rate() -> None:
    wide = Output(width=3840, height=2160, frame_rate="60000/1001")
    assert {
        name: tuple(target(wide, Export(preset=name)).size) for name in ("draft", "web", "standard", "square")
    } == {
        "draft": (960, 540),
        "web": (1280, 720),
        "standard": (3840, 2160),
        "square": (1080, 1080),
    }
    assert target(wide, Export(preset="web")).rate == Fraction(30_000, 1001)
    assert target(wide, Export(preset="gif")).rate == Fraction(15_000, 1001)
    assert target(Output(frame_rate="24"), Export(preset="gif")).rate == 12
    assert all(PRESETS[name].name == name and PRESETS[name].summary.endswith(".") for name in PRESETS)


@pytest.mark.parametrize(
    ("export", "path"),
    [
        ({"preset": "stil"}, "$.export.preset"),
        ({"preset": "audio", "format": "mp4"}, "$.export.format"),
        ({"preset": "still", "format": "zip"}, "$.export.format"),
        ({"preset": "frames", "format": "png"}, "$.export.format"),
        ({"preset": "discord", "max_bytes": 10}, "$.export.max_bytes"),
        ({"preset": "still", "at_us": 9 * SECOND}, "$.export.at_us"),
        ({"start_us": -1}, "$.export.start_us"),
        ({"start_us": SECOND // 2, "end_us": SECOND // 2}, "$.export.end_us"),
    ],
)
def test_impossible_exports_are_refused(export: dict[str, object], path: str) -> None:
    with pytest.raises(BadRequest) as refused:
        rendered(film(clip("c1", 0, (0, SECOND))), **export)
    assert refused.value.path == path
    assert refused.value.hint


def test_sound_alone_becomes_no_picture() -> None:
    song = Track(id="a", kind="audio", clips=(clip("c1", 0, (0, SECOND), source="song"),))
    document = Document(sources=(Footage(id="song", duration_us=90 * SECOND),), tracks=(song,))
    assert (rendered(document).width, rendered(document, preset="audio").format) == (0, "m4a")
    for preset in ("gif", "still", "frames"):
        with pytest.raises(BadRequest, match="no picture"):
            rendered(document, preset=preset)


def test_a_machine_without_the_encoder_says_so() -> None:
    with pytest.raises(CapabilityError, match="pcm_s16le"):
        rendered(film(clip("c1", 0, (0, SECOND))), format="wav")


def test_only_cuts_are_handed_to_the_cutter() -> None:
    plain = clip("c1", 0, (SECOND, 2 * SECOND))

    def straight(document: Document, **export: object) -> object:
        wish = Export(**export)  # type: ignore[arg-type]  # fields of an export
        return cut_request(document, FILES, target(document.output, wish), wish)

    found = straight(film(plain, clip("c2", SECOND, (5 * SECOND, 6 * SECOND))))
    assert found is not None
    media, request = found  # type: ignore[misc]  # it is a pair
    assert [one.source.id for one in media] == ["id-a"]
    assert [(one.start, one.end) for one in request.segments] == [
        ("1.000000", "2.000000"),
        ("5.000000", "6.000000"),
    ]
    assert request.join and request.container == "mp4"
    for different in (
        film(plain, rate="30"),
        film(clip("c1", 40_000, (SECOND, 2 * SECOND))),
        film(clip("c1", 0, (SECOND, 2 * SECOND), "2")),
        film(clip("c1", 0, (SECOND + 1, 2 * SECOND + 1))),
        film(plain, clip("c2", SECOND + 40_000, (0, SECOND))),
        film(clip("c1", 0, (SECOND, 2 * SECOND), effects=(Effect(name="blur"),))),
        film(clip("c1", 0, (SECOND, 2 * SECOND), transform=Transform(opacity=0.5))),
        film(plain, effects=(Effect(name="blur"),)),
        film(
            plain,
            over=(Track(id="t", kind="text", clips=(Clip(id="t", start_us=0, end_us=SECOND, text="T"),)),),
        ),
    ):
        assert straight(different) is None
    assert straight(film(clip("c1", 0, (SECOND, 2 * SECOND), effects=(Effect(name="blur", enabled=False),))))
    small = {"preset": "web", "max_bytes": 100_000}
    for wish in (small, {"preset": "audio"}, {"preset": "square"}, {"end_us": SECOND}):
        assert straight(film(plain), **wish) is None


def test_pictures_are_as_large_as_they_are_seen() -> None:
    assert shown_size(PICTURE) == (320, 180)
    assert shown_size(msgspec.structs.replace(PICTURE, rotation=90)) == (180, 320)
    assert shown_size(msgspec.structs.replace(PICTURE, pixel_aspect="4/3")) == (427, 180)


def test_files_of_filters_are_mounted_by_what_they_are() -> None:
    look = Footage(id="b", name="Warm look.CUBE")
    document = film(clip("c1", 0, (0, SECOND), effects=(Effect(name="lut", params={"source": "b"}),)))
    document = msgspec.structs.replace(document, sources=(*document.sources, look))
    composition = Composition(
        document=document,
        files=FILES,
        extras={"b": Source(id="f9", name=look.name, size=10)},
        caps=CAPS,
        engine="ffmpeg",
        output="r",
    )
    (run,) = runs(compose(composition))
    assert [(mount.id, mount.name) for mount in run.assets] == [("f9", "extra0.cube")]
    assert "file=extra0.cube" in run.argv[run.argv.index("-filter_complex") + 1]
    assert FONT_ID not in {mount.id for mount in run.assets}


def test_a_row_of_many_pieces_is_made_of_shorter_ones() -> None:
    document = film(*(clip(f"c{n}", n * 80_000, (0, 40_000)) for n in range(800)))
    (run,) = runs(rendered(document, preset="gif"))
    graph = run.argv[run.argv.index("-filter_complex") + 1]
    pieces = [int(count) for count in re.findall(r"concat=n=(\d+)", graph)]
    assert len(pieces) > 1
    assert max(pieces) == 500


@pytest.mark.parametrize(
    ("codec", "words"), [("vp9", ["-c:0", "libvpx-vp9"]), ("vp8", ["-c:0", "libvpx"]), ("qtrle", [])]
)
def test_what_shows_through_films_is_decoded(codec: str, words: list[str]) -> None:
    track = msgspec.structs.replace(PICTURE, codec=codec, alpha=True)
    document = film(clip("c1", 0, (0, SECOND), source="film"))
    wish = Export(preset="still", at_us=0)
    files = {"film": opened("film", track)}
    made = Composition(document=document, files=files, caps=CAPS, engine="ffmpeg", output="r", export=wish)
    (run,) = runs(compose(made))
    assert list(run.argv[: len(words)]) == words and "format=pix_fmts=yuva420p" in " ".join(run.argv)
    # Another FFmpeg may have no such decoder.
    bare = msgspec.structs.replace(made, engine="native", caps=Capabilities(engines=("native",), encode={}))
    assert "libvpx" not in " ".join(runs(compose(bare))[0].argv)
    # Cut, they would show through to nothing.
    assert cut_request(document, files, target(document.output, Export()), Export()) is None
    assert cut_request(document, {"film": opened("film")}, target(document.output, Export()), Export())
