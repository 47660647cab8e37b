/** The data of a result as slices of where it comes from. */

import { read } from './bytes.js';

/**
 * @import {Call} from '../rpc.js'
 * @import {Runs} from './runs.js'
 *
 * @typedef {{file: Blob, start: number, end: number}} Slice
 */

/** Making a slice costs a browser a tenth of a millisecond, so many more would be slower than copying. */
const MAX_SLICES = 8000;
/** Slices that lie closer are copied together, where there are too many: in the time of a slice browsers read as much. */
const NEAR = 64 << 10;
const MAX_READ = 4 << 20;
const READS_AT_ONCE = 8;

/**
 * @param {Runs} runs
 * @returns {Slice[]} in the order of the result, those that follow each other without a gap as one
 */
export function sliced(runs) {
    /** @type {Slice[]} */
    const slices = [];
    for (let n = 0; n < runs.order.length; n++) {
        const run = runs.order[n];
        const { file } = runs.cuts[runs.cut[run]];
        const start = runs.start[run];
        const end = runs.end[run];
        const head = runs.heads.size > 0 && runs.heads.get(run);
        const last = slices[slices.length - 1];
        if (head) slices.push({ file: head, start: 0, end: head.size }, { file, start: start + head.size, end });
        else if (last?.file === file && last.end === start) last.end = end;
        else slices.push({ file, start, end });
    }
    return slices;
}

/**
 * The data, referred to where that is quick, otherwise copied.
 * @param {Slice[]} slices
 * @param {Pick<Call, 'signal' | 'emit'>} call
 * @returns {Promise<Blob[]>}
 */
export async function dataOf(slices, { signal, emit }) {
    if (slices.length <= MAX_SLICES) return slices.map(({ file, start, end }) => file.slice(start, end));
    const groups = grouped(slices);
    /** @type {Promise<Blob>[]} */
    const parts = [];
    for (const [i, group] of groups.entries()) {
        signal.throwIfAborted();
        parts.push(copyOf(group));
        if (group.length === 1) continue;
        await parts[i - READS_AT_ONCE];
        emit('progress', { done: i / groups.length, stage: 'copy', eta_s: null });
    }
    return Promise.all(parts);
}

/** Slices that are best read in one go. @param {Slice[]} slices */
function grouped(slices) {
    const groups = [[slices[0]]];
    for (let i = 1; i < slices.length; i++) {
        const [{ file, start }] = groups[groups.length - 1];
        const gap = slices[i].start - slices[i - 1].end;
        if (slices[i].file === file && gap >= 0 && gap <= NEAR && slices[i].end - start <= MAX_READ) groups[groups.length - 1].push(slices[i]);
        else groups.push([slices[i]]);
    }
    return groups;
}

/** @param {Slice[]} group of one file, in a row */
async function copyOf(group) {
    const [{ file, start }, { end }] = [group[0], group[group.length - 1]];
    if (group.length === 1) return file.slice(start, end);
    const bytes = await read(file, start, end);
    let length = 0;
    // Moved together first, as a Blob of few long parts is made faster than one of many short ones.
    for (const slice of group) {
        bytes.copyWithin(length, slice.start - start, slice.end - start);
        length += slice.end - slice.start;
    }
    return new Blob([bytes.subarray(0, length)]);
}
