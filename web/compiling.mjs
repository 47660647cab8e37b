/**
 * Compiles Python's libraries to bytecode with the Pyodide that will import them: `node compiling.mjs TASKS`, where TASKS is
 * JSON, a list of `{source, place, target}`: an archive, where it will lie in Pyodide's file system, the archive to write.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadPyodide } from 'pyodide';

// With another seed sets would be written in another order, and no two builds would be the same.
const pyodide = await loadPyodide({ packages: [], env: { HOME: '/home/pyodide', PYTHONHASHSEED: '0' } });
pyodide.runPython(await readFile(fileURLToPath(new URL('compiling.py', import.meta.url)), 'utf-8'));
const compiled = pyodide.globals.get('compiled');

/** @param {{source: string, place: string, target: string}} task */
async function compile({ source, place, target }) {
    pyodide.FS.writeFile('/archive', await readFile(source));
    const archive = pyodide.runPython("open('/archive', 'rb').read()");
    const made = compiled(archive, place);
    await writeFile(target, made.toJs());
    made.destroy();
    archive.destroy();
}

try {
    for (const task of JSON.parse(process.argv[2])) await compile(task);
} catch (error) {
    // Left to Node, the error would come with the whole minified line of Pyodide that it passed through.
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
}
