/** What is said where the browser has no room left for a result. */

import { ClipwrightError } from '../rpc.js';

/** @param {unknown} cause @returns {ClipwrightError} */
export function full(cause) {
    return new ClipwrightError('resource', 'There is not enough space left for the result.', {
        hint: 'Free some disk space or make a shorter clip.',
        detail: String(cause),
        cause,
    });
}
