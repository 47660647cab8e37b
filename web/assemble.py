"""How the built site is put together from its rooms; ``build.py build`` runs this with an esbuild."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

Esbuild = Callable[..., object]
ROOT = Path(__file__).resolve().parent.parent
PYODIDE_FILES = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
PAGE_ENTRIES = ("web/main.js", "web/clipwright.js", "web/script.js", "web/script.css")
WHOLE_WORKERS = ("wasm-shims/app.worker.js", "wasm-shims/scripting.js", "wasm-shims/ffmpeg/ffmpeg.worker.js")
SPLIT_WORKER = "wasm-shims/media/media.worker.js"
NOT_COPIED = ("*.js", "*.css", "*.py", "*.pyc", "tsconfig.json", "screenshot.png")
"""Files in web/ that reach dist/ through esbuild or not at all."""


def assemble(site: Path, wheels: Path, esbuild: Esbuild) -> None:
    """Put the whole site together in a folder."""
    for source in (ROOT / "web").rglob("*"):
        if source.is_file() and not any(map(source.match, NOT_COPIED)):
            copy(source, site / source.relative_to(ROOT / "web"))
    bundle(esbuild, site, *PAGE_ENTRIES, *map(str, (ROOT / "web").rglob("main.css")), options=["--splitting"])
    # A worker in one file starts soonest; the media worker leaves out its encoders until one is needed.
    bundle(esbuild, site, *WHOLE_WORKERS, options=[])
    bundle(esbuild, site, SPLIT_WORKER, options=["--splitting"])
    for name in PYODIDE_FILES:
        copy(ROOT / "node_modules" / "pyodide" / name, site / "pyodide" / name)
    for name in ("ffmpeg-core.js", "ffmpeg-core.wasm"):
        copy(ROOT / "node_modules" / "@ffmpeg/core/dist/esm" / name, site / "ffmpeg" / name)
    for file in (ROOT / "node_modules" / "@pyscript" / "core" / "dist").glob("*.js"):
        copy(file, site / "pyscript" / file.name)
    for file in ("script.py", *(f"examples/scripts/{name}.py" for name in ("clip", "batch", "join"))):
        copy(ROOT / "web" / file, site / file)
    for name in ("LICENSE", "THIRD-PARTY.md"):
        copy(ROOT / name, site / name)
    shutil.copytree(wheels, site / "wheels")


def copy(source: Path, target: Path) -> None:
    """Copy one file, making folders as needed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def bundle(esbuild: Esbuild, site: Path, *entries: str, options: list[str]) -> None:
    """Bundle and minify modules flat into the site, so that ``import.meta.url`` is its root in every one."""
    missing = [entry for entry in entries if not (ROOT / entry).exists()]
    if missing:
        raise RuntimeError(f"There is no {', no '.join(missing)}.")
    flat = ["--entry-names=[name]", "--chunk-names=shared-[hash]", "--asset-names=[name]", f"--outdir={site}"]
    form = [
        "--bundle",
        "--format=esm",
        "--minify",
        "--sourcemap",
        "--target=es2022",
        "--legal-comments=linked",
    ]
    # What stands beside the bundle at run time, and what only Node would load.
    outside = ["--external:./pyodide/*", "--external:./ffmpeg/*", "--external:node:*", "--external:*.svg"]
    esbuild(*entries, *form, *flat, *outside, *options, "--log-level=warning")
