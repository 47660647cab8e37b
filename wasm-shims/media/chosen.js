/** Which samples of an MP4 track each piece takes, and when the result shows them. */

import { bytesOf, read } from './bytes.js';
import { Clock } from './clock.js';
import { unsuited } from './copying.js';
import { incapable } from './failures.js';
import { REORDER } from './frames.js';
import { MAX_SAMPLES, SampleTable } from './samples.js';
import { silentPacket } from './silence.js';
import { prerollOf } from './sound.js';

/**
 * @import {Trak} from './mp4.js'
 * @import {Line, Part} from './pieces.js'
 *
 * @typedef {object} Found the samples that a piece chooses from
 * @property {Part} part
 * @property {Trak} trak
 * @property {SampleTable} table
 * @property {Blob} file where `table` says that they lie
 *
 * @typedef {Found & Placing & {kept: Uint32Array, head?: Blob}} Cut `kept` counts in `table`, in decode order; `head` is what
 *   the result has instead of the first of them
 *
 * @typedef {object} Placing
 * @property {number} ratio ticks of the result in a tick of the samples' clock
 * @property {(sample: number) => number} at the tick of the result at which a sample is shown
 * @property {number} from the sample tick, before edits, at which the piece starts
 * @property {number} to and ends
 * @property {number} start the tick of the result at which it starts
 * @property {number} end and ends
 */

/** Bytes of silence that are held in memory. */
const REPEATED_AT_ONCE = 1 << 20;
/** Clocks coarser than this are written finer where pieces are joined, so that joints fall where they should. */
const FINE = 10_000;

/** Sound whose packets all hold equally many samples. */
const EVEN = new Set(['aac', 'mp3', 'ac3', 'eac3']);

/** Ticks per second of a result's track. @param {Line} line @param {Found[]} found */
export function scaleOf({ parts, main }, found) {
    const { scale } = found[parts.indexOf(main)].trak;
    return parts.length === 1 ? scale : scale * Math.ceil(Math.max(1, FINE / scale));
}

/**
 * @param {Line} line
 * @param {Found[]} found for each part
 * @param {number} scale
 * @returns {Promise<Cut[]>}
 */
export async function chosen({ kind, parts }, found, scale) {
    const cuts = [];
    let [played, isHeard] = [0, false];
    for (const i of parts.keys()) {
        const cut = { ...found[i], ...placed(found[i], scale) };
        if (kind === 'audio') {
            const { silence, played: until, ...sound } = await heard(cut, played, isHeard ? scale : null);
            cuts.push(...(silence ? [silence] : []), { ...cut, ...sound });
            played = until;
            isHeard ||= sound.kept.length > 0;
        } else cuts.push({ ...cut, kept: kind === 'video' ? await seen(cut) : textOf(cut) });
    }
    return cuts;
}

/**
 * @param {Found} found
 * @param {number} scale
 * @returns {Placing}
 */
function placed({ part, table }, scale) {
    const { clock, entry, piece, limit } = part;
    const target = new Clock(scale);
    const ratio = scale / clock.scale;
    // Presentation time 0 of the track, on the clock of its samples.
    const origin = -(entry.slot?.start ?? 0) - (entry.slot?.late ?? 0);
    const shift = target.at(piece.at) - target.at(piece.span.start);
    const to = Math.min(clock.at(piece.span.end), limit);
    return {
        ratio,
        at: (sample) => Math.round((table.pts(sample) - origin) * ratio) + shift,
        from: clock.at(piece.span.start) + origin,
        to: to + origin,
        start: target.at(piece.at),
        end: Math.min(target.at(piece.span.end), Math.round(limit * ratio)) + shift,
    };
}

/**
 * Pictures: from a key frame on all that is shown before the end, and what that refers to.
 * @param {Found & Placing} cut
 * @returns {Promise<Uint32Array>}
 */
async function seen({ part, table, from, to }) {
    const key = part.isFirst && !part.isMade ? await keyOf(part, table, from) : firstShown(table, from);
    if (key === null || key < 0 || (!part.isFirst && table.pts(key) >= to)) return new Uint32Array();
    const start = table.pts(key);
    const kept = [];
    let last = 0;
    for (let i = key; i < table.count; i++) {
        const pts = table.pts(i);
        // Pictures decoded after the key frame but shown before it refer to what is not there.
        if (pts < start) continue;
        kept.push(i);
        if (pts < to) last = kept.length;
        else if (kept.length - last > REORDER) break;
    }
    kept.length = last;
    if (!part.isLast && kept.some((i) => table.pts(i) >= to)) {
        throw unsuited();
    }
    return Uint32Array.from(kept);
}

/**
 * The sample that holds the key frame to start from, which may be shown before the piece starts.
 * @param {Part} part
 * @param {SampleTable} table
 * @param {number} from
 */
async function keyOf({ frames, piece }, table, from) {
    const key = frames && (await frames.copyStart(piece.span));
    if (!key) return null;
    const pts = frames.tick(key) - frames.clock.at(piece.span.start) + from;
    const near = firstShown(table, pts);
    return near >= 0 && table.pts(near) === pts ? near : null;
}

/**
 * The sample that is shown first at or after a tick, a key frame rather than another; -1 where there is none.
 * @param {SampleTable} table
 * @param {number} tick
 */
function firstShown(table, tick) {
    const [least, most] = table.shifts();
    let best = -1;
    for (let i = table.decodedFrom(tick - most); i < table.count; i++) {
        const pts = table.pts(i);
        const isKey = table.sync?.[i] === 1 && pts === table.pts(Math.max(0, best));
        if (pts >= tick && (best < 0 || pts < table.pts(best) || isKey)) best = i;
        if (best >= 0 && table.dts[i] + least > table.pts(best)) break;
    }
    return best;
}

/**
 * Sound, packet by packet. The first piece starts early enough for the decoder to have settled; at a joint packets go on
 * without a gap, so that a packet belongs where its middle lies.
 * @param {Found & Placing} cut
 * @param {number} played the tick of the result up to which there is sound
 * @param {number | null} scale ticks per second of the result; null where nothing was heard so far: players know a late start
 */
async function heard(cut, played, scale) {
    const { part, table, from, to, start, end } = cut;
    const codec = part.track ? await part.track.getCodec() : null;
    const preroll = Math.round(prerollOf(codec) * part.clock.scale);
    let first = Math.max(0, table.decodedFrom((part.isFirst ? from - preroll : from) + 1) - 1);
    let { at } = cut;
    /** @type {Cut | null} */
    let silence = null;
    if (part.isFirst) {
        if (EVEN.has(codec ?? '')) ({ first, at } = closedUp(cut, first));
    } else {
        const half = lasting(cut, first) / 2;
        const goes = Math.abs(start - played) <= 2 * half;
        while (first > 0 && at(first - 1) + half >= (goes ? played : start)) first--;
        while (first < table.count && at(first) + half < (goes ? played : start)) first++;
        const goesOn = first < table.count && (part.isLast ? table.pts(first) < to : at(first) + half < end);
        silence = goesOn && scale ? await silenceOf(cut, first, played, at(first), scale) : null;
        const until = silence ? Math.round(played + silence.table.dts[silence.table.count]) : played;
        const late = first < table.count && (goes || silence) ? until - at(first) : 0;
        if (late && Math.abs(late) <= half + 1) at = (sample) => cut.at(sample) + late;
    }
    let next = first;
    if (part.isLast) while (next < table.count && table.pts(next) < to) next++;
    else while (next < table.count && at(next) + lasting(cut, next) / 2 < end) next++;
    // A first piece may lie where there is nothing but what would come before it.
    if (next > first && at(next - 1) + lasting(cut, next - 1) <= start) next = first;
    return { kept: row(first, next), at, silence, played: next > first ? Math.round(at(next - 1) + lasting(cut, next - 1)) : played };
}

/**
 * What fills a gap that is longer than a packet; null where there is none, or nothing to fill it with.
 * @param {Found & Placing} cut
 * @param {number} first one of its samples
 * @param {number} from the tick of the result at which the gap starts
 * @param {number} end and ends
 * @param {number} scale ticks per second of the result
 * @returns {Promise<Cut | null>}
 */
async function silenceOf(cut, first, from, end, scale) {
    const { part, table, file } = cut;
    const [gap, own] = [end - from, lasting(cut, first)];
    const track = part.track?.isAudioTrack() ? part.track : null;
    if (gap <= own || !track) return null;
    const like = await read(file, table.offset[first], table.offset[first] + table.size[first]);
    const config = (await track.getDecoderConfig())?.description;
    const packet = silentPacket(await track.getCodec(), config ? bytesOf(config) : null, like);
    if (!packet) return null;
    const length = packet.seconds === null ? own : packet.seconds * scale;
    const count = Math.round(gap / length);
    if (count > MAX_SAMPLES) throw incapable('A silence is too long to be listed sample by sample.', `${count} samples`, 'Cut it exactly.');
    const silent = SampleTable.alike(count, packet.data.length, length, table.entry[first]);
    return {
        ...cut, table: silent, file: repeated(packet.data, count), kept: row(0, count), ratio: 1,
        from: 0, to: count * length, at: (sample) => from + Math.round(sample * length), start: from, end,
    };
}

/** The same bytes many times over; a Blob refers to its parts. @param {Uint8Array<ArrayBuffer>} data @param {number} count */
function repeated(data, count) {
    const each = Math.min(count, Math.max(1, Math.floor(REPEATED_AT_ONCE / data.length)));
    const block = new Blob(Array(each).fill(data));
    return new Blob([...Array(Math.floor(count / each)).fill(block), block.slice(0, (count % each) * data.length)]);
}

/**
 * A lead-in without gaps. It is hidden by its length, which decoders count in samples: a packet that says it lasts longer
 * than what it holds, as FFmpeg writes the first one where it writes no edit list, would let them hide sound that is wanted.
 * @param {Found & Placing} cut
 * @param {number} first
 */
function closedUp({ table, from, at, ratio }, first) {
    const main = Math.max(first, table.decodedFrom(from + 1) - 1);
    let whole = Infinity;
    // The last packet of all may be cut short.
    for (let i = first; i <= main + 1 && i < table.count - 1; i++) whole = Math.min(whole, table.duration(i));
    const isGap = (/** @type {number} */ i) => table.duration(i) > 1.5 * whole;
    if (main < table.count && isGap(main) && table.pts(main) + whole <= from) return { first: main + 1, at };
    const gap = new Map();
    for (let [i, sum] = [main - 1, 0]; i >= first; i--) {
        if (isGap(i)) sum += Math.round((table.duration(i) - whole) * ratio);
        gap.set(i, sum);
    }
    return { first, at: (/** @type {number} */ sample) => at(sample) + (gap.get(sample) ?? 0) };
}

/** How many ticks of the result a sample lasts. @param {Found & Placing} cut @param {number} sample */
function lasting({ table, ratio }, sample) {
    return sample < table.count ? table.duration(sample) * ratio : 0;
}

/** Text: what is shown at any time of the piece. @param {Found & Placing} cut */
function textOf({ table, from, to }) {
    const first = Math.max(0, table.decodedFrom(from + 1) - 1);
    const end = Math.max(first, table.decodedFrom(to));
    return row(first, end);
}

/** @param {number} first @param {number} end */
function row(first, end) {
    const numbers = new Uint32Array(Math.max(0, end - first));
    for (let i = 0; i < numbers.length; i++) numbers[i] = first + i;
    return numbers;
}
