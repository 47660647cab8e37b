/** What the site's WebAssembly and Python's library have to be when they are loaded: what they were when it was built. */

import { ClipwrightError } from './rpc.js';

/** Put in by esbuild: hashes as `fetch` checks them, by path in the site. @type {Record<string, string>} */
// @ts-expect-error There is no such name until the site is built.
const INTEGRITY = BUILT_INTEGRITY;

/** @param {string} path in the site @returns {string | undefined} a file's hash as `fetch` checks it, where that is known */
export const integrityOf = (path) => INTEGRITY[path];

/** @param {string} path in the site @returns {string} what tells a file whose hash is known from its other versions: the hash's beginning */
export const revisionOf = (path) => Array.from(atob(INTEGRITY[path].slice('sha256-'.length)).slice(0, 8), (char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('');

/**
 * Fetch a file of the site. Rejects with a ClipwrightError where it is another one than it should be, and as `fetch` does where there is none.
 * @param {string} path
 * @param {URL} base the site's root
 * @param {string} [integrity] where that is not known from the building
 */
export async function fetchWhole(path, base, integrity = INTEGRITY[path]) {
    const address = new URL(path, base);
    try {
        return await fetch(address, { integrity });
    } catch (cause) {
        // Browsers do not say which of the two it was.
        const isThere = await fetch(address, { method: 'HEAD' }).then(({ ok }) => ok, () => false);
        throw isThere ? damaged(address.href, cause) : cause;
    }
}

/** @param {string} href what is not as it should be @param {unknown} cause */
export function damaged(href, cause) {
    return new ClipwrightError('internal', 'A part of Clipwright could not be loaded, or is not what it should be.', {
        hint: 'Check the connection and reload the page.',
        detail: `${href}: ${cause}`,
        cause,
    });
}
