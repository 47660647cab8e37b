/** Making MP4 boxes. */

const HEADER = 8;

/**
 * @param {string} type
 * @param {Uint8Array[]} parts
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function boxed(type, parts) {
    const size = parts.reduce((sum, { length }) => sum + length, HEADER);
    const bytes = new Uint8Array(size);
    new DataView(bytes.buffer).setUint32(0, size);
    bytes.set([...type].map((letter) => letter.charCodeAt(0)), 4);
    let at = HEADER;
    for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
    }
    return bytes;
}

/**
 * A box with a version, no flags, and numbers of 32 bits behind them.
 * @param {string} type
 * @param {number} version
 * @param {ArrayLike<number>} numbers negative ones are written as such
 */
export function table(type, version, numbers) {
    const body = new Uint8Array(4 + numbers.length * 4);
    const view = new DataView(body.buffer);
    view.setUint8(0, version);
    for (let i = 0; i < numbers.length; i++) view.setInt32(4 + i * 4, numbers[i] | 0);
    return boxed(type, [body]);
}

/**
 * @param {number} empty ticks of the movie before presentation starts
 * @param {number} length ticks of the movie that are presented
 * @param {number} from ticks of the media where they start
 */
export function editList(empty, length, from) {
    const edits = empty > 0 ? [[empty, -1], [length, from]] : [[length, from]];
    const body = new Uint8Array(HEADER + edits.length * 20);
    const view = new DataView(body.buffer);
    view.setUint8(0, 1);
    view.setUint32(4, edits.length);
    edits.forEach(([duration, start], i) => {
        view.setBigUint64(HEADER + i * 20, BigInt(duration));
        view.setBigInt64(HEADER + i * 20 + 8, BigInt(start));
        view.setUint32(HEADER + i * 20 + 16, 0x10000);
    });
    return boxed('edts', [boxed('elst', [body])]);
}
