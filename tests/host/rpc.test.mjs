/** The protocol of wasm-shims/rpc.js over a real MessageChannel. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ClipwrightError, connect, fromWire, serve, throttled, toWire } from '../../wasm-shims/rpc.js';
import { ERROR_CODES } from '../../web/protocol.gen.js';

const SETTLED = 'all is answered';

/** @param {Record<string, any>} handlers @param {(use: {rpc: any, near: MessagePort, far: MessagePort, heard: any[]}) => Promise<void>} story */
async function between(handlers, story) {
    const { port1: near, port2: far } = new MessageChannel();
    const heard = [];
    near.addEventListener('message', ({ data }) => data.value !== SETTLED && heard.push(data));
    serve(far, { settled: () => SETTLED, ...handlers });
    try {
        await story({ rpc: connect(near), near, far, heard });
    } finally {
        near.close();
    }
}

/** Messages keep their order: when this is answered, all that was sent before has been. @param {any} rpc */
const settle = (rpc) => rpc.request('settled');
const codeOf = (/** @type {Promise<any>} */ promise) => promise.then(() => 'none', (error) => error.code);

test('a request is answered with its value', () =>
    between({ add: ({ a, b }) => a + b }, async ({ rpc }) => {
        assert.equal(await rpc.request('add', { a: 2, b: 3 }), 5);
    }));

test('every code both sides know survives both hops with all it says', () =>
    between({ fail: ({ code }) => Promise.reject(new ClipwrightError(code, 'm', { hint: 'h', detail: 'd', path: 'p' })) }, async ({ rpc }) => {
        for (const code of ERROR_CODES) {
            const error = await rpc.request('fail', { code }).catch((caught) => caught);
            assert.deepEqual(toWire(error), { code, message: 'm', hint: 'h', detail: 'd', path: 'p' });
            assert.equal(error.name, code === 'cancelled' ? 'AbortError' : 'ClipwrightError');
        }
    }));

test('what JavaScript throws becomes a code both sides know', () => {
    const named = (/** @type {string} */ name) => new DOMException('x', name);
    const table = [
        [named('QuotaExceededError'), 'resource'],
        [named('NotReadableError'), 'media'],
        [named('NotFoundError'), 'media'],
        [named('AbortError'), 'cancelled'],
        [new RangeError('Array buffer allocation failed'), 'resource'],
        [new TypeError('x is not a function'), 'internal'],
        ['text', 'internal'],
        [undefined, 'internal'],
    ];
    for (const [thrown, code] of table) assert.equal(toWire(thrown).code, code, String(thrown));
    for (const [thrown, code] of table) {
        assert.ok(ERROR_CODES.includes(toWire(thrown).code));
        assert.equal(toWire(thrown).hint === '', code === 'cancelled', `what to do next after ${thrown}`);
    }
});

test('one reply follows each request, after all its events', () =>
    between(
        {
            async work(_, { emit }) {
                for (const done of [0.1, 0.5, 0.3, 1]) {
                    emit('progress', { done, stage: 'x', eta_s: null });
                    await new Promise((resolve) => setTimeout(resolve, 110));
                }
                return 'done';
            },
        },
        async ({ rpc, heard }) => {
            const seen = [];
            assert.equal(await rpc.request('work', {}, { onProgress: (/** @type {any} */ { done }) => seen.push(done) }), 'done');
            await settle(rpc);
            assert.deepEqual(seen, [0.1, 0.5, 1]);
            assert.equal(heard.filter((message) => message.ok !== undefined).length, 1);
            assert.equal(heard.at(-1).ok, true);
            assert.ok(heard.at(-1).timings.total > 0);
        },
    ));

test('a cancelled request is answered once, with cancelled', () =>
    between({ wait: (_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('late')))) }, async ({ rpc, heard }) => {
        const controller = new AbortController();
        const asked = rpc.request('wait', {}, { signal: controller.signal });
        setTimeout(() => controller.abort(), 5);
        assert.equal(await codeOf(asked), 'cancelled');
        await settle(rpc);
        assert.equal(heard.length, 1);
        assert.equal(await codeOf(rpc.request('wait', {}, { signal: controller.signal })), 'cancelled');
    }));

test('when the other end dies everything that waits is answered, and all that comes', () =>
    between({ wait: () => new Promise(() => {}) }, async ({ rpc }) => {
        const asked = [rpc.request('wait'), rpc.request('wait')];
        rpc.fail(new ClipwrightError('engine', 'It died.'));
        assert.deepEqual(await Promise.all([...asked, rpc.request('wait')].map(codeOf)), ['engine', 'engine', 'engine']);
        assert.equal(rpc.pending, 0);
    }));

test('nonsense on the port gets a reply or silence and breaks nothing', () =>
    between({ add: ({ a, b }) => a + b }, async ({ rpc, near, heard }) => {
        const nonsense = [null, 7, 'x', {}, [], { id: 'a' }, { id: 1.5, op: 'add' }, { id: 901 }, { id: 902, op: 3 }, { id: 903, op: 'toString' }, { id: 904, op: '__proto__' }, { id: 905, cancel: true }];
        for (const message of nonsense) near.postMessage(message);
        await settle(rpc);
        assert.deepEqual(heard.map(({ id, error }) => [id, error.code]), [901, 902, 903, 904].map((id) => [id, 'bad_request']));
        assert.equal(await rpc.request('add', { a: 1, b: 1 }), 2);
    }));

test('what cannot be sent is a bad request', () =>
    between({}, async ({ rpc }) => {
        assert.equal(await codeOf(rpc.request('x', { f: () => 1 })), 'bad_request');
    }));

test('progress passes at most ten times a second, never down, and always at the end', () => {
    const seen = [];
    const send = throttled(({ done }) => seen.push(done));
    for (let step = 0; step <= 1000; step += 1) send({ done: step / 1000, stage: '', eta_s: null });
    send({ done: 1, stage: '', eta_s: null });
    assert.equal(seen[0], 0);
    assert.equal(seen.at(-1), 1);
    assert.ok(seen.length <= 4, `${seen.length} events`);
});

test('an error read off the wire is one that can be sent again', () => {
    const wire = { code: 'media', message: 'm', hint: '', detail: '', path: '' };
    assert.deepEqual(toWire(fromWire(wire)), wire);
});
