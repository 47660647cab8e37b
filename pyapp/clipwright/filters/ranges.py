"""Numbers and names within what they may be; everything else is a BadRequest that says where, and what is allowed.

Numbers become exact fractions: a float means what its shortest text says, so 0.1 is one tenth.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from fractions import Fraction
from math import isfinite

from clipwright.errors import BadRequest

Number = int | float | Fraction
"""What a script or a document may give as a number."""

_LONGEST = 10_000
_MANY = 12
_HUGE = 10**30
"""Numbers from here on are not written out: Python itself refuses to write those of thousands of digits."""


def exact(value: object, path: str = "") -> Fraction:
    """The number that `value` is written as; BadRequest for what is no finite number."""
    if type(value) is Fraction:
        return value
    if isinstance(value, float) and isfinite(value):
        return Fraction(repr(value))
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return Fraction(value)
    raise BadRequest(f"{said(value)} is not a number.", hint="Give a finite number.", path=path)


def decimal(value: Fraction) -> str:
    """The number as FFmpeg reads it: integers without a point, no exponent, ``p/q`` where digits would not end."""
    whole = value.denominator
    twos = (whole & -whole).bit_length() - 1
    fives, rest = 0, whole >> twos
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    if not places:
        return str(value.numerator)
    digits = str(abs(value.numerator) * 10**places // whole).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def within(
    value: Number, low: Number, high: Number, path: str, *, unit: str = "", above: bool = False
) -> Fraction:
    """`value` as an exact number from `low` to `high`, both included (with `above`, all but `low`)."""
    number, least, most = exact(value, path), exact(low), exact(high)
    if number < least or number > most or (above and number == least):
        start = f"more than {decimal(least)}, at most" if above else f"from {decimal(least)} to"
        allowed = f"{start} {decimal(most)}{unit and f' {unit}'}"
        raise BadRequest(
            f"{_name(path)} cannot be {_shown(number)}: it goes {allowed}.",
            hint=f"Give a number {allowed}.",
            path=path,
        )
    return number


def whole(value: Number, low: int, high: int, path: str, *, unit: str = "") -> int:
    """`value` as an integer from `low` to `high`, both included."""
    number = within(value, low, high, path, unit=unit)
    if number.denominator != 1:
        raise BadRequest(
            f"{_name(path)} cannot be {_shown(number)}: it is a whole number.",
            hint=f"Give a whole number from {low} to {high}.",
            path=path,
        )
    return number.numerator


def one_of(value: object, names: Collection[str], path: str) -> str:
    """`value` if it is one of `names`; otherwise a BadRequest that names the nearest ones."""
    if isinstance(value, str) and value in names:
        return value
    raise BadRequest(
        f"{_name(path)} cannot be “{said(value)[:60]}”.", hint=nearest(said(value), names), path=path
    )


def nearest(name: str, names: Collection[str]) -> str:
    """What to do about a name that is none of `names`: take the nearest ones, or else the first of all."""
    known = tuple(names)
    near = difflib.get_close_matches(name[:100], known, n=3, cutoff=0.5)
    listed = near or known[:_MANY]
    more = "" if near or len(known) <= _MANY else f" and {len(known) - _MANY} more"
    return f"{'The nearest is' if len(near) == 1 else 'Choose among'} {', '.join(listed)}{more}."


def time(us: object, path: str, *, least: int = 0, most: int = 100 * 3600 * 1_000_000) -> Fraction:
    """A time of whole microseconds in seconds; from `least` to `most`, 100 hours unless told."""
    if isinstance(us, bool) or not isinstance(us, int):
        raise BadRequest(
            f"{_name(path)} is a time in whole microseconds, not {said(us)}.",
            hint="Give an integer.",
            path=path,
        )
    return Fraction(whole(us, least, most, path, unit="µs"), 1_000_000)


def plain(text: object, path: str, *, longest: int = _LONGEST) -> str:
    """`text` if it can stand in an argument: not empty, no NUL, nothing UTF-8 cannot say, at most `longest` long."""
    if not isinstance(text, str) or not text:
        raise BadRequest(f"{_name(path)} is empty.", hint="Give it some text.", path=path)
    if len(text) > longest:
        raise BadRequest(
            f"{_name(path)} has {len(text)} characters; {longest} is the most.",
            hint="Give a shorter text.",
            path=path,
        )
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise BadRequest(
            f"{_name(path)} holds a character that no text can have (NUL or half a surrogate pair).",
            hint="Take that character out.",
            path=path,
        )
    return text


def _name(path: str) -> str:
    return path.rpartition(".")[2].replace("_", " ").strip("$ ").capitalize() or "The value"


def said(value: object) -> str:
    """What was given, for a message: short values as they are, others by what they are."""
    if isinstance(value, str):
        return value[:100]
    if isinstance(value, bool | float | None) or (isinstance(value, int) and abs(value) < _HUGE):
        return str(value)
    return f"a {type(value).__name__}"


def _shown(number: Fraction) -> str:
    if abs(number) >= _HUGE:
        return "so large" if number > 0 else "so low"
    text = decimal(number)
    return text if len(text) <= 40 else f"{float(number):g}"
