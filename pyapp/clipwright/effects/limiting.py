"""Filters that work for a part of the time only, by FFmpeg's ``enable``; outside of it they pass on what they get."""

from __future__ import annotations

from clipwright.effects.definition import Built
from clipwright.errors import BadRequest
from clipwright.filters.expression import Expr, call, variables
from clipwright.filters.graph import Filter, FilterChain, FilterGraph, chain, use
from clipwright.filters.pads import TIMELINE
from clipwright.filters.ranges import time

_T = variables("t")[0]
_FINE, _USUAL = (chain(use("asetnsamples", nb_out_samples=count, pad=0)) for count in (64, 1024))


def span(start_us: int | None, end_us: int | None, duration_us: int, path: str) -> Expr | None:
    """Whether a moment lies from `start_us` until before `end_us`; None where there is no limit.

    BadRequest where there is nothing between them, or nothing of what lasts `duration_us` (0 where that is unknown).
    """
    start = None if start_us is None else time(start_us, f"{path}.start_us")
    end = None if end_us is None else time(end_us, f"{path}.end_us")
    if start_us and 0 < duration_us <= start_us:
        raise BadRequest(
            f"The effect starts at {start_us} µs of what lasts {duration_us} µs.",
            hint="Let it start before that.",
            path=f"{path}.start_us",
        )
    if end is not None and end <= (start or 0):
        raise BadRequest("The effect ends before it starts.", hint="Give a later end.", path=f"{path}.end_us")
    begun = call("gte", _T, start) if start else None
    if end is None:
        return begun
    running = call("lt", _T, end)
    return running if begun is None else begun * running


def limited(built: Built, when: Expr, path: str) -> Built:
    """The same, at work only while `when` holds; BadRequest where a filter cannot be limited.

    Pictures are told apart exactly, sound to some 64 samples.
    """
    return Built(_limited(built.video, when, path), _in_slices(_limited(built.audio, when, path)))


def _in_slices(made: FilterChain | FilterGraph | None) -> FilterChain | FilterGraph | None:
    """Sound is switched on and off by the frame: short ones on the way in, usual ones on the way out."""
    return _FINE + made + _USUAL if isinstance(made, FilterChain) else made


def _limited(
    made: FilterChain | FilterGraph | None, when: Expr, path: str
) -> FilterChain | FilterGraph | None:
    match made:
        case FilterChain():
            return _chain(made, when, path)
        case FilterGraph():
            chains = tuple(_chain(one, when, path) for one in made.chains)
            return FilterGraph(chains, made.inputs, made.outputs)
    return None


def _chain(made: FilterChain, when: Expr, path: str) -> FilterChain:
    return FilterChain(tuple(_filter(one, when, path) for one in made.filters), made.inputs, made.outputs)


def _filter(one: Filter, when: Expr, path: str) -> Filter:
    if one.name not in TIMELINE:
        raise unlimitable(f"{path}.start_us")
    options = dict(one.options)
    own = options.get("enable")
    options["enable"] = own * when if isinstance(own, Expr) and own != when else when
    return Filter(one.name, tuple(options.items()))


def unlimitable(path: str) -> BadRequest:
    """The refusal of a part of the time for an effect that is for all of it."""
    return BadRequest(
        "This effect works on all of a clip, not on a part of its time.",
        hint="Split the clip, and use the effect on one part.",
        path=path,
    )
