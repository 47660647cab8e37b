"""The page and the terminal fill gaps with the same packets."""

from __future__ import annotations

import json
import subprocess

import pytest

from clipwright.bitstream import silence
from tests.equipment import ROOT, tool

MODULE = (ROOT / "wasm-shims" / "media" / "silence.js").as_uri()
CASES = [
    *(("aac", "aac", bytes([0x11, 0x80 | channels << 3]), b"") for channels in range(8)),
    ("aac", "aac", bytes.fromhex("118856e500"), b""),
    ("aac", "aac", bytes.fromhex("2b118800"), b""),
    ("aac", "aac", bytes.fromhex("1194"), b""),
    ("opus", "opus", b"", b"\xfc"),
    *(
        ("mp3", "mp3", b"", bytes.fromhex(head))
        for head in ("fffb9264", "fffa9464", "fff384c4", "ffe388c4", "fffbf264")
    ),
    ("pcm_s16le", "pcm-s16", b"", b"\1\2\3\4"),
    ("pcm_u8", "pcm-u8", b"", b"\1\2"),
    ("pcm_mulaw", "ulaw", b"", b"\1\2"),
    ("pcm_alaw", "alaw", b"", b"\1\2"),
    ("ac3", "ac3", b"", b"\x0b\x77"),
]
SCRIPT = f"""
import {{ silentPacket }} from {json.dumps(MODULE)};
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
for (const [codec, config, like] of JSON.parse(process.argv[1])) {{
    const found = silentPacket(codec, config ? bytes(config) : null, bytes(like));
    console.log(JSON.stringify(found && Buffer.from(found.data).toString('hex')));
}}
"""


@pytest.fixture(scope="module")
def in_page() -> list[str | None]:
    told = json.dumps([(codec, config.hex(), like.hex()) for _, codec, config, like in CASES])
    argv = [tool("node"), "--input-type=module", "-e", SCRIPT, told]
    run = subprocess.run(argv, check=True, capture_output=True, text=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_both_make_the_same(in_page: list[str | None], number: int) -> None:
    codec, _, config, like = CASES[number]
    found = silence.packet(codec, config, like)
    assert in_page[number] == (None if found is None else found[0].hex())
