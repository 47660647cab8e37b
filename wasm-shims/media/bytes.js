/** Reading numbers and text out of bytes, without running over their end. */

const latin1 = new TextDecoder('latin1');
const utf8 = new TextDecoder();
/** How many arguments a function takes everywhere. */
const CALL_LIMIT = 0x8000;

/** Whether two hold the same; by words, where they lie so. @param {Uint8Array} a @param {Uint8Array} b */
export function isEqual(a, b) {
    if (a.length !== b.length) return false;
    const words = (a.byteOffset | b.byteOffset) % 4 === 0 ? a.length >> 2 : 0;
    const [one, other] = words > 0 ? [a, b].map(({ buffer, byteOffset }) => new Uint32Array(buffer, byteOffset, words)) : [a, b];
    for (let i = 0; i < words; i++) if (one[i] !== other[i]) return false;
    for (let i = words * 4; i < a.length; i++) if (a[i] !== b[i]) return false;
    return true;
}

/** A place in some bytes; reading past the end throws a RangeError. */
export class Cursor {
    /** @param {Uint8Array} bytes */
    constructor(bytes) {
        this.bytes = bytes;
        this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        this.at = 0;
    }

    get left() {
        return this.bytes.length - this.at;
    }

    /** @param {number} count */
    skip(count) {
        this.at += count;
        return this;
    }

    u8() {
        return this.view.getUint8(this.skip(1).at - 1);
    }

    u16() {
        return this.view.getUint16(this.skip(2).at - 2);
    }

    u32() {
        return this.view.getUint32(this.skip(4).at - 4);
    }

    /** @param {number} count numbers in a row */
    u32s(count) {
        const numbers = new Uint32Array(count);
        const { view, at } = this;
        for (let i = 0; i < count; i++) numbers[i] = view.getUint32(at + i * 4);
        this.skip(count * 4);
        return numbers;
    }

    /** The next number, without moving on. */
    peek32() {
        return this.view.getUint32(this.at);
    }

    i32() {
        return this.view.getInt32(this.skip(4).at - 4);
    }

    u64() {
        return Number(this.view.getBigUint64(this.skip(8).at - 8));
    }

    i64() {
        return Number(this.view.getBigInt64(this.skip(8).at - 8));
    }

    /** @param {number} count */
    take(count) {
        if (count < 0 || count > this.left) throw new RangeError('read past the end');
        return this.bytes.subarray(this.at, this.skip(count).at);
    }

    /** Four characters, as boxes and codecs are called. */
    fourcc() {
        return latin1.decode(this.take(4));
    }
}

/** The bytes of a box's or a brand's name. @param {string} name */
export function fourcc(name) {
    return Uint8Array.from(name, (letter) => letter.charCodeAt(0));
}

/**
 * @param {Blob} file
 * @param {number} start
 * @param {number} end
 */
export async function read(file, start, end) {
    return new Uint8Array(await file.slice(start, end).arrayBuffer());
}

/** @param {Uint8Array} bytes text up to the first NUL */
export function text(bytes) {
    const end = bytes.indexOf(0);
    return utf8.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** @param {AllowSharedBufferSource} source its bytes, not copied */
export function bytesOf(source) {
    return ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source);
}

/** @param {AllowSharedBufferSource | undefined | null} source */
export function base64(source) {
    if (!source) return '';
    const bytes = bytesOf(source);
    let binary = '';
    for (let at = 0; at < bytes.length; at += CALL_LIMIT) binary += String.fromCharCode(...bytes.subarray(at, at + CALL_LIMIT));
    return btoa(binary);
}

/**
 * What `look` finds, or `otherwise` where the bytes end too early for it. For what a file can do without.
 * @template T
 * @param {() => T} look
 * @param {T} otherwise
 * @returns {T}
 */
export function ifWhole(look, otherwise) {
    try {
        return look();
    } catch (error) {
        if (error instanceof RangeError) return otherwise;
        throw error;
    }
}

/** A fraction in lowest terms, written `4/3`. @param {number} num @param {number} den */
export function reduced(num, den) {
    let [a, b] = [num, den];
    while (b) [a, b] = [b, a % b];
    return `${num / a}/${den / a}`;
}
