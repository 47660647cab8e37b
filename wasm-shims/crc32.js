/** The checksum that zip archives are checked by: CRC-32 (ISO 3309, ITU-T V.42), eight bytes at a time. */

const POLYNOMIAL = 0xedb88320;

/** TABLES[k][b]: what byte b does to the remainder when k more bytes follow it. */
const TABLES = Array.from({ length: 8 }, () => new Uint32Array(256));
for (let byte = 0; byte < 256; byte++) {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1;
    TABLES[0][byte] = rest;
}
for (let k = 1; k < 8; k++) {
    for (let byte = 0; byte < 256; byte++) TABLES[k][byte] = (TABLES[k - 1][byte] >>> 8) ^ TABLES[0][TABLES[k - 1][byte] & 255];
}
const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES;

/**
 * @param {Uint8Array} bytes
 * @param {number} [before] the checksum of what stands before them
 * @returns {number} the checksum of it all, unsigned
 */
export function crc32(bytes, before = 0) {
    let rest = ~before;
    let at = 0;
    for (const whole = bytes.length - (bytes.length % 8); at < whole; at += 8) {
        rest ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
        rest =
            T7[rest & 255] ^ T6[(rest >>> 8) & 255] ^ T5[(rest >>> 16) & 255] ^ T4[rest >>> 24] ^
            T3[bytes[at + 4]] ^ T2[bytes[at + 5]] ^ T1[bytes[at + 6]] ^ T0[bytes[at + 7]];
    }
    for (; at < bytes.length; at++) rest = (rest >>> 8) ^ T0[(rest ^ bytes[at]) & 255];
    return ~rest >>> 0;
}
