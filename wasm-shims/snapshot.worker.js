/** Makes a snapshot of a Python that was just started and has imported what ours will need; then it is thrown away. */

import { compileInterpreter } from './compiled.js';
import { fetchInterpreter } from './interpreter.js';
import keepCode from './keptcode.py' with { type: 'text' };
import { ARCHIVES, EXTENSIONS, fetchParts, install, open } from './libraries.js';
import { FOLDER, keepSnapshot } from './snapshots.js';

/** A snapshot takes a sixth of this; the rest is for what people make. */
const ROOM_BYTES = 100e6;

/** @param {{base: string, modules: string[], known: any}} wanted `known` is kept with it */
async function make({ base, modules, known }) {
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    if (quota - usage < ROOM_BYTES) throw new Error('there is no room to keep a snapshot in');
    const start = fetchInterpreter(new URL(base), compileInterpreter(new URL(base)));
    const parts = fetchParts([...ARCHIVES, ...EXTENSIONS], new URL(base));
    const pyodide = await start({ _makeSnapshot: true }, parts);
    await install(pyodide, parts);
    open(pyodide);
    // No proxy may live while the snapshot is taken.
    const host = pyodide.pyimport('clipwright.host');
    host.rehearse();
    host.destroy();
    for (const name of modules) pyodide.pyimport(name).destroy();
    pyodide.runPython(keepCode);
    await keepSnapshot({ snapshot: pyodide.makeMemorySnapshot(), known });
}

self.addEventListener('message', (/** @type {any} */ { data }) => {
    // This worker outlives the one that started it for a moment: whoever clears all away must know when it has gone, too.
    const made = navigator.locks ? navigator.locks.request(FOLDER, () => make(data)) : make(data);
    made.then(
        () => self.postMessage({ event: 'kept' }),
        (error) => self.postMessage({ event: 'failed', value: String(error) }),
    );
});
