"""A filter graph in the making: what is added gets a label of its own, which the next thing may take."""

from __future__ import annotations

from collections.abc import Iterable

from clipwright.filters.graph import Filter, FilterChain, FilterGraph, chain


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
            self._chains += what.apart(f"{out}_").renamed(names).chains
        else:
            filters = what if isinstance(what, FilterChain) else chain(*what)
            self._chains.append(filters.between(inputs, out))
        return out

    def split(self, filters: Iterable[Filter], source: str, count: int) -> tuple[str, ...]:
        """As `add`, for filters that end in so many streams."""
        labels = tuple(self._label() for _ in range(count))
        self._chains.append(chain(*filters).between(source, labels))
        return labels

    def graph(self, *outputs: str) -> FilterGraph:
        """All of it, with these labels as its open ends."""
        return FilterGraph(tuple(self._chains), (), outputs)

    def _label(self) -> str:
        self._labels += 1
        return f"p{self._labels}"
