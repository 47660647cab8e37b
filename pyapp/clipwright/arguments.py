"""The terminal's command line: its grammar, and how its words become a request."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import NoReturn, get_args

from clipwright import __version__
from clipwright.containers import RULES, Container
from clipwright.errors import BadRequest
from clipwright.plan.request import ClipRequest, Mode

_SPELLINGS: dict[str, Container] = {
    **{rules.extension: container for container, rules in RULES.items()},
    "m4v": "mp4", "qt": "mov", "mka": "mkv", "oga": "ogg", "opus": "ogg", "wave": "wav",
}  # fmt: skip
"""File extensions that say which container is meant."""

_NEGATIVE = re.compile(r" *-[.,]?\d")
_SHIELDED = re.compile(r" +-[.,]?\d")


class _Parser(argparse.ArgumentParser):
    """Raises BadRequest where argparse would print and exit, so that --json can answer too."""

    def error(self, message: str) -> NoReturn:
        sentence = f"{message[:1].upper()}{message[1:]}"
        usage = " ".join(self.format_usage().split()).removeprefix("usage: ")
        raise BadRequest(f"{sentence.rstrip('.')}.", hint=f"Usage: {usage}")


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The command line as a namespace whose `command` is ``probe``, ``clip`` or ``time parse``.

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
    parser.add_argument(
        "--mode", choices=get_args(Mode), default="auto",
        help="lossless copies and starts on a key frame, exact re-encodes and starts on the very frame, "
        "auto (the default) copies where that is exact too",
    )  # fmt: skip
    parser.add_argument("--container", choices=tuple(RULES), help="format to write, by default the source's")
    parser.add_argument(
        "--allow-lead-in", action="store_true",
        help="let auto copy although the in point is not on a key frame",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="show the plan and write nothing")
    _json(parser)


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


def source_path(file: str) -> Path:
    """The path of FILE; BadRequest for ``-`` and for nothing."""
    if file in ("", "-"):
        raise BadRequest(
            "Clips cannot be cut out of standard input." if file else "The file's name is empty.",
            hint="Give the path of a file.",
            path="$.source",
        )
    return Path(file)


def clip_request(options: argparse.Namespace, container: Container | None) -> ClipRequest:
    """What ``clip`` was asked to make, as `container`."""
    return ClipRequest(
        start=options.start,
        end=options.end,
        duration=options.duration,
        mode=options.mode,
        container=container,
        allow_lead_in=options.allow_lead_in,
    )


def container_of(out: PurePath, asked: Container | None) -> Container:
    """The container for a result called `out`; BadRequest when it names none, or not the one `asked` for."""
    meant = _SPELLINGS.get(out.suffix.removeprefix(".").lower())
    if meant is not None and asked is not None and meant != asked:
        raise BadRequest(
            f"“{out.name}” is a name for {meant}, but --container says {asked}.",
            hint="Make them agree, or leave --container out.",
            path="$.output",
        )
    found = asked or meant
    if found is None:
        raise BadRequest(
            f"“{out.name}” does not say which format to write.",
            hint=f"End it with one of: {', '.join(RULES)}; or add --container.",
            path="$.output",
        )
    return found
