/**
 * Opus in Matroska and WebM: the decoder's delay, which mediabunny writes where the time to warm up belongs, is put in
 * its own element. Players then take it off the times of all packets, as the packets' times expect.
 */

import { bytesOf, read, text } from './bytes.js';
import { child, elements } from './ebml.js';

const SEGMENT = 0x18538067;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const CODEC = 0x86;
const WARM_UP = 0x56bb;
const DELAY = 0x56aa;
/** What stands before the first cluster, pictures aside. */
const MAX_HEAD = 1 << 20;

/**
 * @param {Blob} blob
 * @returns {Promise<Blob>}
 */
export async function withOpusDelay(blob) {
    const head = await read(blob, 0, MAX_HEAD);
    const none = new Uint8Array();
    const tracks = child(child(head, SEGMENT) ?? none, TRACKS) ?? none;
    for (const { id, body } of elements(tracks)) {
        const isOpus = id === TRACK_ENTRY && text(child(body, CODEC) ?? none) === 'A_OPUS';
        const warmUp = isOpus ? child(body, WARM_UP) : undefined;
        // The id has two bytes, the size behind it one.
        if (warmUp) new DataView(head.buffer).setUint16(warmUp.byteOffset - 3, DELAY);
    }
    return new Blob([head, blob.slice(head.length)], { type: blob.type });
}

/** @param {AllowSharedBufferSource | undefined} description an Opus header; seconds */
export function opusDelay(description) {
    const bytes = description ? bytesOf(description) : [];
    return bytes.length >= 12 ? (bytes[10] | (bytes[11] << 8)) / 48_000 : 0;
}
