/**
 * Opus in Ogg: what a decoder needs before the in point is hidden, and so is what lies behind the out point. The header
 * says how many samples a decoder leaves out at the start, and the position of the last page where the sound ends (RFC
 * 7845, sections 4.2 to 4.4). So a cut is exact to the sample, though its packets stay as they are.
 */

import { OGG } from 'mediabunny';
import { bytesOf } from './bytes.js';

/**
 * @import {EncodedPacket} from 'mediabunny'
 * @import {Medium} from './copying.js'
 */

/** Opus counts in these, whatever was encoded. */
const HERTZ = 48_000;
/** Where the header has the number of samples to leave out, in two bytes. */
const SKIP = 10;
const MOST = 0xffff;
/** Samples of a frame by the configuration in a packet's first byte (RFC 6716, section 3.1): SILK, both, CELT. */
const SILK = [480, 960, 1920, 2880];
const HYBRID = [480, 960];
const CELT = [120, 240, 480, 960];

/** How long the sound in an Opus packet lasts, in seconds. @param {Uint8Array} data */
export function opusLength([first, second]) {
    const config = first >> 3;
    const frame = config < 12 ? SILK[config & 3] : config < 16 ? HYBRID[config & 1] : CELT[config & 3];
    const code = first & 3;
    return (frame * (code === 0 ? 1 : code === 3 ? second & 63 : 2)) / HERTZ;
}

/**
 * What decoders are told so that a piece is heard from its start on.
 * @param {Medium} medium
 * @param {EncodedPacket | null} first the packet that comes first
 * @param {AllowSharedBufferSource | undefined} description what the source tells them
 * @returns {Promise<Uint8Array | null>} null where there is nothing to leave out
 */
export async function skipping(medium, first, description) {
    if (!first || !description) return null;
    const { frames, piece } = medium;
    const at = (await begins(medium, first)) - frames.clock.seconds(frames.delay);
    const samples = Math.round((piece.span.start / 1e6 - at) * HERTZ);
    const head = bytesOf(description).slice();
    if (samples < 0 || samples > MOST || head.length < SKIP + 2) return null;
    new DataView(head.buffer).setUint16(SKIP, samples, true);
    return head;
}

/**
 * When a packet begins, in seconds. By mediabunny's clock nothing in Ogg begins before 0; so it is counted back from the
 * first packet that ends later.
 * @param {Medium} medium
 * @param {EncodedPacket} first
 */
async function begins({ opened: { format }, frames }, first) {
    let before = 0;
    for (let packet = /** @type {EncodedPacket | null} */ (first); packet; packet = await frames.sink.getNextPacket(packet)) {
        if (format !== OGG || packet.timestamp > 0) return packet.timestamp - before;
        before += opusLength(packet.data);
        if (packet.duration > 0) return packet.timestamp + packet.duration - before;
    }
    return first.timestamp;
}
