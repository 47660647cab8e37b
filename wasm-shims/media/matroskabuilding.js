/** Clusters of a spliced clip: a new beginning in front of the source's own blocks. */

import { header, joined, unsignedElement } from './ebmlwriting.js';
import { CLUSTER, LEVEL1 } from './matroskaids.js';
import { lasting } from './matroskalast.js';
import { Unfit } from './matroskaview.js';

/**
 * @import {Block, Cluster} from './matroskaclusters.js'
 * @import {Mark} from './matroskahead.js'
 * @import {Last} from './matroskalast.js'
 * @import {Selection} from './matroskaselection.js'
 * @import {Lot} from './matroskasplice.js'
 */

/** Blocks count from their cluster's time in 16 bits, signed. */
const FURTHEST = 0x7fff;
/** Clusters are a few megabytes long; only one is ever held. */
const MAX_HELD = 64 << 20;

/**
 * @param {Blob} file
 * @param {Cluster} cluster
 * @param {Selection} selection
 * @param {Lot[]} lots
 * @param {number} base the tick that becomes 0
 * @returns {Promise<{parts: BlobPart[], size: number, marks: Mark[]}>} without parts where nothing of it is kept
 */
export async function built(file, cluster, { kept, starts, cued, lasts }, lots, base) {
    const blocks = cluster.blocks?.filter((block) => kept.has(block));
    if (blocks?.length === 0) return { parts: [], size: 0, marks: [] };
    const marks = blocks ? marksOf(blocks, lots, cued) : (starts.get(cluster) ?? []);
    return {
        ...(await clusterOf(file, cluster, blocks ?? null, lasts, base)),
        marks: marks.map((mark) => ({ track: mark.track, time: mark.time - base })),
    };
}

/**
 * @param {Blob} file
 * @param {Cluster} cluster
 * @param {Block[] | null} blocks those of it to keep; null for all where nobody looked yet
 * @param {Last[]} lasts
 * @param {number} base the tick that becomes 0
 * @returns {Promise<{parts: BlobPart[], size: number}>}
 */
export async function clusterOf(file, cluster, blocks, lasts, base) {
    const isWhole = !blocks || (blocks.length === cluster.blocks?.length && !lasts.some(({ block }) => blocks.includes(block)));
    const isLate = cluster.time >= base;
    const data = isLate && isWhole ? [file.slice(cluster.body, cluster.end)] : await dataOf(file, blocks ?? [], lasts, isLate ? null : base);
    const stamp = unsignedElement(CLUSTER.time, Math.max(0, cluster.time - base));
    const length = data.reduce((sum, part) => sum + sizeOf(part), stamp.length);
    const begin = header(LEVEL1.cluster, length);
    return { parts: [joined([begin, stamp]), ...data], size: begin.length + length };
}

/**
 * @param {Blob} file
 * @param {Block[]} blocks
 * @param {Last[]} lasts
 * @param {number | null} base the tick that they have to count from anew; null where they count from their cluster's still
 * @returns {Promise<BlobPart[]>}
 */
async function dataOf(file, blocks, lasts, base) {
    const place = blocks.findIndex((one) => lasts.some(({ block }) => block === one));
    const last = lasts.find(({ block }) => block === blocks[place]);
    if (last) {
        const own = await new Blob(await dataOf(file, [last.block], [], base)).arrayBuffer();
        const before = await dataOf(file, blocks.slice(0, place), [], base);
        return [...before, lasting(new Uint8Array(own), last), ...(await dataOf(file, blocks.slice(place + 1), lasts, base))];
    }
    return base === null ? runs(blocks).map(({ start, end }) => file.slice(start, end)) : [await stamped(file, blocks, base)];
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
 * The blocks of a cluster that becomes the first, which then cannot count from its own time any more. They are copied,
 * as slices around each stamp would take longer.
 * @param {Blob} file
 * @param {Block[]} blocks
 * @param {number} base the tick that becomes 0, and the cluster's time
 */
async function stamped(file, blocks, base) {
    const found = runs(blocks);
    const length = found.reduce((sum, { start, end }) => sum + end - start, 0);
    if (length > MAX_HELD || blocks.some(({ time }) => time - base > FURTHEST)) throw new Unfit('a block too far from its cluster');
    const bytes = new Uint8Array(await new Blob(found.map(({ start, end }) => file.slice(start, end))).arrayBuffer());
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const { start, stamp, end, time } of blocks) {
        view.setInt16(at + stamp - start, time - base);
        at += end - start;
    }
    return bytes;
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
