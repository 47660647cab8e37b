/**
 * Run tests/unit inside Pyodide, the Python that the page runs: `node unit_in_pyodide.mjs WHEELS... [-- pytest arguments]`.
 * `build.py test unit` calls it with the folders that hold the wheels: those of the site, and those of pytest.
 */

import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPyodide } from 'pyodide';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cut = process.argv.indexOf('--');
const folders = process.argv.slice(2, cut);
const pytestArguments = process.argv.slice(cut + 1);

const pyodide = await loadPyodide({ packages: [], env: { HOME: '/home/pyodide', PYTHONDONTWRITEBYTECODE: '1' } });
const packages = pyodide.runPython('import sysconfig; sysconfig.get_path("purelib")');
for (const folder of folders) {
    for (const name of (await readdir(folder)).filter((file) => file.endsWith('.whl'))) {
        const wheel = new Uint8Array(await readFile(join(folder, name)));
        pyodide.unpackArchive(wheel, 'wheel', { extractDir: packages });
    }
}

// Read-only as far as the tests go: what they need beside the code they must make themselves.
pyodide.FS.mkdirTree('/project/tests/unit');
pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: join(root, 'tests', 'unit') }, '/project/tests/unit');
pyodide.FS.writeFile('/project/pyproject.toml', await readFile(join(root, 'pyproject.toml')));
pyodide.FS.chdir('/project');
// No threads here, so no watch over a test that hangs, and no folder that outlives the run.
const own = ['-p', 'no:cacheprovider', '-o', 'faulthandler_timeout=0', 'tests/unit'];
pyodide.globals.set('arguments', pyodide.toPy([...own, ...pytestArguments]));
try {
    process.exitCode = pyodide.runPython('import pytest; int(pytest.main(arguments))');
} catch (error) {
    // Left to Node, the error would come with the whole minified line of Pyodide that it passed through.
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
}
