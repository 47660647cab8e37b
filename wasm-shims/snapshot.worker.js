/** Makes a snapshot of a Python that was just started and has imported what ours will need; then it is thrown away. */

import { REVISION, fetchInterpreter } from './interpreter.js';
import keepCode from './keptcode.py' with { type: 'text' };
import { REVISION as OURS, fetchLibraries, install } from './libraries.js';
import { FOLDER, keepSnapshot, snapshotKey } from './snapshots.js';

/** A snapshot takes a sixth of this; the rest is for what people make. */
const ROOM_BYTES = 100e6;

/** @param {{base: string, modules: string[]}} wanted */
async function make({ base, modules }) {
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    if (quota - usage < ROOM_BYTES) throw new Error('there is no room to keep a snapshot in');
    const start = fetchInterpreter(new URL(base));
    const archives = fetchLibraries(new URL(base));
    const pyodide = await start({ _makeSnapshot: true });
    // No proxy may live while the snapshot is taken, and none of ours is imported: compiled code of others would be loaded for it.
    for (const name of modules) pyodide.pyimport(name).destroy();
    install(pyodide, await archives);
    pyodide.runPython(keepCode);
    await keepSnapshot(await snapshotKey([REVISION, OURS]), pyodide.makeMemorySnapshot());
}

self.addEventListener('message', (/** @type {any} */ { data }) => {
    // This worker outlives the one that started it for a moment: whoever clears all away must know when it has gone, too.
    const made = navigator.locks ? navigator.locks.request(FOLDER, () => make(data)) : make(data);
    made.then(
        () => self.postMessage({ event: 'kept' }),
        (error) => self.postMessage({ event: 'failed', value: String(error) }),
    );
});
