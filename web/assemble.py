"""How the built site is put together from its rooms; ``build.py build`` runs this with an esbuild."""

from __future__ import annotations

import base64
import fnmatch
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

Tool = Callable[..., object]
ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
PYODIDE_FILES = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "pyodide-lock.json",
)
"""What of Pyodide lies in the site as it was published; its library is compiled."""
FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
"""The font of text that is drawn into pictures: Latin, Greek, Cyrillic, Hebrew, Arabic and many signs."""
UNCHANGED = (
    ("pyodide", "pyodide", PYODIDE_FILES),
    ("@ffmpeg/core/dist/esm", "ffmpeg", ("ffmpeg-core.js", "ffmpeg-core.wasm")),
    (
        "@ffmpeg/core-mt/dist/esm",
        "ffmpeg-mt",
        ("ffmpeg-core.js", "ffmpeg-core.wasm", "ffmpeg-core.worker.js"),
    ),
    ("dejavu-fonts-ttf/ttf", "fonts", FONTS),
)
"""What npm has and the site takes as it is: the package's folder, the site's, and which files."""
CHECKED = (
    "pyodide/pyodide.asm.wasm",
    "pyodide/pyodide-lock.json",
    "ffmpeg/ffmpeg-core.wasm",
    *(f"fonts/{name}" for name in FONTS),
    "ffmpeg-mt/ffmpeg-core.js",
    "ffmpeg-mt/ffmpeg-core.wasm",
    "ffmpeg-mt/ffmpeg-core.worker.js",
)
"""Whatever loads one of these refuses any other file; so it is with libraries, and with wheels by their index."""
PAGE_ENTRIES = ("web/main.js", "web/script.js", "web/script.css")
PUBLIC_ENTRIES = ("web/clipwright.js", "web/element.js", "web/embed.js")
LONE_ENTRY = "web/embed-client.js"
"""Goes to sites of other origins, without the files around it."""
EXAMPLES = ("web/examples/plain.js", "web/examples/react.jsx", "web/examples/vue.js")
PUBLIC_TYPES = ("clipwright.d.ts", "element.d.ts", "embed-client.d.ts")
PYTHON_WORKERS = ("wasm-shims/app.worker.js", "wasm-shims/scripting.js")
WHOLE_WORKERS = (
    "wasm-shims/snapshot.worker.js",
    "wasm-shims/ffmpeg/ffmpeg.worker.js",
    "wasm-shims/scratch/saving.worker.js",
)
SPLIT_WORKER = "wasm-shims/media/media.worker.js"
LATER_WORKERS = ("media.worker.js", "ffmpeg.worker.js", "snapshot.worker.js", "saving.worker.js")
"""Started when one is needed, also after another version of the site has taken over."""
SERVICE_WORKER = "wasm-shims/offline/sw.js"
PYSCRIPT = MODULES / "@pyscript" / "core" / "dist"
PYSCRIPT_UNUSED = ("xterm*", "zip-*", "storage.js", "service-worker.js")
"""What PyScript loads only for terminals, archives and pages that ask for it."""
NOT_KEPT = (
    *("sw.js", "*.map", "*.LEGAL.txt", "protocol.schema.json"),
    *("LICENSE", "THIRD-PARTY.md", "licenses/*"),
    *("HOSTING.md", "_headers", ".nojekyll", "hosting/*"),
    # Hosts edit the list of pages that may embed; what else is for those who write such pages is not needed either.
    *("embed.json", "EMBEDDING.md", "examples/*", "types/*", "*.d.ts"),
)
"""Files of the site that it does without when there is no network."""
SCRIPTS = ("examples/scripts/*",)
"""What is kept although it lies among what is not: the page of scripts offers it."""
PACKS = (
    {
        "name": "ffmpeg",
        "title": "FFmpeg",
        "text": "Reads and writes what your browser cannot: AVI, FLV, older codecs, subtitles; renders projects.",
        "files": ("ffmpeg/ffmpeg-core.js", "ffmpeg/ffmpeg-core.wasm"),
    },
    {
        "name": "threads",
        "title": "Threads for FFmpeg",
        "text": "Where FFmpeg encodes H.264: on several processor cores, up to twice as fast.",
        "files": ("ffmpeg-mt/*",),
    },
    {
        "name": "numpy",
        "title": "NumPy",
        "text": "For Python scripts that calculate with it. Clipwright itself does without.",
        "files": ("pyodide/numpy-*.whl",),
    },
    {
        "name": "scripts",
        "title": "PyScript",
        "text": "Runs scripts that you write in Python, with an editor for them.",
        "files": ("pyscript/*", "wheels/*"),
    },
)
"""Large files that few people need: kept on a device from their first use on, or when somebody installs them.

A pack whose files the site has not got is none of it.
"""
NOT_COPIED = (
    "*.js",
    "*.jsx",
    "*.ts",
    "*.css",
    "*.py",
    "*.pyc",
    "tsconfig.json",
    "screenshot.png",
    "nginx.conf",
)
"""Files in web/ that reach dist/ through esbuild or not at all."""


class Part(Protocol):
    """What Python imports from: its name in the site, where Python has it, where it lies now."""

    name: str
    place: str
    path: Path


class Extension(Part, Protocol):
    """A module of compiled C, and what Python calls it."""

    module: str


class Library(Part, Protocol):
    """An archive of modules, and what of them is compiled C."""

    extensions: Sequence[Extension]


def assemble(site: Path, wheels: Path, libraries: Sequence[Library], node: Tool, numpy: Path | None) -> None:
    """Put the whole site together in a folder; `numpy` is a wheel that lies where Pyodide looks for it."""
    esbuild = partial(node, MODULES / "esbuild" / "bin" / "esbuild")
    tsc = partial(node, MODULES / "typescript" / "bin" / "tsc")
    for source in (ROOT / "web").rglob("*"):
        if source.is_file() and not any(map(source.match, NOT_COPIED)):
            copy(source, site / source.relative_to(ROOT / "web"))
    show_how(esbuild, site / "examples")
    declare(tsc, site)
    for package, folder, names in UNCHANGED:
        for name in names:
            copy(MODULES / package / name, site / folder / name)
    for part in (part for library in libraries for part in (library, *library.extensions)):
        copy(part.path, site / part.name)
    if numpy:
        copy(numpy, site / "pyodide" / numpy.name)
    whole = f"--define:BUILT_INTEGRITY={json.dumps({name: integrity(site / name) for name in CHECKED})}"
    ours = [
        loaded(library)
        | {"extensions": [loaded(part) | {"module": part.module} for part in library.extensions]}
        for library in libraries
    ]
    threads = described(next(pack for pack in PACKS if pack["name"] == "threads"), site)
    threads["files"] = [file["url"] for file in threads["files"]]
    python = [
        whole,
        f"--define:BUILT_LIBRARIES={json.dumps(ours)}",
        f"--define:BUILT_THREADS={json.dumps({name: threads[name] for name in ('cache', 'files')})}",
        f"--define:BUILT_NUMPY={json.dumps(numpy is not None)}",
    ]
    # A worker in one file starts soonest; the media worker leaves out its encoders until one is needed.
    bundle(esbuild, site, *WHOLE_WORKERS, options=python)
    bundle(esbuild, site, SPLIT_WORKER, options=["--splitting"])
    later = {name: f"{name}?revision={revision(site / name)}" for name in LATER_WORKERS}
    workers = f"--define:BUILT_WORKERS={json.dumps(later)}"
    bundle(esbuild, site, *PYTHON_WORKERS, options=[*python, workers])
    styles = map(str, (ROOT / "web").rglob("main.css"))
    bundle(esbuild, site, *PAGE_ENTRIES, *styles, options=[whole, workers])
    # One page may import several of these, and then an error of one must be an error of the other.
    bundle(esbuild, site, *PUBLIC_ENTRIES, options=["--splitting", workers])
    bundle(esbuild, site, LONE_ENTRY, options=[workers])
    for file in PYSCRIPT.glob("*.js"):
        if not matches(file.name, PYSCRIPT_UNUSED):
            copy(file, site / "pyscript" / file.name)
    for file in (ROOT / "web" / "script.py", *(ROOT / "web" / "examples" / "scripts").glob("*.py")):
        copy(file, site / file.relative_to(ROOT / "web"))
    for name in ("LICENSE", "THIRD-PARTY.md"):
        copy(ROOT / name, site / name)
    shutil.copytree(wheels, site / "wheels")
    for name, text in hosting().items():
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_text(text, "utf-8")
    packs = [pack for pack in (described(pack, site) for pack in PACKS) if pack["files"]]
    (site / "packs.json").write_text(json.dumps(packs, indent=4) + "\n", "utf-8")
    built = {"files": offline_files(site), "packs": packs, "headers": headers()}
    switches = (f"--define:BUILT_SITE={json.dumps(built)}", '--define:process.env.NODE_ENV="production"')
    # Of all that is built the last, because it knows all else by its hash.
    bundle(esbuild, site, SERVICE_WORKER, options=[*switches], form="iife")


def loaded(part: Part) -> dict[str, str]:
    """What those that load it know: its address in the site, its hash, and where Python has it."""
    return {"file": part.name, "integrity": integrity(part.path), "place": part.place}


def headers() -> dict[str, str]:
    """What every answer should carry: the page's own policy, and what isolates it.

    The site's files are for everybody, and other sites may embed them; an isolated page could not if they were
    kept to their origin.
    """
    page = (ROOT / "web" / "index.html").read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    if policy is None:
        raise RuntimeError("web/index.html has no policy.")
    return {
        "Content-Security-Policy": policy[1],
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


def hosting() -> dict[str, str]:
    """Files for hosts that can be told what to send, by name: the same as the service worker adds."""
    sent = headers() | {"Cache-Control": "no-cache"}
    template = (ROOT / "web" / "hosting" / "nginx.conf").read_text("utf-8")
    directives = "\n".join(f'add_header {name} "{value}" always;' for name, value in sent.items())
    return {
        "_headers": "".join(["/*\n", *(f"  {name}: {value}\n" for name, value in sent.items())]),
        "hosting/nginx.conf": template.replace("{headers}", directives),
        # Or GitHub Pages makes pages of its own out of some files, and leaves others out.
        ".nojekyll": "",
    }


def offline_files(site: Path) -> list[dict[str, str]]:
    """Every file that is needed without a network, in one order, by its address and its hash."""
    skipped = [*NOT_KEPT, *(file for pack in PACKS for file in pack["files"])]
    kept = [name for name in files(site) if matches(name, SCRIPTS) or not matches(name, skipped)]
    return [
        {"url": name, "revision": revision(site / name), "integrity": integrity(site / name)} for name in kept
    ]


def files(site: Path) -> list[str]:
    """The names of all files, in one order."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether `name` is meant by one of them."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def described(pack: dict[str, object], site: Path) -> dict[str, object]:
    """A pack as pages and the service worker see it; the name of its cache ends with its revision."""
    paths = [site / name for name in files(site) if matches(name, pack["files"])]
    whole = hashlib.sha256("".join(map(integrity, paths)).encode()).hexdigest()[:16]
    listed = [
        {"url": path.relative_to(site).as_posix(), "size": path.stat().st_size, "integrity": integrity(path)}
        for path in paths
    ]
    return {**pack, "cache": f"pack-{pack['name']}-{whole}", "files": listed}


def revision(path: Path) -> str:
    """What tells this version of a file from every other."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def wheel_index(folder: Path) -> str:
    """A folder's wheels, each with its name, file and hash, the hash also as the page's ``fetch`` checks it."""
    entries = [
        {
            "name": wheel.name.partition("-")[0],
            "file": wheel.name,
            "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
            "integrity": integrity(wheel),
        }
        for wheel in sorted(folder.glob("*.whl"))
    ]
    return json.dumps(entries, indent=4) + "\n"


def integrity(path: Path) -> str:
    """A file's hash as ``fetch`` checks it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()


def show_how(esbuild: Tool, folder: Path) -> None:
    """Bundle the examples: they import the element from the folder above, as pages do."""
    switches = {
        "process.env.NODE_ENV": '"production"',
        "__VUE_OPTIONS_API__": "false",
        "__VUE_PROD_DEVTOOLS__": "false",
        "__VUE_PROD_HYDRATION_MISMATCH_DETAILS__": "false",
    }
    options = [f"--define:{name}={value}" for name, value in switches.items()]
    bundle(esbuild, folder, *EXAMPLES, options=["--external:../element.js", "--jsx=automatic", *options])


def declare(tsc: Tool, site: Path) -> None:
    """Write what TypeScript knows of the public modules: a declaration beside each, the rest under ``types/``."""
    tsc("--project", ROOT / "web" / "types", "--outDir", site / "types")
    for name in PUBLIC_TYPES:
        copy(ROOT / "web" / "types" / name, site / name)


def copy(source: Path, target: Path) -> None:
    """Copy one file, making folders as needed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def bundle(esbuild: Tool, site: Path, *entries: str, options: list[str], form: str = "esm") -> None:
    """Bundle and minify modules flat into the site, so that ``import.meta.url`` is its root in every one."""
    missing = [entry for entry in entries if not (ROOT / entry).exists()]
    if missing:
        raise RuntimeError(f"There is no {', no '.join(missing)}.")
    flat = ["--entry-names=[name]", "--chunk-names=shared-[hash]", "--asset-names=[name]", f"--outdir={site}"]
    shape = [
        "--bundle",
        f"--format={form}",
        "--minify",
        "--sourcemap",
        "--target=es2022",
        "--legal-comments=linked",
    ]
    # What stands beside the bundle at run time, and what only Node would load.
    outside = ["--external:./pyodide/*", "--external:./ffmpeg/*", "--external:node:*", "--external:*.svg"]
    esbuild(*entries, *shape, "--loader:.py=text", *flat, *outside, *options, "--log-level=warning")
