"""A release: everything that is published, of one version, in one folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import parse_wheel_filename

from publishing.archives import checksums, write_zip
from publishing.bill import Product, bill
from publishing.inventory import Item, inventory
from publishing.npm import manifest, pack, tarball_hashes
from publishing.works import TERMINAL, Work, works

ROOT = Path(__file__).resolve().parent.parent
SITE, SUMS = "dist.zip", "SHA256SUMS"
_TABLE_NAMES = {"av": "PyAV"}
"""What THIRD-PARTY.md calls packages of PyPI, where that differs."""


def release(site: Path, wheels: Path, folder: Path, npm: Sequence[str]) -> None:
    """Pack a built site and the wheel that lies in it into a new folder; RuntimeError where they do not fit."""
    folder.mkdir(parents=True)
    source = json.loads((ROOT / "package.json").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    third_party = (site / "THIRD-PARTY.md").read_text("utf-8")
    wheel = own_wheel(wheels, project["name"])
    version = str(parse_wheel_filename(wheel.name)[1])
    if source["version"] != version:
        raise RuntimeError(f"package.json is of version {source['version']}, the wheel of {version}.")
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    hashes = partial(tarball_hashes, npm, lock, memory=ROOT / ".build" / "npm-sha256.json")
    items = inventory(site, third_party, lock, hashes)
    write_zip(site, folder / SITE)
    shutil.copyfile(wheel, folder / wheel.name)
    pack(npm, site, manifest(source, version, all_licences(project["license"], items), site), folder)
    product = Product(
        name=project["name"],
        version=version,
        description=project["description"],
        licence=project["license"],
        author=project["authors"][0]["name"],
        pinned=tuple(pinned(project, third_party, items)),
    )
    text = bill(product, items, list(folder.iterdir()), made_at())
    (folder / f"{project['name']}-{version}.cdx.json").write_text(text, "utf-8")
    (folder / SUMS).write_text(checksums(folder.iterdir()), "utf-8")


def own_wheel(wheels: Path, name: str) -> Path:
    """The project's own among the wheels."""
    (wheel,) = wheels.glob(f"{name}-*.whl")
    return wheel


def all_licences(own: str, items: Sequence[Item]) -> str:
    """What whoever passes the whole site on has to keep to, as one SPDX expression."""
    works = [work for item in items for work in (item.work, *item.contains)]
    told = {part for work in works for part in work.licence.split(" AND ")} - {own}
    return " AND ".join([own, *(f"({part})" if " OR " in part else part for part in sorted(told))])


def pinned(project: dict[str, object], third_party: str, items: Sequence[Item]) -> list[Work]:
    """What pip installs with the wheel, in the terminal, and the site does not ship."""
    wanted = [*project["dependencies"], *project["optional-dependencies"]["native"]]  # type: ignore[misc, index] # TOML
    told = {work.name: work for work in works(third_party, TERMINAL)}
    names = [Requirement(line).name for line in wanted]
    missing = [name for name in names if name not in {item.name for item in items}]
    found = [(name, told[_TABLE_NAMES.get(name, name)]) for name in missing]
    return [Work(name, work.version, work.licence) for name, work in found]


def made_at() -> datetime:
    """The moment that the release is of: what SOURCE_DATE_EPOCH says, else the last commit's, so not the clock's."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    if seconds is None:
        command = ["git", "log", "-1", "--format=%ct"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(
                "There is no git history here: SOURCE_DATE_EPOCH must say when this release is from."
            )
        seconds = done.stdout
    return datetime.fromtimestamp(int(seconds), UTC)
