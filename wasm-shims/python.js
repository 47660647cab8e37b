/** Pyodide and the project's wheels: from nothing to a handler that turns text into text. */

import { withWhole } from './integrity.js';
import { forgetSnapshots, readSnapshot, snapshotKey } from './snapshots.js';
import { fetchWheels } from './wheels.js';

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
 * @param {URL} base where `pyodide/` and `wheels/` lie
 * @param {(stage: string) => void} mark called as each stage is reached
 * @returns {Promise<Booted>}
 */
export async function bootPython(base, mark) {
    // 1. Everything is asked for at once; wheels arrive while Pyodide compiles.
    const kept = readSnapshot();
    const asm = import(new URL('pyodide/pyodide.asm.mjs', base).href);
    asm.catch(() => {});
    const { index, archives } = fetchWheels(base);
    const { loadPyodide, version } = await import(new URL('pyodide/pyodide.mjs', base).href);
    const key = await snapshotKey([version, await index]);
    const found = await kept;
    const snapshot = found?.key === key ? found.snapshot : null;

    /** @param {object} more */
    async function load(more) {
        // 2. The interpreter.
        const { default: createPyodideModule } = await asm;
        const options = { indexURL: new URL('pyodide/', base).href, packages: [], createPyodideModule, ...more };
        const pyodide = await withWhole(base, () => loadPyodide(options));
        mark('interpreter');
        // 3. The wheels, unpacked as they are: their versions and hashes were fixed when the site was built.
        for (const archive of await archives) pyodide.unpackArchive(archive, 'wheel');
        mark('wheels');
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
