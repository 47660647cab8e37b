"""Clipwright: the video clipper that decides in Python and works in the browser tab or the terminal."""

__version__ = "0.1.0"
