"""No text, however odd, gets out of the value it was put into."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clipwright.errors import BadRequest
from clipwright.filters.escaping import drawtext_text, filter_description, graph_label, option_value

repeatable = settings(deadline=None, derandomize=True, database=None, max_examples=100)
BLANKS = " \n\t\r"
hostile = st.one_of(st.text(), st.text(alphabet="\\':,;[]=%{} \n\t\rab@|#"))


def token(text: str, terminators: str) -> tuple[str, str]:
    """Libavutil's av_get_token: the token at the start, and what follows it."""
    out: list[str] = []
    kept = 0
    place = len(text) - len(text.lstrip(BLANKS))
    while place < len(text) and text[place] not in terminators:
        letter = text[place]
        place += 1
        if letter == "\\" and place < len(text):
            out.append(text[place])
            place, kept = place + 1, len(out)
        elif letter == "'":
            end = text.find("'", place)
            end = len(text) if end < 0 else end
            out.extend(text[place:end])
            if end < len(text):
                kept = len(out)
            place = end + 1
        else:
            out.append(letter)
    while len(out) > kept and out[-1] in BLANKS:
        out.pop()
    return "".join(out), text[place:]


def expanded(text: str) -> str:
    """What drawtext makes of a text without ``%{...}``."""
    out, place = [], 0
    while place < len(text):
        if text[place] == "\\" and place + 1 < len(text):
            place += 1
        else:
            assert text[place] != "%"
        out.append(text[place])
        place += 1
    return "".join(out)


@repeatable
@given(hostile)
@example("'")
@example("\\")
@example(" a\\ ")
@example("':x=0,movie=/etc/passwd[out];[out")
def test_a_value_comes_through_every_level(text):
    value = option_value(text)
    assert token(value, ":") == (text, "")
    inside = filter_description(f"text={value}:x=1")
    described, rest = token(f"{inside},next=1", "[],;")
    assert rest == ",next=1"
    key, _, options = described.partition("=")
    assert key == "text" and token(options, ":") == (text, ":x=1")


@repeatable
@given(hostile)
def test_a_description_comes_through(text):
    for end in ("", ",null", ";[a]null", "[out]"):
        assert token(filter_description(text) + end, "[],;") == (text, end)


@repeatable
@given(hostile)
def test_a_drawn_text_is_not_expanded(text):
    assert expanded(drawtext_text(text)) == text


@pytest.mark.parametrize("label", ["v", "in0", "a_1", "0:v", "1:a:0", "12:s:3"])
def test_a_label(label):
    assert graph_label(label) == label


@pytest.mark.parametrize("label", ["", "a]b", "a b", "0:v]movie=x[a", "a'", "0:x", "é", "x" * 65, None])
def test_no_label(label):
    with pytest.raises(BadRequest) as refused:
        graph_label(label, "$.label")
    assert refused.value.path == "$.label"
