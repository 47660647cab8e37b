"""Every request, reply and event that crosses from the page to Python, the unions last.

This is the single schema: ``build.py`` writes ``web/protocol.gen.js`` and ``protocol.schema.json`` from it.
A request may carry, beside its own fields, the named slot ``file`` (a File or Blob), which JavaScript
swaps for an opaque id before Python sees it; a reply's ``file`` slot is filled the same way.
"""

from __future__ import annotations

import msgspec

from clipwright.capabilities import Capabilities
from clipwright.effects.catalogue import EffectsInfo
from clipwright.errors import BY_CODE
from clipwright.media import Media, Source
from clipwright.plan.presets import Export
from clipwright.plan.request import (
    ClipRequest,
    CutRequest,
    EngineChoice,
    Project,
    SegmentRequest,
    WrittenTime,
)
from clipwright.plan.steps import Note, Plan, Progress, Rendering, RenderReport, Report
from clipwright.project.document import Document
from clipwright.project.edits import Action
from clipwright.segments import Segment, SegmentAction

PROTOCOL = 1
"""Raised whenever an old page could misread a new worker or the other way round."""


class _Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="op"):
    """What every request is: a misspelt field is an error, not a default."""


class Open(_Request, frozen=True, kw_only=True, tag="open"):
    """Look into a file. Slot ``file`` in; replies Media. A single picture is refused unless `stills` are wanted."""

    source: Source
    reader: EngineChoice = "auto"
    stills: bool = False


class Attach(_Request, frozen=True, kw_only=True, tag="attach"):
    """Keep a file that is no media, for projects: a table of colours, subtitles. Slot ``file`` in; replies Source."""

    source: Source


class ParseTime(_Request, frozen=True, kw_only=True, tag="parse_time"):
    """Read a time that a person wrote; replies TimeReading."""

    text: WrittenTime
    frame_rate: str | None = None
    duration_us: int | None = None


class PlanClip(_Request, frozen=True, kw_only=True, tag="plan"):
    """Decide and show, without doing; replies Plan."""

    media: Media
    request: ClipRequest = ClipRequest()


class RunClip(_Request, frozen=True, kw_only=True, tag="clip"):
    """Plan and do; replies ClipResult with the slot ``file`` out. One at a time: a second is refused."""

    media: Media
    request: ClipRequest = ClipRequest()


class PlanCut(_Request, frozen=True, kw_only=True, tag="plan_cut"):
    """Decide and show what several segments come to, without doing; replies CutPlan."""

    media: tuple[Media, ...]
    request: CutRequest = CutRequest()


class RunCut(_Request, frozen=True, kw_only=True, tag="cut"):
    """Plan and do, for several segments; replies CutResult with the slot ``files`` out, one for each result."""

    media: tuple[Media, ...]
    request: CutRequest = CutRequest()


class EditSegments(_Request, frozen=True, kw_only=True, tag="segments"):
    """Work on a list of segments of one media; replies Segments.

    `value` is what the action needs: a time for ``shift``, ``split`` and ``length``, a whole number for
    ``count``, bytes for ``size``, nothing for ``check``, ``invert`` and ``align``.
    """

    media: Media
    segments: tuple[SegmentRequest, ...] = ()
    action: SegmentAction = "check"
    value: WrittenTime | None = None


class ReadSegments(_Request, frozen=True, kw_only=True, tag="read_segments"):
    """Read a list of segments of one media that a person or another program wrote; replies Segments, in its order.

    `text` is JSON, or lines of ``start,end,label``.
    """

    media: Media
    text: str


class ApplyAction(_Request, frozen=True, kw_only=True, tag="apply"):
    """Make one edit of a project; replies the Document after it, which is valid, or refuses."""

    document: Document
    action: Action


class ReadProject(_Request, frozen=True, kw_only=True, tag="read_project"):
    """Read a project that was stored as JSON, by this version or an older one; replies Document, or all faults."""

    text: str


class PlanRender(_Request, frozen=True, kw_only=True, tag="plan_render"):
    """Decide and show how a project would be rendered, without doing; replies Rendering."""

    project: Project
    export: Export = Export()


class RunRender(_Request, frozen=True, kw_only=True, tag="render"):
    """Render a project; replies RenderResult with the slot ``file`` out. One at a time, as clips are."""

    project: Project
    export: Export = Export()


class Effects(_Request, frozen=True, kw_only=True, tag="effects"):
    """Tell what effects and transitions there are, or of those called `name` only; replies EffectsInfo."""

    name: str | None = None


class Close(_Request, frozen=True, kw_only=True, tag="close"):
    """Forget an open source, or a result that was handed over; replies None."""

    source: Source


class TimeReading(msgspec.Struct, frozen=True, kw_only=True):
    """A time in every form a person may want back; `timecode` only where a frame rate was given."""

    us: int
    hms: str
    ms: str
    human: str
    iso: str
    stamp: str
    timecode: str | None = None
    frame: int | None = None


class ClipResult(msgspec.Struct, frozen=True, kw_only=True):
    """A finished clip: the id of its bytes and what was done."""

    output: str
    report: Report


class RenderResult(msgspec.Struct, frozen=True, kw_only=True):
    """A finished project: the id of its bytes and what was done."""

    output: str
    report: RenderReport


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A result is there and will be compared with its source now; slot ``file`` out.

    Where the comparison fails, another one is made, and the reply carries that.
    """

    output: str
    name: str
    size: int


class CutPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What several segments come to: one Plan for each result, and what is to be said of all of them."""

    plans: tuple[Plan, ...]
    notes: tuple[Note, ...] = ()


class CutResult(msgspec.Struct, frozen=True, kw_only=True):
    """Finished results, in order."""

    results: tuple[ClipResult, ...]
    notes: tuple[Note, ...] = ()


class Segments(msgspec.Struct, frozen=True, kw_only=True):
    """A list of segments."""

    segments: tuple[Segment, ...]


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """The worker's first, unsolicited message; `timings` in milliseconds since the worker started."""

    protocol: int
    version: str
    capabilities: Capabilities
    timings: dict[str, float]


ERROR_CODES: tuple[str, ...] = tuple(BY_CODE)
"""Every code an error reply may carry."""

Request = (
    Open
    | Attach
    | ParseTime
    | PlanClip
    | RunClip
    | PlanCut
    | RunCut
    | EditSegments
    | ReadSegments
    | Effects
    | ApplyAction
    | ReadProject
    | PlanRender
    | RunRender
    | Close
)
"""Everything the page may ask."""

Reply = (
    Media
    | Source
    | TimeReading
    | Plan
    | ClipResult
    | CutPlan
    | CutResult
    | Segments
    | EffectsInfo
    | Document
    | Rendering
    | RenderResult
    | None
)
"""Everything a request may be answered with."""

REPLIES: dict[type[Request], object] = {
    Open: Media,
    Attach: Source,
    ParseTime: TimeReading,
    PlanClip: Plan,
    RunClip: ClipResult,
    PlanCut: CutPlan,
    RunCut: CutResult,
    EditSegments: Segments,
    ReadSegments: Segments,
    ApplyAction: Document,
    ReadProject: Document,
    PlanRender: Rendering,
    RunRender: RenderResult,
    Effects: EffectsInfo,
    Close: None,
}
"""What each request is answered with."""

EVENTS: dict[str, object] = {"ready": Ready, "progress": Progress, "made": Made}
"""What may arrive unasked, or before a reply."""
