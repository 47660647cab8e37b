/** What the element opens: files that were handed to it, and addresses. */

import { cancelled, ClipwrightError } from '../../wasm-shims/rpc.js';

/** What the file picker offers unless `accept` says otherwise: types, and names that browsers have no type for. */
export const ACCEPT = 'video/*,audio/*,.mkv,.ts,.mts,.m2ts,.flv,.avi,.mov,.webm,.ogg,.flac';

/**
 * Whether a file is of the kinds that an `accept` attribute lists.
 * @param {File} file
 * @param {string} accept
 */
export function accepts(file, accept) {
    const kinds = accept.split(',').map((kind) => kind.trim().toLowerCase()).filter(Boolean);
    const name = file.name.toLowerCase();
    return kinds.length === 0 || kinds.some((kind) => {
        if (kind.startsWith('.')) return name.endsWith(kind);
        if (kind.endsWith('/*')) return file.type.startsWith(kind.slice(0, -1));
        return file.type === kind;
    });
}

/**
 * @param {File | Blob | string | URL} source
 * @param {AbortSignal} [signal]
 * @returns {Promise<File>}
 */
export async function asFile(source, signal) {
    if (source instanceof File) return source;
    return source instanceof Blob ? new File([source], 'video', { type: source.type }) : fetchFile(source, signal);
}

/**
 * Fetch a file. Cookies go to the page's own origin only.
 * @param {string | URL} address relative to the page
 * @param {AbortSignal} [signal]
 * @returns {Promise<File>}
 */
async function fetchFile(address, signal) {
    const url = new URL(address, document.baseURI);
    try {
        const response = await fetch(url, { signal });
        if (!response.ok) throw new Error(`the server answered ${response.status}`);
        const blob = await response.blob();
        return new File([blob], nameOf(url), { type: blob.type });
    } catch (cause) {
        if (signal?.aborted) throw cancelled();
        throw new ClipwrightError('media', 'The video could not be fetched.', {
            hint: 'Its address must be on this site, or its host must let this page read it (CORS).',
            detail: `${url.href}: ${cause}`,
            cause,
        });
    }
}

/** @param {URL} url */
function nameOf(url) {
    const last = url.pathname.split('/').at(-1) || 'video';
    try {
        return decodeURIComponent(last);
    } catch {
        return last;
    }
}
