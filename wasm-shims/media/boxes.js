/** MP4 and QuickTime boxes: `[size][type][contents]`, nested. */

import { Cursor, read } from './bytes.js';

/** @typedef {{type: string, start: number, body: number, end: number}} Box offsets in the bytes it was found in */

/** A header is 8 bytes, or 16 with a 64-bit size. */
export const MAX_HEADER = 16;
/** More than any index of a day-long recording; an index that claims more is not read. */
const MAX_MOOV = 512 << 20;

/**
 * The header of a box that lies at the start of some bytes; null where there is none.
 * @param {Uint8Array} bytes
 * @param {number} available bytes from here to the end of what encloses the box
 */
export function header(bytes, available) {
    if (bytes.length < 8 || (bytes.length < MAX_HEADER && new Cursor(bytes).peek32() === 1)) return null;
    const cursor = new Cursor(bytes);
    const short = cursor.u32();
    const type = cursor.fourcc();
    const size = short === 1 ? cursor.u64() : short === 0 ? available : short;
    return size < cursor.at ? null : { type, size, length: cursor.at };
}

/**
 * The boxes between two offsets; stops quietly where what follows is no box.
 * @param {Uint8Array} bytes
 * @param {number} [start]
 * @param {number} [end]
 * @returns {Box[]}
 */
export function boxes(bytes, start = 0, end = bytes.length) {
    const found = [];
    let at = start;
    while (end - at >= 8) {
        const box = header(bytes.subarray(at, end), end - at);
        if (!box || box.size > end - at) break;
        const { type, size, length } = box;
        found.push({ type, start: at, body: at + length, end: at + size });
        at += size;
    }
    return found;
}

/**
 * The first box at the end of a path such as `mdia/minf/stbl`, below `parent`.
 * @param {Uint8Array} bytes
 * @param {Box} parent
 * @param {string} path
 * @returns {Box | undefined}
 */
export function find(bytes, parent, path) {
    /** @type {Box | undefined} */
    let box = parent;
    for (const type of path.split('/')) {
        if (!box) break;
        box = boxes(bytes, box.body, box.end).find((child) => child.type === type);
    }
    return box;
}

/**
 * A cursor over the contents of the box at `path`, or null.
 * @param {Uint8Array} bytes
 * @param {Box} parent
 * @param {string} path
 */
export function open(bytes, parent, path) {
    const box = find(bytes, parent, path);
    return box ? new Cursor(bytes.subarray(box.body, box.end)) : null;
}

/**
 * The index (`moov`) of a file, header included; null where there is none.
 * @param {Blob} file
 */
export async function readMoov(file) {
    let at = 0;
    while (file.size - at >= 8) {
        const box = header(await read(file, at, at + MAX_HEADER), file.size - at);
        if (!box) break;
        if (box.type === 'moov') return box.size <= MAX_MOOV ? read(file, at, at + box.size) : null;
        at += box.size;
    }
    return null;
}
