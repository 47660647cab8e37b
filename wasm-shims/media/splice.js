/**
 * A lossless clip of an MP4 or QuickTime file without moving its data: a new index in front of slices of the source.
 *
 * The tracks' own descriptions are kept to the byte, so this works for every codec there is.
 */

import { MP4, QTFF } from 'mediabunny';
import { boxes, find } from './boxes.js';
import { boxed } from './boxwriting.js';
import { corrupt } from './failures.js';
import { REORDER } from './frames.js';
import { SampleTable } from './samples.js';
import { prerollOf } from './sound.js';
import { splicedMoov } from './splicedmoov.js';

/**
 * @import {EncodedPacket, InputFormat} from 'mediabunny'
 * @import {Convert} from '../../web/protocol.gen.js'
 * @import {Container} from './containers.js'
 * @import {Index} from './layout.js'
 * @import {Trak} from './mp4.js'
 * @import {Task} from './lane.js'
 *
 * @typedef {object} Cut one track's share of the clip
 * @property {Trak} trak
 * @property {SampleTable} table
 * @property {Uint32Array} kept the samples, in decode order
 * @property {number} from media tick, on the source's clock, at which presentation starts
 * @property {number} to and stops
 *
 * @typedef {{cut: Cut, first: number, count: number, start: number, end: number}} Run samples that lie together in the
 *   source: `first` counts in `kept`, `start` and `end` are offsets in the file
 */

/** Each becomes a part of the result; browsers slow down with very many. */
const MAX_SLICES = 4000;
/** Boxes that tie samples to what would have to be cut too. */
const UNSPLICEABLE = new Set(['saiz', 'saio', 'senc', 'subs', 'stz2', 'padb']);
const WIDEST = 0xffffffff;

/**
 * @param {Container} container
 * @param {InputFormat} format
 * @param {Index | null} index
 * @param {Convert} step
 * @returns {index is Index} whether this clip can be made so
 */
export function canSplice(container, format, index, { container: name, tracks }) {
    const isSameFamily = (name === 'mov' && format === QTFF) || (name !== 'mov' && format === MP4);
    return container.hides && isSameFamily && index !== null && tracks.every(({ action }) => action === 'copy');
}

/**
 * @param {Blob} file
 * @param {{index: Index}} opened
 * @param {Task[]} tasks
 * @param {(task: Task) => Promise<EncodedPacket | null>} startOf the key frame from which a picture track is copied
 * @returns {Promise<Blob[] | null>} the parts of the result, or null where the source is of a kind that cannot be spliced
 */
export async function splice(file, { index }, tasks, startOf) {
    /** @type {Cut[]} */
    const cuts = [];
    for (const task of tasks) {
        const trak = index.traks.find(({ id }) => id === task.entry.slot?.id);
        const cut = trak && (await cutOf(task, trak, startOf));
        if (!cut) return null;
        if (cut.kept.length > 0) cuts.push(cut);
    }
    const runs = cuts.flatMap(runsOf).sort((a, b) => a.start - b.start);
    const slices = merged(runs);
    if (slices.length > MAX_SLICES || slices.length === 0) return null;
    if (runs.some(({ end }) => end > file.size)) throw corrupt('The data of the last packets is missing.');
    const head = await beginning(file, index, cuts, runs, tasks[0].container.brand);
    return [head, ...slices.map(({ start, end }) => file.slice(start, end))];
}

/**
 * @param {Task} task
 * @param {Trak} trak
 * @param {(task: Task) => Promise<EncodedPacket | null>} startOf
 * @returns {Promise<Cut | null>}
 */
async function cutOf(task, trak, startOf) {
    const { frames, span, track, entry } = task;
    const stbl = find(trak.bytes, trak.box, 'mdia/minf/stbl');
    if (!stbl || boxes(trak.bytes, stbl.body, stbl.end).some(({ type }) => UNSPLICEABLE.has(type))) return null;
    const table = SampleTable.read(trak.bytes, stbl);
    if (!table || table.count === 0) return null;
    // Presentation time 0 of the track, on the clock of its media.
    const origin = -(entry.slot?.start ?? 0);
    const from = frames.clock.at(span.start) + origin;
    const to = Math.min(frames.clock.at(span.end), frames.limit) + origin;
    if (!track.isVideoTrack()) {
        const preroll = Math.round(prerollOf(await track.getCodec()) * frames.clock.scale);
        return { trak, table, from, to, kept: heard(table, from - preroll, to) };
    }
    const key = await startOf(task);
    if (!key) return null;
    return { trak, table, from, to, kept: seen(table, frames.tick(key) + origin, to) };
}

/**
 * @param {SampleTable} table
 * @param {number} from
 * @param {number} to
 */
function heard(table, from, to) {
    let [first, end] = [0, 0];
    while (first + 1 < table.count && table.pts(first + 1) <= from) first++;
    for (end = first; end < table.count && table.pts(end) < to; end++);
    return Uint32Array.from({ length: end - first }, (_, i) => first + i);
}

/**
 * From a key frame on all that is shown before `to`, and what that refers to.
 * @param {SampleTable} table
 * @param {number} key the tick at which the key frame is shown
 * @param {number} to
 */
function seen(table, key, to) {
    let [first, last] = [0, -1];
    while (first < table.count && table.pts(first) !== key) first++;
    const kept = [];
    for (let i = first; i < table.count; i++) {
        const pts = table.pts(i);
        // Pictures decoded after the key frame but shown before it refer to what is not there.
        if (pts < key) continue;
        kept.push(i);
        if (pts < to) last = kept.length;
        else if (kept.length - last > REORDER) break;
    }
    return Uint32Array.from(kept.slice(0, Math.max(0, last)));
}

/**
 * @param {Cut} cut
 * @returns {Run[]}
 */
function runsOf(cut) {
    const { table, kept } = cut;
    const runs = [];
    for (let first = 0, next = 0; first < kept.length; first = next) {
        for (next = first + 1; next < kept.length; next++) {
            const [before, sample] = [kept[next - 1], kept[next]];
            if (sample !== before + 1 || table.chunk[sample] !== table.chunk[before]) break;
        }
        const last = kept[next - 1];
        runs.push({ cut, first, count: next - first, start: table.offset[kept[first]], end: table.offset[last] + table.size[last] });
    }
    return runs;
}

/**
 * Runs that follow each other without a gap, as one.
 * @param {Run[]} runs
 */
function merged(runs) {
    /** @type {{start: number, end: number}[]} */
    const slices = [];
    for (const { start, end } of runs) {
        const last = slices[slices.length - 1];
        if (last?.end === start) last.end = end;
        else slices.push({ start, end });
    }
    return slices;
}

/**
 * All that comes before the data.
 * @param {Blob} file
 * @param {Index} index
 * @param {Cut[]} cuts
 * @param {Run[]} runs in the order of the result
 * @param {string} [brand]
 */
async function beginning(file, index, cuts, runs, brand) {
    const size = runs.reduce((sum, { start, end }) => sum + end - start, 0);
    const isWide = size + index.bytes.length * 2 > WIDEST;
    const header = mediaHeader(size);
    const ftyp = await fileType(file, brand);
    // The index tells where the data lies, which is behind the index: its size has to be known before its contents.
    const measured = splicedMoov(index, cuts, runs, 0, isWide);
    const moov = splicedMoov(index, cuts, runs, ftyp.length + measured.length + header.length, isWide);
    return new Blob([ftyp, moov, header]);
}

/** @param {number} size of the data, without the header that this makes */
function mediaHeader(size) {
    if (size + 8 <= WIDEST) {
        const header = boxed('mdat', []);
        new DataView(header.buffer).setUint32(0, size + 8);
        return header;
    }
    const header = boxed('mdat', [new Uint8Array(8)]);
    const view = new DataView(header.buffer);
    view.setUint32(0, 1);
    view.setBigUint64(8, BigInt(size + 16));
    return header;
}

/**
 * The source's first box, which says what kind of file it is.
 * @param {Blob} file
 * @param {string} [brand] to say instead
 */
async function fileType(file, brand) {
    const bytes = new Uint8Array(await file.slice(0, 4096).arrayBuffer());
    const [box] = boxes(bytes);
    if (box?.type !== 'ftyp') return boxed('ftyp', [new TextEncoder().encode('qt  \0\0\0\0qt  ')]);
    const ftyp = bytes.slice(box.start, box.end);
    if (brand) ftyp.set(new TextEncoder().encode(brand), box.body - box.start);
    return ftyp;
}
