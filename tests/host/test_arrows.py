"""Every arrow points one way: who may import whom, who may touch the outside, and how big a file may get.

This is ARCHITECTURE.md as far as a machine can read it. A new module gets its floor here, in its first commit.
"""

import ast
import re
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pyapp" / "clipwright"
WEB = ROOT / "web"
SHIMS = ROOT / "wasm-shims"
EXAMPLES = WEB / "examples"

# Bottom up. A module imports from floors below its own; a package counts as one module, and has no circles.
FLOORS = (
    {"errors"},
    {"framerate", "containers", "color", "languages", "tags", "jsontext"},
    {"writtentime", "bitstream", "cadence", "sniff"},
    {"timecode", "codecs", "filters"},
    {"names", "media", "segments"},
    {"capabilities", "plaintext", "sighting"},
    {"description"},
    {"ffprobe", "project"},
    {"effects"},
    {"plan"},
    {"messages", "engine", "writtensegments"},
    {"cutpoints"},
    {"native", "cutting"},
    {"rendering"},
    {"editing"},
    {"api"},
    {"scriptwishes"},
    {"scripting"},
    {"arguments", "scripts", "views"},
    {"terminal", "effectviews"},
    {"wishes"},
    {"projectviews"},
    {"batches", "projects", "running"},
    {"cli", "host", "pageprint"},
    {"pagedesk"},
)
FLOOR_OF = {module: floor for floor, modules in enumerate(FLOORS) for module in modules}

# What is not the standard library, and who may use it. `msgspec` is everybody's.
FOREIGN = {
    "av": {"native"},
    "rich": {"batches", "effectviews", "projects", "projectviews", "terminal", "views"},
    "pyodide": {"host"},
    "js": {"host"},
}
# What reaches files, processes and the network, and who may.
OUTSIDE = {
    "io",
    "os",
    "pathlib",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "urllib",
    "http",
    "glob",
}
# `pageprint` makes streams, which are in `io`.
OUTDOORS = {"native", "cli", "batches", "pageprint", "projects", "running", "scripts", "terminal", "wishes"}
BUILTINS_OUTSIDE = {"open", "print", "input", "exec", "eval", "__import__", "compile"}

PYTHON_CAP, JAVASCRIPT_CAP, FUNCTION_CAP = 400, 300, 40
FORBIDDEN_IN_JAVASCRIPT = re.compile(
    r"\b(innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|createContextualFragment|document\.write(?:ln)?"
    r"|new\s+Function|eval)\b(?!\s*:)"
)
JAVASCRIPT_IMPORT = re.compile(
    r"""\b(?:import|export)\b[^'"();]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]"""
)
# What JavaScript imports from npm, by the room of the shims that may.
PACKAGES = {
    "media": re.compile("mediabunny$|@mediabunny/[a-z0-9-]+$"),
    "offline": re.compile("workbox-[a-z-]+/"),
}
COMMENT = re.compile(r"/\*.*?\*/|(?<![:'\"\\])//[^\n]*", re.DOTALL)

PYTHON = sorted(PACKAGE.rglob("*.py"))
JAVASCRIPT = sorted(path for room in (WEB, SHIMS) for path in room.rglob("*.js"))
GENERATED = WEB / "protocol.gen.js"
SCRATCH = SHIMS / "scratch"
"""Where results lie while they are made: all hands use it, and it uses none."""


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def dotted(path: Path) -> str:
    """``plan.cut`` for plan/cut.py, ``plan`` for plan/__init__.py, the empty string for the package."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {dotted(path) for path in PYTHON}


def imports(path: Path) -> Iterator[str]:
    """Full names of the modules that a Python file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: imports are absolute"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                inner = full.removeprefix("clipwright.")
                yield full if full.startswith("clipwright.") and inner in MODULES else str(node.module)


def own_imports(path: Path) -> Iterator[str]:
    """The package's own modules that a file imports, without the package's name."""
    for full in imports(path):
        if full.startswith("clipwright."):
            yield full.removeprefix("clipwright.")


def specifiers(path: Path) -> list[str]:
    """What a JavaScript file imports when it runs; types named in comments are no arrows."""
    text = COMMENT.sub("", path.read_text("utf-8"))
    return [static or dynamic for static, dynamic in JAVASCRIPT_IMPORT.findall(text)]


def targets(path: Path) -> list[Path]:
    return [
        (path.parent / specifier).resolve() for specifier in specifiers(path) if specifier.startswith(".")
    ]


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_a_module_imports_only_from_below(path):
    own = dotted(path).partition(".")[0]
    if not own:
        # `import clipwright` gives scripts their API, and loads it only then.
        assert set(own_imports(path)) == {"scripting"}
        return
    assert own in FLOOR_OF, f"give {own} a floor in {name(Path(__file__))}"
    for target in own_imports(path):
        other = target.partition(".")[0]
        if other != own:
            assert FLOOR_OF[other] < FLOOR_OF[own], f"{dotted(path)} must not import {target}"


def test_no_module_imports_itself_in_a_circle():
    TopologicalSorter({dotted(path): set(own_imports(path)) - {dotted(path)} for path in PYTHON}).prepare()


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_only_the_doors_touch_the_outside(path):
    own = dotted(path).partition(".")[0]
    for full in imports(path):
        top = full.partition(".")[0]
        known = top in sys.stdlib_module_names or top in {"clipwright", "msgspec"}
        assert known or own in FOREIGN.get(top, set()), f"{own} must not import {full}"
        assert top not in OUTSIDE or own in OUTDOORS, f"{own} must not reach outside with {full}"
    if own not in OUTDOORS:
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        assert not [
            call.func.id
            for call in calls
            if isinstance(call.func, ast.Name) and call.func.id in BUILTINS_OUTSIDE
        ]


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_python_stays_small(path):
    text = path.read_text("utf-8")
    assert text.count("\n") <= PYTHON_CAP
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, functions):
            assert node.end_lineno - node.lineno < FUNCTION_CAP, (
                f"{node.name} is longer than {FUNCTION_CAP} lines"
            )


@pytest.mark.parametrize("path", [path for path in JAVASCRIPT if path != GENERATED], ids=name)
def test_javascript_stays_small_and_builds_nothing_from_strings(path):
    text = path.read_text("utf-8")
    assert text.count("\n") <= JAVASCRIPT_CAP
    assert FORBIDDEN_IN_JAVASCRIPT.findall(COMMENT.sub("", text)) == []


@pytest.mark.parametrize(
    "path",
    [path for path in JAVASCRIPT if path.is_relative_to(WEB) and path.parent != EXAMPLES],
    ids=name,
)
def test_the_page_knows_few_shims(path):
    assert [specifier for specifier in specifiers(path) if not specifier.startswith(".")] == []
    for target in targets(path):
        assert target.is_relative_to(WEB) or target in {
            SHIMS / name for name in ("compiled.js", "rpc.js", "spawn.js", "workers.js", "zip.js")
        }, f"{name(path)} must not import {target}"
        assert target != WEB / "main.js", "nobody imports the page's main module"
        knows_ui = path == WEB / "main.js" or path.parent in {WEB / "ui", WEB / "element"}
        assert knows_ui or not target.is_relative_to(WEB / "ui"), "only main.js and the element know the ui"


@pytest.mark.parametrize("path", [path for path in JAVASCRIPT if path.is_relative_to(SHIMS)], ids=name)
def test_a_shim_knows_its_own_room(path):
    room = path.relative_to(SHIMS).parts[0] if path.parent != SHIMS else None
    for specifier in specifiers(path):
        assert specifier.startswith(".") or PACKAGES.get(room, re.compile("$")).match(specifier), specifier
    for target in targets(path):
        if target == GENERATED:
            continue
        assert target.is_relative_to(SHIMS), f"{name(path)} must not import {target}"
        # Both ends of a worker: what they say to each other, and whether it lives.
        both = {SHIMS / "rpc.js", SHIMS / "life.js"}
        shared = target.parent in (SHIMS, SCRATCH) if room is None else target in both
        shared = shared or (target.parent == SCRATCH and room in ("media", "ffmpeg"))
        # Threads are workers, too.
        shared = shared or (room == "ffmpeg" and target == SHIMS / "spawn.js")
        assert shared or target.relative_to(SHIMS).parts[0] == room, (
            f"{name(path)} must not import {name(target)}"
        )


def test_javascript_has_no_circles():
    TopologicalSorter({path: targets(path) for path in JAVASCRIPT}).prepare()
