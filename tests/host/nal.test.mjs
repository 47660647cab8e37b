/** NAL units and their bits, against what the standard says one byte and one bit at a time (ITU-T H.264, 7.3.1 and 7.4.1). */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BitReader, BitWriter } from '../../wasm-shims/media/bits.js';
import { escaped, unescaped } from '../../wasm-shims/media/nal.js';

/** Every sequence of up to seven of the bytes that matter: those of start codes, what parts them, and any other. */
function* sequences() {
    const bytes = [0, 1, 3, 4];
    for (let length = 0; length <= 7; length++) {
        for (let nth = 0; nth < 4 ** length; nth++) yield Uint8Array.from({ length }, (_, place) => bytes[(nth >> (2 * place)) & 3]);
    }
}

/** @param {Uint8Array} bytes */
function escapedByTheLetter(bytes) {
    const unit = [];
    for (const byte of bytes) {
        if (byte <= 3 && unit.at(-1) === 0 && unit.at(-2) === 0) unit.push(3);
        unit.push(byte);
    }
    if (unit.at(-1) === 0) unit.push(3);
    return Uint8Array.from(unit);
}

test('what would be taken for a start code is parted, and nothing else', () => {
    for (const bytes of sequences()) assert.deepEqual(escaped(bytes), escapedByTheLetter(bytes), String(bytes));
});

test('what was parted is put together again', () => {
    for (const bytes of sequences()) {
        const isPadded = bytes.at(-1) === 0;
        assert.deepEqual(unescaped(isPadded ? escaped(bytes).subarray(0, -1) : escaped(bytes)), bytes, String(bytes));
    }
});

test('bits are copied from any place to any other', () => {
    const bytes = Uint8Array.from({ length: 9 }, (_, i) => (i * 151 + 77) & 255);
    const bit = (/** @type {Uint8Array} */ of, /** @type {number} */ at) => (of[at >> 3] >> (7 - (at & 7))) & 1;
    for (let before = 0; before < 9; before++) {
        for (let from = 0; from <= 72; from++) {
            for (let until = from; until <= 72; until++) {
                const [reader, writer] = [new BitReader(bytes), new BitWriter(12)];
                writer.u(before, 0);
                reader.at = from;
                writer.copy(reader, until);
                assert.deepEqual([reader.at, writer.at], [until, before + until - from]);
                for (let at = from; at < until; at++) assert.equal(bit(writer.bytes, before + at - from), bit(bytes, at), `${before} ${from} ${until}`);
                writer.flag(true);
                assert.equal(bit(writer.bytes, before + until - from), 1);
            }
        }
    }
    assert.throws(() => new BitWriter(12).copy(new BitReader(bytes), 73), RangeError);
});
