/**
 * Takes a snapshot of a Python that has drawn a random number, restores it twice, and prints what is drawn next: before and
 * after `reseed`.  `node snapshot.mjs WHEELS`
 */

import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadPyodide } from 'pyodide';

const [folder] = process.argv.slice(2);
const wheels = (await readdir(folder)).filter((name) => name.endsWith('.whl'));
const source = await loadPyodide({ packages: [], _makeSnapshot: true });
source.pyimport('random').destroy();
const snapshot = source.makeMemorySnapshot();

const drawn = [];
for (let nth = 0; nth < 2; nth++) {
    const pyodide = await loadPyodide({ packages: [], _loadSnapshot: snapshot });
    for (const name of wheels) pyodide.unpackArchive(new Uint8Array(await readFile(join(folder, name))), 'wheel');
    const random = pyodide.pyimport('random');
    const host = pyodide.pyimport('clipwright.host');
    const frozen = random.random();
    host.reseed();
    drawn.push({ frozen, fresh: random.random(), modules: JSON.parse(host.standard_modules()) });
}
process.stdout.write(JSON.stringify(drawn));
