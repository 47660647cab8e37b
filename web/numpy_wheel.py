"""The numpy wheel that Pyodide's lock names: found, checked by its hash, and kept for the site.

No package index has it, only Pyodide's own distribution. The site does without where it cannot be had.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

VARIABLE = "CLIPWRIGHT_PYODIDE_DIST"
"""Says where a Pyodide distribution lies: a folder, or the address of one; empty: the site shall do without."""
PATIENCE_S = 10
LIMIT_BYTES = 64 << 20


def vendor(pyodide: Path, kept: Path, place: str | None, say: Callable[[str], None]) -> Path | None:
    """The wheel, in the folder `kept`; None, and why is said, where it cannot be had.

    `pyodide` is the npm package's folder, `place` what `VARIABLE` says (None: unset). Raises RuntimeError for a
    file that is not the one that the lock names; nothing of it is kept.
    """
    entry = json.loads((pyodide / "pyodide-lock.json").read_text("utf-8"))["packages"]["numpy"]
    name, wanted = entry["file_name"], entry["sha256"]
    source = home(pyodide) if place is None else place
    if not source:
        why = "its address is not known" if place is None else f"{VARIABLE} is empty"
        say(f"numpy: left out of the site, {why}")
        return None
    wheel = kept / name
    if wheel.is_file() and sha256(wheel.read_bytes()) == wanted:
        return wheel
    try:
        content = read(source, name)
    except (OSError, http.client.HTTPException, ValueError) as error:
        say(f"numpy: left out of the site, {name} could not be had from {source} ({error}); see {VARIABLE}")
        return None
    if (found := sha256(content)) != wanted:
        raise RuntimeError(
            f"{name} from {source} is not the file that pyodide-lock.json names: its SHA-256 is {found}, not"
            f" {wanted}. It is not used. Let {VARIABLE} say where the distribution of this very Pyodide lies, or be"
            " empty to build without numpy."
        )
    kept.mkdir(parents=True, exist_ok=True)
    partial = wheel.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(wheel)
    say(f"numpy: {name}, {len(content)} bytes, from {source}")
    return wheel


def home(pyodide: Path) -> str:
    """Where the pyodide package of npm looks for wheels that do not lie beside it; empty where it does not say."""
    version = json.loads((pyodide / "package.json").read_text("utf-8"))["version"]
    named = re.search(r"cdnUrl=[^`;]*`(https://[^`]+)`", (pyodide / "pyodide.mjs").read_text("utf-8"))
    return re.sub(r"\$\{\w+\}", version, named[1]) if named else ""


def read(source: str, name: str) -> bytes:
    """A file of a folder or of a web address; raises OSError, HTTPException or ValueError where there is none."""
    if not re.match(r"https?://", source):
        return (Path(source) / name).read_bytes()
    address = f"{source.rstrip('/')}/{urllib.parse.quote(name)}"
    with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:
        content: bytes = answer.read(LIMIT_BYTES + 1)
    if len(content) > LIMIT_BYTES:
        raise ValueError(f"it is larger than {LIMIT_BYTES} bytes")
    return content


def sha256(content: bytes) -> str:
    """In hexadecimal digits, as the lock has it."""
    return hashlib.sha256(content).hexdigest()
