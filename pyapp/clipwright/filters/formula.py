"""Formulas as people write them, read into trees: numbers, names, ``+ - * /``, brackets and functions."""

from __future__ import annotations

import re
from fractions import Fraction

from clipwright.errors import BadRequest
from clipwright.filters.expression import Binary, Call, Constant, Expr, Negative, Variable
from clipwright.filters.ranges import plain

LONGEST = 1000
"""No formula may have more characters."""
_MOST_MARKS = 250
_DEEPEST = 40

_TOKEN = re.compile(r"(?:\d{1,40}(?:\.\d{1,40})?|\.\d{1,40}|[A-Za-z_]\w{0,31}|[-+*/(),])", re.ASCII)
_BLANK = re.compile(r"[ \t\n]*")


def formula(text: str, path: str = "$") -> Expr:
    """The tree of a formula; BadRequest at `path` for what is none, or is too long or nested too deeply."""
    tokens = _tokens(plain(text, path, longest=LONGEST), path)
    try:
        tree = _Reader(tokens).whole()
        str(tree)
    except BadRequest as wrong:
        raise BadRequest(wrong.message, hint=wrong.hint, path=path) from None
    return tree


def _tokens(text: str, path: str) -> list[str]:
    found = []
    at = _BLANK.match(text).end()  # type: ignore[union-attr] # it matches anything
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise BadRequest(
                f"“{text[at : at + 10]}” cannot stand in a formula.",
                hint="Use numbers, names, + - * /, brackets and functions.",
                path=path,
            )
        found.append(token[0])
        at = _BLANK.match(text, token.end()).end()  # type: ignore[union-attr] # it matches anything
    if sum(not one[0].isalnum() for one in found) > _MOST_MARKS:
        raise BadRequest("The formula is too long.", hint="Make it simpler.", path=path)
    return found


class _Reader:
    """Goes through the tokens once, with one method for each level of the grammar."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> Expr:
        """All of it."""
        tree = self._sum()
        if self._next():
            raise _misplaced(self._next())
        return tree

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, *marks: str) -> str:
        """The next token if it is one of these, else nothing."""
        token = self._next()
        if token not in marks:
            return ""
        self._at += 1
        return token

    def _sum(self) -> Expr:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise BadRequest("The formula is nested too deeply.", hint="Make it simpler.")
        tree = self._product()
        while operator := self._take("+", "-"):
            tree = Binary(operator, tree, self._product())
        self._depth -= 1
        return tree

    def _product(self) -> Expr:
        tree = self._signed()
        while operator := self._take("*", "/"):
            tree = Binary(operator, tree, self._signed())
        return tree

    def _signed(self) -> Expr:
        minus = 0
        while self._take("-"):
            minus += 1
        tree = self._atom()
        return Negative(tree) if minus % 2 else tree

    def _atom(self) -> Expr:
        if self._take("("):
            tree = self._sum()
            self._close()
            return tree
        token = self._next()
        if not token or not (token[0].isalnum() or token[0] in "._"):
            raise _misplaced(token)
        self._at += 1
        if token[0].isdigit() or token[0] == ".":
            return Constant(Fraction(token))
        if not self._take("("):
            return Variable(token)
        arguments = [self._sum()]
        while self._take(","):
            arguments.append(self._sum())
        self._close()
        return Call(token, tuple(arguments))

    def _close(self) -> None:
        if not self._take(")"):
            raise _misplaced(self._next())


def _misplaced(token: str) -> BadRequest:
    what = f"“{token}” stands where it makes no sense" if token else "The formula ends too soon"
    return BadRequest(f"{what}.", hint="Write it as A*P+B*(1-P), with every bracket closed.")
