"""The Plan and its Steps: everything that will be done, as a value that can be shown before it is run."""

from __future__ import annotations

from typing import Literal

import msgspec

from clipwright.containers import Container
from clipwright.media import Reader, Source, Span

NoteCode = Literal[
    "lead_in_hidden",
    "lead_in_visible",
    "starts_on_key_frame",
    "frames_reencoded",
    "in_point_moved",
    "end_clamped",
    "track_dropped",
    "track_reencoded",
    "chapters_dropped",
    "depth_reduced",
    "hdr_lost",
    "pixels_squared",
    "slow_engine",
    "container_changed",
    "replanned",
]


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a person should know before the work starts; `text` is a whole sentence."""

    code: NoteCode
    text: str
    level: Literal["info", "warning"] = "info"
    track: int | None = None
    us: int | None = None


class TrackPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one source track; `codec` is the one in the result (FFmpeg's name)."""

    index: int
    kind: Literal["video", "audio", "subtitle", "data"]
    action: Literal["copy", "encode", "drop"]
    codec: str


class ConvertTrack(msgspec.Struct, frozen=True, kw_only=True):
    """One track of a Convert step; tracks that are not listed are dropped.

    `codec` is mediabunny's name (``avc``, ``aac``), `bitrate` in bits per second; both only for ``encode``.
    """

    index: int
    action: Literal["copy", "encode"]
    codec: str | None = None
    bitrate: int | None = None


class Convert(msgspec.Struct, frozen=True, kw_only=True, tag="convert", tag_field="do"):
    """Cut with WebCodecs and mediabunny.

    `span` is in the file's own presentation time (the origin is already added). `shift_lead_in` allows a copied lead-in
    that the container cannot hide to stay visible. `output` is the id the result is kept under.
    """

    source: str
    output: str
    container: Container
    span: Span
    tracks: tuple[ConvertTrack, ...]
    shift_lead_in: bool = False
    weight: float = 1.0


class Mount(msgspec.Struct, frozen=True, kw_only=True):
    """A file under the name that the argv uses for it."""

    id: str
    name: str


class RunFfmpeg(msgspec.Struct, frozen=True, kw_only=True, tag="ffmpeg", tag_field="do"):
    """Run ffmpeg with an argv list (program name not included).

    Every element of `argv` that equals a mount's `name` stands for that file. `duration_us` is the length
    of the expected output, for progress. `presented_us` is where the edit lists of the result stop: copied
    packets of later pictures stay hidden behind it. None leaves them as FFmpeg wrote them.
    """

    inputs: tuple[Mount, ...]
    output: Mount
    argv: tuple[str, ...]
    duration_us: int
    presented_us: int | None = None
    weight: float = 1.0


Step = Convert | RunFfmpeg


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What will be done, decided before anything is written.

    `request_span` is what was asked for and `span` what will be presented, both on the person's clock.
    `lead_in_us` is how much before the in point must be kept because copying starts on a key frame;
    `lead_in_hidden` says whether players skip it. `name` is the suggested file name. `output` is the id
    under which the last step leaves the result. `estimated_bytes` is the predicted size of the result.
    """

    source: Source
    engine: Reader
    mode: Literal["lossless", "exact"]
    container: Container
    request_span: Span
    span: Span
    lead_in_us: int = 0
    lead_in_hidden: bool = True
    name: str
    output: str
    estimated_bytes: int
    tracks: tuple[TrackPlan, ...]
    notes: tuple[Note, ...]
    steps: tuple[Step, ...]


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a running Plan is: `done` from 0 to 1, never falling; `eta_s` None while unknown."""

    done: float
    stage: str
    eta_s: float | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was done.

    `copied`, `encoded` and `dropped` list source track indices. `size` is in bytes, `elapsed_ms` the time
    the engine took. `replanned_from` names the engine that was tried first and could not, if any.
    """

    engine: Reader
    mode: Literal["lossless", "exact"]
    container: Container
    name: str
    size: int
    request_span: Span
    span: Span
    lead_in_us: int = 0
    lead_in_hidden: bool = True
    copied: tuple[int, ...] = ()
    encoded: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    notes: tuple[Note, ...] = ()
    elapsed_ms: int = 0
    replanned_from: Reader | None = None
