/** How alike two pictures are, and what two descriptions of H.264 say together. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holds, writeAvcC } from '../../wasm-shims/media/avc.js';
import { IDENTICAL, alike } from '../../wasm-shims/media/likeness.js';

const [WIDTH, HEIGHT] = [6, 5];
const LUMA = WIDTH * HEIGHT;
/** Not a multiple of four bytes. */
const TOTAL = LUMA + 2 * 3 * 3 + 1;

/** @param {{at?: number, by?: number, format?: string, scale?: number}} change */
function picture({ at = 0, by = 0, format = 'I420', scale = 1 } = {}) {
    const data = new Uint8Array(TOTAL * scale).map((_, i) => (i * 7) % 200);
    data[at] += by;
    return { format, width: WIDTH, height: HEIGHT, data, luma: LUMA * scale };
}

/** @param {number} sum @param {number} count @param {number} peak */
const decibels = (sum, count, peak) => 10 * Math.log10((peak * peak * count) / sum);

test('the same bytes are identical', () => {
    assert.equal(alike(picture(), picture()), IDENTICAL);
    assert.equal(alike(picture({ format: 'I420P10', scale: 2 }), picture({ format: 'I420P10', scale: 2 })), IDENTICAL);
});

test('one other byte anywhere is seen', () => {
    for (let at = 0; at < TOTAL; at++) {
        const expected = at < LUMA ? Math.min(decibels(100, LUMA, 255), decibels(100, TOTAL, 255)) : decibels(100, TOTAL, 255);
        assert.equal(alike(picture(), picture({ at, by: 10 })), expected);
    }
});

test('of two formats only the brightness counts', () => {
    assert.equal(alike(picture(), picture({ format: 'NV12', at: LUMA, by: 10 })), IDENTICAL);
    assert.equal(alike(picture(), picture({ format: 'NV12', at: 3, by: 10 })), decibels(100, LUMA, 255));
});

test('deep samples are read whole', () => {
    const [one, other] = [picture({ format: 'I420P10', scale: 2 }), picture({ format: 'I420P10', scale: 2, at: 1, by: 1 })];
    assert.equal(alike(one, other), decibels(256 * 256, LUMA, 1023));
});

test('other sizes are nothing alike', () => {
    assert.equal(alike(picture(), { ...picture(), width: WIDTH + 1 }), 0);
});

/** Sets of which only the ids are real. @param {number[][]} sps @param {number[][]} pps */
const record = (sps, pps) => {
    const units = (/** @type {number[][]} */ sets) => sets.map((set) => Uint8Array.from(set));
    return writeAvcC({ profile: 100, compat: 0, level: 30, lengthSize: 4, sps: units(sps), pps: units(pps), ext: new Uint8Array() });
};
const [SPS_0, SPS_1, OTHER_SPS_0] = [[0x67, 100, 0, 30, 0x80], [0x67, 100, 0, 30, 0x40], [0x67, 100, 0, 31, 0x80]];
const [PPS_0, PPS_1, OTHER_PPS_0] = [[0x68, 0xc0], [0x68, 0x50], [0x68, 0xe0]];

test('a record that says more says the same', () => {
    const source = record([SPS_0], [PPS_0]);
    assert.ok(holds(source, source));
    assert.ok(holds(record([SPS_0, SPS_1], [PPS_0, PPS_1]), source));
    assert.ok(holds(record([SPS_1, SPS_0], [PPS_1, PPS_0]), source));
});

test('a record that lacks a set, or has another under its id, does not', () => {
    const source = record([SPS_0], [PPS_0]);
    for (const whole of [record([SPS_1], [PPS_0]), record([SPS_0], [PPS_1]), record([OTHER_SPS_0], [PPS_0]), record([SPS_0, SPS_1], [OTHER_PPS_0, PPS_1])]) {
        assert.ok(!holds(whole, source));
    }
});
