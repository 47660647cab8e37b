/** A worker that may be thrown away at any moment: to cancel, after a crash, after a hang, or when it is worn out. */

import { cancelled, ClipwrightError, connect } from './rpc.js';

const TICK_MS = 1000;

/**
 * @typedef {{
 *   name: string,
 *   spawn: () => Worker,
 *   boot?: (request: (op: string, args?: any) => Promise<any>) => Promise<unknown>,
 *   graceMs: number,
 *   silenceMs: number,
 *   maxRuns?: number,
 *   fragile?: boolean,
 * }} Options
 *   `graceMs` after a cancel until the worker is terminated; `silenceMs` without a sign of life until it counts as hung;
 *   `maxRuns` requests until it is replaced; `fragile` replaces it after any failed request.
 * @typedef {{rpc: ReturnType<typeof connect>, runs: number, ready: Promise<unknown>, end: (error: ClipwrightError) => void}} Live
 * @typedef {ReturnType<typeof createDisposable>} Disposable
 */

/** @param {Options} options */
export function createDisposable({ name, spawn, boot, graceMs, silenceMs, maxRuns = Infinity, fragile = false }) {
    /** @type {Live | null} */
    let live = null;

    /** @returns {Live} */
    function start() {
        const worker = spawn();
        let silentTicks = 0;
        const rpc = connect(worker, { onActivity: () => (silentTicks = 0) });
        // Counting ticks instead of reading a clock: a laptop that slept has not been silent.
        const watchdog = setInterval(() => {
            silentTicks = rpc.pending ? silentTicks + 1 : 0;
            if (silentTicks * TICK_MS > silenceMs) current.end(failure(`The ${name} engine stopped responding.`));
        }, TICK_MS);
        /** @type {Live} */
        const current = {
            rpc,
            runs: 0,
            ready: Promise.resolve(),
            end(error) {
                clearInterval(watchdog);
                worker.terminate();
                if (live === current) live = null;
                rpc.fail(error);
            },
        };
        worker.addEventListener('error', (event) => {
            event.preventDefault();
            current.end(failure(`The ${name} engine crashed.`, `${event.message} (${event.filename}:${event.lineno})`));
        });
        worker.addEventListener('messageerror', () => current.end(failure(`The ${name} engine sent a message that cannot be read.`)));
        current.ready = boot ? boot((op, args) => rpc.request(op, args)) : current.ready;
        current.ready.catch((error) => current.end(error));
        return current;
    }

    /** @param {string} message @param {string} [detail] */
    function failure(message, detail = '') {
        return new ClipwrightError('engine', message, { hint: 'Try again, or try another mode.', detail });
    }

    return {
        /**
         * @param {string} op
         * @param {any} args
         * @param {{signal?: AbortSignal, onProgress?: (value: import('./rpc.js').Progress) => void}} [options]
         * @returns {Promise<any>}
         */
        async request(op, args, { signal, onProgress } = {}) {
            if (live && live.runs >= maxRuns) live.end(cancelled());
            const current = (live ??= start());
            current.runs += 1;
            /** @type {ReturnType<typeof setTimeout> | undefined} */
            let axe;
            const onAbort = () => {
                axe = setTimeout(() => current.end(cancelled()), graceMs);
            };
            signal?.addEventListener('abort', onAbort);
            if (signal?.aborted) onAbort();
            try {
                await current.ready;
                return await current.rpc.request(op, args, { signal, onProgress });
            } catch (error) {
                if (fragile) current.end(failure(`The ${name} engine was replaced after a failure.`));
                throw error;
            } finally {
                clearTimeout(axe);
                signal?.removeEventListener('abort', onAbort);
            }
        },
        /** Stop whatever runs; the next request starts a new worker. */
        stop() {
            live?.end(cancelled());
        },
    };
}
