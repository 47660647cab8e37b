"""Where a script's files come from and where its results go on this machine: paths."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from clipwright.errors import BadRequest
from clipwright.media import Source
from clipwright.messages import ClipResult
from clipwright.native import outputs
from clipwright.native.engine import NativeEngine
from clipwright.native.outputs import Destination, staging
from clipwright.native.sources import shown


@contextmanager
def staged(engine: NativeEngine, destination: Destination) -> Iterator[NativeEngine]:
    """The same engine, but what it makes lies beside `destination`, and vanishes unless it is moved there.

    Raises CapabilityError where there is no ffmpeg.
    """
    engine.require_ffmpeg()
    with staging(destination.folder) as folder:
        yield engine.saving_at(Destination(folder))


class NativeMaking:
    """See scripting.Making."""

    def __init__(self, engine: NativeEngine, destination: Destination) -> None:
        self.engine = engine
        self._destination = destination

    def keep(self, results: Sequence[ClipResult]) -> list[str]:
        """See Making.keep."""
        save = self._destination.save
        return [shown(str(save(self.engine.saved(one.output), one.report.name))) for one in results]


class NativeDesk:
    """See scripting.Desk."""

    def __init__(self) -> None:
        self.engine = NativeEngine(Destination(Path.cwd()))

    def register(self, file: object) -> Source:
        """See Desk.register."""
        return self.engine.register(Path(_path(file)))

    def name(self, to: object) -> str | None:
        """See Desk.name."""
        return _destination(to).name

    @asynccontextmanager
    async def making(self, to: object) -> AsyncIterator[NativeMaking]:
        """See Desk.making."""
        destination = _destination(to)
        with staged(self.engine, destination) as engine:
            yield NativeMaking(engine, destination)


def _destination(to: object) -> Destination:
    destination = outputs.destination(None if to is None else _path(to))
    destination.check()
    return destination


def _path(given: object) -> str:
    if isinstance(given, str | os.PathLike) and (path := os.fspath(given)) and isinstance(path, str):
        return path
    raise BadRequest(
        f"{given!r} is no path.", hint="Give the path of a file as text or as a Path.", path="$.source"
    )
