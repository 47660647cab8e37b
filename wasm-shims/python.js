/** Pyodide and the project's modules: from nothing to a handler that turns text into text. */

import { fetchInterpreter } from './interpreter.js';
import { ARCHIVES, EXTENSIONS, fetchParts, install, open } from './libraries.js';
import { forgetSnapshots } from './snapshots.js';

/**
 * @import {Kept} from './snapshots.js'
 * @typedef {(jobId: string, text: string) => Promise<string>} TextHandler
 *
 * @typedef {object} Booted
 * @property {any} host the module that Python is asked through
 * @property {boolean} isRestored it was restored from a snapshot
 * @property {() => string[]} modules the standard library's modules that are imported by now
 * @property {Promise<void>} installed resolves when all can be imported that is not yet
 */

/**
 * Start Python: from a snapshot of its memory where one is kept, otherwise, and whenever that fails, from the beginning.
 * @param {URL} base where `pyodide/` and `modules/` lie
 * @param {Promise<Kept | null>} reading what an earlier start kept
 * @param {Promise<WebAssembly.Module>} module the interpreter
 * @param {(stage: string) => void} mark called as each stage is reached
 * @returns {Promise<Booted>}
 */
export async function bootPython(base, reading, module, mark) {
    // 1. What every start needs is asked for at once.
    const start = fetchInterpreter(base, module);
    const extensions = fetchParts(EXTENSIONS, base);
    const kept = await reading;
    if (kept) {
        mark('snapshot');
        try {
            const pyodide = await start({ _loadSnapshot: kept.snapshot }, extensions);
            mark('interpreter');
            const restored = imported(pyodide, mark);
            restored.host.reseed();
            return { ...restored, isRestored: true, installed: install(pyodide, fetchParts(ARCHIVES, base)) };
        } catch {
            await forgetSnapshots();
        }
    }
    // 2. The interpreter.
    const parts = new Map([...fetchParts(ARCHIVES, base), ...extensions]);
    const pyodide = await start({}, parts);
    mark('interpreter');
    // 3. Ours and what it needs.
    await install(pyodide, parts);
    open(pyodide);
    mark('libraries');
    return { ...imported(pyodide, mark), isRestored: false, installed: Promise.resolve() };
}

/**
 * The only module of ours that may touch JavaScript.
 * @param {any} pyodide
 * @param {(stage: string) => void} mark
 */
function imported(pyodide, mark) {
    const host = pyodide.pyimport('clipwright.host');
    mark('imports');
    return { host, modules: () => JSON.parse(host.standard_modules()) };
}
