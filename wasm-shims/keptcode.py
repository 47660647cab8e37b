"""Keeps compiled modules in memory, so that a snapshot of it has them: whoever starts from there compiles nothing.

Runs in the Python that a snapshot is made of, with the wheels unpacked and nothing of them imported. Its key tells
these wheels, so what is imported later from the same path is the same.
"""

from __future__ import annotations

import sys
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, FileFinder, SourceFileLoader
from pathlib import Path
from sysconfig import get_path
from types import CodeType

_CODES: dict[str, CodeType] = {}


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType | None:
        return _CODES.pop(self.path, None) or super().get_code(fullname)


for _file in sorted(Path(get_path("purelib")).rglob("*.py")):
    _CODES[str(_file)] = compile(_file.read_bytes(), _file, "exec", dont_inherit=True)
sys.path_hooks.insert(0, FileFinder.path_hook((ExtensionFileLoader, EXTENSION_SUFFIXES), (_Loader, [".py"])))
sys.path_importer_cache.clear()
