/** Pictures that are kept for the comparison: which of an edge, how many, and of whom. */

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { addTo, forgetOriginals, keepOriginals, originalAt } from '../../wasm-shims/media/originals.js';

const [TRACK, OTHER] = /** @type {any[]} */ ([{}, {}]);

/** @param {number} tick @param {number} size bytes */
const original = (tick, size = 1) => ({ tick, picture: { format: 'I420', width: 1, height: 1, data: new Uint8Array(size), luma: size } });

afterEach(forgetOriginals);

test('of an edge its ends stay', () => {
    /** @type {ReturnType<typeof original>[]} */
    const edge = [];
    for (let tick = 0; tick < 20; tick++) addTo(edge, original(tick));
    assert.deepEqual(edge.map(({ tick }) => tick), [0, 1, 2, 17, 18, 19]);
});

test('each is found by its track and time until all are forgotten', () => {
    const one = original(5);
    keepOriginals(TRACK, [one, original(6)]);
    keepOriginals(OTHER, [original(5)]);
    assert.equal(originalAt(TRACK, 5), one.picture);
    assert.notEqual(originalAt(OTHER, 5), one.picture);
    assert.equal(originalAt(OTHER, 6), null);
    forgetOriginals();
    assert.equal(originalAt(TRACK, 5), null);
});

test('of several at one time none is taken for another', () => {
    keepOriginals(TRACK, [original(5), original(5), original(7)]);
    assert.equal(originalAt(TRACK, 5), null);
    assert.ok(originalAt(TRACK, 7));
});

test('the first go when there are too many', () => {
    for (let tick = 0; tick < 5; tick++) keepOriginals(TRACK, [original(tick, 40e6)]);
    assert.deepEqual([0, 1, 2, 3, 4].filter((tick) => originalAt(TRACK, tick)), [1, 2, 3, 4]);
});
