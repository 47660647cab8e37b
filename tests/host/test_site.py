"""What the site says it consists of is what it consists of, and building it twice gives the same bytes."""

import base64
import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from tests.equipment import ROOT, assembled, load, site

ASSEMBLE = load("web/assemble.py")


def sha256(path: Path) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()


@pytest.fixture(scope="module")
def dist() -> Path:
    return site()


def test_everything_but_packs_and_papers_is_kept(dist):
    kept = {entry["url"]: entry for entry in ASSEMBLE.offline_files(dist)}
    packs = json.loads((dist / "packs.json").read_text("utf-8"))
    packed = {file["url"] for pack in packs for file in pack["files"]}
    there = {path.relative_to(dist).as_posix() for path in dist.rglob("*") if path.is_file()}
    assert {"index.html", "main.js", "main.css", "app.worker.js", "pyodide/pyodide.asm.wasm"} <= set(kept)
    left = there - set(kept) - packed
    papers = (
        r"sw\.js|.*\.map|.*\.LEGAL\.txt|licenses/.*|LICENSE|THIRD-PARTY\.md|protocol\.schema\.json"
        r"|HOSTING\.md|_headers|\.nojekyll|hosting/nginx\.conf"
        r"|fonts/.*|EMBEDDING\.md|embed\.json|examples/.*|types/.*|.*\.d\.ts"
    )
    assert not [name for name in left if not re.fullmatch(papers, name)]
    assert not packed & set(kept)
    # What pages of scripts consist of is small and must be of one version with the rest; PyScript is neither.
    assert {"script.html", "script.py", "scripting.js", "examples/scripts/clip.py"} <= set(kept)
    assert {"pyscript/core.js", "wheels/tools/index.json"} <= packed
    for name, entry in kept.items():
        assert entry["integrity"] == sha256(dist / name)
    assert len({entry["revision"] for entry in kept.values()}) == len(kept)


def test_the_service_worker_knows_every_file_by_its_hash(dist):
    worker = (dist / "sw.js").read_text("utf-8")
    for entry in ASSEMBLE.offline_files(dist):
        assert entry["integrity"] in worker, entry["url"]
    for pack in json.loads((dist / "packs.json").read_text("utf-8")):
        assert pack["cache"] in worker
        for file in pack["files"]:
            assert file["integrity"] == sha256(dist / file["url"])
            assert file["size"] == (dist / file["url"]).stat().st_size


def test_the_policy_is_the_pages(dist):
    policy = ASSEMBLE.headers()["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    # Every page says what the service worker sends with it.
    for page in ("index.html", "script.html"):
        assert f'content="{policy}"' in (dist / page).read_text("utf-8")
    assert policy in (dist / "sw.js").read_text("utf-8")


def test_the_manifest_names_files_of_the_site(dist):
    manifest = json.loads((dist / "manifest.webmanifest").read_text("utf-8"))
    icons = [*manifest["icons"], *(icon for shortcut in manifest["shortcuts"] for icon in shortcut["icons"])]
    assert {"any", "maskable"} == {icon.get("purpose", "any") for icon in icons}
    assert not [icon["src"] for icon in icons if not (dist / icon["src"]).is_file()]
    page = (ROOT / "wasm-shims" / "offline" / "share.js").read_text("utf-8")
    assert f"'{manifest['share_target']['action']}'" in page
    assert f"'{manifest['share_target']['params']['files'][0]['name']}'" in page


def test_two_builds_are_the_same(tmp_path):
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        assembled(folder, None)
        files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".map"]
        made.append({path.relative_to(folder).as_posix(): sha256(path) for path in files})
        shutil.rmtree(folder)
    assert made[0] == made[1]
