/** The timecode of a QuickTime result: the source's, counted on to where the result starts. */

import { boxes, find, open } from './boxes.js';
import { words } from './boxwriting.js';
import { Cursor, read } from './bytes.js';
import { SampleTable } from './samples.js';

/**
 * @import {Index} from './layout.js'
 * @import {Trak} from './mp4.js'
 * @import {Cut} from './chosen.js'
 * @import {Part} from './pieces.js'
 * @import {Timeline} from './timeline.js'
 */

const SAMPLE_BYTES = 4;
/** Flag of an entry whose count starts again after a day. */
const WRAPS = 2;
const DAY_S = 86_400;

/**
 * @param {Timeline} picture that the source's timecode belongs to
 * @param {Index} index
 * @param {Trak} pictureTrak
 * @param {number} length microseconds of the result
 * @returns {Promise<{trak: Trak, times: Timeline} | null>} null where there is none, or of a kind not known here
 */
export async function timecodeTrack(picture, { traks }, pictureTrak, length) {
    const reference = open(pictureTrak.bytes, pictureTrak.box, 'tref/tmcd');
    const id = reference && reference.left >= 4 ? reference.u32() : -1;
    const trak = traks.find((other) => other.id === id);
    const stbl = trak && find(trak.bytes, trak.box, 'mdia/minf/stbl');
    const clock = trak && stbl ? clockOf(trak, find(trak.bytes, stbl, 'stsd')) : null;
    const table = trak && stbl && clock ? SampleTable.read(trak.bytes, stbl) : null;
    if (!trak || !clock || !table || table.count === 0 || table.size[0] !== SAMPLE_BYTES) return null;
    const { part } = picture.cuts.find((cut) => !cut.part.isMade) ?? picture.cuts[0];
    const first = new Cursor(await read(part.file, table.offset[0], table.offset[0] + SAMPLE_BYTES)).u32();
    const passed = Math.round(((part.piece.span.start - part.piece.at) / 1e6) * clock.rate);
    const number = clock.wraps ? (((first + passed) % clock.wraps) + clock.wraps) % clock.wraps : Math.max(0, first + passed);
    return { trak, times: single(picture, trak, new Blob([words([number])]), Math.round((length / 1e6) * trak.scale)) };
}

/**
 * How a timecode counts: frames per second, and the number at which it starts again.
 * @param {Trak} trak
 * @param {import('./boxes.js').Box | undefined} stsd
 */
function clockOf({ bytes }, stsd) {
    const [entry] = stsd ? boxes(bytes, stsd.body + 8, stsd.end) : [];
    if (entry?.type !== 'tmcd' || entry.end - entry.body < 25) return null;
    const cursor = new Cursor(bytes.subarray(entry.body, entry.end)).skip(12);
    const flags = cursor.u32();
    const [scale, duration, nominal] = [cursor.u32(), cursor.u32(), cursor.u8()];
    if (!scale || !duration) return null;
    // Drop-frame counts leave out numbers, 18 of every 18000 at 30 frames per second, but only when they are written as text.
    const day = Math.round((DAY_S * scale) / duration);
    return { rate: scale / duration, wraps: flags & WRAPS && nominal ? (flags & 1 ? day : nominal * DAY_S) : 0 };
}

/**
 * A track of one sample.
 * @param {Timeline} like
 * @param {Trak} trak
 * @param {Blob} file its data
 * @param {number} length ticks
 * @returns {Timeline}
 */
function single({ line, cuts: [{ part }] }, trak, file, length) {
    const table = new SampleTable(1);
    table.size[0] = file.size;
    table.dts[1] = length;
    const piece = { ...part.piece, at: 0, span: { start: 0, end: 0 } };
    const kept = Uint32Array.of(0);
    /** @type {Cut} */
    const cut = { part: /** @type {Part} */ ({ ...part, piece }), trak, table, file, kept, ratio: 1, at: () => 0, from: 0, to: length, start: 0, end: length };
    const dts = Float64Array.of(0, length);
    return { line, cuts: [cut], scale: trak.scale, count: 1, dts, pts: Float64Array.of(0), size: table.size, entry: Uint16Array.of(1), sync: null, begin: 0, from: 0, length };
}
