"""What a person sees in the terminal: media facts, plans, reports and times as rich renderables."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from clipwright import timecode
from clipwright.errors import ErrorBody
from clipwright.media import AudioTrack, Media, MediaInfo, Track, VideoTrack
from clipwright.messages import CutPlan, TimeReading
from clipwright.plan.steps import Note, Plan, Report, RunFfmpeg, SegmentPlan
from clipwright.scripting import Saved
from clipwright.segments import Segment

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CHANNELS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
_IN_PROJECT = re.compile(r"\$\.(?:(?:document|sources|tracks|effects|markers|groups)\b|output\.)")
"""Places in a project: what an error says of them is not told by the words of a command."""
_ACTIONS = {"copy": "copied", "smart": "copied but for the edges", "encode": "re-encoded", "drop": "dropped"}


def plain(text: str) -> str:
    """`text` with everything that could steer a terminal made visible: names and tags come from files."""
    return "".join(
        ascii(character)[1:-1]
        if unicodedata.category(character) in ("Cc", "Cs") or character in _BIDI
        else character
        for character in text
    )


def size(count: int) -> str:
    """A number of bytes for a person: ``1.9 MB``."""
    if count < 1000:
        return f"{count} bytes"
    value = float(count)
    units = iter(("kB", "MB", "GB", "TB", "PB"))
    while value >= 999.5:
        value /= 1000
        unit = next(units)
    return f"{value:.1f} {unit}" if value < 99.95 else f"{value:.0f} {unit}"


def bitrate(bits: int | None) -> str:
    """Bits per second for a person: ``2.8 Mbit/s``; nothing when unknown."""
    if bits is None:
        return ""
    return f"{bits / 1_000_000:.1f} Mbit/s" if bits >= 1_000_000 else f"{bits / 1000:.0f} kbit/s"


def media(shown: Media) -> RenderableType:
    """What a file is."""
    info = shown.info
    facts = [info.container, timecode.hms(info.duration_us), size(shown.source.size), bitrate(info.bitrate)]
    parts: list[RenderableType] = [
        Text(plain(shown.source.name), style="bold"),
        Text(" · ".join(fact for fact in facts if fact)),
        _tracks(info),
    ]
    if info.chapters:
        parts.append(_chapters(info))
    if info.tags:
        parts.append(_pairs((plain(key), plain(value)) for key, value in sorted(info.tags.items())))
    return Group(*parts)


def _tracks(info: MediaInfo) -> Table:
    table = columns("#", "kind", "codec", "", "language", "bitrate", "flags")
    for track in info.tracks:
        codec = f"{track.codec} ({track.codec_string})" if track.codec_string else track.codec
        language = " ".join(filter(None, (track.language, track.title)))
        kind = type(track).__name__.removesuffix("Track").lower()
        cells = (str(track.index), kind, codec, _details(track), language, bitrate(track.bitrate))
        table.add_row(*(Text(plain(cell)) for cell in (*cells, ", ".join(track.disposition))))
    return table


def _details(track: Track) -> str:
    match track:
        case VideoTrack():
            return ", ".join(_picture(track))
        case AudioTrack():
            depth = f", {track.bit_depth} bit" if track.bit_depth else ""
            channels = _CHANNELS.get(track.channels, f"{track.channels} channels")
            return f"{track.sample_rate} Hz, {channels}{depth}"
        case _:
            return ""


def _picture(track: VideoTrack) -> Iterator[str]:
    yield f"{track.width}×{track.height}"
    if track.frame_rate:
        rate = timecode.parse_rate(track.frame_rate)
        yield f"{float(rate):.5g} fps{' (variable)' if track.vfr else ''}"
    if track.rotation:
        yield f"turned {track.rotation}°"
    if track.pixel_aspect != "1/1":
        yield f"pixels {track.pixel_aspect.replace('/', ':')}"
    if track.bit_depth:
        yield f"{track.bit_depth} bit"
    if track.color.transfer:
        yield track.color.transfer


def _chapters(info: MediaInfo) -> Table:
    table = columns("chapter", "from", "to")
    for number, chapter in enumerate(info.chapters, 1):
        title = plain(chapter.title or str(number))
        table.add_row(Text(title), timecode.hms(chapter.start_us), timecode.hms(chapter.end_us))
    return table


def notes(shown: Iterable[Note]) -> RenderableType:
    """What a person should know before the work starts, one line each."""
    return Group(
        *(
            Text.assemble(("! ", "yellow") if note.level == "warning" else ("· ", "dim"), plain(note.text))
            for note in shown
        )
    )


def plan(shown: Plan, paths: dict[str, str]) -> RenderableType:
    """What would be done, and the commands that would do it; `paths` has the source's and the result's."""
    commands = [
        Text(plain(_command(step, paths)), style="dim", overflow="fold")
        for step in shown.steps
        if isinstance(step, RunFfmpeg)
    ]
    return Group(
        Text(f"Would write {plain(paths[shown.output])}", style="bold"),
        Text(f"{_span(shown)}, {shown.mode}, {shown.container}, {_estimate([shown])}, engine {shown.engine}"),
        _becoming(shown),
        *_parts([shown]),
        notes(shown.notes),
        *commands,
    )


def _becoming(shown: Plan) -> Table:
    table = columns("track", "kind", "becomes", "codec")
    for track in shown.tracks:
        number = f"{track.source}:{track.index}" if shown.others else str(track.index)
        table.add_row(number, track.kind, _ACTIONS[track.action], Text(plain(track.codec)))
    return table


def _command(step: RunFfmpeg, paths: dict[str, str]) -> str:
    names = {mount.name: paths.get(mount.id, mount.name) for mount in (*step.inputs, step.output)}
    return shlex.join(["ffmpeg", *(names.get(word, word) for word in step.argv)])


def report(shown: Report, path: str) -> RenderableType:
    """What was done."""
    how = [
        f"{verb} {'track' if len(tracks) == 1 else 'tracks'} {', '.join(map(str, tracks))}"
        for verb, tracks in (
            ("copied", shown.copied),
            ("re-encoded", shown.encoded),
            ("dropped", shown.dropped),
        )
        if tracks
    ]
    return Group(
        Text.assemble(("Saved ", "green"), (plain(path), "bold"), f" ({size(shown.size)})", overflow="fold"),
        Text(f"{_span(shown)}, {shown.mode}: {'; '.join(how)}; took {shown.elapsed_ms / 1000:.1f} s"),
        *_parts([shown]),
        *_verdict(shown),
    )


def cut_plan(shown: CutPlan) -> RenderableType:
    """What would come of several segments."""
    plans = shown.plans
    table = columns("#", "would be called", "about")
    for number, plan in enumerate(plans, 1):
        table.add_row(str(number), Text(plain(plan.name)), size(plan.estimated_bytes))
    containers, engines = ({plan.container for plan in plans}, {plan.engine for plan in plans})
    return Group(
        Text(f"Would write {len(plans)} {'file' if len(plans) == 1 else 'files'}", style="bold"),
        Text(f"{', '.join(sorted(containers))}, {_estimate(plans)}, engine {', '.join(sorted(engines))}"),
        table,
        *{plan.tracks: _becoming(plan) for plan in plans}.values(),
        *_parts(plans),
        cut_notes(shown),
    )


def cut_notes(shown: CutPlan) -> RenderableType:
    """What a person should know of all results, then of each; what is the same for several is said once."""
    said: dict[Note, list[int]] = {}
    for number, plan in enumerate(shown.plans, 1):
        for note in plan.notes:
            said.setdefault(note, []).append(number)

    def placed(note: Note, numbers: list[int]) -> Note:
        where = f"{', '.join(map(str, numbers))}: " if len(numbers) < len(shown.plans) else ""
        return msgspec.structs.replace(note, text=f"{where}{note.text}")

    return notes([*shown.notes, *(placed(note, numbers) for note, numbers in said.items())])


def cut_report(shown: Sequence[Saved], archive: str | None) -> RenderableType:
    """What was done: every result, and the archive that they are in."""
    if len(shown) == 1 and archive is None:
        return report(shown[0].report, shown[0].output)
    reports = [saved.report for saved in shown]
    table = columns("#", "saved as", "size", "how", "took")
    for number, saved in enumerate(shown, 1):
        done = saved.report
        took = f"{done.elapsed_ms / 1000:.1f} s"
        table.add_row(str(number), Text(plain(saved.output)), size(done.size), done.mode, took)
    head = f"Saved {plain(archive)} with {len(shown)} files" if archive else f"Saved {len(shown)} files"
    return Group(
        Text(f"{head} ({size(sum(done.size for done in reports))})", style="bold", overflow="fold"),
        table,
        *_parts(reports),
        *(line for done in reports for line in _verdict(done)),
    )


def segments(shown: Iterable[Segment]) -> RenderableType:
    """A list of segments."""
    table = columns("#", "from", "to", "length", "name")
    for number, segment in enumerate(shown, 1):
        edges = (timecode.hms(segment.start_us), timecode.hms(segment.end_us))
        table.add_row(
            str(number), *edges, timecode.human(segment.duration_us), Text(plain(segment.label or ""))
        )
    return table


def _estimate(plans: Sequence[Plan]) -> str:
    bytes_, seconds = (sum(plan.estimated_bytes for plan in plans), sum(plan.estimated_s for plan in plans))
    return f"about {size(bytes_)}" + (f" in {max(seconds, 0.1):.1f} s" if seconds else "")


def _parts(results: Sequence[Plan | Report]) -> Iterator[RenderableType]:
    """What becomes of every segment, where that is known."""
    table = columns("#", "segment", "from", "to", "how", "in point", "copied", "re-encoded")
    for number, result in enumerate(results, 1):
        for place, part in enumerate(result.segments, 1):
            span = part.span
            encoded = f"{part.encoded_frames} frames, {size(part.encoded_bytes)}" if part.encoded_us else ""
            table.add_row(
                str(number if len(results) > 1 else place),
                Text(plain(part.label or "")),
                timecode.hms(span.start),
                timecode.hms(span.end),
                Text(plain(f"{part.mode}: {part.why}" if part.why else part.mode)),
                _in_point(part),
                size(part.copied_bytes) if part.copied_us else "",
                encoded,
            )
    if table.row_count:
        yield table


def _in_point(part: SegmentPlan) -> str:
    """Where playing starts, seen from where it was asked for."""
    moved = part.span.start - part.request_span.start
    where = f"{moved / 1_000_000:+.3f} s" if moved else "as asked"
    kept = f", {part.lead_in_us / 1_000_000:.3f} s before it hidden" if part.lead_in_us else ""
    return where + kept if part.lead_in_hidden else where


def _verdict(shown: Report) -> Iterator[RenderableType]:
    """What the checks of the joints found."""
    found = shown.verified
    if found is None:
        return
    quality = "" if found.worst_psnr_db is None else f", {found.worst_psnr_db:.1f} dB or better"
    if found.ok:
        yield Text.assemble(
            ("Verified ", "green"), f"{found.frames} frames around {found.joints} joints{quality}"
        )
    else:
        yield Text.assemble(("Not verified: ", "yellow"), plain(found.detail))


def _span(shown: Plan | Report) -> str:
    span = shown.span
    return f"{timecode.hms(span.start)} to {timecode.hms(span.end)} ({timecode.human(span.duration)})"


def time(reading: TimeReading) -> RenderableType:
    """A time in every form."""
    forms = [
        ("microseconds", str(reading.us)),
        ("HH:MM:SS.mmm", reading.hms),
        ("MM:SS.mmm", reading.ms),
        ("in words", reading.human),
        ("ISO 8601", reading.iso),
        ("file name", reading.stamp),
    ]
    if reading.timecode is not None:
        forms += [("timecode", reading.timecode), ("frame", str(reading.frame))]
    return _pairs(forms)


def error(body: ErrorBody, file: str) -> RenderableType:
    """What went wrong, with which file, what to do next, and where: in a project there are many places."""
    named = f"{file}: " if file and file not in body.message else ""
    parts: list[RenderableType] = [
        Text.assemble(("clipwright: ", "bold red"), plain(f"{named}{body.message}"))
    ]
    if body.hint:
        parts.append(Text(f"  {plain(body.hint)}"))
    if _IN_PROJECT.match(body.path) and not body.detail:
        parts.append(Text(f"  {plain(body.path)}", style="dim"))
    parts.extend(Text(f"  {plain(line)}", style="dim") for line in body.detail.splitlines())
    return Group(*parts)


def columns(*heads: str) -> Table:
    """An empty table with these heads."""
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _pairs(pairs: Iterable[tuple[str, str]]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for key, value in pairs:
        table.add_row(Text(key), Text(value))
    return table
