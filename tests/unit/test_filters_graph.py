"""Filters, chains and graphs: equal when they say the same, and impossible when FFmpeg could not link them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright.errors import BadRequest
from clipwright.filters.expression import Variable, between
from clipwright.filters.graph import File, Filter, FilterChain, FilterGraph, chain, join, use
from tests.unit.test_filters_escaping import hostile, token

repeatable = settings(deadline=None, derandomize=True, database=None, max_examples=60)
t = Variable("t")


def read(text: str) -> list[tuple[list[str], list[tuple[str, dict[str, str]]], list[str]]]:
    """A graph's text read as FFmpeg reads it: chains of inputs, filters with their options, and outputs."""
    chains = []
    while text:
        inputs, filters, outputs = [], [], []
        while text.startswith("["):
            label, text = token(text[1:], "]")
            inputs.append(label)
            text = text[1:]
        while True:
            name, text = token(text, "=,;[")
            options: dict[str, str] = {}
            if text.startswith("="):
                listed, text = token(text[1:], "[],;")
                while listed:
                    key, _, listed = listed.partition("=")
                    options[key], listed = token(listed, ":")
                    listed = listed[1:]
            filters.append((name, options))
            if not text.startswith(","):
                break
            text = text[1:]
        while text.startswith("["):
            label, text = token(text[1:], "]")
            outputs.append(label)
            text = text[1:]
        assert text[:1] in ("", ";")
        chains.append((inputs, filters, outputs))
        text = text[1:]
    return chains


def test_a_graph_prints():
    graph = FilterGraph(
        (
            chain(use("scale", w=640, h=-2), use("setsar", sar=1)).between("0:v", "small"),
            chain(use("overlay", x=Fraction(5, 2), enable=between(t, 1, 2))).between(("1:v", "small"), "v"),
        ),
        outputs=("v",),
    )
    assert graph.text() == (
        "[0:v]scale=w=640:h=-2,setsar=sar=1[small];[1:v][small]overlay=x=2.5:enable=between(t\\,1\\,2)[v]"
    )


def test_equal_graphs_are_equal():
    def made():
        return FilterGraph((chain(use("gblur", sigma=Fraction(2))).between("0:v", "v"),), outputs=("v",))

    assert made() == made() and hash(made()) == hash(made())
    assert made() != made().renamed({"v": "w"})


@repeatable
@given(texts=st.lists(hostile.filter(lambda text: "\0" not in text), min_size=1, max_size=4))
def test_what_is_printed_is_what_was_meant(texts):
    filters = [use("drawtext", text=text, x=place) for place, text in enumerate(texts)]
    graph = FilterGraph((chain(*filters).between("0:v", "v"),), outputs=("v",))
    meant = [("drawtext", {"text": text, "x": str(place)}) for place, text in enumerate(texts)]
    assert read(graph.text()) == [(["0:v"], meant, ["v"])]


def test_files_print_where_the_engine_has_them():
    one = use("subtitles", filename=File("in1.ass"), force_style=None)
    assert one.text() == "subtitles=filename=in1.ass"
    assert (
        one.text(lambda name: f"C:\\it's\\{name}")
        == "subtitles=filename=C\\\\:\\\\\\\\it\\\\\\'s\\\\\\\\in1.ass"
    )


def test_graphs_join_at_their_open_pads():
    first = FilterGraph((chain(use("null")).between("in", "mid"),), ("in",), ("mid",))
    second = FilterGraph((chain(use("hflip")).between("mid", "out"),), ("mid",), ("out",))
    both = join(first, second)
    assert (both.inputs, both.outputs) == (("in",), ("out",))
    assert both.renamed({"in": "0:v"}).text() == "[0:v]null[mid];[mid]hflip[out]"
    assert both.apart("e1_").renamed({"in": "0:v"}).text() == "[0:v]null[e1_mid];[e1_mid]hflip[out]"
    with pytest.raises(BadRequest, match="still open"):
        both.text()


def test_pads_that_depend_on_options():
    assert use("amix", inputs=5).pads == (5, 1)
    assert use("split", outputs=3).pads == (1, 3)
    assert use("concat", n=3, v=1, a=1).pads == (6, 2)


def link(inputs, outputs, name="null", **options):
    return FilterChain((use(name, **options),), inputs, outputs)


@pytest.mark.parametrize(("fault", "make"), [
    ("given by more", lambda: FilterGraph((link(("0:v",), ("a",)), link(("1:v",), ("a",))), (), ("a",))),
    ("more than once", lambda: FilterGraph((link(("x",), ("b",)), link(("x",), ("c",))), ("x",), ("b", "c"))),
    ("nothing takes", lambda: FilterGraph((link(("0:v",), ("a",)),))),
    ("no chain gives", lambda: FilterGraph((link(("x",), ("a",)),), (), ("a",))),
    ("no open pad", lambda: FilterGraph((link(("0:v",), ("a",)),), (), ("a", "b"))),
    ("stands twice", lambda: FilterGraph((link(("0:v",), ("a",)),), (), ("a", "a"))),
    ("feeds itself", lambda: FilterGraph((link(("a",), ("b",)), link(("b",), ("a",))))),
    ("feeds itself", lambda: FilterGraph((link(("a",), ("a",)),))),
    ("no chain can give", lambda: FilterGraph((link(("0:v",), ("1:v",)),), (), ("1:v",))),
    ("no label", lambda: FilterGraph((chain(use("null")),))),
    ("2 inputs", lambda: link(("0:v",), ("a",), "overlay")),
    ("needs a filter", chain),
    ("gives 2 streams", lambda: chain(use("split"), use("null"))),
    ("takes 0", lambda: chain(use("null"), use("color"))),
    ("labels between", lambda: link(("0:v",), ("a",)) + chain(use("null"))),
    ("cannot name a pad", lambda: link(("0:v",), ("a]movie=x[",))),
    ("cannot be “movie”", lambda: use("movie", filename="/etc/passwd")),
    ("cannot be “amovie”", lambda: Filter("amovie")),
    ("cannot be “null,movie=x”", lambda: Filter("null,movie=x")),
    ("cannot be an option", lambda: Filter("scale", (("w=1:h", 1),))),
    ("cannot be an option", lambda: Filter("scale", (("w", 1), ("w", 2)))),
    ("cannot be an option", lambda: Filter("drawtext", (("/text", "x"),))),
    ("needs a File", lambda: use("subtitles", filename="/etc/passwd")),
    ("needs a File", lambda: use("drawtext", textfile="/etc/passwd")),
    ("takes no File", lambda: use("drawtext", text=File("in0"))),
    ("option's value", lambda: use("scale", w=0.5)),
    ("character that no text", lambda: use("drawtext", text="a\0b")),
    ("-1 inputs", lambda: chain(use("amix", inputs=10**9))),
    ("cannot name a file", lambda: File("/etc/passwd")),
    ("cannot name a file", lambda: File("concat:a|b")),
    ("cannot name a file", lambda: File("-i")),
    ("cannot name a file", lambda: File("a..b")),
])  # fmt: skip
def test_what_is_no_graph(fault, make):
    with pytest.raises(BadRequest, match=fault):
        make()
