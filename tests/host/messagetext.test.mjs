/** How wasm-shims/messagetext.js writes messages, and what it refuses. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { textOf } from '../../wasm-shims/messagetext.js';

test('messages are JSON', () => {
    const message = { op: 'render', none: null, left: undefined, list: [1, 'a', { b: true }] };
    assert.equal(textOf(message), JSON.stringify(message));
});

test('a number that is none is refused at its place, and never becomes null', () => {
    for (const value of [NaN, Infinity, -Infinity]) {
        const tracks = [{ clips: [{}, { start_us: value }] }];
        assert.throws(() => textOf({ document: { tracks } }), { code: 'bad_request', path: '$.document.tracks[0].clips[1].start_us' });
        assert.throws(() => textOf({ export: { end_us: value } }), { code: 'bad_request', path: '$.export.end_us' });
    }
});

test('what JSON has no words for is refused', () => {
    const circle = /** @type {Record<string, unknown>} */ ({});
    circle.self = circle;
    assert.throws(() => textOf(circle), { code: 'bad_request' });
    assert.throws(() => textOf({ big: 1n }), { code: 'bad_request' });
});

test('a long project is written at once', () => {
    const clips = Array.from({ length: 20_000 }, (_, n) => ({ id: `c${n}`, source: null, start_us: n, end_us: n + 1, effects: [{ name: 'blur', params: { sigma: 2 } }] }));
    const started = performance.now();
    textOf({ document: { tracks: [{ clips }] } });
    assert.ok(performance.now() - started < 1000);
});
