/** Python scripts in a worker of PyScript's: started when first needed, ended to stop what runs. */

import { holdScratch } from '../scratch.js';

/**
 * @typedef {{code: number, error: {code: string, message: string, hint: string, detail: string} | null}} Ended
 * @typedef {object} Listener what hears of a running script
 * @property {(kind: string, text: string) => void} write
 * @property {(done: number) => void} progress from 0 to 1
 * @property {(name: string, file: Blob) => void} saved
 */

/** @param {URL} base the folder that `dist/` was copied to */
export function createRunner(base) {
    const lock = holdScratch();
    /** @type {ReturnType<typeof start> | null} */
    let running = null;

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
        return { channel, worker, ready };
    }

    /** End the worker with all that it does; the next script gets another. */
    function stop() {
        const { channel, worker } = running ?? {};
        running = null;
        channel?.close();
        void worker?.then((/** @type {Worker} */ one) => one.terminate(), () => {});
    }

    return {
        /**
         * Run a script to its end; resolves with how it ended, rejects where scripts cannot be run at all.
         * @param {string} code
         * @param {File[]} files
         * @param {Listener} listener
         * @returns {Promise<Ended>}
         */
        async run(code, files, listener) {
            running ??= start();
            const { channel, ready } = running;
            try {
                await ready;
            } catch (error) {
                stop();
                throw error;
            }
            return new Promise((resolve) => {
                channel.onmessage = ({ data: { event, value } }) => {
                    if (event === 'write') listener.write(value.kind, value.text);
                    else if (event === 'progress') listener.progress(value.done);
                    else if (event === 'saved') listener.saved(value.name, value.file);
                    else if (event === 'ended') resolve(value);
                };
                void lock.then((scratch) => channel.postMessage({ event: 'run', value: { code, files, scratch } }));
            });
        },
        stop,
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
