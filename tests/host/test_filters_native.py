"""Every builder run by a real ffmpeg on a second of picture or sound, and what comes out looked at."""

from __future__ import annotations

import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clipwright.filters.cube import cube
from clipwright.filters.customxfade import CUSTOM
from clipwright.filters.expression import ARITY, Expr, call, variables
from clipwright.filters.geometry import rotate
from clipwright.filters.graph import File, FilterChain, FilterGraph, chain, use
from clipwright.filters.keying import color_key, opacity
from clipwright.filters.loudness import Target, measure_loudness, measured, normalize_loudness, volume
from clipwright.filters.mixing import duck, mix, pan
from clipwright.filters.sources import silence
from clipwright.filters.speed import Pace, played_us, variable_audio_speed, variable_video_speed, video_speed
from clipwright.filters.subtitles import Cue, written
from clipwright.filters.text import TextPlace, TextStyle, clock, text
from clipwright.filters.timing import freeze_video
from clipwright.filters.transitions import TRANSITIONS, crossfade
from tests.equipment import ROOT
from tests.unit.evaluating import value_of
from tests.unit.filter_examples import EXAMPLES, FONT, FONTS, PACES, Example
from tests.unit.test_filters_escaping import hostile
from tests.unit.test_filters_expression import same, trees

SIZE = (160, 90)
RATE, SAMPLES = 25, 48_000
PICTURE = f"testsrc2=s=160x90:r={RATE}:d=1"
OTHER = f"gradients=s=160x90:r={RATE}:d=1:seed=7:c0=red:c1=blue:x0=0:y0=0:x1=160:y1=90:speed=0.00001"
SOUND = f"aevalsrc=exprs=0.5*sin(2*PI*440*t)|0.25*sin(2*PI*660*t):s={SAMPLES}:d=1"
QUIET = f"aevalsrc=exprs=0.1*sin(2*PI*220*t)|0.1*sin(2*PI*220*t):s={SAMPLES}:d=1"
CUES = (
    Cue(start_us=0, end_us=500_000, text="One <b>two</b> {\\an8}\n\n\\N 00:00 --> 00:01"),
    Cue(start_us=500_000, end_us=1_000_000, text="& three"),
)
repeatable = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), max_examples=4
)


class Ran(NamedTuple):
    """What one run gave: the bytes on its standard output, and its log."""

    out: bytes
    log: str

    def pictures(self, width: int = SIZE[0], height: int = SIZE[1]) -> np.ndarray:
        return np.frombuffer(self.out, np.uint8).reshape(-1, height, width, 4).astype(int)

    def sound(self) -> np.ndarray:
        return np.frombuffer(self.out, np.float32).reshape(-1, 2)


class Kitchen:
    """A folder of files that filters may ask for, and the ffmpeg that runs them."""

    def __init__(self, folder: Path, ffmpeg: Path, font: Path) -> None:
        self.folder, self.ffmpeg = folder, ffmpeg
        self.files = {FONT.name: font, FONTS.name: folder / "fonts"}
        self.files[FONTS.name].mkdir()
        shutil.copy(font, self.files[FONTS.name])
        for form in ("srt", "vtt", "ass"):
            self.keep(f"in1.{form}", written(CUES, form))
        self.keep("in1.cube", cube("calming_teal"))

    def keep(self, name: str, text: str) -> File:
        # A name that FFmpeg would take apart, had it not been escaped.
        path = self.folder / "it's [a] 'folder', with; signs: 100%" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        self.files[name] = path
        return File(name)

    def run(self, *words: str, binary: bool = True) -> Ran:
        command = [self.ffmpeg, "-nostdin", "-hide_banner", "-y", *words]
        done = subprocess.run(command, capture_output=True, check=False, timeout=50)
        log = done.stderr.decode("utf-8", "replace")
        assert done.returncode == 0, f"{words}\n{log[-3000:]}"
        return Ran(done.stdout, log)

    def make(self, graph: FilterGraph, *inputs: str, kind: str = "v", loglevel: str = "warning") -> Ran:
        """Run `graph` on lavfi sources; pictures come out as RGBA, sound as 32-bit floats in stereo."""
        given = [word for source in inputs for word in ("-f", "lavfi", "-i", source)]
        form = {
            "v": ("-pix_fmt", "rgba", "-fps_mode", "passthrough", "-f", "rawvideo"),
            "a": ("-ac", "2", "-ar", str(SAMPLES), "-f", "f32le"),
        }[kind]
        filters = graph.text(lambda name: str(self.files[name]))
        maps = [word for label in graph.outputs for word in ("-map", f"[{label}]")]
        return self.run("-loglevel", loglevel, *given, "-filter_complex", filters, *maps, *form, "-")


@pytest.fixture(scope="module")
def font() -> Path:
    """The font that ships."""
    return ROOT / "node_modules" / "dejavu-fonts-ttf" / "ttf" / "DejaVuSans.ttf"


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory: pytest.TempPathFactory, ffmpeg_path: Path, font: Path) -> Kitchen:
    return Kitchen(tmp_path_factory.mktemp("filters"), ffmpeg_path, font)


@pytest.fixture(scope="module")
def plain(kitchen: Kitchen) -> np.ndarray:
    return kitchen.make(on_picture(chain(use("null"))), PICTURE).pictures()


def on_picture(made: FilterChain | FilterGraph) -> FilterGraph:
    return Example("v", made).graph


def on_sound(made: FilterChain | FilterGraph) -> FilterGraph:
    return Example("a", made).graph


def level(sound: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(sound.astype(float)))))


UNCHANGED = {
    name
    for name in EXAMPLES
    if name.startswith(("curves none", "rotate 0", "speed", "variable", "freeze", "chart"))
}
OTHER_SIZE = {
    "crop": (81, 45), "crop at": (80, 40), "scale": (320, 180), "scale both": (64, 64), "fit fit": (90, 160),
    "fit fill": (90, 160), "fit stretch": (90, 160), "pad": (200, 200), "pad at": (200, 200),
    "rotate 90": (90, 160), "rotate -90": (90, 160), "rotate 30": (184, 158), "rotate clear": (178, 178),
}  # fmt: skip
FRAMES = {
    "rate duplicate": 30, "rate blend": 50, "rate motion": 51, "zoom moving": 50, "freeze, constant": 38,
    "hold last": 37,
}  # fmt: skip
SECONDS = {
    "tempo 0.25": 4, "tempo 0.5": 2, "tempo 4/3": 0.75, "tempo 4": 0.25,
    "tempo of a known length": 4, "variable tempo": 1.1,
    "sound crossfade tri": 1.6, "sound crossfade qsin": 1.6, "sound crossfade apart": 2,
    "freeze sound": 1.5, "freeze sound first": 1.5, "hold silence": 1.48,
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, one in EXAMPLES.items() if one.kind == "v"])
def test_every_builder_of_pictures_runs(name: str, kitchen: Kitchen, plain: np.ndarray) -> None:
    ran = kitchen.make(EXAMPLES[name].graph, PICTURE, OTHER)
    pictures = ran.pictures(*OTHER_SIZE.get(name, SIZE))
    frames = FRAMES.get(name, 35 if name.startswith("crossfade") else RATE)
    assert len(pictures) == frames, ran.log
    if name not in UNCHANGED and pictures.shape == plain.shape:
        assert np.abs(pictures - plain).max() > 3, "nothing happened"


@pytest.mark.parametrize("name", [name for name, one in EXAMPLES.items() if one.kind == "a"])
def test_every_builder_of_sound_runs(name: str, kitchen: Kitchen) -> None:
    inputs = [SOUND, QUIET] * 16
    sound = kitchen.make(
        EXAMPLES[name].graph, *inputs[: max(len(EXAMPLES[name].graph.chains[0].inputs), 2)], kind="a"
    )
    heard = sound.sound()
    if name in (
        "tempo of a known length",
        "variable tempo",
        "freeze sound",
        "freeze sound first",
        "hold silence",
    ):
        assert len(heard) == round(SECONDS[name] * SAMPLES)
    assert len(heard) / SAMPLES == pytest.approx(SECONDS.get(name, 1), abs=0.06), sound.log
    assert np.isfinite(heard).all() and level(heard) > 0.01


def times(kitchen: Kitchen, made: FilterChain) -> list[int]:
    """When each picture shows, in microseconds."""
    graph = on_picture(made + chain(use("settb", expr=Fraction(1, 1_000_000))))
    words = (
        "-loglevel",
        "error",
        "-f",
        "lavfi",
        "-i",
        PICTURE,
        "-filter_complex",
        graph.text(),
        "-map",
        "[out]",
    )
    listed = kitchen.run(
        *words, "-fps_mode", "passthrough", "-enc_time_base", "1/1000000", "-f", "framemd5", "-"
    ).out
    return [int(line.split(b",")[2]) for line in listed.splitlines() if not line.startswith(b"#")]


@pytest.mark.parametrize("factor", [0.25, 0.5, Fraction(4, 3), 3, 4])
def test_a_speed_moves_each_picture_exactly(factor: float, kitchen: Kitchen) -> None:
    exact = [int(place * 40_000 / Fraction(factor)) for place in range(RATE)]
    assert np.abs(np.subtract(times(kitchen, video_speed(factor)), exact)).max() <= 1


def test_a_variable_speed_moves_each_picture_exactly(kitchen: Kitchen) -> None:
    exact = [float(played_us(PACES, place * 40_000)) for place in range(RATE)]
    assert np.abs(np.subtract(times(kitchen, variable_video_speed(PACES)), exact)).max() <= 1


def test_sound_and_pictures_stay_together_over_many_speeds(kitchen: Kitchen) -> None:
    paces = [
        Pace(start_us=at, end_us=at + 50_000, factor=0.5 if at % 200_000 else 3)
        for at in range(0, 9_000_000, 100_000)
    ]
    graph = variable_audio_speed(paces).renamed({"in": "0:a"})
    sound = kitchen.make(graph, SOUND.replace("d=1", "d=10"), kind="a").sound()
    assert len(sound) * 1_000_000 / SAMPLES == pytest.approx(float(played_us(paces, 10_000_000)), abs=2000)
    # No holes at the joints: every 20 ms are about as loud as all of it.
    parts = sound[: len(sound) // 960 * 960, 0].reshape(-1, 960)
    assert np.abs(np.array([level(part) for part in parts]) - level(sound[:, 0])).max() < 0.15


@pytest.mark.parametrize(("at", "held"), [(0, 0), (400_000, 10), (400_001, 10), (439_999, 10), (440_000, 11)])
def test_the_picture_that_shows_is_held(at: int, held: int, kitchen: Kitchen) -> None:
    exact = [place * 40_000 + 500_000 * (place > held) for place in range(RATE)]
    assert np.abs(np.subtract(times(kitchen, freeze_video(at, 500_000)), exact)).max() <= 1


BLACK_TO_WHITE = (f"color=black:s=160x90:r={RATE}:d=1", f"color=white:s=160x90:r={RATE}:d=1")


def crossed(kitchen: Kitchen, graph: FilterGraph, *sources: str) -> np.ndarray:
    inputs = (f"{source},format=yuv444p" for source in sources or (PICTURE, OTHER))
    return kitchen.make(graph.renamed({"first": "0:v", "second": "1:v"}), *inputs).pictures()


def alone(kitchen: Kitchen, source: str) -> np.ndarray:
    return kitchen.make(on_picture(chain(use("null"))), f"{source},format=yuv444p").pictures()


@pytest.mark.parametrize("name", CUSTOM)
def test_a_transition_of_ours_is_the_one_that_later_versions_have(name: str, kitchen: Kitchen) -> None:
    named = use("xfade", transition=name, duration=Fraction(3, 5), offset=Fraction(1, 5))
    ends = ("first", "second")
    graphs = (
        crossfade(name, 600_000, 200_000),
        FilterGraph((chain(named).between(ends, "out"),), ends, ("out",)),
    )
    ours, theirs = (crossed(kitchen, graph) for graph in graphs)
    apart = np.abs(ours - theirs).max(axis=3)
    if name.endswith("wind"):
        # Their noise is calculated with single precision, so lines run ahead by other chances.
        along = 1 if name.startswith("h") else 2
        ramps = [crossed(kitchen, graph, *BLACK_TO_WHITE).mean(axis=(along, 3)) for graph in graphs]
        assert np.abs(ramps[0] - ramps[1]).max() < 20
        assert (crossed(kitchen, graphs[0]) == ours).all(), "threads share something"
    elif name in ("revealleft", "revealup"):
        # Where the two meet they have one line of the wrong end of the first picture.
        lines = (apart > 0).any(axis=1 if name == "revealleft" else 2)
        assert lines.sum(axis=1).max() == 1
    elif name == "squeezev":
        # Double precision rounds a few columns to a neighbour.
        assert (apart > 0).mean() < 0.01
    else:
        assert apart.max() == 0


@pytest.mark.parametrize("name", TRANSITIONS)
def test_a_transition_leads_from_one_picture_to_the_other(name: str, kitchen: Kitchen) -> None:
    both = crossed(kitchen, crossfade(name, 400_000, 400_000))
    first, second = alone(kitchen, PICTURE), alone(kitchen, OTHER)
    assert (both[:10] == first[:10]).all()
    # The two pictures at the very end of it may still have a line of the first one.
    assert (both[22:] == second[12:]).all()
    middle = both[15]
    assert np.abs(middle - first[15]).max() > 8 and np.abs(middle - second[5]).max() > 8


def shown(kitchen: Kitchen, *drawn: FilterChain) -> list[bytes]:
    """The first picture of a grey clip with each of these on it."""
    one = [f"one{place}" for place in range(len(drawn))]
    done = [f"done{place}" for place in range(len(drawn))]
    grey = chain(
        use("color", color="gray", size="400x90", duration=1, rate=1), use("split", outputs=len(drawn))
    )
    chains = (made.between(source, target) for made, source, target in zip(drawn, one, done, strict=True))
    stack = chain(use("vstack", inputs=len(drawn))) if len(drawn) > 1 else chain(use("null"))
    graph = FilterGraph((grey.between((), one), *chains, stack.between(done, "out")), outputs=("out",))
    ran = kitchen.make(graph, loglevel="verbose")
    # FFmpeg names each filter that it makes: nothing but ours may be among them.
    made = set(re.findall(r"Parsed_([a-z0-9]+)_\d+", ran.log))
    assert made <= {"color", "split", "drawtext", "vstack", "null"}, made
    size = 400 * 90 * 4
    return [ran.out[at : at + size] for at in range(0, len(ran.out), size)]


HOSTILE = (
    "'", "\\", "%", "%%", "%{", "%{n}", "%{pts:hms}", "%{localtime}", "%{expr:1/0}", "%{e\\:1}", "\\'", "'\\''",
    ":", "::x=0", ",", ";", "=", "a=b:c=d", "text=", "#", "{}", "<b>", "@file", "/etc/passwd", "-i", "$(id)", "`id`",
    "[out]", "];movie=/etc/passwd[x", "',movie=/etc/passwd,drawtext=text='", ";[0:v]nullsink;color=red[out]",
    "a':textfile='/etc/passwd", "a:textfile=/etc/passwd", "\\\\':textfile=/etc/passwd:text='", "%s%n%x",
    "concat:/etc/passwd|/etc/hosts", "subtitles=/etc/passwd", "\\n", "\\\\n", "\\%", "\\{", "\\\\\\",
    " lead", "trail ", "trail\\ ", " ", "\t", "two\nlines", "\r\n", "\n", "\x07\x1b[31m", "\ufeff",
    "😀 emoji 👩\u200d👧", "שלום עולם", "مرحبا", "\u202eright to left", "e\u0301", "x" * 500,
)  # fmt: skip
SMALL = TextStyle(size=16)
CORNER = TextPlace(position="top_left", margin=2)


def check_drawn(kitchen: Kitchen, texts: list[str]) -> None:
    """Each text looks as it does from a file of its own, which no syntax touches."""
    files = [kitchen.keep(f"said{place}.txt", "") for place in range(len(texts))]
    for file, said in zip(files, texts, strict=True):
        kitchen.files[file.name].write_bytes(f"{said}\n".encode())
    from_files = []
    for file in files:
        (drawn,) = text("x", FONT, style=SMALL, place=CORNER).filters
        rest = {key: value for key, value in drawn.options if key not in ("text", "fontfile")}
        from_files.append(chain(use("drawtext", fontfile=FONT, textfile=file, **rest)))
    ours = shown(kitchen, *(text(said, FONT, style=SMALL, place=CORNER) for said in texts))
    theirs = shown(kitchen, *from_files)
    assert [said for said, one, other in zip(texts, ours, theirs, strict=True) if one != other] == []


def test_hostile_texts_are_drawn_as_they_are(kitchen: Kitchen) -> None:
    check_drawn(kitchen, list(HOSTILE))


@repeatable
@given(st.lists(hostile.filter(lambda said: said and "\0" not in said), min_size=20, max_size=40))
def test_any_text_is_drawn_as_it_is(kitchen: Kitchen, texts: list[str]) -> None:
    check_drawn(kitchen, texts)


def test_ten_thousand_characters_are_drawn(kitchen: Kitchen) -> None:
    check_drawn(kitchen, ["😀'\\:%" * 2000])


def test_what_stands_before_a_clock_is_not_expanded(kitchen: Kitchen) -> None:
    before = [
        said
        for said in HOSTILE
        if said.strip() == said and said.isprintable() and said.isascii() and len(said) < 40
    ]
    clocks = shown(kitchen, *(clock(FONT, before=said, style=SMALL, place=CORNER) for said in before))
    texts = shown(
        kitchen, *(text(f"{said} 00:00:00.000", FONT, style=SMALL, place=CORNER) for said in before)
    )
    assert [said for said, one, other in zip(before, clocks, texts, strict=True) if one != other] == []


s, t, n = variables("s", "t", "n")


def evaluated(kitchen: Kitchen, listed: list[Expr]) -> np.ndarray:
    """What FFmpeg makes of each expression of `s`, `t` and `n`, eight times a second: a row for each."""
    chains = [
        chain(use("aevalsrc", exprs=tree, sample_rate=8, duration=1)).between((), f"out{place}")
        for place, tree in enumerate(listed)
    ]
    outputs = tuple(f"out{place}" for place in range(len(listed)))
    graph = FilterGraph(tuple(chains), outputs=outputs)
    files = [kitchen.folder / f"{place}.f64" for place in range(len(listed))]
    maps = [
        str(word)
        for label, file in zip(outputs, files, strict=True)
        for word in ("-map", f"[{label}]", "-c:a", "pcm_f64le", "-f", "f64le", file)
    ]
    kitchen.run("-loglevel", "error", "-filter_complex", graph.text(), *maps)
    return np.array([np.fromfile(file) for file in files])


def check_values(kitchen: Kitchen, listed: list[Expr]) -> None:
    for tree, found in zip(listed, evaluated(kitchen, listed), strict=True):
        for place, value in enumerate(found):
            try:
                meant = value_of(tree, {"n": float(place), "t": place / 8, "s": 8.0, "w": 8.0})
            except (OverflowError, ValueError):  # floor of what is not finite
                continue
            assert same(float(value), meant), f"{tree} at {place}"


FUNCTIONS = [name for name in ARITY if not re.fullmatch("[ab][0-3]", name)]


def test_every_function_means_what_the_evaluator_says(kitchen: Kitchen) -> None:
    arguments = (t * 2 - 1, n - 3, t / 3 + 0.1)
    check_values(
        kitchen,
        [
            call(name, *arguments[:count])
            for name in FUNCTIONS
            for count in range(ARITY[name][0], ARITY[name][1] + 1)
        ],
    )


@repeatable
@given(st.lists(trees(s, t, n), min_size=30, max_size=50))
def test_any_expression_means_what_the_evaluator_says(kitchen: Kitchen, listed: list[Expr]) -> None:
    check_values(kitchen, listed)


def test_loudness_gets_to_its_target_in_two_passes(kitchen: Kitchen) -> None:
    long = "aevalsrc=exprs=0.05*sin(2*PI*440*t)*(1+mod(floor(t)\\,2))|0.05*sin(2*PI*550*t):s=48000:d=8"
    target = Target(lufs=-16, true_peak_db=-1, range_lu=11)
    first = kitchen.make(on_sound(measure_loudness(target)), long, kind="a", loglevel="info")
    heard = measured(first.log)
    assert heard.lufs < -20
    done = on_sound(normalize_loudness(target, heard) + measure_loudness(target))
    again = measured(kitchen.make(done, long, kind="a", loglevel="info").log)
    assert again.lufs == pytest.approx(-16, abs=0.3) and again.true_peak_db < -0.9


def test_silence_is_not_made_loud(kitchen: Kitchen) -> None:
    silent = "anullsrc=d=1:r=48000:cl=stereo"
    heard = measured(
        kitchen.make(on_sound(measure_loudness(Target())), silent, kind="a", loglevel="info").log
    )
    assert heard.lufs == float("-inf")
    made = kitchen.make(on_sound(normalize_loudness(Target(), heard)), silent, kind="a")
    assert level(made.sound()) == 0


def test_silence_is_silent_and_as_long_as_it_should_be(kitchen: Kitchen) -> None:
    sound = kitchen.make(
        FilterGraph((silence(250_000).between((), "out"),), outputs=("out",)), kind="a"
    ).sound()
    assert len(sound) == SAMPLES // 4 and not sound.any()


def test_the_bed_makes_way_and_outlasts_the_voice(kitchen: Kitchen) -> None:
    bed = "aevalsrc=exprs=0.5*sin(2*PI*200*t)|0.5*sin(2*PI*200*t):s=48000:d=2"
    voice = "aevalsrc=exprs=0|0.4*sin(2*PI*900*t)*between(t\\,0.4\\,1):s=48000:d=1"
    graph = duck(threshold=0.02, ratio=20, attack_ms=5, release_ms=50).renamed({"bed": "0:a", "voice": "1:a"})
    sound = kitchen.make(graph, bed, voice, kind="a").sound()[:, 0]
    assert len(sound) / SAMPLES == pytest.approx(2, abs=0.01)
    before, under, after = (level(sound[int(at * SAMPLES) :][: SAMPLES // 5]) for at in (0.1, 0.7, 1.7))
    assert before == pytest.approx(0.354, rel=0.02) == after and under < before / 3


@pytest.mark.parametrize(
    ("made", "left", "right"),
    [(pan(-1), 1, 0), (pan(0.5), 0.5, 1), (pan(0), 1, 1), (volume(0.25), 0.25, 0.25)],
)
def test_sides_are_as_loud_as_they_should(
    made: FilterChain, left: float, right: float, kitchen: Kitchen
) -> None:
    sound = kitchen.make(on_sound(made), SOUND, kind="a").sound()
    assert level(sound[:, 0]) == pytest.approx(left * 0.5 / 2**0.5, abs=1e-3)
    assert level(sound[:, 1]) == pytest.approx(right * 0.25 / 2**0.5, abs=1e-3)


def test_corners_let_through_where_they_should(kitchen: Kitchen) -> None:
    turned = kitchen.make(on_picture(rotate(45, alpha=0)), PICTURE).pictures(178, 178)
    assert (turned[:, 0, 0, 3] == 0).all() and (turned[:, 89, 89, 3] == 255).all()
    half = kitchen.make(on_picture(opacity(0.5)), PICTURE).pictures()
    assert np.abs(half[..., 3] - 127.5).max() <= 1
    keyed = kitchen.make(
        on_picture(color_key("#00FF00", similarity=0.1)), f"color=#00FF00:s=160x90:r={RATE}:d=1"
    )
    assert keyed.pictures()[..., 3].max() == 0


def test_a_mix_is_the_sum(kitchen: Kitchen) -> None:
    graph = mix(2, weights=(1, 0.5)).renamed({"in0": "0:a", "in1": "1:a"})
    one, other = (
        kitchen.make(on_sound(chain(use("anull"))), source, kind="a").sound() for source in (SOUND, QUIET)
    )
    both = kitchen.make(graph, SOUND, QUIET, kind="a").sound()
    assert np.abs(both - (one + other / 2)).max() < 1e-4


def test_subtitles_say_what_they_say(kitchen: Kitchen) -> None:
    """What was written as markup shows as text: the same picture in each form that keeps the style apart."""
    for form in ("srt", "vtt", "ass"):
        path = kitchen.files[f"in1.{form}"]
        ass = kitchen.run("-loglevel", "error", "-i", str(path), "-f", "ass", "-").out.decode()
        events = [line.split(",", 9)[9] for line in ass.splitlines() if line.startswith("Dialogue:")]
        plainly = [line.replace("\u2060", "").replace("\\{{}", "{") for line in events]
        assert plainly == ["One <b>two</b> {\\an8}\\N\\N 00:00 --> 00:01", "& three"], form
