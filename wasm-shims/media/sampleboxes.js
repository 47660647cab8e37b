/** The tables of a track of the result, as MP4 boxes. */

import { boxed, table, words } from './boxwriting.js';

/**
 * @import {Range, Runs} from './runs.js'
 * @import {Timeline} from './timeline.js'
 */

/**
 * @param {Timeline} track
 * @param {Runs} runs
 * @param {boolean} isWide offsets need 64 bits
 * @returns {Uint8Array[]} everything that belongs into `stbl` but the sample entries
 */
export function sampleBoxes(track, runs, isWide) {
    const { count, dts, pts, size, entry, sync } = track;
    const own = runs.of.get(track) ?? [0, 0];
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
        table('stsc', 0, chunks(runs, own, entry)),
        offsets(runs, own, isWide),
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
    const runs = new Float64Array(1 + 2 * count);
    let length = 1;
    let last = NaN;
    for (let i = 0; i < count; i++) {
        const value = number(i);
        if (value === last) runs[length - 2]++;
        else {
            runs[length] = 1;
            runs[length + 1] = last = value;
            length += 2;
        }
    }
    runs[0] = (length - 1) / 2;
    return runs.subarray(0, length);
}

/** @param {Runs} runs @param {Range} own @param {boolean} isWide */
function offsets({ at }, [from, to], isWide) {
    const bytes = new Uint8Array(8 + (to - from) * (isWide ? 8 : 4));
    const view = new DataView(bytes.buffer);
    view.setUint32(4, to - from);
    for (let run = from, place = 8; run < to; run++) {
        if (isWide) view.setBigUint64(place, BigInt(at[run]));
        else view.setUint32(place, at[run]);
        place += isWide ? 8 : 4;
    }
    return boxed(isWide ? 'co64' : 'stco', [bytes]);
}

/**
 * How many samples are in each chunk, and which entry describes them.
 * @param {Runs} runs
 * @param {Range} own
 * @param {Uint16Array} entry
 */
function chunks({ first, samples }, [from, to], entry) {
    const entries = [0];
    let [samplesBefore, entryBefore] = [-1, -1];
    for (let run = from; run < to; run++) {
        const described = entry[first[run]];
        if (samples[run] === samplesBefore && described === entryBefore) continue;
        entries.push(run - from + 1, samples[run], described);
        [samplesBefore, entryBefore] = [samples[run], described];
    }
    entries[0] = (entries.length - 1) / 3;
    return entries;
}
