/**
 * A lossless clip of a Matroska or WebM file without moving its data: new headers in front of slices of the source.
 *
 * Clusters in the middle are kept as they are but for their time; of those at the edges, only the blocks that belong
 * to the clip. Blocks tell their time relative to their cluster's, so they need not be touched, and codecs do not matter.
 */

import { MATROSKA, WEBM } from 'mediabunny';
import { corrupt, incapable } from './failures.js';
import { Frames } from './frames.js';
import { child, elements, unsigned } from './ebml.js';
import { built } from './matroskabuilding.js';
import { cuesOf } from './matroskaclusters.js';
import { chaptersElement, durationOf, ebmlHeader, entryElement, infoElement, scaleOf, tagsElement, uidOf } from './matroskadescription.js';
import { headOf } from './matroskahead.js';
import { EBML, LEVEL1, TRACK } from './matroskaids.js';
import { selected } from './matroskaselection.js';
import { segmentOf, Unfit, View } from './matroskaview.js';
import { element } from './ebmlwriting.js';
import { text } from './bytes.js';
import { Clock } from './clock.js';

/**
 * @import {Assemble, AssembleTrack} from '../../web/protocol.gen.js'
 * @import {Segment} from './matroskaview.js'
 * @import {Opened} from './opened.js'
 *
 * @typedef {object} Lot one track's share of the clip; all in ticks
 * @property {AssembleTrack} wanted
 * @property {Uint8Array} body its entry in the source
 * @property {number} number by which blocks call it
 * @property {number} from
 * @property {number} to
 * @property {number} delay what the codec's delay adds to the times of its blocks
 * @property {number | null} frame how long a block lasts that does not say so, where the track says it
 *
 * @typedef {object} Source
 * @property {View} view
 * @property {Segment} segment
 * @property {Uint8Array} info
 * @property {Uint8Array[]} entries the bodies of all its tracks
 * @property {Clock} clock
 */

/** Each becomes a part of the result; browsers slow down with very many. */
const MAX_PARTS = 12_000;
/** How much of the end may be missing before the source counts as damaged. */
const TOLERANCE_S = 1;
const IN_WEBM = /^(?:V_VP8|V_VP9|V_AV1|A_OPUS|A_VORBIS|D_WEBVTT\/.*)$/;
/** What Matroska holds otherwise, and samples that are cut more finely than blocks are. */
const REWRITTEN = /^D_WEBVTT\//;
const SAMPLES = /^A_PCM\//;
/** Tracks made of others, or with a clock of their own. */
const ODD = [TRACK.operation, 0x23314f];

/**
 * @param {Blob} file
 * @param {Opened} opened
 * @param {Assemble} step
 * @returns {Promise<BlobPart[] | null>} the parts of the result, or null where it has to be written packet by packet
 */
export async function spliceMatroska(file, opened, step) {
    if (!fits(opened, step)) return null;
    try {
        return await spliced(file, opened, step);
    } catch (error) {
        if (error instanceof Unfit) return null;
        throw error;
    }
}

/**
 * @param {Opened} opened
 * @param {Assemble} step
 */
function fits({ format, entries }, { container, tracks }) {
    if ((format !== MATROSKA && format !== WEBM) || (container !== 'mkv' && container !== 'webm')) return false;
    const first = tracks[0]?.pieces[0];
    const isSimple = tracks.every(({ pieces: [piece, ...others] }) => {
        const isInStep = piece?.source === first.source && piece.at === 0 && piece.span.start === first.span.start;
        return isInStep && others.length === 0 && typeof entries[piece.track]?.slot?.id === 'number';
    });
    const isDistinct = new Set(tracks.map(({ pieces }) => pieces[0]?.track)).size === tracks.length;
    return tracks.length > 0 && isSimple && isDistinct && tracks.filter(({ kind }) => kind === 'video').length < 2;
}

/**
 * @param {Blob} file
 * @param {Opened} opened
 * @param {Assemble} step
 */
async function spliced(file, opened, step) {
    const source = await sourceOf(file);
    const base = await baseOf(opened, step, source.clock);
    const lots = step.tracks.map((wanted) => lotOf(source, opened, wanted, base));
    lots.forEach(({ body }) => assertFit(body, source.segment.docType, step.container));
    const { view, segment } = source;
    const numbers = new Set(lots.map(({ number }) => number));
    const cues = (await cuesOf(view, segment)).filter(({ track }) => numbers.has(track));
    const isWhole = source.entries.every((body) => numbers.has(unsigned(child(body, TRACK.number)) ?? 0));
    const found = await selected(source, lots, cues, isWhole);
    const length = assertedLength(source, found.ends, lots) - base;
    const clusters = [];
    for (const cluster of found.clusters) {
        const made = await built(file, cluster, found, lots, base);
        if (made.size > 0) clusters.push(made);
    }
    const parts = clusters.flatMap((cluster) => cluster.parts);
    if (parts.length > MAX_PARTS || parts.length === 0) throw new Unfit('too many parts, or none');
    return [...headOf(await describedBy(source, lots, step, length), clusters), ...parts];
}

/** @param {Blob} file @returns {Promise<Source>} */
async function sourceOf(file) {
    const view = new View(file);
    const segment = await segmentOf(view);
    const [info, tracks] = await Promise.all([LEVEL1.info, LEVEL1.tracks].map((id) => only(view, segment, id)));
    const entries = elements(tracks).filter(({ id }) => id === TRACK.entry).map(({ body }) => body);
    return { view, segment, info, entries, clock: new Clock(1e9 / scaleOf(info)) };
}

/**
 * @param {View} view
 * @param {Segment} segment
 * @param {number} id
 */
async function only(view, segment, id) {
    const [place] = segment.parts.get(id) ?? [];
    if (!place) throw new Unfit('no head');
    return view.contents(place);
}

/**
 * The tick that becomes 0: the start of the span, or the key frame before it from which the picture is copied.
 * @param {Opened} opened
 * @param {Assemble} step
 * @param {Clock} clock
 */
async function baseOf({ entries }, step, clock) {
    const { span } = step.tracks[0].pieces[0];
    const picture = step.tracks.find(({ kind }) => kind === 'video')?.pieces[0];
    const entry = picture && entries[picture.track];
    if (!picture) return clock.at(span.start);
    if (!entry?.track) throw new Unfit('a picture that the browser cannot read');
    const frames = await Frames.of(entry, entry.track);
    const key = await frames.copyStart(picture.span);
    if (!key) throw new Unfit('no picture');
    if (frames.us(key) < span.start && !step.shift_lead_in) throw incapable('This container cannot hide what lies before the first frame.');
    return Math.min(clock.at(span.start), frames.tick(key));
}

/**
 * @param {Source} source
 * @param {Opened} opened
 * @param {AssembleTrack} wanted
 * @param {number} from tick
 * @returns {Lot}
 */
function lotOf({ entries, clock }, opened, wanted, from) {
    const [piece] = wanted.pieces;
    const number = opened.entries[piece.track].slot?.id ?? 0;
    const body = entries.find((entry) => unsigned(child(entry, TRACK.number)) === number);
    if (!body) throw new Unfit('a track without an entry');
    const ns = unsigned(child(body, TRACK.frame));
    const delay = wanted.kind === 'audio' ? (unsigned(child(body, TRACK.delay)) ?? 0) : 0;
    return {
        wanted,
        body,
        number,
        from,
        to: clock.at(piece.span.end),
        delay: Math.round((delay * clock.scale) / 1e9),
        frame: ns ? (ns * clock.scale) / 1e9 : null,
    };
}

/**
 * @param {Uint8Array} body a track's entry
 * @param {string} docType the source's
 * @param {string} container the result's
 */
function assertFit(body, docType, container) {
    const codec = text(child(body, TRACK.codec) ?? new Uint8Array());
    if (ODD.some((id) => child(body, id)) || SAMPLES.test(codec)) throw new Unfit('a track that cannot be cut between blocks');
    if (container === 'mkv' && docType === 'webm' && REWRITTEN.test(codec)) throw new Unfit('text of WebM’s own kind');
    if (container !== 'webm') return;
    const isForeign = docType !== 'webm' && child(body, TRACK.encodings) !== undefined;
    if (!IN_WEBM.test(codec) || isForeign) throw new Unfit('a track that WebM does not hold');
}

/**
 * The tick at which the last block ends; it must not be too early.
 * @param {Source} source
 * @param {number} last tick
 * @param {Lot[]} lots
 */
function assertedLength({ info, clock }, last, lots) {
    const asked = Math.max(...lots.map(({ to }) => to));
    const missing = clock.seconds(Math.min(asked, durationOf(info) ?? last) - last);
    if (missing > TOLERANCE_S) throw corrupt(`The data ends ${missing.toFixed(1)} s too early.`);
    return last;
}

/**
 * @param {Source} source
 * @param {Lot[]} lots
 * @param {Assemble} step
 * @param {number} length ticks
 */
async function describedBy({ view, segment, info }, lots, { container, metadata }, length) {
    const isMatroska = container === 'mkv';
    const [place] = segment.parts.get(LEVEL1.attachments) ?? [];
    const attachments = isMatroska && place?.end ? view.file.slice(place.at, place.end) : null;
    const tags = await Promise.all((segment.parts.get(LEVEL1.tags) ?? []).map((part) => view.contents(part)));
    const uids = new Set(lots.map(({ body }) => uidOf(child(body, TRACK.uid) ?? new Uint8Array())));
    const parts = [
        infoElement(info, length, metadata.tags),
        element(LEVEL1.tracks, ...lots.map(({ body, wanted }) => entryElement(body, wanted))),
        ...chaptersElement(metadata.chapters),
        ...tagsElement(tags, uids, attachments !== null, metadata),
    ];
    return { ebml: ebmlHeader(await ebmlOf(view), isMatroska ? 'matroska' : 'webm'), parts, attachments };
}

/** @param {View} view */
async function ebmlOf(view) {
    const place = await view.place(0);
    if (place?.id !== EBML.header) throw new Unfit('no header');
    return view.contents(place);
}
