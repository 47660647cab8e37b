/** The tables of a track of the result, as MP4 boxes. */

import { boxed, table, wide, words } from './boxwriting.js';

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
    const shift = Int32Array.from({ length: count }, (_, i) => pts[i] - dts[i]);
    const isShifted = shift.some((ticks) => ticks !== 0);
    const isSigned = shift.some((ticks) => ticks < 0);
    const common = size.every((bytes) => bytes === size[0]) ? size[0] : 0;
    const offsets = runs.map(({ at }) => at);
    return [
        table('stts', 0, counted(count, (i) => dts[i + 1] - dts[i])),
        ...(isShifted ? [table('ctts', isSigned ? 1 : 0, counted(count, (i) => shift[i]))] : []),
        ...(sync ? [table('stss', 0, keyFrames(sync))] : []),
        common ? table('stsz', 0, [common, count]) : boxed('stsz', [words([0, 0, count]), words(size)]),
        table('stsc', 0, chunks(runs, entry)),
        isWide ? boxed('co64', [words([0, runs.length]), ...offsets.map(wide)]) : table('stco', 0, [runs.length, ...offsets]),
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
