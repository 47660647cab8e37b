/** The tables of a track of the result, as MP4 boxes. */

import { boxed, table, words } from './boxwriting.js';

/**
 * @import {Run} from './placing.js'
 * @import {Timeline} from './timeline.js'
 */

/**
 * @param {Timeline} track
 * @param {Run[]} runs the track's own, in the order of its samples
 * @param {boolean} isWide offsets need 64 bits
 * @returns {Uint8Array[]} everything that belongs into `stbl` but the sample entries
 */
export function sampleBoxes({ count, dts, pts, size, entry, sync }, runs, isWide) {
    let [isShifted, isSigned, common] = [false, false, size[0]];
    for (let i = 0; i < count; i++) {
        if (pts[i] !== dts[i]) isShifted = true;
        if (pts[i] < dts[i]) isSigned = true;
        if (size[i] !== common) common = 0;
    }
    return [
        table('stts', 0, counted(count, (i) => dts[i + 1] - dts[i])),
        ...(isShifted ? [table('ctts', isSigned ? 1 : 0, counted(count, (i) => pts[i] - dts[i]))] : []),
        ...(sync ? [table('stss', 0, keyFrames(sync))] : []),
        common ? table('stsz', 0, [common, count]) : boxed('stsz', [words([0, 0, count]), words(size)]),
        table('stsc', 0, chunks(runs, entry)),
        offsets(runs, isWide),
    ];
}

/** The numbers, from 1, of the samples that can be decoded on their own, with their count before. @param {Uint8Array} sync */
function keyFrames(sync) {
    const numbers = [0];
    for (let i = 0; i < sync.length; i++) if (sync[i]) numbers.push(i + 1);
    numbers[0] = numbers.length - 1;
    return numbers;
}

/**
 * Numbers as runs of the same number, with the count of runs before.
 * @param {number} count
 * @param {(i: number) => number} number
 */
function counted(count, number) {
    const runs = [0];
    let last = NaN;
    for (let i = 0; i < count; i++) {
        const value = number(i);
        if (value === last) runs[runs.length - 2]++;
        else runs.push(1, (last = value));
    }
    runs[0] = (runs.length - 1) / 2;
    return runs;
}

/** @param {Run[]} runs @param {boolean} isWide */
function offsets(runs, isWide) {
    const bytes = new Uint8Array(8 + runs.length * (isWide ? 8 : 4));
    const view = new DataView(bytes.buffer);
    view.setUint32(4, runs.length);
    for (let i = 0; i < runs.length; i++) {
        if (isWide) view.setBigUint64(8 + i * 8, BigInt(runs[i].at));
        else view.setUint32(8 + i * 4, runs[i].at);
    }
    return boxed(isWide ? 'co64' : 'stco', [bytes]);
}

/** How many samples are in each chunk, and which entry describes them. @param {Run[]} runs @param {Uint16Array} entry */
function chunks(runs, entry) {
    const entries = [0];
    let [samplesBefore, entryBefore] = [-1, -1];
    runs.forEach(({ first, count }, i) => {
        if (count === samplesBefore && entry[first] === entryBefore) return;
        entries.push(i + 1, count, entry[first]);
        [samplesBefore, entryBefore] = [count, entry[first]];
    });
    entries[0] = (entries.length - 1) / 3;
    return entries;
}
