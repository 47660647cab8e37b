/** In which order the samples of all tracks stand in the result. */

/**
 * @import {Cut} from './chosen.js'
 * @import {Timeline} from './timeline.js'
 *
 * @typedef {[number, number]} Range numbers of runs, half-open
 * @typedef {{file: Blob, offset: number, until: number, cuts: Cut[]}} Queue cuts of one source that move in step
 * @typedef {{track: Timeline, cut: Cut, base: number, firsts: number[]}} Chain the runs of a cut: which of its samples are the
 *   first of one; `base` is the number of its first sample in the track
 */

/** Where several sources are interleaved, no run is longer, in seconds. */
const LONGEST = 1;
/** Pieces whose times agree so far, in seconds, move in step. */
const SAME = 0.05;

/**
 * Samples that lie together in a source; each run is a chunk of the result. A film has a hundred thousand of them, so they
 * are columns of numbers: an object for each would take longer to clean up than all the rest of a cut.
 */
export class Runs {
    /** @param {number} count */
    constructor(count) {
        /** The first sample, counted in the track. */
        this.first = new Uint32Array(count);
        /** How many samples. */
        this.samples = new Uint32Array(count);
        /** Offset in the file. */
        this.start = new Float64Array(count);
        this.end = new Float64Array(count);
        /** Seconds in the result. */
        this.time = new Float64Array(count);
        /** Where each begins in the result's data. */
        this.at = new Float64Array(count);
        /** Which of `cuts` each is of. */
        this.cut = new Uint32Array(count);
        /** @type {Cut[]} */
        this.cuts = [];
        /** @type {Map<Timeline, Range>} the runs of a track, in the order of its samples */
        this.of = new Map();
        /** @type {Map<number, Blob>} what the result has instead of as many bytes from a run's start on */
        this.heads = new Map();
        /** @type {Uint32Array} the runs in the order of the result */
        this.order = new Uint32Array();
        /** Bytes of all runs together. */
        this.size = 0;
    }

    /**
     * @param {Chain} chain
     * @param {number} from the number of its first run
     */
    fill({ track: { dts, scale, from: origin, begin }, cut, base, firsts }, from) {
        const { table: { offset, size }, kept, head } = cut;
        const number = this.cuts.push(cut) - 1;
        if (head) this.heads.set(from, head);
        for (let i = 0; i < firsts.length; i++) {
            const first = firsts[i];
            const next = i + 1 < firsts.length ? firsts[i + 1] : kept.length;
            const last = kept[next - 1];
            this.cut[from + i] = number;
            this.first[from + i] = base + first;
            this.samples[from + i] = next - first;
            this.start[from + i] = offset[kept[first]];
            this.end[from + i] = offset[last] + size[last];
            this.time[from + i] = (dts[base + first] - origin + begin) / scale;
        }
    }

    /** @param {Uint32Array} order of the result */
    place(order) {
        this.order = order;
        const { start, end, at } = this;
        let size = 0;
        for (let n = 0; n < order.length; n++) {
            const run = order[n];
            at[run] = size;
            size += end[run] - start[run];
        }
        this.size = size;
    }
}

/**
 * @param {Timeline[]} tracks
 * @returns {Runs} by time, but what comes out of one source side by side keeps its order there
 */
export function arranged(tracks) {
    const queues = queued(tracks.flatMap(({ cuts }) => cuts));
    const chains = tracks.flatMap((track) => chained(track, queues.length > 1 ? LONGEST : Infinity));
    const runs = new Runs(chains.reduce((sum, { firsts }) => sum + firsts.length, 0));
    /** @type {Map<Cut, Range>} */
    const ranges = new Map();
    let next = 0;
    for (const chain of chains) {
        const { track, cut, firsts } = chain;
        const [from, to] = [next, next + firsts.length];
        runs.fill(chain, from);
        runs.of.set(track, [runs.of.get(track)?.[0] ?? from, to]);
        ranges.set(cut, [from, to]);
        next = to;
    }
    const rows = queues.map(({ cuts }) => woven(cuts.map((cut) => ascending(ranges.get(cut) ?? [0, 0], runs.start)), runs.start));
    runs.place(woven(rows, runs.time));
    return runs;
}

/**
 * Pieces of one source that belong together.
 * @param {Cut[]} cuts
 */
function queued(cuts) {
    /** @type {Queue[]} */
    const queues = [];
    for (const cut of cuts.sort((a, b) => a.part.piece.at - b.part.piece.at)) {
        const { at, span } = cut.part.piece;
        const [offset, begin, until] = [(at - span.start) / 1e6, at / 1e6, (at + span.end - span.start) / 1e6];
        const same = queues.find((queue) => queue.file === cut.file && Math.abs(queue.offset - offset) < SAME && queue.until > begin - SAME);
        if (same) {
            same.cuts.push(cut);
            same.until = Math.max(same.until, until);
        } else queues.push({ file: cut.file, offset, until, cuts: [cut] });
    }
    return queues;
}

/**
 * @param {Timeline} track
 * @param {number} longest seconds
 */
function chained(track, longest) {
    const { cuts, dts, scale } = track;
    /** @type {Chain[]} */
    const chains = [];
    let base = 0;
    for (const cut of cuts) {
        const { table: { chunk }, kept } = cut;
        const firsts = [0];
        let limit = dts[base] + longest * scale;
        for (let i = 1; i < kept.length; i++) {
            const last = kept[i - 1];
            const sample = kept[i];
            if (sample === last + 1 && chunk[sample] === chunk[last] && dts[base + i + 1] <= limit) continue;
            firsts.push(i);
            limit = dts[base + i] + longest * scale;
        }
        chains.push({ track, cut, base, firsts });
        base += kept.length;
    }
    return chains;
}

/**
 * The runs of a range in the order of their keys, which nearly always is theirs.
 * @param {Range} range
 * @param {Float64Array} keys
 */
function ascending([from, to], keys) {
    const row = new Uint32Array(to - from);
    let isSorted = true;
    for (let i = 0; i < row.length; i++) {
        row[i] = from + i;
        if (i > 0 && keys[from + i] < keys[from + i - 1]) isSorted = false;
    }
    return isSorted ? row : row.sort((a, b) => keys[a] - keys[b]);
}

/**
 * Several rows as one: always the one goes on whose next run has the least key.
 * @param {Uint32Array[]} rows
 * @param {Float64Array} keys
 */
function woven(rows, keys) {
    const left = rows.filter(({ length }) => length > 0);
    if (left.length === 1) return left[0];
    const all = new Uint32Array(left.reduce((sum, { length }) => sum + length, 0));
    const next = left.map(() => 0);
    for (let n = 0; n < all.length; n++) {
        let best = 0;
        for (let i = 1; i < left.length; i++) if (keys[left[i][next[i]]] < keys[left[best][next[best]]]) best = i;
        all[n] = left[best][next[best]++];
        if (next[best] < left[best].length) continue;
        left.splice(best, 1);
        next.splice(best, 1);
    }
    return all;
}
