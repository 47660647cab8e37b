/** The samples of a fragmented MP4, which lists them piece by piece among its data. */

import { boxes, find, header, MAX_HEADER, open } from './boxes.js';
import { Cursor, read } from './bytes.js';
import { SampleTable } from './samples.js';

/**
 * @import {Box} from './boxes.js'
 * @import {Index} from './layout.js'
 * @import {Trak} from './mp4.js'
 *
 * @typedef {object} Listed what the fragments so far say of one track
 * @property {number[]} size
 * @property {number[]} offset
 * @property {number[]} chunk
 * @property {number[]} entry
 * @property {number[]} dts
 * @property {number[]} shift
 * @property {boolean[]} sync
 * @property {number} next the tick at which the next sample is decoded
 * @property {number} chunks
 * @property {Defaults} defaults
 *
 * @typedef {{entry: number, duration: number, size: number, flags: number}} Defaults
 * @typedef {{base: number, defaults: Defaults, list: Listed}} Traf
 */

/** One read has room for most fragments' lists and the headers around them. */
const AT_ONCE = 16 << 10;
const MAX_LIST = 16 << 20;
const MAX_SAMPLES = 5_000_000;
/** Boxes that tie samples to what would have to be cut too; players' own kinds of them have no name but `uuid`. */
const UNSPLICEABLE = new Set(['saiz', 'saio', 'senc', 'subs', 'uuid']);
const NON_SYNC = 0x10000;
/** Flags of `tfhd`. */
const [BASE, ENTRY, DURATION, SIZE, FLAGS, FROM_MOOF] = [0x1, 0x2, 0x8, 0x10, 0x20, 0x20000];
/** Flags of `trun`. */
const [HAS_OFFSET, HAS_FIRST, HAS_DURATION, HAS_SIZE, HAS_FLAGS, HAS_SHIFT] = [0x1, 0x4, 0x100, 0x200, 0x400, 0x800];

/** Whether samples are listed in fragments. @param {Index} index */
export function isFragmented({ bytes, moov }) {
    return find(bytes, moov, 'mvex') !== undefined;
}

/**
 * @param {Blob} file
 * @param {Index} index
 * @param {AbortSignal} signal
 * @returns {Promise<Map<Trak, SampleTable> | null>} null where fragments are of a kind not known here
 */
export async function fragmentTables(file, index, signal) {
    const lists = new Map(index.traks.map((trak) => [trak.id, started(trak)]));
    setDefaults(index, lists);
    let at = 0;
    let samples = 0;
    let bytes = await read(file, 0, AT_ONCE);
    let from = 0;
    for (;;) {
        if (at + MAX_HEADER > from + bytes.length) {
            signal.throwIfAborted();
            [bytes, from] = [await read(file, at, at + AT_ONCE), at];
        }
        const box = header(bytes.subarray(at - from), file.size - at);
        if (!box) break;
        if (box.type === 'moof' && box.size <= MAX_LIST) {
            if (at + box.size > from + bytes.length) [bytes, from] = [await read(file, at, at + box.size + MAX_HEADER), at];
            const added = addFragment(bytes.subarray(at - from, at - from + box.size), at, lists);
            if (added === null || (samples += added) > MAX_SAMPLES) return null;
        }
        at += box.size;
    }
    const tables = new Map();
    for (const trak of index.traks) tables.set(trak, finished(/** @type {Listed} */ (lists.get(trak.id))));
    return tables;
}

/** What the index itself lists of a track, before any fragment. @param {Index['traks'][number]} trak @returns {Listed} */
function started({ bytes, box }) {
    const stbl = find(bytes, box, 'mdia/minf/stbl');
    const table = (stbl && SampleTable.read(bytes, stbl)) ?? new SampleTable(0);
    const numbers = Array.from({ length: table.count }, (_, i) => i);
    return {
        size: [...table.size],
        offset: [...table.offset],
        chunk: [...table.chunk],
        entry: [...table.entry],
        dts: [...table.dts.subarray(0, table.count)],
        shift: numbers.map((i) => table.shift?.[i] ?? 0),
        sync: numbers.map((i) => (table.sync?.[i] ?? 1) === 1),
        next: table.dts[table.count],
        chunks: table.count ? table.chunk[table.count - 1] + 1 : 0,
        defaults: { entry: 1, duration: 0, size: 0, flags: 0 },
    };
}

/** @param {Index} index @param {Map<number, Listed>} lists */
function setDefaults({ bytes, moov }, lists) {
    const mvex = find(bytes, moov, 'mvex');
    for (const { type, body, end } of mvex ? boxes(bytes, mvex.body, mvex.end) : []) {
        if (type !== 'trex' || end - body < 24) continue;
        const cursor = new Cursor(bytes.subarray(body, end)).skip(4);
        const list = lists.get(cursor.u32());
        if (list) list.defaults = { entry: cursor.u32(), duration: cursor.u32(), size: cursor.u32(), flags: cursor.u32() };
    }
}

/**
 * @param {Uint8Array} bytes a whole `moof`
 * @param {number} start its place in the file
 * @param {Map<number, Listed>} lists
 * @returns {number | null} how many samples it lists; null where it is of a kind not known here
 */
function addFragment(bytes, start, lists) {
    const [moof] = boxes(bytes);
    let [count, end] = [0, start];
    for (const box of moof ? boxes(bytes, moof.body, moof.end).filter(({ type }) => type === 'traf') : []) {
        const children = boxes(bytes, box.body, box.end);
        if (children.some(({ type }) => UNSPLICEABLE.has(type))) return null;
        const traf = headOf(bytes, box, start, end, lists);
        if (!traf) return null;
        end = traf.base;
        for (const trun of children.filter(({ type }) => type === 'trun')) {
            const before = traf.list.size.length;
            end = addRun(new Cursor(bytes.subarray(trun.body, trun.end)), traf, end);
            count += traf.list.size.length - before;
        }
    }
    return count;
}

/**
 * @param {Uint8Array} bytes
 * @param {Box} box
 * @param {number} moof its place in the file
 * @param {number} end where the data of the part before ends
 * @param {Map<number, Listed>} lists
 * @returns {Traf | null}
 */
function headOf(bytes, box, moof, end, lists) {
    const tfhd = open(bytes, box, 'tfhd');
    if (!tfhd) return null;
    const flags = tfhd.u32();
    const list = lists.get(tfhd.u32());
    if (!list) return null;
    const base = flags & BASE ? tfhd.u64() : flags & FROM_MOOF ? moof : end;
    const number = (/** @type {number} */ flag, /** @type {number} */ otherwise) => (flags & flag ? tfhd.u32() : otherwise);
    const { entry, duration, size, flags: sample } = list.defaults;
    const defaults = { entry: number(ENTRY, entry), duration: number(DURATION, duration), size: number(SIZE, size), flags: number(FLAGS, sample) };
    const tfdt = open(bytes, box, 'tfdt');
    if (tfdt) {
        const time = tfdt.u32() >>> 24 === 1 ? tfdt.u64() : tfdt.u32();
        // Samples are in the order of decoding; a source that goes back is another engine's.
        if (list.dts.length > 0 && time <= list.dts[list.dts.length - 1]) return null;
        list.next = time;
    }
    return { base, defaults, list };
}

/**
 * @param {Cursor} trun
 * @param {Traf} traf
 * @param {number} end where the data of the run before ends
 * @returns {number} where that of this one does
 */
function addRun(trun, { base, defaults, list }, end) {
    const flags = trun.u32() & 0xffffff;
    const count = trun.u32();
    let at = flags & HAS_OFFSET ? base + trun.i32() : end;
    const first = flags & HAS_FIRST ? trun.u32() : null;
    for (let i = 0; i < count; i++) {
        const duration = flags & HAS_DURATION ? trun.u32() : defaults.duration;
        const size = flags & HAS_SIZE ? trun.u32() : defaults.size;
        const own = flags & HAS_FLAGS ? trun.u32() : i === 0 && first !== null ? first : defaults.flags;
        // Version 0 has no negative offsets, but some write them all the same.
        list.shift.push(flags & HAS_SHIFT ? trun.i32() : 0);
        list.size.push(size);
        list.offset.push(at);
        list.chunk.push(list.chunks);
        list.entry.push(defaults.entry);
        list.dts.push(list.next);
        list.sync.push((own & NON_SYNC) === 0);
        list.next += duration;
        at += size;
    }
    list.chunks++;
    return at;
}

/** @param {Listed} list */
function finished({ size, offset, chunk, entry, dts, shift, sync, next }) {
    const table = new SampleTable(size.length);
    table.size.set(size);
    table.offset.set(offset);
    table.chunk.set(chunk);
    table.entry.set(entry);
    table.dts.set(dts);
    table.dts[size.length] = next;
    if (shift.some((ticks) => ticks !== 0)) table.shift = Int32Array.from(shift);
    if (!sync.every(Boolean)) table.sync = Uint8Array.from(sync, Number);
    return table;
}
