/** The samples of one track of the result in a row: when each is decoded and shown, and what of them is presented. */

import { REORDER } from './frames.js';

/**
 * @import {Cut} from './chosen.js'
 * @import {Line} from './pieces.js'
 *
 * @typedef {object} Timeline all times in ticks of the result's track, from 0 on, before edits
 * @property {Line} line
 * @property {Cut[]} cuts none of them empty
 * @property {number} scale ticks per second
 * @property {number} count
 * @property {Float64Array} dts one more than there are samples
 * @property {Float64Array} pts
 * @property {Uint32Array} size bytes
 * @property {Uint16Array} entry which sample entry describes it, from 1
 * @property {Uint8Array | null} sync null where all samples can be decoded on their own
 * @property {number} begin the tick of the result at which presentation starts
 * @property {number} from the media's tick there
 * @property {number} length how many ticks are presented
 */

/**
 * @param {Line} line
 * @param {Cut[]} all
 * @param {number} scale
 * @returns {Timeline | null} null where nothing is left of the track
 */
export function timeline(line, all, scale) {
    const cuts = all.filter(({ kept }) => kept.length > 0);
    if (cuts.length === 0) return null;
    const count = cuts.reduce((sum, { kept }) => sum + kept.length, 0);
    const isText = line.kind !== 'audio' && line.kind !== 'video';
    const shown = shownAt(cuts, count, isText);
    const lasts = ends(cuts, line.kind);
    const isWhole = line.parts.length === 1 && cuts.length === 1 && !isText && isEven(cuts[0], shown);
    const { dts, pts, zero } = isWhole ? sameTimes(cuts[0], shown, lasts) : newTimes(shown, lasts);
    let least = Infinity;
    for (let i = 0; i < count; i++) if (shown[i] < least) least = shown[i];
    const begin = Math.max(0, least);
    return {
        line, cuts, scale, count, dts, pts, begin,
        ...facts(cuts, count, line.kind === 'video'),
        from: zero + begin,
        length: Math.max(0, Math.min(cuts[cuts.length - 1].end, lasts) - begin),
    };
}

/**
 * When the result shows each sample; text that is already there when its piece starts is shown from then on.
 * @param {Cut[]} cuts
 * @param {number} count
 * @param {boolean} isText
 */
function shownAt(cuts, count, isText) {
    const shown = new Float64Array(count);
    let n = 0;
    for (const { kept, at, start } of cuts) {
        for (let i = 0; i < kept.length; i++) shown[n++] = isText ? Math.max(start, at(kept[i])) : at(kept[i]);
    }
    return shown;
}

/** The tick of the result at which the last sample has been shown. @param {Cut[]} cuts @param {Line['kind']} kind */
function ends(cuts, kind) {
    let latest = -Infinity;
    const cut = cuts[cuts.length - 1];
    const { kept, at, table, ratio, end } = cut;
    // Nothing is shown so much later than it is decoded that earlier ones could be the last.
    for (let i = Math.max(0, kept.length - 4 * REORDER); i < kept.length; i++) {
        latest = Math.max(latest, at(kept[i]) + Math.round(table.duration(kept[i]) * ratio));
    }
    if (kind === 'video') return followed(cut) ?? latest;
    return kind === 'audio' ? latest : Math.min(latest, end);
}

/**
 * When the source shows the picture behind the last one of a cut: until then that one is seen, while the table tells only how
 * far pictures are apart in the order of decoding. Null where none follows.
 * @param {Cut} cut
 */
function followed({ kept, at, table }) {
    let last = kept[kept.length - 1];
    for (const sample of kept.subarray(-4 * REORDER)) if (table.pts(sample) > table.pts(last)) last = sample;
    let next = -1;
    const until = Math.min(table.count, kept[kept.length - 1] + 4 * REORDER);
    for (let i = Math.max(kept[0], kept[kept.length - 1] - 4 * REORDER); i < until; i++) {
        if (table.pts(i) > table.pts(last) && (next < 0 || table.pts(i) < table.pts(next))) next = i;
    }
    return next < 0 ? null : at(next);
}

/** Whether samples are as far apart as in the source. @param {Cut} cut @param {Float64Array} shown */
function isEven({ table, kept, ratio }, shown) {
    const last = kept.length - 1;
    return shown[last] - shown[0] === Math.round((table.pts(kept[last]) - table.pts(kept[0])) * ratio);
}

/**
 * The source's own decoding times.
 * @param {Cut} cut
 * @param {Float64Array} shown
 * @param {number} last when the last one has been shown
 */
function sameTimes({ table, kept }, shown, last) {
    const base = table.dts[kept[0]];
    const zero = table.pts(kept[0]) - base - shown[0];
    const dts = new Float64Array(kept.length + 1);
    for (let i = 0; i < kept.length; i++) dts[i] = table.dts[kept[i]] - base;
    dts[kept.length] = Math.max(table.dts[kept[kept.length - 1] + 1] - base, last - shown[0]);
    return { dts, pts: moved(shown, zero), zero };
}

/**
 * Decoding times of samples from several sources: the n-th is decoded a fixed delay before the n-th is shown.
 * @param {Float64Array} shown
 * @param {number} last when the last one has been shown
 */
function newTimes(shown, last) {
    const order = shown.slice().sort();
    let delay = 0;
    for (let i = 0; i < shown.length; i++) delay = Math.max(delay, order[i] - shown[i]);
    const zero = delay - order[0];
    const dts = new Float64Array(shown.length + 1);
    for (let i = 0; i < shown.length; i++) dts[i] = order[i] - order[0];
    dts[shown.length] = Math.max(last, order[shown.length - 1]) - order[0];
    return { dts, pts: moved(shown, zero), zero };
}

/** @param {Float64Array} times @param {number} by */
function moved(times, by) {
    const all = new Float64Array(times.length);
    for (let i = 0; i < times.length; i++) all[i] = times[i] + by;
    return all;
}

/**
 * @param {Cut[]} cuts
 * @param {number} count
 * @param {boolean} isPicture
 */
function facts(cuts, count, isPicture) {
    const size = new Uint32Array(count);
    const entry = new Uint16Array(count);
    // Where there is a lead-in, not all pictures can be decoded on their own, though a source without a list says so.
    const hasLead = isPicture && cuts[0].part.isFirst && cuts[0].table.pts(cuts[0].kept[0]) < cuts[0].from;
    const sync = hasLead || cuts.some(({ table }) => table.sync) ? new Uint8Array(count) : null;
    let n = 0;
    for (const { table, kept, from, part } of cuts) {
        for (let i = 0; i < kept.length; i++, n++) {
            const sample = kept[i];
            size[n] = table.size[sample];
            entry[n] = table.entry[sample];
            // Between the first sample of all and the start of presentation none can be decoded on its own, whatever the
            // source says: the first one was the last that proved to be one.
            const isHidden = part.isFirst && table.pts(sample) <= from;
            if (sync) sync[n] = i === 0 || (!isHidden && (table.sync?.[sample] ?? 1)) ? 1 : 0;
        }
    }
    return { size, entry, sync };
}
