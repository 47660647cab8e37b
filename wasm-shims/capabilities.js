/** What this browser can do, asked once and passed on as a value. */

/** @import {Engines} from './engines.js' */

/**
 * @param {Engines} engines
 * @returns {Promise<{encode: string[], isolated: boolean}>} `encode` holds mediabunny's codec names
 */
export async function askCapabilities(engines) {
    const { encode } = await engines.media.request('capabilities', {});
    return { encode, isolated: self.crossOriginIsolated };
}
