"""numpy for the page: the file that Pyodide's lock names, from where the person says, or a site without it."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
import zipfile
from functools import partial
from pathlib import Path

import pytest

from tests.equipment import ROOT, load

NUMPY = load("web/numpy_wheel.py")
NAME = "numpy-2.4.6-cp314-cp314-pyemscripten_2026_0_wasm32.whl"


class Place:
    """A pyodide package whose lock names a tiny numpy, a distribution that holds it, and what is said."""

    def __init__(self, folder: Path) -> None:
        self.package, self.distribution, self.kept = folder / "pyodide", folder / "full", folder / "kept"
        self.package.mkdir()
        self.distribution.mkdir()
        self.wheel = self.distribution / NAME
        with zipfile.ZipFile(self.wheel, "w") as archive:
            archive.writestr("numpy/__init__.py", "__version__ = '2.4.6'")
        entry = {"file_name": NAME, "sha256": hashlib.sha256(self.wheel.read_bytes()).hexdigest()}
        self.write("pyodide-lock.json", json.dumps({"packages": {"numpy": entry}}))
        self.write("package.json", '{"version": "314.0.7"}')
        self.write("pyodide.mjs", "let U=1;e.cdnUrl=k(e.base??`https://127.0.0.1:9/v${U}/full/`);")
        self.said: list[str] = []

    def write(self, name: str, text: str) -> None:
        (self.package / name).write_text(text, "utf-8")

    def vendor(self, place: str | None) -> Path | None:
        found: Path | None = NUMPY.vendor(self.package, self.kept, place, self.said.append)
        return found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_from_a_folder_and_then_from_what_is_kept(place: Place) -> None:
    found = place.vendor(str(place.distribution))
    assert found == place.kept / NAME
    content = place.wheel.read_bytes()
    assert found.read_bytes() == content
    place.wheel.unlink()
    assert place.vendor(str(place.distribution)) == found
    assert place.vendor(None) == found, "nobody is asked for what is there"
    found.write_bytes(b"damaged")
    assert place.vendor(str(place.distribution)) is None
    place.wheel.write_bytes(content)
    assert place.vendor(str(place.distribution)) == found
    assert found.read_bytes() == content


def test_from_a_mirror(place: Place) -> None:
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(place.distribution.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        assert place.vendor(f"{address}/none/") is None
        assert "404" in place.said[-1]
        assert place.vendor(f"{address}/full") == place.kept / NAME
        server.shutdown()


def test_another_file_of_that_name_is_refused(place: Place) -> None:
    place.wheel.write_bytes(b"something else")
    with pytest.raises(RuntimeError, match=r"not the file that pyodide-lock\.json names") as refused:
        place.vendor(str(place.distribution))
    for word in (
        NAME,
        str(place.distribution),
        hashlib.sha256(b"something else").hexdigest(),
        NUMPY.VARIABLE,
    ):
        assert word in str(refused.value)
    assert not place.kept.exists()


@pytest.mark.parametrize("where", ["nowhere", "", None])
def test_without_it_the_site_is_built_and_that_is_said(place: Place, where: str | None) -> None:
    assert place.vendor(str(place.kept) if where == "nowhere" else where) is None
    (said,) = place.said
    assert said.startswith("numpy: left out of the site, ")
    assert {"nowhere": str(place.kept), "": "is empty", None: "https://127.0.0.1:9/v314.0.7/full/"}[
        where
    ] in said
    assert NUMPY.VARIABLE in said


def test_empty_leaves_out_what_is_kept(place: Place) -> None:
    assert place.vendor(str(place.distribution))
    assert place.vendor("") is None


def test_a_package_that_names_no_address(place: Place) -> None:
    place.write("pyodide.mjs", "")
    assert place.vendor(None) is None
    assert "not known" in place.said[0]


def test_the_pyodide_that_is_installed_says_where_its_wheels_are() -> None:
    package = ROOT / "node_modules" / "pyodide"
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    assert NUMPY.home(package).startswith("https://")
    assert NUMPY.home(package).endswith(f"/v{version}/full/")
