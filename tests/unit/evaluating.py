"""What FFmpeg's libavutil/eval.c does with an expression: for trees, and for texts by its own grammar."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from clipwright.filters.expression import (
    ARITY,
    Binary,
    Call,
    Constant,
    Expr,
    Negative,
    Variable,
    call,
    variables,
)
from clipwright.filters.graph import FilterChain, chain, use

NAN = math.nan
CONSTANTS = {"PI": math.pi, "E": math.e, "PHI": (1 + math.sqrt(5)) / 2}


def divided(left: float, right: float) -> float:
    # Of a zero FFmpeg does not ask which sign it has.
    return left / right if right else left * math.inf


def guarded(function: Callable[..., float]) -> Callable[..., float]:
    """C gives NaN or infinity where Python raises."""

    def call(*values: float) -> float:
        try:
            return function(*values)
        except ValueError:
            return NAN
        except OverflowError:
            return math.inf

    return call


def rounded(value: float) -> float:
    """Half away from zero."""
    return math.copysign(math.floor(abs(value) + 0.5), value) if math.isfinite(value) else value


def clipped(value: float, low: float, high: float) -> float:
    if math.isnan(low) or math.isnan(high) or low > high:
        return NAN
    return min(max(value, low), high)


OPERATORS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": divided,
}
FUNCTIONS: dict[str, Callable[..., float]] = {
    "if": lambda c, a, b=0.0: a if c else b,
    "ifnot": lambda c, a, b=0.0: b if c else a,
    "not": lambda a: float(a == 0),
    "between": lambda x, a, b: float(a <= x <= b),
    "clip": clipped,
    "lerp": lambda a, b, x: a + (b - a) * x,
    "lt": lambda a, b: float(a < b),
    "lte": lambda a, b: float(a <= b),
    "gt": lambda a, b: float(a > b),
    "gte": lambda a, b: float(a >= b),
    "eq": lambda a, b: float(a == b),
    "min": lambda a, b: min(b, a),
    "max": lambda a, b: max(b, a),
    "mod": lambda a, b: a - math.floor(divided(a, b)) * b if b else NAN,
    "pow": guarded(math.pow),
    "hypot": math.hypot,
    "atan2": math.atan2,
    "abs": abs,
    "sgn": lambda a: float((a > 0) - (a < 0)),
    "floor": lambda a: float(math.floor(a)),
    "ceil": lambda a: float(math.ceil(a)),
    "trunc": lambda a: float(math.trunc(a)),
    "round": rounded,
    "sqrt": guarded(math.sqrt),
    "exp": guarded(math.exp),
    "log": guarded(lambda a: math.log(a) if a else -math.inf),
    "squish": guarded(lambda a: 1 / (1 + math.exp(4 * a))),
    **{
        name: guarded(getattr(math, name))
        for name in ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh")
    },
    "isnan": lambda a: float(math.isnan(a)),
    "isinf": lambda a: float(math.isinf(a)),
}


def value_of(tree: Expr, known: Mapping[str, float]) -> float:
    """What the tree is worth where the variables are `known`."""
    match tree:
        case Constant(value):
            return value.numerator / value.denominator
        case Variable(name):
            return CONSTANTS[name] if name in CONSTANTS else known[name]
        case Negative(operand):
            return -value_of(operand, known)
        case Binary(operator, left, right):
            return OPERATORS[operator](value_of(left, known), value_of(right, known))
        case Call(function, arguments):
            return FUNCTIONS[function](*(value_of(argument, known) for argument in arguments))
    raise AssertionError(tree)


_t, _n = variables("t", "n")
_ARGUMENTS = (_t * 2 - 1, _n - 3, _t / 3 + Fraction(1, 10))
EVERY_FUNCTION = [
    call(name, *_ARGUMENTS[:count])
    for name, (least, most) in ARITY.items()
    if not re.fullmatch("[ab][0-3]", name)
    for count in range(least, most + 1)
]
"""Each function that does not ask for pixels, with as many arguments as it takes."""


def spoken(tree: Expr) -> FilterChain:
    """What FFmpeg makes of an expression of `s`, `t` and `n`, eight times a second, as sound."""
    return chain(use("aevalsrc", exprs=tree, sample_rate=8, duration=1))


def odd_ones(trees: Sequence[Expr], rows: Sequence[Iterable[float]]) -> list[str]:
    """Where what FFmpeg made of expressions differs from what they mean."""
    odd = []
    for tree, found in zip(trees, rows, strict=True):
        for place, value in enumerate(found):
            try:
                meant = value_of(tree, {"n": float(place), "t": place / 8, "s": 8.0, "w": 8.0})
            except (OverflowError, ValueError):  # floor of what is not finite
                continue
            if not same(float(value), meant):
                odd.append(f"{tree} at {place} is {meant}, not {value}")
    return odd


def same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) or (math.isnan(one) and math.isnan(other))


TOKEN = re.compile(r"\d+(?:\.\d+)?|[A-Za-z_]\w*|[-+*/(),]")


class Reading:
    """A text read by eval.c's grammar: sums of products of factors with one sign, names, numbers, brackets."""

    def __init__(self, text: str, known: Mapping[str, float]) -> None:
        self.tokens = TOKEN.findall(text)
        assert "".join(self.tokens) == text, text
        self.known = known

    def value(self) -> float:
        value = self.sum()
        assert not self.tokens
        return value

    def ahead(self, *wanted: str) -> bool:
        return bool(self.tokens) and self.tokens[0] in wanted

    def sum(self) -> float:
        value = self.product()
        while self.ahead("+", "-"):  # the sign is the next factor's
            value += self.product()
        return value

    def product(self) -> float:
        value = self.factor()
        while self.ahead("*", "/"):
            value = OPERATORS[self.tokens.pop(0)](value, self.factor())
        return value

    def factor(self) -> float:
        sign = -1 if self.ahead("-") else 1
        if self.ahead("-", "+"):
            self.tokens.pop(0)
        return sign * self.primary()

    def primary(self) -> float:
        token = self.tokens.pop(0)
        if token == "(":
            value = self.sum()
            assert self.tokens.pop(0) == ")"
            return value
        if token[0].isdigit():
            return float(token)
        assert re.match(r"[A-Za-z_]", token), token
        if not self.ahead("("):
            return CONSTANTS[token] if token in CONSTANTS else self.known[token]
        arguments = []
        while self.tokens.pop(0) != ")":
            arguments.append(self.sum())
            assert self.ahead(",", ")")
        return FUNCTIONS[token](*arguments)
