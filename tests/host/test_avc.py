"""H.264 under other parameter sets: the same pictures, beside those of another stream, without a complaint."""

from __future__ import annotations

import base64
import json
import logging
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.equipment import tool

SIZE = "176x144"
SCRIPT = Path(__file__).with_name("avc_rewrite.mjs")


@dataclass
class Stream:
    """H.264 as an MP4 has it: the record, and the samples in decode order."""

    config: bytes
    samples: list[bytes] = field(default_factory=list)

    @property
    def length_size(self) -> int:
        return (self.config[4] & 3) + 1

    def units(self) -> Iterable[bytes]:
        """The NAL units of all samples."""
        for sample in self.samples:
            yield from units(sample, self.length_size)

    def with_length_size(self, size: int) -> Stream:
        """The same with other lengths before the units, and without messages, which are long."""
        config = bytearray(self.config)
        config[4] = 0xFC | (size - 1)
        samples = [
            b"".join(
                len(u).to_bytes(size, "big") + u for u in units(sample, self.length_size) if u[0] & 31 != 6
            )
            for sample in self.samples
        ]
        return Stream(bytes(config), samples)


def units(sample: bytes, length_size: int) -> Iterable[bytes]:
    at = 0
    while at < len(sample):
        size = int.from_bytes(sample[at : at + length_size], "big")
        yield sample[at + length_size : at + length_size + size]
        at += length_size + size


def sets(config: bytes) -> list[bytes]:
    """The parameter sets of a record."""
    at, found = 5, []
    for mask in (31, 255):
        count, at = config[at] & mask, at + 1
        for _ in range(count):
            size = int.from_bytes(config[at : at + 2], "big")
            found.append(config[at + 2 : at + 2 + size])
            at += 2 + size
    return found


def encoded(folder: Path, name: str, *options: str, picture: str = "testsrc2", frames: int = 12) -> Stream:
    """A stream made by x264."""
    path = folder / f"{name}.mp4"
    command = [
        str(tool("ffmpeg")),
        "-loglevel",
        "error",
        "-y",
        "-f",
        "lavfi",
        "-i",
        f"{picture}{':' if '=' in picture else '='}s={SIZE}:r=25",
    ]
    command += ["-frames:v", str(frames), "-c:v", "libx264", *options, str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return read(path)


def read(path: Path) -> Stream:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        extradata = stream.codec_context.extradata
        assert extradata is not None
        return Stream(extradata, [bytes(packet) for packet in container.demux(stream) if packet.size])


def rewritten(folder: Path, source: Stream, *edges: Stream) -> dict[str, Any]:
    """What the script makes of the edges."""

    def text(data: bytes) -> str:
        return base64.b64encode(data).decode()

    asked = {
        "source": text(source.config),
        "edges": [{"config": text(e.config), "samples": [text(s) for s in e.samples]} for e in edges],
    }
    (folder / "asked.json").write_text(json.dumps(asked), "utf-8")
    subprocess.run(
        [tool("node"), SCRIPT, folder / "asked.json", folder / "told.json"], check=True, timeout=60
    )
    return dict(json.loads((folder / "told.json").read_text("utf-8")))


def joined(told: dict[str, Any]) -> tuple[bytes, list[list[bytes]]]:
    assert "refused" not in told, told
    return base64.b64decode(told["config"]), [[base64.b64decode(s) for s in edge] for edge in told["edges"]]


def decoded(stream: Stream) -> list[np.ndarray]:
    """Every picture as decoded from the samples; a word of complaint fails."""
    context = av.CodecContext.create("h264", "r")
    context.extradata = stream.config
    context.thread_type = "NONE"
    frames = []
    with av.logging.Capture() as said:
        for at, sample in enumerate([*stream.samples, None]):
            packet = None if sample is None else av.Packet(sample)
            if packet is not None:
                packet.pts = packet.dts = at
            frames += [frame.to_ndarray() for frame in context.decode(packet)]
    assert not said
    return frames


def decoded_bare(stream: Stream, path: Path) -> list[np.ndarray]:
    """The same from a bare stream, where only the slices themselves tell one picture from the next."""
    start = b"\0\0\0\1"
    path.write_bytes(b"".join(start + unit for unit in [*sets(stream.config), *stream.units()]))
    with av.logging.Capture() as said, av.open(str(path), format="h264") as container:
        container.streams.video[0].thread_type = "NONE"
        frames = [frame.to_ndarray() for frame in container.decode(video=0)]
    assert not said
    return frames


def assert_same(got: list[np.ndarray], want: list[np.ndarray]) -> None:
    assert len(got) == len(want)
    assert all(np.array_equal(one, other) for one, other in zip(got, want, strict=True))


@pytest.fixture(autouse=True)
def talkative() -> Iterable[None]:
    """FFmpeg's warnings are heard."""
    level = av.logging.get_level()
    av.logging.set_level(av.logging.WARNING)
    logging.getLogger("libav").setLevel(logging.CRITICAL)
    yield
    av.logging.set_level(level)


HIGH = ("-profile:v", "high", "-pix_fmt", "yuv420p")
EDGES = {
    "cavlc": ("-profile:v", "baseline", "-pix_fmt", "yuv420p"),
    "cabac": ("-profile:v", "main", "-pix_fmt", "yuv420p", "-bf", "0"),
    "weights": (*HIGH, "-bf", "3", "-refs", "4", "-x264-params", "weightp=2:weightb=1:b-pyramid=2:keyint=6"),
    "weights-cavlc": (*HIGH, "-bf", "2", "-x264-params", "weightp=2:cabac=0"),
    "slices": (*HIGH, "-bf", "0", "-slices", "4", "-x264-params", "deblock=-2,1"),
    "no-deblocking": (*HIGH, "-x264-params", "no-deblock=1"),
    "scaling-lists": (*HIGH, "-x264-params", "cqm=jvt"),
    "buffer-model": (
        *HIGH,
        "-x264-params",
        "nal-hrd=vbr:vbv-maxrate=900:vbv-bufsize=900:pic-struct=1:aud=1:filler=1",
    ),
    "intra": (*HIGH, "-g", "1"),
    "repeated-sets": (*HIGH, "-g", "3", "-x264-params", "repeat-headers=1"),
    "one-picture": (*HIGH, "-frames:v", "1"),
    "noise": (*HIGH, "-qp", "3", "-bf", "0"),
}


@pytest.mark.parametrize("name", EDGES)
def test_rewritten_pictures_stay_the_same_beside_others(tmp_path: Path, name: str) -> None:
    look = ("-aspect", "16:9")
    source = encoded(tmp_path, "source", *HIGH, *look, "-g", "6", "-bf", "2")
    edge = encoded(tmp_path, "edge", *EDGES[name], picture="mandelbrot")
    told = rewritten(tmp_path, source, edge, edge)
    config, (first, second) = joined(told)
    assert told["same"], "the record already has all of the source's sets"
    assert_same(decoded(Stream(config, first)), decoded(edge))
    assert set(sets(source.config)) < set(sets(config)), "copied samples find their sets unchanged"
    # First of all the edge: decoders must learn from it that the source's pictures come out of order. (Chromium's loses
    # some otherwise, which tests/contract/test_edges.py would show; the one used here does not mind.)
    whole = Stream(config, [*first, *source.samples, *second, *first, *source.samples])
    pictures = [decoded(edge), decoded(source)]
    want = [*pictures[0], *pictures[1], *pictures[0], *pictures[0], *pictures[1]]
    assert_same(decoded(whole), want)
    assert_same(decoded_bare(whole, tmp_path / "bare.h264"), want)


def test_the_same_sets_come_once(tmp_path: Path) -> None:
    source = encoded(tmp_path, "source", *HIGH)
    edge = encoded(tmp_path, "edge", *EDGES["cabac"])
    config, _ = joined(rewritten(tmp_path, source, edge, edge, edge))
    assert len(sets(config)) == 4
    other = encoded(tmp_path, "other", *EDGES["cavlc"])
    config, _ = joined(rewritten(tmp_path, source, edge, other, edge))
    assert len(sets(config)) == 6


def test_rewritten_pictures_look_as_the_source_says(tmp_path: Path) -> None:
    colors = "setparams=color_primaries=smpte170m:color_trc=bt709:colorspace=smpte170m:range=pc"
    look = ("-vf", f"{colors},setsar=16/11", "-chroma_sample_location", "topleft")
    source = encoded(tmp_path, "source", *HIGH, *look)
    edge = encoded(tmp_path, "edge", *EDGES["cavlc"])
    config, (samples,) = joined(rewritten(tmp_path, source, edge))
    context = av.CodecContext.create("h264", "r")
    context.extradata = config
    (frame, *_) = context.decode(av.Packet(samples[0])) + context.decode(None)
    assert (frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range) == (6, 1, 6, 2)
    assert context.sample_aspect_ratio == Fraction(16, 11)
    assert context.has_b_frames, "the source’s pictures, which follow, come out of order"


@pytest.mark.parametrize("size", [1, 2, 4])
def test_samples_get_the_lengths_of_the_source(tmp_path: Path, size: int) -> None:
    # The smallest lengths hold nearly nothing: grey pictures do.
    source = encoded(tmp_path, "source", *HIGH, picture="color=c=gray").with_length_size(size)
    edge = encoded(tmp_path, "edge", *EDGES["cavlc"], "-qp", "51", picture="color=c=gray")
    config, (samples,) = joined(rewritten(tmp_path, source, edge))
    whole = Stream(config, [*source.samples[:1], *samples])
    assert whole.length_size == size
    assert_same(decoded(whole), [decoded(source)[0], *decoded(edge)])


@pytest.mark.parametrize(
    ("source", "edge"),
    [
        (HIGH, (*HIGH, "-flags", "+ildct+ilme")),
        ((*HIGH, "-flags", "+ildct+ilme"), HIGH),
        (HIGH, ("-profile:v", "high422", "-pix_fmt", "yuv422p")),
        (("-profile:v", "high10", "-pix_fmt", "yuv420p10le"), HIGH),
        (HIGH, (*HIGH, "-s", "160x144")),
        (HIGH, (*HIGH, "-s", "174x144")),
    ],
)
def test_what_cannot_stand_side_by_side_is_refused(
    tmp_path: Path, source: tuple[str, ...], edge: tuple[str, ...]
) -> None:
    told = rewritten(tmp_path, encoded(tmp_path, "source", *source), encoded(tmp_path, "edge", *edge))
    assert told["refused"] == "capability", told


@pytest.mark.parametrize("pixels", ["yuv420p10le", "yuv422p", "yuv444p"])
def test_deeper_and_finer_colour_is_carried(tmp_path: Path, pixels: str) -> None:
    source = encoded(tmp_path, "source", "-pix_fmt", pixels, "-x264-params", "cqm=jvt")
    edge = encoded(tmp_path, "edge", "-pix_fmt", pixels, "-x264-params", "weightp=2:slices=3")
    config, (samples,) = joined(rewritten(tmp_path, source, edge))
    assert_same(decoded(Stream(config, [*source.samples, *samples])), [*decoded(source), *decoded(edge)])
