"""A decided result as a Plan: its steps, what is said of it, how big it will be."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from clipwright.containers import RULES
from clipwright.media import Span, VideoTrack
from clipwright.plan import argv, assemble, convert, cut, encode, estimate, join, metadata, notes
from clipwright.plan.parts import Segment
from clipwright.plan.request import How
from clipwright.plan.steps import Check, Note, Plan, Step
from clipwright.plan.tracks import Assignment, Task

_HDR = frozenset({"smpte2084", "arib-std-b67"})


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was decided.

    `hindrance` tells why it is not a smart cut, `reasons` why other engines could not.
    """

    task: Task
    how: How
    found: Assignment
    segments: tuple[Segment, ...]
    labels: tuple[str | None, ...]
    output: str
    reasons: tuple[str, ...] = ()
    hindrance: str = ""

    @property
    def composed(self) -> bool:
        """Whether the result is put together, not written in one go."""
        task = self.task
        written = task.mode == "exact" or (task.mode == "lossless" and task.engine != "media")
        plain = len(self.segments) == 1 and written and not metadata.edited(self.how) and not task.others
        if task.mode == "lossless" and task.engine == "native" and self._is_skipped:
            return True
        told = RULES[task.container].chapters and bool(task.media.info.chapters)
        return not plain or (task.engine == "media" and told)

    @property
    def _is_skipped(self) -> bool:
        """Whether decoders leave out some of the first samples, which FFmpeg does not allow for when it copies."""
        copied = [track.codec for track in self.found.kept("audio") if track.action == "copy"]
        if self.task.container == "ogg":
            return "opus" in copied
        source = self.task.media.info.container
        return bool(copied) and all(
            container in RULES and RULES[container].tells_delay for container in (source, self.task.container)
        )


def assembled(result: Result, name: str) -> Plan:
    """The Plan that makes `result` under `name`."""
    task, segments = result.task, result.segments
    whys = (result.hindrance if segment.window.mode == "exact" else "" for segment in segments)
    plans = tuple(
        estimate.planned(segment, label, why)
        for segment, label, why in zip(segments, result.labels, whys, strict=True)
    )
    size = estimate.size(plans)
    first, last = segments[0].window, segments[-1].window
    others = {media.source.id: media.source for media in task.others}
    others |= {segment.media.source.id: segment.media.source for segment in segments}
    others.pop(task.media.source.id, None)
    return Plan(
        source=task.media.source,
        others=tuple(others.values()),
        engine=task.engine,
        mode=task.mode,
        container=task.container,
        request_span=Span(first.requested.start, last.requested.end) if not others else first.requested,
        span=Span(first.span.start, last.span.end) if not others else first.span,
        lead_in_us=first.lead_in_us,
        lead_in_hidden=first.hidden,
        segments=plans,
        name=name,
        output=result.output,
        estimated_bytes=size,
        estimated_s=estimate.seconds(segments, plans, task.engine),
        tracks=result.found.tracks,
        notes=tuple(dict.fromkeys((*_said(result), *_notes(result)))),
        steps=_steps(result, size),
        checks=_checks(result),
    )


def _steps(result: Result, size: int) -> tuple[Step, ...]:
    task, found, output = result.task, result.found, result.output
    if result.composed:
        said = metadata.of(task.media.info, result.how, result.segments)
        return assemble.steps(task, result.segments, found, output, size, said)
    window = result.segments[0].window
    if task.engine != "media":
        return (argv.clip(task, window, found, output, size),)
    kept = (*found.kept("video"), *found.kept("audio"))
    if not found.kept("subtitle"):
        return (convert.clip(task.media, task.container, window.span, kept, output),)
    part = f"{output}-part"
    return (
        convert.clip(task.media, task.container, window.span, kept, part),
        argv.add_subtitles(task, window, found, part, output, size),
    )


def _checks(result: Result) -> tuple[Check, ...]:
    seen = all(segment.media.reader != "ffmpeg" for segment in result.segments)
    if not result.how.verify or result.task.mode == "exact" or not seen:
        return ()
    return assemble.checks(result.segments, result.found)


def _said(result: Result) -> Iterator[Note]:
    """What the cut points have to say, and what becomes of the picture."""
    for segment in result.segments:
        yield from segment.window.notes
        track = cut.picture(segment.media.info)
        if segment.window.mode == "smart" and track is not None:
            yield notes.smart_cut(
                track,
                segment.window.encoded_frames,
                segment.window.copied.duration if segment.window.copied else 0,
            )
    if result.hindrance:
        yield notes.not_smart(result.hindrance)
    for segment in result.segments:
        yield from join.silences(segment)
        if segment.models:
            yield notes.sources_differ(
                segment.media.source.name, join.differences(segment.models, segment.media)
            )


def _notes(result: Result) -> Iterator[Note]:
    task, found = result.task, result.found
    info = task.media.info
    by_index = {track.index: track for track in info.video}
    for planned in found.kept("video"):
        if planned.action == "encode":
            track = by_index[planned.index]
            length = sum(segment.window.span.duration for segment in result.segments)
            yield notes.frames_reencoded(track, length, planned.codec)
            yield from _picture_notes(task, track, planned.codec)
    if task.engine == "ffmpeg" and any(t.action in ("encode", "smart") for t in found.kept("video")):
        yield notes.slow_engine(_why_slow(task, result.reasons))
    if info.chapters and not RULES[task.container].chapters:
        yield notes.chapters_dropped(len(info.chapters))
    if info.container != task.container and info.container not in RULES:
        yield notes.container_changed(info.container, task.container)
    yield from found.notes


def _why_slow(task: Task, reasons: tuple[str, ...]) -> str:
    browser = next((reason for reason in reasons if reason.startswith(notes.ENGINE_NAMES["media"])), "")
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
