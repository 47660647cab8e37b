"""What is pinned is pinned once, by hash where that can be, and THIRD-PARTY.md tells all of it."""

import base64
import hashlib
import importlib.util
import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.equipment import load

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PYTHON = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["native"],
    *PROJECT["dependency-groups"]["dev"],
]
LOCK = {
    path.rpartition("node_modules/")[2]: entry
    for path, entry in json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"].items()
    if path
}
THIRD_PARTY = (ROOT / "THIRD-PARTY.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.split("|")[1:3]]
    for line in THIRD_PARTY.splitlines()
    if line.startswith("| ")
]
TOLD = {
    work.lower(): version
    for works, versions in ROWS
    for work, version in zip(works.split(", "), re.sub(r", in \w+$", "", versions).split(", "), strict=False)
}


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("build", ROOT / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("requirement", PYTHON)
def test_python_packages_are_pinned_and_told(requirement):
    package, version = requirement.split("==")
    known = {"av": "pyav"}.get(package, package.lower())
    assert TOLD[known] == version


@pytest.mark.parametrize("package", [name for name, entry in LOCK.items() if not entry.get("optional")])
def test_javascript_packages_are_pinned_and_told(package):
    entry = LOCK[package]
    assert TOLD[package.lower()] == entry["version"]
    assert entry["integrity"].startswith("sha512-")
    assert "resolved" not in entry, "the lock names no registry"


def test_direct_javascript_dependencies_are_exact():
    manifest = json.loads((ROOT / "package.json").read_text("utf-8"))
    for package, version in {**manifest["dependencies"], **manifest["devDependencies"]}.items():
        assert LOCK[package]["version"] == version


@pytest.mark.parametrize("path", ["wasm-shims/wheels.txt", "tests/pyodide-wheels.txt"])
def test_wheels_for_the_page_are_those_of_the_terminal(path):
    lines = [line for line in (ROOT / path).read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines
    for line in lines:
        requirement, sha = line.split(" --hash=sha256:")
        assert requirement in PYTHON
        assert re.fullmatch("[0-9a-f]{64}", sha)


def test_what_installs_wheels_on_the_page_is_pinned_and_told():
    (line,) = re.findall(
        r"^[^#].*$", (ROOT / "wasm-shims" / "script-wheels.txt").read_text("utf-8"), re.MULTILINE
    )
    requirement, sha = line.split(" --hash=sha256:")
    package, version = requirement.split("==")
    assert TOLD[package] == version
    assert re.fullmatch("[0-9a-f]{64}", sha)


def test_the_node_that_is_installed_is_told():
    package, version = load("web/node.py").NODE_WHEEL.split("==")
    assert TOLD[package] == version


def test_the_index_of_wheels_has_the_hash_in_both_forms(tmp_path):
    wheel = tmp_path / "some_name-1.0-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    (entry,) = json.loads(load("web/assemble.py").wheel_index(tmp_path))
    assert entry["name"] == "some_name"
    assert entry["file"] == wheel.name
    assert entry["sha256"] == hashlib.sha256(b"wheel").hexdigest()
    assert base64.b64decode(entry["integrity"].removeprefix("sha256-")).hex() == entry["sha256"]


def test_work_that_is_done_is_not_done_again(build, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "STATE", tmp_path)
    made = tmp_path / "made"

    def needed(key, *, works=True):
        with build.stage("some", key, made=made) as needed:
            if needed and works:
                made.write_text(key)
            if not works:
                raise build.Failure("stopped")
        return needed

    assert needed("a")
    assert not needed("a")
    with pytest.raises(build.Failure):
        needed("b", works=False)
    assert needed("b"), "what failed is tried again"
    made.unlink()
    assert needed("b"), "what is gone is made again"
