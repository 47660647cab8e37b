"""Python's libraries in the site: compiled, whole, and the same in every build."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.equipment import ROOT, load, site, tool

BYTECODE = load("web/bytecode.py")
BUILD = load("build.py")
PYODIDE = ROOT / "node_modules" / "pyodide"
IMPORT_ALL = """
import { readFile } from 'node:fs/promises';
import { loadPyodide } from 'pyodide';
const [stdlib, ...archives] = process.argv.slice(2);
const pyodide = await loadPyodide({ packages: [], stdLibURL: stdlib });
for (const archive of archives) {
    pyodide.FS.writeFile(`/lib/${archive.split('/').at(-1)}`, await readFile(archive));
    pyodide.runPython(`import sys; sys.path.append("/lib/${archive.split('/').at(-1)}")`);
}
process.stdout.write(pyodide.runPython(`
import importlib, json, sys
told = {}
for name in ("ast", "email.message", "sqlite3.dbapi2", "hello", "hello.inner"):
    try:
        module = importlib.import_module(name)
        told[name] = [module.__spec__.cached or module.__file__, getattr(module, "TEXT", "")]
    except ImportError as error:
        told[name] = str(error)
try:
    sys.modules["hello"].fail()
except ValueError as error:
    frame = error.__traceback__.tb_next
    told["where"] = [frame.tb_frame.f_code.co_filename, frame.tb_lineno]
json.dumps(told)
`));
"""


def wheel(folder: Path, extra: dict[str, str] | None = None) -> Path:
    path = folder / "hello-1.0-py3-none-any.whl"
    files = {
        "hello/__init__.py": "TEXT = 'outer'\n\n\ndef fail():\n    raise ValueError('no')\n",
        "hello/inner.py": "TEXT = {'b', 'a', 'c'} and 'inner'\n",
        "hello/data.txt": "kept",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (files | (extra or {})).items():
            archive.writestr(zipfile.ZipInfo(name), text)  # of no time: what is the same is compiled once
    return path


def compiled(folder: Path, kept: Path) -> list:
    return BYTECODE.libraries(PYODIDE, folder, kept, lambda *argv: BUILD.run(tool("node"), *argv))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The standard library is compiled already; making it once more takes seconds."""
    folder = tmp_path_factory.mktemp("kept")
    shutil.copytree(ROOT / ".build" / "bytecode", folder, dirs_exist_ok=True)
    return folder


def test_a_library_is_compiled_and_python_imports_it(tmp_path: Path, kept: Path) -> None:
    wheel(tmp_path)
    stdlib, hello = compiled(tmp_path, kept)
    assert (hello.name, hello.place, hello.extensions) == ("modules/hello.zip", "/lib/hello.zip", ())
    with zipfile.ZipFile(hello.path) as archive:
        assert archive.namelist() == ["hello/__init__.pyc", "hello/data.txt", "hello/inner.pyc"]
        assert archive.read("hello/data.txt") == b"kept"
    lent = tmp_path / "hello.zip"
    shutil.copyfile(hello.path, lent)
    script = ROOT / ".build" / "import_all.mjs"
    script.write_text(IMPORT_ALL, "utf-8")
    ran = subprocess.run(
        [tool("node"), script, stdlib.path, lent], capture_output=True, text=True, check=True, cwd=ROOT
    )
    told = json.loads(ran.stdout)
    assert told["ast"] == ["/lib/python314.zip/ast.pyc", ""]
    assert told["email.message"][0].endswith("message.pyc")
    assert [told["hello"][1], told["hello.inner"][1]] == ["outer", "inner"]
    assert told["where"] == ["/lib/hello.zip/hello/__init__.py", 5]


def test_it_is_the_same_every_time(tmp_path: Path, kept: Path) -> None:
    wheel(tmp_path)
    first = compiled(tmp_path, kept)[1].path
    data = first.read_bytes()
    first.unlink()
    assert compiled(tmp_path, kept)[1].path.read_bytes() == data


def test_what_is_not_the_same_is_compiled_anew(tmp_path: Path, kept: Path) -> None:
    wheel(tmp_path)
    first = compiled(tmp_path, kept)[1].path
    wheel(tmp_path, {"hello/more.py": ""})
    assert compiled(tmp_path, kept)[1].path != first


def test_compiled_c_lies_beside_its_archive(tmp_path: Path, kept: Path) -> None:
    wheel(tmp_path, {"hello/deep/_core.cpython-314-wasm32-emscripten.so": "c"})
    library = compiled(tmp_path, kept)[1]
    (core,) = library.extensions
    name = "hello/deep/_core.cpython-314-wasm32-emscripten.so"
    assert (core.name, core.place, core.module) == (f"modules/{name}", f"/lib/{name}", "hello.deep._core")
    assert core.path.read_text() == "c"
    with zipfile.ZipFile(library.path) as archive:
        assert archive.namelist() == ["hello/__init__.pyc", "hello/data.txt", "hello/inner.pyc"]


def test_the_page_has_nothing_that_is_only_for_terminals() -> None:
    with zipfile.ZipFile(site() / "modules" / "clipwright.zip") as archive:
        assert not [name for name in archive.namelist() if name.startswith("clipwright/native/")]


def test_what_does_not_compile_ends_the_building(tmp_path: Path, kept: Path) -> None:
    wheel(tmp_path, {"hello/broken.py": "def ("})
    with pytest.raises(RuntimeError, match="SyntaxError"):
        compiled(tmp_path, kept)
    assert not [path for path in kept.iterdir() if path.suffix == ".new"]


def test_the_site_has_no_source_of_python_in_its_libraries() -> None:
    for name in ("pyodide/python_stdlib.zip", "modules/clipwright.zip", "modules/msgspec.zip"):
        with zipfile.ZipFile(site() / name) as archive:
            names = archive.namelist()
        assert not [inside for inside in names if inside.endswith(".py")]
        assert [inside for inside in names if inside.endswith(".pyc")]
