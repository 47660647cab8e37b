"""The three common forms of subtitles as text: SubRip, WebVTT and ASS; one escaping function for each."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

Form = Literal["srt", "vtt", "ass"]
_SRT_MARKUP = re.compile(r"(<|\{|--(?=>)|\\(?=[nNh{}]))")
_JOINER = "\u2060"
"""A word joiner is not seen, and keeps what looks like a tag, a command or a time from being one."""

ASS_HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288
WrapStyle: 0

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,DejaVu Sans,18,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,1,0,2,10,10,12,1
"""
_ASS_EVENTS = """
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
_MOST_TOGETHER = 8
_PLAIN_EVENT = ("0", "Default", "", "0", "0", "0", "")


class Line(NamedTuple):
    """What shows from `start_us` until before `end_us`: its `body` is in the form of the file that it is for.

    `manner` is what that form says of it besides: the settings of a WebVTT cue; layer, style, name, three margins
    and effect of ASS. Empty is as usual.
    """

    start_us: int
    end_us: int
    body: str
    manner: tuple[str, ...] = ()


def laid_out(lines: Iterable[Line], form: Form, head: str = ASS_HEAD) -> str:
    """The text of a file, in order of time. `head` is what stands before the events of ASS: styles above all."""
    ordered = sorted(lines, key=lambda line: (line.start_us, line.end_us))
    if form == "ass":
        return head.rstrip() + "\n" + _ASS_EVENTS + "".join(map(_event, ordered))
    if form == "vtt":
        return "WEBVTT\n\n" + "\n\n".join(map(_cue, ordered)) + "\n"
    return "\n\n".join(_block(number, line) for number, line in enumerate(ordered, 1)) + "\n"


def one_at_a_time(lines: Iterable[Line]) -> Iterator[Line]:
    """The same in order of time, for what shows one line after the other: what stands together is in the rows of one.

    No more than eight of them do.
    """
    waiting = deque(sorted(lines, key=lambda line: (line.start_us, line.end_us)))
    edges = sorted({edge for line in waiting for edge in (line.start_us, line.end_us)})
    shown: list[Line] = []
    for start, end in pairwise(edges):
        shown = [line for line in shown if line.end_us > start]
        while waiting and waiting[0].start_us <= start:
            shown.append(waiting.popleft())
        del shown[_MOST_TOGETHER:]
        if shown:
            yield Line(start, end, "\n".join(line.body for line in shown))


def escaped(text: str, form: Form) -> str:
    """A text as the body of a line that says just this; without its empty lines, which would end it."""
    lines = _full(text)
    if form == "ass":
        # As FFmpeg does: a word joiner keeps a backslash from being a command, and `{}` ends what a brace opens.
        return "\\N".join(one.replace("\\", f"\\{_JOINER}").replace("{", "\\{{}") for one in lines)
    if form == "vtt":
        return "\n".join(lines).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SRT_MARKUP.sub(f"\\1{_JOINER}", "\n".join(lines))


def _full(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _event(line: Line) -> str:
    layer, *rest = line.manner or _PLAIN_EVENT
    start, end = (_stamp(us, ".", 2).removeprefix("0") for us in (line.start_us, line.end_us))
    return f"Dialogue: {','.join((layer, start, end, *rest))},{line.body}\n"


def _cue(line: Line) -> str:
    settings = "".join(f" {one}" for one in line.manner if one)
    return f"{_times(line, '.')}{settings}\n{_unlike_times(line.body)}"


def _block(number: int, line: Line) -> str:
    return f"{number}\n{_times(line, ',')}\n{_unlike_times(line.body)}"


def _unlike_times(body: str) -> str:
    """No row of it begins another line, wherever it comes from."""
    return body.replace("-->", f"--{_JOINER}>")


def _times(line: Line, point: str) -> str:
    return f"{_stamp(line.start_us, point, 3)} --> {_stamp(line.end_us, point, 3)}"


def _stamp(us: int, point: str, digits: int) -> str:
    ticks = us * 10**digits // 1_000_000
    full, part = divmod(ticks, 10**digits)
    return f"{full // 3600:02}:{full // 60 % 60:02}:{full % 60:02}{point}{part:0{digits}}"
