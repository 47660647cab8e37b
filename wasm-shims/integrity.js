/** What the site's WebAssembly and Python's library have to be when they are loaded: what they were when it was built. */

import { ClipwrightError } from './rpc.js';

/** Put in by esbuild: hashes as `fetch` checks them, by path in the site. @type {Record<string, string>} */
// @ts-expect-error There is no such name until the site is built.
const INTEGRITY = BUILT_INTEGRITY;

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

/**
 * Do what fetches files by itself, so that the same is true of them. It may wait for ever for one that it does not get; this does not.
 * @template T
 * @param {URL} base the site's root
 * @param {() => Promise<T>} work nothing else may fetch meanwhile
 * @returns {Promise<T>}
 */
export async function withWhole(base, work) {
    const plain = self.fetch;
    /** @type {Promise<never>} */
    const broken = new Promise((_, reject) => {
        self.fetch = (address, options) => {
            const { href } = new URL(address instanceof Request ? address.url : address, base);
            const integrity = href.startsWith(base.href) ? INTEGRITY[href.slice(base.href.length)] : undefined;
            const response = plain(address, integrity ? { ...options, integrity } : options);
            response.catch((cause) => reject(damaged(href, cause)));
            return response;
        };
    });
    try {
        return await Promise.race([work(), broken]);
    } finally {
        self.fetch = plain;
    }
}

/** @param {string} href @param {unknown} cause */
function damaged(href, cause) {
    return new ClipwrightError('internal', 'A part of Clipwright could not be loaded, or is not what it should be.', {
        hint: 'Check the connection and reload the page.',
        detail: `${href}: ${cause}`,
        cause,
    });
}
