/** The clusters of a Matroska file and the blocks in them, without the packets' data. */

import { Cursor } from './bytes.js';
import { child, elements, header, unsigned } from './ebml.js';
import { CLUSTER, CUE, EBML, GROUP, LEVEL1 } from './matroskaids.js';
import { Unfit } from './matroskaview.js';

/**
 * @import {Place, Segment, View} from './matroskaview.js'
 *
 * @typedef {object} Block one or several packets of one track
 * @property {number} start where in the file its element begins
 * @property {number} end and ends
 * @property {number} stamp where its time lies, which is two bytes
 * @property {number} track the number by which the file calls it
 * @property {number} time ticks
 * @property {boolean} isKey
 * @property {number | null} duration ticks
 *
 * @typedef {object} Cluster
 * @property {number} at
 * @property {number} body where the first block begins
 * @property {number} end
 * @property {number} time ticks
 * @property {Block[] | null} blocks all of them; null where nobody looked yet
 *
 * @typedef {{time: number, track: number, cluster: number}} Cue `cluster` is where that lies in the file
 */

/** An element's header and a block's own; a group has two. */
const MAX_HEAD = 40;
const LEADING = new Set([CLUSTER.time, CLUSTER.position, CLUSTER.previous, CLUSTER.silent, EBML.crc, EBML.void]);
const INSIDE = new Set([...LEADING, CLUSTER.block, CLUSTER.group, CLUSTER.encrypted]);
const PARTS = new Set(Object.values(LEVEL1));

const KEY = 0x80;

/**
 * What the source's index says, in the order of time.
 * @param {View} view
 * @param {Segment} segment
 * @returns {Promise<Cue[]>}
 */
export async function cuesOf(view, segment) {
    const cues = [];
    for (const place of segment.parts.get(LEVEL1.cues) ?? []) {
        for (const { id, body } of elements(await view.contents(place))) {
            if (id !== CUE.point) continue;
            const fields = elements(body);
            const time = unsigned(fields.find((field) => field.id === CUE.time)?.body);
            for (const positions of fields.filter((field) => field.id === CUE.positions)) {
                const track = unsigned(child(positions.body, CUE.track));
                const position = unsigned(child(positions.body, CUE.cluster));
                if (time === undefined || track === undefined || position === undefined) continue;
                cues.push({ time, track, cluster: segment.start + position });
            }
        }
    }
    return cues.sort((a, b) => a.time - b.time);
}

/**
 * Clusters in the order of the file.
 * @param {View} view
 * @param {Segment} segment
 * @param {number} from where a cluster lies
 * @returns {AsyncGenerator<Cluster, void>}
 */
export async function* clustersFrom(view, segment, from) {
    for (let at = from; at < segment.end; ) {
        const place = await view.place(at);
        if (!place) return;
        if (place.id !== LEVEL1.cluster) {
            // Zeros and junk that were left behind the last cluster are no parts.
            if (!PARTS.has(place.id) && place.id !== EBML.void) return;
            at = place.end ?? segment.end;
            continue;
        }
        const cluster = await clusterAt(view, segment, place);
        at = cluster.end;
        yield cluster;
    }
}

/**
 * @param {View} view
 * @param {Segment} segment
 * @param {Place} place
 * @returns {Promise<Cluster>}
 */
async function clusterAt(view, segment, place) {
    let time;
    let at = place.start;
    const end = place.end ?? segment.end;
    while (at < end) {
        const { cursor, base } = await inside(view, place, at);
        const { id, size } = header(cursor);
        if (!LEADING.has(id) || size === null) break;
        if (id === CLUSTER.time) time = unsigned(cursor.take(size));
        at = base + cursor.at + (id === CLUSTER.time ? 0 : size);
    }
    if (time === undefined) throw new Unfit('a cluster without a time');
    const cluster = { at: place.at, body: at, end, time, blocks: null };
    return place.end === null ? walked(view, cluster, true) : cluster;
}

/**
 * A place in a cluster's beginning, out of what was read of that already if it can be.
 * @param {View} view
 * @param {Place} place
 * @param {number} at
 */
async function inside(view, place, at) {
    const glance = view.glances.get(place.at);
    const offset = at - place.at;
    if (glance && glance.length >= offset + MAX_HEAD) return { cursor: new Cursor(glance).skip(offset), base: place.at };
    return view.from(at, MAX_HEAD);
}

/**
 * The blocks at a cluster's beginning: no more is read than what was read already to find the cluster.
 * @param {View} view
 * @param {Cluster} cluster
 */
export async function firstBlocks(view, cluster) {
    const blocks = [];
    const { start } = view;
    for (let at = cluster.body; at < cluster.end && at >= start && at + MAX_HEAD <= start + view.bytes.length; ) {
        const found = await childAt(view, cluster, at);
        if (found?.block) blocks.push(found.block);
        at = found && INSIDE.has(found.id) ? found.end : cluster.end;
        if (view.start !== start) break;
    }
    return blocks;
}

/**
 * A cluster with all its blocks.
 * @param {View} view
 * @param {Cluster} cluster
 * @param {boolean} [isOpen] its end is not known but by what follows
 * @returns {Promise<Cluster>}
 */
export async function walked(view, cluster, isOpen = false) {
    if (cluster.blocks) return cluster;
    const blocks = [];
    let at = cluster.body;
    while (at < cluster.end) {
        const found = await childAt(view, cluster, at);
        if (!found || (isOpen && !INSIDE.has(found.id))) break;
        if (!INSIDE.has(found.id)) throw new Unfit('a cluster with something unknown in it');
        if (found.block) blocks.push(found.block);
        at = found.end;
    }
    return { ...cluster, blocks, end: isOpen ? at : cluster.end };
}

/**
 * A track's blocks, of the clusters that were looked into.
 * @param {Cluster[]} clusters
 * @param {number} number
 */
export function blocksOf(clusters, number) {
    return clusters.flatMap(({ blocks }) => blocks ?? []).filter(({ track }) => track === number);
}

/**
 * @param {View} view
 * @param {Cluster} cluster
 * @param {number} at
 * @returns {Promise<{id: number, end: number, block: Block | null} | null>} null where the file was cut off
 */
async function childAt(view, cluster, at) {
    const { cursor, base } = await view.from(at, MAX_HEAD);
    try {
        const { id, size } = header(cursor);
        if (!INSIDE.has(id)) return { id, end: at, block: null };
        if (size === null || id === CLUSTER.encrypted) throw new Unfit('a block of unknown size, or encrypted as a whole');
        const start = base + cursor.at;
        const end = start + size;
        if (id === CLUSTER.block) return { id, end, block: { ...stamped(cursor, base, cluster), start: at, end, duration: null } };
        return { id, end, block: id === CLUSTER.group ? await grouped(view, cluster, at, start, end) : null };
    } catch (error) {
        if (error instanceof RangeError) return null;
        throw error;
    }
}

/**
 * How the contents of a block begin: track, time, flags.
 * @param {Cursor} cursor
 * @param {number} base
 * @param {Cluster} cluster
 */
function stamped(cursor, base, cluster) {
    // Track numbers are written as sizes are.
    const first = cursor.u8();
    const length = Math.clz32(first) - 23;
    let track = first & (0xff >> length);
    for (let i = 1; i < length; i++) track = track * 256 + cursor.u8();
    const stamp = base + cursor.at;
    const time = cluster.time + ((cursor.u16() << 16) >> 16);
    return { track, stamp, time, isKey: (cursor.u8() & KEY) !== 0 };
}

/**
 * @param {View} view
 * @param {Cluster} cluster
 * @param {number} at where the group begins
 * @param {number} start of its contents
 * @param {number} end
 * @returns {Promise<Block | null>}
 */
async function grouped(view, cluster, at, start, end) {
    /** @type {ReturnType<typeof stamped> | null} */
    let block = null;
    let [isKey, duration] = [true, /** @type {number | null} */ (null)];
    for (let next = start; next < end; ) {
        const { cursor, base } = await view.from(next, MAX_HEAD);
        const { id, size } = header(cursor);
        if (size === null) throw new Unfit('a part of a group of unknown size');
        next = base + cursor.at + size;
        if (id === GROUP.block) block = stamped(cursor, base, cluster);
        else if (id === GROUP.duration) duration = unsigned(cursor.take(size)) ?? null;
        else if (id === GROUP.reference) isKey = false;
    }
    return block && { ...block, isKey, start: at, end, duration };
}
