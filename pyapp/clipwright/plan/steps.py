"""The Plan and its Steps: everything that will be done, as a value that can be shown before it is run."""

from __future__ import annotations

from typing import Literal

import msgspec

from clipwright.containers import Container
from clipwright.media import Chapter, Reader, Source, Span

Method = Literal["lossless", "smart", "exact"]
"""How a result is made: all packets copied; copied but for the edges; all encoded again."""

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
    "subtitles_dropped",
    "depth_reduced",
    "hdr_lost",
    "pixels_squared",
    "slow_engine",
    "container_changed",
    "replanned",
    "smart_cut",
    "not_smart",
    "segments_merged",
    "sources_differ",
    "silent",
    "verification_failed",
]


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a person should know before the work starts; `text` is a whole sentence."""

    code: NoteCode
    text: str
    level: Literal["info", "warning"] = "info"
    track: int | None = None
    us: int | None = None


class TrackPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one source track.

    `codec` is the one in the result (FFmpeg's name), `source` the number of its file: 0 is the plan's `source`,
    then come `others`. ``smart`` copies all but the edges.
    """

    index: int
    kind: Literal["video", "audio", "subtitle", "data"]
    action: Literal["copy", "smart", "encode", "drop"]
    codec: str
    source: int = 0


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """What the result says of itself.

    `tags` None keeps those of the first source; `chapters` are on the result's clock.
    """

    tags: dict[str, str] | None = None
    chapters: tuple[Chapter, ...] = ()


class ConvertTrack(msgspec.Struct, frozen=True, kw_only=True):
    """One track of a Convert step; tracks that are not listed are dropped.

    `codec` is mediabunny's name (``avc``, ``aac``), `bitrate` in bits per second.
    Where they are given, pictures are fitted into `width` x `height`, in stored pixels, with black bars, and
    sound gets `sample_rate` (hertz) and `channels`.
    `edge` asks for pictures that will stand beside copied ones: hardly to be told from the source's, decoded in the
    order in which they are shown, in the source's own size and depth or not at all; `bitrate` is then the least.
    """

    index: int
    codec: str
    bitrate: int | None = None
    width: int | None = None
    height: int | None = None
    sample_rate: int | None = None
    channels: int | None = None
    edge: bool = False


class Convert(msgspec.Struct, frozen=True, kw_only=True, tag="convert", tag_field="do"):
    """Encode with WebCodecs and mediabunny.

    `span` is in the file's own presentation time (the origin is already added). `output` is the id the result is kept
    under. `may_end`: the tracks may end before the span does, as others tell whether the file breaks off.
    """

    source: str
    output: str
    container: Container
    span: Span
    tracks: tuple[ConvertTrack, ...]
    may_end: bool = False
    weight: float = 1.0


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Packets of one track of `source` (an open file, or a part that an earlier step made), copied.

    What is presented in `span`, in that file's own presentation time, belongs to the piece; `at` is where
    the span's start lies in the result, in microseconds.
    """

    source: str
    track: int
    span: Span
    at: int


class AssembleTrack(msgspec.Struct, frozen=True, kw_only=True):
    """One track of an Assemble step: its pieces follow each other without overlap.

    It is described as the track is that its first piece from an open file comes from; `language`, `title`,
    `disposition` and `rotation` (degrees clockwise) replace what that says, None keeps it.
    """

    kind: Literal["video", "audio", "subtitle"]
    pieces: tuple[Piece, ...]
    language: str | None = None
    title: str | None = None
    disposition: tuple[str, ...] | None = None
    rotation: int | None = None


class Assemble(msgspec.Struct, frozen=True, kw_only=True, tag="assemble", tag_field="do"):
    """Put packets of several files together, none of them encoded again.

    A picture track's first piece may need a lead-in before its first frame, and its last piece later pictures
    that others refer to: an edit list hides both where the container has one. Every other piece starts on
    a clean frame and ends where nothing later is needed. Sound is taken packet by packet: at a joint
    a packet goes where its middle lies; the first piece brings its priming. `duration_us` is the result's length.
    """

    output: str
    container: Container
    tracks: tuple[AssembleTrack, ...]
    duration_us: int
    metadata: Metadata = Metadata()
    shift_lead_in: bool = False
    weight: float = 1.0


class Mount(msgspec.Struct, frozen=True, kw_only=True):
    """A file under the name that the argv uses for it."""

    id: str
    name: str


class TextFile(msgspec.Struct, frozen=True, kw_only=True):
    """A short file that the plan itself holds, under the name that the argv uses for it, as UTF-8."""

    name: str
    text: str


class RunFfmpeg(msgspec.Struct, frozen=True, kw_only=True, tag="ffmpeg", tag_field="do"):
    """Run ffmpeg with an argv list (program name not included).

    Every element of `argv` that equals a mount's `name` stands for that file. `duration_us` is the length
    of the expected output, for progress. `assets` lie in the folder that it runs in, under their names: fonts, tables
    of colours; so do `texts`, which it may read as inputs: subtitles, chapters. `numbered`: the output's name stands
    for as many files as there are pictures, ``%06d`` in it for their number, and all of them are put into one ZIP.
    `presented_us` is where the edit lists of the result stop: copied packets of later pictures and texts stay hidden
    behind it. None leaves them as FFmpeg wrote them.
    `pixels` is how many the largest picture has that is decoded or encoded, 0 where hardly any is encoded.
    """

    inputs: tuple[Mount, ...]
    output: Mount
    argv: tuple[str, ...]
    duration_us: int
    assets: tuple[Mount, ...] = ()
    texts: tuple[TextFile, ...] = ()
    numbered: bool = False
    presented_us: int | None = None
    pixels: int = 0
    weight: float = 1.0


Step = Convert | RunFfmpeg | Assemble


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """Frames to compare after the work.

    Those that track `track` of `source` presents in `span`, in its own time, must be shown by track
    `result_track` of the result from `at` on, and no others there.
    """

    source: str
    track: int
    span: Span
    result_track: int
    at: int


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What the checks found.

    `joints` were looked at and `frames` compared. `worst_psnr_db` is the least similar picture's (100 for
    identical ones, None where nothing could be decoded here), `worst_shift_us` the largest difference in time.
    `detail` says what is wrong where `ok` is false, and what could not be looked at.
    """

    ok: bool
    joints: int
    frames: int
    worst_psnr_db: float | None = None
    worst_shift_us: int = 0
    detail: str = ""


class SegmentPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one segment.

    `source` is the id of its file. `request_span` is what was asked for and `span` what is presented, both
    on that file's clock; `at` is where it starts in the result. `copied_us` and `encoded_us` share out the picture (the
    sound, where there is none), the bytes are predicted sizes. `why` tells why it is not smart, if it is not.
    """

    source: str
    label: str | None = None
    request_span: Span
    span: Span
    at: int = 0
    mode: Method
    lead_in_us: int = 0
    lead_in_hidden: bool = True
    copied_us: int = 0
    encoded_us: int = 0
    encoded_frames: int = 0
    copied_bytes: int = 0
    encoded_bytes: int = 0
    why: str = ""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What will be done, decided before anything is written.

    `request_span` is what was asked for and `span` what will be presented, both on the person's clock.
    `lead_in_us` is how much before the in point must be kept because copying starts on a key frame;
    `lead_in_hidden` says whether players skip it. `name` is the suggested file name. `output` is the id
    under which the last step leaves the result. `estimated_bytes` is the predicted size of the result and
    `estimated_s` how long making it takes, in seconds, roughly. `others` are further sources that are read.
    With several segments of one file, `request_span` and `span` run from the first's start to the last's end.
    `checks` are made when the steps are done.
    """

    source: Source
    others: tuple[Source, ...] = ()
    engine: Reader
    mode: Method
    container: Container
    request_span: Span
    span: Span
    lead_in_us: int = 0
    lead_in_hidden: bool = True
    segments: tuple[SegmentPlan, ...] = ()
    name: str
    output: str
    estimated_bytes: int
    estimated_s: float = 0.0
    tracks: tuple[TrackPlan, ...]
    notes: tuple[Note, ...]
    steps: tuple[Step, ...]
    checks: tuple[Check, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source that is read."""
        return (self.source, *self.others)


class Rendering(msgspec.Struct, frozen=True, kw_only=True):
    """What will be done for a project, decided before anything is written.

    `method` is ``composed`` where everything is drawn and encoded anew, otherwise that of the cut which the project
    comes to. `format` is what is written, `width` and `height` are its pixels (0 for sound alone), `frame_rate` its
    pictures per second, `duration_us` its length. What comes out larger than `most_bytes` is not kept. Otherwise as in
    `Plan`; nothing is compared afterwards.
    """

    sources: tuple[Source, ...]
    engine: Reader
    method: Literal["composed"] | Method = "composed"
    format: str
    name: str
    output: str
    width: int
    height: int
    frame_rate: str
    duration_us: int
    estimated_bytes: int
    most_bytes: int | None = None
    notes: tuple[Note, ...] = ()
    steps: tuple[Step, ...]
    checks: tuple[Check, ...] = ()


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a running Plan is: `done` from 0 to 1, never falling; `eta_s` None while unknown."""

    done: float
    stage: str
    eta_s: float | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was done.

    `copied`, `encoded` and `dropped` list source track indices. `size` is in bytes, `elapsed_ms` the time
    the engine took. `verified` is what the checks found, None where none were made. `replanned_from` names
    the engine that was tried first and could not, if any.
    """

    engine: Reader
    mode: Method
    container: Container
    name: str
    size: int
    request_span: Span
    span: Span
    lead_in_us: int = 0
    lead_in_hidden: bool = True
    segments: tuple[SegmentPlan, ...] = ()
    verified: Verified | None = None
    copied: tuple[int, ...] = ()
    encoded: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    notes: tuple[Note, ...] = ()
    elapsed_ms: int = 0
    replanned_from: Reader | None = None


class RenderReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was rendered.

    `method` is ``composed`` where everything was drawn and encoded anew, otherwise that of the cut which the project
    came to. `size` is in bytes, `width` and `height` in pixels (0 for sound alone).
    """

    engine: Reader
    method: Literal["composed"] | Method
    format: str
    name: str
    size: int
    width: int
    height: int
    frame_rate: str
    duration_us: int
    notes: tuple[Note, ...] = ()
    elapsed_ms: int = 0
