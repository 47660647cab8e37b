/** FLAC frames carry their number in the stream; a clip's first one must be 0, or players take it to start late. */

import { Cursor } from './bytes.js';

const CRC8 = polynomial(0x07, 8);
const CRC16 = polynomial(0x8005, 16);
/** Bytes that follow the number by the code of the block's length, and of the sample rate. */
const LENGTH_BYTES = new Map([[6, 1], [7, 2]]);
const RATE_BYTES = new Map([[12, 1], [13, 2], [14, 2]]);

/**
 * @param {number} value
 * @param {number} bits
 */
function polynomial(value, bits) {
    const [top, mask] = [1 << (bits - 1), (1 << bits) - 1];
    return Uint16Array.from({ length: 256 }, (_, byte) => {
        let rest = byte << (bits - 8);
        for (let i = 0; i < 8; i++) rest = rest & top ? ((rest << 1) ^ value) & mask : (rest << 1) & mask;
        return rest;
    });
}

/**
 * Where a frame's number ends; FLAC writes it as UTF-8 would, in up to 7 bytes.
 * @param {Uint8Array} frame
 */
function numberEnd(frame) {
    return 4 + Math.max(1, Math.clz32(~(new Cursor(frame).skip(4).u8() << 24)));
}

/** @param {number} number */
function coded(number) {
    if (number < 0x80) return [number];
    const bytes = [];
    let rest = number;
    let room = 0x40;
    do {
        bytes.unshift(0x80 | (rest % 64));
        rest = Math.floor(rest / 64);
        room >>= 1;
    } while (rest >= room);
    return [(0xff00 >> (bytes.length + 1)) & 0xff | rest, ...bytes];
}

/** Numbers the frames of a result from 0 on. */
export function renumbering() {
    let [frames, samples] = [0, 0];
    /** @param {Uint8Array} frame @param {number} length samples in it */
    return (frame, length) => {
        const end = numberEnd(frame);
        // Frames of varying length count samples instead.
        const number = frame[1] & 1 ? samples : frames;
        frames++;
        samples += length;
        const extra = (LENGTH_BYTES.get(frame[2] >> 4) ?? 0) + (RATE_BYTES.get(frame[2] & 0x0f) ?? 0);
        const head = [...frame.subarray(0, 4), ...coded(number), ...frame.subarray(end, end + extra)];
        const check = head.reduce((crc, byte) => CRC8[crc ^ byte], 0);
        const body = frame.subarray(end + extra + 1, frame.length - 2);
        const result = new Uint8Array(head.length + 1 + body.length + 2);
        result.set(head);
        result[head.length] = check;
        result.set(body, head.length + 1);
        let crc = 0;
        for (let i = 0; i < result.length - 2; i++) crc = ((crc << 8) & 0xffff) ^ CRC16[(crc >> 8) ^ result[i]];
        new DataView(result.buffer).setUint16(result.length - 2, crc);
        return result;
    };
}
