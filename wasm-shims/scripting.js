/**
 * What Python scripts in PyScript's worker see of JavaScript: the engines, the files that were picked, and the page, which
 * listens on a channel of its own. All in text but for the files themselves.
 *
 *     page -> here   run {code, files, scratch}
 *     here -> page   ready · failed · write [[kind, text], ...] · progress {done, stage, eta_s} · saved {name, file} · ended {code, error}
 */

import { askCapabilities } from './capabilities.js';
import { createEngines } from './engines.js';
import { createFiles } from './files.js';
import { createHost } from './host.js';
import { holdJobLock } from './joblock.js';
import { createScratch } from './scratch/tab.js';

/** @import {Job} from './engines.js' */

/** A browser does not say when it has finished a download, so what the page does not show any more stays for a while. */
const GRACE_MS = 10 * 60_000;
const base = new URL('./', import.meta.url);
const files = createFiles();
const scratch = createScratch();
const engines = createEngines(files, scratch, base);
/** @type {BroadcastChannel} */
let page;
/** @type {(jobId: string, text: string) => void} */
let tell = () => {};
/** @type {Map<string, Blob>} the files that were picked or saved, by their names */
const named = new Map();
/** @type {string[]} ids of the sources that Python knows */
const opened = [];
/** @type {string[]} ids of the results that the page shows */
const shown = [];
/** @type {Promise<any>[]} scripts that wait, the first of which may still have to come */
const waiting = [];
/** @type {((value: any) => void)[]} */
const resolvers = [];
/** A script runs: no new version may take over, and nothing may be cleared away. */
let release = () => {};
let isSwept = false;
extend();

/** @typedef {Job & {abort: () => void}} Running */

/** The jobs that Python names, each from its first use on. @extends {Map<string, Running>} */
class Jobs extends Map {
    /** @override @param {string} id @returns {Running} */
    get(id) {
        const running = super.get(id) ?? begin(id);
        this.set(id, running);
        return running;
    }
}
const jobs = new Jobs();

export const { probe, locate, ffprobe, text, run, close } = createHost(files, engines, jobs);
export const capabilities = async () => JSON.stringify(await askCapabilities(engines));

/** @param {string} id @returns {Running} */
function begin(id) {
    const controller = new AbortController();
    const emit = (/** @type {string} */ event, /** @type {any} */ value) => heard(id, event, value);
    return { signal: controller.signal, abort: () => controller.abort(), emit, outputs: new Set(), timings: {} };
}

/** Python does not wait for this job any more. @param {string} id */
export function cancel(id) {
    jobs.get(id).abort();
}

/** Remove the results that were not kept. */
export function drop() {
    for (const { outputs } of jobs.values()) {
        outputs.forEach((/** @type {string} */ id) => files.remove(id));
        outputs.clear();
    }
}

/** @param {string} channel */
export function connect(channel) {
    page = new BroadcastChannel(channel);
    page.onmessage = ({ data: { event, value } }) => {
        if (event !== 'run') return;
        scratch.begin(value.scratch);
        // What pages and workers left on disk that do not live any more is removed.
        if (!isSwept) void scratch.sweep();
        isSwept = true;
        resolvers.shift()?.(value);
        extend();
    };
}

/** @param {string} trace why scripts cannot be run */
export function failed(trace) {
    page.postMessage({ event: 'failed', value: trace });
}

function extend() {
    waiting.push(new Promise((resolve) => resolvers.push(resolve)));
}

/** @param {any} hear a function of Python's, which stays as long as this worker */
export function listen(hear) {
    const kept = hear.copy();
    tell = (id, text) => kept(id, text);
}

/**
 * The next script to run, whenever the page has one. Asked for the first time, this tells the page that scripts can be run.
 * @returns {Promise<string>}
 */
export async function asked() {
    page.postMessage({ event: 'ready', value: null });
    const { code, files: picked } = await waiting[0];
    waiting.shift();
    release = await holdJobLock(base, new AbortController().signal);
    forget();
    for (const file of picked) named.set(unused(file.name), file);
    return JSON.stringify({ code, words: [...named.keys()] });
}

/** Forget the script before. */
function forget() {
    named.clear();
    jobs.clear();
    opened.splice(0).forEach((id) => files.remove(id));
    const old = shown.splice(0);
    setTimeout(() => old.forEach((id) => files.remove(id)), GRACE_MS);
}

/** @param {string} name @returns {string} the same, with a number where another file is called so */
function unused(name) {
    let free = name;
    for (let number = 2; named.has(free); number++) free = name.replace(/(\.[^.]*)?$/, ` (${number})$1`);
    return free;
}

/** @param {string} name @returns {string | undefined} the Source, if there is such a file */
export function source(name) {
    const file = named.get(name);
    if (!file) return undefined;
    const source = files.add(file);
    opened.push(source.id);
    return JSON.stringify({ ...source, name });
}

/**
 * Hand a result over to the page.
 * @param {string} output
 * @param {string} name
 */
export function keep(output, name) {
    const { file, output: kept } = files.take(output);
    shown.push(kept);
    named.set(name, file);
    page.postMessage({ event: 'saved', value: { name, file } });
}

/** @param {string} text */
export function write(text) {
    page.postMessage({ event: 'write', value: JSON.parse(text) });
}

/** @param {string} text */
export function ended(text) {
    release();
    page.postMessage({ event: 'ended', value: JSON.parse(text) });
}

/** @param {string} id @param {string} event @param {any} value */
function heard(id, event, value) {
    if (event !== 'progress') return;
    page.postMessage({ event, value });
    tell(id, JSON.stringify(value));
}
