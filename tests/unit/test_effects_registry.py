"""Effects and transitions by name: what they build, when it works, how long it lasts, how they are described."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from clipwright.effects import previews
from clipwright.effects.definition import Built, Context, Definition
from clipwright.effects.description import describe, effects_info
from clipwright.effects.registry import (
    EFFECTS,
    TRANSITIONS,
    build,
    crossing,
    duration_after,
    effect,
    read,
    transition,
)
from clipwright.errors import BadRequest
from clipwright.filters.graph import File, Filter, FilterChain, FilterGraph
from clipwright.filters.pads import TIMELINE
from clipwright.filters.speed import Pace, played_us

SECOND = 1_000_000
CONTEXT = Context(
    width=320,
    height=180,
    frame_rate=Fraction(25),
    sample_rate=48_000,
    channels=2,
    duration_us=2 * SECOND,
    font=File("font0.ttf"),
    fonts=File("fonts"),
    files={"lut1": File("in1.cube"), "subtitles1": File("in1.srt")},
)
FILES = previews.files()
ALL = {**EFFECTS, **TRANSITIONS}


def filters(made: Built) -> Iterator[Filter]:
    for one in (made.video, made.audio):
        chains = [one] if isinstance(one, FilterChain) else one.chains if one else []
        for chain in chains:
            yield from chain.filters


def text(made: FilterChain | FilterGraph | None) -> str:
    assert isinstance(made, FilterChain)
    return made.text()


def refused(*arguments: Any, **named: Any) -> BadRequest:
    with pytest.raises(BadRequest) as caught:
        build(*arguments, **named)
    return caught.value


def variants(one: Definition) -> Iterator[dict[str, Any]]:
    """The example, and every choice in it."""
    yield one.example
    if one.name == "rotate":
        yield from ({"degrees": 90}, {"degrees": 30, "alpha": 0})
    for key, field in one.schema["properties"].items():
        choices = field.get("enum") or ([False, True] if field.get("type") == "boolean" else [])
        yield from ({**one.example, key: choice} for choice in choices)


def test_everything_has_its_own_name():
    assert len(EFFECTS) > 55 and len(TRANSITIONS) == 59
    assert all(name == one.name for name, one in ALL.items())
    assert all(one.arity == 2 and one.inputs == ("first", "second") for one in TRANSITIONS.values())


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_builds_what_it_says(name: str):
    one = effect(name)
    made = [build(name, params, CONTEXT) for params in variants(one)]
    for built in made:
        assert (built.video is not None) == (one.kind in ("video", "both"))
        assert (built.audio is not None) == (one.kind in ("audio", "both"))
        for stream in (built.video, built.audio):
            if isinstance(stream, FilterGraph):
                assert (stream.inputs, stream.outputs) == (one.inputs, ("out",))
            elif stream:
                assert stream.pads == (1, 1) and one.arity == 1
    every = all(step.name in TIMELINE for built in made for step in filters(built))
    assert one.limitable == every


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_keeps_to_its_time_or_says_that_it_cannot(name: str):
    one = effect(name)
    if not one.limitable:
        wrong = refused(name, one.example, CONTEXT, "$.e", 0, SECOND)
        assert wrong.path == "$.e.start_us" and "Split" in wrong.hint
        assert refused(name, one.example, CONTEXT, "$.e", end_us=SECOND).path == "$.e.end_us"
        return
    steps = list(filters(build(name, one.example, CONTEXT, "$.e", SECOND // 2, SECOND)))
    if one.kind == "audio":
        # Short frames of sound on the way in, as it is switched on and off by the frame.
        first, *steps, last = steps
        assert first.name == last.name == "asetnsamples"
    for step in steps:
        assert str(dict(step.options)["enable"]) == "gte(t,0.5)*lt(t,1)"


def test_the_edges_of_a_limit():
    assert "enable" not in text(build("blur", {}, CONTEXT, "$", 0).video)
    assert text(build("blur", {}, CONTEXT, "$", SECOND).video) == "gblur=sigma=2:enable=gte(t\\,1)"
    assert text(build("blur", {}, CONTEXT, "$", None, SECOND).video) == "gblur=sigma=2:enable=lt(t\\,1)"
    for start, end, path in (
        (5, 5, "end_us"), (None, 0, "end_us"), (-1, None, "start_us"), (0.5, None, "start_us"),
        (2 * SECOND, None, "start_us"), (True, None, "start_us"),
    ):  # fmt: skip
        assert refused("blur", {}, CONTEXT, "$.e", start, end).path == f"$.e.{path}"


def test_a_text_that_has_its_time_is_limited_once():
    params = {"text": "a", "fade_in_us": 100_000, "fade_out_us": 200_000}
    (drawn,) = filters(build("text", params, CONTEXT, "$", SECOND // 2, SECOND))
    options = {key: str(value) for key, value in drawn.options}
    assert options["enable"] == "gte(t,0.5)*lt(t,1)"
    assert options["alpha"] == "clip(min((t-0.5)/0.1,(1-t)/0.2),0,1)"
    (drawn,) = filters(build("text", params, CONTEXT))
    assert str(dict(drawn.options)["enable"]) == "lt(t,2)"
    (drawn,) = filters(build("text", {"text": "a"}, CONTEXT))
    assert "enable" not in dict(drawn.options)


def test_fades_lie_at_the_edges_of_what_they_are_applied_to():
    def starts(name: str, *limits: int | None) -> str:
        (step,) = filters(build(name, {"duration_us": 400_000}, CONTEXT, "$", *limits))
        options = dict(step.options)
        return f"{options['start_time']}+{options['duration']}"

    assert starts("fade_in") == starts("audio_fade_in") == "0+2/5"
    assert starts("fade_out") == starts("audio_fade_out") == starts("fade_out_alpha") == "8/5+2/5"
    assert starts("fade_in", SECOND) == "1+2/5"
    assert starts("fade_out", 0, SECOND) == "3/5+2/5"
    assert starts("fade_out", 1_900_000) == "19/10+2/5"


@pytest.mark.parametrize(
    ("name", "near"), [("blurr", "blur"), ("Brightnes", "brightness"), ("fadein", "fade_in"), ("", "brightness")]
)  # fmt: skip
def test_an_unknown_effect_is_refused_with_the_nearest(name: str, near: str):
    wrong = refused(name, {}, CONTEXT, "$.effects[3]")
    assert wrong.path == "$.effects[3].name" and near in wrong.hint


def test_an_unknown_transition_is_refused_with_the_nearest():
    with pytest.raises(BadRequest) as caught:
        crossing("wipe_left", "$.t")
    assert caught.value.path == "$.t.name" and "wipeleft" in caught.value.hint


def test_what_lasts_otherwise_says_how_long():
    assert duration_after("speed", {"factor": 3}, SECOND) == 333_333
    assert duration_after("speed", {"factor": 0.3}, SECOND) == 3_333_333
    assert duration_after("freeze_frame", {"duration_us": 7}, SECOND) == SECOND + 7
    assert duration_after("hold_last_frame", {"duration_us": 7}, SECOND) == SECOND + 7
    ramp = EFFECTS["speed_ramp"].example
    paces = [Pace(**one) for one in ramp["paces"]]
    assert duration_after("speed_ramp", ramp, 2 * SECOND) == played_us(paces, 2 * SECOND) == 2_250_000
    for name, one in EFFECTS.items():
        if one.lasting is None:
            assert duration_after(name, one.example, 1_234_567) == 1_234_567
        else:
            assert one.changes_time


def test_a_transition_crosses_pictures_and_sound():
    made = transition("fade", {"curve_in": "exp"}, 500_000, 1_500_000, CONTEXT, "$.t")
    assert isinstance(made.video, FilterGraph) and isinstance(made.audio, FilterGraph)
    assert made.video.chains[-1].text() == "[held][second]xfade=transition=fade:duration=0.5:offset=1.5[out]"
    assert made.audio.chains[0].text() == (
        "[first][second]acrossfade=duration=0.5:overlap=1:curve1=tri:curve2=exp[out]"
    )
    with pytest.raises(BadRequest) as caught:
        transition("fade", {}, 61 * SECOND, 0, CONTEXT, "$.t")
    assert caught.value.path == "$.t.duration_us"


@pytest.mark.parametrize("formula", ["A*", "B)", "Q", "A;B", "a0(X)", "[A]", "sin()", "A" * 1001, "((" * 30])
def test_a_formula_that_is_none_is_refused(formula: str):
    with pytest.raises(BadRequest) as caught:
        transition("custom", {"formula": formula}, SECOND, 0, CONTEXT, "$.t")
    assert caught.value.path == "$.t.params.formula"


@pytest.mark.parametrize(
    ("name", "params", "path"),
    [
        ("crop", {"width": 321, "height": 10}, "params.width"),
        ("crop", {"width": 32, "height": 100, "y": 81}, "params.height"),
        ("pad", {"width": 318, "height": 180}, "params.width"),
        ("pad", {"width": 320, "height": 190, "y": 11}, "params.height"),
        ("lut", {"source": "lut2"}, "params.source"),
        ("subtitles", {"source": "no"}, "params.source"),
        (
            "speed_ramp",
            {"paces": [{"start_us": 0, "end_us": 2_000_001, "factor": 2}]},
            "params.paces[0].end_us",
        ),
        ("freeze_frame", {"at_us": 2 * SECOND}, "params.at_us"),
    ],
)
def test_what_does_not_fit_is_refused(name: str, params: dict[str, Any], path: str):
    assert refused(name, params, CONTEXT, "$.e").path == f"$.e.{path}"


def test_what_nobody_can_do_is_refused():
    bare = msgspec.structs.replace(CONTEXT, font=None, fonts=None, duration_us=31 * SECOND)
    for name in ("text", "subtitles", "reverse"):
        assert refused(name, EFFECTS[name].example, bare, "$.e").path == "$.e.name"
    assert "lut1" in refused("lut", {"source": "lut2"}, CONTEXT).hint
    assert "Add the file" in refused("lut", {"source": "a"}, msgspec.structs.replace(CONTEXT, files={})).hint


@pytest.mark.parametrize("name", ALL)
def test_a_preview_can_be_run_as_it_stands(name: str):
    one = ALL[name]
    made = one.preview()
    for stream in (made.video, made.audio):
        if stream is not None:
            assert isinstance(stream, FilterGraph)
            assert stream.inputs == () and stream.outputs == ("out",) and stream.text()
    opened = {value.name for step in filters(made) for _, value in step.options if isinstance(value, File)}
    assert opened <= {*FILES, previews.FONT.name, previews.FONTS.name}
    assert {file.name for file in previews.FILES.values()} == FILES.keys()


def test_one_document_tells_all():
    document = describe()
    assert json.loads(json.dumps(document)) == document
    assert document["schema_version"] == 1
    assert [one["name"] for one in document["effects"]] == list(EFFECTS)
    assert [one["name"] for one in document["transitions"]] == list(TRANSITIONS)
    assert "$ref" not in json.dumps(document)
    style = document["text_style"]["properties"]
    assert (style["size"]["minimum"], style["size"]["maximum"], style["size"]["default"]) == (8, 256, 48)
    assert style["size"]["unit"] == "pixels" and style["size"]["description"]
    for one in document["effects"]:
        definition = EFFECTS[one["name"]]
        assert read(definition, one["example"]["params"]) and definition.hints.keys() == (
            one["parameters"]["properties"].keys()
        )


def test_one_effect_can_be_told_alone():
    info = effects_info("blur")
    assert [one.name for one in info.effects] == ["blur"] and info.transitions == ()
    assert [one.name for one in effects_info("wipeleft").transitions] == ["wipeleft"]
    with pytest.raises(BadRequest) as caught:
        effects_info("blurr")
    assert caught.value.path == "$.name" and "blur" in caught.value.hint
