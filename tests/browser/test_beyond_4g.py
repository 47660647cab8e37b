"""Sources and results beyond 4 GiB, which are mostly holes: every sample is found, and every offset has room."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests import reading
from tests.clips import Recipe
from tests.drivers import InPage
from tests.pages import open_lab

GIB = 1 << 30
NESTED = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
HEAD = 1 << 20

ASSEMBLE = """async ({step, head}) => {
    const worker = new Worker('/media.worker.js', {type: 'module'});
    const files = {s: document.querySelector('#file').files[0]};
    const reply = await new Promise((done) => {
        worker.addEventListener('message', ({data}) => data.ok !== undefined && done(data));
        worker.postMessage({id: 1, op: 'assemble', args: {files, step, made: []}});
    });
    worker.terminate();
    if (!reply.ok) return {error: reply.error};
    globalThis.assembled = reply.value.file;
    const url = await new Promise((done) => {
        const reader = new FileReader();
        reader.onload = () => done(reader.result);
        reader.readAsDataURL(assembled.slice(0, head));
    });
    return {size: assembled.size, head: url.slice(url.indexOf(',') + 1)};
}"""
PEEK = "async (at) => Array.from(new Uint8Array(await assembled.slice(at, at + 64).arrayBuffer()))"


@pytest.fixture
def lab_page(chromium, sites: dict[str, str]) -> Iterator[Page]:
    page = chromium.new_page()
    yield open_lab(page, sites["plain"])
    page.close()


def boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, offset and size of the boxes in a row; the last may reach beyond the end."""
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        if size == 1:
            size = struct.unpack_from(">Q", data, at + 8)[0]
        yield kind, at, size
        at += size


def rebuilt(box: bytes, change: Callable[[bytes, bytes], bytes]) -> bytes:
    """A box with those inside it changed."""
    kind = box[4:8]
    if kind not in NESTED:
        return change(kind, box)
    inner = b"".join(rebuilt(box[at : at + size], change) for _, at, size in boxes(box, 8, len(box)))
    return struct.pack(">I4s", len(inner) + 8, kind) + inner


def tables(data: bytes, at: int, size: int) -> dict[bytes, list[bytes]]:
    """The contents of the boxes of all tracks, by type."""
    found: dict[bytes, list[bytes]] = {}
    for kind, start, length in boxes(data, at + 8, at + size):
        if kind in NESTED:
            for inner, contents in tables(data, start, length).items():
                found.setdefault(inner, []).extend(contents)
        else:
            found.setdefault(kind, []).append(data[start + 8 : start + length])
    return found


def enlarged(
    small: Path, large: Path, hole: int, change: Callable[[bytes, bytes], bytes], *, before: bool
) -> Path:
    """A copy whose media data has a hole before or behind it, with its index changed, which comes last."""
    data = small.read_bytes()
    found = {kind: (at, size) for kind, at, size in boxes(data, 0, len(data))}
    (mdat, mdat_size), (moov, moov_size) = found[b"mdat"], found[b"moov"]
    # FFmpeg leaves 8 bytes before the media data so that its size can grow to 64 bits.
    start, size = mdat - 8, mdat_size + 8 + hole
    with large.open("wb") as file:
        file.write(data[:start] + struct.pack(">I4sQ", 1, b"mdat", size))
        file.seek(hole if before else 0, 1)
        file.write(data[mdat + 8 : mdat + mdat_size])
        file.seek(start + size)
        file.write(rebuilt(data[moov : moov + moov_size], change))
    return large


def step(container: str, start: int, end: int) -> dict[str, Any]:
    """An Assemble step of a picture and a sound track."""
    labels = {"language": None, "title": None, "disposition": None, "rotation": None}
    span = {"start": start, "end": end}
    tracks = [
        {"kind": kind, "pieces": [{"source": "s", "track": track, "span": span, "at": 0}], **labels}
        for track, kind in enumerate(("video", "audio"))
    ]
    metadata = {"tags": None, "chapters": []}
    more = {"duration_us": end - start, "metadata": metadata, "shift_lead_in": False}
    return {"do": "assemble", "output": "o", "container": container, "tracks": tracks, "weight": 1, **more}


def test_samples_far_behind_are_found(lab_page: Page, sites: dict[str, str], make, tmp_path: Path) -> None:
    """All data lies 5 GiB into the file, so its offsets have 64 bits."""

    def far(kind: bytes, box: bytes) -> bytes:
        if kind != b"stco":
            return box
        count = struct.unpack_from(">I", box, 12)[0]
        offsets = struct.unpack_from(f">{count}I", box, 16)
        wide = struct.pack(f">II{count}Q", 0, count, *(offset + 5 * GIB for offset in offsets))
        return struct.pack(">I4s", len(wide) + 8, b"co64") + wide

    path = enlarged(make(Recipe()), tmp_path / "far.mp4", 5 * GIB, far, before=True)
    driver = InPage("media", lab_page, Path(sites["kept"]))
    clip = driver.clip(driver.open(path), {"start": "1.36", "end": "2.44", "mode": "lossless"})
    assert reading.numbers(clip.path) == list(range(34, 61))


def test_results_may_be_larger_than_four_gigabytes(lab_page: Page, make, tmp_path: Path) -> None:
    """The last picture and the last packet of sound reach 3 GiB into a hole."""

    def heavy(kind: bytes, box: bytes) -> bytes:
        return box[:-4] + struct.pack(">I", 3 * GIB) if kind == b"stsz" else box

    small = make(Recipe())
    path = enlarged(small, tmp_path / "heavy.mp4", 4 * GIB, heavy, before=False)
    lab_page.evaluate("lab.input()")
    lab_page.set_input_files("#file", path)
    found = lab_page.evaluate(ASSEMBLE, {"step": step("mp4", 1_360_000, 4_000_000), "head": HEAD})
    assert "error" not in found, found
    assert found["size"] > 6 * GIB
    head = base64.b64decode(found["head"])
    placed = {kind: (at, size) for kind, at, size in boxes(head, 0, len(head))}
    assert sum(placed[b"mdat"]) == found["size"]
    ours = tables(head, *placed[b"moov"])
    data = small.read_bytes()
    theirs = tables(data, *{kind: (at, size) for kind, at, size in boxes(data, 0, len(data))}[b"moov"])
    assert b"stco" not in ours
    for offsets, sources in zip(ours[b"co64"], theirs[b"stco"], strict=True):
        last = struct.unpack(">Q", offsets[-8:])[0]
        at = struct.unpack(">I", sources[-4:])[0]
        # The last chunk's samples but for the last are as they were.
        assert bytes(lab_page.evaluate(PEEK, last)) == data[at : at + 64]
