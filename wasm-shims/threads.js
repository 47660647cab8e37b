/**
 * FFmpeg on several processor cores: which runs are made by the core with threads, and how little is lost where that fails.
 *
 * It is the same FFmpeg of the same version, so Python does not plan for it. It comes as a pack, and is used where that is installed,
 * in pages that are isolated. Its threads hang where FFmpeg asks for more of them than were started, and its memory is 1 GiB at
 * most, so only runs go to it that are known to be safe; what it fails to do the caller does without threads, and it is not asked again.
 */

import { compiledOnce } from './cores.js';
import { createDisposable } from './disposable.js';
import { fetchWhole } from './integrity.js';
import { ClipwrightError } from './rpc.js';

/**
 * @import {RunFfmpeg} from '../web/protocol.gen.js'
 * @import {Asking} from './disposable.js'
 */

/** Put in by esbuild: the pack's files, and the name of its revision. @type {{cache: string, files: string[]}} */
// @ts-expect-error There is no such name until the site is built.
const PACK = BUILT_THREADS;
const CORE = 'ffmpeg-mt/ffmpeg-core.wasm';
/** More of them hardly help, and each is a worker. */
const MOST_THREADS = 4;
/** The one that gains: libvpx takes three times as long with threads (VP8), and of the others the page uses none. */
const ENCODER = 'libx264';
/** What fits into its memory several times; four times as many may not. */
const MOST_PIXELS = 1920 * 1088;
/** Pixels times microseconds; less is done sooner than its workers are started. */
const LEAST_WORK = 5e12;
/** From the compiled core to the first run; it takes half a second. */
const START_MS = 8000;
/** FFmpeg that works says something four times a second. */
const SILENCE_MS = 10_000;
/** What FFmpeg without threads would say as well. */
const SHARED = new Set(['cancelled', 'capability', 'corrupt_media', 'media', 'bad_request']);

/**
 * @param {URL} base where the site lies
 * @param {() => Worker} spawn starts the ffmpeg worker
 */
export function createThreads(base, spawn) {
    const threads = Math.min(navigator.hardwareConcurrency, MOST_THREADS);
    let isUsable = self.crossOriginIsolated && threads > 1;
    /** Two of them would want 2 GiB. */
    let isBusy = false;
    const compiled = compiledOnce(CORE, base);
    const engine = createDisposable({
        name: 'FFmpeg',
        spawn,
        boot: async (request) => {
            const scripts = PACK.files.filter((file) => file !== CORE).map((file) => fetchWhole(file, base));
            const [module] = await Promise.all([compiled(), ...scripts]);
            await inTime(request('load', { module, threads }));
        },
        graceMs: 0,
        silenceMs: SILENCE_MS,
        // It gets slower from run to run, and an idle one would hold its memory.
        maxRuns: 1,
        fragile: true,
        secondTry: false,
    });

    return {
        /**
         * @param {RunFfmpeg} step
         * @param {() => any} args of the ffmpeg worker's `run`
         * @param {Asking} asking
         * @param {Record<string, number>} timings gets what was spent here, in milliseconds: `threads`, or `threads_lost`
         * @returns {Promise<any>} the worker's reply; null: this is to be done without threads
         */
        async run(step, args, asking, timings) {
            if (!isUsable || isBusy || !gains(step) || !(await isKept(base))) return null;
            const started = performance.now();
            const spent = (/** @type {string} */ name) => (timings[name] = (timings[name] ?? 0) + performance.now() - started);
            isBusy = true;
            try {
                const made = await engine.request('run', args(), asking);
                spent('threads');
                return made;
            } catch (/** @type {any} */ error) {
                if (asking.signal?.aborted || SHARED.has(error?.code)) throw error;
                isUsable = false;
                spent('threads_lost');
                console.info(`Clipwright goes on without threads: ${error?.message} ${error?.detail ?? ''}`);
                return null;
            } finally {
                isBusy = false;
            }
        },
        stop: engine.stop,
    };
}

/** Whether a run is sooner done with threads, and safe. @param {RunFfmpeg} step */
function gains({ inputs, argv, pixels, duration_us }) {
    return argv.includes(ENCODER) && inputs.length === 1 && pixels <= MOST_PIXELS && pixels * duration_us >= LEAST_WORK;
}

/** Whether all of the pack is on this device: nobody has asked for its 32 MB otherwise. @param {URL} base */
async function isKept(base) {
    const cacheName = `clipwright-${PACK.cache}:${base.href}`;
    try {
        const found = await Promise.all(PACK.files.map((file) => caches.match(new URL(file, base), { cacheName })));
        return found.every(Boolean);
    } catch {
        return false;
    }
}

/** @param {Promise<any>} starting */
async function inTime(starting) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new ClipwrightError('engine', 'The FFmpeg engine did not start in time.', { hint: 'Try again.' })), START_MS);
    });
    await Promise.race([starting, late]).finally(() => clearTimeout(timer));
}
