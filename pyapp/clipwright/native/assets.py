"""The folder that ffmpeg runs in: the files that its filters open lie there, and what it numbers is written there.

Filters know files by plain names, so no path has to be written into a graph.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from clipwright.native.faults import disk_errors
from clipwright.plan.runs import FONT_ID
from clipwright.plan.scene import FONTS
from clipwright.plan.steps import Mount, TextFile

_FONTS = Path(__file__).with_name("fonts")
_FONT = _FONTS / "DejaVuSans.ttf"


def furnished(
    folder: Path, assets: Iterable[Mount], texts: Iterable[TextFile], find: Callable[[str], Path]
) -> Path:
    """Make `folder` with assets and texts in it; `find` says where the file of an id is. Raises ResourceError."""
    with disk_errors(folder):
        folder.mkdir()
        for asset in assets:
            if asset.name == FONTS.name:
                shutil.copytree(_FONTS, folder / asset.name, copy_function=_put)
            else:
                _put(_FONT if asset.id == FONT_ID else find(asset.id), folder / asset.name)
        for text in texts:
            (folder / text.name).write_bytes(text.text.encode())
    return folder


def packed(folder: Path, suffix: str, target: Path) -> int:
    """One ZIP of what was written into `folder`, by name and as it is; how many files there were."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name.endswith(suffix))
    with disk_errors(target), zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            archive.write(file, file.name)
    return len(files)


def _put(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, target)
