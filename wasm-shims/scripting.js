/**
 * What Python scripts in PyScript's worker see of JavaScript: the engines, the files that were picked, and the page, which
 * listens on a channel of its own. All in text but for the files themselves.
 *
 *     page -> here   run {code, files}
 *     here -> page   ready · failed · write {kind, text} · progress {done, stage, eta_s} · saved {name, file} · ended {code, error}
 */

import { askCapabilities } from './capabilities.js';
import { createEngines } from './engines.js';
import { createFiles } from './files.js';
import { createHost } from './host.js';
import { createScratch } from './scratch/tab.js';

/** @import {Job} from './engines.js' */

const files = createFiles();
const scratch = createScratch();
const engines = createEngines(files, scratch, new URL('./', import.meta.url));
/** @type {BroadcastChannel} */
let page;
/** @type {(jobId: string, text: string) => void} */
let tell = () => {};
/** @type {Map<string, Blob>} */
const named = new Map();
/** @type {Promise<any>[]} scripts that wait, the first of which may still have to come */
const waiting = [];
/** @type {((value: any) => void)[]} */
const resolvers = [];
extend();

/** A script is stopped by ending this worker, so no job is ever cancelled. */
const { signal } = new AbortController();
/** Every job that Python names is one that runs. */
class Jobs extends Map {
    /** @override @param {string} id @returns {Job} */
    get(id) {
        return { signal, emit: (event, value) => heard(id, event, value), outputs: new Set() };
    }
}

export const { probe, locate, ffprobe, run, close } = createHost(files, engines, new Jobs());
export const capabilities = async () => JSON.stringify(await askCapabilities(engines));

/** @param {string} channel */
export function connect(channel) {
    page = new BroadcastChannel(channel);
    page.onmessage = ({ data: { event, value } }) => {
        if (event !== 'run') return;
        scratch.begin(value.scratch);
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
    named.clear();
    for (const file of picked) named.set(file.name, file);
    return JSON.stringify({ code, words: [...named.keys()] });
}

/** @param {string} name @returns {string | undefined} the Source, if there is such a file */
export function source(name) {
    const file = named.get(name);
    return file && JSON.stringify({ ...files.add(file), name });
}

/**
 * Hand a result over to the page.
 * @param {string} output
 * @param {string} name
 */
export function keep(output, name) {
    const { file } = files.take(output);
    named.set(name, file);
    page.postMessage({ event: 'saved', value: { name, file } });
}

/** @param {string} kind @param {string} text */
export function write(kind, text) {
    page.postMessage({ event: 'write', value: { kind, text } });
}

/** @param {string} text */
export function ended(text) {
    page.postMessage({ event: 'ended', value: JSON.parse(text) });
}

/** @param {string} id @param {string} event @param {any} value */
function heard(id, event, value) {
    if (event !== 'progress') return;
    page.postMessage({ event, value });
    tell(id, JSON.stringify(value));
}
