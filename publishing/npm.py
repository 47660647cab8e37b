"""The npm package, and the packages of npm that the site is made from."""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from publishing.archives import copy_plain, files_of, sha256

PURE = ("clipwright.js", "embed-client.js")
"""Modules that do nothing until they are asked. Others register an element, also through the chunks that they share."""


def manifest(source: dict[str, Any], version: str, licence: str, site: Path) -> dict[str, Any]:
    """The package.json of the package: the site is ``dist/`` in it, and what pages import has a name."""

    def module(name: str) -> dict[str, str]:
        return {"types": f"./dist/{name}.d.ts", "default": f"./dist/{name}.js"}

    scripts = [name for name in files_of(site) if name.endswith((".js", ".mjs", ".css"))]
    acting = [name for name in scripts if name not in PURE]
    return {
        "name": source["name"],
        "version": version,
        "description": source["description"],
        "license": licence,
        "type": "module",
        "main": "./dist/clipwright.js",
        "types": "./dist/clipwright.d.ts",
        "exports": {
            ".": module("clipwright"),
            "./element": module("element"),
            "./embed-client": module("embed-client"),
            "./dist/*": "./dist/*",
            "./package.json": "./package.json",
        },
        "sideEffects": [f"./dist/{name}" for name in acting],
        "files": ["dist", "THIRD-PARTY.md"],
    }


def pack(npm: Sequence[str], site: Path, described: dict[str, Any], folder: Path) -> Path:
    """Make the tarball; it holds every file of the site."""
    with tempfile.TemporaryDirectory() as place:
        stage = Path(place) / "package"
        copy_plain(site, stage / "dist")
        for name, source in {
            "README.md": "EMBEDDING.md",
            "LICENSE": "LICENSE",
            "THIRD-PARTY.md": "THIRD-PARTY.md",
        }.items():
            (stage / name).write_bytes((site / source).read_bytes())
            (stage / name).chmod(0o644)
        text = json.dumps(described, indent=4, ensure_ascii=False) + "\n"
        (stage / "package.json").write_text(text, "utf-8")
        (stage / "package.json").chmod(0o644)
        (packed,) = _pack(npm, [], stage, folder)
    lost = {f"dist/{name}" for name in files_of(site)} - {file["path"] for file in packed["files"]}
    if lost:
        raise RuntimeError(f"npm left out {', '.join(sorted(lost))}.")
    return folder / str(packed["filename"])


def tarball_hashes(
    npm: Sequence[str], lock: dict[str, Any], names: Sequence[str], memory: Path
) -> dict[str, tuple[str, str]]:
    """The SHA-512 and the SHA-256 of packages as they were published, in hexadecimal digits, by name.

    The lock has the first; for the second npm gets them once more (it has most of them still), and `memory` is the
    file that remembers. RuntimeError for a package that is not the one in the lock.
    """
    known: dict[str, str] = json.loads(memory.read_text("utf-8")) if memory.exists() else {}
    locked = {name: lock["packages"][f"node_modules/{name}"] for name in names}
    missing = [name for name in names if locked[name]["integrity"] not in known]
    if missing:
        with tempfile.TemporaryDirectory() as place:
            wanted = [f"{name}@{locked[name]['version']}" for name in missing]
            for packed in _pack(npm, wanted, Path(place), Path(place)):
                if packed["integrity"] != locked[packed["name"]]["integrity"]:
                    raise RuntimeError(f"{packed['id']} is not the one that package-lock.json names.")
                known[packed["integrity"]] = sha256(Path(place) / packed["filename"])
        memory.parent.mkdir(exist_ok=True)
        partial = memory.with_suffix(".partial")
        partial.write_text(json.dumps(known, indent=4, sort_keys=True) + "\n", "utf-8")
        partial.replace(memory)
    return {
        name: (base64.b64decode(entry["integrity"].removeprefix("sha512-")).hex(), known[entry["integrity"]])
        for name, entry in locked.items()
    }


def _pack(npm: Sequence[str], packages: list[str], place: Path, target: Path) -> list[dict[str, Any]]:
    """What ``npm pack`` says of the tarballs that it has put into the folder `target`."""
    options = ["--json", "--ignore-scripts", "--prefer-offline", "--pack-destination", str(target.resolve())]
    command = [*npm, "pack", *options, *packages]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"`npm pack` failed:\n{done.stdout}{done.stderr}".rstrip())
    said: list[dict[str, Any]] = json.loads(done.stdout)
    return said
