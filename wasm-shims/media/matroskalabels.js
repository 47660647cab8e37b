/**
 * What a Matroska or WebM result that mediabunny wrote says of itself: mediabunny knows no chapters and not all flags, so a
 * new head is put before the clusters, which stay as they are.
 */

import { element } from './ebmlwriting.js';
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
 */

/**
 * @param {Blob} blob whose tracks are those of the step, in the same order
 * @param {Assemble} step
 * @returns {Promise<Blob>}
 */
export async function labelledMatroska(blob, { tracks, metadata }) {
    const isLabelled = tracks.some(({ language, title, disposition }) => language !== null || title !== null || disposition !== null);
    if (!isLabelled && metadata.tags === null && metadata.chapters.length === 0) return blob;
    const view = new View(blob);
    const segment = await segmentOf(view);
    const ebml = await view.contents(/** @type {Place} */ (await view.place(0)));
    const contents = async (/** @type {number} */ id) => Promise.all((segment.parts.get(id) ?? []).map((place) => view.contents(place)));
    const [[info], [entries], tags] = await Promise.all([LEVEL1.info, LEVEL1.tracks, LEVEL1.tags].map(contents));
    const [attached] = segment.parts.get(LEVEL1.attachments) ?? [];
    const own = elements(entries).filter(({ id }) => id === TRACK.entry);
    const parts = [
        infoElement(info, durationOf(info) ?? 0, metadata.tags),
        element(LEVEL1.tracks, ...own.map(({ body }, i) => entryElement(body, { ...tracks[i], rotation: null }))),
        ...chaptersElement(metadata.chapters),
        ...tagsElement(tags, new Set(), attached !== undefined, metadata),
    ];
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
