/** What Python imports: compiled when the site was built, and whole. */

import { fetchWhole } from './integrity.js';
import openLibraries from './openlibraries.py' with { type: 'text' };

/**
 * @typedef {object} Part
 * @property {string} file by its path in the site
 * @property {string} integrity
 * @property {string} place where Python has it
 *
 * @typedef {Part & {module: string}} Extension a module of compiled C, by its name
 * @typedef {Part & {extensions: Extension[]}} Library an archive of modules, and those that cannot be imported out of one
 */

/** Put in by esbuild. @type {Library[]} */
// @ts-expect-error There is no such name until the site is built.
const LIBRARIES = BUILT_LIBRARIES;

/** Archives of modules, the standard library first. @type {Part[]} */
export const ARCHIVES = LIBRARIES;
/** Modules of compiled C, which are linked to Python before it starts. */
export const EXTENSIONS = LIBRARIES.flatMap(({ extensions }) => extensions);

/** What tells them from all others. */
export const REVISION = [...ARCHIVES, ...EXTENSIONS].map(({ integrity }) => integrity).join(' ');

/**
 * Fetch some at once.
 * @param {Part[]} parts
 * @param {URL} base the site's root
 * @returns {Map<string, Promise<ArrayBuffer>>} what each holds, by its place
 */
export function fetchParts(parts, base) {
    return new Map(parts.map((part) => [part.place, fetchPart(part, base)]));
}

/** @param {Part} part @param {URL} base */
function fetchPart({ file, integrity }, base) {
    const bytes = fetchWhole(file, base, integrity).then((response) => response.arrayBuffer());
    // Whoever waits for it hears of it.
    bytes.catch(() => {});
    return bytes;
}

/**
 * Put all where Python looks for it.
 * @param {any} pyodide
 * @param {Map<string, Promise<ArrayBuffer>>} fetched
 */
export async function install(pyodide, fetched) {
    const parts = await Promise.all(Array.from(fetched, async ([place, bytes]) => /** @type {const} */ ([place, new Uint8Array(await bytes)])));
    for (const [place, bytes] of parts) {
        pyodide.FS.mkdirTree(place.slice(0, place.lastIndexOf('/')));
        pyodide.FS.writeFile(place, bytes);
    }
}

/**
 * Let Python look for modules there; one that was restored from a snapshot does so already.
 * @param {any} pyodide
 */
export function open(pyodide) {
    const archives = ARCHIVES.map(({ place }) => place);
    const extensions = Object.fromEntries(EXTENSIONS.map(({ module, place }) => [module, place]));
    const namespace = pyodide.toPy({});
    pyodide.runPython(openLibraries, { globals: namespace });
    const tell = namespace.get('open_libraries');
    tell(JSON.stringify({ archives, extensions }));
    // No proxy may live while a snapshot is taken.
    tell.destroy();
    namespace.destroy();
}
