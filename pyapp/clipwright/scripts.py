"""A script as text: compiled with ``await`` allowed at its top, as the main program, its errors told by its lines."""

from __future__ import annotations

import ast
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import CodeType, ModuleType, TracebackType

from clipwright.errors import BadRequest, ClipwrightError


def compiled(source: bytes, path: str, name: str) -> CodeType:
    """The script at `path`, which a person calls `name`; BadRequest, with its line, for what is no Python."""
    try:
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code: CodeType = compile(source, path, "exec", flags=flags, dont_inherit=True)
    except SyntaxError as error:
        place = f"{name}, line {error.lineno}" if error.lineno else name
        detail = "".join(traceback.format_exception_only(error)[1:-1])
        raise BadRequest(
            f"{place}: {error.msg}.", hint="Mend that line, or one before it.", detail=detail, path="$.script"
        ) from error
    except ValueError as error:
        raise BadRequest(
            f"{name} is no Python script.", hint="Give a text file.", detail=str(error), path="$.script"
        ) from error
    return code


def imported(source: str) -> frozenset[str]:
    """The top-level packages that a script imports anywhere in it; SyntaxError for what is no Python."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return frozenset(name.partition(".")[0] for name in names)


@contextmanager
def as_main(path: str, folder: str, words: Sequence[str]) -> Iterator[ModuleType]:
    """A module for the script that finds its neighbours in `folder` and its arguments as under ``python``."""
    module = ModuleType("__main__")
    module.__file__ = path
    before = sys.argv, sys.path[:], sys.modules["__main__"]
    sys.argv = [path, *words]
    sys.path.insert(0, folder)
    sys.modules["__main__"] = module
    try:
        yield module
    finally:
        sys.argv, sys.path[:], sys.modules["__main__"] = before


def placed(error: ClipwrightError, path: str, name: str) -> ClipwrightError:
    """The same error, its message with the script's innermost line in front."""
    lines = [
        line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == path
    ]
    place = "".join(f", line {line}" for line in lines[-1:])
    message = f"{name}{place}: {error.message}"
    return type(error)(message, hint=error.hint, detail=error.detail, path=error.path)


def of_script(trace: TracebackType | None, path: str) -> TracebackType | None:
    """The part of a traceback from the script on; all of it where the script is not in it."""
    found = trace
    while found is not None and found.tb_frame.f_code.co_filename != path:
        found = found.tb_next
    return found or trace
