/** Making MP4 boxes. */

import { fourcc } from './bytes.js';

/** @import {Box} from './boxes.js' */

const HEADER = 8;
const WIDEST = 0xffffffff;

/**
 * @param {string} type
 * @param {Uint8Array[]} parts
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function boxed(type, parts) {
    const size = parts.reduce((sum, { length }) => sum + length, HEADER);
    const bytes = new Uint8Array(size);
    new DataView(bytes.buffer).setUint32(0, size);
    bytes.set(fourcc(type), 4);
    let at = HEADER;
    for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
    }
    return bytes;
}

/**
 * Numbers of 32 bits in a row.
 * @param {ArrayLike<number>} numbers negative ones are written as such
 */
export function words(numbers) {
    const bytes = new Uint8Array(numbers.length * 4);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < numbers.length; i++) view.setInt32(i * 4, numbers[i] | 0);
    return bytes;
}

/** @param {number} number 64 bits */
export function wide(number) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, BigInt(number));
    return bytes;
}

/**
 * A box with a version, no flags, and numbers of 32 bits behind them.
 * @param {string} type
 * @param {number} version
 * @param {ArrayLike<number>} numbers negative ones are written as such
 */
export function table(type, version, numbers) {
    return boxed(type, [words([version << 24]), words(numbers)]);
}

/**
 * @param {number} empty ticks of the movie before presentation starts
 * @param {number} length ticks of the movie that are presented
 * @param {number} from ticks of the media where they start
 */
export function editList(empty, length, from) {
    const edits = empty > 0 ? [[empty, -1], [length, from]] : [[length, from]];
    const rows = edits.flatMap(([duration, start]) => [wide(duration), wide(start), words([0x10000])]);
    return boxed('edts', [boxed('elst', [words([1 << 24, edits.length]), ...rows])]);
}

/** The header of the media data. @param {number} size of the data alone */
export function mediaHeader(size) {
    const isWide = size + HEADER > WIDEST;
    const header = boxed('mdat', isWide ? [wide(size + 2 * HEADER)] : []);
    new DataView(header.buffer).setUint32(0, isWide ? 1 : size + HEADER);
    return header;
}

/**
 * The stamps that open `mvhd`, `tkhd` and `mdhd`, and what follows them; 64 bits wide where they have to be.
 * @param {Uint8Array} bytes
 * @param {Box} box
 * @param {{duration: number, number?: number}} changes `number` is the track's id in `tkhd`, ticks per second elsewhere
 * @returns {Uint8Array<ArrayBuffer>} a new box, version and flags first
 */
export function headed(bytes, box, { duration, number }) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + box.body, box.end - box.body);
    const wasWide = view.getUint8(0) === 1;
    const isWide = wasWide || duration > WIDEST;
    const stamps = wasWide ? 20 : 12;
    const gap = box.type === 'tkhd' ? 4 : 0;
    const rest = stamps + 4 + gap + (wasWide ? 8 : 4);
    const stamp = (/** @type {number} */ nth) => Number(wasWide ? view.getBigUint64(4 + nth * 8) : view.getUint32(4 + nth * 4));
    const sized = (/** @type {number} */ value) => (isWide ? wide(value) : words([value]));
    return boxed(box.type, [
        words([(isWide ? 1 << 24 : 0) | (view.getUint32(0) & 0xffffff)]),
        sized(stamp(0)),
        sized(stamp(1)),
        words([number ?? view.getUint32(stamps)]),
        new Uint8Array(gap),
        sized(duration),
        bytes.subarray(box.body + rest, box.end),
    ]);
}
