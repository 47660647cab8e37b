/** Workers that are silent: which of them get a successor. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { createDisposable } from '../../wasm-shims/disposable.js';

const SILENCE_MS = 5000;
const MORE_MS = SILENCE_MS + 2000;

beforeEach(() => mock.timers.enable({ apis: ['setInterval'] }));
afterEach(() => mock.timers.reset());

/** An engine whose workers, one after another, do with a request what they are told here. @param {((worker: any, id: number) => void)[]} lives */
function engineOf(...lives) {
    let started = 0;
    const engine = createDisposable({
        name: 'test',
        spawn() {
            const life = lives[started++];
            const worker = new EventTarget();
            const postMessage = (/** @type {any} */ { id }) => life(worker, id);
            return /** @type {any} */ (Object.assign(worker, { postMessage, terminate() {} }));
        },
        graceMs: 0,
        silenceMs: SILENCE_MS,
    });
    return { engine, count: () => started };
}

/** @param {EventTarget} worker @param {any} data */
const say = (worker, data) => worker.dispatchEvent(new MessageEvent('message', { data }));
const silent = () => {};
const answer = (/** @type {EventTarget} */ worker, /** @type {number} */ id) => say(worker, { id, ok: true, value: 'done' });
const faint = (/** @type {EventTarget} */ worker, /** @type {number} */ id) => say(worker, { id, event: 'progress', value: { done: 0.1 } });

/** Time passes, and what waits for it goes on. */
async function wait() {
    await new Promise(setImmediate);
    mock.timers.tick(MORE_MS);
    await new Promise(setImmediate);
}

test('what one that never ran was asked another does', async () => {
    const { engine, count } = engineOf(silent, answer);
    const asked = engine.request('work', {});
    await wait();
    assert.equal(await asked, 'done');
    assert.equal(count(), 2);
    engine.stop();
});

test('one that was heard and is not any more is not tried again', async () => {
    const { engine, count } = engineOf(faint, answer);
    const asked = assert.rejects(engine.request('work', {}), /stopped responding/);
    await wait();
    await asked;
    assert.equal(count(), 1);
});

test('two that never ran are told of', async () => {
    const { engine, count } = engineOf(silent, silent);
    const asked = assert.rejects(engine.request('work', {}), /stopped responding/);
    await wait();
    await wait();
    await asked;
    assert.equal(count(), 2);
});
