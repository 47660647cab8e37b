/** Writing EBML elements. */

/** A size that is filled in later, or must not depend on its value, takes this many bytes. */
const WIDE = 8;
const utf8 = new TextEncoder();

/**
 * @param {number} value
 * @param {number} [width] bytes; as few as hold it where not given
 */
function bigEndian(value, width) {
    const bytes = [];
    for (let rest = value; rest > 0 || bytes.length < (width ?? 1); rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
    return bytes;
}

/**
 * How an element begins: its id, and the size of its contents.
 * @param {number} id
 * @param {number} size
 * @param {boolean} [isWide] the size takes 8 bytes, however small it is
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function header(id, size, isWide = false) {
    let width = isWide ? WIDE : 1;
    // All ones mean an unknown size.
    while (size >= 2 ** (7 * width) - 1) width++;
    const length = bigEndian(size, width);
    length[0] |= 0x80 >> (width - 1);
    return Uint8Array.from([...bigEndian(id), ...length]);
}

/**
 * @param {Uint8Array[]} parts
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function joined(parts) {
    const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    return whole;
}

/**
 * @param {number} id
 * @param {...Uint8Array} parts its contents
 */
export function element(id, ...parts) {
    return joined([header(id, parts.reduce((sum, { length }) => sum + length, 0)), ...parts]);
}

/**
 * @param {number} id
 * @param {number} value
 * @param {number} [width] bytes; as few as hold it where not given
 */
export function unsignedElement(id, value, width) {
    return element(id, Uint8Array.from(bigEndian(value, width)));
}

/**
 * @param {number} id
 * @param {number} value
 */
export function floatElement(id, value) {
    const bytes = new Uint8Array(WIDE);
    new DataView(bytes.buffer).setFloat64(0, value);
    return element(id, bytes);
}

/**
 * @param {number} id
 * @param {string} text
 */
export function textElement(id, text) {
    return element(id, utf8.encode(text));
}
