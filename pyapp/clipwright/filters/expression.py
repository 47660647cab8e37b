"""FFmpeg's expressions as trees: exact constants, variables, operators and functions of known arity.

A tree prints as text that FFmpeg's parser (libavutil/eval.c) reads back as the same tree. Its operators
are ``+ - * /``, all of them left-associative, and a minus in front; powers and comparisons are functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate

import msgspec

from clipwright.errors import BadRequest
from clipwright.filters.ranges import Number, decimal, exact

ARITY: dict[str, tuple[int, int]] = {
    "if": (2, 3), "ifnot": (2, 3), "not": (1, 1), "between": (3, 3), "clip": (3, 3), "lerp": (3, 3),
    "lt": (2, 2), "lte": (2, 2), "gt": (2, 2), "gte": (2, 2), "eq": (2, 2),
    "min": (2, 2), "max": (2, 2), "mod": (2, 2), "pow": (2, 2), "hypot": (2, 2), "atan2": (2, 2),
    "abs": (1, 1), "sgn": (1, 1), "floor": (1, 1), "ceil": (1, 1), "trunc": (1, 1), "round": (1, 1),
    "sqrt": (1, 1), "exp": (1, 1), "log": (1, 1), "squish": (1, 1),
    "sin": (1, 1), "cos": (1, 1), "tan": (1, 1), "asin": (1, 1), "acos": (1, 1), "atan": (1, 1),
    "sinh": (1, 1), "cosh": (1, 1), "tanh": (1, 1), "isnan": (1, 1), "isinf": (1, 1),
    **{f"{side}{plane}": (2, 2) for side in "ab" for plane in range(4)},
}  # fmt: skip
"""Least and most arguments of each function. ``a0`` to ``b3`` are pixels in xfade's custom transitions.

Left out are those with a memory (``st``, ``ld``, ``random``: filters that work in slices share it between
threads) and those that print or loop (``print``, ``while``, ``taylor``, ``root``).
"""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}")
_SUM, _PRODUCT, _SIGN, _ATOM = range(4)
_DEEPEST = 90
"""How deeply brackets may be nested; eval.c gives up at 100."""
_TALLEST = 300
"""How tall a tree may be, brackets or not; `total` keeps sums of thousands low."""


class Expr(msgspec.Struct, frozen=True, cache_hash=True):
    """Anything that FFmpeg evaluates to a number. Equal trees compare equal; arithmetic makes larger trees."""

    def __add__(self, other: Operand) -> Expr:
        """The sum."""
        return Binary("+", self, expression(other))

    def __radd__(self, other: Operand) -> Expr:
        """The sum."""
        return Binary("+", expression(other), self)

    def __sub__(self, other: Operand) -> Expr:
        """The difference."""
        return Binary("-", self, expression(other))

    def __rsub__(self, other: Operand) -> Expr:
        """The difference."""
        return Binary("-", expression(other), self)

    def __mul__(self, other: Operand) -> Expr:
        """The product; of conditions, whether both hold."""
        return Binary("*", self, expression(other))

    def __rmul__(self, other: Operand) -> Expr:
        """The product."""
        return Binary("*", expression(other), self)

    def __truediv__(self, other: Operand) -> Expr:
        """The quotient."""
        return Binary("/", self, expression(other))

    def __rtruediv__(self, other: Operand) -> Expr:
        """The quotient."""
        return Binary("/", expression(other), self)

    def __neg__(self) -> Expr:
        """What is as far on the other side of zero."""
        return Negative(self)

    def __str__(self) -> str:
        """The text that FFmpeg reads, not escaped."""
        text = _printed(self, 0)[0]
        if text.count("(") > _DEEPEST and _brackets(text) > _DEEPEST:
            raise _too_deep()
        return text


class Constant(Expr, frozen=True, cache_hash=True):
    """An exact number."""

    value: Fraction

    def __post_init__(self) -> None:
        if not isinstance(self.value, Fraction):
            raise BadRequest(f"{self.value!r} is no exact number.", hint="Give a Fraction.")


class Variable(Expr, frozen=True, cache_hash=True):
    """What the filter that evaluates the expression knows by `name`."""

    name: str

    def __post_init__(self) -> None:
        if not _VARIABLE.fullmatch(self.name):
            raise BadRequest(f"“{self.name[:40]}” cannot name a variable.", hint="Use letters, digits and _.")
        if self.name in ARITY:
            raise BadRequest(f"“{self.name}” is a function.", hint="Give it its arguments.")


class Negative(Expr, frozen=True, cache_hash=True):
    """A minus in front."""

    operand: Expr


class Binary(Expr, frozen=True, cache_hash=True):
    """Two operands and what is between them."""

    operator: str
    left: Expr
    right: Expr

    def __post_init__(self) -> None:
        if self.operator not in _STRENGTH:
            raise BadRequest(f"“{self.operator[:40]}” is no operator.", hint="Use one of + - * /.")


class Call(Expr, frozen=True, cache_hash=True):
    """A function and its arguments."""

    function: str
    arguments: tuple[Expr, ...]

    def __post_init__(self) -> None:
        if self.function not in ARITY:
            raise BadRequest(
                f"There is no function “{self.function[:40]}”.", hint=f"There are {', '.join(ARITY)}."
            )
        least, most = ARITY[self.function]
        if not least <= len(self.arguments) <= most:
            count = str(least) if least == most else f"{least} or {most}"
            raise BadRequest(
                f"{self.function} takes {count} arguments, not {len(self.arguments)}.",
                hint="Give it as many.",
            )


Operand = Expr | Number
"""What may stand beside an operator."""
_STRENGTH = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT}


def expression(value: Operand) -> Expr:
    """`value` as a tree; BadRequest for a number that is not finite."""
    return value if isinstance(value, Expr) else Constant(exact(value))


def variables(*names: str) -> tuple[Variable, ...]:
    """One Variable for each name."""
    return tuple(Variable(name) for name in names)


def call(function: str, *arguments: Operand) -> Call:
    """The `function` of these arguments; BadRequest if there is none, or if it takes another number of them."""
    return Call(function, tuple(expression(argument) for argument in arguments))


def when(condition: Operand, then: Operand, otherwise: Operand = 0) -> Expr:
    """`then` where the condition is not zero, else `otherwise`."""
    return call("if", condition, then, otherwise)


def between(value: Operand, low: Operand, high: Operand) -> Expr:
    """1 from `low` to `high`, both included, else 0."""
    return call("between", value, low, high)


def clip(value: Operand, low: Operand, high: Operand) -> Expr:
    """The value kept from `low` to `high`."""
    return call("clip", value, low, high)


def parts(tree: Expr) -> Iterator[Expr]:
    """The tree and every tree in it."""
    yield tree
    match tree:
        case Negative(operand):
            inner: Iterable[Expr] = (operand,)
        case Binary(_, left, right):
            inner = (left, right)
        case Call(_, arguments):
            inner = arguments
        case _:
            inner = ()
    for part in inner:
        yield from parts(part)


def names(tree: Expr) -> frozenset[str]:
    """The variables it needs."""
    return frozenset(part.name for part in parts(tree) if isinstance(part, Variable))


def knowing(value: Operand, known: Iterable[str], path: str = "") -> Expr:
    """`value` as a tree that needs only what is `known`, besides PI and E; BadRequest otherwise."""
    tree = expression(value)
    unknown = sorted(names(tree) - {*known, "PI", "E"})
    if unknown:
        raise BadRequest(
            f"Nothing here is called “{unknown[0]}”.",
            hint=f"Known are {', '.join(sorted(known))}.",
            path=path,
        )
    return tree


def total(terms: Sequence[Operand]) -> Expr:
    """The sum of all terms, as a tree that grows with the logarithm of their number; 0 of none."""
    if len(terms) < 2:
        return expression(terms[0] if terms else 0)
    half = (len(terms) + 1) // 2
    return total(terms[:half]) + total(terms[half:])


def _printed(tree: Expr, height: int) -> tuple[str, int]:
    """Its text, and how strongly it holds together."""
    if height > _TALLEST:
        raise _too_deep()
    match tree:
        case Constant(value):
            return _number(value)
        case Variable(name):
            return name, _ATOM
        case Negative(operand):
            return f"-{_held(operand, _ATOM, height)}", _SIGN
        case Binary(operator, left, right):
            strength = _STRENGTH[operator]
            # A sign is no operator to eval.c, so it may begin a text and nothing else.
            first = _held(left, strength, height)
            return f"{first}{operator}{_held(right, strength + 1, height, inner=True)}", strength
        case Call(function, arguments):
            listed = ",".join(_printed(argument, height + 1)[0] for argument in arguments)
            return f"{function}({listed})", _ATOM
    raise BadRequest(f"{type(tree).__name__} is no expression.", hint="Use constants, variables and calls.")


def _held(tree: Expr, strength: int, height: int, *, inner: bool = False) -> str:
    text, own = _printed(tree, height + 1)
    return f"({text})" if own < strength or (inner and text.startswith("-")) else text


def _brackets(text: str) -> int:
    """How many brackets are open at once, at most."""
    return max(accumulate((letter == "(") - (letter == ")") for letter in text))


def _too_deep() -> BadRequest:
    return BadRequest("The expression is nested too deeply for FFmpeg.", hint="Make it simpler.")


def _number(value: Fraction) -> tuple[str, int]:
    text = decimal(value)
    if "/" in text:
        return text, _PRODUCT
    return text, _SIGN if value < 0 else _ATOM
