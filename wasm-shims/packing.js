/**
 * Memory without its empty pages, of which there are many: a page is 64 KiB, as in WebAssembly.
 *
 * Packed it is 32-bit numbers, little-endian (its length in bytes, how many pages follow, the number of each), and these pages;
 * what lies behind the last whole page comes last.
 */

const PAGE = 65536;
const NUMBER = 4;

/**
 * @param {Uint8Array} memory
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function pack(memory) {
    const whole = Math.floor(memory.length / PAGE);
    const filled = Array.from({ length: whole }, (_, page) => page).filter((page) => memory.subarray(page * PAGE, (page + 1) * PAGE).some(Boolean));
    const begin = (2 + filled.length) * NUMBER;
    const packed = new Uint8Array(begin + filled.length * PAGE + (memory.length % PAGE));
    new Uint32Array(packed.buffer, 0, 2 + filled.length).set([memory.length, filled.length, ...filled]);
    filled.forEach((page, at) => packed.set(memory.subarray(page * PAGE, (page + 1) * PAGE), begin + at * PAGE));
    packed.set(memory.subarray(whole * PAGE), begin + filled.length * PAGE);
    return packed;
}

/**
 * @param {Uint8Array<ArrayBuffer>} packed
 * @returns {Uint8Array<ArrayBuffer> | null} null: this was not made by `pack`
 */
export function unpack(packed) {
    const head = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
    if (packed.length < 2 * NUMBER) return null;
    const [length, count] = [0, 1].map((at) => head.getUint32(at * NUMBER, true));
    const begin = (2 + count) * NUMBER;
    const rest = length % PAGE;
    if (packed.length !== begin + count * PAGE + rest) return null;
    const memory = new Uint8Array(length);
    for (let at = 0; at < count; at++) {
        const page = head.getUint32((2 + at) * NUMBER, true);
        if ((page + 1) * PAGE > length) return null;
        memory.set(packed.subarray(begin + at * PAGE, begin + (at + 1) * PAGE), page * PAGE);
    }
    memory.set(packed.subarray(packed.length - rest), length - rest);
    return memory;
}
