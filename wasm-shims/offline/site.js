/** What the site consists of, as `web/assemble.py` counted it when it was built. */

/**
 * @typedef {{url: string, integrity: string}} File `url`: from the root of the site
 * @typedef {File & {revision: string}} SiteFile
 * @typedef {{cache: string, files: File[]}} Pack `cache`: the name of its revision
 * @typedef {{files: SiteFile[], packs: Pack[], headers: Record<string, string>}} Site
 */

/** Put in by esbuild. @type {Site} */
// @ts-expect-error There is no such name until the site is built.
export const SITE = BUILT_SITE;

/** Where the site lies, with the last slash. */
export const scope = new URL('./', self.location.href).href;

/** Several copies of the site may share an origin, and with it all names. @param {string} kind */
export function cacheName(kind) {
    return `clipwright-${kind}:${scope}`;
}
