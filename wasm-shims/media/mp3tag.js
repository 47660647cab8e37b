/**
 * The first frame of an MP3 file tells players how much silence the encoder put before and behind the sound, so that
 * they leave it out. mediabunny writes that frame without this; here it is written anew, with LAME's tag in it.
 */

import { Cursor, read } from './bytes.js';

const ID3_HEADER = 10;
/** The frame and all tags before it, pictures aside, are smaller. */
const MAX_HEAD = 16 << 20;
/** Samples that LAME puts before the sound. */
const ENCODER_DELAY = 576;
const MOST_PADDING = 0xfff;
/** Bytes of the frame count, the size and the table of contents, which mediabunny always writes. */
const XING_BYTES = 8 + 4 + 4 + 100;
const XING_FLAGS = 7;
const LAME_BYTES = 36;
/** Layer III bit rates in kbit/s, of MPEG 1 and of MPEG 2. */
const RATES = [
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
const SAMPLE_RATES = [44_100, 48_000, 32_000];

/**
 * @param {Blob} blob an MP3 file as mediabunny writes it
 * @param {number} samples how many samples of sound are in it
 * @returns {Promise<Blob>} the same, unless its first frame is not as expected
 */
export async function withGapless(blob, samples) {
    const bytes = await read(blob, 0, MAX_HEAD);
    const start = bytes[0] === 0x49 ? ID3_HEADER + [6, 7, 8, 9].reduce((sum, i) => (sum << 7) | bytes[i], 0) : 0;
    const frame = bytes.subarray(start);
    const version = (frame[1] >> 3) & 3;
    const isFirst = version === 3;
    const isMono = frame[3] >> 6 === 3;
    const xing = 4 + (isFirst ? (isMono ? 17 : 32) : isMono ? 9 : 17);
    const cursor = new Cursor(frame).skip(xing);
    if (frame[0] !== 0xff || cursor.fourcc() !== 'Xing' || cursor.u32() !== XING_FLAGS) return blob;
    const rate = SAMPLE_RATES[(frame[2] >> 2) & 3] / (isFirst ? 1 : version === 2 ? 2 : 4);
    const size = (/** @type {number} */ index) => Math.floor(((isFirst ? 144_000 : 72_000) * RATES[isFirst ? 0 : 1][index]) / rate);
    const roomy = RATES[0].findIndex((_, index) => size(index) >= xing + XING_BYTES + LAME_BYTES);
    if (roomy < 0) return blob;
    const wider = new Uint8Array(size(roomy));
    wider.set(frame.subarray(0, xing + XING_BYTES));
    wider[2] = (frame[2] & 0x0f) | (roomy << 4);
    // mediabunny counts this frame too.
    const frames = cursor.u32() - 1;
    const padding = frames * (isFirst ? 1152 : 576) - ENCODER_DELAY - samples;
    const view = new DataView(wider.buffer);
    view.setUint32(xing + 8, frames);
    wider.set(new TextEncoder().encode('LAME3.100'), xing + XING_BYTES);
    const gaps = (ENCODER_DELAY << 12) | Math.min(MOST_PADDING, Math.max(0, padding));
    view.setUint32(xing + XING_BYTES + 20, gaps);
    return new Blob([bytes.slice(0, start), wider, blob.slice(start + size(frame[2] >> 4))], { type: blob.type });
}
