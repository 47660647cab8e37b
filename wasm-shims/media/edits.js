/**
 * The last touch to an MP4: what its edit lists present, and where its index stands.
 *
 * mediabunny hides what lies before zero. Packets that were copied because others refer to them may also lie behind the
 * end; here the edit lists learn to stop before those. And since the index is at hand while the data lies in sealed
 * pieces, moving it to the front costs nothing but adding to its offsets.
 */

import { boxes, find } from './boxes.js';
import { boxed, editList } from './boxwriting.js';

/**
 * @import {Box} from './boxes.js'
 * @typedef {{bytes: Uint8Array<ArrayBuffer>, view: DataView}} Index
 */

const HEADER = 8;
const WIDEST = 0xffffffff;

/**
 * @param {Uint8Array} moov header included
 * @param {Map<number, number | undefined>} ends the time in seconds at which a track, by its id, stops being presented
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function presented(moov, ends) {
    const bytes = moov.slice();
    const index = { bytes, view: new DataView(bytes.buffer) };
    const [box] = boxes(bytes);
    const children = boxes(bytes, box.body, box.end);
    const mvhd = field(index, children.find(({ type }) => type === 'mvhd'), 'mvhd');
    const tracks = children.filter(({ type }) => type === 'trak');
    const limited = tracks.map((trak) => limit(index, trak, mvhd.scale, ends.get(idOf(index, trak))));
    if (limited.every((track) => track === null)) return bytes;
    mvhd.set(Math.max(...tracks.map((trak, i) => limited[i]?.shown ?? field(index, find(bytes, trak, 'tkhd'), 'tkhd').duration)));
    const parts = children.map((child) => limited[tracks.indexOf(child)]?.bytes ?? bytes.subarray(child.start, child.end));
    return boxed('moov', parts);
}

/** @param {Index} index @param {Box} trak */
function idOf({ bytes, view }, trak) {
    const tkhd = find(bytes, trak, 'tkhd');
    return tkhd ? view.getUint32(tkhd.body + (view.getUint8(tkhd.body) === 1 ? 20 : 12)) : -1;
}

/**
 * A header's duration, which two kinds of box keep at different places.
 * @param {Index} index
 * @param {Box | undefined} box
 * @param {'mvhd' | 'tkhd' | 'mdhd'} type
 */
function field({ view }, box, type) {
    if (!box) throw new Error(`the index has no ${type}`);
    const wide = view.getUint8(box.body) === 1;
    const stamps = box.body + 4 + (wide ? 16 : 8);
    const at = stamps + (type === 'tkhd' ? 8 : 4);
    return {
        scale: type === 'tkhd' ? 0 : view.getUint32(stamps),
        duration: wide ? Number(view.getBigUint64(at)) : view.getUint32(at),
        /** @param {number} value */
        set: (value) => (wide ? view.setBigUint64(at, BigInt(value)) : view.setUint32(at, value)),
    };
}

/**
 * A track's box with an edit list that stops at `end`; null where it stops there anyway.
 * @param {Index} index
 * @param {Box} trak
 * @param {number} movie ticks per second of durations
 * @param {number | undefined} end
 */
function limit(index, trak, movie, end) {
    const { bytes } = index;
    const { scale, duration } = field(index, find(bytes, trak, 'mdia/mdhd'), 'mdhd');
    const { empty, from } = offsets(index, find(bytes, trak, 'edts/elst'));
    const available = Math.round(((duration - from) / scale) * movie);
    // Rounded down: a frame that starts at the very end must not be let in by half a tick.
    const length = end === undefined ? available : Math.min(available, Math.max(1, Math.floor(end * movie + 1e-6) - empty));
    if (length >= available) return null;
    const tkhd = find(bytes, trak, 'tkhd');
    field(index, tkhd, 'tkhd').set(empty + length);
    const children = boxes(bytes, trak.body, trak.end).filter(({ type }) => type !== 'edts');
    const parts = children.flatMap((child) => {
        const part = bytes.subarray(child.start, child.end);
        return child.type === 'tkhd' ? [part, editList(empty, length, from)] : [part];
    });
    return { bytes: boxed('trak', parts), shown: empty + length };
}

/**
 * What mediabunny wrote: an empty edit before a late start, or a start inside the media.
 * @param {Index} index
 * @param {Box | undefined} elst
 */
function offsets({ view }, elst) {
    let [empty, from] = [0, 0];
    if (!elst) return { empty, from };
    const wide = view.getUint8(elst.body) === 1;
    const size = wide ? 20 : 12;
    for (let at = elst.body + 8; at + size <= elst.end; at += size) {
        const length = wide ? Number(view.getBigUint64(at)) : view.getUint32(at);
        const start = wide ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4);
        if (start < 0) empty += length;
        else from = start;
    }
    return { empty, from };
}

/**
 * Add to every offset of the index, so that it may stand before the data; false (and untouched) where an offset would
 * outgrow its field.
 * @param {Uint8Array<ArrayBuffer>} moov
 * @param {number} by
 */
export function shiftOffsets(moov, by) {
    const view = new DataView(moov.buffer);
    const [box] = boxes(moov);
    const tables = boxes(moov, box.body, box.end)
        .filter(({ type }) => type === 'trak')
        .map((trak) => find(moov, trak, 'mdia/minf/stbl'))
        .flatMap((stbl) => (stbl ? boxes(moov, stbl.body, stbl.end) : []))
        .filter(({ type }) => type === 'stco' || type === 'co64');
    const [short, wide] = [tables.filter(({ type }) => type === 'stco'), tables.filter(({ type }) => type === 'co64')];
    for (const { body, end } of short) {
        for (let at = body + HEADER; at < end; at += 4) if (view.getUint32(at) + by > WIDEST) return false;
    }
    for (const { body, end } of short) {
        for (let at = body + HEADER; at < end; at += 4) view.setUint32(at, view.getUint32(at) + by);
    }
    for (const { body, end } of wide) {
        for (let at = body + HEADER; at < end; at += 8) view.setBigUint64(at, view.getBigUint64(at) + BigInt(by));
    }
    return true;
}
