"""What is done to the sound of a track as a whole: checked, edited, planned."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from clipwright.effects.checking import check
from clipwright.errors import BadRequest
from clipwright.project import edits
from clipwright.project.actions import apply
from clipwright.project.document import Document, Ducking, Effect, Track
from clipwright.project.stored import read, write
from clipwright.project.validation import validate
from tests.unit.films import SECOND, clip, film

MUSIC = Track(id="music", kind="audio", clips=(clip("c2", 0, (0, SECOND)),))
TEXTS = Track(id="texts", kind="text")
FILM = film(clip("c1", 0, (0, SECOND)), over=(MUSIC, TEXTS))


def with_music(**more: object) -> Document:
    first, music, *others = FILM.tracks
    return replace(FILM, tracks=(first, replace(music, **more), *others))


def faults(document: Document) -> list[tuple[str, str]]:
    return [(fault.path, fault.message) for fault in validate(document, check)]


def test_what_is_right_is_not_complained_of() -> None:
    document = with_music(
        effects=(Effect(name="declick", start_us=0, end_us=SECOND),),
        ducking=Ducking(voices=("v",), params={"ratio": 8}),
    )
    assert faults(document) == []
    assert read(write(document)) == document


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"effects": (Effect(name="blur"),)}, "effects[0].name"),
        ({"effects": (Effect(name="speed"),)}, "effects[0].name"),
        ({"effects": (Effect(name="duck"),)}, "effects[0].name"),
        ({"effects": (Effect(name="gian"),)}, "effects[0].name"),
        ({"effects": (Effect(name="gain", params={"db": "loud"}),)}, "effects[0].params.db"),
        ({"effects": (Effect(name="gain", start_us=-1),)}, "effects[0].start_us"),
        ({"effects": (Effect(name="gain"),) * 101}, "effects"),
        ({"ducking": Ducking(voices=())}, "ducking.voices"),
        ({"ducking": Ducking(voices=("v", "v"))}, "ducking.voices"),
        ({"ducking": Ducking(voices=("music",))}, "ducking.voices[0]"),
        ({"ducking": Ducking(voices=("v", "texts"))}, "ducking.voices[1]"),
        ({"ducking": Ducking(voices=("v",), params={"ratio": 21})}, "ducking.params.ratio"),
        ({"ducking": Ducking(voices=("v",), params={"ration": 2})}, "ducking.params.ration"),
    ],
    ids=str,
)
def test_every_fault_has_its_place(more: dict[str, object], path: str) -> None:
    assert [place for place, _ in faults(with_music(**more))] == [f"$.tracks[1].{path}"]


@pytest.mark.parametrize("more", [{"effects": (Effect(name="gain"),)}, {"ducking": Ducking(voices=("v",))}])
def test_texts_have_no_sound(more: dict[str, object]) -> None:
    texts = replace(FILM, tracks=(*FILM.tracks[:2], replace(TEXTS, **more)))
    assert ("$.tracks[2]." + next(iter(more)), "A text track has no sound.") in faults(texts)


def test_edits_of_a_track_and_back() -> None:
    gain = Effect(name="gain", params={"db": -6})
    document = apply(FILM, edits.SetEffect(track="music", effect=gain), check)
    document = apply(document, edits.SetEffect(track="music", effect=Effect(name="limiter")), check)
    assert [one.name for one in document.tracks[1].effects] == ["gain", "limiter"]
    document = apply(document, edits.RemoveEffect(track="music", at=0), check)
    assert [one.name for one in document.tracks[1].effects] == ["limiter"]
    ducking = Ducking(voices=("v",))
    document = apply(document, edits.SetDucking(track="music", ducking=ducking), check)
    assert document.tracks[1].ducking == ducking
    assert apply(document, edits.SetDucking(track="music"), check).tracks[1].ducking is None
    # Who no longer speaks is made way for by nobody.
    assert apply(document, edits.RemoveTrack(track="v"), check).tracks[0].ducking is None


def test_an_effect_is_of_a_clip_or_of_a_track() -> None:
    with pytest.raises(BadRequest) as caught:
        apply(FILM, edits.SetEffect(track="music", clip="c1", effect=Effect(name="gain")), check)
    assert caught.value.path == "$.action.track"
