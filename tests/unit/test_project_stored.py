"""Documents as text: what is refused and where, what is kept, and that old ones are upgraded exactly."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright.errors import BadRequest
from clipwright.jsontext import MAX_BRACKETS, MAX_BYTES, MAX_NESTING, looked_over
from clipwright.project import stored
from clipwright.project.document import MAX_CLIPS, Clip, Document, Effect, Footage, Group, Track, Transition
from clipwright.project.faults import SHOWN, Fault
from clipwright.project.validation import validate

repeatable = settings(deadline=None, derandomize=True, database=None, max_examples=60)
SECOND = 1_000_000


def clip(number: int, **fields: object) -> dict[str, object]:
    usual = {
        "id": f"c{number}",
        "start_us": number * SECOND,
        "end_us": (number + 1) * SECOND,
        "source": "s1",
        "source_start_us": 0,
        "source_end_us": SECOND,
    }
    return usual | fields


def document(*clips: dict[str, object], kind: str = "video", **fields: object) -> dict[str, object]:
    usual = {
        "schema_version": 2,
        "sources": [{"id": "s1", "duration_us": 10 * SECOND}],
        "tracks": [{"id": "t1", "kind": kind, "clips": list(clips)}],
    }
    return usual | fields


def faults(value: object) -> list[str]:
    return [fault.path for fault in stored.examine(json.dumps(value))[1]]


C0 = "$.tracks[0].clips[0]"
NESTED: object = 1
for _ in range(30):
    NESTED = [NESTED]


# What is wrong with one document, and where


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        (document(clip(0, start_us=-1)), f"{C0}.start_us"),
        (document(clip(0, start_us=2 * SECOND)), f"{C0}.end_us"),
        (document(clip(0, end_us=-5)), f"{C0}.end_us"),
        (document(clip(0, end_us=10**30)), f"{C0}.end_us"),
        (document(clip(0, end_us=1.5)), f"{C0}.end_us"),
        (document(clip(0, source="nowhere")), f"{C0}.source"),
        (document(clip(0, source=None)), f"{C0}.source"),
        (document(clip(0, source_start_us=-1)), f"{C0}.source_start_us"),
        (document(clip(0, source_end_us=11 * SECOND)), f"{C0}.source_end_us"),
        (document(clip(0, source_end_us=0)), f"{C0}.source_end_us"),
        (document(clip(0, source_end_us=3 * SECOND)), f"{C0}.end_us"),
        (document(clip(0, speed="9")), f"{C0}.speed"),
        (document(clip(0, speed=2)), f"{C0}.speed"),
        (document(clip(0, speed="2")), f"{C0}.end_us"),
        (document(clip(0, volume=-1)), f"{C0}.volume"),
        (document(clip(0, text="a")), f"{C0}.text"),
        (document(clip(0, style={"size": 1})), f"{C0}.style"),
        (document(clip(0, id="a b")), f"{C0}.id"),
        (document(clip(0, id="")), f"{C0}.id"),
        (document(clip(0, label="x" * 201)), f"{C0}.label"),
        (document(clip(0), clip(1, id="c0")), "$.tracks[0].clips[1].id"),
        (document(clip(1), clip(0)), "$.tracks[0].clips[1].start_us"),
        (
            document(clip(0), clip(1, start_us=SECOND // 2, end_us=SECOND * 3 // 2)),
            "$.tracks[0].clips[1].start_us",
        ),
        (document(clip(0), kind="text"), f"{C0}.source"),
        (document({"id": "c0", "start_us": 0, "end_us": SECOND}, kind="text"), f"{C0}.text"),
        (document({"id": "c0", "start_us": 0, "end_us": SECOND}, kind="subtitle"), f"{C0}.text"),
        (document(clip(0, effects=[{"name": "blur; movie=x"}])), f"{C0}.effects[0].name"),
        (document(clip(0, effects=[{"name": "blur", "start_us": 9 * SECOND}])), f"{C0}.effects[0].start_us"),
        (
            document(clip(0, effects=[{"name": "blur", "start_us": 5, "end_us": 5}])),
            f"{C0}.effects[0].end_us",
        ),
        (document(clip(0, effects=[{"name": "blur", "params": {"a": "\x00"}}])), f"{C0}.effects[0].params.a"),
        (document(clip(0, effects=[{"name": "blur", "params": {"a": NESTED}}])), f"{C0}.effects[0].params"),
        (document(clip(0, effects=[{"name": "blur", "params": []}])), f"{C0}.effects[0].params"),
        (document(clip(0, effects=[{"name": "blur"}] * 101)), f"{C0}.effects"),
        (document(clip(0, transform={"opacity": 2})), f"{C0}.transform.opacity"),
        (document(clip(0, transform={"rotation": 1e9})), f"{C0}.transform.rotation"),
        (document(clip(0, transform={"crop": {"left": 0.6, "right": 0.6}})), f"{C0}.transform.crop"),
        (document(clip(0, transform={"cell": {"x": 0.9, "width": 0.2}})), f"{C0}.transform.cell.width"),
        (document(sources=[{"id": "s1"}, {"id": "s1"}]), "$.sources[1].id"),
        (document(sources=[{"id": "s1", "duration_us": -1}]), "$.sources[0].duration_us"),
        (
            document(clip(0), sources=[{"id": "s1", "duration_us": 9 * SECOND, "picture": False}]),
            f"{C0}.source",
        ),
        (document(sources=[{"id": "s1", "project": {"tracks": []}}]), "$.sources[0].project"),
        (document(markers=[{"id": "m", "time_us": -1}]), "$.markers[0].time_us"),
        (document(markers=[{"id": "m", "time_us": 1}] * 2), "$.markers[1].id"),
        (document(output={"width": 3}), "$.output.width"),
        (document(output={"height": 10**9}), "$.output.height"),
        (document(output={"frame_rate": "1/0"}), "$.output.frame_rate"),
        (document(output={"channels": 3}), "$.output.channels"),
        (document(output={"sample_rate": 0}), "$.output.sample_rate"),
        (document(output={"background": "red"}), "$.output.background"),
        (document(groups=[{"id": "g", "members": ["g"]}]), "$.groups[0].members"),
        (document(groups=[{"id": "g", "members": []}]), "$.groups[0].members"),
        (document(groups=[{"id": "g", "members": ["nobody"]}]), "$.groups[0].members[0]"),
        (document(clip(0), groups=[{"id": "g", "members": ["c0", "c0"]}]), "$.groups[0].members[1]"),
        (document(clip(0), groups=[{"id": "c0", "members": ["c0"]}]), "$.groups[0].id"),
        (document(tracks=[{"id": "t", "kind": "smell"}]), "$.tracks[0].kind"),
        (document(tracks=[{"id": "t", "kind": "text"}] * 2), "$.tracks[1].id"),
        (document(tracks=[{"id": "t", "kind": "text"}] * 201), "$.tracks"),
        (document(speling=1), "$.speling"),
        (document(name="\x00"), "$.name"),
        (document(schema_version=3), "$.schema_version"),
        (document(schema_version=0), "$.schema_version"),
        (document(schema_version=-(10**30)), "$.schema_version"),
        (document(schema_version="2"), "$.schema_version"),
        ({}, "$.schema_version"),
        ([], "$.schema_version"),
        (None, "$.schema_version"),
    ],
)
def test_a_fault_is_found_where_it_is(wrong: object, path: str) -> None:
    assert faults(wrong)[:1] == [path]
    with pytest.raises(BadRequest) as refused:
        stored.read(json.dumps(wrong))
    assert refused.value.path == path
    assert refused.value.message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "nonsense",
        b"\xff\xfe",
        "\ud800",
        '{"schema_version": 2, "name": "\\ud800"}',
        json.dumps(document(clip(0, volume=float("nan")))),
        json.dumps(document(clip(0, volume=float("inf")))),
        json.dumps(document(clip(0))).replace('"speed"', "'speed'") + "x",
        "[" * 100_000,
        '{"name": "' + '\\"' * 10**6,
        '{"schema_version": 2, "effects": [{"name": "a", "params": {"a": '
        + "[" * 100_000
        + "]" * 100_000
        + "}}]}",
    ],
)
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(BadRequest) as refused:
        stored.read(text)
    assert refused.value.path.startswith("$")


brackets = st.recursive(
    st.none() | st.text('[]{}"\\é', max_size=4),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("]}"), inner),
)


@settings(repeatable, max_examples=20)
@given(value=brackets)
def test_brackets_within_texts_do_not_count(value: object) -> None:
    text = json.dumps(value)
    assert looked_over(text, "$") == text.encode()


@pytest.mark.parametrize("one", [b"[", b'{"a":'])
def test_nesting_ends_somewhere(one: bytes) -> None:
    close = {b"[": b"]"}.get(one, b"}")
    fits = one * MAX_NESTING + b"1" + close * MAX_NESTING
    assert looked_over(fits, "$") == fits
    for wrong in (one + fits + close, fits[:-1], fits + close, one * 10**6, b'"\\\\"' + one * 100):
        with pytest.raises(BadRequest):
            looked_over(wrong, "$")


def test_a_number_beyond_all_is_refused_at_its_place() -> None:
    text = json.dumps(document(clip(0, volume=7.25))).replace("7.25", "1e999")
    with pytest.raises(BadRequest) as refused:
        stored.read(text)
    assert refused.value.path.startswith("$")


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), object(), {1: 2}, ["ok", {"deep": float("nan")}]]
)
def test_values_that_json_does_not_have_are_refused(value: object) -> None:
    found = validate(Document(effects=(Effect(name="blur", params={"a": value}),)))
    assert [fault.path[:19] for fault in found] == ["$.effects[0].params"]


@pytest.mark.parametrize(
    ("count", "path", "most"), [(10**6, "$", MAX_BRACKETS // 2), (10**5, "$.tracks[0].clips", MAX_CLIPS)]
)
@pytest.mark.parametrize("one", ["{}", '{"id": "a", "start_us": 0, "end_us": 1, "text": ""}'])
def test_a_million_clips_are_one_fault_with_its_limit(count: int, path: str, most: int, one: str) -> None:
    clips = f"{one}," * (count - 1) + one
    text = '{"schema_version": 2, "tracks": [{"id": "t", "kind": "text", "clips": [' + clips + "]}]}"
    with pytest.raises(BadRequest) as refused:
        stored.read(text)
    assert refused.value.path == path
    assert str(most) in refused.value.hint
    assert refused.value.detail == ""


def test_too_many_good_clips_are_one_fault_with_its_limit() -> None:
    one = Clip(id="c", start_us=0, end_us=SECOND, text="")
    track = Track(id="t", kind="text", clips=(one,) * (MAX_CLIPS // 2 + 1))
    found = validate(Document(tracks=(track, track)))
    assert [(fault.path, str(MAX_CLIPS) in fault.hint) for fault in found] == [("$.tracks[1].clips", True)]


def test_too_long_a_text_is_refused_unread() -> None:
    with pytest.raises(BadRequest, match="too long"):
        stored.read(b" " * (MAX_BYTES + 1))


def test_every_fault_is_reported() -> None:
    wrong = document(
        clip(0, speed="9", volume=-1, source="nowhere"),
        clip(1, volume=11),
        output={"width": 1, "background": "?"},
        markers=[{"id": "m", "time_us": -1}],
    )
    found = faults(wrong)
    assert set(found) == {
        f"{C0}.volume",
        f"{C0}.source",
        "$.tracks[0].clips[1].volume",
        "$.output.width",
        "$.output.background",
        "$.markers[0].time_us",
    }
    with pytest.raises(BadRequest, match="and 5 more faults") as refused:
        stored.read(json.dumps(wrong))
    assert all(path in refused.value.detail for path in found)


def test_a_number_too_large_to_be_read_has_its_place() -> None:
    text = '{"schema_version": 2, "tracks": [{"id": "t", "kind": "video", "volume": 1e999}]}'
    (fault,) = stored.examine(text)[1]
    assert fault.path == "$.tracks[0].volume"


def test_every_fault_of_shape_is_reported() -> None:
    wrong = document(clip(0, start_us="soon", colour=1), {"id": "c1"}, output={"width": None})
    assert set(faults(wrong)) == {
        f"{C0}.start_us",
        f"{C0}.colour",
        "$.tracks[0].clips[1].start_us",
        "$.tracks[0].clips[1].end_us",
        "$.output.width",
    }


def test_an_error_lists_only_the_first_of_very_many() -> None:
    wrong = document(*(clip(number, volume=-1) for number in range(100)))
    with pytest.raises(BadRequest) as refused:
        stored.read(json.dumps(wrong))
    assert len(refused.value.detail.splitlines()) == SHOWN + 1
    assert len(faults(wrong)) == 100


# Circles


def test_groups_in_a_circle_are_one_fault() -> None:
    groups = tuple(Group(id=f"g{n}", members=(f"g{(n + 1) % 5000}",)) for n in range(5000))
    assert [fault.path for fault in validate(Document(groups=groups))] == ["$.groups[0].members"]


def test_groups_in_a_long_chain_are_none() -> None:
    one = Clip(id="c", start_us=0, end_us=SECOND, text="")
    groups = tuple(Group(id=f"g{n}", members=(f"g{n + 1}" if n < 4999 else "c",)) for n in range(5000))
    track = Track(id="t", kind="text", clips=(one,))
    assert validate(Document(groups=groups, tracks=(track,))) == ()


# Transitions


def crossed(**fields: object) -> Document:
    clips = [
        Clip(id=f"c{n}", start_us=n * 800_000, end_us=n * 800_000 + SECOND, source="s", source_end_us=SECOND)
        for n in range(3)
    ]
    transitions = [
        Transition(before=f"c{n}", after=f"c{n + 1}", name="fade", duration_us=200_000) for n in range(2)
    ]
    transitions[0] = msgspec.structs.replace(transitions[0], **fields)
    track = Track(id="t", kind="video", clips=tuple(clips), transitions=tuple(transitions))
    return Document(sources=(Footage(id="s", duration_us=SECOND),), tracks=(track,))


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"duration_us": 100_000}, "transitions[0].duration_us"),
        ({"duration_us": -1}, "transitions[0].duration_us"),
        ({"before": "nobody"}, "transitions[0].before"),
        ({"after": "c2"}, "transitions[0].after"),
        ({"after": "c0"}, "transitions[0].after"),
        ({"before": "c1", "after": "c2"}, "transitions[1].before"),
        ({"name": "fade:x=1"}, "transitions[0].name"),
        ({"params": {"a": float("nan")}}, "transitions[0].params.a"),
    ],
)
def test_transitions_that_are_not_so(fields: dict[str, object], path: str) -> None:
    assert validate(crossed()) == ()
    assert f"$.tracks[0].{path}" in [fault.path for fault in validate(crossed(**fields))]


def test_two_transitions_never_share_a_moment() -> None:
    clips = tuple(
        Clip(id=name, start_us=start, end_us=end, source="s", source_end_us=end - start)
        for name, start, end in (("a", 0, 10_000), ("b", 5_000, 12_000), ("c", 8_000, 15_000))
    )
    transitions = (
        Transition(before="a", after="b", name="fade", duration_us=5_000),
        Transition(before="b", after="c", name="fade", duration_us=4_000),
    )
    track = Track(id="t", kind="video", clips=clips, transitions=transitions)
    found = validate(Document(sources=(Footage(id="s", duration_us=SECOND),), tracks=(track,)))
    assert [fault.path for fault in found] == ["$.tracks[0].clips[2].start_us"]


# Who knows the effects


def test_a_registry_can_be_plugged_in() -> None:
    asked = []

    def check(use: str, name: str, params: dict[str, object], path: str) -> list[Fault]:
        asked.append((use, name, path))
        return [Fault(f"{path}.name", "There is no such effect.")] if name == "blurr" else []

    effects = [{"name": "blurr"}, {"name": "blur"}]
    text = json.dumps(document(clip(0, effects=effects)))
    with pytest.raises(BadRequest, match="no such effect") as refused:
        stored.read(text, check)
    assert refused.value.path == f"{C0}.effects[0].name"
    assert asked == [("effect", "blurr", f"{C0}.effects[0]"), ("effect", "blur", f"{C0}.effects[1]")]
    assert stored.read(text)


# Writing


def test_what_is_written_reads_back() -> None:
    first = crossed()
    text = stored.write(first)
    assert stored.read(text) == first
    assert stored.write(stored.read(text)) == text
    assert json.loads(text)["schema_version"] == 2


# Version 1

moments = st.lists(st.integers(0, 10_000_000), min_size=2, max_size=2, unique=True).map(sorted)


@st.composite
def ones(draw: st.DrawFn) -> dict[str, object]:
    clips = []
    for _ in range(draw(st.integers(0, 8))):
        start, end = draw(moments)
        speed = draw(st.sampled_from((1, 2, 0.5, 1.5, 0.75, 3, 0.3333333333)))
        source = draw(st.sampled_from(("a.mp4", "b c.mov")))
        clips.append({"source": source, "in": start / 1000, "out": (end + 1) / 1000, "speed": speed})
    return {"schema_version": 1, "name": "old", "clips": clips, "fps": 29.97}


@repeatable
@given(old=ones())
def test_version_1_is_upgraded_exactly(old: dict[str, object]) -> None:
    new = stored.read(json.dumps(old))
    clips = [clip for track in new.tracks for clip in track.clips]
    names = {footage.id: footage.name for footage in new.sources}
    at = Fraction(0)
    for was, now in zip(old["clips"], clips, strict=True):
        # What a person wrote is the decimal, not the float nearest to it.
        start, end = (Fraction(repr(was[edge])) * SECOND for edge in ("in", "out"))
        speed = Fraction(repr(was["speed"])).limit_denominator(100)
        assert (names[now.source], now.source_start_us, now.source_end_us) == (was["source"], start, end)
        assert Fraction(now.speed) == speed
        assert abs(now.start_us - at) <= Fraction(1, 2)
        at += (end - start) / speed
        assert abs(now.end_us - at) <= Fraction(1, 2)
    assert all(a.end_us == b.start_us for a, b in pairwise(clips))
    assert (new.name, new.output.frame_rate, new.schema_version) == ("old", "29.97", 2)


def test_a_tenth_of_a_second_is_a_tenth() -> None:
    clips = [{"source": "a", "in": 0.1, "out": 0.3}] * 10
    new = stored.read(json.dumps({"schema_version": 1, "clips": clips}))
    assert [clip.start_us for clip in new.tracks[0].clips] == [n * 200_000 for n in range(10)]


def test_thirds_do_not_drift() -> None:
    clips = [{"source": "a", "in": 0, "out": 1, "speed": 3}] * 300
    new = stored.read(json.dumps({"schema_version": 1, "clips": clips}))
    assert new.tracks[0].clips[-1].end_us == 100 * SECOND


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"in": -1}, "$.clips[0].in"),
        ({"out": 0}, "$.clips[0].out"),
        ({"speed": 0}, "$.clips[0].speed"),
        ({"speed": 100}, "$.clips[0].speed"),
        ({"out": 1e300}, "$.clips[0].out"),
        ({"in": "1e-999999999"}, "$.clips[0].in"),
        ({"in": "NaN"}, "$.clips[0].in"),
        ({"volume": -1}, f"{C0}.volume"),
        ({"colour": 1}, "$.clips[0]"),
    ],
)
def test_version_1_is_not_trusted(fields: dict[str, object], path: str) -> None:
    one = {"source": "a", "in": 0, "out": 1} | fields
    with pytest.raises(BadRequest) as refused:
        stored.read(json.dumps({"schema_version": 1, "clips": [one]}))
    assert refused.value.path == path


def test_tiny_exponents_do_not_blow_up() -> None:
    text = '{"schema_version": 1, "clips": [{"source": "a", "in": 1e-999999999, "out": 1}]}'
    with pytest.raises(BadRequest):
        stored.read(text)
    with pytest.raises(BadRequest):
        stored.read('{"schema_version": 1, "fps": 1e999999999}')
