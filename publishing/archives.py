"""Files that depend on nothing but what is in them: not on clocks, folders, permissions or the order of a disk."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

MOMENT = (2020, 2, 2, 0, 0, 0)
"""When everything in an archive was made, as hatchling has it for wheels."""


def files_of(folder: Path) -> dict[str, Path]:
    """Every file in a folder by its name from there, with slashes, in one order."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return dict(sorted(files.items()))


def write_zip(folder: Path, target: Path) -> None:
    """Pack a folder's contents."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, path in files_of(folder).items():
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever this runs
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, path.read_bytes(), compresslevel=9)


def copy_plain(folder: Path, target: Path) -> None:
    """Copy a folder's files without what else is known of them."""
    for name, path in files_of(folder).items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target / name)
        (target / name).chmod(0o644)


def sha256(path: Path) -> str:
    """A file's hash in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksums(paths: Iterable[Path]) -> str:
    """What ``sha256sum --check`` reads, beside the files."""
    return "".join(f"{sha256(path)}  {path.name}\n" for path in sorted(paths))
