/** Pyodide and the project's wheels: from nothing to a handler that turns text into text. */

/**
 * @typedef {{name: string, file: string, sha256: string, integrity: string}} Wheel
 * @typedef {(jobId: string, text: string) => Promise<string>} TextHandler
 */

/**
 * @param {URL} base where `pyodide/` and `wheels/` lie
 * @param {(stage: string) => void} mark called as each stage is reached
 */
export async function bootPython(base, mark) {
    // 1. Everything is asked for at once; wheels arrive while Pyodide compiles.
    const archives = fetchWheels(new URL('wheels/', base));
    const indexURL = new URL('pyodide/', base).href;
    const { loadPyodide } = await import(new URL('pyodide/pyodide.mjs', base).href);
    // 2. The interpreter.
    const pyodide = await loadPyodide({ indexURL, packages: [] });
    mark('interpreter');
    // 3. The wheels, unpacked as they are: their versions and hashes were fixed when the site was built.
    for (const archive of await archives) pyodide.unpackArchive(archive, 'wheel');
    mark('wheels');
    // 4. The only module of ours that may touch JavaScript.
    const host = pyodide.pyimport('clipwright.host');
    mark('imports');
    return host;
}

/** @param {URL} folder */
async function fetchWheels(folder) {
    /** @type {Wheel[]} */
    const wheels = await (await fetch(new URL('index.json', folder))).json();
    return Promise.all(
        wheels.map(async ({ file, integrity }) => (await fetch(new URL(file, folder), { integrity })).arrayBuffer()),
    );
}
