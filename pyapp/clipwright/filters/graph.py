"""Filters, chains and graphs as values; what prints is what was checked.

A graph says which of its pads are open. Every other label is given once and taken once, and none leads back
to where it came from. Streams of input files (``0:v``) are no pads of the graph: they are only taken, by as
many chains as like, as FFmpeg allows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import msgspec

from clipwright.errors import BadRequest
from clipwright.filters.escaping import STREAM, argument, filter_description, graph_label, option_value
from clipwright.filters.expression import Expr
from clipwright.filters.pads import FILE_OPTIONS, FIXED, NAMES, pads
from clipwright.filters.ranges import decimal, one_of

_KEPT = 4096
"""So many filters, and their texts, are remembered."""
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,40}")
_MOUNT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.]{0,99}")


class File(msgspec.Struct, frozen=True):
    """A file that the engine will have under this name: an id of ours (``in1``, ``font0.ttf``), never a path."""

    name: str

    def __post_init__(self) -> None:
        if not _MOUNT.fullmatch(str(self.name)) or ".." in self.name:
            raise BadRequest(
                f"“{str(self.name)[:60]}” cannot name a file in a filter.",
                hint="Use letters, digits, _ and single dots.",
            )


Value = str | int | Fraction | Expr | File
"""What an option may be set to; truth values are 1 and 0."""
_PLAIN = frozenset({str, int, bool, Fraction, File})
Paths = Callable[[str], str]
"""Where an engine has the file of that name."""


def _as_named(name: str) -> str:
    return name


class Filter(msgspec.Struct, frozen=True, cache_hash=True):
    """One filter and its options, in the order in which they print."""

    name: str
    options: tuple[tuple[str, Value], ...] = ()

    def __post_init__(self) -> None:
        one_of(self.name, NAMES, "$.filter")
        keys = [key for key, _ in self.options]
        files = FILE_OPTIONS.get(self.name, frozenset())
        for key, value in self.options:
            if not _KEY.fullmatch(key) or keys.count(key) > 1:
                raise BadRequest(
                    f"“{key[:40]}” cannot be an option here.",
                    hint="Name each option once.",
                    path=f"$.{self.name}.{key[:40]}",
                )
            if type(value) not in _PLAIN and not isinstance(value, Value):
                raise BadRequest(
                    f"{value!r} cannot be an option's value.",
                    hint="Give text or an exact number.",
                    path=f"$.{self.name}.{key}",
                )
            if isinstance(value, File) != (key in files):
                what = "needs a File" if key in files else "takes no File"
                raise BadRequest(
                    f"{self.name}’s {key} {what}.",
                    hint="Only some options open files.",
                    path=f"$.{self.name}.{key}",
                )
            if isinstance(value, str) and value:
                argument(value, f"$.{self.name}.{key}")

    @property
    def pads(self) -> tuple[int, int]:
        """How many streams it takes, and how many it gives."""
        return FIXED.get(self.name) or pads(self.name, dict(self.options))

    def text(self, paths: Paths = _as_named) -> str:
        """The filter as it stands in a graph, escaped; `paths` says where its files are."""
        return _known_text(self) if paths is _as_named else _text(self, paths)


class FilterChain(msgspec.Struct, frozen=True):
    """Filters in a row. Labels stand at its ends, or nothing where it is still to be put into a graph."""

    filters: tuple[Filter, ...]
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.filters:
            raise BadRequest("A chain needs a filter.", hint="Use null or anull for none.", path="$.filters")
        counts = [one.pads for one in self.filters]
        for place, ((_, gives), (takes, _)) in enumerate(pairwise(counts)):
            if gives != takes or not takes:
                before, after = self.filters[place : place + 2]
                raise BadRequest(
                    f"{before.name} gives {gives} streams and {after.name} takes {takes}.",
                    hint="Put them into chains of their own, with labels.",
                    path="$.filters",
                )
        for side, labels, count in (
            ("inputs", self.inputs, counts[0][0]),
            ("outputs", self.outputs, counts[-1][1]),
        ):
            for place, label in enumerate(labels):
                graph_label(label, f"$.{side}[{place}]")
            if count < 0 or (labels and len(labels) != count):
                raise BadRequest(
                    f"The chain has {count} {side}, and {len(labels)} labels for them.",
                    hint="Give each its label.",
                    path=f"$.{side}",
                )

    def __add__(self, other: FilterChain) -> FilterChain:
        """The filters of both in a row; they must not have labels where they meet."""
        if self.outputs or other.inputs:
            raise BadRequest("Chains with labels between them do not make one.", hint="Make a graph.")
        return FilterChain((*self.filters, *other.filters), self.inputs, other.outputs)

    @property
    def pads(self) -> tuple[int, int]:
        """How many streams it takes, and how many it gives."""
        return self.filters[0].pads[0], self.filters[-1].pads[1]

    def between(self, inputs: Iterable[str] | str, outputs: Iterable[str] | str) -> FilterChain:
        """The same chain with these labels at its ends; a single one may be given as it is."""
        return FilterChain(self.filters, _labels(inputs), _labels(outputs))

    def text(self, paths: Paths = _as_named) -> str:
        """The chain as it stands in a graph; without labels, also what ``-vf`` and ``-af`` take."""
        filters = ",".join(one.text(paths) for one in self.filters)
        return f"{_bracketed(self.inputs)}{filters}{_bracketed(self.outputs)}"


class FilterGraph(msgspec.Struct, frozen=True):
    """Chains that are joined by their labels; `inputs` and `outputs` are the open ones, in order."""

    chains: tuple[FilterChain, ...]
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for place, chain in enumerate(self.chains):
            if (len(chain.inputs), len(chain.outputs)) != chain.pads:
                raise BadRequest("A pad has no label.", hint="Label both ends.", path=f"$.chains[{place}]")
        given = Counter(label for chain in self.chains for label in chain.outputs)
        taken = Counter(
            label for chain in self.chains for label in chain.inputs if not STREAM.fullmatch(label)
        )
        for label in given:
            if STREAM.fullmatch(label):
                raise _fault(label, "is a stream of an input, which no chain can give")
        for count, what in ((given, "given by more than one chain"), (taken, "taken more than once")):
            for label, times in count.items():
                if times > 1:
                    raise _fault(label, f"is {what}")
        _check_open(taken.keys() - given.keys(), self.inputs, "inputs", "is taken, and no chain gives it")
        _check_open(given.keys() - taken.keys(), self.outputs, "outputs", "is given, and nothing takes it")
        _check_order(self.chains)

    @property
    def files(self) -> frozenset[str]:
        """The names of the files that filters open."""
        filters = (one for link in self.chains for one in link.filters if one.name in FILE_OPTIONS)
        values = (value for one in filters for _, value in one.options)
        return frozenset(value.name for value in values if isinstance(value, File))

    def text(self, paths: Paths = _as_named) -> str:
        """What ``-filter_complex`` takes; BadRequest while an input is open. `paths` says where files are."""
        if self.inputs:
            raise _fault(self.inputs[0], "is still open, so the graph cannot be run")
        return ";".join(chain.text(paths) for chain in self.chains)

    def renamed(self, names: Mapping[str, str]) -> FilterGraph:
        """The same graph with other labels; an open input that becomes a stream is open no more."""

        def new(labels: Iterable[str]) -> tuple[str, ...]:
            return tuple(names.get(label, label) for label in labels)

        chains = (FilterChain(one.filters, new(one.inputs), new(one.outputs)) for one in self.chains)
        still = (label for label in new(self.inputs) if not STREAM.fullmatch(label))
        return FilterGraph(tuple(chains), tuple(still), new(self.outputs))

    def apart(self, prefix: str) -> FilterGraph:
        """The same graph with `prefix` before its inner labels, so that it fits beside others of its kind."""
        ends = {*self.inputs, *self.outputs}
        labels = {label for chain in self.chains for label in (*chain.inputs, *chain.outputs)}
        inner = (label for label in labels - ends if not STREAM.fullmatch(label))
        return self.renamed({label: f"{prefix}{label}" for label in inner})


def use(name: str, **options: Value | None) -> Filter:
    """The filter with those options that are not None. Graphs use the same filters again and again: they are kept."""
    try:
        return _used(name, **options)
    except TypeError:  # what cannot be kept cannot be an option either
        return Filter(name, tuple((key, value) for key, value in options.items() if value is not None))


@lru_cache(maxsize=_KEPT, typed=True)
def _used(name: str, **options: Value | None) -> Filter:
    return Filter(name, tuple((key, value) for key, value in options.items() if value is not None))


@lru_cache(maxsize=_KEPT)
def _known_text(one: Filter) -> str:
    return _text(one, _as_named)


def _text(one: Filter, paths: Paths) -> str:
    if not one.options:
        return one.name
    written = ":".join(f"{key}={option_value(_plain(value, paths))}" for key, value in one.options)
    return f"{one.name}={filter_description(written)}"


def chain(*filters: Filter) -> FilterChain:
    """The filters in a row, without labels."""
    return FilterChain(filters)


def join(*graphs: FilterGraph) -> FilterGraph:
    """One graph of several: what one gives and another takes is joined, everything else stays open."""
    given = {label for one in graphs for label in one.outputs}
    taken = {label for one in graphs for label in one.inputs}
    return FilterGraph(
        tuple(link for one in graphs for link in one.chains),
        tuple(label for one in graphs for label in one.inputs if label not in given),
        tuple(label for one in graphs for label in one.outputs if label not in taken),
    )


def _plain(value: Value, paths: Paths) -> str:
    """The value before any escaping."""
    match value:
        case File(name):
            return argument(paths(name))
        case Fraction():
            return decimal(value)
        case int():
            return str(int(value))
        case _:
            return str(value)


def _labels(labels: Iterable[str] | str) -> tuple[str, ...]:
    return (labels,) if isinstance(labels, str) else tuple(labels)


def _bracketed(labels: Iterable[str]) -> str:
    # They have been checked when the chain was made.
    return "".join(f"[{label}]" for label in labels)


def _check_open(found: set[str], declared: tuple[str, ...], side: str, what: str) -> None:
    for label in sorted(found - set(declared)):
        raise _fault(label, what)
    for place, label in enumerate(declared):
        if label not in found or declared.index(label) != place:
            raise _fault(label, f"is no open pad, or stands twice among the {side}")


def _check_order(chains: tuple[FilterChain, ...]) -> None:
    if _in_order(chains):
        return
    maker = {label: place for place, one in enumerate(chains) for label in one.outputs}
    order = TopologicalSorter(
        {place: [maker[label] for label in one.inputs if label in maker] for place, one in enumerate(chains)}
    )
    try:
        order.prepare()
    except CycleError as circle:
        place = circle.args[1][0]
        raise _fault((*chains[place].outputs, "")[0], "feeds itself") from None


def _in_order(chains: tuple[FilterChain, ...]) -> bool:
    """Whether each takes only what those before it gave, as in most graphs: nothing feeds itself then."""
    to_come = {label for one in chains for label in one.outputs}
    for one in chains:
        if not to_come.isdisjoint(one.inputs):
            return False
        to_come.difference_update(one.outputs)
    return True


def _fault(label: str, what: str) -> BadRequest:
    return BadRequest(
        f"The pad “{label}” {what}.", hint="Every pad is given once and taken once.", path=f"$.graph.{label}"
    )
