/** Workers that may be thrown away at any moment: to cancel, after a crash, after a hang, or when one is worn out. */

import { watchLife } from './life.js';
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
 *   secondTry?: boolean,
 * }} Options
 *   `graceMs` after a cancel until the worker is terminated; `silenceMs` without a sign of life until it counts as hung;
 *   `maxRuns` requests until it is replaced; `fragile` replaces it after any failed request;
 *   `secondTry` gives what a worker did not survive, or never heard of, to another, once.
 * @typedef {{rpc: ReturnType<typeof connect>, runs: number, alive: boolean, died: boolean, ready: Promise<unknown>, end: (error: ClipwrightError) => void}} Live
 * @typedef {import('./rpc.js').Progress} Progress
 * @typedef {{signal?: AbortSignal, onProgress?: (value: Progress) => void}} Asking
 */

/**
 * An engine that gives every request a worker to itself, so that ending one never harms another; one is kept for the next.
 * @param {Options} options
 */
export function createDisposable({ name, spawn, boot, graceMs, silenceMs, maxRuns = Infinity, fragile = false, secondTry = true }) {
    /** @type {Live | null} */
    let idle = null;
    /** @type {Set<Live>} */
    const busy = new Set();

    /** @returns {Live} */
    function start() {
        const worker = spawn();
        let silentTicks = 0;
        let isHeard = false;
        let unwatch = () => {};
        const rpc = connect(worker, {
            onActivity: () => {
                silentTicks = 0;
                isHeard = true;
            },
            onEvent: (event, value) => {
                if (event === 'crashed') current.end(failure(`The ${name} engine crashed.`, value.detail));
                if (event === 'alive') unwatch = watchLife(value, died);
            },
        });
        // Counting ticks instead of reading a clock: a laptop that slept has not been silent.
        const watchdog = setInterval(() => {
            silentTicks = rpc.pending ? silentTicks + 1 : 0;
            if (silentTicks * TICK_MS > silenceMs) fallSilent();
        }, TICK_MS);
        /** @type {Live} */
        const current = {
            rpc,
            runs: 0,
            alive: true,
            died: false,
            ready: Promise.resolve(),
            end(error) {
                clearInterval(watchdog);
                unwatch();
                worker.terminate();
                current.alive = false;
                if (idle === current) idle = null;
                rpc.fail(error);
            },
        };
        function died() {
            current.died = true;
            current.end(failure(`The ${name} engine crashed.`, 'its worker has ended'));
        }
        function fallSilent() {
            // Of thousands of workers that a worker starts in Firefox 153 one never runs: nothing to do with what it was asked.
            current.died = !isHeard;
            current.end(failure(`The ${name} engine stopped responding.`));
        }
        worker.addEventListener('error', (event) => {
            event.preventDefault();
            current.end(isLoaded(event) ? failure(`The ${name} engine crashed.`, `${event.message} (${event.filename}:${event.lineno})`) : missing());
        });
        worker.addEventListener('messageerror', () => current.end(failure(`The ${name} engine sent a message that cannot be read.`)));
        if (boot) current.ready = boot((op, args) => rpc.request(op, args));
        current.ready.catch((error) => current.end(error));
        return current;
    }

    /** @param {string} message @param {string} [detail] */
    function failure(message, detail = '') {
        return new ClipwrightError('engine', message, { hint: 'Try again, or try another mode.', detail });
    }

    function missing() {
        const hint = 'Check the connection and try again. If Clipwright was updated meanwhile, reload the page.';
        return new ClipwrightError('engine', `The ${name} engine could not be loaded.`, { hint });
    }

    /** @returns {Live} a worker that nobody else uses until it is released */
    function take() {
        const current = idle ?? start();
        idle = null;
        current.runs += 1;
        busy.add(current);
        return current;
    }

    /** @param {Live} current @param {boolean} worn */
    function release(current, worn) {
        busy.delete(current);
        if (!current.alive) return;
        if (worn || idle || current.runs >= maxRuns) current.end(cancelled());
        else idle = current;
    }

    /**
     * @param {Live} current
     * @param {string} op
     * @param {any} args
     * @param {Asking} asking
     */
    async function ask(current, op, args, { signal, onProgress }) {
        let worn = fragile;
        /** @type {ReturnType<typeof setTimeout> | undefined} */
        let axe;
        const onAbort = () => {
            axe = setTimeout(() => current.end(cancelled()), graceMs);
        };
        signal?.addEventListener('abort', onAbort);
        try {
            await current.ready;
            const value = await current.rpc.request(op, args, { signal, onProgress });
            worn = value?.spent === true;
            return value;
        } finally {
            clearTimeout(axe);
            signal?.removeEventListener('abort', onAbort);
            release(current, worn);
        }
    }

    return {
        /**
         * A worker that dies, or never lived, gets a second one to do the same; what fails in both is told.
         * @param {string} op
         * @param {any} args
         * @param {Asking} [asking]
         * @returns {Promise<any>}
         */
        async request(op, args, asking = {}) {
            if (asking.signal?.aborted) throw cancelled();
            const first = take();
            try {
                return await ask(first, op, args, asking);
            } catch (error) {
                if (!first.died || !secondTry || asking.signal?.aborted) throw error;
                return ask(take(), op, args, asking);
            }
        },
        /** Stop whatever runs; the next request starts a new worker. */
        stop() {
            for (const current of idle ? [idle, ...busy] : busy) current.end(cancelled());
        },
    };
}

/** What browsers say of a script that they could not get has no message. @param {Event} event */
function isLoaded(event) {
    return event instanceof ErrorEvent;
}
