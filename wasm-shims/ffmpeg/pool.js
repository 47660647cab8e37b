/**
 * What the core with threads (@ffmpeg/core-mt) asks its worker for: more workers, one for each thread, and how many processors
 * there are.
 *
 * It cannot start a worker while it runs, and a thread without one is waited for for ever. So all are started before, and FFmpeg, which
 * takes as many threads as there are processors for every decoder, filter and encoder, is told a small number.
 */

import { spawn } from '../spawn.js';

/**
 * @import {CoreModule, CreateCore} from './core.js'
 * @typedef {CoreModule & {PThread: {unusedWorkers: Thread[]}}} ThreadedModule
 */

/** Workers for each thread that FFmpeg is told of: it decodes with one lot, encodes with another, and x264 looks ahead. */
const LOTS = 4;

/** Stands in for a Worker, and starts one when it is first told something: the core makes 32, and most are never needed. */
class Thread {
    /** @param {string} address */
    constructor(address) {
        this.address = address;
        /** @type {Worker | null} */
        this.worker = null;
        /** Set by the core. @type {(event: MessageEvent) => void} */
        this.onmessage = () => {};
        /** Set by the core. @type {(event: ErrorEvent) => void} */
        this.onerror = () => {};
    }

    /** @param {any} message */
    postMessage(message) {
        this.worker ??= this.start();
        this.worker.postMessage(message);
    }

    start() {
        const worker = spawn(new URL(this.address), 'clipwright thread');
        worker.addEventListener('message', (event) => this.onmessage(event));
        worker.addEventListener('error', (event) => this.onerror(event));
        return worker;
    }

    terminate() {
        this.worker?.terminate();
    }
}

/**
 * @param {CreateCore} createCore of the core with threads
 * @param {number} threads how many processors it shall know of
 * @returns {CreateCore}
 */
export function pooled(createCore, threads) {
    return (options) => {
        const own = globalThis.Worker;
        Object.defineProperty(navigator, 'hardwareConcurrency', { value: threads });
        // The core adds all that it offers to the very object that it is given, and makes its workers before it returns.
        const module = /** @type {ThreadedModule} */ (/** @type {unknown} */ (options));
        const preRun = [() => (module.PThread.unusedWorkers.length = LOTS * threads)];
        globalThis.Worker = /** @type {any} */ (Thread);
        try {
            return createCore(Object.assign(options, { preRun }));
        } finally {
            globalThis.Worker = own;
        }
    };
}

/**
 * The same work, with that many threads to decode and to encode, and none where the core would need ever more of them.
 * @param {string[]} argv of one input or several, the output's name last
 * @param {number} threads
 * @returns {string[]}
 */
export function threaded(argv, threads) {
    const count = ['-threads', String(threads)];
    const reading = [...count, '-thread_queue_size', '0'];
    const words = argv.flatMap((word) => (word === '-i' ? [...reading, word] : [word]));
    return ['-filter_threads', '1', '-filter_complex_threads', '1', ...words.slice(0, -1), ...count, ...words.slice(-1)];
}
