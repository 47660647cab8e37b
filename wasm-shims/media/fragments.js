/**
 * By how much FFmpeg, and with it Chrome's player, shows the pictures of fragmented files later than their boxes say.
 *
 * Pictures may be shown before they are decoded there, by composition offsets below zero. FFmpeg delays the whole track
 * by the lowest one it has met. It meets those of all fragments before it shows the first picture, unless the file lists
 * where all of them lie (`sidx`): then only those up to the first data.
 */

import { boxes, header, MAX_HEADER, open } from './boxes.js';
import { Cursor, ifWhole, read } from './bytes.js';

/** @import {Trak} from './mp4.js' */

/** No list of samples or fragments of a few seconds is larger. */
const MAX_LIST = 4 << 20;
/** Each costs two reads. An encoder reorders as deeply as it ever will within the first minutes. */
const MAX_FRAGMENTS = 64;
/** Flags of `trun`: what stands in front of its samples, and in each of them. */
const BEFORE = [0x1, 0x4];
const OFFSET = 0x800;
const BEFORE_OFFSET = [0x100, 0x200, 0x400];

/**
 * Whether samples are listed both in the index and in fragments behind it; of those mediabunny sees the first ones only.
 * @param {Blob} file
 * @param {Trak[]} traks of an index that announces fragments
 */
export async function isMixed(file, traks) {
    const isListed = traks.some(({ bytes, box }) => ifWhole(() => (open(bytes, box, 'mdia/minf/stbl/stsz')?.skip(8).u32() ?? 0) > 0, false));
    if (!isListed) return false;
    let at = 0;
    for (;;) {
        const box = header(await read(file, at, at + MAX_HEADER), file.size - at);
        if (!box || box.type === 'moof') return box !== null;
        at += box.size;
    }
}

/**
 * @param {Blob} file
 * @returns {Promise<Map<number, number>>} ticks by track id
 */
export async function fragmentDelays(file) {
    /** @type {Map<number, number>} */
    const delays = new Map();
    let [at, fragments, isListed] = [0, 0, false];
    let head = await read(file, 0, MAX_HEADER);
    for (let box = header(head, file.size); box; box = header(head, file.size - at)) {
        const { type, size } = box;
        if (type === 'mdat' && isListed && fragments > 0) break;
        const isList = (type === 'moof' || type === 'sidx') && size <= MAX_LIST;
        // One read for a list and the header of what follows it.
        const bytes = await read(file, isList ? at : at + size, at + size + MAX_HEADER);
        head = isList ? bytes.subarray(size) : bytes;
        at += size;
        if (type === 'sidx' && isList) isListed ||= await listsAll(file, bytes, at);
        if (type !== 'moof' || !isList) continue;
        const canBeNegative = ifWhole(() => readFragment(bytes.subarray(0, size), delays), false);
        if (!canBeNegative || ++fragments === MAX_FRAGMENTS) break;
    }
    return delays;
}

/**
 * Whether an index of fragments reaches up to the end of the file, or to the index of random access that ends it.
 * @param {Blob} file
 * @param {Uint8Array} bytes
 * @param {number} end of the index in the file
 */
async function listsAll(file, bytes, end) {
    const last = await read(file, file.size - 4, file.size);
    return ifWhole(() => {
        const [box] = boxes(bytes);
        const cursor = new Cursor(bytes.subarray(box.body, box.end));
        const isWide = cursor.u8() === 1;
        cursor.skip(3 + 8 + (isWide ? 8 : 4));
        let reach = end + (isWide ? cursor.u64() : cursor.u32());
        for (let count = cursor.skip(2).u16(); count > 0; count--) {
            reach += cursor.u32();
            cursor.skip(8);
        }
        return reach === file.size || reach === file.size - new Cursor(last).u32();
    }, false);
}

/**
 * Raises the delays by what one fragment says.
 * @param {Uint8Array} bytes
 * @param {Map<number, number>} delays
 * @returns {boolean} whether its offsets are of the kind that can be negative; a file keeps to one kind
 */
function readFragment(bytes, delays) {
    const [moof] = boxes(bytes);
    if (!moof) return false;
    let canBeNegative = false;
    for (const traf of boxes(bytes, moof.body, moof.end).filter(({ type }) => type === 'traf')) {
        const children = boxes(bytes, traf.body, traf.end);
        const tfhd = children.find(({ type }) => type === 'tfhd');
        const id = tfhd ? new Cursor(bytes.subarray(tfhd.body, tfhd.end)).skip(4).u32() : -1;
        for (const { body, end } of children.filter(({ type }) => type === 'trun')) {
            canBeNegative ||= bytes[body] > 0;
            delays.set(id, Math.max(delays.get(id) ?? 0, -lowestOffset(new Cursor(bytes.subarray(body, end)))));
        }
    }
    return canBeNegative;
}

/** @param {Cursor} trun its contents */
function lowestOffset(trun) {
    const flags = trun.u32() & 0xffffff;
    if (!(flags & OFFSET)) return 0;
    const fields = (/** @type {number[]} */ which) => which.filter((flag) => flags & flag).length * 4;
    let left = trun.u32();
    trun.skip(fields(BEFORE));
    let lowest = 0;
    for (; left > 0; left--) lowest = Math.min(lowest, trun.skip(fields(BEFORE_OFFSET)).i32());
    return lowest;
}
