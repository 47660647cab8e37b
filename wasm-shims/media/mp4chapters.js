/** Chapters of MP4 and QuickTime: a text track that another track refers to, or Nero's `chpl` list. */

import { open } from './boxes.js';
import { Cursor, ifWhole, read, text } from './bytes.js';

/**
 * @import {Box} from './boxes.js'
 * @import {Chapter} from './layout.js'
 * @import {Trak} from './mp4.js'
 */

/** `chpl` counts in 100 ns. */
const NERO_TICKS_PER_US = 10;
const MAX_CHAPTERS = 10_000;
const MAX_TITLE_BYTES = 1024;

/**
 * @param {Blob} file
 * @param {Uint8Array} bytes
 * @param {Box} moov
 * @param {Trak[]} traks
 * @param {Set<number>} referenced
 * @returns {Promise<Chapter[]>}
 */
export async function mp4Chapters(file, bytes, moov, traks, referenced) {
    const track = traks.find(({ id, kind }) => referenced.has(id) && kind !== 'video');
    const marks = track ? await textTrack(file, track) : ifWhole(() => nero(bytes, moov), []);
    const length = Math.max(0, ...traks.map(({ duration, scale }) => (duration * 1e6) / scale));
    return marks.map(({ start_us, end_us, title }, i) => ({
        start_us,
        end_us: end_us ?? marks[i + 1]?.start_us ?? Math.max(start_us, Math.round(length)),
        title,
    }));
}

/**
 * @param {Uint8Array} bytes
 * @param {Box} moov
 * @returns {{start_us: number, end_us: number | null, title: string | null}[]}
 */
function nero(bytes, moov) {
    const chpl = open(bytes, moov, 'udta/chpl');
    if (!chpl || chpl.left < 9) return [];
    const version = chpl.u8();
    chpl.skip(3);
    if (version > 0) chpl.skip(4);
    const count = chpl.u8();
    const marks = [];
    for (let i = 0; i < count && chpl.left >= 9; i++) {
        const start_us = Math.round(chpl.u64() / NERO_TICKS_PER_US);
        const title = text(chpl.take(Math.min(chpl.u8(), chpl.left)));
        marks.push({ start_us, end_us: null, title: title || null });
    }
    return marks;
}

/**
 * @param {Blob} file
 * @param {Trak} track
 */
async function textTrack(file, track) {
    const samples = ifWhole(() => sampleTable(track), []).slice(0, MAX_CHAPTERS);
    const marks = [];
    let at = 0;
    for (const { offset, size, duration } of samples) {
        const start_us = Math.round((at * 1e6) / track.scale);
        at += duration;
        const bytes = await read(file, offset, offset + Math.min(size, MAX_TITLE_BYTES));
        marks.push({ start_us, end_us: Math.round((at * 1e6) / track.scale), title: sampleText(bytes) || null });
    }
    return marks;
}

/** @param {Uint8Array} bytes a length, then text in UTF-8, or in UTF-16 with a byte order mark */
function sampleText(bytes) {
    if (bytes.length < 2) return '';
    const cursor = new Cursor(bytes);
    const body = cursor.take(Math.min(cursor.u16(), cursor.left));
    if (body[0] === 0xfe && body[1] === 0xff) return new TextDecoder('utf-16be').decode(body.subarray(2));
    if (body[0] === 0xff && body[1] === 0xfe) return new TextDecoder('utf-16le').decode(body.subarray(2));
    return text(body);
}

/**
 * Where every sample of a small track lies.
 * @param {Trak} track
 */
function sampleTable({ bytes, box }) {
    const sizes = table(open(bytes, box, 'mdia/minf/stbl/stsz')?.skip(4), (cursor) => cursor.u32(), true);
    const durations = table(open(bytes, box, 'mdia/minf/stbl/stts')?.skip(4), (c) => ({ count: c.u32(), delta: c.u32() }));
    const runs = table(open(bytes, box, 'mdia/minf/stbl/stsc')?.skip(4), (c) => ({ first: c.u32(), samples: c.u32(), _: c.u32() }));
    const short = open(bytes, box, 'mdia/minf/stbl/stco')?.skip(4);
    const offsets = short ? table(short, (c) => c.u32()) : table(open(bytes, box, 'mdia/minf/stbl/co64')?.skip(4), (c) => c.u64());
    const deltas = durations.flatMap(({ count, delta }) => Array(Math.min(count, MAX_CHAPTERS)).fill(delta));
    const samples = [];
    for (let chunk = 0; chunk < offsets.length && samples.length < sizes.length; chunk++) {
        let offset = offsets[chunk];
        const run = runs.filter(({ first }) => first <= chunk + 1).at(-1);
        for (let i = 0; i < (run?.samples ?? 0) && samples.length < sizes.length; i++) {
            const size = /** @type {number} */ (sizes[samples.length]);
            samples.push({ offset, size, duration: deltas[samples.length] ?? 0 });
            offset += size;
        }
    }
    return samples;
}

/**
 * A counted list; `stsz` has one size for all before its count.
 * @template T
 * @param {Cursor | null | undefined} cursor
 * @param {(cursor: Cursor) => T} entry
 * @param {boolean} [sized]
 * @returns {T[]}
 */
function table(cursor, entry, sized = false) {
    if (!cursor) return [];
    const fixed = sized ? cursor.u32() : 0;
    const count = Math.min(cursor.u32(), MAX_CHAPTERS);
    if (fixed) return Array(count).fill(fixed);
    const entries = [];
    for (let i = 0; i < count && cursor.left >= 4; i++) entries.push(entry(cursor));
    return entries;
}
