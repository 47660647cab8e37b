/** The app worker: boots Python in numbered steps, then answers the page. Requests that come early wait. */

import { OPS } from '../web/protocol.gen.js';
import { askEncoders, capabilitiesOf } from './capabilities.js';
import { compileInterpreter } from './compiled.js';
import { createEngines } from './engines.js';
import { createFiles } from './files.js';
import { createHost } from './host.js';
import { whenIdle } from './idle.js';
import { holdJobLock } from './joblock.js';
import { textOf } from './messagetext.js';
import { prepareNextStart } from './nextstart.js';
import { bootPython } from './python.js';
import { ClipwrightError, fromWire, serve, toWire } from './rpc.js';
import { createScratch } from './scratch/tab.js';
import { forgetSnapshots, readSnapshot } from './snapshots.js';
import { GIVEN } from './spawn.js';

/**
 * @import {ClipResult} from '../web/protocol.gen.js'
 * @import {Booted} from './python.js'
 * @import {Call} from './rpc.js'
 */

const base = new URL('./', import.meta.url);
/** What writes results and may take long. */
const WORK = new Set(['clip', 'cut', 'render']);
const files = createFiles();
const scratch = createScratch();
const engines = createEngines(files, scratch, base, (paths) => self.postMessage({ event: 'fetched', value: paths }));
/** @type {Map<string, import('./engines.js').Job>} */
const jobs = new Map();
/** @type {Record<string, number>} */
const timings = {};
const mark = (/** @type {string} */ stage) => (timings[stage] = performance.now());
/** How many requests wait or are being answered. */
let asked = 0;
/** What the page compiles beside this worker's start; null: it does not, or could not. @type {Promise<WebAssembly.Module | null>} */
const given = new Promise((resolve) => {
    if (!self.name.startsWith(GIVEN)) resolve(null);
    self.addEventListener('message', (/** @type {any} */ { data }) => {
        if (data?.event === 'interpreter') resolve(data.value instanceof WebAssembly.Module ? data.value : null);
    });
});

async function boot() {
    // 1. Python and the question what this browser can do, side by side; an earlier visit has asked it already.
    const kept = readSnapshot();
    const module = given.then((compiled) => compiled ?? compileInterpreter(base));
    const [python, encode] = await Promise.all([
        bootPython(base, kept, module, mark),
        kept.then((found) => found?.known.encode ?? askEncoders(engines)).finally(() => mark('capabilities')),
    ]);
    // 2. Python gets its engine: text functions, nothing else.
    const [ready, handle, learn] = python.host.start(createHost(files, engines, jobs), JSON.stringify(capabilitiesOf(encode)));
    mark('ready');
    // 3. The page hears that requests are answered now.
    self.postMessage({ event: 'ready', value: { ...JSON.parse(ready), timings } });
    await python.installed;
    // Whatever of it fails is done by another visit.
    afterwards(python, encode, learn).catch(() => {});
    return handle;
}

/**
 * What tabs left on disk that do not live any more is removed, what was known from an earlier visit is looked at again, and the next
 * start is to be quicker.
 * @param {Booted} python
 * @param {string[]} encode
 * @param {(capabilities: string) => void} learn
 */
async function afterwards(python, encode, learn) {
    void scratch.sweep();
    // With it the media worker is there when the first file comes; but a file that is there already goes first.
    if (asked) await whenIdle(() => asked === 0);
    if (python.isRestored) {
        const now = await askEncoders(engines);
        if (String(now) === String(encode)) return;
        learn(JSON.stringify(capabilitiesOf(now)));
        await forgetSnapshots();
    } else {
        await whenIdle(() => asked === 0);
        prepareNextStart(python, base, { encode });
    }
}

const booted = boot();
booted.catch((error) => self.postMessage({ event: 'failed', value: toWire(error) }));

/**
 * @param {string} op
 * @param {Record<string, any>} args
 * @param {Call} call
 */
async function answer(op, { file, ...args }, call) {
    asked += 1;
    const source = file instanceof Blob ? files.add(file) : null;
    try {
        // What Python is going to ask of a file is looked up while it starts.
        const probed = source && engines.probe(source.id, call.signal);
        probed?.catch(() => {});
        return await carryOut(await booted, op, source ? { ...args, source } : args, call, probed);
    } catch (error) {
        if (source) files.remove(source.id);
        throw error;
    } finally {
        asked -= 1;
    }
}

/**
 * @param {any} handle a proxy of Python's handler
 * @param {string} op
 * @param {Record<string, any>} args
 * @param {Call} call
 * @param {Promise<any> | null} probed
 */
async function carryOut(handle, op, args, { id, signal, emit, timings: spent }, probed) {
    const job = `job-${id}`;
    /** @type {Set<string>} */
    const outputs = new Set();
    const release = WORK.has(op) ? await holdJobLock(base, signal) : () => {};
    jobs.set(job, { signal, emit, outputs, timings: spent, probed });
    try {
        const reply = JSON.parse(await call(handle, job, textOf({ ...args, op })));
        if (!reply.ok) throw fromWire(reply.error);
        return withFiles(op, reply.value);
    } catch (error) {
        outputs.forEach((id) => files.remove(id));
        throw error;
    } finally {
        jobs.delete(job);
        release();
    }
}

/**
 * The reply with the bytes of what was made, under ids by which `close` forgets them.
 * @param {string} op
 * @param {any} value
 */
function withFiles(op, value) {
    if (op === 'clip' || op === 'render') return { ...value, ...files.take(value.output) };
    if (op !== 'cut') return value;
    const taken = value.results.map((/** @type {ClipResult} */ { output }) => files.take(output));
    const results = value.results.map((/** @type {ClipResult} */ result, /** @type {number} */ i) => ({ ...result, output: taken[i].output }));
    return { ...value, results, files: taken.map((/** @type {{file: Blob}} */ { file }) => file) };
}

/**
 * @param {any} handle a proxy of Python's handler
 * @param {string} job
 * @param {string} text
 * @returns {Promise<string>}
 */
async function call(handle, job, text) {
    const coroutine = handle(job, text);
    try {
        return await coroutine;
    } catch (error) {
        throw new ClipwrightError('internal', 'Something unexpected went wrong.', { hint: 'Please report it with the details.', detail: String(error) });
    } finally {
        coroutine.destroy();
    }
}

// The page holds a lock, which says to other tabs that what lies in the folder of that name is needed.
self.addEventListener('message', (/** @type {any} */ { data }) => data?.event === 'scratch' && scratch.begin(data.value));
serve(/** @type {any} */ (self), Object.fromEntries(OPS.map((op) => [op, (/** @type {any} */ args, /** @type {Call} */ request) => answer(op, args, request)])));
