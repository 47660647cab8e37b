"""Every error that a person can meet says what to do next, whichever language made it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from clipwright.errors import BY_CODE
from clipwright.native import faults
from tests.equipment import ROOT


class Made(NamedTuple):
    """One place where an error is made."""

    path: str
    line: int
    code: str | None
    hint: bool


NOTHING_TO_DO = frozenset({"cancelled"})
"""Whoever stopped it knows what to do next."""

WRITTEN_BY_A_PROGRAM = {
    "pyapp/clipwright/api.py": "a request has the shape of its struct, or a program is wrong",
    "pyapp/clipwright/native/engine.py": "plans and their outputs are named by this project's planner",
    "wasm-shims/": "what workers are asked to do is composed by this project's planner and page",
}
"""Where a `bad_request` may say no more than what is wrong: its reader is who wrote the program that sent it.

Whatever else goes wrong there still needs its hint, and so does what makes no sense of what a person wrote.
"""


def in_python() -> Iterator[Made]:
    """What ``pyapp`` makes."""
    codes = {cls.__name__: code for code, cls in BY_CODE.items()}
    for path in sorted((ROOT / "pyapp").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if code := codes.get(node.func.id):
                hints = [word.value for word in node.keywords if word.arg == "hint"]
                says = bool(hints) and not (isinstance(hints[0], ast.Constant) and not hints[0].value)
                yield Made(str(path.relative_to(ROOT)), node.lineno, code, says)


def in_javascript() -> Iterator[Made]:
    """What ``wasm-shims`` and ``web`` make: errors, and the objects that stand for them on the wire."""
    for room in ("wasm-shims", "web"):
        for path in sorted((ROOT / room).rglob("*.js")):
            text = path.read_text("utf-8")
            for found in _MADE.finditer(text):
                written = enclosed(text, found.end() - 1)
                code = _CODE.match(written)
                hint = _HINT.search(written)
                # An error made from another one carries what that said.
                says = hint[1] not in ("''", '""') if hint else code is None
                line = text.count("\n", 0, found.start()) + 1
                yield Made(str(path.relative_to(ROOT)), line, code[1] if code else None, says)


_MADE = re.compile(r"new ClipwrightError\(|\{(?=\s*code: '\w+',\s*message:)")
_CODE = re.compile(r"[({]\s*(?:code: )?'(\w+)'")
_HINT = re.compile(r"[{,]\s*hint\b(?:: ('(?:[^'\\]|\\.)*'|[^,}]+))?")
_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|[()\[\]{}]")


def enclosed(text: str, start: int) -> str:
    """From an opening bracket to the one that closes it; brackets inside texts do not count."""
    depth = 0
    for found in _TEXT.finditer(text, start):
        depth += (found[0] in "([{") - (found[0] in ")]}")
        if depth == 0:
            return text[start : found.end()]
    raise AssertionError(f"nothing closes {text[start : start + 40]!r}")


def silent(made: Iterator[Made]) -> list[str]:
    """Those that leave a person without a next step."""
    return [
        f"{one.path}:{one.line} {one.code}"
        for one in made
        if not one.hint
        and one.code not in NOTHING_TO_DO
        and not (one.code == "bad_request" and one.path.startswith(tuple(WRITTEN_BY_A_PROGRAM)))
    ]


def test_every_error_made_in_python_says_what_to_do_next() -> None:
    assert silent(in_python()) == []


def test_every_error_made_in_javascript_says_what_to_do_next() -> None:
    assert silent(in_javascript()) == []


def test_errors_are_found_at_all() -> None:
    """The walk would notice: both languages make errors of most codes."""
    assert {one.code for one in in_python()} >= set(BY_CODE) - {"internal"}
    assert {one.code for one in in_javascript()} >= {
        "engine",
        "capability",
        "resource",
        "media",
        "corrupt_media",
    }


def test_every_exemption_is_still_needed() -> None:
    everywhere = [*in_python(), *in_javascript()]
    used = {one.path for one in everywhere if one.code == "bad_request" and not one.hint}
    for place in WRITTEN_BY_A_PROGRAM:
        assert any(path.startswith(place) for path in used), place


@pytest.mark.parametrize("code", [1, 69, -9, -11, -25])
@pytest.mark.parametrize(
    "line",
    [
        "",
        "av_interleaved_write_frame(): No space left on device",
        "Error: Cannot allocate memory",
        "Unknown encoder 'libx264'",
        "[hls] file:///etc/passwd is not on whitelist",
        "film.mp4: partial file",
        "film.mp4: Invalid data found when processing input",
    ],
)
def test_whatever_ffmpeg_says_as_it_fails_comes_with_a_next_step(code: int, line: str) -> None:
    assert faults.after_failure(code, ["Stream mapping:", line], "film.mp4").hint


@pytest.mark.parametrize(
    "line", ["No space left on device", "Error writing trailer", "film.mp4: partial file"]
)
def test_what_ffmpeg_hides_behind_a_success_comes_with_a_next_step(line: str) -> None:
    error = faults.after_success([line], "film.mp4")
    assert error is not None
    assert error.hint
