"""Expression trees: exact, printed as FFmpeg reads them, and refused where FFmpeg would refuse them."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright.errors import BadRequest
from clipwright.filters.expression import (
    ARITY,
    Constant,
    Negative,
    Variable,
    between,
    call,
    clip,
    expression,
    knowing,
    names,
    total,
    variables,
    when,
)
from clipwright.filters.ranges import decimal, exact, one_of, plain, time, whole, within
from tests.unit.evaluating import FUNCTIONS, Reading, same, value_of

repeatable = settings(deadline=None, derandomize=True, database=None, max_examples=60)
t, n, w = variables("t", "n", "w")
KNOWN = {"t": 1.25, "n": 30.0, "w": 160.0}

numbers = st.one_of(
    st.integers(-1000, 1000),
    st.fractions(-100, 100, max_denominator=9),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 4)),
)


def larger(smaller):
    calls = [
        st.tuples(*[smaller] * count).map(lambda arguments, name=name: call(name, *arguments))
        for name, (least, most) in ARITY.items()
        if name in ("if", "ifnot", "not", "between", "clip", "lt", "gte", "eq", "min", "max", "abs", "floor")
        for count in range(least, most + 1)
    ]
    pairs = st.tuples(smaller, smaller)
    return st.one_of(
        pairs.map(lambda pair: pair[0] + pair[1]),
        pairs.map(lambda pair: pair[0] - pair[1]),
        pairs.map(lambda pair: pair[0] * pair[1]),
        pairs.map(lambda pair: pair[0] / pair[1]),
        smaller.map(lambda tree: -tree),
        *calls,
    )


def trees(*known):
    """Trees of numbers and these variables."""
    leaves = st.one_of(numbers.map(expression), st.sampled_from([*known, Variable("PI")]))
    return st.recursive(leaves, larger, max_leaves=12)


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (expression(2), "2"),
        (expression(2.0), "2"),
        (expression(0.1), "0.1"),
        (expression(1e-7), "0.0000001"),
        (expression(1e21), "1000000000000000000000"),
        (expression(-1.5), "-1.5"),
        (expression(Fraction(1, 3)), "1/3"),
        (t - (n - w), "t-(n-w)"),
        (t - n - w, "t-n-w"),
        (t / (n * w), "t/(n*w)"),
        (2 * (t + 1), "2*(t+1)"),
        (t * Fraction(1, 3), "t*(1/3)"),
        (t - -3, "t-(-3)"),
        (1 - -t, "1-(-t)"),
        (Negative(-t), "-(-t)"),
        (Negative(expression(-2)), "-(-2)"),
        (-t * n, "-t*n"),
        (t * -n, "t*(-n)"),
        (-(t + n), "-(t+n)"),
        (when(call("lt", t, 1), 0, clip(t, -1, 1)), "if(lt(t,1),0,clip(t,-1,1))"),
        (between(t, 0.5, 2), "between(t,0.5,2)"),
        (call("if", t, n), "if(t,n)"),
        (total([]), "0"),
        (total([t, n, w]), "t+n+w"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_tree_prints(tree, text):
    assert str(tree) == text


@repeatable
@given(trees(t, n, w))
def test_what_is_printed_reads_back_as_the_same_value(tree):
    try:
        meant = value_of(tree, KNOWN)
    except (OverflowError, ValueError):  # floor of what is not finite
        return
    assert same(Reading(str(tree), KNOWN).value(), meant)


@repeatable
@given(st.fractions())
def test_a_constant_is_exact(value):
    text = decimal(value)
    assert Fraction(text) == value
    assert "e" not in text.lower() and (value.denominator == 1) == (text.lstrip("-").isdigit())


@repeatable
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_what_it_says(value):
    assert float(Fraction(decimal(exact(value)))) == value


def test_equal_trees_are_equal():
    assert t + 1 == Variable("t") + Constant(Fraction(1))
    assert hash(t + 1) == hash(t + 1.0)
    assert t + 1 != 1 + t


def test_the_variables_of_a_tree():
    assert names(when(call("lt", t, n), w * Variable("PI"))) == {"t", "n", "w", "PI"}
    assert knowing(t * Variable("PI"), ("t",)) == t * Variable("PI")
    with pytest.raises(BadRequest, match="“n”") as refused:
        knowing(t + n, ("t",), "$.x")
    assert refused.value.path == "$.x" and "t" in refused.value.hint


@pytest.mark.parametrize("name", ARITY)
def test_arity_is_checked(name):
    least, most = ARITY[name]
    for count in range(5):
        if least <= count <= most:
            assert str(call(name, *[t] * count)) == f"{name}({','.join(['t'] * count)})"
        else:
            with pytest.raises(BadRequest, match=f"{name} takes {least}"):
                call(name, *[t] * count)


def test_the_evaluator_knows_every_function():
    assert set(FUNCTIONS) == {name for name in ARITY if name[0] not in "ab" or not name[1:].isdigit()}


@pytest.mark.parametrize("make", [
    lambda: expression(math.nan), lambda: expression(math.inf), lambda: expression(True), lambda: expression("t"),
    lambda: Variable("t)"), lambda: Variable(""), lambda: Variable("min"), lambda: Variable("a:b"),
    lambda: call("random", 0), lambda: call("st", 0, 1), lambda: t + math.inf, lambda: Constant(0.5),
])  # fmt: skip
def test_what_is_no_expression(make):
    with pytest.raises(BadRequest):
        make()


def test_a_tree_too_deep_is_refused_before_ffmpeg_does():
    deep = t
    for _ in range(89):
        deep = call("abs", deep)
    assert str(deep).count("(") == 89
    with pytest.raises(BadRequest, match="too deeply"):
        str(call("abs", call("abs", deep)))
    tall = t
    for _ in range(400):
        tall = tall + 1
    with pytest.raises(BadRequest, match="too deeply"):
        str(tall)
    assert str(total([t] * 3000)).count("t") == 3000


@pytest.mark.parametrize("value", [0.2, 4.1, math.nan, True, "1", None])
def test_a_number_out_of_range(value):
    with pytest.raises(BadRequest) as refused:
        within(value, 0.25, 4, "$.params.speed_factor")
    assert refused.value.path == "$.params.speed_factor"
    if isinstance(value, float) and not math.isnan(value):
        assert "from 0.25 to 4" in refused.value.hint and "Speed factor" in refused.value.message


def test_ranges():
    assert within(0.25, 0.25, 4, "") == Fraction(1, 4)
    assert whole(3.0, 2, 32, "") == 3
    assert time(1_500_000, "") == Fraction(3, 2)
    assert one_of("fade", ["fade", "wipe"], "") == "fade"
    with pytest.raises(BadRequest, match="more than 0"):
        within(0, 0, 100, "$.x", above=True)
    with pytest.raises(BadRequest, match="whole number"):
        whole(2.5, 2, 32, "$.x")
    with pytest.raises(BadRequest, match="microseconds"):
        time(0.5, "$.x")
    with pytest.raises(BadRequest) as refused:
        one_of("wipelft", ["fade", "wipeleft", "wiperight"], "$.transition")
    assert "wipeleft" in refused.value.hint


@pytest.mark.parametrize("text", ["", "a\0b", "\ud800", "x" * 10_001, None, 7])
def test_a_text_that_no_argument_can_hold(text):
    with pytest.raises(BadRequest) as refused:
        plain(text, "$.text")
    assert refused.value.path == "$.text"
