/** What this browser can do, asked once and passed on as a value. */

/** @import {Engines} from './engines.js' */

/**
 * @param {Engines} engines
 * @param {URL} base where the site lies
 * @returns {Promise<{encode: string[], isolated: boolean, numpy: boolean}>} `encode` holds mediabunny's codec names
 */
export async function askCapabilities(engines, base) {
    const [{ encode }, numpy] = await Promise.all([engines.media.request('capabilities', {}), hasPack('numpy', base)]);
    return { encode, isolated: self.crossOriginIsolated, numpy };
}

/**
 * Whether the site was built with an optional pack; it need not be on this device yet.
 * @param {string} name
 * @param {URL} base
 */
async function hasPack(name, base) {
    try {
        const packs = await (await fetch(new URL('packs.json', base))).json();
        return packs.some((/** @type {{name: string}} */ pack) => pack.name === name);
    } catch {
        // Whoever needs the pack hears that it is not there; everything else works.
        return false;
    }
}
