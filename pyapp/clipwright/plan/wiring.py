"""A filter graph in the making: what is added gets a label of its own, which the next thing may take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from clipwright.filters.graph import Filter, FilterChain, FilterGraph, use

_MOST_AT_ONCE = 500
"""A filter has no more than 1024 pads."""


class _Link(NamedTuple):
    """A chain that may still grow at its end."""

    filters: list[Filter]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


class Wiring:
    """Chains that are joined as they are added; what follows one stream alone becomes part of its chain.

    The graph of the same additions is the same. It is checked when it is asked for.
    """

    def __init__(self) -> None:
        self._links: dict[str, _Link] = {}
        self._labels = 0

    def add(self, what: FilterChain | FilterGraph | Iterable[Filter], *inputs: str) -> str:
        """Feed `inputs` (labels, or streams of input files) to it; the label of the one stream that comes out.

        A label can be taken once.
        """
        out = self._label()
        if isinstance(what, FilterGraph):
            names = dict(zip((*what.inputs, *what.outputs), (*inputs, out), strict=True))
            for one in _beside(what, names, f"{out}_"):
                self._join(one)
        else:
            filters = what.filters if isinstance(what, FilterChain) else what
            self._join(_Link([*filters], inputs, (out,)))
        return out

    def split(self, filters: Iterable[Filter], source: str, count: int) -> tuple[str, ...]:
        """As `add`, for filters that end in so many streams."""
        labels = tuple(self._label() for _ in range(count))
        self._join(_Link([*filters], (source,), labels))
        return labels

    def graph(self, *outputs: str) -> FilterGraph:
        """All of it, with these labels as its open ends."""
        # One that ends in several streams is known by each of them.
        links = {link.outputs: link for link in self._links.values()}
        chains = (FilterChain(tuple(one.filters), one.inputs, one.outputs) for one in links.values())
        return FilterGraph(tuple(chains), (), outputs)

    def _join(self, link: _Link) -> None:
        """Put it behind the one chain that it follows, if there is one."""
        before = self._links.get(link.inputs[0]) if len(link.inputs) == 1 else None
        if before is not None and len(before.outputs) == 1:
            del self._links[before.outputs[0]]
            before.filters.extend(link.filters)
            link = _Link(before.filters, before.inputs, link.outputs)
        for label in link.outputs:
            self._links[label] = link

    def _label(self) -> str:
        self._labels += 1
        return f"p{self._labels}"


def in_a_row(wiring: Wiring, labels: Sequence[str], *, sound: bool = False) -> str:
    """One stream after the other, all pictures or all sound."""
    row = list(labels)
    while len(row) > 1:
        parts = [row[at : at + _MOST_AT_ONCE] for at in range(0, len(row), _MOST_AT_ONCE)]
        row = [_concatenated(wiring, part, sound=sound) for part in parts]
    return row[0]


def _concatenated(wiring: Wiring, labels: Sequence[str], *, sound: bool) -> str:
    if len(labels) == 1:
        return labels[0]
    return wiring.add((use("concat", n=len(labels), v=int(not sound), a=int(sound)),), *labels)


def _beside(what: FilterGraph, ends: Mapping[str, str], prefix: str) -> Iterator[_Link]:
    """The chains of a graph with these names for its ends, and `prefix` before all other labels."""

    def new(labels: Iterable[str]) -> tuple[str, ...]:
        return tuple(ends.get(label) or f"{prefix}{label}" for label in labels)

    for one in what.chains:
        yield _Link([*one.filters], new(one.inputs), new(one.outputs))
