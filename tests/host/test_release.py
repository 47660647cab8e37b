"""A release is of one version, the same bytes wherever it is packed, and tells all that it consists of."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.validation.json import JsonStrictValidator

import clipwright
from publishing.archives import files_of, sha256
from publishing.bill import VERSION
from publishing.inventory import bundled, inventory
from publishing.release import release
from publishing.works import IN_FFMPEG, SHIPPED, Work, works
from tests.equipment import ROOT, load, site, tool

BUILD = load("build.py")
THIRD_PARTY = (ROOT / "THIRD-PARTY.md").read_text("utf-8")
LOCK = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
HEAVY = (".map", ".wasm", ".zip", "ffmpeg-core.js")
"""What takes long to pack, and is packed as everything else."""


def copied(folder: Path, target: Path, umask: int, skip: tuple[str, ...] = ()) -> None:
    """Copy files last to first, made now, with the permissions that a umask leaves."""
    for name, path in reversed(files_of(folder).items()):
        if not name.endswith(skip or "\0") and "__pycache__" not in name:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)
            (target / name).chmod(0o777 & ~umask)
            os.utime(target / name, (1e9 + umask, 1e9 + umask))


def packed(place: Path, umask: int) -> Path:
    """A release of a copy of what was built, with a wheel that was built from a copy of the sources."""
    sources, wheels = place / "sources", place / "wheels"
    copied(ROOT / "pyapp", sources / "pyapp", umask)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, sources / name)
    hatch = [BUILD.PYTHON, "-m", "hatchling", "build", "--target", "wheel", "--directory", wheels]
    moment = {"SOURCE_DATE_EPOCH": BUILD.MOMENT}
    subprocess.run(hatch, cwd=sources, env=os.environ | moment, check=True, capture_output=True)
    copied(site(), place / "site", umask, HEAVY)
    release(place / "site", wheels, place / "release", BUILD.npm())
    return place / "release"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed(tmp_path_factory.mktemp("made"), 0o022)


@pytest.fixture(scope="module")
def bom(made: Path) -> dict[str, Any]:
    (path,) = made.glob("*.cdx.json")
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return told


def test_two_releases_are_the_same(made: Path, tmp_path: Path) -> None:
    again = packed(tmp_path / "in a folder of another name", 0o077)
    assert {name: sha256(path) for name, path in files_of(again).items()} == {
        name: sha256(path) for name, path in files_of(made).items()
    }


def test_one_version(made: Path, bom: dict[str, Any]) -> None:
    version = clipwright.__version__
    assert json.loads((ROOT / "package.json").read_text("utf-8"))["version"] == version
    assert LOCK["version"] == LOCK["packages"][""]["version"] == version
    names = {
        "dist.zip",
        f"clipwright-{version}-py3-none-any.whl",
        f"clipwright-{version}.tgz",
        f"clipwright-{version}.cdx.json",
        "SHA256SUMS",
    }
    assert {path.name for path in made.iterdir()} == names
    assert bom["metadata"]["component"]["version"] == version
    with zipfile.ZipFile(made / "dist.zip") as archive:
        assert f"wheels/clipwright-{version}-py3-none-any.whl" in archive.namelist()


def test_other_versions_are_not_packed_together(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied(site(), tmp_path / "site", 0o022, HEAVY)
    (tmp_path / "clipwright-9.0-py3-none-any.whl").touch()
    with pytest.raises(RuntimeError, match=r"package\.json is of version .*, the wheel of 9\.0"):
        release(tmp_path / "site", tmp_path, tmp_path / "release", BUILD.npm())


def test_checksums(made: Path) -> None:
    lines = [line.split("  ") for line in (made / "SHA256SUMS").read_text("utf-8").splitlines()]
    assert {name for _, name in lines} == {path.name for path in made.iterdir()} - {"SHA256SUMS"}
    for told, name in lines:
        assert told == hashlib.sha256((made / name).read_bytes()).hexdigest()


def test_both_archives_hold_the_site(made: Path) -> None:
    wanted = {name: path for name, path in files_of(site()).items() if not name.endswith(HEAVY)}
    with zipfile.ZipFile(made / "dist.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            name: path.read_bytes() for name, path in wanted.items()
        }
    with tarfile.open(next(made.glob("*.tgz"))) as archive:
        names = {entry.name.removeprefix("package/") for entry in archive if entry.isfile()}
        assert {entry.mode for entry in archive} == {0o644}
    own = {"package.json", "README.md", "LICENSE", "THIRD-PARTY.md"}
    assert names == own | {f"dist/{name}" for name in wanted}


def test_the_bill_keeps_to_the_schema(made: Path, bom: dict[str, Any]) -> None:
    (path,) = made.glob("*.cdx.json")
    validator = JsonStrictValidator(VERSION)
    assert validator.validate_str(path.read_text("utf-8")) is None
    assert validator.validate_str(json.dumps({**bom, "serialNumber": "1"})) is not None


def digests(component: dict[str, Any]) -> dict[str, str]:
    return {entry["alg"]: entry["content"] for entry in component.get("hashes", [])}


def test_the_bill_tells_all_that_is_shipped(made: Path, bom: dict[str, Any]) -> None:
    told = {component["name"]: component for component in bom["components"]}
    for name, component in told.items():
        assert component["licenses"], name
        assert component["version"], name
        assert component["purl"].startswith(("pkg:npm/", "pkg:pypi/")), name
        if component["scope"] == "required":
            assert len(digests(component)["SHA-256"]) == 64, name
    assert {name for name in told if told[name]["scope"] == "optional"} == {"av", "rich"}
    shipped = {work.name for work in works(THIRD_PARTY, SHIPPED) if not work.note}
    assert shipped == {name for name in told if told[name]["scope"] == "required"} - {"numpy"}
    for wheel in json.loads((site() / "wheels" / "index.json").read_text("utf-8")):
        if wheel["name"] != "clipwright":
            assert digests(told[wheel["name"]])["SHA-256"] == wheel["sha256"]
    pyodide = {part["name"]: part for part in told["Pyodide"]["components"]}
    assert pyodide["CPython"]["licenses"] == [{"license": {"id": "PSF-2.0"}}]
    lock = site() / "pyodide" / "pyodide-lock.json"
    assert digests(pyodide["pyodide/pyodide-lock.json"]) == {"SHA-256": sha256(lock)}
    inside = {work.name: work.version for work in works(THIRD_PARTY, IN_FFMPEG)}
    for build, light in (("@ffmpeg/core", set()), ("@ffmpeg/core-mt", {"ffmpeg-mt/ffmpeg-core.worker.js"})):
        core = {part["name"]: part.get("version") for part in told[build]["components"]}
        assert core == inside | dict.fromkeys(light)
    encoder = told["@mediabunny/aac-encoder"]
    assert [part["name"] for part in encoder["components"]] == ["libavcodec"]
    integrity = LOCK["packages"]["node_modules/mediabunny"]["integrity"]
    assert bytes.fromhex(digests(told["mediabunny"])["SHA-512"]) == base64.b64decode(integrity[7:])


def test_the_bill_tells_what_it_is_of_and_what_needs_what(made: Path, bom: dict[str, Any]) -> None:
    own = bom["metadata"]["component"]
    files = {part["name"]: digests(part)["SHA-256"] for part in own["components"]}
    assert files == {
        path.name: sha256(path) for path in made.iterdir() if path.suffix in {".zip", ".whl", ".tgz"}
    }
    needs = {entry["ref"]: entry.get("dependsOn", []) for entry in bom["dependencies"]}
    every = {name for name in needs if name.startswith("pkg:")}
    assert {component["bom-ref"] for component in bom["components"]} <= every
    reached, left = set(), ["clipwright"]
    while left:
        reached.add(name := left.pop())
        left += [need for need in needs[name] if need not in reached]
    assert every <= reached, "nothing is shipped without a reason"


def no_hashes(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    return dict.fromkeys(names, ("", ""))


def test_what_is_bundled_is_told() -> None:
    found = bundled(site())
    assert {"mediabunny", "workbox-precaching", "@vue/runtime-dom", "react-dom"} <= found
    assert found <= {item.name for item in inventory(site(), THIRD_PARTY, LOCK, no_hashes)}
    untold = THIRD_PARTY.replace("| mediabunny | ", "| milkbunny | ")
    with pytest.raises(RuntimeError, match="does not tell that the site ships mediabunny"):
        inventory(site(), untold, LOCK, no_hashes)
    other = THIRD_PARTY.replace("| msgspec | 0.22.0 |", "| msgspec | 0.21.0 |")
    with pytest.raises(
        RuntimeError, match=r"tells of msgspec 0\.21\.0; msgspec-0\.22\.0-.*\.whl has 0\.22\.0"
    ):
        inventory(site(), other, LOCK, no_hashes)


def test_numpy_is_told_where_it_is_shipped(tmp_path: Path) -> None:
    names = {item.name for item in inventory(tmp_path, THIRD_PARTY, LOCK, no_hashes)}
    assert "numpy" not in names
    (tmp_path / "pyodide").mkdir()
    (tmp_path / "pyodide" / "numpy-2.4.6-cp314-cp314-pyemscripten_2026_0_wasm32.whl").write_bytes(b"wheel")
    told = {item.name: item for item in inventory(tmp_path, THIRD_PARTY, LOCK, no_hashes)}
    assert told["numpy"].hashes == (("SHA-256", hashlib.sha256(b"wheel").hexdigest()),)
    assert told["pyodide"].files == ()


def test_what_another_work_brings_is_told_in_it(tmp_path: Path) -> None:
    rows = "| CodeMirror, xterm.js | as bundled in mediabunny | MIT | |\n"
    start = "| mediabunny | "
    told = inventory(tmp_path, THIRD_PARTY.replace(start, rows + start), LOCK, no_hashes)
    (bunny,) = (item for item in told if item.name == "mediabunny")
    assert [part.name for part in bunny.contains] == ["CodeMirror", "xterm.js"]
    assert not {"CodeMirror", "xterm.js"} & {item.name for item in told}
    with pytest.raises(RuntimeError, match="tells that CPython is in snake, and nothing of that"):
        inventory(tmp_path, THIRD_PARTY.replace(", in Pyodide |", ", in snake |"), LOCK, no_hashes)


def test_how_the_tables_are_read() -> None:
    rows = """
## Some
| work | version | licence | what it is for |
|---|---|---|---|
| a, @b/c | 1.0, 2.0 | MIT, BSD-2-Clause | |
| d, e | 3.0, 4.0 | Apache-2.0 (`licenses/Apache-2.0.txt`) | |
| f | 1.1, in a | **GPL-2.0-or-later** (see below) | |
| g | as bundled in a | MIT; contains h, Apache-2.0 or BSD-2-Clause, and i, MIT | |

## Other
"""
    parts = (Work("h", None, "Apache-2.0 OR BSD-2-Clause"), Work("i", None, "MIT"))
    assert works(rows, "Some") == [
        Work("a", "1.0", "MIT"),
        Work("@b/c", "2.0", "BSD-2-Clause"),
        Work("d", "3.0", "Apache-2.0"),
        Work("e", "4.0", "Apache-2.0"),
        Work("f", "1.1", "GPL-2.0-or-later", "in a"),
        Work("g", None, "MIT", "as bundled in a", parts),
    ]
    assert works(rows, "Other") == []
    with pytest.raises(RuntimeError, match="no heading “None”"):
        works(rows, "None")
    with pytest.raises(RuntimeError, match="“as you like”, the licence of f, is no SPDX expression"):
        works(rows.replace("**GPL-2.0-or-later**", "as you like"), "Some")


class Consumer:
    """An empty folder into which the package was installed."""

    def __init__(self, folder: Path, package: Path) -> None:
        self.folder = folder
        (folder / "package.json").write_text('{"type": "module", "private": true}')
        self.run(*BUILD.npm(), "install", "--offline", "--no-audit", "--no-fund", package)

    def run(self, *command: object) -> str:
        done = subprocess.run(
            list(map(str, command)), cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def bundle(self, text: str) -> str:
        (self.folder / "entry.js").write_text(text)
        options = ("--bundle", "--format=esm", "--tree-shaking=true", "--log-level=error")
        return self.run(tool("node"), tool("esbuild"), "entry.js", *options)


@pytest.fixture(scope="module")
def consumer(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Consumer:
    return Consumer(tmp_path_factory.mktemp("consumer"), next(made.glob("*.tgz")))


def test_the_package_is_imported(consumer: Consumer) -> None:
    text = """
        import { Clipwright, ClipwrightError, Result } from 'clipwright';
        import { embed } from 'clipwright/embed-client';
        import facts from 'clipwright/package.json' with { type: 'json' };
        const where = (name) => import.meta.resolve(name).split('node_modules/')[1];
        const names = ['clipwright/element', 'clipwright/dist/app.worker.js', 'clipwright/dist/index.html'];
        const kinds = [Clipwright, ClipwrightError, Result, embed].map((one) => typeof one);
        console.log(JSON.stringify({ facts, kinds, where: names.map(where) }));
    """
    told = json.loads(consumer.run(tool("node"), "--no-warnings", "--input-type=module", "--eval", text))
    assert told["kinds"] == ["function"] * 4
    assert told["where"] == [
        f"clipwright/dist/{name}" for name in ("element.js", "app.worker.js", "index.html")
    ]
    assert told["facts"]["version"] == clipwright.__version__
    assert "GPL-2.0-or-later" in told["facts"]["license"]
    assert told["facts"]["license"].startswith("MIT AND ")
    assert "dependencies" not in told["facts"]


@pytest.mark.parametrize("resolution", ["bundler", "nodenext"])
def test_the_package_s_types_are_understood(consumer: Consumer, resolution: str) -> None:
    text = (ROOT / "tests" / "browser" / "embedded" / "consumer.ts").read_text("utf-8")
    for name, called in {"clipwright": "", "element": "/element", "embed-client": "/embed-client"}.items():
        text = text.replace(f"'../../../dist/{name}.js'", f"'clipwright{called}'")
    assert "../" not in text
    (consumer.folder / "consumer.ts").write_text(text)
    tsc = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    module = {"bundler": "esnext"}.get(resolution, resolution)
    options = f"--noEmit --strict --target es2022 --module {module} --moduleResolution {resolution}".split()
    consumer.run(tool("node"), tsc, *options, "--lib", "es2022,dom,dom.iterable", "consumer.ts")


def test_bundlers_keep_what_acts_and_drop_what_is_unused(consumer: Consumer) -> None:
    assert "customElements.define" in consumer.bundle("import 'clipwright/element';")
    assert "customElements" not in consumer.bundle("import { embed } from 'clipwright/embed-client'; embed;")
    assert consumer.bundle("import { Clipwright } from 'clipwright';").strip() == ""
