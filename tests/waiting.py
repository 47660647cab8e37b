"""Waiting for what a page does, in browsers that are driven by our own clients."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


class Trouble(Exception):
    """What a browser answered instead of doing it."""


def first_true(evaluate: Callable[..., Any], function: str, *arguments: Any, seconds: float) -> Any:
    """The first value of a function of the page that counts as true; Trouble when there is none in time."""
    until = time.monotonic() + seconds
    while not (value := evaluate(function, *arguments)):
        if time.monotonic() > until:
            raise Trouble(f"not in {seconds:.0f} s: {function}")
        time.sleep(0.05)
    return value
