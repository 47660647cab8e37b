/** Makes a snapshot of a Python that was just started and has imported what ours will need; then it is thrown away. */

import { withWhole } from './integrity.js';
import keepCode from './keptcode.py' with { type: 'text' };
import { FOLDER, keepSnapshot, snapshotKey } from './snapshots.js';
import { fetchWheels } from './wheels.js';

/** A snapshot takes a sixth of this; the rest is for what people make. */
const ROOM_BYTES = 100e6;

/** @param {{base: string, modules: string[]}} wanted */
async function make({ base, modules }) {
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    if (quota - usage < ROOM_BYTES) throw new Error('there is no room to keep a snapshot in');
    const indexURL = new URL('pyodide/', base).href;
    // The key tells what is fetched here: meanwhile the host may have got another version.
    const { index, archives } = fetchWheels(new URL(base));
    const { loadPyodide, version } = await import(new URL('pyodide/pyodide.mjs', base).href);
    const pyodide = await withWhole(new URL(base), () => loadPyodide({ indexURL, packages: [], _makeSnapshot: true }));
    // No proxy may live while the snapshot is taken, and none of ours is imported: compiled code of others would be loaded for it.
    for (const name of modules) pyodide.pyimport(name).destroy();
    for (const archive of await archives) pyodide.unpackArchive(archive, 'wheel');
    pyodide.runPython(keepCode);
    await keepSnapshot(await snapshotKey([version, await index]), pyodide.makeMemorySnapshot());
}

self.addEventListener('message', (/** @type {any} */ { data }) => {
    // This worker outlives the one that started it for a moment: whoever clears all away must know when it has gone, too.
    const made = navigator.locks ? navigator.locks.request(FOLDER, () => make(data)) : make(data);
    made.then(
        () => self.postMessage({ event: 'kept' }),
        (error) => self.postMessage({ event: 'failed', value: String(error) }),
    );
});
