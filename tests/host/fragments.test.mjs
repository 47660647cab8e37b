/** What wasm-shims/media/fragments.js makes of boxes built by hand: which fragments count, and which are read at all. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { boxed } from '../../wasm-shims/media/boxwriting.js';
import { fragmentDelays } from '../../wasm-shims/media/fragments.js';

/** @param {number[]} values as bytes, the highest first */
const words = (...values) => new Uint8Array(Int32Array.from(values.reverse()).buffer).reverse();
const data = (size = 4) => boxed('mdat', [new Uint8Array(size)]);
const index = boxed('moov', [boxed('mvex', [])]);

/**
 * A fragment of one track, whose samples have every field there is.
 * @param {number[]} offsets
 * @param {{id?: number, version?: number}} [of]
 */
function fragment(offsets, { id = 1, version = 1 } = {}) {
    const samples = offsets.map((offset) => words(512, 1, 0, offset));
    const trun = boxed('trun', [words((version << 24) | 0xf05, offsets.length, 0, 0), ...samples]);
    return boxed('moof', [boxed('mfhd', [words(0, 1)]), boxed('traf', [boxed('tfhd', [words(0x20000, id)]), trun])]);
}

/** @param {number} offset of the first fragment behind the list @param {Uint8Array[]} fragments */
function list(offset, fragments) {
    const size = fragments.reduce((sum, { length }) => sum + length, 0);
    return boxed('sidx', [words(0, 1, 12800, 0, offset, 1, size, 512, 0)]);
}

/** @param {Uint8Array[]} parts */
async function delaysOf(...parts) {
    return Object.fromEntries(await fragmentDelays(new Blob(parts)));
}

test('the lowest offset of all fragments counts, track by track', async () => {
    const parts = [index, fragment([0, 512]), data(), fragment([512, -512], { id: 2 }), data(), fragment([0, -1024, -512]), data()];
    assert.deepEqual(await delaysOf(...parts), { 1: 1024, 2: 512 });
});

test('a file that lists its fragments is read no further than the first data', async () => {
    const fragments = [fragment([0, -512]), data(), fragment([-1024]), data()];
    assert.deepEqual(await delaysOf(index, list(0, fragments), ...fragments), { 1: 512 });
});

test('an index of random access behind the listed fragments changes nothing', async () => {
    const fragments = [fragment([0, -512]), data(), fragment([-1024]), data()];
    const access = boxed('mfra', [boxed('mfro', [words(0, 24)])]);
    assert.equal(access.length, 24);
    assert.deepEqual(await delaysOf(index, list(0, fragments), ...fragments, access), { 1: 512 });
});

test('a list of some fragments is no list of all', async () => {
    const fragments = [fragment([0, -512]), data(), fragment([-1024]), data()];
    assert.deepEqual(await delaysOf(index, list(0, fragments.slice(0, 2)), ...fragments), { 1: 1024 });
});

test('where offsets cannot be negative, one fragment is enough', async () => {
    const parts = [index, fragment([512, 0], { version: 0 }), data(), fragment([-512]), data()];
    assert.deepEqual(await delaysOf(...parts), { 1: 0 });
});

test('a fragment that breaks off ends the search', async () => {
    const whole = fragment([0, -512]);
    const torn = boxed('moof', [boxed('traf', [boxed('tfhd', [words(0x20000, 1)]), boxed('trun', [words((1 << 24) | 0xf05, 9)])])]);
    assert.deepEqual(await delaysOf(index, whole, data(), torn, data(), fragment([-1024])), { 1: 512 });
    assert.deepEqual(await delaysOf(index, whole.subarray(0, 20)), {});
});

test('a day of fragments is not read to its end', async () => {
    const many = Array.from({ length: 100 }, () => [fragment([0, -512]), data()]).flat();
    assert.deepEqual(await delaysOf(index, ...many, fragment([-1024])), { 1: 512 });
});
