/** The sample that ships with the site. */

import { ClipwrightError, toWire } from '../../wasm-shims/rpc.js';

/** @returns {Promise<File>} rejects with a ClipwrightError */
export async function fetchSample() {
    try {
        const response = await fetch(new URL('sample.mp4', document.baseURI));
        if (!response.ok) throw new TypeError(`HTTP ${response.status}`);
        return new File([await response.blob()], 'sample.mp4', { type: 'video/mp4' });
    } catch (error) {
        throw new ClipwrightError('media', 'The sample did not arrive from this site.', {
            hint: 'Check the connection and try again, or choose a file of your own.',
            detail: toWire(error).detail,
        });
    }
}
