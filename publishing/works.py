"""The works of others that a release contains, as THIRD-PARTY.md tells of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cyclonedx.spdx import is_expression

SHIPPED = "Shipped in `dist/`"
IN_FFMPEG = "Inside @ffmpeg/core"
TERMINAL = "Used in the terminal, not shipped"

_REMARK = re.compile(r"\s*\([^)]*\)|\*\*")
_CONTAINED = re.compile(r"(?:contains |, and )([\w.+@/-]+), ([\w.+-]+(?: (?:or|and|with) [\w.+-]+)*)")


@dataclass(frozen=True)
class Work:
    """One work: `licence` is an SPDX expression, `note` what the table says behind the version."""

    name: str
    version: str | None
    licence: str
    note: str = ""
    contains: tuple[Work, ...] = ()


def works(text: str, heading: str) -> list[Work]:
    """The works in the table under a heading; RuntimeError where a row cannot be understood."""
    section = re.search(rf"^##+ {re.escape(heading)}\n(.*?)(?=^##|\Z)", text, re.DOTALL | re.MULTILINE)
    if section is None:
        raise RuntimeError(f"THIRD-PARTY.md has no heading “{heading}”.")
    lines = [line for line in section[1].splitlines() if line.startswith("| ")][1:]
    return [work for line in lines for work in _works_of([cell.strip() for cell in line.split("|")[1:4]])]


def _works_of(cells: list[str]) -> list[Work]:
    """One row: a work, or several with their versions, and with one licence each or one for all."""
    names = cells[0].split(", ")
    head, _, rest = _REMARK.sub("", cells[2]).partition("; ")
    versions = _for_each(names, cells[1])
    licences = _for_each(names, head)
    contains = tuple(Work(name, None, _spdx(name, licence)) for name, licence in _CONTAINED.findall(rest))
    made = []
    for name, version, licence in zip(names, versions, licences, strict=True):
        number = re.match(r"\d[\w.]*", version)
        note = version[number.end() :].lstrip(", ") if number else version
        made.append(Work(name, number[0] if number else None, _spdx(name, licence), note, contains))
    return made


def _for_each(names: list[str], cell: str) -> list[str]:
    parts = cell.split(", ")
    return parts if len(parts) == len(names) else [cell] * len(names)


def _spdx(name: str, words: str) -> str:
    expression = re.sub(r" (or|and|with) ", lambda word: word[0].upper(), words.strip())
    if not is_expression(expression):
        raise RuntimeError(f"THIRD-PARTY.md: “{words}”, the licence of {name}, is no SPDX expression.")
    return expression
