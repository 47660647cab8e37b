"""``clipwright effects``: the list of all, a page for each, and JSON for programs."""

from __future__ import annotations

import pytest
from saying import Run

from clipwright.effects.description import describe
from clipwright.effects.registry import EFFECTS, TRANSITIONS


def test_all_effects_are_listed(run: Run) -> None:
    said = run("effects")
    assert (said.code, said.err) == (0, "")
    first = [line.split()[0] for line in said.out.splitlines() if line.strip()]
    assert {*EFFECTS, *TRANSITIONS} <= set(first)


def test_the_list_as_json_is_the_whole_document(run: Run) -> None:
    assert run("effects", "--json").json == describe()


@pytest.mark.parametrize("name", ["blur", "wipeleft", "custom"])
def test_one_as_json(run: Run, name: str) -> None:
    told = run("effects", name, "--json").json
    (one,) = (*told["effects"], *told["transitions"])
    assert one["name"] == name


def test_a_page_tells_ranges_units_defaults_and_an_example(run: Run) -> None:
    said = run("effects", "compressor").out
    assert "attack_ms" in said and "0.01 to 2000 ms" in said and "20" in said
    assert '{"name": "compressor", "params": {"threshold": 0.05' in said.replace("\n", "")
    said = run("effects", "equalizer").out
    assert "1 to 32 × (an object)" in said and "bands[].gain_db" in said and "-24 to 24 dB" in said
    assert "above 0 to 20000" in said and "required" in said and "part of the time" in said
    said = run("effects", "duck").out
    assert "takes bed, voice" in said
    assert "no parameters" in run("effects", "reverse").out
    said = run("effects", "subtitles").out
    assert "style.bold" in said and "true, false" in said and "a source's id" in said and "or null" in said
    assert "a colour" in run("effects", "fade_out").out and "2 × (0 to 1)" in run("effects", "curves").out


@pytest.mark.parametrize("name", [*EFFECTS, *TRANSITIONS])
def test_there_is_a_page_for_each(run: Run, name: str) -> None:
    said = run("effects", name)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"{name}: ")


def test_an_unknown_one_is_a_bad_request(run: Run) -> None:
    error = run("effects", "blurr", "--json").error
    assert (error["code"], error["path"]) == ("bad_request", "$.name")
    said = run("effects", "blurr")
    assert (said.code, said.out) == (2, "")
    assert "blur" in said.err
    assert run("effects", "a", "b").code == 2
