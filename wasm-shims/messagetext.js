/** Messages as the JSON text that Python reads. */

import { ClipwrightError } from './rpc.js';

/**
 * Throws a `bad_request` for what JSON has no words for. It would write NaN and infinity as null, which may mean
 * something else: an export that ends at null ends with the project.
 * @param {object} message
 * @returns {string}
 */
export function textOf(message) {
    const text = written(message);
    const path = text.includes('null') ? endless(message) : '';
    if (path) throw new ClipwrightError('bad_request', 'This is not a finite number.', { hint: 'Give one.', path });
    return text;
}

/** @param {object} message */
function written(message) {
    try {
        return JSON.stringify(message);
    } catch (cause) {
        throw new ClipwrightError('bad_request', 'A message held something that JSON has no words for.', { detail: String(cause), cause });
    }
}

/**
 * The place of a number that is not finite, or nothing. What could be written as JSON has an end.
 * @param {object} message
 */
function endless(message) {
    /** @type {[object, string][]} */
    const waiting = [[message, '$']];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
        const [holder, path] = next;
        for (const [key, value] of Object.entries(holder)) {
            if (typeof value === 'number' ? Number.isFinite(value) : typeof value !== 'object' || value === null) continue;
            const place = Array.isArray(holder) ? `${path}[${key}]` : `${path}.${key}`;
            if (typeof value === 'number') return place;
            waiting.push([value, place]);
        }
    }
    return '';
}
