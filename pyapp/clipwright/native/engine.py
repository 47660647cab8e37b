"""The native engine: ffmpeg as a subprocess, PyAV to look, files by path."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path, PurePath

from clipwright.capabilities import Capabilities
from clipwright.description import describe
from clipwright.engine import Job, Output
from clipwright.errors import BadRequest, CapabilityError
from clipwright.media import CutPoint, Media, Reader, Source, Span
from clipwright.native import editlist, faults, ffmpeg, probe, process, proof
from clipwright.native.assemble import assemble
from clipwright.native.assets import furnished, packed
from clipwright.native.feed import Given
from clipwright.native.locate import locate
from clipwright.native.meter import Meter
from clipwright.native.outputs import Destination, Workspace, workspace
from clipwright.native.sources import Sources
from clipwright.native.threads import in_thread, stoppable
from clipwright.native.verify import verify
from clipwright.plaintext import MOST_TEXT_BYTES, read_text
from clipwright.plan.steps import Assemble, Convert, Mount, Plan, Rendering, RunFfmpeg, Verified

PATIENCE_S = 120.0
"""How long a run may stand still; moving the index of a huge file to its front is silent for a while."""
_STOPPING_S = 5.0
"""How long a stopped thread is waited for, so that it does not write into what is being removed."""


class NativeEngine:
    """The Engine port on this machine.

    `destination` is where results are saved. `patience_s` bounds how long ffmpeg may show no sign of life.
    Looking into files needs no ffmpeg; without one there are no encoders and `run` raises CapabilityError.
    """

    def __init__(self, destination: Destination, *, patience_s: float = PATIENCE_S) -> None:
        self._destination = destination
        self._patience_s = patience_s
        self._sources = Sources()
        self._saved: dict[str, Path] = {}

    @cached_property
    def capabilities(self) -> Capabilities:
        """What this machine's ffmpeg can encode, and whether this Python has numpy."""
        try:
            encode = ffmpeg.encodable(ffmpeg.find())
        except CapabilityError:
            encode = ()
        has_numpy = find_spec("numpy") is not None
        return Capabilities(engines=("native",), encode={"native": encode}, numpy=has_numpy)

    def saving_at(self, destination: Destination) -> NativeEngine:
        """An engine with the same open files that saves at `destination`."""
        other = copy.copy(self)
        other._destination = destination
        other._saved = {}
        return other

    def require_ffmpeg(self) -> None:
        """Raise CapabilityError, with how to install it, when `run` would find no ffmpeg."""
        ffmpeg.find()

    def register(self, path: Path) -> Source:
        """Open the file at `path`; BadRequest when there is none, MediaError when it cannot be read."""
        return self._sources.register(path)

    def saved(self, output_id: str) -> Path:
        """Where a finished result was saved; BadRequest for an id that no run of this engine made."""
        try:
            return self._saved[output_id]
        except KeyError:
            raise BadRequest(f"There is no result “{output_id}”.", path="$.output") from None

    async def probe(self, source: Source, reader: Reader, job: Job) -> Media:  # noqa: ARG002  # the port has it
        """See Engine.probe."""
        if reader != "native":
            raise CapabilityError(f"There is no engine “{reader}” here.", hint="Use one of: native.")
        path = self._sources.path(source)
        sighting = await in_thread(lambda: probe.look(path))
        self._sources.recognize(source, sighting.format_name)
        return Media(source=source, info=describe(sighting), reader="native")

    async def locate(
        self,
        media: Media,
        track: int,
        spans: Sequence[Span],
        job: Job,  # noqa: ARG002  # the port has it
    ) -> tuple[CutPoint, ...]:
        """See Engine.locate."""
        path = self._sources.path(media.source)
        origin = media.info.origin_us
        absolute = [span.shifted(origin) for span in spans]
        found = await stoppable(lambda stop: locate(path, track, absolute, stop), _STOPPING_S)
        return tuple(point.shifted(-origin) for point in found)

    async def text(self, source: Source, job: Job) -> str:  # noqa: ARG002  # the port has it
        """See Engine.text."""
        return read_text(source, await in_thread(lambda: self._sources.start(source, MOST_TEXT_BYTES + 1)))

    async def run(self, plan: Plan | Rendering, job: Job) -> Output:
        """See Engine.run. The result is saved at the destination; `saved` tells where.

        One that does not show what its sources show is not, nor is one that is larger than it may be.
        """
        program = ffmpeg.find()
        meter = Meter(plan, job)
        sources = {source.id: source for source in plan.sources}
        self._unchanged(sources)
        with workspace(self._destination.folder) as work:
            for step in plan.steps:
                match step:
                    case RunFfmpeg():
                        await self._encode(program, sources, step, work, meter)
                    case Assemble():
                        await self._assemble(sources, step, work, meter)
                    case Convert():
                        raise CapabilityError("This step needs a browser.", hint="Use engine native.")
            part = work.find(plan.output)
            if part is None:
                raise BadRequest("The plan has no step that makes its output.", path="$.plan.steps")
            verified = await self._verify(sources, plan, part)
            size = part.stat().st_size
            if (verified is not None and not verified.ok) or _is_too_large(plan, size):
                return Output(id=plan.output, size=size, verified=verified)
            saved = self._destination.save(part, plan.name)
        self._saved[plan.output] = saved
        meter.finish()
        return Output(id=plan.output, size=saved.stat().st_size, verified=verified)

    async def close(self, source: Source) -> None:
        """See Engine.close."""
        self._sources.forget(source)

    async def _encode(
        self, program: str, sources: Mapping[str, Source], step: RunFfmpeg, work: Workspace, meter: Meter
    ) -> None:
        inputs = {mount.name: self._input(sources, mount.id, work) for mount in step.inputs}
        part = work.create(step.output)
        folder = None
        if step.assets or step.texts or step.numbered:
            folder = furnished(
                work.aside(), step.assets, step.texts, lambda name: self._input(sources, name, work).path
            )
        grows = folder if folder and step.numbered else part
        duration_us = max(step.duration_us, 1)
        ended = await process.run(
            program,
            _command(step, inputs, part),
            on_time=lambda us: meter.within(step.weight, us / duration_us),
            pulse=lambda: _growth(grows),
            patience_s=self._patience_s,
            folder=folder,
        )
        # First of all: a file that went away or changed explains every other trouble, and spoils a success.
        self._unchanged(sources)
        name = next((sources[mount.id].name for mount in step.inputs if mount.id in sources), "")
        if ended.code != 0:
            raise faults.after_failure(ended.code, ended.log, name)
        if fault := faults.after_success(ended.log, name):
            raise fault
        if folder and step.numbered:
            suffix = PurePath(step.output.name).suffix
            if not await in_thread(lambda: packed(folder, suffix, part)):
                raise faults.nothing_written(ended.log, name)
        elif not await in_thread(lambda: proof.holds_packets(part)):
            raise faults.nothing_written(ended.log, name)
        if (presented_us := step.presented_us) is not None:
            await in_thread(lambda: editlist.present_until(part, presented_us))
        meter.passed(step.weight)

    async def _assemble(
        self, sources: Mapping[str, Source], step: Assemble, work: Workspace, meter: Meter
    ) -> None:
        wanted = {piece.source for track in step.tracks for piece in track.pieces}
        given = {name: self._input(sources, name, work) for name in wanted}
        part = work.create(Mount(id=step.output, name=""))
        loop = asyncio.get_running_loop()

        def tell(share: float) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody listens any more
                loop.call_soon_threadsafe(meter.within, step.weight, share)

        try:
            await stoppable(lambda stop: assemble(step, given, part, tell, stop), _STOPPING_S)
        finally:
            # A file that went away or changed explains every other trouble, and spoils a success.
            self._unchanged(sources)
        meter.passed(step.weight)

    async def _verify(
        self, sources: Mapping[str, Source], plan: Plan | Rendering, part: Path
    ) -> Verified | None:
        if not plan.checks:
            return None
        given = {
            name: Given(self._sources.path(source), self._sources.demuxer(source))
            for name, source in sources.items()
        }
        return await stoppable(lambda stop: verify(part, given, plan.checks, stop), _STOPPING_S)

    def _unchanged(self, sources: Mapping[str, Source]) -> None:
        """Raise MediaError when one of the files vanished or changed since it was opened."""
        for source in sources.values():
            self._sources.path(source)

    def _input(self, sources: Mapping[str, Source], file_id: str, work: Workspace) -> Given:
        """Where an input is and which demuxer reads it (nothing: FFmpeg finds out, the file is ours)."""
        source = sources.get(file_id)
        if source is not None:
            return Given(self._sources.path(source), self._sources.demuxer(source))
        path = work.find(file_id)
        if path is None:
            raise BadRequest(f"The plan has no step that makes “{file_id}”.", path="$.plan.steps")
        return Given(path, part=True)


def _command(step: RunFfmpeg, inputs: Mapping[str, Given], part: Path) -> list[str]:
    """The step's argv with paths in place of mount names.

    Every input may open local files only and is read by the demuxer that was seen when it was opened, so
    that nothing in it can reach the network or pass for a playlist. ``file:`` before an absolute path
    keeps a name from being read as an option or as a protocol.
    """
    argv: list[str] = []
    texts = {text.name for text in step.texts}
    for word in step.argv:
        if word in inputs and argv and argv[-1] == "-i":
            path, demuxer, _ = inputs[word]
            forced = ["-f", demuxer.partition(",")[0]] if demuxer else []
            argv[-1:] = ["-protocol_whitelist", "file,pipe", *forced, "-i", f"file:{path}"]
        elif word in texts and argv[-1:] == ["-i"]:
            argv[-1:] = ["-protocol_whitelist", "file,pipe", "-i", f"file:{word}"]
        elif word == step.output.name:
            # Numbered files go where it runs: a path could hold what counts as a number's place.
            argv.append(f"file:{word if step.numbered else part}")
        else:
            argv.append(word)
    return argv


def _growth(part: Path) -> tuple[int, int] | None:
    """Changes whenever ffmpeg writes."""
    try:
        found = part.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _is_too_large(plan: Plan | Rendering, size: int) -> bool:
    most = plan.most_bytes if isinstance(plan, Rendering) else None
    return most is not None and size > most
