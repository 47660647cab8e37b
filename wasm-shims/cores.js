/** The builds of FFmpeg: fetched whole, compiled once. */

import { compiled } from './compiled.js';
import { fetchWhole } from './integrity.js';
import { ClipwrightError } from './rpc.js';

/**
 * @param {string} file the core's WebAssembly, from the root of the site
 * @param {URL} base where the site lies
 * @param {() => void} [onFetched] hears that it was there
 * @returns {() => Promise<WebAssembly.Module>} the compiled core; what failed is tried again when it is next asked for
 */
export function compiledOnce(file, base, onFetched = () => {}) {
    /** @type {Promise<WebAssembly.Module> | null} */
    let core = null;

    async function compile() {
        const response = await fetchWhole(file, base).catch((error) => {
            if (error instanceof ClipwrightError) throw error;
            throw new ClipwrightError('resource', 'This needs FFmpeg, which is not on this device yet.', {
                hint: 'Connect to the network, and update Clipwright if it offers that, then try again. Once used, or installed under “Offline and storage”, FFmpeg works offline too.',
                detail: String(error),
            });
        });
        if (response.ok) onFetched();
        return compiled(response);
    }

    return async () => {
        core ??= compile();
        try {
            return await core;
        } catch (error) {
            core = null;
            if (error instanceof ClipwrightError) throw error;
            throw new ClipwrightError('engine', 'FFmpeg could not be loaded.', { hint: 'Check the connection and try again.', detail: String(error) });
        }
    };
}
