"""Output names: legal everywhere, readable, never taken."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipwright import names
from clipwright.errors import BadRequest, ResourceError

SECOND = 1_000_000


@pytest.mark.parametrize(
    ("source", "stem"),
    [
        ("holiday.mp4", "holiday"),
        ("holiday", "holiday"),
        ("two.parts.m2ts", "two.parts"),
        ("v1.2", "v1.2"),
        ("日本語 テスト.mkv", "日本語 テスト"),
        ("🎬 take 1.mov", "🎬 take 1"),
        ("👨\u200d👩\u200d👧.mov", "👨\u200d👩\u200d👧"),
        ("cafe\u0301.mp4", "café"),
        ('a/b\\c:d*e?f"g<h>i|j.mp4', "a_b_c_d_e_f_g_h_i_j"),
        ("line\nbreak\tand\x00null\x7f.mp4", "line break andnull"),
        ("\u202egnp.mp4", "gnp"),
        ("a\u200db\u200bc\ufeffd.mp4", "abcd"),
        ("-rf.mp4", "rf"),
        ("..hidden.mp4", "hidden"),
        (".mp4", "mp4"),
        ("bad \udcff byte.mp4", "bad _ byte"),
        ("CON.mp4", "CON"),
        ("", "clip"),
        ("...", "clip"),
        ("\u202e.mp4", "clip"),
    ],
)
def test_a_clip_is_named_after_its_source(source: str, stem: str) -> None:
    named = names.output_name(source, 90 * SECOND, 3661 * SECOND + 999_999, "mp4")
    assert named == f"{stem}_clip_01-30_to_61-01.mp4"


@pytest.mark.parametrize("source", ["x" * 500 + ".mp4", "😀" * 300, "é" * 300])
def test_a_long_stem_gives_way_to_times_and_extension(source: str) -> None:
    named = names.output_name(source, 0, SECOND, ".webm")
    assert named.endswith("_clip_00-00_to_00-01.webm")
    assert names.MAX_BYTES - 4 < len(named.encode()) <= names.MAX_BYTES
    assert set(named.partition("_clip_")[0]) == {source[0]}


def named(template: str, label: str | None = None, n: int = 3, count: int = 12, source: str = "a.mp4") -> str:
    return names.segment_name(template, source, n, count, 90 * SECOND, 95 * SECOND, label, "mkv")


@pytest.mark.parametrize(
    ("template", "label", "name"),
    [
        (names.SEGMENT_TEMPLATE, "intro", "a_03_01-30_intro"),
        (names.SEGMENT_TEMPLATE, None, "a_03_01-30"),
        (names.SEGMENT_TEMPLATE, "", "a_03_01-30"),
        (names.SEGMENT_TEMPLATE, " \u202e.", "a_03_01-30"),
        (names.SEGMENT_TEMPLATE, "{stem} {0.__class__}", "a_03_01-30_{stem} {0.__class__}"),
        (names.SEGMENT_TEMPLATE, "a/b: c", "a_03_01-30_a_b_ c"),
        ("{n}-{end}-{duration}-{stem}-{stem}", None, "3-01-35-00-05-a-a"),
        ("{n:03}", None, "003"),
        ("{label} - {n}", None, "3"),
        ("{n} - {label} - {stem}", None, "3 - a"),
        ("{stem} ({label})", None, "a"),
        ("[{label}] {stem}", None, "a"),
        ("{stem} ({label})", "b", "a (b)"),
        ("{label}", None, "clip"),
        ("plain", "b", "plain"),
        ("", None, "clip"),
    ],
)
def test_a_template_is_filled(template: str, label: str | None, name: str) -> None:
    assert named(template, label) == f"{name}.mkv"


def test_numbers_have_as_many_digits_as_the_last() -> None:
    assert named("{n:02}", n=7, count=9) == "07.mkv"
    assert named("{n:02}", n=7, count=1000) == "0007.mkv"
    assert named("{n}", n=7, count=1000) == "7.mkv"


@pytest.mark.parametrize(
    "field",
    [
        "{}", "{0}", "{name}", "{stem.__class__}", "{stem!r}", "{stem:>99}", "{n:2}", "{n:0}", "{n:099}", "{n:02d}",
        "{label:03}", "{ n}", "{N}", "{", "}", "{{n}}", "{stem", "{n:0\u0662}", "{stem[0]}",
    ],
)  # fmt: skip
def test_a_field_that_does_not_exist_is_refused(field: str) -> None:
    for label in (None, "label"):
        with pytest.raises(BadRequest) as refused:
            named(f"{{stem}}_{field}", label)
        assert refused.value.path == "$.request.name"
        assert all(f"{{{known}}}" in refused.value.hint for known in names.TEMPLATE_FIELDS)


def test_a_long_stem_and_a_long_label_give_way() -> None:
    long = named("{stem}_{n:02}_{label}", "é" * 300, source="x" * 500)
    assert names.MAX_BYTES - 4 < len(long.encode()) <= names.MAX_BYTES
    assert long.rpartition("x_03_")[2] == "é" * 40 + ".mkv"


def test_names_of_one_cut_are_all_different() -> None:
    assert names.distinct(["a.mp4", "A.mp4", "b.mp4", "a (2).mp4", "a.mp4"]) == (
        "a.mp4",
        "A (2).mp4",
        "b.mp4",
        "a (2) (2).mp4",
        "a (3).mp4",
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("my clip", "my clip.mp4"),
        ("my clip.MP4", "my clip.mp4"),
        ("a.webm", "a.webm.mp4"),
        ("a. . .", "a.mp4"),
        ("../../etc/passwd", "_.._etc_passwd.mp4"),
        ("nul", "_nul.mp4"),
        ("Com1.backup", "_Com1.backup.mp4"),
        ("com¹", "_com¹.mp4"),
        ("console", "console.mp4"),
        ("", "clip.mp4"),
        (".mp4", "clip.mp4"),
        ("a.mp4\u202e ", "a.mp4"),
    ],
)
def test_a_chosen_name_is_made_legal(written: str, name: str) -> None:
    assert names.sanitised(written, "mp4") == name


anything = st.lists(st.integers(0, 0x10FFFF).map(chr), max_size=40).map("".join)
awkward = st.text(st.sampled_from('aé.- /\\:"\u200d\u202e\x00\u0301😀\ud800ﬁ'), max_size=60) | anything


@settings(deadline=None, derandomize=True, database=None, max_examples=50)
@given(source=awkward, written=awkward)
def test_any_name_is_legal_and_settled(source: str, written: str) -> None:
    template = "{stem}_{n:02}_{label}"
    for name in (
        names.output_name(source, 0, SECOND, "mp4"),
        names.sanitised(written, "mp4"),
        names.segment_name(template, source, 1, 2, 0, SECOND, written, "mp4"),
    ):
        assert name.endswith(".mp4")
        assert len(name.encode()) <= names.MAX_BYTES
        assert not set(name) & set('/\\:*?"<>|')
        assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in name)
        assert not any("\u202a" <= c <= "\u202e" for c in name)
        assert name[0] not in "-. "
        assert name == unicodedata.normalize("NFC", name) == names.sanitised(name, "mp4")


def test_an_unused_name_is_found() -> None:
    assert names.unused("a.mp4", {"b.mp4"}.__contains__) == "a.mp4"
    assert names.unused("a.mp4", {"a.mp4"}.__contains__) == "a (2).mp4"
    assert names.unused("a.b.mp4", {"a.b.mp4", "a.b (2).mp4"}.__contains__) == "a.b (3).mp4"
    assert names.unused("clip", {"clip"}.__contains__) == "clip (2)"
    assert names.unused(".clip", {".clip"}.__contains__) == ".clip (2)"


def test_a_folder_that_claims_every_name_is_an_error() -> None:
    with pytest.raises(ResourceError):
        names.unused("a.mp4", lambda name: True)
