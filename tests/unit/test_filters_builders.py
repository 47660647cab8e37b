"""What builders print, and what they refuse before anything reaches FFmpeg."""

from __future__ import annotations

import math
import time as clock_time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright.errors import BadRequest, EngineError
from clipwright.filters import (
    cleaning,
    colours,
    cube,
    detail,
    distortion,
    dynamics,
    geometry,
    grading,
    keying,
    loudness,
    mixing,
    soundfades,
    sources,
    speed,
    subtitles,
    text,
    timing,
    tonemapping,
    transitions,
)
from clipwright.filters.expression import Variable, call
from clipwright.filters.graph import File
from clipwright.filters.speed import Pace
from clipwright.filters.subtitles import Cue
from clipwright.filters.text import TextPlace, TextStyle, TextTime
from tests.unit.filter_examples import EXAMPLES, FONT, golden

repeatable = settings(deadline=None, derandomize=True, database=None, max_examples=60)
GOLDEN = Path(__file__).parent / "fixtures" / "filters.txt"
NAN = math.nan


def test_every_builder_prints_what_it_did():
    assert golden() == GOLDEN.read_text("utf-8"), (
        "print it anew as filter_examples.py says, and read the diff"
    )


def test_there_are_58_transitions_and_20_curves():
    assert len(transitions.TRANSITIONS) == len(set(transitions.TRANSITIONS)) == 58
    assert len(transitions.BUILT_IN) == 46
    assert sum(name.startswith("sound fade ") for name in EXAMPLES) == 21


def test_building_takes_less_than_a_millisecond():
    started = clock_time.perf_counter()
    for _ in range(100):
        text.text("Some words", FONT, when=TextTime(start_us=0, end_us=5_000_000, fade_in_us=1)).text()
    assert (
        clock_time.perf_counter() - started
    ) / 100 < 0.001 * 5  # five times what it may take, for a busy machine


REFUSED = {
    "text": lambda: text.text("", FONT),
    "text ": lambda: text.text("a\0", FONT),
    "text  ": lambda: text.text("x" * 10_001, FONT),
    "size": lambda: text.text("a", FONT, style=TextStyle(size=7)),
    "color": lambda: text.text("a", FONT, style=TextStyle(color="red:x=0")),
    "box_color_alpha": lambda: text.text("a", FONT, style=TextStyle(box_color="red", box_color_alpha=2)),
    "alpha": lambda: text.text("a", FONT, style=TextStyle(alpha=-0.1)),
    "position": lambda: text.text("a", FONT, place=TextPlace(position="top")),
    "x": lambda: text.text("a", FONT, place=TextPlace(x=Variable("X"))),
    "margin": lambda: text.text("a", FONT, place=TextPlace(margin=-1)),
    "end_us": lambda: text.text("a", FONT, when=TextTime(start_us=5, end_us=5)),
    "end_us ": lambda: text.text("a", FONT, when=TextTime(fade_out_us=5)),
    "start_us": lambda: text.text("a", FONT, when=TextTime(start_us=-5)),
    "factor": lambda: speed.video_speed(0.2),
    "factor ": lambda: speed.audio_speed(4.01),
    "factor  ": lambda: speed.audio_speed(NAN),
    "factor   ": lambda: loudness.volume(10.5),
    "paces": lambda: speed.variable_video_speed([]),
    "paces[0].factor": lambda: speed.variable_video_speed([Pace(start_us=0, end_us=9, factor=0)]),
    "paces[0].end_us": lambda: speed.variable_audio_speed([Pace(start_us=9, end_us=9, factor=2)]),
    "paces[1].start_us": lambda: speed.variable_audio_speed(
        [Pace(start_us=0, end_us=9, factor=2), Pace(start_us=8, end_us=10, factor=2)]
    ),
    "db": lambda: loudness.gain(21),
    "precision": lambda: loudness.volume(1, precision="half"),
    "lufs": lambda: loudness.measure_loudness(loudness.Target(lufs=0)),
    "true_peak_db": lambda: loudness.measure_loudness(loudness.Target(true_peak_db=1)),
    "range_lu": lambda: loudness.measure_loudness(loudness.Target(range_lu=0)),
    "ceiling_db": lambda: loudness.limit(0.1),
    "duration_us": lambda: soundfades.fade_sound("in", 9_999),
    "direction": lambda: soundfades.fade_sound("up", 10_000),
    "curve": lambda: soundfades.fade_sound("in", 10_000, curve="line"),
    "duration_us ": lambda: soundfades.crossfade_sound(0),
    "duration_us  ": lambda: soundfades.crossfade_sound(60_000_001),
    "curve_in": lambda: soundfades.crossfade_sound(1, curve_in="x"),
    "count": lambda: mixing.mix(1),
    "count ": lambda: mixing.mix(33),
    "weights": lambda: mixing.mix(3, weights=(1, 2)),
    "weights[1]": lambda: mixing.mix(2, weights=(1, -1)),
    "ending": lambda: mixing.mix(2, ending="last"),
    "threshold": lambda: mixing.duck(threshold=0.0009),
    "ratio": lambda: mixing.duck(ratio=21),
    "attack_ms": lambda: mixing.duck(attack_ms=0),
    "release_ms": lambda: mixing.duck(release_ms=9001),
    "position ": lambda: mixing.pan(1.1),
    "strength": lambda: cleaning.denoise(1.1),
    "frequency": lambda: cleaning.deess(0.5, 999),
    "cutoff": lambda: cleaning.deplode(201),
    "bands": lambda: cleaning.equalize([]),
    "bands[0].gain_db": lambda: cleaning.equalize([cleaning.Band(frequency=50, gain_db=25)]),
    "bands[0].frequency": lambda: cleaning.equalize([cleaning.Band(frequency=19, gain_db=2)]),
    "bands[0].width": lambda: cleaning.equalize([cleaning.Band(frequency=50, gain_db=2, width=0)]),
    "transition": lambda: transitions.crossfade("fadee", 1, 1),
    "transition ": lambda: transitions.crossfade("fade:expr=st(0,1)", 1, 1),
    "transition  ": lambda: transitions.crossfade(Variable("t"), 1, 1),
    "duration_us   ": lambda: transitions.crossfade("fade", 60_000_001, 1),
    "offset_us": lambda: transitions.crossfade("fade", 1, -1),
    "color ": lambda: transitions.fade_picture("in", 10_000, color="#12345"),
    "brightness": lambda: grading.adjust(brightness=1.01),
    "saturation": lambda: grading.adjust(saturation=3.1),
    "gamma_rgb[2]": lambda: grading.adjust(gamma_rgb=(1, 1, 0)),
    "degrees": lambda: grading.rotate_hue(361),
    "preset": lambda: grading.curves("psfile=/etc/passwd"),
    "points": lambda: grading.curves(points={"psfile": ((0, 0), (1, 1))}),
    "points.red[1][0]": lambda: grading.curves(points={"red": ((0.5, 0), (0.5, 1))}),
    "points.red": lambda: grading.curves(points={"red": ((0.5, 0),)}),
    "interpolation": lambda: grading.color_table(File("in1"), interpolation="x"),
    "look": lambda: cube.cube("x"),
    "sigma": lambda: detail.blur(0),
    "angle": lambda: detail.blur_along(-1),
    "size ": lambda: detail.sharpen(1, size=4),
    "amount": lambda: detail.sharpen(5.5),
    "similarity": lambda: keying.chroma_key(similarity=0),
    "blend": lambda: keying.color_key(blend=1.5),
    "share": lambda: keying.opacity(1.01),
    "width": lambda: geometry.crop(0, 10),
    "height": lambda: geometry.crop(10, 16_385),
    "width ": lambda: geometry.scale(None, None),
    "how": lambda: geometry.fit(10, 10, "cover"),
    "axis": lambda: geometry.flip("x"),
    "factor    ": lambda: geometry.zoom(0.5),
    "factor     ": lambda: geometry.zoom(call("min", Variable("t"), 2)),
    "frames": lambda: geometry.zoom(frames=0),
    "duration_us    ": lambda: timing.reverse_video(30_000_001),
    "rate": lambda: timing.convert_rate(0.5),
    "method": lambda: timing.convert_rate(25, method="flow"),
    "at_us": lambda: timing.freeze_video(-1, 5),
    "duration_us     ": lambda: timing.freeze_audio(1, 0),
    "k1": lambda: distortion.bend_lens(1.1),
    "blue": lambda: distortion.part_colors(0, 256),
    "strength ": lambda: distortion.grain(101),
    "size[1]": lambda: sources.plain_ground("red", (160, 0), 25, 1),
    "colors[1]": lambda: sources.gradient(("red", "x"), (160, 90), 25, 1),
    "duration_us      ": lambda: sources.silence(0),
    "frequency ": lambda: sources.tone(19, 1),
    "amplitude": lambda: sources.noise(1, amplitude=2),
    "makeup": lambda: dynamics.compress(dynamics.Squeeze(makeup=0)),
    "bands ": lambda: dynamics.compress_bands((200,), ()),
    "splits[1]": lambda: dynamics.compress_bands((200, 200), (dynamics.Squeeze(),) * 3),
    "transfer": lambda: tonemapping.hdr_to_sdr("srgb"),
    "operator": lambda: tonemapping.hdr_to_sdr(operator="x"),
    "style.font": lambda: subtitles.burn(
        File("a"), File("b"), style=subtitles.SubtitleStyle(font="A,Fontsize=9")
    ),
    "stream": lambda: subtitles.burn(File("a"), File("b"), stream=-1),
    "container": lambda: subtitles.soft_codec("avi"),
    "cues[0].end_us": lambda: subtitles.written([Cue(start_us=1, end_us=1, text="a")], "srt"),
    "cues[0].text": lambda: subtitles.written([Cue(start_us=1, end_us=2, text="")], "srt"),
    "form": lambda: subtitles.written([], "sub"),
}


@pytest.mark.parametrize("place", REFUSED, ids=lambda place: place.replace(" ", "_"))
def test_what_is_out_of_range_says_where(place):
    with pytest.raises(BadRequest) as refused:
        REFUSED[place]()
    assert refused.value.path == f"$.{place.strip()}"
    assert refused.value.hint


@repeatable
@given(st.fractions(Fraction(1, 4), 4))
def test_the_stages_of_a_tempo_make_it_exactly(factor):
    product = Fraction(1)
    for one in speed.audio_speed(factor).filters:
        for _, stage in one.options:
            assert Fraction(1, 2) <= stage <= 2
            product *= stage
    assert product == factor


@repeatable
@given(st.lists(st.tuples(st.integers(1, 10**7), st.integers(0, 10**6), st.fractions(0.01, 100)), min_size=1))
def test_what_is_played_is_what_each_span_plays(spans):
    paces, at, played = [], 0, Fraction(0)
    for length, gap, factor in spans:
        paces.append(Pace(start_us=at + gap, end_us=at + gap + length, factor=factor))
        at += gap + length
        played += gap + length / factor
    assert speed.played_us(paces, at) == played
    assert speed.played_us(paces, at + 10) == played + 10


def test_the_measured_loudness_is_read_from_a_log():
    log = """[Parsed_loudnorm_0 @ 0x1] \n{\n"input_i" : "-27.61",\n"input_tp" : "-4.47",\n"input_lra" : "18.06",
"input_thresh" : "-39.20",\n"output_i" : "-16.58",\n"output_tp" : "-1.50",\n"output_lra" : "14.78",
"output_thresh" : "-27.71",\n"normalization_type" : "dynamic",\n"target_offset" : "0.58"\n}\nrest"""
    heard = loudness.measured(log)
    assert heard == loudness.Measured(
        lufs=-27.61, true_peak_db=-4.47, range_lu=18.06, threshold_lufs=-39.2, offset_lu=0.58
    )
    silent = loudness.measured(log.replace("-27.61", "-inf"))
    assert silent.lufs == -math.inf
    assert loudness.normalize_loudness(loudness.Target(), silent).text() == "aformat=sample_rates=48000"
    with pytest.raises(EngineError):
        loudness.measured("nothing")


def test_a_table_has_all_its_colours():
    lines = cube.cube("identity", size=3).splitlines()
    assert lines[:2] == ['TITLE "identity"', "LUT_3D_SIZE 3"] and len(lines) == 2 + 27
    assert lines[3] == "0.500000 0.000000 0.000000" and lines[-1] == "1.000000 1.000000 1.000000"


def test_colours():
    assert colours.colour("White", "") == "white"
    assert colours.colour("#aBcDeF", "", 0.5) == "#aBcDeF@0.5"
    with pytest.raises(BadRequest) as refused:
        colours.colour("grean", "$.color")
    assert "green" in refused.value.hint


def test_subtitles_are_written_in_order_and_as_text():
    cues = [
        Cue(start_us=3_600_000_000, end_us=3_601_500_000, text="{\\b1}<i>&"),
        Cue(start_us=0, end_us=999_999, text="a\n\nb --> c"),
    ]
    assert subtitles.written(cues, "srt") == (
        "1\n00:00:00,000 --> 00:00:00,999\na\nb --\u2060> c\n\n"
        "2\n01:00:00,000 --> 01:00:01,500\n{\u2060\\b1}<\u2060i>&\n"
    )
    assert subtitles.written(cues, "vtt") == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:00.999\na\nb --&gt; c\n\n"
        "01:00:00.000 --> 01:00:01.500\n{\\b1}&lt;i&gt;&amp;\n"
    )
    assert subtitles.written(cues, "ass").splitlines()[-2:] == [
        "Dialogue: 0,0:00:00.00,0:00:00.99,Default,,0,0,0,,a\\Nb --> c",
        "Dialogue: 0,1:00:00.00,1:00:01.50,Default,,0,0,0,,\\{{}\\\u2060b1}<i>&",
    ]
    assert subtitles.soft_codec("mp4") == "mov_text"
