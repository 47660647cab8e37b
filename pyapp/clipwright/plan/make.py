"""Make the Plan: what the file is + what the person wants + what this machine can do."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from clipwright import names
from clipwright.capabilities import Capabilities
from clipwright.containers import RULES, Container, takes_video
from clipwright.errors import BadRequest, CapabilityError
from clipwright.media import CutPoint, Media, Reader, VideoTrack
from clipwright.plan import argv, convert, cut, encode, notes
from clipwright.plan.cut import Window
from clipwright.plan.request import ClipRequest
from clipwright.plan.steps import Note, Plan, Step
from clipwright.plan.tracks import Assignment, Exactness, Task, assign

_HDR = frozenset({"smpte2084", "arib-std-b67"})
_AUDIO_FILES: tuple[Container, ...] = ("m4a", "mp3", "ogg", "flac", "wav")
_ENGINE_NAMES = {"media": "The browser", "ffmpeg": "FFmpeg in the page", "native": "FFmpeg"}


def make(
    media: Media,
    request: ClipRequest,
    point: CutPoint | None,
    caps: Capabilities,
    without: frozenset[Reader] = frozenset(),
) -> Plan:
    """The Plan for one clip.

    `point` tells where the primary picture track (``cut.primary``) can be cut near the in point, None for
    sound alone. Engines in `without` are not considered: they have been tried and could not.

    Raises BadRequest for a request that makes no sense for this file, and CapabilityError when no engine
    that is left can do it, with every engine's reason.
    """
    mode, container, window = _decide(media, request, point)
    reasons: list[str] = []
    for engine, text in _candidates(media, request, caps, without):
        task = Task(
            media=media, container=container, mode=mode, engine=engine, caps=caps,
            text=text and _carries_text(engine, mode, caps, without),
        )  # fmt: skip
        found = assign(task)
        misfit = found.misfit or _too_little(found, task, text)
        if not misfit:
            return _assemble(task, request, window, found, reasons)
        reasons.append(f"{_ENGINE_NAMES[engine]}: {misfit}")
    raise CapabilityError(
        "Nothing here can make this clip.",
        hint="Try another output format, or a lossless cut.",
        detail="; ".join(dict.fromkeys(reasons)) or "no engine is left to try",
    )


def _decide(
    media: Media, request: ClipRequest, point: CutPoint | None
) -> tuple[Exactness, Container, Window]:
    info = media.info
    copying = container_for(media, request, "lossless")
    primary = cut.primary(info, copying)
    if primary is None:
        raise BadRequest(
            f"“{media.source.name}” has no track that {notes.container_name(copying)} could hold.",
            hint="Choose another container.",
            path="$.request.container",
        )
    kind = "video" if isinstance(primary, VideoTrack) else "audio"
    if kind == "audio":
        point = None
    fits = RULES[copying].holds(kind, primary.codec)
    if request.mode == "lossless" and not fits:
        target, codec = notes.container_name(copying), notes.codec_name(primary.codec)
        raise BadRequest(
            f"A lossless clip cannot be {target}: it cannot hold {codec}.",
            hint="Choose another container, or mode exact.",
            path="$.request.container",
        )
    if request.mode != "exact" and fits:
        window = cut.lossless(info, request, point, copying)
        if request.mode == "lossless" or request.allow_lead_in or window.lead_in_us == 0:
            return "lossless", copying, window
    return "exact", container_for(media, request, "exact"), cut.exact(info, request, point)


def container_for(media: Media, request: ClipRequest, mode: Exactness) -> Container:
    """The container to write: the one asked for, else the source's, else the best that fits."""
    if request.container is not None:
        return request.container
    info = media.info
    for container in RULES:
        if container == info.container and (takes_video(container) or not cut.pictures(info)):
            return container
    primary = cut.primary(info, None)
    if isinstance(primary, VideoTrack):
        return "mp4" if mode == "exact" or primary.codec in ("h264", "hevc", "av1", "vp9") else "mkv"
    codec = primary.codec if primary else ""
    return next((c for c in _AUDIO_FILES if RULES[c].holds("audio", codec)), "m4a")


def _candidates(
    media: Media, request: ClipRequest, caps: Capabilities, without: frozenset[Reader]
) -> Iterator[tuple[Reader, bool]]:
    """Engines in order of preference; first those that keep subtitles, then any."""
    engines = [engine for engine in caps.engines if engine not in without]
    if request.engine != "auto":
        engines = [engine for engine in engines if engine == request.engine]
    if media.reader != "media":
        engines = [engine for engine in engines if engine != "media"]
    yield from ((engine, True) for engine in engines)
    yield from ((engine, False) for engine in engines)


def _carries_text(engine: Reader, mode: Exactness, caps: Capabilities, without: frozenset[Reader]) -> bool:
    """Whether subtitles arrive: mediabunny reads none, but FFmpeg can add them to what it cut exactly."""
    if engine != "media":
        return True
    return mode == "exact" and "ffmpeg" in caps.engines and "ffmpeg" not in without


def _too_little(found: Assignment, task: Task, text: bool) -> str:
    if not found.kept("video") and not found.kept("audio"):
        return f"no track of the file can be kept in {notes.container_name(task.container)}"
    lost = any(track.kind == "subtitle" and track.action == "drop" for track in found.tracks)
    if lost and text and not task.text and _would_keep_text(task):
        return "it cannot carry subtitles over"
    return ""


def _would_keep_text(task: Task) -> bool:
    with_text = assign(msgspec.structs.replace(task, text=True))
    return bool(with_text.kept("subtitle"))


def _assemble(
    task: Task, request: ClipRequest, window: Window, found: Assignment, reasons: list[str]
) -> Plan:
    media, container = task.media, task.container
    size = estimate(media, window, found)
    extension = RULES[container].extension
    name = names.output_name(media.source.name, window.requested.start, window.requested.end, extension)
    if request.name:
        name = names.sanitised(request.name, extension)
    output = f"{media.source.id}-clip"
    return Plan(
        source=media.source,
        engine=task.engine,
        mode=task.mode,
        container=container,
        request_span=window.requested,
        span=window.span,
        lead_in_us=window.lead_in_us,
        lead_in_hidden=window.hidden,
        name=name,
        output=output,
        estimated_bytes=size,
        tracks=found.tracks,
        notes=(*window.notes, *_notes(task, window, found, reasons)),
        steps=_steps(task, window, found, output, size),
    )


def _steps(task: Task, window: Window, found: Assignment, output: str, size: int) -> tuple[Step, ...]:
    if task.engine != "media":
        return (argv.clip(task, window, found, output, size),)
    if not found.kept("subtitle"):
        return (convert.clip(task, window, found, output),)
    part = f"{output}-part"
    return (
        convert.clip(task, window, found, part),
        argv.add_subtitles(task, window, found, part, output, size),
    )


def _notes(task: Task, window: Window, found: Assignment, reasons: list[str]) -> tuple[Note, ...]:
    info = task.media.info
    said: list[Note] = []
    by_index = {track.index: track for track in info.video}
    for planned in found.kept("video"):
        track = by_index[planned.index]
        if planned.action == "encode":
            said.append(notes.frames_reencoded(track, window.span.duration, planned.codec))
            said.extend(_picture_notes(task, track, planned.codec))
    if task.engine == "ffmpeg" and any(track.action == "encode" for track in found.kept("video")):
        said.append(notes.slow_engine(_why_slow(task, reasons)))
    if info.chapters and task.engine == "media":
        said.append(notes.chapters_dropped(len(info.chapters)))
    if info.container != task.container and info.container not in RULES:
        said.append(notes.container_changed(info.container, task.container))
    return (*said, *found.notes)


def _why_slow(task: Task, reasons: list[str]) -> str:
    browser = next((reason for reason in reasons if reason.startswith(_ENGINE_NAMES["media"])), "")
    if browser:
        return browser.replace(": it", "")
    if task.media.reader != "media":
        return f"The browser cannot read {notes.container_name(task.media.info.container)}"
    return "The browser's own codecs are not used"


def _picture_notes(task: Task, track: VideoTrack, codec: str) -> Iterator[Note]:
    deep = (track.bit_depth or 8) > 8
    if deep and not encode.keeps_depth(task.engine, track, codec):
        yield notes.depth_reduced(track)
    if track.color.transfer in _HDR and task.engine == "media":
        yield notes.hdr_lost(track)
    if task.engine == "media" and track.pixel_aspect != "1/1" and _redrawn(task, track, codec):
        yield notes.pixels_squared(track)


def _redrawn(task: Task, track: VideoTrack, codec: str) -> bool:
    """Whether the browser must paint the pictures anew, which it does in square pixels and 8 bits."""
    odd = codec == "h264" and (track.width % 2 or track.height % 2)
    turned = track.rotation != 0 and task.container in ("mkv", "webm")
    return bool(odd or turned or (track.bit_depth or 8) > 8)


def estimate(media: Media, window: Window, found: Assignment) -> int:
    """The predicted size of the result in bytes: copied bytes by share of time, encoded ones by bitrate."""
    info = media.info
    length = window.span.duration + (window.lead_in_us if window.hidden else 0)
    bits = 0
    by_index = info.cuttable
    for planned in found.kept():
        track = by_index.get(planned.index)
        if track is None:
            continue
        if planned.action == "copy":
            bits += track.bitrate or 0
        elif isinstance(track, VideoTrack):
            bits += encode.video_bitrate(track)
        else:
            bits += encode.audio_bitrate(track, planned.codec)
    copied = [planned for planned in found.kept() if planned.action == "copy"]
    if any(by_index[p.index].bitrate is None for p in copied if p.index in by_index):
        whole = media.source.size * 8 * 1_000_000 // max(info.duration_us, 1)
        bits = max(bits, whole)
    return bits * length // 8_000_000 + 4096
