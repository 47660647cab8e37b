/** Python scripts in a worker of PyScript's: started when first needed, ended to stop what runs. */

import { holdScratch } from '../scratch.js';

/**
 * @typedef {{code: number, error: {code: string, message: string, hint: string, detail: string} | null}} Ended
 * @typedef {object} Listener what hears of a running script
 * @property {(runs: [string, string][]) => void} write each with its kind, `out` or `err`
 * @property {(done: number) => void} progress from 0 to 1
 * @property {(name: string, file: Blob) => void} saved
 */

/** A browser does not say when it has finished a download. */
const GRACE_MS = 10 * 60_000;

/** @param {URL} base the folder that `dist/` was copied to */
export function createRunner(base) {
    /** @type {ReturnType<typeof start> | null} */
    let running = null;
    /** @type {AbortController[]} what workers that were stopped left on disk, which may still be shown */
    const left = [];

    function start() {
        const name = `clipwright-script-${crypto.randomUUID()}`;
        const channel = new BroadcastChannel(name);
        const worker = import(new URL('pyscript/core.js', base).href).then(({ PyWorker, hooks }) => {
            // PyScript sends its hook as text and makes a function of it, which would take 'unsafe-eval'; it is for `async` scripts
            // only, and ours is none.
            hooks.worker.onBeforeRunAsync.clear();
            return PyWorker(new URL('script.py', base).href, { version: new URL('pyodide/pyodide.mjs', base).href, config: configuration(base, name) });
        });
        const ready = new Promise((resolve, reject) => {
            worker.catch(reject);
            channel.onmessage = ({ data }) => (data.event === 'ready' ? resolve(null) : reject(new Error(data.value)));
        });
        const over = new AbortController();
        return { channel, worker, ready, over, scratch: holdScratch(over.signal) };
    }

    /** End the worker with all that it does; the next script gets another. */
    function stop() {
        if (!running) return;
        const { channel, worker, over } = running;
        running = null;
        left.push(over);
        channel.close();
        void worker.then((/** @type {Worker} */ one) => one.terminate(), () => {});
    }

    return {
        /**
         * Run a script to its end; resolves with how it ended, rejects where scripts cannot be run, or not any more.
         * @param {string} code
         * @param {File[]} files
         * @param {Listener} listener
         * @returns {Promise<Ended>}
         */
        async run(code, files, listener) {
            const mine = (running ??= start());
            const { channel } = mine;
            try {
                await mine.ready;
                const scratch = await mine.scratch;
                return await new Promise((resolve, reject) => {
                    channel.onmessage = ({ data: { event, value } }) => {
                        if (event === 'write') listener.write(value);
                        else if (event === 'progress') listener.progress(value.done);
                        else if (event === 'saved') listener.saved(value.name, value.file);
                        else if (event === 'ended') resolve(value);
                        else if (event === 'failed') reject(new Error(value));
                    };
                    channel.postMessage({ event: 'run', value: { code, files, scratch } });
                });
            } catch (error) {
                if (running === mine) stop();
                throw error;
            }
        },
        stop,
        /** Results that were saved until now are not shown any more. */
        forget() {
            const gone = left.splice(0);
            setTimeout(() => gone.forEach((over) => over.abort()), GRACE_MS);
        },
    };
}

/**
 * @param {URL} base
 * @param {string} channel
 */
function configuration(base, channel) {
    return {
        // Without it PyScript wants SharedArrayBuffer, which a plain host does not give.
        sync_main_only: true,
        interpreter: new URL('pyodide/pyodide.mjs', base).href,
        js_modules: { worker: { [new URL('scripting.js', base).href]: 'clipwright_scripting' } },
        clipwright_base: base.href,
        clipwright_channel: channel,
    };
}
