"""What can be wrong with a clip, and with the clips of one track together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from clipwright.errors import BadRequest
from clipwright.languages import normalized
from clipwright.project.document import (
    MAX_EFFECTS,
    MAX_TEXT,
    MIN_CLIP_US,
    Clip,
    Footage,
    Kind,
    Track,
)
from clipwright.project.faults import (
    Check,
    Fault,
    effect_faults,
    id_faults,
    text_faults,
    time_faults,
    transform_faults,
    use_faults,
    volume_faults,
)
from clipwright.project.timeline import agrees, ratio, shown_for
from clipwright.timecode import hms

_WITH_CLOCK: tuple[Kind, ...] = ("video", "audio")


def clip_faults(
    clip: Clip, kind: Kind, sources: Mapping[str, Footage], path: str, check: Check
) -> Iterator[Fault]:
    """Everything that is wrong with a clip of a track of that kind, apart from where others stand."""
    yield from id_faults(clip.id, f"{path}.id")
    wrong = [*time_faults(clip.start_us, f"{path}.start_us"), *time_faults(clip.end_us, f"{path}.end_us")]
    if not wrong and clip.duration_us < MIN_CLIP_US:
        wrong.append(
            Fault(
                f"{path}.end_us",
                f"The clip starts at {clip.start_us} µs and ends at {clip.end_us} µs: it is too short.",
                f"Let it last at least {MIN_CLIP_US} µs.",
            )
        )
    yield from wrong
    yield from _content_faults(clip, kind, path, check)
    yield from _clock_faults(clip, kind, sources, path)
    yield from volume_faults(clip.volume, f"{path}.volume")
    yield from transform_faults(clip.transform, f"{path}.transform")
    if clip.label:
        yield from text_faults(clip.label, f"{path}.label")
    if len(clip.effects) > MAX_EFFECTS:
        yield Fault(f"{path}.effects", "There are too many effects.", f"Use at most {MAX_EFFECTS}.")
        return
    for number, effect in enumerate(clip.effects):
        yield from effect_faults(effect, clip.duration_us, f"{path}.effects[{number}]", check)


def _content_faults(clip: Clip, kind: Kind, path: str, check: Check) -> Iterator[Fault]:
    if clip.text is not None:
        yield from text_faults(clip.text, f"{path}.text", MAX_TEXT)
        yield from use_faults("text", "", clip.style, path, check)
    elif clip.style:
        yield Fault(f"{path}.style", "Only a text has a style.", "Leave it out.")
    if kind in _WITH_CLOCK:
        if clip.source is None:
            yield Fault(f"{path}.source", f"A clip of a {kind} track needs a source.", "Name one.")
        if clip.text is not None:
            yield Fault(f"{path}.text", f"A {kind} track shows no text.", "Put it on a text track.")
    elif kind == "text" and clip.source is not None:
        yield Fault(f"{path}.source", "A text has no source.", "Put the source on a video track.")
    elif clip.source is None and clip.text is None:
        yield Fault(f"{path}.text", "The clip shows nothing.", "Give it a text.")
    elif clip.source is not None and clip.text is not None:
        yield Fault(f"{path}.text", "The clip has a source and a text.", "Leave one of the two out.")


def _clock_faults(clip: Clip, kind: Kind, sources: Mapping[str, Footage], path: str) -> Iterator[Fault]:
    """What is wrong with the span of the source and with the speed."""
    footage = None
    if clip.source is not None:
        footage = sources.get(clip.source)
        if footage is None:
            yield Fault(
                f"{path}.source", f"There is no source “{clip.source[:64]}”.", "Add it to the sources."
            )
            return
        yield from _kind_faults(footage, kind, path)
    if footage is None or footage.duration_us is None:
        if (clip.source_start_us, clip.source_end_us, clip.speed) != (0, 0, "1"):
            yield Fault(
                f"{path}.source_end_us",
                "A text or a still has no span of its own and no speed.",
                "Leave source_start_us, source_end_us and speed out.",
            )
        return
    if clip.source_start_us < 0:
        yield Fault(f"{path}.source_start_us", "The clip starts before its source.", "Give 0 or more.")
    elif not clip.source_start_us < clip.source_end_us <= footage.duration_us:
        yield Fault(
            f"{path}.source_end_us",
            f"The clip shows its source from {clip.source_start_us} to {clip.source_end_us} µs; "
            f"the source is {footage.duration_us} µs long.",
            "Let it end after it starts, and within the source.",
        )
    else:
        yield from _speed_faults(clip, path)


def _kind_faults(footage: Footage, kind: Kind, path: str) -> Iterator[Fault]:
    missing = {"video": "picture" * (not footage.picture), "audio": "sound" * (not footage.sound)}
    if kind == "audio" and footage.duration_us is None:
        missing["audio"] = "sound"
    if missing.get(kind):
        yield Fault(
            f"{path}.source",
            f"The source “{footage.id}” has no {missing[kind]}.",
            f"Put it on another track than a {kind} track.",
        )


def _speed_faults(clip: Clip, path: str) -> Iterator[Fault]:
    span = clip.source_end_us - clip.source_start_us
    try:
        ratio(clip.speed)
    except BadRequest as refused:
        yield Fault(f"{path}.speed", refused.message, refused.hint)
        return
    if not agrees(clip.duration_us, span, clip.speed):
        yield Fault(
            f"{path}.end_us",
            f"The clip lasts {clip.duration_us} µs, but {span} µs of source at speed {clip.speed} "
            f"last {shown_for(span, clip.speed)} µs.",
            "Let the two agree.",
        )


def order_faults(track: Track, path: str) -> Iterator[Fault]:
    """Clips out of order, and clips over each other for longer or shorter than their transition says."""
    joined = {(transition.before, transition.after) for transition in track.transitions}
    earlier_end = 0
    for number, (last, clip) in enumerate(pairwise(track.clips), start=1):
        place = f"{path}.clips[{number}].start_us"
        shared = last.end_us - clip.start_us
        if clip.start_us < last.start_us:
            yield Fault(place, f"“{clip.id}” stands after a clip that starts later.", "Sort by start.")
        elif clip.start_us < earlier_end or (
            shared > 0 and (shared > clip.duration_us or (last.id, clip.id) not in joined)
        ):
            yield Fault(
                place,
                f"“{clip.id}” starts at {hms(clip.start_us)}, before what comes first has ended.",
                "Move it, or put a transition of that length between neighbours.",
            )
        earlier_end = max(earlier_end, last.end_us)


def soft_faults(track: Track, path: str) -> Iterator[Fault]:
    """What else than subtitles cannot be switched on and off, and languages that there are not."""
    if track.soft is None:
        return
    if track.kind != "subtitle":
        yield Fault(path, f"A {track.kind} track cannot be soft.", "Leave it out, or use a subtitle track.")
    if track.soft.language and normalized(track.soft.language) is None:
        yield Fault(
            f"{path}.language",
            f"“{track.soft.language[:40]}” is no language.",
            "Use an ISO 639 code such as de or deu, or leave it out.",
        )


def transition_faults(track: Track, path: str, check: Check) -> Iterator[Fault]:
    """Transitions between what are no neighbours, or that last longer or shorter than their clips overlap."""
    if track.transitions and track.kind not in _WITH_CLOCK:
        yield Fault(f"{path}.transitions", f"A {track.kind} track has no transitions.", "Leave them out.")
        return
    places = {clip.id: number for number, clip in enumerate(track.clips)}
    seen: set[str] = set()
    for number, transition in enumerate(track.transitions):
        place = f"{path}.transitions[{number}]"
        yield from use_faults("transition", transition.name, transition.params, place, check)
        before, after = places.get(transition.before, -2), places.get(transition.after, -2)
        if before < 0 or after != before + 1:
            yield Fault(
                f"{place}.{'before' if before < 0 else 'after'}",
                f"“{transition.before[:64]}” and “{transition.after[:64]}” are not neighbours on this track.",
                "Name two clips of which one follows the other.",
            )
            continue
        if transition.before in seen:
            yield Fault(f"{place}.before", "These clips have a transition already.", "Keep one of them.")
        seen.add(transition.before)
        common = track.clips[before].end_us - track.clips[after].start_us
        if transition.duration_us != common or common <= 0:
            yield Fault(
                f"{place}.duration_us",
                f"The transition lasts {transition.duration_us} µs, but its clips overlap by {common} µs.",
                "Let the second clip start so much before the first one ends.",
            )
