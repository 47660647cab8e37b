"""JSON text from anybody, looked over before a decoder sees it."""

from __future__ import annotations

import re

from clipwright.errors import BadRequest

MAX_BYTES = 64 * 1024 * 1024
"""No text may be longer, as UTF-8."""
MAX_NESTING = 64
"""Brackets may not be nested deeper; what a document itself needs is less than half of it.

Decoders call themselves for each level. CPython notices in time; compiled to WebAssembly the stack overflows first, and
all of Python is lost.
"""

MAX_BRACKETS = 600_000
"""No text may hold more, two for each list and object: fifteen of these for each clip of the longest document."""

# One that is never closed reaches to the end: the decoder will not get further.
_STRING = re.compile(rb'"[^"]*+"?+')
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_OTHERS = bytes(byte for byte in range(256) if byte not in b'[]{}"')


def looked_over(text: str | bytes, path: str) -> bytes:
    """The text as UTF-8, if a decoder may have it. Raises BadRequest, at `path`, for what is too long or too deep."""
    if isinstance(text, str):
        try:
            text = text.encode()
        except UnicodeEncodeError:
            raise _unreadable("It holds half a character.", path) from None
    if len(text) > MAX_BYTES:
        raise BadRequest(
            f"A text of {len(text)} bytes is too long.", hint=f"Give at most {MAX_BYTES}.", path=path
        )
    brackets = _brackets(text)
    if len(brackets) > MAX_BRACKETS:
        raise BadRequest(
            f"There is too much in it: {len(brackets) // 2} lists and objects.",
            hint=f"Give at most {MAX_BRACKETS // 2}.",
            path=path,
        )
    if not _balanced(brackets):
        raise _unreadable(f"Close every bracket, and nest them at most {MAX_NESTING} deep.", path)
    return text


def _unreadable(hint: str, path: str) -> BadRequest:
    return BadRequest("This is not JSON that can be read.", hint=hint, path=path)


def _brackets(text: bytes) -> bytes:
    """The brackets outside of strings, all of them square.

    Strings go last, when most have become two quotes in a row, which can be left out anywhere: to match millions of
    them would take a gigabyte.
    """
    unescaped = text.replace(rb"\\", b"").replace(rb"\"", b"")
    return _STRING.sub(b"", unescaped.translate(_ONE_KIND, _OTHERS).replace(b'""', b""))


def _balanced(brackets: bytes) -> bool:
    """Whether every bracket is closed, and no pair holds too many others: each round takes the innermost away."""
    for _ in range(MAX_NESTING):
        left = brackets.replace(b"[]", b"")
        if len(left) == len(brackets):
            break
        brackets = left
    return not brackets
