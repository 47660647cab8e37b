"""The twelve transitions that FFmpeg 5.1 lacks, and one that it gets wrong, as expressions for its ``custom`` one.

The arithmetic is that of libavfilter/vf_xfade.c from FFmpeg 6 and 7. `P` runs from 1 to 0; `A` and `B` are the pixel
of the first and second picture, ``a0(x,y)`` those of its planes. xfade works without subsampled chroma, so `W` and
`H` hold for all planes. No ``st`` and ``ld``: filter threads share that memory.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from clipwright.filters.expression import Expr, between, call, clip, variables, when

_A, _B, _P, _X, _Y, _W, _H, _PLANE = variables("A", "B", "P", "X", "Y", "W", "H", "PLANE")
_ACROSS, _DOWN = call("trunc", _P * _W), call("trunc", _P * _H)


def _pixel(side: str, x: Expr, y: Expr) -> Expr:
    """The pixel of another place in the plane at hand."""
    at = [call(f"{side}{plane}", x, y) for plane in range(4)]
    return when(
        call("eq", _PLANE, 0),
        at[0],
        when(call("eq", _PLANE, 1), at[1], when(call("eq", _PLANE, 2), at[2], at[3])),
    )


def _wind(along: Expr, across: Expr, seed: str) -> Expr:
    """A ragged front that blows over the picture: each line of it runs ahead by chance."""
    swing = call("sin", across * Fraction(seed)) * Fraction("43758.545")
    ahead = along * Fraction(4, 5) + Fraction(1, 5) * call("mod", swing, 1)
    step = clip((ahead - (1 - _P) * Fraction(6, 5)) / Fraction(-1, 5), 0, 1)
    smooth = call("pow", step, 2) * (3 - 2 * step)
    return _B + (_A - _B) * (1 - smooth)


def _squeezed() -> Expr:
    """The built-in one divides zero by zero in its last picture, and reads memory that is not its own."""
    place = Fraction(1, 2) + (_X / _W - Fraction(1, 2)) / _P
    return when(between(place, 0, 1), _pixel("a", call("round", place * (_W - 1)), _Y), _B)


CUSTOM: dict[str, Callable[[], Expr]] = {
    "squeezev": _squeezed,
    "coverleft": lambda: when(call("gte", _X, _ACROSS), _pixel("b", _X - _ACROSS, _Y), _A),
    "coverright": lambda: when(call("lt", _X, _W - _ACROSS), _pixel("b", _X + _ACROSS, _Y), _A),
    "coverup": lambda: when(call("gte", _Y, _DOWN), _pixel("b", _X, _Y - _DOWN), _A),
    "coverdown": lambda: when(call("lt", _Y, _H - _DOWN), _pixel("b", _X, _Y + _DOWN), _A),
    "revealleft": lambda: when(call("gte", _X, _ACROSS), _B, _pixel("a", _X - _ACROSS + _W, _Y)),
    "revealright": lambda: when(call("lt", _X, _W - _ACROSS), _B, _pixel("a", _X + _ACROSS - _W, _Y)),
    "revealup": lambda: when(call("gte", _Y, _DOWN), _B, _pixel("a", _X, _Y - _DOWN + _H)),
    "revealdown": lambda: when(call("lt", _Y, _H - _DOWN), _B, _pixel("a", _X, _Y + _DOWN - _H)),
    "hlwind": lambda: _wind(1 - _X / _W, _Y, "78.233"),
    "hrwind": lambda: _wind(_X / _W, _Y, "78.233"),
    "vuwind": lambda: _wind(1 - _Y / _H, _X, "12.9898"),
    "vdwind": lambda: _wind(_Y / _H, _X, "12.9898"),
}
