/**
 * What a Matroska or WebM result that mediabunny wrote says of itself: mediabunny knows no chapters, not all flags and no picture's length, so a
 * new head is put before the clusters, which stay as they are.
 */

import { element, unsignedElement } from './ebmlwriting.js';
import { elements } from './ebml.js';
import { cuesOf } from './matroskaclusters.js';
import { chaptersElement, durationOf, entryElement, infoElement, tagsElement } from './matroskadescription.js';
import { headOf } from './matroskahead.js';
import { LEVEL1, TRACK } from './matroskaids.js';
import { segmentOf, View } from './matroskaview.js';

/**
 * @import {Assemble} from '../../web/protocol.gen.js'
 * @import {Cue} from './matroskaclusters.js'
 * @import {Indexed} from './matroskahead.js'
 * @import {Place, Segment} from './matroskaview.js'
 *
 * @typedef {{info: Uint8Array, entries: Uint8Array[], tags: Uint8Array[], isAttached: boolean}} Said contents of elements
 */

/**
 * @param {Blob} blob whose tracks are those of the step, in the same order
 * @param {Assemble} step
 * @returns {Promise<Blob>}
 */
export async function labelledMatroska(blob, { tracks, metadata }) {
    const isLabelled = tracks.some(({ language, title, disposition }) => language !== null || title !== null || disposition !== null);
    if (!isLabelled && metadata.tags === null && metadata.chapters.length === 0) return blob;
    return reheaded(blob, ({ info, entries, tags, isAttached }) => [
        infoElement(info, durationOf(info) ?? 0, metadata.tags),
        element(LEVEL1.tracks, ...entries.map((body, i) => entryElement(body, { ...tracks[i], rotation: null }))),
        ...chaptersElement(metadata.chapters),
        ...tagsElement(tags, new Set(), isAttached, metadata),
    ]);
}

/**
 * Without this, nothing says how long the last picture lasts.
 * @param {Blob} blob
 * @param {(number | null)[]} frames seconds that each picture lasts, track by track; null where that cannot be said
 * @returns {Promise<Blob>}
 */
export async function pacedMatroska(blob, frames) {
    if (frames.every((seconds) => seconds === null)) return blob;
    return reheaded(blob, ({ info, entries, tags }) => [
        element(LEVEL1.info, info),
        element(LEVEL1.tracks, ...entries.map((body, i) => element(TRACK.entry, body, ...stated(frames[i])))),
        ...tags.map((body) => element(LEVEL1.tags, body)),
    ]);
}

/** @param {number | null} seconds */
function stated(seconds) {
    return seconds === null ? [] : [unsignedElement(TRACK.frame, Math.round(seconds * 1e9))];
}

/**
 * @param {Blob} blob
 * @param {(said: Said) => Uint8Array[]} change makes the elements before the clusters, index aside
 * @returns {Promise<Blob>}
 */
async function reheaded(blob, change) {
    const view = new View(blob);
    const segment = await segmentOf(view);
    const ebml = await view.contents(/** @type {Place} */ (await view.place(0)));
    const contents = async (/** @type {number} */ id) => Promise.all((segment.parts.get(id) ?? []).map((place) => view.contents(place)));
    const [[info], [tracks], tags] = await Promise.all([LEVEL1.info, LEVEL1.tracks, LEVEL1.tags].map(contents));
    const [attached] = segment.parts.get(LEVEL1.attachments) ?? [];
    const entries = elements(tracks).filter(({ id }) => id === TRACK.entry).map(({ body }) => body);
    const parts = change({ info, entries, tags, isAttached: attached !== undefined });
    const end = endOf(segment);
    const attachments = attached?.end ? blob.slice(attached.at, attached.end) : null;
    const head = headOf({ ebml, parts, attachments }, indexed(segment.cluster, end, await cuesOf(view, segment)));
    return new Blob([...head, blob.slice(segment.cluster, end)], { type: blob.type });
}

/** Where the clusters end: other parts may lie behind them. @param {Segment} segment */
function endOf({ parts, cluster, end }) {
    return Math.min(end, ...[...parts.values()].flat().flatMap(({ at }) => (at > cluster ? [at] : [])));
}

/**
 * The clusters that the index names, each with those behind it that it does not.
 * @param {number} start
 * @param {number} end
 * @param {Cue[]} cues
 * @returns {Indexed[]}
 */
function indexed(start, end, cues) {
    /** @type {Map<number, Cue[]>} */
    const marks = new Map([[start, []]]);
    for (const cue of cues) marks.set(cue.cluster, [...(marks.get(cue.cluster) ?? []), cue]);
    const places = [...marks.keys()].sort((a, b) => a - b);
    return places.map((at, i) => ({ size: (places[i + 1] ?? end) - at, marks: marks.get(at) ?? [] }));
}
