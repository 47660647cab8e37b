"""Formulas: read as FFmpeg's own grammar reads them, and refused before anything odd gets near a graph."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipwright.errors import BadRequest
from clipwright.filters.expression import call, expression, variables
from clipwright.filters.formula import formula
from tests.unit.evaluating import Reading, value_of
from tests.unit.test_filters_expression import KNOWN, repeatable, same, trees

t, n, w = variables("t", "n", "w")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("t", t),
        (" t + 1.5 ", t + 1.5),
        ("t-n-w", t - n - w),
        ("t-(n-w)", t - (n - w)),
        ("t/n*w", t / n * w),
        ("-t*n", -t * n),
        ("--t", t),
        ("2*-t", 2 * -t),
        (".5", expression(0.5)),
        ("if(lt(t,1),0,n)", call("if", call("lt", t, 1), 0, n)),
    ],
)  # fmt: skip
def test_a_formula_reads(text, tree):
    assert formula(text) == tree


@repeatable
@given(trees(t, n, w))
def test_what_is_printed_reads_back_as_the_same_value(tree):
    try:
        meant = value_of(tree, KNOWN)
    except (OverflowError, ValueError):  # floor of what is not finite
        return
    assert same(value_of(formula(str(tree)), KNOWN), meant)


def test_signs_mean_what_they_do_to_ffmpeg():
    for text in ("-2*t-3", "t*-n/-w", "1-(-t)", "-(t+n)*2", "t/2/2", "-abs(-t)"):
        assert same(value_of(formula(text), KNOWN), Reading(text, KNOWN).value())


@pytest.mark.parametrize(
    ("text", "value"), [("1/(-0)", math.inf), ("-1/(0*(-1))", -math.inf), ("0/(-0)", math.nan)]
)
def test_a_zero_divides_whatever_its_sign(text, value):
    """As FFmpeg has it, 5.1 as later ones."""
    assert same(value_of(formula(text), KNOWN), value)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "t+", "+t", "(t", "t)", "()", "t t", "2t", "t,n", "abs()", "abs(1,2)", "st(0,1)", "ld(0)", "nope(1)",
        "t^2", "t;n", "[t]", "t:n", "t'n", "t\\n", "t\0", "1e5", "1.", "π", "²", "(" * 41 + "t" + ")" * 41,
        "t" + "+t" * 251, "t" * 33, "1" * 41, "x" * 1001, "random(0)", "print(t)",
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(BadRequest) as caught:
        formula(text, "$.here")
    assert caught.value.path == "$.here" and caught.value.message and caught.value.hint


@repeatable
@given(st.text(alphabet="tnw012.+-*/(), abs\n;[]':\\", max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        printed = str(formula(text))
    except BadRequest:
        return
    assert set(printed) <= set("abcdefghijklmnopqrstuvwxyz0123456789.+-*/(),")
