"""What of other people's work lies in a built site: read from the site, and held to what THIRD-PARTY.md tells."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name, parse_wheel_filename

from publishing.archives import files_of, sha256
from publishing.works import IN_FFMPEG, SHIPPED, Work, works

OWN = "clipwright"
CORE, THREADED = "@ffmpeg/core", "@ffmpeg/core-mt"
UNCHANGED = {
    "pyodide": "pyodide",
    "ffmpeg": CORE,
    "ffmpeg-mt": THREADED,
    "fonts": "dejavu-fonts-ttf",
    "pyscript": "@pyscript/core",
}
"""Folders of the site that hold files of a package of npm as they were published."""

COMPILED = "python_stdlib.zip"
"""Lies among them, but its modules were compiled when the site was built."""

_WITHIN = re.compile(r"(?:as bundled )?in (.+)$")

Hashes = Callable[[Sequence[str]], dict[str, tuple[str, str]]]
"""The SHA-512 and the SHA-256 of packages of npm, by name."""


@dataclass(frozen=True)
class Item:
    """A work in the site: `kind` is its index (npm, pypi, or generic for none), `name` what that index calls it.

    `hashes` are of the package as it was published, `files` the hashes of its files that lie in the site unchanged;
    `contains` are works inside it, `needs` names of the same index.
    """

    work: Work
    kind: str
    name: str
    hashes: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    contains: tuple[Work, ...] = ()
    needs: tuple[str, ...] = ()


def inventory(site: Path, third_party: str, lock: dict[str, Any], hashes: Hashes) -> list[Item]:
    """Everything of others in the site; RuntimeError where THIRD-PARTY.md tells of less, or of something else."""
    told = works(third_party, SHIPPED)
    within = {work: found[1].lower() for work in told if (found := _WITHIN.match(work.note))}
    wheels = {
        str(canonicalize_name(path.name.partition("-")[0])): path
        for name, path in files_of(site).items()
        if name.endswith(".whl")
    }
    packages = {
        path.rpartition("node_modules/")[2]: entry for path, entry in lock["packages"].items() if path
    }
    names = [work.name.lower() for work in told if work.name.lower() in packages]
    published = hashes(names)
    items = []
    for work in told:
        name = work.name.lower()
        contains = (*work.contains, *(part for part, whole in within.items() if whole == name))
        if name in packages:
            _same(work, packages[name]["version"], "package-lock.json")
            sha512, sha = published[name]
            needs = tuple(need for need in packages[name].get("dependencies", ()) if need in names)
            contains += tuple(works(third_party, IN_FFMPEG)) if name in (CORE, THREADED) else ()
            both = (("SHA-256", sha), ("SHA-512", sha512))
            items.append(Item(work, "npm", name, both, _unchanged(site, name), contains, needs))
        elif name in wheels:
            wheel = wheels[name]
            _same(work, str(parse_wheel_filename(wheel.name)[1]), wheel.name)
            items.append(Item(work, "pypi", name, (("SHA-256", sha256(wheel)),), (), contains))
        elif work not in within and not work.note.startswith("where "):
            items.append(Item(work, "generic", work.name, (), (), contains))
    untold = {*wheels, *bundled(site)} - {item.name for item in items} - {OWN}
    for part, whole in within.items():
        if whole not in {item.name for item in items}:
            raise RuntimeError(f"THIRD-PARTY.md tells that {part.name} is in {whole}, and nothing of that.")
    if untold:
        raise RuntimeError(f"THIRD-PARTY.md does not tell that the site ships {', '.join(sorted(untold))}.")
    return items


def bundled(site: Path) -> set[str]:
    """The packages of npm from which something went into the site's own scripts, as their source maps say."""
    found = set()
    for name, path in files_of(site).items():
        if name.endswith(".map"):
            for source in json.loads(path.read_text("utf-8"))["sources"]:
                found.update(re.findall(r".*node_modules/((?:@[^/]+/)?[^/]+)/", source))
    return found


def _unchanged(site: Path, package: str) -> tuple[tuple[str, str], ...]:
    files = files_of(site).items()
    mine = ((name, path) for name, path in files if UNCHANGED.get(name.partition("/")[0]) == package)
    changed = (".whl", COMPILED)
    return tuple((name, sha256(path)) for name, path in mine if "/" in name and not name.endswith(changed))


def _same(work: Work, version: str, where: str) -> None:
    if work.version != version:
        raise RuntimeError(f"THIRD-PARTY.md tells of {work.name} {work.version}; {where} has {version}.")
