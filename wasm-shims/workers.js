/** The workers that are started when they are needed, which may be after another version of the site has taken over. */

/** Put in by esbuild: their addresses in the site, with what tells their version. @type {{[name: string]: string}} */
// @ts-expect-error There is no such name until the site is built.
const WORKERS = BUILT_WORKERS;

/** @param {string} name of its file @param {URL | string} base where the site lies */
export const workerOf = (name, base) => new URL(WORKERS[name], base);
