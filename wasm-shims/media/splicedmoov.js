/** The index of a spliced clip: the source's, with every table cut to the samples that were kept. */

import { boxes } from './boxes.js';
import { boxed, editList, table } from './boxwriting.js';

/**
 * @import {Box} from './boxes.js'
 * @import {Index} from './layout.js'
 * @import {Cut, Run} from './splice.js'
 */

/** Parts of a track's table that are made anew, or that are of no use without the samples they were about. */
const REPLACED = new Set(['stts', 'ctts', 'stss', 'stps', 'stsz', 'stsc', 'stco', 'co64', 'sdtp', 'sbgp', 'sgpd', 'cslg', 'stsh', 'stdp']);
/** Parts of the index that are about the whole source: chapters, fragments. */
const DROPPED = new Set(['chpl', 'mvex', 'iods']);

/**
 * @param {Index} index
 * @param {Cut[]} cuts
 * @param {Run[]} runs in the order of the result
 * @param {number} start offset of the first run's data in the result
 * @param {boolean} isWide offsets need 64 bits
 */
export function splicedMoov({ bytes, moov }, cuts, runs, start, isWide) {
    const offsets = placed(runs, start);
    const scale = cuts[0].trak.scale;
    const tracks = cuts.map((cut) => spliced(cut, cuts, runs, offsets, scale, isWide));
    const parts = [];
    for (const child of boxes(bytes, moov.body, moov.end)) {
        if (child.type === 'mvhd') parts.push(headed(bytes, child, Math.max(...tracks.map(({ shown }) => shown)), scale), ...tracks.map((track) => track.box));
        else if (child.type === 'udta') parts.push(without(bytes, child, DROPPED));
        else if (child.type !== 'trak' && !DROPPED.has(child.type)) parts.push(bytes.subarray(child.start, child.end));
    }
    return boxed('moov', parts);
}

/**
 * @param {Run[]} runs
 * @param {number} start
 * @returns {Map<Run, number>} where each run's data lies in the result
 */
function placed(runs, start) {
    const offsets = new Map();
    let at = start;
    for (const run of runs) {
        offsets.set(run, at);
        at += run.end - run.start;
    }
    return offsets;
}

/**
 * @param {Uint8Array} bytes
 * @param {Box} box
 * @param {Set<string>} types
 */
function without(bytes, box, types) {
    const parts = boxes(bytes, box.body, box.end).filter(({ type }) => !types.has(type));
    return boxed(box.type, parts.map((part) => bytes.subarray(part.start, part.end)));
}

/**
 * A copy of a header with another duration (and clock).
 * @param {Uint8Array} bytes
 * @param {Box} box `mvhd`, `tkhd` or `mdhd`
 * @param {number} duration
 * @param {number} [scale]
 */
function headed(bytes, box, duration, scale) {
    const copy = bytes.slice(box.start, box.end);
    const view = new DataView(copy.buffer, box.body - box.start);
    const isWide = view.getUint8(0) === 1;
    const stamps = isWide ? 20 : 12;
    if (scale !== undefined) view.setUint32(stamps, scale);
    const at = stamps + (box.type === 'tkhd' ? 8 : 4);
    if (isWide) view.setBigUint64(at, BigInt(duration));
    else view.setUint32(at, duration);
    return copy;
}

/**
 * @param {Cut} cut
 * @param {Cut[]} cuts
 * @param {Run[]} runs
 * @param {Map<Run, number>} offsets
 * @param {number} movie ticks per second of durations in the index
 * @param {boolean} isWide
 */
function spliced(cut, cuts, runs, offsets, movie, isWide) {
    const { bytes, box, scale } = cut.trak;
    const { empty, length, from, media } = presentation(cut, movie / scale);
    const ids = new Set(cuts.map(({ trak }) => trak.id));
    const parts = [];
    for (const child of boxes(bytes, box.body, box.end)) {
        if (child.type === 'tkhd') parts.push(headed(bytes, child, empty + length), editList(empty, length, from));
        else if (child.type === 'mdia') parts.push(mediaBox(cut, child, media, runs, offsets, isWide));
        else if (child.type === 'tref' && !refersTo(bytes, child, ids)) continue;
        else if (child.type !== 'edts') parts.push(bytes.subarray(child.start, child.end));
    }
    return { box: boxed('trak', parts), shown: empty + length };
}

/**
 * What of the kept samples is presented: from which media tick, for how long, after how much of nothing.
 * @param {Cut} cut
 * @param {number} ratio ticks of the movie in a tick of the media
 */
function presentation({ table: samples, kept, from, to }, ratio) {
    if (kept.length === 0) return { empty: 0, length: 0, from: 0, media: 0 };
    const base = samples.dts[kept[0]];
    let [first, last] = [Infinity, -Infinity];
    for (const i of kept) {
        first = Math.min(first, samples.pts(i));
        last = Math.max(last, samples.pts(i) + samples.dts[i + 1] - samples.dts[i]);
    }
    const begin = Math.max(from, first);
    return {
        empty: Math.round((begin - from) * ratio),
        // Rounded down: a frame that starts at the very end must not be let in by half a tick.
        length: Math.max(0, Math.floor((Math.min(to, last) - begin) * ratio + 1e-6)),
        from: begin - base,
        media: samples.dts[kept[kept.length - 1] + 1] - base,
    };
}

/** @param {Uint8Array} bytes @param {Box} tref @param {Set<number>} ids */
function refersTo(bytes, tref, ids) {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return boxes(bytes, tref.body, tref.end).every(({ body, end }) => {
        for (let at = body; at + 4 <= end; at += 4) if (!ids.has(view.getUint32(at))) return false;
        return true;
    });
}

/**
 * @param {Cut} cut
 * @param {Box} mdia
 * @param {number} duration
 * @param {Run[]} runs
 * @param {Map<Run, number>} offsets
 * @param {boolean} isWide
 */
function mediaBox(cut, mdia, duration, runs, offsets, isWide) {
    const { bytes } = cut.trak;
    /** @param {Box} parent @returns {Uint8Array} */
    const rebuilt = (parent) =>
        boxed(
            parent.type,
            boxes(bytes, parent.body, parent.end).map((child) => {
                if (child.type === 'mdhd') return headed(bytes, child, duration);
                if (child.type === 'minf') return rebuilt(child);
                if (child.type === 'stbl') return sampleTables(cut, child, runs, offsets, isWide);
                return bytes.subarray(child.start, child.end);
            }),
        );
    return rebuilt(mdia);
}

/**
 * @param {Cut} cut
 * @param {Box} stbl
 * @param {Run[]} runs
 * @param {Map<Run, number>} offsets
 * @param {boolean} isWide
 */
function sampleTables(cut, stbl, runs, offsets, isWide) {
    const { bytes } = cut.trak;
    const { table: samples, kept } = cut;
    const own = runs.filter((run) => run.cut === cut).sort((a, b) => a.first - b.first);
    const described = boxes(bytes, stbl.body, stbl.end).filter(({ type }) => !REPLACED.has(type));
    const deltas = Array.from(kept, (sample, i) => samples.dts[kept[i + 1] ?? sample + 1] - samples.dts[sample]);
    const { shift, sync } = samples;
    const isSigned = shift?.some((ticks) => ticks < 0);
    const parts = [
        ...described.map((box) => bytes.subarray(box.start, box.end)),
        table('stts', 0, counted(deltas)),
        ...(shift ? [table('ctts', isSigned ? 1 : 0, counted(Array.from(kept, (i) => shift[i])))] : []),
        ...(sync ? [table('stss', 0, listed(keyFrames(cut, sync)))] : []),
        table('stsz', 0, samples.common ? [samples.common, kept.length] : [0, ...listed(Array.from(kept, (i) => samples.size[i]))]),
        table('stsc', 0, chunks(own, cut)),
        isWide ? wideOffsets(own, offsets) : table('stco', 0, listed(own.map((run) => offsets.get(run) ?? 0))),
    ];
    return boxed('stbl', parts);
}

/**
 * The numbers, from 1, of the samples that can be decoded on their own. Samples between the first one and the start of
 * presentation cannot, whatever the source says: the first one was the last that proved to be one.
 * @param {Cut} cut
 * @param {Uint8Array} sync
 */
function keyFrames({ table: samples, kept, from }, sync) {
    const numbers = Array.from(kept, (i, n) => (n === 0 || (sync[i] && samples.pts(i) > from) ? n + 1 : 0));
    return numbers.filter((number) => number > 0);
}

/** @param {number[]} numbers with their count before */
function listed(numbers) {
    return [numbers.length, ...numbers];
}

/** @param {number[]} numbers as runs of the same number, with the count of runs before */
function counted(numbers) {
    const runs = [0];
    for (const number of numbers) {
        if (runs[0] > 0 && runs[runs.length - 1] === number) runs[runs.length - 2]++;
        else {
            runs.push(1, number);
            runs[0]++;
        }
    }
    return runs;
}

/** @param {Run[]} runs @param {Cut} cut */
function chunks(runs, { table: samples, kept }) {
    const entries = [0];
    let [samplesBefore, entryBefore] = [-1, -1];
    runs.forEach(({ first, count }, i) => {
        const entry = samples.entry[kept[first]];
        if (count === samplesBefore && entry === entryBefore) return;
        entries.push(i + 1, count, entry);
        entries[0]++;
        [samplesBefore, entryBefore] = [count, entry];
    });
    return entries;
}

/** @param {Run[]} runs @param {Map<Run, number>} offsets */
function wideOffsets(runs, offsets) {
    const body = new Uint8Array(8 + runs.length * 8);
    const view = new DataView(body.buffer);
    view.setUint32(4, runs.length);
    runs.forEach((run, i) => view.setBigUint64(8 + i * 8, BigInt(offsets.get(run) ?? 0)));
    return boxed('co64', [body]);
}
