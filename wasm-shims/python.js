/** Pyodide and the project's modules: from nothing to a handler that turns text into text. */

import { REVISION, fetchInterpreter } from './interpreter.js';
import { REVISION as OURS, fetchLibraries, install } from './libraries.js';
import { forgetSnapshots, readSnapshot, snapshotKey } from './snapshots.js';

/**
 * @typedef {(jobId: string, text: string) => Promise<string>} TextHandler
 *
 * @typedef {object} Booted
 * @property {any} host the module that Python is asked through
 * @property {boolean} isRestored it was restored from one
 * @property {() => string[]} modules the standard library's modules that are imported by now
 */

/**
 * Start Python: from a snapshot of its memory where one is kept, otherwise, and whenever that fails, from the beginning.
 * @param {URL} base where `pyodide/` and `modules/` lie
 * @param {(stage: string) => void} mark called as each stage is reached
 * @returns {Promise<Booted>}
 */
export async function bootPython(base, mark) {
    // 1. Everything is asked for at once.
    const kept = readSnapshot();
    const start = fetchInterpreter(base);
    const archives = fetchLibraries(base);
    const found = await kept;
    const snapshot = found?.key === (await snapshotKey([REVISION, OURS])) ? found.snapshot : null;

    /** @param {object} options */
    async function load(options) {
        // 2. The interpreter.
        const pyodide = await start(options);
        mark('interpreter');
        // 3. Ours and what it needs.
        install(pyodide, await archives);
        mark('libraries');
        // 4. The only module of ours that may touch JavaScript.
        const host = pyodide.pyimport('clipwright.host');
        mark('imports');
        return { host, modules: () => JSON.parse(host.standard_modules()) };
    }

    if (snapshot) {
        mark('snapshot');
        try {
            const restored = await load({ _loadSnapshot: snapshot });
            restored.host.reseed();
            return { ...restored, isRestored: true };
        } catch {
            await forgetSnapshots();
        }
    }
    return { ...(await load({})), isRestored: false };
}
