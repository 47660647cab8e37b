"""The door to the page: the only module that may touch JavaScript.

The bridge's functions take a job id and JSON text and give JSON text: ``{"ok": true, "value": ...}`` or
``{"ok": false, "error": ...}``; nothing else crosses.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar, cast

import msgspec
from pyodide.ffi import JsException  # type: ignore[import-not-found]  # exists inside Pyodide only

from clipwright import __version__, ffprobe
from clipwright.api import Handler, make_handler
from clipwright.capabilities import Capabilities
from clipwright.codecs import FROM_MEDIABUNNY
from clipwright.description import describe
from clipwright.engine import Job, Output
from clipwright.errors import ClipwrightError, EngineError, ErrorBody, ResourceError, from_body
from clipwright.media import CutPoint, Media, Reader, Source, Span
from clipwright.messages import PROTOCOL, Ready
from clipwright.plaintext import MOST_TEXT_BYTES, read_text
from clipwright.plan.steps import Plan, Rendering, Verified
from clipwright.sighting import Sighting

CORE_ENCODERS = ("h264", "vp8", "aac", "mp3", "opus", "vorbis", "flac", "pcm_s16le", "pcm_s24le", "pcm_f32le")
"""What @ffmpeg/core 0.12.10 encodes reliably; its libvpx-vp9 and libx265 hang or crash, it has no AV1."""

_MOUNT = "in0"
T = TypeVar("T")


class _Asked(msgspec.Struct):
    encode: tuple[str, ...]
    isolated: bool
    numpy: bool


class _Seen(msgspec.Struct):
    sighting: Sighting
    decodable: tuple[int, ...]


class _Probed(msgspec.Struct):
    stdout: str
    head: bytes


class _Located(msgspec.Struct):
    points: tuple[CutPoint, ...]


class _Ran(msgspec.Struct):
    size: int
    verified: Verified | None = None


class _Written(msgspec.Struct):
    data: bytes


class _Answer(msgspec.Struct):
    ok: bool
    value: msgspec.Raw = msgspec.Raw(b"null")
    error: ErrorBody | None = None


class Bridge(Protocol):
    """What JavaScript gives Python (``wasm-shims/host.js``)."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as many functions as JavaScript gives
        """One text function of the bridge."""


@contextmanager
def mapped_errors() -> Iterator[None]:
    """Turn what JavaScript or the interpreter throws into the error tree; the one place for it in Python."""
    try:
        yield
    except ClipwrightError:
        raise
    except MemoryError as error:
        raise ResourceError(
            "The browser ran out of memory.", hint="Close other tabs and try again."
        ) from error
    except JsException as error:
        raise EngineError(
            "The page's engine failed unexpectedly.",
            hint="Try again, or reload the page.",
            detail=str(error),
        ) from error


class HostEngine:
    """The Engine port over the page's workers."""

    def __init__(self, bridge: Bridge, capabilities: Capabilities) -> None:
        self._bridge = bridge
        self.capabilities = capabilities

    async def _ask(self, name: str, job_id: str, message: object, kind: type[T]) -> T:
        with mapped_errors():
            text = await getattr(self._bridge, name)(job_id, msgspec.json.encode(message).decode())
        answer = msgspec.json.decode(text, type=_Answer)
        if answer.error is not None:
            raise from_body(answer.error)
        return msgspec.json.decode(answer.value, type=kind)

    async def probe(self, source: Source, reader: Reader, job: Job) -> Media:
        """See Engine.probe."""
        if reader == "media":
            seen = await self._ask("probe", job.id, {"source": source.id}, _Seen)
            info = describe(seen.sighting)
            return Media(source=source, info=info, reader="media", decodable=seen.decodable)
        probed = await self._ffprobe(source, ffprobe.probe_argv(_MOUNT), job)
        argv = ffprobe.packets_argv(_MOUNT, probed.stdout)
        packets = (await self._ffprobe(source, argv, job)).stdout if argv else ""
        sighting = ffprobe.sighting_of(probed.stdout, packets, probed.head, source.size)
        return Media(source=source, info=describe(sighting), reader="ffmpeg")

    async def _ffprobe(self, source: Source, argv: tuple[str, ...], job: Job) -> _Probed:
        message = {"source": source.id, "name": _MOUNT, "argv": argv}
        return await self._ask("ffprobe", job.id, message, _Probed)

    async def locate(self, media: Media, track: int, spans: Sequence[Span], job: Job) -> tuple[CutPoint, ...]:
        """See Engine.locate."""
        origin = media.info.origin_us
        absolute = [span.shifted(origin) for span in spans]
        if media.reader == "media":
            message = {"source": media.source.id, "track": track, "spans": absolute}
            points = (await self._ask("locate", job.id, message, _Located)).points
        else:
            starts = [span.start for span in absolute]
            probed = await self._ffprobe(media.source, ffprobe.locate_argv(_MOUNT, track, starts), job)
            points = ffprobe.cut_points(probed.stdout, starts)
        return tuple(point.shifted(-origin) for point in points)

    async def text(self, source: Source, job: Job) -> str:
        """See Engine.text."""
        message = {"source": source.id, "most": MOST_TEXT_BYTES + 1}
        return read_text(source, (await self._ask("text", job.id, message, _Written)).data)

    async def run(self, plan: Plan | Rendering, job: Job) -> Output:
        """See Engine.run."""
        ran = await self._ask("run", job.id, {"plan": plan, "share": job.share}, _Ran)
        return Output(id=plan.output, size=ran.size, verified=ran.verified)

    async def close(self, source: Source) -> None:
        """See Engine.close."""
        await self._ask("close", "", {"source": source.id}, type(None))


def standard_modules() -> str:
    """The standard library's modules that are imported by now, as a JSON list: what a snapshot should hold."""
    named = sorted(name for name in sys.modules if name.partition(".")[0] in sys.stdlib_module_names)
    return msgspec.json.encode(named).decode()


def rehearse() -> None:
    """What every start does, once before a snapshot is taken, which then holds what Python learned by it."""
    start(cast("Bridge", None), '{"encode":[],"isolated":false,"numpy":false}')


def reseed() -> None:
    """To be called after a start from a snapshot, whose random numbers would be the same every time."""
    random.seed()


def capabilities_of(asked: str) -> Capabilities:
    """What this browser can do, from what JavaScript found out."""
    browser = msgspec.json.decode(asked, type=_Asked)
    return Capabilities(
        engines=("media", "ffmpeg"),
        encode={
            "media": tuple(FROM_MEDIABUNNY.get(codec, codec) for codec in browser.encode),
            "ffmpeg": CORE_ENCODERS,
        },
        isolated=browser.isolated,
        numpy=browser.numpy,
    )


def start(bridge: Bridge, asked: str) -> tuple[str, Handler, Callable[[str], None]]:
    """Called by the app worker: the ``ready`` message's text, the handler, and what hears of other capabilities."""
    engine = HostEngine(bridge, capabilities_of(asked))

    def learn(asked: str) -> None:
        engine.capabilities = capabilities_of(asked)

    ready = Ready(protocol=PROTOCOL, version=__version__, capabilities=engine.capabilities, timings={})
    return msgspec.json.encode(ready).decode(), make_handler(engine), learn
