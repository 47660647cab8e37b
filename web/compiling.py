"""Compiles a library inside the Python that will import it; ``compiling.mjs`` runs this in Pyodide."""

from __future__ import annotations

import fnmatch
import importlib.util
import io
import marshal
import zipfile

MADE = (1980, 1, 1, 0, 0, 0)
"""The first moment that an archive can tell, whatever the clock says."""
UNCHECKED = (1).to_bytes(4, "little")
"""Says that the hash which follows need not be compared with a source: PEP 552."""
LEFT_OUT = ("*.so", "clipwright/native/*")
"""Compiled C, which Python gets before it starts, and what is only for terminals."""


def compiled(archive: bytes, place: str) -> bytes:
    """A zip archive with each ``.py`` compiled to a ``.pyc`` in its stead, all else as it is or left out.

    `place` is where the archive will lie, as tracebacks tell it. The same archive gives the same bytes, as long as
    the interpreter hashes strings with the same seed. Raises SyntaxError, zipfile.BadZipFile.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(made, "w") as target:
        for entry in sorted(source.infolist(), key=lambda entry: entry.filename):
            name, data = entry.filename, source.read(entry)
            if any(fnmatch.fnmatchcase(name, pattern) for pattern in LEFT_OUT):
                continue
            if name.endswith(".py"):
                code = compile(data, f"{place}/{name}", "exec", dont_inherit=True)
                head = importlib.util.MAGIC_NUMBER + UNCHECKED + importlib.util.source_hash(data)
                name, data = f"{name}c", head + marshal.dumps(code)
            target.writestr(zipfile.ZipInfo(name, MADE), data, zipfile.ZIP_DEFLATED, 9)
    return made.getvalue()
