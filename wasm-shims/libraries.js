/** What Python imports beside its standard library: compiled when the site was built, and whole. */

import { fetchWhole } from './integrity.js';

/**
 * @typedef {object} Library an archive of modules
 * @property {string} file by its path in the site
 * @property {string} integrity
 * @property {string} place where Python has it
 * @property {boolean} isUnpacked what holds compiled C cannot be imported out of an archive
 */

/** Put in by esbuild. @type {Library[]} */
// @ts-expect-error There is no such name until the site is built.
const LIBRARIES = BUILT_LIBRARIES;

/** What tells them from all others. */
export const REVISION = LIBRARIES.map(({ integrity }) => integrity).join(' ');

/**
 * Fetch all at once.
 * @param {URL} base the site's root
 * @returns {Promise<ArrayBuffer[]>}
 */
export function fetchLibraries(base) {
    const archives = Promise.all(LIBRARIES.map(async ({ file, integrity }) => (await fetchWhole(file, base, integrity)).arrayBuffer()));
    // Whoever waits for them hears of it.
    archives.catch(() => {});
    return archives;
}

/**
 * Let Python import from them.
 * @param {any} pyodide
 * @param {ArrayBuffer[]} archives
 */
export function install(pyodide, archives) {
    const { path } = pyodide.pyimport('sys');
    LIBRARIES.forEach(({ place, isUnpacked }, at) => {
        if (isUnpacked) return pyodide.unpackArchive(archives[at], 'zip');
        pyodide.FS.writeFile(place, new Uint8Array(archives[at]));
        // Whoever starts from a snapshot has it there.
        if (!path.includes(place)) path.append(place);
    });
    path.destroy();
}
