"""What is to be rendered: a document, its files, and what is wanted of them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from clipwright.capabilities import Capabilities
from clipwright.media import Media, Reader, Source, Span
from clipwright.plan.dressing import moves
from clipwright.plan.frames import Frames
from clipwright.plan.presets import Export, Target
from clipwright.plan.scene import Scene
from clipwright.project.document import Document


class Composition(msgspec.Struct, frozen=True, kw_only=True):
    """A valid document that is to be written, and what it is made of.

    `files` are the opened files, `extras` all that filters may open (tables of colours, subtitles, films with some),
    `texts` what is written in those that `companions.read_files` and `burning.burned_texts` name, all by the ids of the
    document's sources.
    """

    document: Document
    files: Mapping[str, Media]
    extras: Mapping[str, Source] = {}
    texts: Mapping[str, str] = {}
    export: Export = Export()
    caps: Capabilities
    engine: Reader
    output: str


class Order(msgspec.Struct, frozen=True):
    """What is to be rendered: the `window` of the whole, in pictures of the result."""

    composition: Composition
    staged: Scene
    wanted: Target
    window: Frames

    def read(self, window: Frames) -> Frames:
        """The pictures of the timeline of which those of the result are made: all where effects move them."""
        return self.staged.frames if moves(self.staged.effects) else window

    def span(self, window: Frames) -> Span:
        """When those pictures are shown, in microseconds of the result."""
        return Span(self.staged.grid.us(window.first), self.staged.grid.us(window.last))
