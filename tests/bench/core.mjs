/** Runs `timing.py` in Pyodide over the site's wheels and prints what it measured: `node core.mjs WHEELS RUNS`. */

import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadPyodide } from 'pyodide';

const [wheels, runs] = process.argv.slice(2);
const pyodide = await loadPyodide({ packages: [] });
const packages = pyodide.runPython('import sysconfig; sysconfig.get_path("purelib")');
for (const name of (await readdir(wheels)).filter((file) => file.endsWith('.whl'))) {
    pyodide.unpackArchive(new Uint8Array(await readFile(join(wheels, name))), 'wheel', { extractDir: packages });
}
pyodide.FS.writeFile('/home/pyodide/timing.py', await readFile(new URL('timing.py', import.meta.url)));
try {
    console.log(pyodide.runPython(`import sys; sys.path.insert(0, '/home/pyodide'); import timing; timing.main(${Number(runs)})`));
} catch (error) {
    // Left to Node, the error would come with the whole minified line of Pyodide that it passed through.
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
}
