/** The clusters that mediabunny wrote, with what it does not write: how long the last picture lasts. */

import { REORDER } from './frames.js';
import { clusterOf } from './matroskabuilding.js';
import { blocksOf, clustersFrom, walked } from './matroskaclusters.js';
import { lastOf } from './matroskalast.js';

/**
 * @import {Cluster, Cue} from './matroskaclusters.js'
 * @import {Indexed} from './matroskahead.js'
 * @import {Last} from './matroskalast.js'
 * @import {Segment, View} from './matroskaview.js'
 *
 * @typedef {Indexed & {parts: BlobPart[]}} Stretch a cluster that the index names, with those behind it that it does not
 * @typedef {{at: number, end: number, marks: Cue[]}} Place of a stretch
 */

/**
 * @param {View} view
 * @param {Segment} segment
 * @param {Cue[]} cues
 * @param {(number | null)[]} ends ticks at which the last pictures of the tracks, which are numbered from 1, end; null for what stays as it is
 * @returns {Promise<Stretch[]>}
 */
export async function stretches(view, segment, cues, ends) {
    const places = placesOf(segment, cues);
    const tracks = ends.flatMap((tick, i) => (tick === null ? [] : [{ number: i + 1, tick }]));
    const first = Math.min(...tracks.map(({ number }) => Math.max(0, places.findLastIndex(({ marks }) => marks.some(({ track }) => track === number)))), places.length);
    const untouched = places.slice(0, first).map(({ at, end, marks }) => ({ size: end - at, marks, parts: [view.file.slice(at, end)] }));
    if (first === places.length) return untouched;
    const clusters = await lastClusters(view, segment, { at: places[first].at, end: places[places.length - 1].end }, tracks.map(({ number }) => number));
    const lasts = tracks.flatMap(({ number, tick }) => lastOf(blocksOf(clusters, number), { to: tick, next: tick }) ?? []);
    const made = await Promise.all(places.slice(first).map(async ({ at, end, marks }) => {
        const inside = clusters.filter((cluster) => cluster.at >= at && cluster.at < end);
        const parts = await Promise.all(inside.map((cluster) => told(view.file, cluster, lasts)));
        return { size: parts.reduce((sum, { size }) => sum + size, 0), marks, parts: parts.flatMap((part) => part.parts) };
    }));
    return [...untouched, ...made];
}

/**
 * @param {Blob} file
 * @param {Cluster} cluster
 * @param {Last[]} lasts
 */
async function told(file, cluster, lasts) {
    if (lasts.some(({ block }) => cluster.blocks?.includes(block))) return clusterOf(file, cluster, cluster.blocks, lasts, 0);
    return { size: cluster.end - cluster.at, parts: [file.slice(cluster.at, cluster.end)] };
}

/**
 * @param {Segment} segment
 * @param {Cue[]} cues
 * @returns {Place[]}
 */
function placesOf({ parts, cluster, end }, cues) {
    /** @type {Map<number, Cue[]>} */
    const marks = new Map([[cluster, []]]);
    for (const cue of cues) marks.set(cue.cluster, [...(marks.get(cue.cluster) ?? []), cue]);
    // Other parts may lie behind the clusters.
    const last = Math.min(end, ...[...parts.values()].flat().flatMap(({ at }) => (at > cluster ? [at] : [])));
    const places = [...marks.keys()].sort((a, b) => a - b);
    return places.map((at, i) => ({ at, end: places[i + 1] ?? last, marks: marks.get(at) ?? [] }));
}

/**
 * The clusters of a stretch, of which the last are looked into: until of each track more was found than decoders reorder.
 * @param {View} view
 * @param {Segment} segment
 * @param {{at: number, end: number}} place
 * @param {number[]} numbers of the tracks
 */
async function lastClusters(view, segment, { at, end }, numbers) {
    /** @type {Cluster[]} */
    const clusters = [];
    for await (const cluster of clustersFrom(view, segment, at)) {
        if (cluster.at >= end) break;
        clusters.push(cluster);
    }
    for (let i = clusters.length - 1; i >= 0 && numbers.some((number) => blocksOf(clusters, number).length <= REORDER); i--) {
        clusters[i] = await walked(view, clusters[i]);
    }
    return clusters;
}
