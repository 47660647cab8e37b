/** Which clusters and blocks of a Matroska file a clip is made of. */

import { corrupt } from './failures.js';
import { REORDER } from './frames.js';
import { blocksOf, clustersFrom, firstBlocks, walked } from './matroskaclusters.js';
import { lastOf } from './matroskalast.js';
import { Unfit } from './matroskaview.js';

/**
 * @import {Block, Cluster, Cue} from './matroskaclusters.js'
 * @import {Last} from './matroskalast.js'
 * @import {Lot, Source} from './matroskasplice.js'
 * @import {View} from './matroskaview.js'
 *
 * @typedef {object} Selection
 * @property {Cluster[]} clusters those without `blocks` are kept as a whole
 * @property {Set<Block>} kept of those that were looked into
 * @property {Map<Cluster, Block[]>} starts where a player may start in those that were not
 * @property {Set<string>} cued what the source's index names: `track:time`
 * @property {Last[]} lasts the last picture, where it is known how long it lasts
 * @property {number} ends the tick at which the last block ends
 */

/** Blocks of different tracks that belong together in time may lie this far apart in the file. */
const LEAD_S = 1;

/** Each becomes two parts of the result at least; browsers slow down with very many. */
const MAX_CLUSTERS = 5000;
/** After so many it can be told whether there will be too many. */
const FEW = 100;

/**
 * @param {Source} source
 * @param {Lot[]} lots
 * @param {Cue[]} cues
 * @param {boolean} isWhole all tracks are kept; where some are not, every cluster is looked into
 * @returns {Promise<Selection>}
 */
export async function selected(source, lots, cues, isWhole) {
    const { view } = source;
    const bounds = { from: lots[0].from, to: Math.max(...lots.map(({ to }) => to)), lead: Math.ceil(LEAD_S * source.clock.scale) };
    const { clusters, starts, rest } = await around(source, lots, cues, bounds);
    for (const [i, cluster] of clusters.entries()) {
        const isInside = cluster.time > bounds.from + bounds.lead && clusters[i + 1]?.time <= bounds.to - bounds.lead;
        if (!isInside || !isWhole) clusters[i] = await walked(view, cluster);
    }
    const picture = lots.find(({ wanted }) => wanted.kind === 'video');
    let seen = picture && pictures(clusters, picture);
    for (let next = rest.first; picture && seen && !seen.isSettled && !next.done; next = await rest.stream.next()) {
        clusters.push(await walked(view, next.value));
        seen = pictures(clusters, picture);
    }
    const kept = new Set([...(seen?.kept ?? []), ...lots.filter((lot) => lot !== picture).flatMap((lot) => packets(clusters, lot))]);
    assertThere(clusters, kept, view.file.size);
    const last = picture && seen ? lastOf(seen.kept, { to: picture.to, next: seen.next }) : null;
    return { clusters, kept, starts, cued: new Set(cues.map(({ track, time }) => `${track}:${time}`)), lasts: last ? [last] : [], ends: endOf(lots, kept, last) };
}

/**
 * The clusters from a little before the clip to a little behind it.
 * @param {Source} source
 * @param {Lot[]} lots
 * @param {Cue[]} cues
 * @param {{from: number, to: number, lead: number}} bounds
 */
async function around({ view, segment }, lots, cues, { from, to, lead }) {
    const before = cues.filter(({ time }) => time <= from - lead);
    const start = before.reduce((latest, { cluster }) => Math.max(latest, cluster), segment.cluster);
    const known = cues.filter(({ time, cluster }) => time <= to + lead && cluster >= start);
    await view.glance([...new Set(known.map(({ cluster }) => cluster))]);
    /** @type {Map<Cluster, Block[]>} */
    const starts = new Map();
    /** @type {Cluster[]} */
    let clusters = [];
    const stream = clustersFrom(view, segment, start);
    let [first, seen] = [await stream.next(), 0];
    const begin = first.value?.time ?? 0;
    for (; !first.done && first.value.time <= to + lead; first = await stream.next()) {
        const cluster = first.value;
        if (cluster.time <= from - lead) clusters = [];
        clusters.push(cluster);
        const length = (cluster.time - begin) / ++seen;
        if (seen > FEW && to - from > MAX_CLUSTERS * length) throw new Unfit('too many clusters');
        starts.set(cluster, cues.length > 0 ? [] : await mainStart(view, cluster, lots));
    }
    const byPlace = new Map(clusters.map((cluster) => [cluster.at, cluster]));
    for (const { track, time, cluster } of known) {
        const place = byPlace.get(cluster);
        if (place) starts.get(place)?.push({ track, time, isKey: true, start: 0, end: 0, stamp: 0, duration: null });
    }
    return { clusters, starts, rest: { first, stream } };
}

/**
 * The first block of a cluster from which a player may start, where the source has no index.
 * @param {View} view
 * @param {Cluster} cluster
 * @param {Lot[]} lots
 */
async function mainStart(view, cluster, lots) {
    const main = lots.find(({ wanted }) => wanted.kind === 'video') ?? lots[0];
    const blocks = cluster.blocks ?? (await firstBlocks(view, cluster));
    return blocks.filter(({ track, isKey }) => track === main.number && isKey).slice(0, 1);
}

/**
 * The pictures to decode, from a key frame on, for every one that is shown from it to the end. Among them are pictures
 * shown later that others refer to; as those cannot be hidden, the ones up to them are kept as well, so that the
 * picture does not jump.
 * @param {Cluster[]} clusters
 * @param {Lot} lot
 */
function pictures(clusters, { number, from, to }) {
    const blocks = blocksOf(clusters, number);
    const first = blocks.findIndex(({ time, isKey }) => isKey && time >= from);
    const key = blocks[first]?.time;
    /** @type {Block[]} */
    const kept = [];
    /** @type {Block[]} */
    let later = [];
    let end = to;
    for (const block of first < 0 ? [] : blocks.slice(first)) {
        // Pictures decoded after the key frame but shown before it refer to what is not there.
        if (block.time < key) continue;
        if (block.time >= end) {
            later.push(block);
            if (later.length > REORDER) break;
        } else {
            kept.push(...later, block);
            end = later.reduce((latest, { time }) => Math.max(latest, time), end);
            later = [];
        }
    }
    return { kept, next: Math.min(...later.map(({ time }) => time)), isSettled: later.length > REORDER };
}

/**
 * What is heard, and what comes before it by as much as the codec's delay: that much decoders cut away from what comes first.
 * @param {Cluster[]} clusters
 * @param {Lot} lot
 */
function packets(clusters, { number, from, to, delay }) {
    return blocksOf(clusters, number).filter(({ time }) => time >= from && time - delay < to);
}

/**
 * A shortened file still lists what it has lost.
 * @param {Cluster[]} clusters
 * @param {Set<Block>} kept
 * @param {number} size
 */
function assertThere(clusters, kept, size) {
    const ends = [...clusters.filter(({ blocks }) => !blocks), ...kept].map(({ end }) => end);
    if (ends.some((end) => end > size)) throw corrupt('The data of the last packets is missing.');
}

/**
 * @param {Lot[]} lots
 * @param {Set<Block>} kept
 * @param {Last | null} final
 */
function endOf(lots, kept, final) {
    let latest = -Infinity;
    for (const { number, wanted, frame, delay } of lots) {
        if (wanted.kind === 'subtitle') continue;
        const own = [...kept].filter(({ track }) => track === number).sort((a, b) => a.time - b.time);
        const [before, last] = own.slice(-2);
        const block = last ?? before;
        if (!block) continue;
        const usual = block.duration ?? frame ?? (last ? last.time - before.time : 0);
        latest = Math.max(latest, block.time - delay + (block === final?.block ? final.duration : usual));
    }
    return latest;
}
