/** Clusters of a spliced clip: a new beginning in front of the source's own blocks. */

import { header, joined, unsignedElement } from './ebmlwriting.js';
import { CLUSTER, LEVEL1 } from './matroskaids.js';
import { Unfit } from './matroskaview.js';

/**
 * @import {Block, Cluster} from './matroskaclusters.js'
 * @import {Mark} from './matroskahead.js'
 * @import {Selection} from './matroskaselection.js'
 * @import {Lot} from './matroskasplice.js'
 */

/** Blocks count from their cluster's time in 16 bits, signed. */
const FURTHEST = 0x7fff;

/**
 * @param {Blob} file
 * @param {Cluster} cluster
 * @param {Selection} selection
 * @param {Lot[]} lots
 * @param {number} base the tick that becomes 0
 * @returns {{parts: BlobPart[], size: number, marks: Mark[]}} without parts where nothing of it is kept
 */
export function built(file, cluster, { kept, starts, cued }, lots, base) {
    const blocks = cluster.blocks?.filter((block) => kept.has(block));
    if (blocks?.length === 0) return { parts: [], size: 0, marks: [] };
    const isWhole = !cluster.blocks || blocks?.length === cluster.blocks.length;
    const time = Math.max(0, cluster.time - base);
    /** @type {BlobPart[]} */
    let data = [file.slice(cluster.body, cluster.end)];
    if (cluster.time < base) data = (blocks ?? []).flatMap((block) => stamped(file, block, block.time - base - time));
    else if (!isWhole) data = runs(blocks ?? []).map(({ start, end }) => file.slice(start, end));
    const stamp = unsignedElement(CLUSTER.time, time);
    const length = data.reduce((sum, part) => sum + sizeOf(part), stamp.length);
    const begin = header(LEVEL1.cluster, length);
    const marks = blocks ? marksOf(blocks, lots, cued) : (starts.get(cluster) ?? []);
    return {
        parts: [joined([begin, stamp]), ...data],
        size: begin.length + length,
        marks: marks.map((mark) => ({ track: mark.track, time: mark.time - base })),
    };
}

/** @param {BlobPart} part */
function sizeOf(part) {
    return part instanceof Blob ? part.size : /** @type {Uint8Array} */ (part).length;
}

/**
 * Blocks that lie side by side, as one.
 * @param {Block[]} blocks
 */
function runs(blocks) {
    /** @type {{start: number, end: number}[]} */
    const found = [];
    for (const { start, end } of blocks) {
        const last = found[found.length - 1];
        if (last?.end === start) last.end = end;
        else found.push({ start, end });
    }
    return found;
}

/**
 * A block with another time, which takes two bytes wherever it lies.
 * @param {Blob} file
 * @param {Block} block
 * @param {number} time from its cluster's
 * @returns {BlobPart[]}
 */
function stamped(file, { start, stamp, end }, time) {
    if (time > FURTHEST) throw new Unfit('a block too far from its cluster');
    return [file.slice(start, stamp), Uint8Array.of(time >> 8, time & 0xff), file.slice(stamp + 2, end)];
}

/**
 * Where a player may start: pictures that are key frames, and what the source's index names. Sound alone can be
 * started anywhere, so the first block will do.
 * @param {Block[]} blocks
 * @param {Lot[]} lots
 * @param {Set<string>} cued
 * @returns {Mark[]}
 */
function marksOf(blocks, lots, cued) {
    const picture = lots.find(({ wanted }) => wanted.kind === 'video')?.number;
    const found = blocks.filter(({ track, time, isKey }) => isKey && (track === picture || cued.has(`${track}:${time}`)));
    return found.length > 0 || picture !== undefined ? found : blocks.slice(0, 1);
}
