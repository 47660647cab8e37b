/** EBML elements, of which Matroska and WebM are made: `[id][size][contents]`, both numbers of variable length. */

import { Cursor, read } from './bytes.js';

/** @typedef {{id: number, body: Uint8Array}} Element */

/** An id has up to 4 bytes, a size up to 8. */
const MAX_HEADER = 12;

/**
 * @param {Cursor} cursor
 * @param {boolean} keepMarker ids keep the bit that tells their length, sizes do not
 * @returns {number | null} null for a size that was not known when it was written
 */
function variable(cursor, keepMarker) {
    const first = cursor.u8();
    const length = Math.clz32(first) - 23;
    if (length > 8) throw new RangeError('not an EBML number');
    let value = keepMarker ? first : first & (0xff >> length);
    let unknown = value === 0xff >> length;
    for (let i = 1; i < length; i++) {
        const byte = cursor.u8();
        unknown &&= byte === 0xff;
        value = value * 256 + byte;
    }
    return unknown && !keepMarker ? null : value;
}

/**
 * @param {Cursor} cursor is moved on to the contents
 * @returns {{id: number, size: number | null}}
 */
export function header(cursor) {
    const id = variable(cursor, true) ?? 0;
    return { id, size: variable(cursor, false) };
}

/**
 * The elements inside another's contents; the last one may be cut short.
 * @param {Uint8Array} bytes
 * @returns {Element[]}
 */
export function elements(bytes) {
    const cursor = new Cursor(bytes);
    const found = [];
    while (cursor.left >= 2) {
        try {
            const { id, size } = header(cursor);
            found.push({ id, body: cursor.take(Math.min(size ?? cursor.left, cursor.left)) });
        } catch (error) {
            if (error instanceof RangeError) break;
            throw error;
        }
    }
    return found;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} id
 */
export function child(bytes, id) {
    return elements(bytes).find((element) => element.id === id)?.body;
}

/** @param {Uint8Array | undefined} bytes */
export function unsigned(bytes) {
    return bytes?.reduce((value, byte) => value * 256 + byte, 0);
}

/**
 * An element's header as it lies in the file; null past the end.
 * @param {Blob} file
 * @param {number} at
 * @returns {Promise<{id: number, start: number, end: number} | null>} bounds of the contents
 */
export async function elementAt(file, at) {
    const cursor = new Cursor(await read(file, at, at + MAX_HEADER));
    try {
        const { id, size } = header(cursor);
        const start = at + cursor.at;
        return { id, start, end: size === null ? file.size : Math.min(start + size, file.size) };
    } catch (error) {
        if (error instanceof RangeError) return null;
        throw error;
    }
}
