"""Make the Plan: what the files are + what the person wants + what this machine can do."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from clipwright import names
from clipwright.capabilities import Capabilities
from clipwright.containers import RULES, TEXT_SUBTITLES, Container, alone, takes_only_text, takes_video
from clipwright.errors import BadRequest, CapabilityError
from clipwright.media import AudioTrack, Media, MediaInfo, Reader, SubtitleTrack, VideoTrack
from clipwright.plan import cut, join, notes, smart
from clipwright.plan.cut import Wish
from clipwright.plan.request import ClipRequest, How, TrackRequest
from clipwright.plan.result import Result, assembled
from clipwright.plan.steps import Method, Plan
from clipwright.plan.tracks import Assignment, Task, assign, kind_of

_AUDIO_FILES: tuple[Container, ...] = ("m4a", "mp3", "ogg", "flac", "wav")


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One result that is wanted: its segments in order, and how to write them.

    `files` are all files that the request may name, those of the segments among them. Engines in `without` are
    not considered, nor is a smart cut where `smart` is false: they have been tried and could not. With `apart` the
    packets of several files have proved not to fit, so that all but the first one's are encoded again.
    """

    wishes: tuple[Wish, ...]
    how: How
    files: tuple[Media, ...]
    caps: Capabilities
    output: str
    name: str | None = None
    without: frozenset[Reader] = frozenset()
    smart: bool = True
    apart: bool = False

    @property
    def others(self) -> tuple[Media, ...]:
        """The files that tracks are taken from, but for the first segment's."""
        named = {
            self.files[t.source].source.id for t in self.how.tracks or () if 0 <= t.source < len(self.files)
        }
        own = self.media.source.id
        return tuple(file for file in self.files if file.source.id in named - {own})

    @property
    def media(self) -> Media:
        """The file that everything else is measured by: the first segment's."""
        return self.wishes[0].media


def clip_order(wish: Wish, request: ClipRequest, caps: Capabilities) -> Order:
    """The Order for one clip, which `wish` is the only segment of."""
    return Order(
        wishes=(wish,),
        how=request,
        files=(wish.media,),
        caps=caps,
        output=f"{wish.media.source.id}-clip",
        name=request.name,
    )


def plan(order: Order) -> Plan:
    """The Plan for one result.

    Raises BadRequest for a request that makes no sense for its files, and CapabilityError when no engine that
    is left can do it, with every engine's reason.
    """
    reasons: list[str] = []
    hindrance = ""
    for mode in _modes(order):
        for task in _tasks(order, mode):
            if mode == "smart" and (why := smart.obstacle(task, order.wishes)):
                hindrance = hindrance or why
                continue
            result = _result(order, task, reasons, hindrance if mode == "exact" else "")
            if isinstance(result, Plan):
                return result
            reasons.append(f"{notes.ENGINE_NAMES[task.engine]}: {result}")
    raise CapabilityError(
        "Nothing here can make this clip.",
        hint="Try another output format, or a lossless cut.",
        detail="; ".join(dict.fromkeys(reasons)) or "no engine is left to try",
    )


def _result(order: Order, task: Task, reasons: list[str], hindrance: str) -> Plan | str:
    """The Plan, or why `task` cannot be done."""
    found = assign(task)
    misfit = found.misfit or _too_little(found, task)
    if misfit:
        return misfit
    found = join.heard(order.wishes, task, found)
    segments = join.segments(order.wishes, task, found)
    if isinstance(segments, str):
        return segments
    result = Result(
        task=task,
        how=order.how,
        found=found,
        segments=segments,
        labels=tuple(wish.label for wish in order.wishes),
        output=order.output,
        reasons=tuple(reasons),
        hindrance=hindrance,
    )
    return assembled(result, _name(order, task, result))


def _modes(order: Order) -> tuple[Method, ...]:
    """How the result may be made, the best way first."""
    how, media = order.how, order.media
    copying = container_for(media, how, "lossless")
    if takes_only_text(copying):
        return _text_modes(order, copying)
    primary = cut.primary(media.info, copying, how.tracks)
    if primary is None:
        raise BadRequest(
            f"“{media.source.name}” has no track that {notes.container_name(copying)} could hold.",
            hint="Choose another container.",
            path="$.request.container",
        )
    kind = "video" if isinstance(primary, VideoTrack) else "audio"
    fits = RULES[copying].holds(kind, primary.codec)
    if how.mode == "lossless" and not fits:
        target, codec = notes.container_name(copying), notes.codec_name(primary.codec)
        raise BadRequest(
            f"A lossless clip cannot be {target}: it cannot hold {codec}.",
            hint="Choose another container, or mode exact.",
            path="$.request.container",
        )
    if how.mode == "exact" or not fits:
        return ("exact",)
    if how.mode == "lossless":
        return ("lossless",)
    if kind == "audio":
        return ("lossless", "exact")
    edges: tuple[Method, ...] = ("smart", "exact") if order.smart else ("exact",)
    if how.mode == "smart":
        return edges
    if _aligned(order, copying):
        return ("lossless", *edges)
    return ("lossless", *edges) if how.allow_lead_in else edges


def _text_modes(order: Order, container: Container) -> tuple[Method, ...]:
    """For subtitles by themselves: copied where they are of the very kind, else rewritten."""
    named = {asked.track for asked in order.how.tracks or () if asked.source == 0}
    texts = [track for track in _texts(order.media.info) if order.how.tracks is None or track.index in named]
    if not texts or len(order.wishes) > 1:
        raise BadRequest(
            f"“{order.media.source.name}” has no subtitles that {notes.container_name(container)} could hold.",
            hint="Choose another container, and one segment at a time.",
            path="$.request.container",
        )
    return ("lossless",) if RULES[container].holds("subtitle", texts[0].codec) else ("exact",)


def _texts(info: MediaInfo) -> list[SubtitleTrack]:
    """The subtitles that are text, not pictures of it."""
    return [t for t in info.tracks if isinstance(t, SubtitleTrack) and t.codec in TEXT_SUBTITLES]


def _aligned(order: Order, container: Container) -> bool:
    """Whether copying alone gives just the wanted frames."""
    last = len(order.wishes) - 1
    for number, wish in enumerate(order.wishes):
        window = cut.lossless(wish, container)
        clean = wish.point is None or wish.point.clean_frame == window.span.start
        if window.lead_in_us or (number > 0 and not clean):
            return False
        hidden = RULES[container].hides_lead_in and number == last
        point = wish.point
        if not hidden and point and point.clean_end is not None and point.tail_frames:
            return False
    return True


def container_for(media: Media, how: How, mode: Method) -> Container:
    """The container to write: the one asked for, else the source's, else the best that fits.

    One sound track by itself goes into the container that people expect sound in.
    """
    if how.container is not None:
        return how.container
    info = media.info
    match how.tracks:
        case (TrackRequest(track=index, source=0),) if isinstance(
            single := info.cuttable.get(index), AudioTrack
        ):
            return alone("audio", single.codec)
        case (TrackRequest(track=index, source=0),) if any(t.index == index for t in _texts(info)):
            return alone("subtitle", info.tracks[index].codec)
    for container in RULES:
        if container == info.container and (takes_video(container) or not cut.pictures(info)):
            return container
    primary = cut.primary(info, None)
    if isinstance(primary, VideoTrack):
        return "mp4" if mode == "exact" or primary.codec in ("h264", "hevc", "av1", "vp9") else "mkv"
    codec = primary.codec if primary else ""
    return next((c for c in _AUDIO_FILES if RULES[c].holds("audio", codec)), "m4a")


def _tasks(order: Order, mode: Method) -> Iterator[Task]:
    """Engines in order of preference; first those that keep subtitles, then any."""
    how, media, caps = order.how, order.media, order.caps
    engines = [engine for engine in caps.engines if engine not in order.without]
    if how.engine != "auto":
        engines = [engine for engine in engines if engine == how.engine]
    container = container_for(media, how, mode)
    lender = join.lender(order.wishes) if how.tracks is None and takes_video(container) else None
    if takes_only_text(container) or any(file.reader != "media" for file in _read_by_browser(order)):
        engines = [engine for engine in engines if engine != "media"]
    for text in (True, False):
        for engine in engines:
            yield Task(
                media=media,
                others=order.others if lender is None else (*order.others, lender),
                lender=lender,
                files=order.files,
                wanted=how.tracks,
                container=container,
                mode=mode,
                engine=engine,
                caps=caps,
                text=text and len(order.wishes) == 1 and _carries_text(engine, mode, order),
                texts=text,
                apart=order.apart,
            )


def _read_by_browser(order: Order) -> Iterator[Media]:
    """The files that the media engine would have to read; subtitles are added by another."""
    yield from (wish.media for wish in order.wishes)
    for asked in order.how.tracks or ():
        file = order.files[asked.source] if 0 <= asked.source < len(order.files) else order.media
        kinds = [kind_of(track) for track in file.info.tracks[asked.track : asked.track + 1]]
        if "subtitle" not in kinds:
            yield file


def _carries_text(engine: Reader, mode: Method, order: Order) -> bool:
    """Whether subtitles arrive.

    mediabunny reads none, but they are copied with all of a Matroska file, and FFmpeg can add them to what was encoded.
    """
    if engine != "media":
        return True
    if mode == "lossless":
        return order.media.info.container == "mkv" and not order.others
    return "ffmpeg" in order.caps.engines and "ffmpeg" not in order.without


def _too_little(found: Assignment, task: Task) -> str:
    if takes_only_text(task.container):
        return "" if found.kept("subtitle") else "no subtitles are left"
    if not found.kept("video") and not found.kept("audio"):
        return f"no track of the file can be kept in {notes.container_name(task.container)}"
    lost = any(track.kind == "subtitle" and track.action == "drop" for track in found.tracks)
    if lost and task.texts and not task.text and _would_keep_text(task):
        return "it cannot carry subtitles over"
    return ""


def _would_keep_text(task: Task) -> bool:
    with_text = assign(msgspec.structs.replace(task, text=True))
    return bool(with_text.kept("subtitle"))


def _name(order: Order, task: Task, result: Result) -> str:
    extension = RULES[task.container].extension
    if order.name:
        return names.sanitised(order.name, extension)
    if len(order.wishes) > 1:
        return names.joined_name(order.media.source.name, extension)
    span = result.segments[0].window.requested
    return names.output_name(order.media.source.name, span.start, span.end, extension)
