"""Clipwright: the video clipper that decides in Python and works in the browser tab or the terminal.

Scripts ``import clipwright as cw``: what they may use of it is in ``scripting.py``, loaded when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clipwright.scripting import (
        BadRequest,
        Cancelled,
        CapabilityError,
        ClipwrightError,
        CorruptMedia,
        Cut,
        Cuts,
        EngineError,
        MediaError,
        Opened,
        ResourceError,
        Saved,
        UnsupportedFormat,
        join,
        open,  # noqa: A004  # scripts say cw.open
        read_segments,
    )

__version__ = "0.1.0"
__all__ = [
    "BadRequest",
    "Cancelled",
    "CapabilityError",
    "ClipwrightError",
    "CorruptMedia",
    "Cut",
    "Cuts",
    "EngineError",
    "MediaError",
    "Opened",
    "ResourceError",
    "Saved",
    "UnsupportedFormat",
    "join",
    "open",
    "read_segments",
]


def __getattr__(name: str) -> object:
    """A name of the scripting API; whoever wants something else of the package does not load that."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("clipwright.scripting"), name)
