"""The error tree, and that every error survives the border."""

from __future__ import annotations

import msgspec
import pytest

from clipwright import errors
from clipwright.errors import BY_CODE, ClipwrightError, ErrorBody, from_body

TREE = {
    "internal": ("ClipwrightError", "Exception"),
    "bad_request": ("BadRequest", "ClipwrightError"),
    "media": ("MediaError", "ClipwrightError"),
    "unsupported_format": ("UnsupportedFormat", "MediaError"),
    "corrupt_media": ("CorruptMedia", "MediaError"),
    "capability": ("CapabilityError", "ClipwrightError"),
    "resource": ("ResourceError", "ClipwrightError"),
    "engine": ("EngineError", "ClipwrightError"),
    "cancelled": ("Cancelled", "ClipwrightError"),
}


def test_the_tree_is_the_documented_one() -> None:
    assert {
        code: (cls.__name__, cls.__base__.__name__) for code, cls in BY_CODE.items() if cls.__base__
    } == TREE
    for code, (name, _) in TREE.items():
        line = next(line for line in (errors.__doc__ or "").splitlines() if f" {name} " in f" {line} ")
        assert f" {code} " in f" {line} "


@pytest.mark.parametrize("code", BY_CODE)
def test_every_error_survives_the_wire(code: str) -> None:
    cls = BY_CODE[code]
    raised = cls("What went wrong.", hint="What to do.", detail="line 1\nline 2 “é”", path="$.request.start")
    body = msgspec.json.decode(msgspec.json.encode(raised.body), type=ErrorBody)
    caught = from_body(body)
    assert type(caught) is cls
    assert caught.code == code
    assert caught.body == raised.body
    assert str(caught) == "What went wrong."


def test_an_unknown_code_is_an_internal_error() -> None:
    caught = from_body(ErrorBody(code="from_the_future", message="What went wrong.", hint="What to do."))
    assert type(caught) is ClipwrightError
    assert caught.body == ErrorBody(code="internal", message="What went wrong.", hint="What to do.")


def test_only_code_and_message_must_stand_on_the_wire() -> None:
    body = msgspec.json.decode(b'{"code": "engine", "message": "It failed."}', type=ErrorBody)
    assert from_body(body).body == ErrorBody(code="engine", message="It failed.")
