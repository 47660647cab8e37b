/** How alike two decoded pictures are, as the peak signal-to-noise ratio of their samples. */

import { isEqual } from './bytes.js';

/**
 * @import {VideoSample} from 'mediabunny'
 * @typedef {{format: string, width: number, height: number, data: Uint8Array<ArrayBuffer>, luma: number}} Picture `luma` is
 *   the number of bytes of the first plane, all of them where there are no planes
 */

/** What identical pictures get, in decibels. */
export const IDENTICAL = 100;
/** Formats whose first plane is the same. */
const EIGHT_BIT_LUMA = new Set(['I420', 'NV12', 'I422', 'I444', 'I420A', 'I422A', 'I444A']);
const DEEP = /P1([02])$/;
const PLANAR = /^(I4|NV)/;

/**
 * @param {VideoSample | Picture} one
 * @param {VideoSample | Picture} other
 * @returns {Promise<number>} decibels: of the brightness, or of everything if that is worse; 0 for different sizes
 */
export async function likeness(one, other) {
    const isSame = one.format === other.format && one.format !== null;
    const hasLuma = isSame || [one, other].every(({ format }) => EIGHT_BIT_LUMA.has(format ?? ''));
    const read = async (/** @type {VideoSample | Picture} */ shown) => {
        if (!('close' in shown) && hasLuma) return shown;
        const frame = 'close' in shown ? shown.toVideoFrame() : frameOf(shown);
        try {
            return await (hasLuma ? pictureOf(frame) : drawn(frame));
        } finally {
            frame.close();
        }
    };
    const [a, b] = await Promise.all([read(one), read(other)]);
    return alike(a, b);
}

/**
 * @param {Picture} a
 * @param {Picture} b both with planes of brightness, or both of the same format
 * @returns {number} as `likeness` gives it
 */
export function alike(a, b) {
    if (a.width !== b.width || a.height !== b.height) return 0;
    const isSame = a.format === b.format;
    // Copied pictures mostly are, and this is the quickest to see.
    if (isSame && isEqual(a.data, b.data)) return IDENTICAL;
    const depth = DEEP.exec(a.format);
    const peak = depth ? (depth[1] === '0' ? 1023 : 4095) : 255;
    const [one, other] = [a, b].map(({ data }) => (depth ? new Uint16Array(data.buffer, 0, data.length >> 1) : data));
    const bright = depth ? a.luma >> 1 : a.luma;
    const error = squares(one, other, 0, bright);
    const luma = ratio(error, bright, peak);
    return isSame ? Math.min(luma, ratio(error + squares(one, other, bright, one.length), one.length, peak)) : luma;
}

/** The sum of squared differences. @param {Uint8Array | Uint16Array} a @param {Uint8Array | Uint16Array} b @param {number} from @param {number} to */
function squares(a, b, from, to) {
    let sum = 0;
    for (let i = from; i < to; i++) {
        const difference = a[i] - b[i];
        sum += difference * difference;
    }
    return sum;
}

/** @param {VideoFrame} frame of a format whose samples can be read @returns {Promise<Picture>} */
export async function pictureOf(frame) {
    const { format, visibleRect } = frame;
    const { width, height } = /** @type {DOMRectReadOnly} */ (visibleRect);
    const data = new Uint8Array(frame.allocationSize());
    const [{ stride }] = await frame.copyTo(data);
    return { format: String(format), width, height, data, luma: PLANAR.test(String(format)) ? stride * height : data.length };
}

/** @param {Picture} picture with planes */
function frameOf({ format, width, height, data }) {
    return new VideoFrame(data, { format: /** @type {VideoPixelFormat} */ (format), codedWidth: width, codedHeight: height, timestamp: 0 });
}

/** As colours, for pictures whose samples cannot be compared or read. @param {VideoFrame} frame @returns {Promise<Picture>} */
async function drawn(frame) {
    const { width, height } = /** @type {DOMRectReadOnly} */ (frame.visibleRect ?? frame.codedRect);
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('there is no canvas');
    context.drawImage(frame, 0, 0, width, height);
    const { data: { buffer } } = context.getImageData(0, 0, width, height);
    const data = new Uint8Array(buffer);
    return { format: 'RGBA', width, height, data, luma: data.length };
}

/** Ten times the decimal logarithm of the squared peak over the mean squared error. @param {number} sum @param {number} count @param {number} peak */
function ratio(sum, count, peak) {
    return sum === 0 ? IDENTICAL : Math.min(IDENTICAL, 10 * Math.log10((peak * peak * count) / sum));
}
