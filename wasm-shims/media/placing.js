/** In which order the samples of all tracks stand in the result, as slices of where they come from. */

import { read } from './bytes.js';

/**
 * @import {Call} from '../rpc.js'
 * @import {Cut} from './chosen.js'
 * @import {Timeline} from './timeline.js'
 *
 * @typedef {object} Run samples that lie together in a source: a chunk of the result
 * @property {Timeline} track
 * @property {Cut} cut
 * @property {number} first counts in the track
 * @property {number} count
 * @property {number} start offset in the cut's file
 * @property {number} end
 * @property {Blob} [head] what the result has instead of as many bytes from the start on
 * @property {number} time seconds in the result
 * @property {number} at offset in the result's data
 *
 * @typedef {{file: Blob, start: number, end: number}} Slice
 * @typedef {{file: Blob, offset: number, until: number, runs: Run[]}} Queue runs of one source that move in step
 */

/** Making a slice costs a browser a tenth of a millisecond, so many more would be slower than copying. */
const MAX_SLICES = 8000;
/** Slices that lie closer are copied together, where there are too many: in the time of a slice browsers read as much. */
const NEAR = 64 << 10;
const MAX_READ = 4 << 20;
const READS_AT_ONCE = 8;
/** Where several sources are interleaved, no run is longer, in seconds. */
const LONGEST = 1;
/** Pieces whose times agree so far, in seconds, move in step. */
const SAME = 0.05;

/**
 * @param {Timeline[]} tracks
 * @returns {Run[]} in the order of the result, each with its place
 */
export function arranged(tracks) {
    const queues = queued(tracks);
    if (queues.length > 1) for (const queue of queues) queue.runs = queue.runs.flatMap(shortened);
    for (const { runs } of queues) runs.sort((a, b) => a.start - b.start);
    const ordered = interleaved(queues);
    let at = 0;
    for (const run of ordered) {
        run.at = at;
        at += run.end - run.start;
    }
    return ordered;
}

/**
 * The source's own interleaving is kept for pieces that come out of it side by side.
 * @param {Timeline[]} tracks
 * @returns {Queue[]}
 */
function queued(tracks) {
    const pieces = tracks.flatMap((track) => {
        let first = 0;
        return track.cuts.map((cut) => {
            const runs = runsOf(track, cut, first);
            first += cut.kept.length;
            return { cut, runs };
        });
    });
    /** @type {Queue[]} */
    const queues = [];
    for (const { cut, runs } of pieces.sort((a, b) => a.cut.part.piece.at - b.cut.part.piece.at)) {
        const { at, span } = cut.part.piece;
        const [offset, begin, until] = [(at - span.start) / 1e6, at / 1e6, (at + span.end - span.start) / 1e6];
        const same = queues.find((queue) => queue.file === cut.file && Math.abs(queue.offset - offset) < SAME && queue.until > begin - SAME);
        if (same) {
            for (const run of runs) same.runs.push(run);
            same.until = Math.max(same.until, until);
        } else queues.push({ file: cut.file, offset, until, runs });
    }
    return queues;
}

/**
 * @param {Timeline} track
 * @param {Cut} cut
 * @param {number} base the number of the cut's first sample in the track
 * @returns {Run[]}
 */
function runsOf(track, cut, base) {
    const { table, kept } = cut;
    const runs = [];
    for (let first = 0, next = 0; first < kept.length; first = next) {
        for (next = first + 1; next < kept.length; next++) {
            const [before, sample] = [kept[next - 1], kept[next]];
            if (sample !== before + 1 || table.chunk[sample] !== table.chunk[before]) break;
        }
        runs.push(run(track, cut, base, first, next));
    }
    return runs;
}

/**
 * @param {Timeline} track
 * @param {Cut} cut
 * @param {number} base
 * @param {number} first counts in the cut
 * @param {number} next
 * @returns {Run}
 */
function run(track, cut, base, first, next) {
    const { table, kept } = cut;
    const last = kept[next - 1];
    const head = first === 0 ? cut.head : undefined;
    const time = (track.dts[base + first] - track.from + track.begin) / track.scale;
    return { track, cut, first: base + first, count: next - first, start: table.offset[kept[first]], end: table.offset[last] + table.size[last], head, time, at: 0 };
}

/** @param {Run} whole */
function shortened(whole) {
    const { track, cut, first, count } = whole;
    const longest = LONGEST * track.scale;
    if (track.dts[first + count] - track.dts[first] <= longest) return [whole];
    /** @type {Run[]} */
    const parts = [];
    let start = whole.start;
    for (let i = first, begin = first; i < first + count; i++) {
        if (i + 1 < first + count && track.dts[i + 2] - track.dts[begin] <= longest) continue;
        const end = track.size.subarray(begin, i + 1).reduce((sum, size) => sum + size, start);
        const time = whole.time + (track.dts[begin] - track.dts[first]) / track.scale;
        const head = parts.length === 0 ? whole.head : undefined;
        parts.push({ track, cut, first: begin, count: i + 1 - begin, start, end, head, time, at: 0 });
        [start, begin] = [end, i + 1];
    }
    return parts;
}

/** By time, as far as the order within each queue allows. @param {Queue[]} queues */
function interleaved(queues) {
    const ordered = [];
    const heads = queues.map(({ runs }) => ({ runs, next: 0 })).filter(({ runs }) => runs.length > 0);
    while (heads.length > 0) {
        let best = 0;
        for (let i = 1; i < heads.length; i++) if (heads[i].runs[heads[i].next].time < heads[best].runs[heads[best].next].time) best = i;
        ordered.push(heads[best].runs[heads[best].next++]);
        if (heads[best].next === heads[best].runs.length) heads.splice(best, 1);
    }
    return ordered;
}

/**
 * @param {Run[]} runs in the order of the result
 * @returns {Slice[]} those that follow each other without a gap as one
 */
export function sliced(runs) {
    /** @type {Slice[]} */
    const slices = [];
    for (const { cut: { file }, start, end, head } of runs) {
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
