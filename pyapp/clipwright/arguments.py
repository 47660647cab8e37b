"""The terminal's command line: its grammar, and what single words of it mean."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple, NoReturn, get_args

from clipwright import __version__
from clipwright.containers import RULES
from clipwright.errors import BadRequest
from clipwright.plan.presets import PRESETS
from clipwright.plan.request import ChapterRequest, Mode, SegmentRequest
from clipwright.writtensegments import read_span
from clipwright.writtentime import quote

_NEGATIVE = re.compile(r" *-[.,]?\d")
_SHIELDED = re.compile(r" +-[.,]?\d")
_TRACK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3})", re.ASCII)
_BYTES = re.compile(r"(\d+(?:\.\d+)?) *([kmgt]?)(i?)b?", re.ASCII | re.IGNORECASE)


class TrackName(NamedTuple):
    """A track of a file, both counted from 0."""

    source: int
    track: int


class TrackWord(NamedTuple):
    """What is to be said of a track: a field of TrackRequest and its value."""

    field: str
    track: TrackName
    value: str | list[str]


class _Parser(argparse.ArgumentParser):
    """Raises BadRequest where argparse would print and exit, so that --json can answer too."""

    def error(self, message: str) -> NoReturn:
        sentence = f"{message[:1].upper()}{message[1:]}"
        usage = " ".join(self.format_usage().split()).removeprefix("usage: ")
        raise BadRequest(f"{sentence.rstrip('.')}.", hint=f"Usage: {usage}")


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The command line as a namespace whose `command` is the words before the options: ``clip``, ``time parse`` ...

    Raises BadRequest for one that makes no sense, SystemExit after --help and --version.
    """
    return _grammar().parse_args([_shield(word) for word in words])


def _shield(word: str) -> str:
    """Guard against argparse, which takes ``-1:30`` for an option: not with a blank before it."""
    return f" {word}" if _NEGATIVE.match(word) else word


def _written(word: str) -> str:
    """Give back the value as it was written, without the blank that `_shield` added."""
    return word[1:] if _SHIELDED.match(word) else word


def _grammar() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="clipwright",
        description="Cut clips out of video and audio files, without loss or to the exact frame.",
        epilog="Exit code: 0 done, 1 the work failed, 2 the request makes no sense, 130 stopped.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"clipwright {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _probe(commands.add_parser("probe", help="show what a file is", allow_abbrev=False))
    _clip(commands.add_parser("clip", help="cut one span out of a file", allow_abbrev=False))
    _cut(commands.add_parser("cut", help="cut many spans, or join files", allow_abbrev=False))
    _segments(commands.add_parser("segments", help="make and change lists of spans", allow_abbrev=False))
    _run(commands.add_parser("run", help="run a Python script that uses Clipwright", allow_abbrev=False))
    _extract(commands.add_parser("extract", help="write each track into a file", allow_abbrev=False))
    _render(commands.add_parser("render", help="render a project", allow_abbrev=False))
    projects = commands.add_parser("project", help="work with projects", allow_abbrev=False)
    verbs = projects.add_subparsers(metavar="VERB", required=True)
    _project_validate(verbs.add_parser("validate", help="say all that is wrong with one", allow_abbrev=False))
    _effects(commands.add_parser("effects", help="show what effects there are", allow_abbrev=False))
    times = commands.add_parser("time", help="work with times", allow_abbrev=False)
    verbs = times.add_subparsers(metavar="VERB", required=True)
    _time_parse(verbs.add_parser("parse", help="read a time in any accepted form", allow_abbrev=False))
    return parser


def _probe(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command="probe")
    _file(parser)
    _json(parser)


def _clip(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command="clip")
    _file(parser)
    _time(parser, "-s", "--start", default="start", says="in point: 90, 1:30, 1h2m, -10 (before the end) ...")
    until = parser.add_mutually_exclusive_group()
    _time(until, "-e", "--end", says="out point; without it and -d the clip runs to the end")
    _time(until, "-d", "--duration", says="length of the clip, instead of -e")
    parser.add_argument(
        "-o", "--output", metavar="OUT", type=_written,
        help="file to write, or a folder to write into; by default a new name in the current folder. "
        "Nothing is ever overwritten",
    )  # fmt: skip
    _how(parser)
    _json(parser)


def _cut(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command="cut")
    parser.add_argument("files", metavar="FILE", type=_written, nargs="+", help="the media files")
    _selection(parser)
    parser.add_argument(
        "--join", action="store_true", help="make one result of all segments, in the order given"
    )
    parser.add_argument(
        "--name", metavar="TEMPLATE", help="names of the results, by default {stem}_{n:02}_{start}_{label}"
    )
    parser.add_argument(
        "-o", "--output", metavar="OUT", type=_written,
        help="folder to write into, by default the current one; or a file, where there is one result (--join, --zip)",
    )  # fmt: skip
    parser.add_argument("--zip", action="store_true", help="write one zip archive of all results")
    _how(parser)
    _json(parser)


def _segments(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command="segments")
    _file(parser)
    _selection(parser)
    parser.add_argument(
        "--csv", action="store_true", help="print lines of start,end,label, as --segments reads them"
    )
    _json(parser)


def _extract(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command="extract")
    _file(parser)
    parser.add_argument("--tracks", metavar="N,N", type=_track_list, help="only these tracks, counted from 0")
    parser.add_argument("-o", "--output", metavar="FOLDER", type=_written, help="folder to write into")
    _json(parser)


def _run(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command="run")
    parser.add_argument("script", metavar="SCRIPT", type=_written, help="the script; it may await at its top")
    parser.add_argument(
        "words", metavar="...", type=_written, nargs=argparse.REMAINDER, help="what it finds in sys.argv"
    )


def _render(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command="render")
    _file(parser)
    parser.add_argument(
        "-o", "--output", metavar="OUT", type=_written,
        help="file to write, whose ending says the format, or a folder; by default a new name in the current folder",
    )  # fmt: skip
    presets = "; ".join(f"{preset.name}: {preset.summary}" for preset in PRESETS.values())
    parser.add_argument("--preset", metavar="PRESET", default="standard", help=f"how to write it. {presets}")
    parser.add_argument("--from", dest="start", metavar="TIME", type=_written, help="begin there")
    parser.add_argument("--to", dest="end", metavar="TIME", type=_written, help="end there")
    parser.add_argument("--at", metavar="TIME", type=_written, help="when a still is taken")
    parser.add_argument("--max-size", metavar="BYTES", type=_bytes, help="no more than this: 8MB")
    parser.add_argument(
        "--no-chapters", action="store_true", help="make no chapters of the project's markers"
    )
    parser.add_argument(
        "--encode", action="store_true", help="encode everything, also where copying would do"
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would be done, and do nothing")
    _json(parser)


def _project_validate(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command="project validate")
    _file(parser)
    _json(parser)


def _effects(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command="effects")
    parser.add_argument(
        "name", metavar="NAME", nargs="?", help="one effect or transition, with its parameters"
    )
    _json(parser)


def _selection(parser: argparse.ArgumentParser) -> None:
    which = parser.add_argument_group(
        "which segments", "by default each file as a whole"
    ).add_mutually_exclusive_group()
    for name, says in (("--keep", "a span to keep"), ("--remove", "a span to leave out")):
        which.add_argument(
            name, metavar="A-B[=LABEL]", type=_span, action="append", help=f"{says}; may be repeated"
        )
    which.add_argument(
        "--segments",
        metavar="LIST",
        type=_written,
        help="a file of start,end,label lines or JSON; - reads stdin",
    )
    edits = parser.add_argument_group("what to do with their list", "in this order")
    edits.add_argument("--invert", action="store_true", help="take what lies between them instead")
    edits.add_argument("--shift", metavar="[-]LENGTH", type=_written, help="move them all")
    edits.add_argument(
        "--split",
        metavar="TIME",
        type=_written,
        action="append",
        help="make two of the one there; may be repeated",
    )
    parts = edits.add_mutually_exclusive_group()
    parts.add_argument(
        "--every", metavar="LENGTH", type=_written, help="divide them into parts of this length"
    )
    parts.add_argument("--count", metavar="N", type=int, help="divide them into N equal parts")
    parts.add_argument(
        "--size", metavar="BYTES", type=_bytes, help="divide them into parts of about this size: 700MB"
    )
    edits.add_argument(
        "--align", action="store_true", help="grow them to key frames, so that nothing is re-encoded"
    )


def _how(parser: argparse.ArgumentParser) -> None:
    """How results are written, and whether at all."""
    parser.add_argument(
        "--mode", choices=get_args(Mode), default="auto",
        help="lossless copies and starts on a key frame, smart re-encodes only around the edges, exact re-encodes all; "
        "auto (the default) copies where that is exact too, and is smart elsewhere",
    )  # fmt: skip
    parser.add_argument("--container", choices=tuple(RULES), help="format to write, by default the source's")
    parser.add_argument(
        "--allow-lead-in", action="store_true",
        help="let auto copy although the in point is not on a key frame",
    )  # fmt: skip
    parser.add_argument("--no-verify", action="store_true", help="do not compare the joints with the source")
    parser.add_argument("--dry-run", action="store_true", help="show the plan and write nothing")
    _about_tracks(parser)


def _about_tracks(parser: argparse.ArgumentParser) -> None:
    """Which tracks are kept, and what the result says of itself."""
    tracks = parser.add_argument_group(
        "tracks", "T counts a file's tracks from 0; 1:T is one of the second file"
    )
    tracks.add_argument("--tracks", metavar="T,T", type=_track_list, help="what to keep, in this order")
    for field, says in (("language", "deu"), ("title", "Commentary"), ("disposition", "default,forced")):
        tracks.add_argument(
            f"--{field}",
            metavar="T=VALUE",
            type=_track_word(field),
            action="append",
            help=f"such as 1={says}; may be repeated",
        )
    tracks.add_argument(
        "--rotate", metavar="DEGREES", type=int, choices=(0, 90, 180, 270), help="turn pictures clockwise"
    )
    words = parser.add_argument_group("tags and chapters")
    words.add_argument(
        "--tag",
        metavar="KEY=VALUE",
        type=_tag,
        action="append",
        help="set a tag, or remove it with KEY=; may be repeated",
    )
    words.add_argument("--no-tags", action="store_true", help="carry no tags over")
    chapters = words.add_mutually_exclusive_group()
    chapters.add_argument(
        "--chapter",
        metavar="TIME=TITLE",
        type=_chapter,
        action="append",
        help="chapters in place of the file's; may be repeated",
    )
    chapters.add_argument("--no-chapters", action="store_true", help="carry no chapters over")


def _time_parse(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command="time parse")
    parser.add_argument(
        "text", metavar="TEXT", type=_written, help="the time, for example 1h30m or 01:02:03.5"
    )
    parser.add_argument(
        "--fps", metavar="R", help="frame rate, for timecode and frame numbers: 25, 30000/1001"
    )
    parser.add_argument(
        "--duration", metavar="D", type=_written, help="length of the file, for end, -10 and 50%%"
    )
    _json(parser)


def _time(parser: argparse._ActionsContainer, *names: str, says: str, default: str | None = None) -> None:
    parser.add_argument(*names, metavar="TIME", type=_written, default=default, help=says)


def _file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=_written, help="the media file")


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="write JSON, and nothing else, to stdout")


def _span(word: str) -> SegmentRequest:
    return read_span(_written(word))


def _track_list(word: str) -> tuple[TrackName, ...]:
    return tuple(_track(part.strip(), word) for part in word.split(","))


def _track(text: str, word: str) -> TrackName:
    match = _TRACK.fullmatch(text)
    if match is None:
        raise BadRequest(
            f"{quote(word)} does not say which track.",
            hint="Count tracks from 0, as probe shows them; 1:0 is the first of the second file.",
            path="$.request.tracks",
        )
    return TrackName(int(match[1] or 0), int(match[2]))


def _track_word(field: str) -> Callable[[str], TrackWord]:
    def read(word: str) -> TrackWord:
        track, value = _pair(word, "T=VALUE")
        flags = [flag.strip() for flag in value.split(",") if flag.strip()]
        return TrackWord(field, _track(track, word), flags if field == "disposition" else value)

    return read


def _tag(word: str) -> tuple[str, str | None]:
    key, value = _pair(word, "KEY=VALUE")
    return key, value or None


def _chapter(word: str) -> ChapterRequest:
    start, title = _pair(_written(word), "TIME=TITLE")
    return ChapterRequest(start=start, title=title)


def _pair(word: str, form: str) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not equals or not key.strip():
        raise BadRequest(f"{quote(word)} is not of the form {form}.", hint=f"Write {form}.", path="$.request")
    return key.strip(), value


def _bytes(word: str) -> int:
    match = _BYTES.fullmatch(word.strip())
    if match is None or (match[3] and not match[2]):
        raise BadRequest(
            f"{quote(word)} is not a size.", hint="Write bytes, or 700MB, 4.2GB, 4GiB.", path="$.value"
        )
    base = 1024 if match[3] else 1000
    return int(Fraction(match[1]) * base ** " kmgt".index(match[2].lower() or " "))
