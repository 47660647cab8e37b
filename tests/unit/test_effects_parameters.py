"""Ranges are said once, with each parameter: what they allow builds, and what they do not is refused with its place."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright.effects.checking import ANYTHING, CROSSING, check
from clipwright.effects.definition import Definition
from clipwright.effects.reading import looked_over, read_params
from clipwright.effects.registry import EFFECTS, TRANSITIONS, effect, read, text_style
from clipwright.effects.textlook import TextLook
from clipwright.errors import BadRequest
from clipwright.filters.ranges import decimal, exact
from clipwright.project.document import Effect
from clipwright.project.faults import effect_faults

DEFINITIONS = {**EFFECTS, **{name: TRANSITIONS[name] for name in ("fade", "custom")}}
"""All other transitions have the parameters of fade."""

Schema = dict[str, Any]
Place = tuple[str | int, ...]

BASES: dict[str, dict[str, Any]] = {
    "speed_ramp": {"paces": [{"start_us": 0, "end_us": 3_600_000_000, "factor": 2}]},
    "volume_envelope": {"points": [{"at_us": 0, "factor": 1}]},
    "multiband_compressor": {"splits": [100], "bands": [{}, {}]},
}
"""Where the example's values stand in the way of another's bounds."""


class Leaf(NamedTuple):
    """A number somewhere in the parameters of an effect."""

    name: str
    place: Place
    schema: Schema

    def __str__(self) -> str:
        return f"{self.name} {written(self.place)}"


def written(place: Place) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)


def leaves(name: str, schema: Schema, place: Place = ()) -> Iterator[Leaf]:
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if "number" in kinds or "integer" in kinds:
        yield Leaf(name, place, schema)
    for key, inner in schema.get("properties", {}).items():
        yield from leaves(name, inner, (*place, key))
    for number, inner in enumerate(schema.get("prefixItems", [])):
        yield from leaves(name, inner, (*place, number))
    if schema.get("items"):
        yield from leaves(name, schema["items"], (*place, 0))


def sample(schema: Schema) -> Any:
    """Something that the schema allows."""
    if "default" in schema and schema["default"] is not None:
        return copy.deepcopy(schema["default"])
    if "enum" in schema:
        return schema["enum"][0]
    if "prefixItems" in schema:
        # Points of a curve are made so that they rise.
        return [0 for _ in schema["prefixItems"]]
    match schema["type"] if isinstance(schema["type"], str) else schema["type"][0]:
        case "object":
            return {key: sample(schema["properties"][key]) for key in schema["required"]}
        case "array":
            return [sample(schema["items"]) for _ in range(schema["minItems"])]
        case "string":
            return "source1"
        case _:
            return schema["maximum"]


def base(one: Definition) -> dict[str, Any]:
    return copy.deepcopy(BASES.get(one.name, one.example))


def with_value(one: Definition, place: Place, value: object) -> dict[str, Any]:
    """The example with that value at that place, and all that has to be around it."""
    params = base(one)
    holder: Any = params
    schema = one.schema
    for step, after in pairwise(place):
        schema = schema["properties"][step] if isinstance(step, str) else inner_of(schema, step)
        if isinstance(step, str) and holder.get(step) is None:
            holder[step] = sample(schema)
        holder = holder[step]
        if isinstance(after, int) and not holder:
            holder.append(sample(schema["items"]))
    holder[place[-1]] = value
    if place[:1] == ("points",) and one.name == "curves":
        # Inputs rise, so where the first point lies at the end there is no room for another: it is the last then.
        curve = params["points"][place[1]]
        curve[1:] = [[1, 1]]
        if place[-1] == 0 and value == 1 and value is not True:
            curve.reverse()
            curve[0] = [0, 0]
    return params


def inner_of(schema: Schema, step: int) -> Schema:
    listed = schema.get("prefixItems")
    return listed[step] if listed else schema["items"]


LEAVES = [leaf for one in DEFINITIONS.values() for leaf in leaves(one.name, one.schema)]


def built(one: Definition, params: dict[str, Any]) -> None:
    context = CROSSING if one.name in TRANSITIONS else ANYTHING
    made = one.build(read(one, params, "$.e"), context, "$.e")
    assert made.video or made.audio


def refused(one: Definition, params: dict[str, Any]) -> BadRequest:
    with pytest.raises(BadRequest) as caught:
        read(one, params, "$.e")
    return caught.value


def test_there_are_many_numbers():
    assert len(LEAVES) > 120
    assert {leaf.name for leaf in LEAVES} >= EFFECTS.keys() - {
        "reverse", "flip", "frame_rate", "color_preset", "lut",
    }  # fmt: skip


@pytest.mark.parametrize("leaf", LEAVES, ids=str)
def test_both_bounds_of_a_number_build_and_nothing_beyond_them_is_read(leaf: Leaf):
    one = DEFINITIONS[leaf.name]
    low = leaf.schema.get("minimum", leaf.schema.get("exclusiveMinimum"))
    high = leaf.schema["maximum"]
    open_low = "exclusiveMinimum" in leaf.schema
    whole = "integer" in leaf.schema["type"]
    small = 1 if whole else 1e-6
    built(one, with_value(one, leaf.place, low + 1e-6 if open_low else low))
    built(one, with_value(one, leaf.place, high))
    beyond = [low if open_low else low - small, high + small, 10**400, -(10**400), 1e308]
    for value in beyond:
        wrong = refused(one, with_value(one, leaf.place, value))
        assert wrong.path == f"$.e.params{written(leaf.place)}"
        for said in (wrong.message, wrong.hint):
            assert decimal(exact(low)) in said and decimal(exact(high)) in said
            assert leaf.schema.get("unit", "") in said
    for value in (math.nan, math.inf, -math.inf, True, "1", [], {}):
        wrong = refused(one, with_value(one, leaf.place, value))
        assert wrong.path == f"$.e.params{written(leaf.place)}" and "not a number" in wrong.message
    if whole:
        assert "whole number" in refused(one, with_value(one, leaf.place, low + 0.5)).message


@pytest.mark.parametrize("name", DEFINITIONS)
def test_defaults_and_examples_build(name: str):
    one = DEFINITIONS[name]
    built(one, one.example)
    needed = one.schema["required"]
    built(one, {key: value for key, value in one.example.items() if key in needed})
    faults = list(check("transition" if name in TRANSITIONS else "effect", name, one.example, "$"))
    # A clip is one sound, which nothing can be mixed with.
    assert [fault.path for fault in faults] == (["$.name"] if name in ("duck", "mix") else [])


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_parameter_has_a_hint_and_every_number_a_range(name: str):
    one = DEFINITIONS[name]
    assert one.summary[0].isupper() and one.summary.endswith(".")
    assert all(hint.endswith(".") for hint in one.hints.values())
    for leaf in leaves(name, one.schema):
        assert "maximum" in leaf.schema and ("minimum" in leaf.schema or "exclusiveMinimum" in leaf.schema)
    for key, field in one.schema["properties"].items():
        assert ("default" in field) != (key in one.schema["required"])


@pytest.mark.parametrize("name", DEFINITIONS)
def test_an_unknown_parameter_is_refused_with_the_nearest(name: str):
    one = DEFINITIONS[name]
    known = list(one.hints)
    misspelt = f"{known[0]}x" if known else "anything"
    wrong = refused(one, {**one.example, misspelt: 1})
    assert wrong.path == f"$.e.params.{misspelt}"
    assert (known[0] in wrong.hint) if known else (wrong.hint == "It takes none.")


@pytest.mark.parametrize("name", DEFINITIONS)
def test_choices_build_and_others_are_refused_with_the_nearest(name: str):
    one = DEFINITIONS[name]
    for key, field in one.schema["properties"].items():
        for choice in field.get("enum", []):
            built(one, {**base(one), key: choice})
        if "enum" in field:
            wrong = refused(one, {**base(one), key: f"{field['enum'][0]}x"})
            assert wrong.path == f"$.e.params.{key}" and field["enum"][0] in wrong.hint
        if field.get("type") == "boolean":
            built(one, {**base(one), key: True})
            built(one, {**base(one), key: False})
            assert refused(one, {**base(one), key: 1}).path == f"$.e.params.{key}"


@pytest.mark.parametrize(
    ("name", "params", "path", "word"),
    [
        ("crop", {}, "width", "missing"),
        ("crop", {"width": 20}, "height", "missing"),
        ("blur", [], "", "object"),
        ("blur", None, "", "object"),
        ("text", {"text": ""}, "text", "empty"),
        ("text", {"text": "x" * 10_001}, "text", "10001"),
        ("text", {"text": "a\0"}, "text", "character"),
        ("text", {"text": "a", "color": "redd"}, "color", "redd"),
        ("text", {"text": "a", "color": 5}, "color", "5"),
        ("text", {"text": 5}, "text", "empty"),
        ("subtitles", {"source": "s", "style": {"sise": 5}}, "style.sise", "sise"),
        ("subtitles", {"source": "s", "style": []}, "style", "object"),
        ("equalizer", {"bands": []}, "bands", "1 to 32"),
        ("equalizer", {"bands": [{"frequency": 100, "gain_db": 0}] * 33}, "bands", "1 to 32"),
        ("equalizer", {"bands": {}}, "bands", "list"),
        ("equalizer", {"bands": [{"frequency": 100, "gain_db": 0}, {"gain_db": 0}]}, "bands[1].frequency", "missing"),
        ("gamma", {"gamma_rgb": [1, 2]}, "gamma_rgb", "3"),
        ("gamma", {"gamma_rgb": [1, 2, None]}, "gamma_rgb[2]", "number"),
        ("curves", {"points": {"master": [[0, 0], [1]]}}, "points.master[1]", "2"),
        ("curves", {"points": {"violet": []}}, "points.violet", "violet"),
    ],
)  # fmt: skip
def test_what_has_another_shape_is_refused(name: str, params: Any, path: str, word: str):
    wrong = refused(effect(name), params)
    assert wrong.path == f"$.e.params{path and f'.{path}'}" and word in wrong.message


@pytest.mark.parametrize(
    ("name", "params", "path"),
    [
        ("sharpen", {"size": 4}, "size"),
        ("frame_rate", {"rate": "x"}, "rate"),
        ("frame_rate", {"rate": "900"}, "rate"),
        ("scale", {"width": None}, "width"),
        ("curves", {"points": {"red": [[0.5, 0], [0.4, 1]]}}, "points.red[1][0]"),
        ("speed_ramp", {"paces": [{"start_us": 5, "end_us": 5, "factor": 1}]}, "paces[0].end_us"),
        ("multiband_compressor", {"splits": [100]}, "bands"),
        ("multiband_compressor", {"splits": [200, 100]}, "splits[1]"),
        ("volume_envelope", {"points": [{"at_us": 5, "factor": 1}] * 2}, "points[1].at_us"),
        ("subtitles", {"source": "s", "style": {"color": "yellow!"}}, "style.color"),
    ],
)
def test_what_does_not_go_together_is_refused_when_it_is_built(name: str, params: Any, path: str):
    faults = list(check("effect", name, params, "$.e"))
    assert [fault.path for fault in faults] == [f"$.e.params.{path}"]
    assert faults[0].message and faults[0].hint


def test_every_fault_is_told_at_once():
    params = {"text": "", "siez": 3, "alpha": 2, "position": "middle", "box_color": "blak"}
    faults = list(check("effect", "text", params, "$.tracks[0].clips[1].effects[0]"))
    where = "$.tracks[0].clips[1].effects[0].params"
    assert {fault.path for fault in faults} == {f"{where}.{name}" for name in params}
    assert "size" in next(fault.hint for fault in faults if fault.path.endswith("siez"))


@pytest.mark.parametrize(
    ("limits", "places"), [((0, None), []), ((5, 9), ["start_us"]), ((None, 9), ["end_us"])]
)
def test_a_part_of_the_time_is_refused_where_an_effect_is_for_all_of_it(
    limits: tuple[int | None, int | None], places: list[str]
):
    for name in ("reverse", "blur", "bluur"):
        one = Effect(name=name, start_us=limits[0], end_us=limits[1])
        wanted = [f"$.e.{place}" for place in places if name == "reverse"]
        found = [fault.path for fault in effect_faults(one, 1_000_000, "$.e", check)]
        assert found == (["$.e.name"] if name == "bluur" else wanted)


def test_faults_of_names_and_styles():
    assert [fault.path for fault in check("effect", "bluur", {}, "$.e")] == ["$.e.name"]
    (wrong,) = check("transition", "wipelef", {}, "$.t")
    assert wrong.path == "$.t.name" and "wipeleft" in wrong.hint
    (wrong,) = check("text", "", {"colour": "red"}, "$.clip")
    assert wrong.path == "$.clip.style.colour" and "color" in wrong.hint
    assert list(check("text", "", {}, "$.clip")) == []
    assert list(check("text", "", {"fade_out_us": 100_000, "size": 20}, "$.clip")) == []
    assert list(check("effect", "text", {"text": "a", "fade_out_us": 1}, "$.clip")) == []
    assert list(check("transition", "custom", {"formula": "A"}, "$.t")) == []


def test_a_style_of_text_is_typed():
    style, place, when = text_style(
        {"size": 20, "color": "red", "position": "center", "fade_in_us": 5}, "$.c"
    )
    assert (style.size, style.color, place.position, when.fade_in_us) == (20, "red", "center", 5)
    with pytest.raises(BadRequest) as caught:
        text_style({"size": 7}, "$.c")
    assert caught.value.path == "$.c.style.size"
    assert looked_over(TextLook, {}, "$")[0] == read_params(TextLook, {}, "$") == TextLook()


JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5),
        st.sampled_from(["in", "#ffffff", "red", "pq", 0.5, 1, 10**30]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip


@settings(deadline=None, derandomize=True, database=None, max_examples=400)
@given(st.data())
def test_whatever_is_given_is_built_or_refused(data: st.DataObject):
    name = data.draw(st.sampled_from(sorted(DEFINITIONS)))
    one = DEFINITIONS[name]
    params = copy.deepcopy(one.example)
    for key in data.draw(st.lists(st.sampled_from([*one.hints, "other"]), max_size=2)):
        params[key] = data.draw(JSON)
    for leaf in data.draw(
        st.lists(st.sampled_from([leaf for leaf in LEAVES if leaf.name == name] or [None]), max_size=1)
    ):
        if leaf is not None:
            params = with_value(one, leaf.place, data.draw(JSON))
    for fault in check("transition" if name in TRANSITIONS else "effect", name, params, "$.e"):
        assert fault.path.startswith("$.e") and fault.message and fault.hint
