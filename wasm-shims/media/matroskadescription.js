/** What a spliced clip says of itself and of its tracks: what the source says, with the wanted changes. */

import { text } from './bytes.js';
import { child, elements, unsigned } from './ebml.js';
import { element, floatElement, joined, textElement, unsignedElement } from './ebmlwriting.js';
import { CHAPTER, EBML, FLAGS, INFO, KINSHIP, LEVEL1, TAG, TRACK } from './matroskaids.js';

/** @import {AssembleTrack, Chapter, Metadata} from '../../web/protocol.gen.js' */

const NONE = new Uint8Array();
const APP = 'Clipwright';
const NS_PER_US = 1000;
/** Nanoseconds are counted from the year 2001. */
const EPOCH = Date.UTC(2001, 0, 1);
const DATE = 0x4461;

/** What FFmpeg calls otherwise than Matroska does. */
const NAMES = new Map([
    ['performer', 'LEAD_PERFORMER'],
    ['track', 'PART_NUMBER'],
]);
/** What is no tag but has a place of its own, or is not true of the clip. */
const PLACED = new Set(['title', 'encoder', 'encoding_tool', 'creation_time', 'duration', 'language']);
/** Figures about the whole of it, some followed by a language. */
const FIGURES = /^(?:DURATION|BPS|NUMBER_OF_FRAMES|NUMBER_OF_BYTES|_STATISTICS_.*)(?:-[a-z]{3})?$/;
/** What made the file as a whole; a track's is still true. */
const MAKER = /^(?:ENCODER|ENCODING_TOOL)$/;

/**
 * A master element's contents with some children replaced; those that become null are left out.
 * @param {Uint8Array} body
 * @param {Map<number, Uint8Array | null>} changes by id; each is a whole element
 */
function edited(body, changes) {
    const kept = elements(body).filter(({ id }) => !changes.has(id) && id !== EBML.crc && id !== EBML.void);
    const added = [...changes.values()].flatMap((part) => part ?? []);
    return joined([...kept.map(({ id, body: inner }) => element(id, inner)), ...added]);
}

/**
 * @param {Uint8Array} body the source's
 * @param {string} docType
 */
export function ebmlHeader(body, docType) {
    return edited(body, new Map([[EBML.docType, textElement(EBML.docType, docType)]]));
}

/**
 * @param {Uint8Array} body the source's
 * @param {number} duration ticks
 * @param {Record<string, string> | null} tags null keeps the source's
 */
export function infoElement(body, duration, tags) {
    /** @type {Map<number, Uint8Array | null>} */
    const changes = new Map(KINSHIP.map((id) => [id, null]));
    changes.set(INFO.muxer, textElement(INFO.muxer, APP)).set(INFO.writer, textElement(INFO.writer, APP));
    changes.set(INFO.duration, floatElement(INFO.duration, duration));
    if (tags) {
        changes.set(INFO.title, tags.title ? textElement(INFO.title, tags.title) : null);
        changes.set(DATE, dateElement(tags.creation_time));
    }
    return element(LEVEL1.info, edited(body, changes));
}

/** @param {string} [written] */
function dateElement(written) {
    const ms = Date.parse(written ?? '') - EPOCH;
    if (Number.isNaN(ms)) return null;
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, BigInt(ms) * 1_000_000n);
    return element(DATE, bytes);
}

/**
 * A track's entry; kept to the byte where nothing is to be changed.
 * @param {Uint8Array} body the source's
 * @param {AssembleTrack} wanted
 */
export function entryElement(body, { language, title, disposition, rotation }) {
    /** @type {Map<number, Uint8Array | null>} */
    const changes = new Map();
    if (language !== null) changes.set(TRACK.language, textElement(TRACK.language, language)).set(TRACK.languageTag, null);
    if (title !== null) changes.set(TRACK.name, title ? textElement(TRACK.name, title) : null);
    if (disposition !== null) {
        // Only the default one is on unless it is written.
        for (const [name, id] of FLAGS) changes.set(id, disposition.includes(name) || name === 'default' ? unsignedElement(id, Number(disposition.includes(name))) : null);
    }
    const video = child(body, TRACK.video);
    if (rotation !== null && video) changes.set(TRACK.video, element(TRACK.video, turned(video, rotation)));
    return element(TRACK.entry, changes.size > 0 ? edited(body, changes) : body);
}

/**
 * @param {Uint8Array} video
 * @param {number} rotation degrees clockwise
 */
function turned(video, rotation) {
    // Matroska turns the viewer, counter-clockwise; from -180 to 180.
    const roll = ((540 - rotation) % 360) - 180;
    const projection = element(TRACK.projection, unsignedElement(TRACK.projectionType, 0), floatElement(TRACK.roll, roll));
    return edited(video, new Map([[TRACK.projection, rotation ? projection : null]]));
}

/**
 * @param {Uint8Array[]} sources contents of the source's tags
 * @param {Set<string>} uids of the tracks that are kept
 * @param {boolean} attached whether attachments are kept
 * @param {Metadata} metadata
 * @returns {Uint8Array[]} none where nothing is said
 */
export function tagsElement(sources, uids, attached, { tags }) {
    const old = sources.flatMap(elements).filter(({ id }) => id === TAG.entry);
    const kept = old.flatMap(({ body }) => tagEntry(body, uids, attached, tags === null) ?? []);
    const said = Object.entries(tags ?? {}).filter(([name, value]) => value && !PLACED.has(name.toLowerCase()));
    if (said.length > 0) kept.push(element(TAG.entry, element(TAG.targets), ...said.map(simpleTag)));
    return kept.length > 0 ? [element(LEVEL1.tags, ...kept)] : [];
}

/** @param {[string, string]} tag */
function simpleTag([name, value]) {
    const called = NAMES.get(name) ?? name.toUpperCase().replaceAll(' ', '_');
    return element(TAG.simple, textElement(TAG.name, called), textElement(TAG.text, value));
}

/** How a number is told from others that are too big to be told apart as such. @param {Uint8Array} body */
export function uidOf(body) {
    return Array.from(body, (byte) => byte.toString(16).padStart(2, '0')).join('').replace(/^0+/, '');
}

/**
 * @param {Uint8Array} body
 * @param {Set<string>} uids
 * @param {boolean} attached
 * @param {boolean} general whether what is said of the whole file is kept
 * @returns {Uint8Array | null}
 */
function tagEntry(body, uids, attached, general) {
    const targets = elements(child(body, TAG.targets) ?? NONE);
    /** @param {number} id */
    const named = (id) => targets.filter((target) => target.id === id && uidOf(target.body) !== '');
    if (named(TAG.chapter).length > 0 || named(TAG.edition).length > 0) return null;
    if (named(TAG.attachment).length > 0 && !attached) return null;
    const tracks = named(TAG.track);
    if (tracks.length > 0 && !tracks.some((track) => uids.has(uidOf(track.body)))) return null;
    if (tracks.length === 0 && named(TAG.attachment).length === 0 && !general) return null;
    const left = targets.filter(({ id, body: uid }) => id !== TAG.track || uids.has(uidOf(uid)) || uidOf(uid) === '');
    const simple = elements(body).filter(({ id, body: inner }) => {
        const name = text(child(inner, TAG.name) ?? NONE);
        return id === TAG.simple && !FIGURES.test(name) && (tracks.length > 0 || !MAKER.test(name));
    });
    if (simple.length === 0) return null;
    return element(TAG.entry, element(TAG.targets, ...left.map(whole)), ...simple.map(whole));
}

/** @param {{id: number, body: Uint8Array}} inner */
function whole({ id, body }) {
    return element(id, body);
}

/**
 * @param {Chapter[]} chapters
 * @returns {Uint8Array[]} none where there are none
 */
export function chaptersElement(chapters) {
    if (chapters.length === 0) return [];
    const atoms = chapters.map(({ start_us, end_us, title }, i) =>
        element(
            CHAPTER.atom,
            unsignedElement(CHAPTER.uid, i + 1),
            unsignedElement(CHAPTER.start, start_us * NS_PER_US),
            unsignedElement(CHAPTER.end, end_us * NS_PER_US),
            ...(title ? [element(CHAPTER.display, textElement(CHAPTER.title, title), textElement(CHAPTER.language, 'und'))] : []),
        ),
    );
    return [element(LEVEL1.chapters, element(CHAPTER.edition, ...atoms))];
}

/** @param {Uint8Array} info contents; nanoseconds in a tick */
export function scaleOf(info) {
    return unsigned(child(info, INFO.scale)) ?? 1_000_000;
}

/** @param {Uint8Array} info contents; ticks, if it says so */
export function durationOf(info) {
    const bytes = child(info, INFO.duration);
    if (!bytes) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length === 4) return view.getFloat32(0);
    return bytes.length === 8 ? view.getFloat64(0) : null;
}
