"""Open sources: which file an opaque id stands for, and whether it still is the file that was opened."""

from __future__ import annotations

import itertools
import os
import stat
from pathlib import Path

import msgspec

from clipwright.errors import BadRequest, MediaError
from clipwright.media import Source

_Mark = tuple[int, int, int, int]


class _Opened(msgspec.Struct):
    path: Path
    mark: _Mark
    demuxer: str = ""


class Sources:
    """The table of open sources."""

    def __init__(self) -> None:
        self._opened: dict[str, _Opened] = {}
        self._ids = itertools.count(1)

    def register(self, path: Path) -> Source:
        """Give the file at `path` an id.

        Raises BadRequest when there is no file there, MediaError when it cannot be read.
        """
        name = shown(path.name or str(path))
        try:
            found = path.stat()
        except (FileNotFoundError, NotADirectoryError, ValueError) as error:
            raise BadRequest(
                f"There is no file “{shown(str(path))}”.", hint="Check the name.", path="$.source"
            ) from error
        except OSError as error:
            hint = "Check the disk and the permissions of its folder."
            raise MediaError(f"“{name}” cannot be opened.", hint=hint, detail=str(error)) from error
        if not stat.S_ISREG(found.st_mode):
            what = "a folder" if stat.S_ISDIR(found.st_mode) else "not a regular file"
            raise BadRequest(f"“{name}” is {what}.", hint="Give the path of a media file.", path="$.source")
        if not os.access(path, os.R_OK):
            raise MediaError(f"You may not read “{name}”.", hint="Check the file's permissions.")
        source = Source(id=f"file-{next(self._ids)}", name=name, size=found.st_size)
        self._opened[source.id] = _Opened(path.absolute(), _mark(found))
        return source

    def path(self, source: Source) -> Path:
        """Where `source` is; MediaError when the file vanished or changed since it was opened."""
        opened = self._find(source)
        try:
            mark = _mark(opened.path.stat())
        except OSError as error:
            raise MediaError(
                f"“{source.name}” can no longer be found: it was moved or deleted.",
                hint="Put it back and try again.",
                detail=str(error),
            ) from error
        if mark != opened.mark:
            raise MediaError(
                f"“{source.name}” changed while it was being read.",
                hint="Wait until it is complete, then try again.",
            )
        return opened.path

    def start(self, source: Source, count: int) -> bytes:
        """The first `count` bytes of `source`; MediaError when it cannot be read any more."""
        try:
            with self.path(source).open("rb") as opened:
                return opened.read(count)
        except OSError as error:
            hint = "Check the disk and the permissions of its folder."
            raise MediaError(f"“{source.name}” cannot be read.", hint=hint, detail=str(error)) from error

    def demuxer(self, source: Source) -> str:
        """FFmpeg's name of the reader that `recognize` was told, or nothing."""
        return self._find(source).demuxer

    def recognize(self, source: Source, demuxer: str) -> None:
        """Remember which of FFmpeg's demuxers reads `source`, so that no later guess can differ."""
        self._find(source).demuxer = demuxer

    def forget(self, source: Source) -> None:
        """Close `source`; an unknown one is ignored."""
        self._opened.pop(source.id, None)

    def _find(self, source: Source) -> _Opened:
        opened = self._opened.get(source.id)
        if opened is None:
            raise BadRequest(f"“{source.name}” is not open.", hint="Open the file first.", path="$.source")
        return opened


def _mark(found: os.stat_result) -> _Mark:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def shown(name: str) -> str:
    """A file name as text that can be written as UTF-8, whatever bytes the file system holds."""
    return os.fsencode(name).decode("utf-8", errors="replace")
