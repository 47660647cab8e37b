/** What stands before the clusters of a spliced clip. */

import { elements } from './ebml.js';
import { element, header, joined, unsignedElement } from './ebmlwriting.js';
import { CUE, EBML, LEVEL1, SEEK, SEGMENT } from './matroskaids.js';

/**
 * @typedef {{track: number, time: number}} Mark a block from which a player may start
 * @typedef {{size: number, marks: Mark[]}} Indexed a cluster of the result, in bytes, and what the index says of it
 *
 * @typedef {object} Description
 * @property {Uint8Array} ebml contents of the file's header
 * @property {Uint8Array[]} parts whole elements of the first level
 * @property {Blob | null} attachments as they lie in the source
 */

/** Positions take as many bytes whatever they are, so that the size of what they stand in is known beforehand. */
const WIDE = 8;

/**
 * @param {Description} description
 * @param {Indexed[]} clusters
 * @returns {Blob[]}
 */
export function headOf({ ebml, parts, attachments }, clusters) {
    const ids = parts.map((part) => elements(part)[0].id);
    if (attachments) ids.push(LEVEL1.attachments);
    const sizes = [...parts.map(({ length }) => length), ...(attachments ? [attachments.size] : [])];
    const marked = clusters.some(({ marks }) => marks.length > 0);
    if (marked) ids.push(LEVEL1.cues);
    // Where things lie depends on how long these two are, not on what they say.
    let at = seekHead(ids.map((id) => ({ id, at: 0 }))).length;
    const places = [...sizes, 0].slice(0, ids.length).map((size, i) => ({ id: ids[i], at: (at += size) - size }));
    const unplaced = marked ? cues(clusters, 0) : new Uint8Array();
    const index = marked ? cues(clusters, at + unplaced.length) : unplaced;
    const size = clusters.reduce((sum, cluster) => sum + cluster.size, at + index.length);
    const begin = joined([element(EBML.header, ebml), header(SEGMENT, size, true), seekHead(places), ...parts]);
    return attachments ? [new Blob([begin]), attachments, new Blob([index])] : [new Blob([begin, index])];
}

/** @param {{id: number, at: number}[]} places */
function seekHead(places) {
    const entries = places.map(({ id, at }) => element(SEEK.entry, unsignedElement(SEEK.id, id), unsignedElement(SEEK.position, at, WIDE)));
    return element(LEVEL1.seekHead, ...entries);
}

/**
 * @param {Indexed[]} clusters
 * @param {number} start where the first one lies
 */
function cues(clusters, start) {
    /** @type {Map<number, Uint8Array[]>} */
    const points = new Map();
    let at = start;
    for (const { size, marks } of clusters) {
        for (const { track, time } of marks) {
            const positions = element(CUE.positions, unsignedElement(CUE.track, track), unsignedElement(CUE.cluster, at, WIDE));
            points.set(time, [...(points.get(time) ?? []), positions]);
        }
        at += size;
    }
    const times = [...points.keys()].sort((a, b) => a - b);
    return element(LEVEL1.cues, ...times.map((time) => element(CUE.point, unsignedElement(CUE.time, time), ...(points.get(time) ?? []))));
}
