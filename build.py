#!/usr/bin/env python3
"""The one tool: ``setup``, ``build``, ``serve``, ``release``, ``test``, ``bench``, ``check``.

Standard library only, and every verb may be repeated: what is current is left alone. Status goes to stderr,
results (a URL, a table, JSON) to stdout. What is known of the machine is kept in ``.build/``: delete that
folder to start over.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

if sys.version_info < (3, 11):  # noqa: UP036 - said in plain words before anything newer is imported
    sys.exit("build.py needs Python 3.11 or later; this is " + sys.version.split()[0])

import tomllib

try:
    import fcntl
except ImportError:  # Windows: two runs at once are the person's own affair there
    fcntl = None

ROOT = Path(__file__).resolve().parent
STATE = ROOT / ".build"
DIST = ROOT / "dist"
RELEASE = ROOT / "release"
WHEELS = STATE / "wheels"
MODULES = ROOT / "node_modules"
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
HAS_ENSUREPIP = importlib.util.find_spec("ensurepip") is not None  # Debian's is a package of its own
MOMENT = "1580601600"
"""When the files of our wheel were made, whatever the clock says: in 2020, as in every wheel of hatchling's."""
PYODIDE_TARGET = ("--platform=pyemscripten_2026_0_wasm32", "--python-version=3.14", "--implementation=cp")
"""What Pyodide 314 is, in pip's words."""
PARTS = ("unit", "contract", "browser")
ASKED_FOR = ("webkit",)
"""Parts that run only where they are named."""


class Failure(RuntimeError):
    """What stopped the tool, in words for the person at the terminal."""


def load(path: str) -> ModuleType:
    """A module of this project by its path, whatever else is installed under its name."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    return module


def say(text: str) -> None:
    """One line of status."""
    print(text, file=sys.stderr, flush=True)


def run(*argv: str | Path, timeout: float | None = None, **extra: str) -> str:
    """Run a program to its end and return what it printed; Failure, with all its output, if it fails."""
    command = [str(part) for part in argv]
    place = {"cwd": ROOT, "env": environment() | extra, "timeout": timeout}
    try:
        done = subprocess.run(command, **place, capture_output=True, text=True, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failure(f"{command[0]}: {error}") from error
    if done.returncode:
        raise Failure(f"`{' '.join(command)}` failed:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def environment() -> dict[str, str]:
    """This process's environment with the project's own programs first on the path."""
    folders = [str(BIN), os.environ.get("PATH", "")]
    if node := tools().get("node"):
        folders.insert(1, str(Path(node).parent))
    return {**os.environ, "PATH": os.pathsep.join(folders), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def tools() -> dict[str, str]:
    """Paths that setup found: ``node``, ``npm``, ``esbuild`` and what ``tests/machine.py`` finds."""
    path = STATE / "tools.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def remember(**found: str | Path) -> None:
    """Add to what `tools` answers."""
    text = json.dumps({**tools(), **{name: str(path) for name, path in found.items()}}, indent=4)
    (STATE / "tools.json").write_text(text, "utf-8")


def digest(*paths: Path, salt: str = "") -> str:
    """One hash over the names and contents of files and folders."""
    total = hashlib.sha256(salt.encode())
    files = (file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path]))
    for file in files:
        if file.is_file() and "__pycache__" not in file.parts:
            total.update(f"{file.relative_to(ROOT)}\0{file.stat().st_size}\0".encode())
            total.update(file.read_bytes())
    return total.hexdigest()


@contextlib.contextmanager
def stage(name: str, key: str, *, made: Path) -> Iterator[bool]:
    """Whether work with these inputs is still to do; done once the block ends without an error."""
    stamp = STATE / f"{name}.stamp"
    needed = not made.exists() or not stamp.exists() or stamp.read_text() != key
    started = time.monotonic()
    yield needed
    if needed:
        stamp.write_text(key)
        say(f"{name}: done in {time.monotonic() - started:.1f} s")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold off other runs of this tool in the same checkout."""
    STATE.mkdir(exist_ok=True)
    with (STATE / "lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# setup ------------------------------------------------------------------------------------------------------


def setup() -> None:
    """Python packages, Node and JavaScript packages: what build and serve need."""
    setup_python()
    setup_node()


def setup_for_tests(*parts: str) -> None:
    """All of setup, two ffmpegs, a Chromium, a Firefox and an nginx; for the part ``webkit`` a WebKitGTK."""
    setup()
    machine = load("tests/machine.py")
    finders = machine.finders(PYTHON, STATE, run) | (machine.webkit_finders(run) if "webkit" in parts else {})
    for name, find in finders.items():
        if not Path(tools().get(name, "")).is_file():
            remember(**{name: find()})


def pip(*arguments: str | Path) -> None:
    """Run pip for the project's environment, with this Python's own pip where the environment has none."""
    run(
        *([PYTHON, "-m", "pip"] if HAS_ENSUREPIP else [sys.executable, "-m", "pip", "--python", PYTHON]),
        *arguments,
    )


def setup_python() -> None:
    """``.venv`` with the pinned packages and the project itself, editable."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["native"],
        *project["dependency-groups"]["dev"],
    ]
    key = digest(ROOT / "pyproject.toml", salt=f"{ROOT} {sys.version}")
    with stage("python", key, made=PYTHON) as needed:
        if needed:
            say("python: installing packages into .venv")
            run(sys.executable, "-m", "venv", *([] if HAS_ENSUREPIP else ["--without-pip"]), VENV)
            pip("install", "--quiet", *wanted)
            pip("install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT)


def setup_node() -> None:
    """Node and npm from the machine or from PyPI, then the locked JavaScript packages."""
    if not Path(tools().get("node", "")).is_file() or not Path(tools().get("npm", "")).is_file():
        remember(**load("web/node.py").find_node(PYTHON, run, pip, say))
    key = digest(ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc", salt=tools()["node"])
    with stage("node", key, made=MODULES / ".package-lock.json") as needed:
        if needed:
            say("node: installing packages into node_modules")
            run(*npm(), "ci", "--no-audit", "--no-fund")
    remember(esbuild=MODULES / "esbuild" / "bin" / "esbuild")


def npm() -> list[str]:
    """How npm is called."""
    return [tools()["node"], tools()["npm"]] if tools()["npm"].endswith(".js") else [tools()["npm"]]


# build ------------------------------------------------------------------------------------------------------


def build() -> None:
    """``dist/``: a plain static site that any file host serves."""
    setup()
    run(PYTHON, ROOT / "pyapp" / "write_protocol.py")
    gather_wheels()
    vendoring = load("web/numpy_wheel.py")
    numpy = vendoring.vendor(MODULES / "pyodide", STATE / "pyodide", os.environ.get(vendoring.VARIABLE), say)
    inputs = ("web", "wasm-shims", "package-lock.json", "tsconfig.json", "LICENSE", "THIRD-PARTY.md")
    key = digest(*(ROOT / name for name in inputs), WHEELS, salt=numpy.name if numpy else "")
    with stage("dist", key, made=DIST / "index.html") as needed:
        if needed:
            fresh = STATE / "dist.new"
            shutil.rmtree(fresh, ignore_errors=True)
            load("web/assemble.py").assemble(
                fresh, WHEELS, libraries(), functools.partial(run, tools()["node"]), numpy
            )
            swap(fresh, DIST)


def libraries() -> list:
    """What Python in the page imports, compiled."""
    node = functools.partial(run, tools()["node"])
    return load("web/bytecode.py").libraries(MODULES / "pyodide", WHEELS, STATE / "bytecode", node)


def swap(fresh: Path, place: Path) -> None:
    """Put a folder where another was: whoever looks meanwhile sees the old one or the new one, never half of one."""
    old = STATE / f"{place.name}.old"
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    fresh.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def gather_wheels() -> None:
    """What Python in the page imports: the pinned wheels, the project's own, an index of their hashes."""
    pins = ROOT / "wasm-shims" / "wheels.txt"
    inputs = [ROOT / name for name in ("pyproject.toml", "README.md", "LICENSE")]
    tool_pins = pins.with_name("script-wheels.txt")
    key = digest(ROOT / "pyapp" / "clipwright", pins, tool_pins, *inputs)
    with stage("wheels", key, made=WHEELS / "index.json") as needed:
        if needed:
            shutil.rmtree(WHEELS, ignore_errors=True)
            shutil.copytree(download(pins), WHEELS)
            hatch = (PYTHON, "-m", "hatchling", "build", "--target", "wheel", "--directory", WHEELS)
            run(*hatch, SOURCE_DATE_EPOCH=MOMENT)
            shutil.copytree(download(tool_pins), WHEELS / "tools")
            for folder in (WHEELS, WHEELS / "tools"):
                (folder / "index.json").write_text(load("web/assemble.py").wheel_index(folder), "utf-8")


def download(pins: Path) -> Path:
    """The wheels for Pyodide that a requirements file pins by hash, kept in a folder of their own."""
    folder = STATE / f"downloaded-{digest(pins)[:16]}"
    if not folder.exists():
        partial = folder.with_suffix(".partial")
        only = ["--only-binary=:all:", "--no-deps", "--require-hashes", *PYODIDE_TARGET]
        pip("download", "--quiet", *only, "--requirement", pins, "--dest", partial)
        partial.rename(folder)
    return folder


# serve, release ---------------------------------------------------------------------------------------------


def serve(options: argparse.Namespace) -> int:
    """Build, serve, and show where until stopped."""
    with alone():
        build()
    load("web/server.py").show(DIST, options.port, isolated=options.isolated, opens=not options.no_open)
    return 0


def release(_: argparse.Namespace) -> int:
    """Build, and pack all that is published, of one version, into ``release/``; prints the checksums."""
    fresh = STATE / "release.new"
    with alone():
        build()
        shutil.rmtree(fresh, ignore_errors=True)
        run(PYTHON, "-m", "publishing", DIST, WHEELS, fresh, *npm())
        swap(fresh, RELEASE)
    say(f"release: in {RELEASE}")
    print((RELEASE / "SHA256SUMS").read_text("utf-8"), end="")
    return 0


# test, bench, check -----------------------------------------------------------------------------------------


def test(options: argparse.Namespace) -> int:
    """Run the chosen parts; the arguments after ``--`` go to pytest."""
    chosen = PARTS if options.part == "all" else (options.part,)
    with alone():
        setup_for_tests(*chosen)
        gather_wheels()
        extra = download(ROOT / "tests" / "pyodide-wheels.txt")
        build()
    pytest = (PYTHON, "-m", "pytest")
    runs = {part: (*pytest, f"tests/{part}", *options.rest) for part in chosen}
    if "unit" in chosen:
        runs["host and golden"] = (*pytest, "tests/host", "tests/golden", *options.rest)
        runs["unit in Pyodide"] = (
            tools()["node"],
            *("tests/unit_in_pyodide.mjs", WHEELS, extra, "--"),
            *options.rest,
        )
    beside = {}
    if options.part == "all":
        # The longest first, and the longest of all in two. What is left is for a machine that does nothing else.
        kept = sorted((ROOT / "tests" / "browser" / "kept").glob("test_*.py"))
        page = (
            *pytest,
            "tests/browser",
            *(f"--ignore=tests/browser/{name}" for name in ("kept", "embedded")),
            "-m",
        )
        beside = {
            "browser, kept": (*pytest, "--hasty", *kept[::2], *options.rest),
            "browser, kept too": (*pytest, "--hasty", *kept[1::2], *options.rest),
            "contract": runs["contract"],
            "host and golden": runs["host and golden"],
            "browser, unhurried": (*page, "unhurried", *options.rest),
            "browser, embedded": (*pytest, "--hasty", "tests/browser/embedded", *options.rest),
            "unit in Pyodide": runs["unit in Pyodide"],
            "unit": runs["unit"],
        }
        runs = {"browser": (*page, "not unhurried", *options.rest)}
    # Whoever picks tests by name does not expect every part to have one (pytest's exit code 5).
    return verdict(runs, beside, good=(0, 5) if options.rest else (0,))


def check(_: argparse.Namespace) -> int:
    """Run everything that reads the code without running it."""
    with alone():
        setup()
    tsc = (tools()["node"], MODULES / "typescript" / "bin" / "tsc", "--noEmit", "--project")
    runs = {
        "ruff": (BIN / "ruff", "check"),
        "format": (BIN / "ruff", "format", "--check"),
        "mypy": (BIN / "mypy",),
        "types in web": (*tsc, "web"),
        "types in wasm-shims": (*tsc, "wasm-shims"),
        "arrows": (PYTHON, "-m", "pytest", "-q", "tests/host/test_arrows.py"),
        "generated files": (PYTHON, "pyapp/write_protocol.py", "--check"),
    }
    return verdict(runs)


def verdict(runs: dict, beside: dict | None = None, good: tuple[int, ...] = (0,)) -> int:
    """Run commands, those `beside` each other before the others, and sum up."""
    tester = load("tests/verdict.py")
    return tester.verdict(tester.Desk(ROOT, environment(), STATE, good), runs, beside)


def bench(options: argparse.Namespace) -> int:
    """Run the benches by the arguments that ``tests/bench`` takes."""
    with alone():
        setup_for_tests()
        build()
    return verdict({"bench": (PYTHON, "-m", "tests.bench", *options.rest)})


def set_up(options: argparse.Namespace) -> int:
    """Get everything, and say where it is."""
    with alone():
        setup_for_tests()
    print(json.dumps(tools(), indent=4) if options.json else "\n".join(map(": ".join, tools().items())))
    return 0


def make_site(_: argparse.Namespace) -> int:
    """Build, and say where the site is."""
    with alone():
        build()
    print(DIST)
    return 0


def main(arguments: list[str]) -> int:
    """Read the command line and do what it says; 1 when something failed."""
    parser = argparse.ArgumentParser(description="The one tool of Clipwright.")
    verbs = parser.add_subparsers(required=True)

    def verb(name: str, does: Callable[[argparse.Namespace], int], says: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=says, description=says)
        added.set_defaults(does=does, open_ended=False)
        return added

    verb("setup", set_up, "get all that build and test need").add_argument("--json", action="store_true")
    verb("build", make_site, "make dist/")
    serving = verb("serve", serve, "build, then serve dist/ on localhost")
    serving.add_argument("--port", type=int, default=8000)
    serving.add_argument("--isolated", action="store_true", help="serve cross-origin isolated")
    serving.add_argument("--no-open", action="store_true", help="do not open a browser")
    verb("release", release, "pack dist.zip, the wheel, the npm package, a bill of materials, checksums")
    testing = verb("test", test, "run the tests; what follows -- goes to pytest")
    testing.add_argument("part", nargs="?", default="all", choices=(*PARTS, *ASKED_FOR, "all"))
    verb("bench", bench, "measure: [name] [--json] [--runs N]").set_defaults(open_ended=True)
    verb("check", check, "lint, types, arrows, generated files")

    cut = arguments.index("--") if "--" in arguments else len(arguments)
    options, unknown = parser.parse_known_args(arguments[:cut])
    if unknown and not options.open_ended:
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    options.rest = unknown + arguments[cut + 1 :]
    try:
        return options.does(options)
    except RuntimeError as failure:
        say(f"build.py: {failure}")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
