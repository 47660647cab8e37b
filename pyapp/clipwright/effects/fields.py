"""What is said of a parameter beside its type: a sentence for people and agents, its range, its unit. Said once, here.

Each gives the Meta of an ``Annotated`` field; the JSON Schema has all of it, and `reading` checks by it.
"""

from __future__ import annotations

from msgspec import Meta

LONGEST_US = 3600 * 1_000_000
"""No time in a parameter is above an hour."""


def number(low: float, high: float, hint: str, *, unit: str = "", above: bool = False) -> Meta:
    """A number from `low` to `high`, both included; with `above`, all but `low`."""
    extra = {"unit": unit} if unit else None
    if above:
        return Meta(gt=low, le=high, description=hint, extra_json_schema=extra)
    return Meta(ge=low, le=high, description=hint, extra_json_schema=extra)


def microseconds(hint: str, *, least: int = 0, most: int = LONGEST_US) -> Meta:
    """A time in whole microseconds, an hour at most unless told."""
    return number(least, most, hint, unit="µs")


def colour(hint: str) -> Meta:
    """A colour: one of CSS's names, or ``#RRGGBB``."""
    return Meta(description=hint, min_length=3, max_length=20, extra_json_schema={"format": "color"})


def source(hint: str) -> Meta:
    """The id of a source of the project."""
    return Meta(description=hint, min_length=1, max_length=64, extra_json_schema={"format": "source"})


def words(hint: str, most: int, least: int = 1) -> Meta:
    """A text of so many characters."""
    return Meta(description=hint, min_length=least, max_length=most)


def several(hint: str, least: int, most: int) -> Meta:
    """A list of so many entries."""
    return Meta(description=hint, min_length=least, max_length=most)


def hint(text: str) -> Meta:
    """Only the sentence: for switches and choices."""
    return Meta(description=text)
