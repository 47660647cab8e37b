"""Nonsense on the ports of the real workers: every request is replied to, once, and honest work goes on afterwards.

What a page may say to the frame is in test_embed.py.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.embedded.embedding import visit

pytestmark = pytest.mark.unhurried

TALK = (Path(__file__).parent / "fuzz.js").read_text("utf-8")
EVERY_SEED = bool(os.environ.get("CLIPWRIGHT_EVERY_SEED"))
SEEDS = (1, 20261121, 4_000_000_000)[: None if EVERY_SEED else 1]
COUNT = 250


def run(chromium: Browser, url: str, script: str, *values: Any) -> Any:
    with visit(chromium, url) as opened:
        opened.page.set_default_timeout(0)
        return opened.page.evaluate(f"async (values) => {{ {TALK}\n{script} }}", list(values))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_app_worker(chromium: Browser, sites: dict[str, str], seed: int) -> None:
    told = run(
        chromium,
        sites["plain"],
        """
        const [seed, count] = values;
        const ops = ['open', 'parse_time', 'plan', 'clip', 'plan_cut', 'cut', 'segments', 'read_segments', 'effects',
            'close'];
        const file = new File([await (await fetch('/sample.mp4')).blob()], 'sample.mp4');
        const talk = begin('app');
        const { value: media } = await ask(talk, 1e6, 'open', { file, reader: 'auto' });
        const request = { start: '1', end: '3', mode: 'lossless', container: 'mp4', allow_lead_in: true };
        const cut = { segments: [{ start: '1', end: 2, label: 'a' }, { start: 4, end: '5' }], join: true };
        const sensible = [
            { op: 'open', args: { file, reader: 'media' } },
            { op: 'parse_time', args: { text: '1:30', frame_rate: '30000/1001', duration_us: 20000000 } },
            { op: 'plan', args: { media, request } },
            { op: 'clip', args: { media, request } },
            { op: 'plan_cut', args: { media: [media], request: cut } },
            { op: 'cut', args: { media: [media], request: cut } },
            { op: 'segments', args: { media, segments: cut.segments, action: 'split', value: '4.5' } },
            { op: 'read_segments', args: { media, text: '1,2,a' } },
            { op: 'effects', args: { name: 'blur' } },
            { op: 'close', args: { source: { id: 'f999', name: 'x', size: 1 } } },
        ];
        const files = [file, file.slice(0, 1e5), new Blob([crypto.getRandomValues(new Uint8Array(999))])];
        const verdict = await pester(talk, nonsense(seed, { count, ops, sensible, files }));
        const opened = await ask(talk, 2e6, 'open', { file, reader: 'auto' });
        const clip = await ask(talk, 2e6 + 1, 'clip', { media: opened.value, request });
        talk.worker.terminate();
        return { ...verdict, size: clip?.value?.file?.size, report: clip?.value?.report?.size, error: clip?.error };
        """,
        seed,
        COUNT,
    )
    assert told["faults"] == []
    assert told["wrong"] == []
    assert told["senseless"] == []
    assert told["asked"] > COUNT / 2
    assert told["internal"] == []
    assert told["size"] == told["report"] > 50_000, told["error"]


PLANNED = """
        const [seed, count] = values;
        const file = new File([await (await fetch('/sample.mp4')).blob()], 'sample.mp4');
        const app = begin('app');
        const { value: media } = await ask(app, 1, 'open', { file, reader: 'auto' });
        const stepOf = async (id, request) => {
            const { value } = await ask(app, id, 'plan', { media, request });
            return value.steps[0];
        };
        const files = [file, file.slice(0, 1e5), new Blob([crypto.getRandomValues(new Uint8Array(999))])];
"""
"""Steps as Python makes them, for the engines."""


@pytest.mark.parametrize("seed", SEEDS)
def test_the_media_worker(chromium: Browser, sites: dict[str, str], seed: int) -> None:
    told = run(
        chromium,
        sites["plain"],
        PLANNED
        + """
        const id = media.source.id;
        const spans = [{ start: 1000000, end: 2000000 }];
        const request = { start: '1', end: '1.2', container: 'mp4', allow_lead_in: true };
        const copied = await stepOf(2, { ...request, mode: 'lossless' });
        const encoded = await stepOf(3, { ...request, mode: 'exact' });
        app.worker.terminate();
        const sensible = [
            { op: 'probe', args: { file, source: id } },
            { op: 'locate', args: { file, source: id, track: 0, spans } },
            { op: 'assemble', args: { files: { [id]: file }, step: copied, made: [], keep: [id], scratch: null } },
            { op: 'convert', args: { file, step: encoded, keep: [id], scratch: null } },
        ];
        const ops = ['capabilities', 'probe', 'locate', 'convert', 'assemble', 'verify'];
        const talk = begin('media');
        const verdict = await pester(talk, nonsense(seed, { count, ops, sensible, files }));
        const made = await ask(talk, 2e6, copied.do, sensible[2].args);
        talk.worker.terminate();
        return { ...verdict, does: [copied.do, encoded.do], size: made?.value?.file?.size, error: made?.error };
        """,
        seed,
        COUNT,
    )
    assert told["does"] == ["assemble", "convert"]
    assert told["faults"] == []
    assert told["wrong"] == []
    assert told["senseless"] == []
    assert told["size"] > 10_000, told["error"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_ffmpeg_worker(chromium: Browser, sites: dict[str, str], seed: int) -> None:
    """Its owner throws it away after any error, so nobody asks it for honest work then."""
    told = run(
        chromium,
        sites["plain"],
        PLANNED
        + """
        app.worker.terminate();
        const module = await WebAssembly.compileStreaming(fetch('/ffmpeg/ffmpeg-core.wasm'));
        const inputs = [{ name: 'in0', file }];
        const probing = { inputs, argv: ['-v', 'error', '-show_format', '-of', 'json', 'in0'] };
        const argv = ['-ss', '1', '-i', 'in0', '-t', '1', '-c', 'copy', '-f', 'mp4', 'out'];
        const running = { inputs, argv, output: 'out', duration_us: 1000000, presented_us: null, scratch: null };
        const sensible = [
            { op: 'load', args: { module } },
            { op: 'ffprobe', args: probing },
            { op: 'run', args: running },
        ];
        const talk = begin('ffmpeg');
        await ask(talk, 2e6, 'load', { module });
        const verdict = await pester(talk, nonsense(seed, { count, ops: ['load', 'ffprobe', 'run'], sensible, files }));
        talk.worker.terminate();
        return verdict;
        """,
        seed,
        COUNT,
    )
    assert told["faults"] == []
    assert told["wrong"] == []
    assert told["senseless"] == []
