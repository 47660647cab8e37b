"""Where results go: made in a hidden folder beside the target, saved in one step that overwrites nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

import msgspec

from clipwright import names
from clipwright.errors import BadRequest
from clipwright.native.faults import disk_errors
from clipwright.native.sources import shown
from clipwright.plan.steps import Mount

_PREFIX = ".clipwright-"
_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))


class Destination(msgspec.Struct, frozen=True):
    """Where a result is to be saved: under `name` exactly, or under the plan's name, numbered if taken."""

    folder: Path
    name: str | None = None

    def check(self) -> None:
        """Raise BadRequest when nothing can be saved here; better known before the work than after."""
        if not is_folder(self.folder):
            raise BadRequest(
                f"There is no folder “{shown(str(self.folder))}”.",
                hint="Make it first, or choose another.",
                path="$.output",
            )
        if self.name is None:
            return
        try:
            (self.folder / self.name).lstat()
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            raise BadRequest(
                f"Nothing can be saved as “{shown(self.name)}”.",
                hint="Choose another name.",
                detail=str(error),
                path="$.output",
            ) from error
        raise taken(self.name)

    def path(self, suggested: str) -> Path:
        """Where a plan's result would be saved now."""
        return self.folder / (self.name or names.unused(suggested, self._exists))

    def save(self, part: Path, suggested: str) -> Path:
        """Move the finished file `part` to its name and return its path.

        Raises BadRequest when the exact name was taken meanwhile, ResourceError when the disk refuses.
        """
        with disk_errors(self.folder):
            while True:
                path = self.path(suggested)
                try:
                    _publish(part, path)
                except FileExistsError as error:
                    if self.name is not None:
                        raise taken(self.name) from error
                else:
                    return path

    def _exists(self, name: str) -> bool:
        return os.path.lexists(self.folder / name)


def destination(out: str | None) -> Destination:
    """Where `out` says that results go: a folder, or one file; the current folder where nothing was said.

    Raises BadRequest for standard output.
    """
    if out is None:
        return Destination(Path.cwd())
    if out == "-":
        raise BadRequest("Clips cannot be written to standard output.", hint="Give a file.", path="$.output")
    path = Path(out).absolute()
    if is_folder(path) or out.endswith(_SEPARATORS):
        return Destination(path)
    return Destination(path.parent, path.name)


def is_folder(path: Path) -> bool:
    """Whether there is a folder at `path`; no for a path that no file system could hold."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def taken(name: str) -> BadRequest:
    """What to say when the wanted file is already there."""
    return BadRequest(
        f"“{shown(name)}” already exists and is never overwritten.",
        hint="Choose another name, or move the old file away.",
        path="$.output",
    )


def _publish(part: Path, target: Path) -> None:
    """Give `part` the name `target` in one step; FileExistsError when something has that name."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:
        # No hard links on this file system (FAT, some network shares): claim the name, then replace
        # the empty file that is certainly ours.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        part.replace(target)


class Workspace:
    """Files in the making, by id; all of them vanish with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Path] = {}
        self._folders = 0

    def create(self, mount: Mount) -> Path:
        """A path for the step's output, which does not exist yet."""
        path = self._folder / f"{len(self._files)}{PurePath(mount.name).suffix}"
        self._files[mount.id] = path
        return path

    def aside(self) -> Path:
        """A path for a folder beside the files, which does not exist yet."""
        self._folders += 1
        return self._folder / f"run{self._folders}"

    def find(self, file_id: str) -> Path | None:
        """Where an earlier step left `file_id`, or None."""
        return self._files.get(file_id)


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A hidden, unique folder inside `folder`, on the same disk as the target; removed whatever happens."""
    with disk_errors(folder):
        made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def workspace(folder: Path) -> Iterator[Workspace]:
    """A Workspace in a staging folder of its own."""
    with staging(folder) as made:
        yield Workspace(made)
