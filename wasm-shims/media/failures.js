/**
 * What went wrong inside mediabunny or WebCodecs, as an error with a code.
 *
 * Both speak through exceptions whose class or text is all there is to go by.
 */

import { InputDisposedError, UnsupportedInputFormatError } from 'mediabunny';
import { ClipwrightError, cancelled } from '../rpc.js';

/** By then the source is known to be readable, so this is about the result. */
const UNSTORED = new Set(['QuotaExceededError', 'NotReadableError', 'NotFoundError']);
const MEMORY = /allocation failed|out of memory|exceeded maximum size/i;
const UNABLE = /not supported|unsupported|unknown codec|no (?:en|de)coder|does not support|can(?:not|'t) be (?:en|de)coded|must be even/i;

/** @param {string} message @param {string} [detail] @param {string} [hint] */
export function incapable(message, detail = '', hint = 'Try another output format, or a lossless cut.') {
    return new ClipwrightError('capability', message, { hint, detail });
}

export function nothing() {
    return new ClipwrightError('engine', 'There is nothing in this part of the file.', { hint: 'Choose a longer span, or another part of the file.' });
}

/** @param {string} detail @param {unknown} [cause] */
export function corrupt(detail, cause) {
    return new ClipwrightError('corrupt_media', 'The file is damaged or incomplete.', { hint: 'Try another copy of the file.', detail, cause });
}

/** @param {unknown} cause */
function gone(cause) {
    return new ClipwrightError('media', 'The file can no longer be read: it was moved, deleted or changed.', {
        hint: 'Open the file again.',
        detail: String(cause),
        cause,
    });
}

/** @param {unknown} cause */
function full(cause) {
    return new ClipwrightError('resource', 'There is not enough memory or disk space for the result.', {
        hint: 'Close other tabs, free some disk space or make a shorter clip.',
        detail: String(cause),
        cause,
    });
}

/**
 * @param {any} error what was thrown
 * @param {Blob | Blob[]} file what was worked on
 * @param {'read' | 'write'} doing reading facts (a broken file is to blame) or making a clip (another engine may do better)
 * @returns {Promise<unknown>} a ClipwrightError where the cause is known, else the error itself
 */
export async function failure(error, file, doing) {
    if (error instanceof ClipwrightError || error instanceof ReferenceError) return error;
    if (error instanceof InputDisposedError) return cancelled();
    // Browsers word a vanished file differently, and so do their ways to read it; asking again is sure.
    if (!(await isReadable(file))) return gone(error);
    const text = `${error?.name ?? ''}: ${error?.message ?? error}`;
    if (error instanceof UnsupportedInputFormatError) return incapable('The browser cannot read this format.', text);
    if (UNSTORED.has(error?.name) || MEMORY.test(text)) return full(error);
    if (error?.name === 'NotSupportedError' || UNABLE.test(text)) return incapable('The browser cannot do this with this file.', text);
    if (doing === 'read') return corrupt(text, error);
    return new ClipwrightError('engine', 'The browser could not make this clip.', {
        hint: 'Try again, or try another mode.',
        detail: error?.stack ?? text,
        cause: error,
    });
}

/** @param {Blob | Blob[]} file */
async function isReadable(file) {
    try {
        await Promise.all([file].flat().map((one) => one.slice(0, 1).arrayBuffer()));
        return true;
    } catch {
        return false;
    }
}
