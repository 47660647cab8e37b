"""Edits: what each does, that they keep the document valid whatever is asked, and that undoing takes them back."""

from __future__ import annotations

import copy
import typing
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright.errors import BadRequest
from clipwright.project import actions, edits, stored
from clipwright.project.actions import apply, begun, done, redone, undone
from clipwright.project.document import (
    Clip,
    Document,
    Effect,
    Footage,
    Group,
    Output,
    Track,
    Transform,
    Transition,
)
from clipwright.project.edits import (
    AddClip,
    AddMarker,
    AddTrack,
    MakeGroup,
    Move,
    MoveGroup,
    RemoveClip,
    RemoveTransition,
    RippleDelete,
    SetEffect,
    SetSpeed,
    SetTransition,
    Split,
    TrimIn,
    TrimOut,
)
from clipwright.project.faults import Fault
from clipwright.project.timeline import overlaps, source_for
from clipwright.project.validation import validate

repeatable = settings(deadline=None, derandomize=True, database=None, max_examples=60)
SECOND = 1_000_000

EMPTY = Document(
    sources=(
        Footage(id="film", duration_us=60 * SECOND),
        Footage(id="song", duration_us=90 * SECOND, picture=False),
        Footage(id="still"),
    ),
    tracks=(
        Track(id="v", kind="video"),
        Track(id="a", kind="audio"),
        Track(id="t", kind="text"),
    ),
)


def after(document: Document, *these: edits.Action) -> Document:
    for action in these:
        document = apply(document, action)
    return document


def film(at: int, seconds: int = 4, **fields: object) -> AddClip:
    start = at * SECOND
    return AddClip(
        track="v", source="film", source_start_us=start, source_end_us=start + seconds * SECOND, **fields
    )


THREE = after(EMPTY, film(0, id="x"), film(10, id="y"), film(20, id="z"))
"""Three clips of four seconds, one after another."""


def spans(document: Document, track: int = 0) -> list[tuple[str, float, float]]:
    """Id, start and end of each clip, in seconds."""
    return [(clip.id, clip.start_us / SECOND, clip.end_us / SECOND) for clip in document.tracks[track].clips]


def shown(document: Document, name: str) -> tuple[float, float]:
    """What a clip shows of its source, in seconds."""
    clip = the(document, name)
    return clip.source_start_us / SECOND, clip.source_end_us / SECOND


def the(document: Document, name: str) -> Clip:
    return next(clip for track in document.tracks for clip in track.clips if clip.id == name)


# What each edit does


def test_clips_are_added_one_after_another() -> None:
    assert spans(THREE) == [("x", 0, 4), ("y", 4, 8), ("z", 8, 12)]
    assert shown(THREE, "y") == (10, 14)


def test_a_clip_is_added_whole_and_named_if_nobody_says() -> None:
    document = apply(EMPTY, AddClip(track="v", source="film", speed="2", at_us=SECOND))
    assert spans(document) == [("c1", 1, 31)]
    assert spans(apply(document, AddClip(track="t", text="Hello")), 2) == [("c2", 0, 5)]


def test_a_clip_pushes_others_away_if_it_may() -> None:
    document = apply(THREE, film(30, id="new", at_us=4 * SECOND, ripple=True))
    assert spans(document) == [("x", 0, 4), ("new", 4, 8), ("y", 8, 12), ("z", 12, 16)]
    with pytest.raises(BadRequest) as refused:
        apply(THREE, film(30, id="new", at_us=4 * SECOND))
    assert refused.value.path == "$.document.tracks[0].clips[2].start_us"


def test_removing_leaves_a_gap_and_ripple_delete_none() -> None:
    assert spans(apply(THREE, RemoveClip(clip="y"))) == [("x", 0, 4), ("z", 8, 12)]
    assert spans(apply(THREE, RippleDelete(clip="y"))) == [("x", 0, 4), ("z", 4, 8)]


def test_ripple_delete_moves_the_other_tracks_if_it_should() -> None:
    document = after(
        THREE,
        AddClip(track="t", text="before", at_us=0, duration_us=SECOND, id="b"),
        AddClip(track="t", text="later", at_us=9 * SECOND, id="l"),
        AddMarker(time_us=10 * SECOND),
    )
    assert spans(apply(document, RippleDelete(clip="y")), 2) == spans(document, 2)
    moved = apply(document, RippleDelete(clip="y", all_tracks=True))
    assert spans(moved, 2) == [("b", 0, 1), ("l", 5, 10)]
    assert moved.markers[0].time_us == 6 * SECOND


def test_a_split_shows_the_same_at_every_moment() -> None:
    document = apply(THREE, Split(clip="y", at_us=5 * SECOND, id="w"))
    assert spans(document) == [("x", 0, 4), ("y", 4, 5), ("w", 5, 8), ("z", 8, 12)]
    assert (shown(document, "y"), shown(document, "w")) == ((10, 11), (11, 14))


@pytest.mark.parametrize("at", [0, 4 * SECOND, 8 * SECOND, 4 * SECOND + 1, -1, 10**30])
def test_a_split_at_an_edge_is_refused(at: int) -> None:
    with pytest.raises(BadRequest) as refused:
        apply(THREE, Split(clip="y", at_us=at))
    assert refused.value.path == "$.action.at_us"


def test_trimming_keeps_what_is_shown_where_it_is() -> None:
    first = apply(THREE, TrimIn(clip="y", to_us=5 * SECOND))
    assert spans(first) == [("x", 0, 4), ("y", 5, 8), ("z", 8, 12)]
    assert shown(first, "y") == (11, 14)
    last = apply(THREE, TrimOut(clip="y", to_us=6 * SECOND))
    assert spans(last) == [("x", 0, 4), ("y", 4, 6), ("z", 8, 12)]
    assert shown(last, "y") == (10, 12)


def test_trimming_with_ripple_moves_what_follows() -> None:
    first = apply(THREE, TrimIn(clip="y", to_us=5 * SECOND, ripple=True))
    assert spans(first) == [("x", 0, 4), ("y", 4, 7), ("z", 7, 11)]
    assert shown(first, "y") == (11, 14)
    longer = apply(THREE, TrimOut(clip="y", to_us=9 * SECOND, ripple=True))
    assert spans(longer) == [("x", 0, 4), ("y", 4, 9), ("z", 9, 13)]
    earlier = apply(THREE, TrimIn(clip="y", to_us=3 * SECOND, ripple=True))
    assert spans(earlier) == [("x", 0, 4), ("y", 4, 9), ("z", 9, 13)]
    assert shown(earlier, "y") == (9, 14)


def test_trimming_beyond_the_source_is_refused() -> None:
    with pytest.raises(BadRequest) as refused:
        apply(THREE, TrimIn(clip="x", to_us=-SECOND, ripple=True))
    assert refused.value.path == "$.document.tracks[0].clips[0].source_start_us"
    with pytest.raises(BadRequest) as refused:
        apply(THREE, TrimOut(clip="z", to_us=60 * SECOND))
    assert refused.value.path == "$.document.tracks[0].clips[2].source_end_us"


def test_speed_is_exact_and_can_be_taken_back() -> None:
    faster = apply(THREE, SetSpeed(clip="y", speed="3"))
    assert [(clip.start_us, clip.end_us) for clip in faster.tracks[0].clips[1:]] == [
        (4_000_000, 5_333_333),
        (5_333_333, 9_333_333),
    ]
    assert apply(faster, SetSpeed(clip="y", speed="1")) == THREE
    slower = apply(THREE, SetSpeed(clip="z", speed="1/2", ripple=False))
    assert spans(slower)[2] == ("z", 8, 16)


@pytest.mark.parametrize("speed", ["0", "-1", "5", "nan", "1/0"])
def test_impossible_speeds_are_refused(speed: str) -> None:
    with pytest.raises(BadRequest) as refused:
        apply(THREE, SetSpeed(clip="y", speed=speed))
    assert refused.value.path == "$.action.speed"


def test_moving_goes_to_any_free_place_of_a_track_of_its_kind() -> None:
    assert spans(apply(THREE, Move(clip="x", to_us=20 * SECOND)))[2] == ("x", 20, 24)
    second = apply(THREE, AddTrack(kind="video", id="v2"))
    moved = apply(second, Move(clip="x", to_us=SECOND, track="v2"))
    assert (spans(moved), spans(moved, 3)) == ([("y", 4, 8), ("z", 8, 12)], [("x", 1, 5)])
    for wrong in (Move(clip="x", to_us=5 * SECOND), Move(clip="x", to_us=0, track="t")):
        with pytest.raises(BadRequest):
            apply(second, wrong)


def test_a_group_moves_as_one() -> None:
    document = after(THREE, MakeGroup(members=("y", "z"), id="g"), MakeGroup(members=("g",), id="outer"))
    assert spans(apply(document, MoveGroup(group="outer", by_us=SECOND))) == [
        ("x", 0, 4),
        ("y", 5, 9),
        ("z", 9, 13),
    ]
    with pytest.raises(BadRequest):
        apply(document, MoveGroup(group="g", by_us=-SECOND))
    assert apply(document, Split(clip="y", at_us=5 * SECOND, id="w")).groups[0].members == ("y", "w", "z")
    assert after(document, RemoveClip(clip="y"), RemoveClip(clip="z")).groups == ()
    assert [group.members for group in apply(document, edits.Ungroup(group="g")).groups] == [("y", "z")]


# Transitions


JOINED = after(
    THREE,
    SetTransition(before="x", after="y", name="fade", duration_us=SECOND),
    SetTransition(before="y", after="z", name="wipeleft", duration_us=SECOND),
)


def transitions(document: Document) -> list[tuple[str, str, float]]:
    return [(one.before, one.after, one.duration_us / SECOND) for one in document.tracks[0].transitions]


def test_transitions_shorten_the_track() -> None:
    assert spans(JOINED) == [("x", 0, 4), ("y", 3, 7), ("z", 6, 10)]
    assert [one.duration_us for one in overlaps(JOINED.tracks[0].clips)] == [SECOND, SECOND]
    longer = apply(JOINED, SetTransition(before="x", after="y", name="fade", duration_us=2 * SECOND))
    assert spans(longer) == [("x", 0, 4), ("y", 2, 6), ("z", 5, 9)]


def test_transitions_can_be_taken_away_again() -> None:
    without = after(JOINED, *(RemoveTransition(before=a, after=b) for a, b in ("xy", "yz")))
    assert without == THREE


def test_the_order_of_edits_leaves_no_trace() -> None:
    other = after(
        THREE,
        SetTransition(before="y", after="z", name="wipeleft", duration_us=SECOND),
        SetTransition(before="x", after="y", name="fade", duration_us=SECOND),
    )
    assert other == JOINED


def test_transitions_outlast_other_edits() -> None:
    assert transitions(apply(JOINED, RippleDelete(clip="y"))) == []
    assert spans(apply(JOINED, RippleDelete(clip="y"))) == [("x", 0, 4), ("z", 4, 8)]
    split = apply(JOINED, Split(clip="y", at_us=5 * SECOND, id="w"))
    assert transitions(split) == [("x", "y", 1), ("w", "z", 1)]
    faster = apply(JOINED, SetSpeed(clip="x", speed="2"))
    assert transitions(faster) == transitions(JOINED)
    nearer = apply(JOINED, TrimIn(clip="y", to_us=3_500_000))
    assert transitions(nearer) == [("x", "y", 0.5), ("y", "z", 1)]
    apart = apply(JOINED, Move(clip="z", to_us=20 * SECOND))
    assert transitions(apart) == [("x", "y", 1)]


@pytest.mark.parametrize("at", [3_500_000, 6_500_000])
def test_a_split_within_a_transition_is_refused(at: int) -> None:
    with pytest.raises(BadRequest, match="transition"):
        apply(JOINED, Split(clip="y", at_us=at))


@pytest.mark.parametrize(
    "wrong",
    [
        SetTransition(before="x", after="z", name="fade", duration_us=SECOND),
        SetTransition(before="z", after="x", name="fade", duration_us=SECOND),
        SetTransition(before="x", after="y", name="fade", duration_us=0),
        SetTransition(before="x", after="y", name="fade", duration_us=-5),
        SetTransition(before="x", after="y", name="fade", duration_us=5 * SECOND),
        SetTransition(before="x", after="y", name="fade;movie=a", duration_us=SECOND),
        SetTransition(before="y", after="z", name="fade", duration_us=3_500_000),
        RemoveTransition(before="x", after="z"),
        SetTransition(before="nobody", after="x", name="fade", duration_us=1),
    ],
)
def test_impossible_transitions_are_refused(wrong: edits.Action) -> None:
    with pytest.raises(BadRequest):
        apply(JOINED, wrong)


def test_over_a_gap_there_is_no_transition() -> None:
    apart = apply(THREE, RemoveClip(clip="y"))
    with pytest.raises(BadRequest, match="gap"):
        apply(apart, SetTransition(before="x", after="z", name="fade", duration_us=SECOND))


# Effects


def test_limited_effects_stay_where_they_are() -> None:
    effect = Effect(name="blur", start_us=SECOND, end_us=3 * SECOND)
    document = after(
        THREE, SetEffect(clip="y", effect=effect), SetEffect(clip="y", effect=Effect(name="hue"))
    )

    def ranges(edited: Document, name: str) -> list[tuple[int | None, int | None]]:
        return [(one.start_us, one.end_us) for one in the(edited, name).effects]

    half = apply(document, Split(clip="y", at_us=6 * SECOND, id="w"))
    assert ranges(half, "y") == [(SECOND, 2 * SECOND), (None, None)]
    assert ranges(half, "w") == [(0, SECOND), (None, None)]
    early = apply(document, Split(clip="y", at_us=4_500_000, id="w"))
    assert ranges(early, "y") == [(None, None)]
    assert ranges(early, "w") == [(500_000, 2_500_000), (None, None)]
    assert ranges(apply(document, TrimOut(clip="y", to_us=6 * SECOND)), "y")[0] == (SECOND, 2 * SECOND)
    assert ranges(apply(document, SetSpeed(clip="y", speed="2")), "y")[0] == (500_000, 1_500_000)
    replaced = apply(document, SetEffect(clip="y", effect=Effect(name="crop"), at=0))
    assert [one.name for one in the(replaced, "y").effects] == ["crop", "hue"]
    removed = apply(document, edits.RemoveEffect(clip="y", at=0))
    assert [one.name for one in the(removed, "y").effects] == ["hue"]
    whole = apply(document, SetEffect(effect=Effect(name="vignette")))
    assert [one.name for one in whole.effects] == ["vignette"]
    assert apply(whole, edits.RemoveEffect(at=0)) == document


def test_whoever_knows_the_effects_is_asked() -> None:
    def check(use: str, name: str, params: dict[str, object], path: str) -> list[Fault]:
        return [Fault(f"{path}.params.sigma", "Too much.", "Give 0 to 9.")] if params.get("sigma") else []

    apply(THREE, SetEffect(clip="y", effect=Effect(name="blur")), check)
    with pytest.raises(BadRequest) as refused:
        apply(THREE, SetEffect(clip="y", effect=Effect(name="blur", params={"sigma": 10})), check)
    assert refused.value.path == "$.document.tracks[0].clips[1].effects[0].params.sigma"
    assert refused.value.hint == "Give 0 to 9."


# Everything else


def test_the_rest_of_the_edits() -> None:
    document = after(
        THREE,
        edits.SetName(name="Film"),
        edits.SetTrack(track="v", name="Main", muted=True),
        edits.MoveTrack(track="t", at=0),
        edits.SetVolume(clip="x", volume=0.5),
        edits.SetVolume(track="v", volume=2),
        edits.SetTransform(clip="x", transform=Transform(opacity=0.5)),
        AddClip(track="t", text="one", id="w"),
        edits.SetText(clip="w", text="two", style={"fontsize": 20}),
        edits.SetOutput(output=Output(width=1080, height=1920, frame_rate="30000/1001")),
        AddMarker(time_us=5, id="m"),
        AddMarker(time_us=3),
        edits.RemoveMarker(marker="m"),
        edits.AddSource(source=Footage(id="more", duration_us=SECOND)),
        edits.SetSource(source=Footage(id="more", name="more.mp4", duration_us=SECOND)),
        edits.RemoveSource(source="still"),
        edits.RemoveTrack(track="a"),
    )
    assert document.name == "Film"
    assert [(track.id, track.name, track.muted, track.volume) for track in document.tracks] == [
        ("t", "", False, 1),
        ("v", "Main", True, 2),
    ]
    assert (the(document, "x").volume, the(document, "x").transform.opacity) == (0.5, 0.5)
    assert (the(document, "w").text, the(document, "w").style) == ("two", {"fontsize": 20})
    assert document.output.height == 1920
    assert [marker.time_us for marker in document.markers] == [3]
    assert [footage.id for footage in document.sources] == ["film", "song", "more"]


NAN = float("nan")


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        (RemoveClip(clip="nobody"), "$.action.clip"),
        (film(0, at_us=-1), "$.document.tracks[0].clips[0].start_us"),
        (film(0, seconds=-1), "$.document.tracks[0].clips[3].end_us"),
        (film(0, duration_us=5), "$.action.duration_us"),
        (AddClip(track="v", source="nobody"), "$.action.source"),
        (AddClip(track="nobody", source="film"), "$.action.track"),
        (AddClip(track="v"), "$.document.tracks[0].clips[3].source"),
        (AddClip(track="a", source="still"), "$.document.tracks[1].clips[0].source"),
        (AddClip(track="v", source="song"), "$.document.tracks[0].clips[3].source"),
        (AddClip(track="t", text="x" * 10_001), "$.document.tracks[2].clips[0].text"),
        (AddClip(track="t", text="x", duration_us=0), "$.document.tracks[2].clips[0].end_us"),
        (film(50, id="x"), "$.document.tracks[0].clips[3].id"),
        (TrimIn(clip="x", to_us=4 * SECOND), "$.action.to_us"),
        (TrimOut(clip="x", to_us=-9), "$.action.to_us"),
        (edits.SetVolume(clip="x", volume=NAN), "$.document.tracks[0].clips[0].volume"),
        (edits.SetVolume(volume=1), "$.action.clip"),
        (edits.SetVolume(volume=1, clip="x", track="v"), "$.action.clip"),
        (SetEffect(clip="x", effect=Effect(name="blur"), at=1), "$.action.at"),
        (SetEffect(clip="x", effect=Effect(name="blur"), at=-1), "$.action.at"),
        (edits.RemoveEffect(clip="x", at=0), "$.action.at"),
        (edits.RemoveEffect(at=-1), "$.action.at"),
        (AddTrack(kind="text", at=9), "$.action.at"),
        (AddTrack(kind="text", id="v"), "$.document.tracks[3].id"),
        (edits.MoveTrack(track="v", at=-1), "$.action.at"),
        (edits.RemoveSource(source="film"), "$.action.source"),
        (edits.SetSource(source=Footage(id="nobody")), "$.action.source.id"),
        (
            edits.SetSource(source=Footage(id="film", duration_us=SECOND)),
            "$.document.tracks[0].clips[0].source_end_us",
        ),
        (edits.RemoveSource(source="nobody"), "$.action.source"),
        (edits.RemoveMarker(marker="nobody"), "$.action.marker"),
        (edits.Ungroup(group="nobody"), "$.action.group"),
        (MoveGroup(group="nobody", by_us=1), "$.action.group"),
        (MakeGroup(members=("nobody",)), "$.document.groups[0].members[0]"),
        (MakeGroup(members=("g",), id="g"), "$.document.groups[0].members"),
        (SetSpeed(clip="nobody", speed="1"), "$.action.clip"),
        (edits.SetText(clip="x", text="a"), "$.document.tracks[0].clips[0].text"),
    ],
)
def test_a_refused_edit_says_where(wrong: edits.Action, path: str) -> None:
    before = copy.deepcopy(THREE)
    with pytest.raises(BadRequest) as refused:
        apply(THREE, wrong)
    assert refused.value.path == path
    assert before == THREE


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"action": "explode"}', "$.action.action"),
        ('{"action": "split", "clip": "x"}', "$.action"),
        ('{"action": "split", "clip": "x", "at_us": "soon"}', "$.action.at_us"),
        ('{"action": "split", "clip": "x", "at_us": 1, "speling": 1}', "$.action"),
        ('{"action": "set_volume", "clip": "x", "volume": NaN}', "$.action"),
        ("[]", "$.action"),
        ("\ud800", "$.action"),
        ('{"action": "set_effect", "effect": {"name": "a", "params": {"a": ' + "[" * 10**5, "$.action"),
    ],
)
def test_what_is_no_edit_is_refused(text: str, path: str) -> None:
    with pytest.raises(BadRequest) as refused:
        actions.read_action(text)
    assert refused.value.path == path


def test_edits_read_back() -> None:
    for action in (film(3, id="q"), Split(clip="x", at_us=3), SetEffect(effect=Effect(name="blur"))):
        assert actions.read_action(msgspec.json.encode(action)) == action


# Whatever is asked

ids = st.sampled_from([f"c{number}" for number in range(1, 8)])
pairs = st.sampled_from((("c1", "c2"), ("c2", "c3"), ("c3", "c4"), ("c2", "c7"), ("c4", "c2")))
moments = st.integers(-2, 40).map(lambda half: half * SECOND // 2) | st.integers(0, 20 * SECOND)
tracks = st.sampled_from("vat")
flags = st.booleans()
speeds = st.sampled_from(("1", "2", "1/2", "3", "1/3", "7/5", "1001/1000", "4", "1/4"))
effects = st.builds(
    Effect,
    name=st.sampled_from(("blur", "hue")),
    start_us=st.none() | st.integers(0, 2 * SECOND),
    end_us=st.none() | st.integers(SECOND, 4 * SECOND),
)
anything = st.one_of(
    st.builds(
        AddClip,
        track=st.just("v"),
        source=st.sampled_from(("film", "still")),
        speed=st.just("1"),
        at_us=st.none() | moments,
        ripple=flags,
    ),
    st.builds(
        AddClip,
        track=st.sampled_from("va"),
        source=st.just("film"),
        source_start_us=st.integers(0, 5 * SECOND),
        source_end_us=st.integers(6 * SECOND, 12 * SECOND),
        speed=speeds,
        ripple=flags,
        at_us=st.none() | moments,
    ),
    st.builds(AddClip, track=st.just("t"), text=st.text(max_size=5), at_us=st.none() | moments, ripple=flags),
    st.builds(RemoveClip, clip=ids),
    st.builds(RippleDelete, clip=ids, all_tracks=flags),
    st.builds(Split, clip=ids, at_us=moments),
    st.builds(TrimIn, clip=ids, to_us=moments, ripple=flags),
    st.builds(TrimOut, clip=ids, to_us=moments, ripple=flags),
    st.builds(Move, clip=ids, to_us=moments, track=st.none() | tracks),
    st.builds(SetSpeed, clip=ids, speed=speeds, ripple=flags),
    st.builds(edits.SetVolume, clip=ids, volume=st.floats(0, 10)),
    st.builds(SetEffect, clip=ids, effect=effects),
    st.builds(edits.RemoveEffect, clip=ids, at=st.integers(0, 1)),
    pairs.flatmap(
        lambda pair: st.builds(
            SetTransition,
            before=st.just(pair[0]),
            after=st.just(pair[1]),
            name=st.just("fade"),
            duration_us=st.integers(1, 2 * SECOND),
        )
    ),
    pairs.map(lambda pair: RemoveTransition(before=pair[0], after=pair[1])),
    st.builds(MakeGroup, members=st.lists(ids | st.just("g1"), min_size=1, max_size=3).map(tuple)),
    st.builds(MoveGroup, group=st.sampled_from(("g1", "g2", "c4")), by_us=moments),
    st.builds(AddMarker, time_us=moments),
)
FILLED = after(
    EMPTY,
    *(film(10 * number) for number in range(4)),
    AddClip(track="a", source="song", source_end_us=9 * SECOND),
    AddClip(track="t", text="Title"),
    SetTransition(before="c1", after="c2", name="fade", duration_us=SECOND),
    SetTransition(before="c2", after="c3", name="fade", duration_us=SECOND),
)


@settings(repeatable, max_examples=30)
@given(wishes=st.lists(anything, min_size=1, max_size=12))
def test_edits_keep_the_document_valid_and_undo_takes_them_back(wishes: list[edits.Action]) -> None:
    history = begun(FILLED)
    made = [FILLED]
    for wish in wishes:
        earlier = history.present
        before = stored.write(earlier)
        try:
            edited = done(history, wish)
        except BadRequest as refused:
            assert refused.path.startswith("$.")  # noqa: PT017 - most wishes of a list may be refused
        else:
            assert undone(edited).present == history.present
            assert redone(undone(edited)) == edited
            history = edited
            made.append(history.present)
        assert stored.write(earlier) == before, "no edit changes the document that it is made of"
        assert validate(history.present) == ()
        assert stored.read(stored.write(history.present)) == history.present
    assert list(history.documents) == made
    for document in reversed(made[:-1]):
        history = undone(history)
        assert history.present == document
    for document in made[1:]:
        history = redone(history)
        assert history.present == document


numbers = st.integers(-(10**6), 10**7) | st.sampled_from((0, 10**30, -(10**30)))
broken_clips = st.builds(
    Clip,
    id=ids,
    start_us=numbers,
    end_us=numbers,
    source=st.sampled_from(("film", "still", "nobody", None)),
    source_start_us=numbers,
    source_end_us=numbers,
    speed=st.sampled_from(("1", "2", "0", "none")),
    effects=st.lists(effects, max_size=1).map(tuple),
)
broken = st.builds(
    lambda clips, joined, members: Document(
        sources=EMPTY.sources,
        tracks=(
            Track(
                id="v",
                kind="video",
                clips=tuple(clips),
                transitions=tuple(
                    Transition(before=a, after=b, name="fade", duration_us=us) for (a, b), us in joined
                ),
            ),
        ),
        groups=(Group(id="g1", members=tuple(members)), Group(id="g2", members=("g1",))),
    ),
    st.lists(broken_clips, max_size=5),
    st.lists(st.tuples(pairs, numbers), max_size=3),
    st.lists(ids | st.sampled_from(("g1", "g2")), max_size=3),
)


@repeatable
@given(document=broken, wish=anything)
def test_broken_documents_are_refused_too(document: Document, wish: edits.Action) -> None:
    try:
        edited = apply(document, wish)
    except BadRequest as refused:
        assert refused.path.startswith("$")  # noqa: PT017 - an edit may mend a document
    else:
        assert validate(edited) == ()


def test_every_edit_has_its_schema_and_its_maker() -> None:
    tags = {one.__struct_config__.tag for one in typing.get_args(edits.Action)}
    schema = msgspec.json.schema(edits.Action)
    assert set(schema["discriminator"]["mapping"]) == tags
    assert msgspec.json.schema(Document)["$defs"]["Clip"]["properties"].keys() >= {"start_us", "speed"}
    assert set(actions._EDITS) == set(typing.get_args(edits.Action))


@repeatable
@given(at=st.lists(st.integers(1, 20_000_000), min_size=1, max_size=8), speed=speeds)
def test_however_often_a_clip_is_split_nothing_moves(at: list[int], speed: str) -> None:
    whole = apply(EMPTY, film(0, seconds=40, speed=speed, id="c"))
    (first,) = whole.tracks[0].clips
    document = whole
    for us in at:
        holder = [clip.id for clip in document.tracks[0].clips if clip.start_us < us < clip.end_us]
        try:
            document = apply(document, Split(clip=holder[0] if holder else "c", at_us=us))
        except BadRequest as refused:
            assert refused.path == "$.action.at_us"  # noqa: PT017 - a cut too near to another
    parts = document.tracks[0].clips
    assert (parts[0].start_us, parts[-1].end_us) == (first.start_us, first.end_us)
    assert (parts[0].source_start_us, parts[-1].source_end_us) == (
        first.source_start_us,
        first.source_end_us,
    )
    assert all(a.end_us == b.start_us for a, b in pairwise(parts))
    for part in parts:
        exact = first.source_start_us + source_for(part.start_us - first.start_us, speed)
        assert abs(part.source_start_us - exact) <= 8


def test_undo_and_redo_end_somewhere() -> None:
    history = begun(EMPTY)
    for wrong in (undone, redone):
        with pytest.raises(BadRequest):
            wrong(history)
    history = done(undone(done(history, film(0))), film(10))
    assert len(history.documents) == 2
    with pytest.raises(BadRequest):
        redone(history)


def test_old_documents_are_forgotten_in_the_end(monkeypatch) -> None:
    monkeypatch.setattr(actions, "MAX_HISTORY", 3)
    history = begun(EMPTY)
    for number in range(5):
        history = done(history, AddMarker(time_us=number))
    assert [len(document.markers) for document in history.documents] == [3, 4, 5]
    assert history.at == 2
