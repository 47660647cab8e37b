/**
 * What a Matroska or WebM result that mediabunny wrote says of itself: mediabunny knows no chapters, not all flags and no picture's length, so a
 * new head is put before the clusters, which stay as they are.
 */

import { Clock } from './clock.js';
import { element, unsignedElement } from './ebmlwriting.js';
import { elements } from './ebml.js';
import { cuesOf } from './matroskaclusters.js';
import { chaptersElement, durationOf, entryElement, infoElement, scaleOf, tagsElement } from './matroskadescription.js';
import { stretches } from './matroskaends.js';
import { headOf } from './matroskahead.js';
import { LEVEL1, TRACK } from './matroskaids.js';
import { segmentOf, View } from './matroskaview.js';

/**
 * @import {Assemble} from '../../web/protocol.gen.js'
 * @import {Place} from './matroskaview.js'
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
    return reheaded(blob, [], ({ info, entries, tags, isAttached }) => [
        infoElement(info, durationOf(info) ?? 0, metadata.tags),
        element(LEVEL1.tracks, ...entries.map((body, i) => entryElement(body, { ...tracks[i], rotation: null }))),
        ...chaptersElement(metadata.chapters),
        ...tagsElement(tags, new Set(), isAttached, metadata),
    ]);
}

/**
 * Without this, nothing says how long the last picture lasts.
 * @param {Blob} blob that mediabunny wrote, which numbers tracks from 1
 * @param {{frame: number | null, ends: number | null}[]} paces track by track: seconds that each picture lasts, and at which the last one ends; null where
 *   that cannot be said
 * @returns {Promise<Blob>}
 */
export async function pacedMatroska(blob, paces) {
    if (paces.every(({ frame, ends }) => frame === null && ends === null)) return blob;
    const ends = paces.map(({ ends }) => ends);
    return reheaded(blob, ends, ({ info, entries, tags }) => [
        infoElement(info, Math.max(durationOf(info) ?? 0, ...ends.flatMap((seconds) => (seconds === null ? [] : clockOf(info).tick(seconds)))), null),
        element(LEVEL1.tracks, ...entries.map((body, i) => element(TRACK.entry, body, ...stated(paces[i].frame)))),
        ...tags.map((body) => element(LEVEL1.tags, body)),
    ]);
}

/** @param {Uint8Array} info */
function clockOf(info) {
    return new Clock(1e9 / scaleOf(info));
}

/** @param {number | null} seconds */
function stated(seconds) {
    return seconds === null ? [] : [unsignedElement(TRACK.frame, Math.round(seconds * 1e9))];
}

/**
 * @param {Blob} blob
 * @param {(number | null)[]} ends seconds at which the last picture of each track ends; null for what stays as it is
 * @param {(said: Said) => Uint8Array[]} change makes the elements before the clusters, index aside
 * @returns {Promise<Blob>}
 */
async function reheaded(blob, ends, change) {
    const view = new View(blob);
    const segment = await segmentOf(view);
    const ebml = await view.contents(/** @type {Place} */ (await view.place(0)));
    const contents = async (/** @type {number} */ id) => Promise.all((segment.parts.get(id) ?? []).map((place) => view.contents(place)));
    const [[info], [tracks], tags] = await Promise.all([LEVEL1.info, LEVEL1.tracks, LEVEL1.tags].map(contents));
    const [attached] = segment.parts.get(LEVEL1.attachments) ?? [];
    const entries = elements(tracks).filter(({ id }) => id === TRACK.entry).map(({ body }) => body);
    const parts = change({ info, entries, tags, isAttached: attached !== undefined });
    const attachments = attached?.end ? blob.slice(attached.at, attached.end) : null;
    const ticks = ends.map((seconds) => (seconds === null ? null : clockOf(info).tick(seconds)));
    const clusters = await stretches(view, segment, await cuesOf(view, segment), ticks);
    return new Blob([...headOf({ ebml, parts, attachments }, clusters), ...clusters.flatMap((stretch) => stretch.parts)], { type: blob.type });
}
