/** What wasm-shims/files.js keeps, and when it lets go of what results lie on. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createFiles } from '../../wasm-shims/files.js';

/** Files, and a way to put results whose end is written down. */
function desk() {
    const files = createFiles();
    /** @type {string[]} */
    const freed = [];
    const put = (/** @type {string} */ id, /** @type {string} */ name = id) => files.put(id, new Blob([name]), () => freed.push(name));
    return { files, freed, put };
}

test('what is removed gives back its space, once', () => {
    const { files, freed, put } = desk();
    put('part');
    files.remove('part');
    files.remove('part');
    assert.deepEqual(freed, ['part']);
    assert.throws(() => files.get('part'), { code: 'bad_request' });
});

test('a result made anew takes the place of the one before', () => {
    const { freed, put } = desk();
    put('clip', 'smart');
    put('clip', 'exact');
    assert.deepEqual(freed, ['smart']);
});

test('parts stay for as long as a result refers to them', () => {
    const { files, freed, put } = desk();
    put('edge');
    put('clip');
    files.build('clip', 'edge');
    files.remove('edge');
    assert.deepEqual(freed, []);
    files.remove('clip');
    assert.deepEqual(freed, ['clip', 'edge']);
});

test('results that were handed over are told apart, whatever their ids were', async () => {
    const { files, freed, put } = desk();
    put('clip', 'first');
    const first = files.take('clip');
    put('clip', 'second');
    const second = files.take('clip');
    assert.equal(await first.file.text(), 'first');
    assert.throws(() => files.get('clip'), { code: 'bad_request' });
    assert.deepEqual(freed, []);
    files.remove(first.output);
    assert.deepEqual(freed, ['first']);
    files.remove(second.output);
    assert.deepEqual(freed, ['first', 'second']);
});
