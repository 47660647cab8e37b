"""Keeps the code of modules in memory, so that a snapshot of it has them: whoever starts from there reads none.

Runs in the Python that a snapshot is made of, with our archives on its path and some of their modules imported. Its
key tells these archives, so what is imported later from the same path is the same.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import CodeType
from zipfile import ZipFile
from zipimport import zipimporter

_CODES: dict[str, CodeType] = {}


class _Importer(zipimporter):
    def get_code(self, fullname: str) -> CodeType:
        return _CODES.pop(self._place(fullname), None) or super().get_code(fullname)

    def _place(self, fullname: str) -> str:
        return f"{self.archive}/{self.prefix}{fullname.rpartition('.')[2]}"


for _archive in sys.path:
    if not _archive.endswith(".zip") or Path(_archive).name.startswith("python"):
        continue
    for _name in ZipFile(_archive).namelist():
        _module = _name.removesuffix(".pyc").removesuffix("/__init__")
        if _name.endswith(".pyc") and _module.replace("/", ".") not in sys.modules:
            _place = Path(_archive, _module)
            _CODES[str(_place)] = _Importer(str(_place.parent)).get_code(_place.name)
sys.path_hooks.insert(0, _Importer)
sys.path_importer_cache.clear()
