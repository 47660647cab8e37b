"""A filter graph in the making: what is added gets a label of its own, which the next thing may take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from clipwright.filters.graph import Filter, FilterChain, FilterGraph


class Wiring:
    """Chains that are joined as they are added. `text` of the graph is the same for the same additions."""

    def __init__(self) -> None:
        self._chains: list[FilterChain] = []
        self._labels = 0

    def add(self, what: FilterChain | FilterGraph | Iterable[Filter], *inputs: str) -> str:
        """Feed `inputs` (labels, or streams of input files) to it; the label of the one stream that comes out."""
        out = self._label()
        if isinstance(what, FilterGraph):
            names = dict(zip((*what.inputs, *what.outputs), (*inputs, out), strict=True))
            self._chains += _beside(what, names, f"{out}_")
        else:
            filters = what.filters if isinstance(what, FilterChain) else tuple(what)
            self._chains.append(FilterChain(filters, inputs, (out,)))
        return out

    def split(self, filters: Iterable[Filter], source: str, count: int) -> tuple[str, ...]:
        """As `add`, for filters that end in so many streams."""
        labels = tuple(self._label() for _ in range(count))
        self._chains.append(FilterChain(tuple(filters), (source,), labels))
        return labels

    def graph(self, *outputs: str) -> FilterGraph:
        """All of it, with these labels as its open ends."""
        return FilterGraph(tuple(self._chains), (), outputs)

    def _label(self) -> str:
        self._labels += 1
        return f"p{self._labels}"


def _beside(what: FilterGraph, ends: Mapping[str, str], prefix: str) -> Iterator[FilterChain]:
    """The chains of a graph with these names for its ends, and `prefix` before all other labels."""

    def new(labels: Iterable[str]) -> tuple[str, ...]:
        return tuple(ends.get(label) or f"{prefix}{label}" for label in labels)

    for one in what.chains:
        yield FilterChain(one.filters, new(one.inputs), new(one.outputs))
