"""The schemas of effects as others read them: a validator allows what we allow, and refuses what we refuse."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from clipwright.effects.description import describe
from clipwright.effects.reading import looked_over
from clipwright.effects.registry import EFFECTS, TRANSITIONS

DOCUMENT = describe()
SCHEMAS: dict[str, Any] = {
    one["name"]: one["parameters"] for one in (*DOCUMENT["effects"], *DOCUMENT["transitions"])
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_allows_its_example(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    one = {**EFFECTS, **TRANSITIONS}[name]
    assert list(Draft202012Validator(SCHEMAS[name]).iter_errors(one.example)) == []
    for field in SCHEMAS[name]["properties"].values():
        if "default" in field:
            assert Draft202012Validator(field).is_valid(field["default"])


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("blur", {"sigma": 0}),
        ("blur", {"sigma": 1024}),
        ("blur", {"sigma": "2"}),
        ("blur", {"sigma": None}),
        ("blur", {"sigmas": 2}),
        ("blur", {}),
        ("crop", {"width": 5}),
        ("crop", {"width": 5, "height": 5, "x": None}),
        ("crop", {"width": 5.5, "height": 5}),
        ("scale", {"width": None}),
        ("equalizer", {"bands": []}),
        ("equalizer", {"bands": [{"frequency": 50, "gain_db": 1, "width": 0}]}),
        ("equalizer", {"bands": [{"frequency": 50, "gain_db": 1, "width": 1}]}),
        ("curves", {"points": {"master": [[0, 0], [1, 1.5]]}}),
        ("curves", {"points": {"master": [[0, 0], [1, 1]]}}),
        ("curves", {"points": {"master": [[0, 0], [1]]}}),
        ("gamma", {"gamma_rgb": [1, 1]}),
        ("subtitles", {"source": "s", "style": None}),
        ("subtitles", {"source": "s", "style": {"bold": 1}}),
        ("rotate", {"grow": "yes"}),
        ("fade_in", {"duration_us": 9_999}),
        ("frame_rate", {"method": "blends"}),
    ],
)
def test_a_validator_and_we_agree(name: str, params: dict[str, Any]) -> None:
    ours = looked_over(EFFECTS[name].params, params, "$")[1]
    assert Draft202012Validator(SCHEMAS[name]).is_valid(params) == (not ours)
