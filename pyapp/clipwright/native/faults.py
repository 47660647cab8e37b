"""What the system and ffmpeg's log mean, as errors of the project's own tree."""

from __future__ import annotations

import errno
import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import av

from clipwright.errors import (
    CapabilityError,
    ClipwrightError,
    CorruptMedia,
    EngineError,
    ResourceError,
    UnsupportedFormat,
)
from clipwright.native.sources import shown

_LAST_LINES = 20
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_NO_SPACE = re.compile(r"No space left on device|Disk quota exceeded|File too large")
_NO_MEMORY = re.compile(r"Cannot allocate memory|Out of memory")
_TORN = re.compile(r"partial file|File ended prematurely|Error during demuxing")
_UNREADABLE = re.compile(r"moov atom not found|Invalid data found when processing input|: End of file")
_CANNOT = re.compile(
    r"Unknown encoder|Unknown decoder|[Dd]ecoder \S.* not found|[Ee]ncoder \S.* not found|no decoder found"
    r"|Unrecognized option|Option \S+ not found|Unknown input format|Requested output format .* is not"
    r"|Experimental feature|encoders? .* experimental|does not (?:yet )?support any of the"
)
_BESIDE = re.compile(r"\[Parsed_(?:lut3d|subtitles)_[^]]*\] \[(?:error|fatal)\]")
"""Filters that open files themselves, when they complain; not all versions say which of them it is."""
_FILTERS = re.compile(r"Error initializing (?:complex )?filters")
_FORBIDDEN = re.compile(r"not on whitelist|not in allowed_")
_TRAILER = re.compile(r"Error writing trailer|Error closing file|Conversion failed!")


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn what the file system says while writing into `folder` into ResourceError."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise _no_space(str(error)) from error
        raise ResourceError(
            f"Nothing can be written in “{shown(str(folder))}”.",
            hint="Choose another folder.",
            detail=str(error),
        ) from error


@contextmanager
def writing() -> Iterator[None]:
    """Turn what PyAV throws while it writes into ResourceError or EngineError."""
    try:
        yield
    except (av.FFmpegError, OSError, ValueError) as error:
        if getattr(error, "errno", None) in _FULL:
            raise _no_space(str(error)) from error
        raise EngineError(
            "The parts could not be put together.", hint="Try another output format.", detail=str(error)
        ) from error


def after_success(log: Sequence[str], name: str) -> ClipwrightError | None:
    """What is wrong with a run that ffmpeg itself calls a success, or None.

    Some versions end with 0 although the disk was full or the file `name` broke off half way.
    """
    if _search(_NO_SPACE, log):
        return _no_space(tail(log))
    if _search(_TRAILER, log):
        hint = "Try again, or try another output format."
        return EngineError("ffmpeg could not finish the clip.", hint=hint, detail=tail(log))
    if _search(_TORN, log):
        return incomplete(name, tail(log))
    return None


def incomplete(name: str, detail: str = "") -> CorruptMedia:
    """What to say of the file `name` that breaks off inside the span."""
    return CorruptMedia(
        f"“{name}” is incomplete: data are missing inside the span.",
        hint="Choose an end before the place where the file breaks off.",
        detail=detail,
    )


def nothing_written(log: Sequence[str], name: str) -> ClipwrightError:
    """What to say when ffmpeg succeeded and the result holds not one packet."""
    return CorruptMedia(
        f"“{name}” holds no data in that span, although it says that it is longer.",
        hint="Choose another span.",
        detail=tail(log),
    )


def after_failure(code: int, log: Sequence[str], name: str) -> ClipwrightError:
    """What a run that ended with `code` means; below zero it is the signal that ended it."""
    detail = tail(log)
    if _search(_NO_SPACE, log) or code == -_number("SIGXFSZ"):
        return _no_space(detail)
    if _search(_NO_MEMORY, log) or code == -_number("SIGKILL"):
        return ResourceError(
            "ffmpeg ran out of memory.", hint="Close other programs and try again.", detail=detail
        )
    hint = "Try another output format."
    if code < 0:
        return EngineError(f"ffmpeg crashed (signal {-code}).", hint=hint, detail=detail)
    if _search(_CANNOT, log):
        return CapabilityError("This ffmpeg cannot make that clip.", hint=hint, detail=detail)
    return _blame(log, name) or EngineError("ffmpeg failed.", hint=hint, detail=detail)


def _blame(log: Sequence[str], name: str) -> ClipwrightError | None:
    """What the log holds against the source, or against a file that a filter opens; or None."""
    if _search(_BESIDE, log) or (_search(_FILTERS, log) and _search(_UNREADABLE, log)):
        return CorruptMedia(
            "A table of colours or a file of subtitles cannot be read.",
            hint="Look into the files that the project's effects and subtitles name.",
            detail=tail(log),
        )
    if _search(_FORBIDDEN, log):
        return UnsupportedFormat(
            f"“{name}” refers to other files, which are not opened.",
            hint="Give the media file itself.",
            detail=tail(log),
        )
    if _search(_TORN, log) or _search(_UNREADABLE, log):
        hint = "Choose another span, or repair the file first."
        return CorruptMedia(f"“{name}” is damaged.", hint=hint, detail=tail(log))
    return None


def stalled(seconds: float, log: Sequence[str]) -> EngineError:
    """What to say when ffmpeg gave no sign of life for so long."""
    return EngineError(
        f"ffmpeg stopped responding for {seconds:.0f} seconds.",
        hint="Check the disk or network drive that holds the file, then try again.",
        detail=tail(log),
    )


def tail(log: Sequence[str]) -> str:
    """The last lines of a log, as `detail` carries them."""
    return "\n".join(log[-_LAST_LINES:])


def _no_space(detail: str) -> ResourceError:
    return ResourceError(
        "There is not enough space left on the disk for the clip.",
        hint="Free some space, make a shorter clip, or choose another disk.",
        detail=detail,
    )


def _search(pattern: re.Pattern[str], log: Sequence[str]) -> bool:
    return any(pattern.search(line) for line in log)


def _number(name: str) -> int:
    """A signal's number, 0 where the system has no such signal."""
    return int(getattr(signal, name, 0))
