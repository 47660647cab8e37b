/** The wheels that Python imports: those of the index that was made with the site, whole. */

import { fetchWhole } from './integrity.js';

/** @typedef {{name: string, file: string, sha256: string, integrity: string}} Wheel */

/**
 * Fetch all at once.
 * @param {URL} base where `wheels/` lies
 * @returns {{index: Promise<string>, archives: Promise<ArrayBuffer[]>}} the index is text that differs with every wheel
 */
export function fetchWheels(base) {
    const folder = new URL('wheels/', base);
    const index = fetchText(new URL('index.json', folder));
    const archives = index.then((text) => Promise.all(JSON.parse(text).map((/** @type {Wheel} */ wheel) => fetchWheel(wheel, folder))));
    // Whoever waits for them hears of it.
    archives.catch(() => {});
    return { index, archives };
}

/** @param {URL} address */
async function fetchText(address) {
    return (await fetch(address)).text();
}

/** @param {Wheel} wheel @param {URL} folder */
async function fetchWheel({ file, integrity }, folder) {
    return (await fetchWhole(file, folder, integrity)).arrayBuffer();
}
