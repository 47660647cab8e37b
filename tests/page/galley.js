/** Asks the ffmpeg worker directly, with arguments that no plan has. */

const core = WebAssembly.compileStreaming(fetch('/ffmpeg/ffmpeg-core.wasm'));
/** @type {Worker | null} */
let worker = null;

/** @param {string} op @param {any} args @returns {Promise<any>} */
function ask(op, args) {
    const { promise, resolve } = Promise.withResolvers();
    worker.addEventListener('message', function heard({ data }) {
        if (!('ok' in data)) return;
        worker.removeEventListener('message', heard);
        resolve(data);
    });
    worker.postMessage({ id: 1, op, args });
    return promise;
}

/** A worker that takes another run. @param {WebAssembly.Module} module */
async function started(module) {
    if (worker) return;
    worker = new Worker('/ffmpeg.worker.js', { type: 'module' });
    const { ok, error } = await ask('load', { module });
    if (!ok) throw new Error(error.detail);
}

globalThis.galley = {
    /**
     * Run ffmpeg with each job's arguments, one after the other, and PUT what comes out.
     * @param {{inputs: string[], output: string, argv: string[], keep: string}[]} jobs `inputs` are names of chosen files
     * @returns {Promise<string[]>} for each what went wrong, if anything
     */
    async run(jobs) {
        const files = new Map([...document.querySelector('#files').files].map((file) => [file.name, file]));
        const faults = [];
        for (const { inputs, output, argv, keep } of jobs) {
            await started(await core);
            const named = inputs.map((name) => ({ name, file: files.get(name) }));
            const { ok, value, error } = await ask('run', { inputs: named, output, argv, duration_us: 0 });
            if (ok) await fetch(keep, { method: 'PUT', body: value.file });
            faults.push(ok ? '' : `${error.message} ${error.detail}`);
            if (ok && !value.spent) continue;
            worker.terminate();
            worker = null;
        }
        return faults;
    },
};
