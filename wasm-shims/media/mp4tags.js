/** What a result says of itself as a whole: tags and chapters. */

import { boxes, find } from './boxes.js';
import { boxed, wide, words } from './boxwriting.js';
import { Cursor, fourcc } from './bytes.js';

/**
 * @import {Chapter, Metadata} from '../../web/protocol.gen.js'
 * @import {Box} from './boxes.js'
 */

const utf8 = new TextEncoder();
/** FFmpeg's names as iTunes has them. */
const ATOMS = new Map([
    ['title', '©nam'],
    ['artist', '©ART'],
    ['album_artist', 'aART'],
    ['album', '©alb'],
    ['composer', '©wrt'],
    ['date', '©day'],
    ['genre', '©gen'],
    ['comment', '©cmt'],
    ['copyright', 'cprt'],
    ['description', 'desc'],
    ['lyrics', '©lyr'],
    ['encoder', '©too'],
    ['grouping', '©grp'],
    ['show', 'tvsh'],
]);
/** Numbers that come with a total, and how many bytes follow them. */
const PARTS = new Map([
    ['track', { atom: 'trkn', rest: 2 }],
    ['disc', { atom: 'disk', rest: 0 }],
]);
/** Kinds of data: text in UTF-8, and plain bytes. */
const [TEXT, BYTES] = [1, 0];
/** The count of Nero's list has one byte, and so have the lengths of its titles. */
const MAX_BYTE = 255;
const NERO_TICKS_PER_US = 10;

/**
 * @param {Uint8Array} bytes
 * @param {Box} moov the source's
 * @param {Metadata} metadata
 * @returns {Uint8Array[]} boxes for the end of the index
 */
export function movieTags(bytes, moov, { tags, chapters }) {
    const top = boxes(bytes, moov.body, moov.end);
    const udta = top.find(({ type }) => type === 'udta');
    const list = chapterList(chapters ?? []);
    if (tags) return [boxed('udta', [itemList(tags, covers(bytes, moov)), ...list])];
    const kept = udta ? boxes(bytes, udta.body, udta.end).filter(({ type }) => type !== 'chpl') : [];
    const parts = [...kept.map(({ start, end }) => bytes.subarray(start, end)), ...list];
    const meta = top.filter(({ type }) => type === 'meta').map(({ start, end }) => bytes.subarray(start, end));
    return [...(parts.length > 0 ? [boxed('udta', parts)] : []), ...meta];
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes a whole index
 * @param {Chapter[]} chapters
 * @returns {Uint8Array<ArrayBuffer>} the index with them
 */
export function withChapters(bytes, chapters) {
    if (chapters.length === 0) return bytes;
    const [moov] = boxes(bytes);
    const others = boxes(bytes, moov.body, moov.end).filter(({ type }) => type !== 'udta' && type !== 'meta');
    return boxed('moov', [...others.map(({ start, end }) => bytes.subarray(start, end)), ...movieTags(bytes, moov, { tags: null, chapters })]);
}

/** @param {Chapter[]} chapters on the result's clock */
function chapterList(chapters) {
    if (chapters.length === 0) return [];
    const marks = chapters.slice(0, MAX_BYTE).flatMap(({ start_us, title }) => {
        const name = cut(title ?? '');
        return [wide(Math.max(0, start_us) * NERO_TICKS_PER_US), Uint8Array.of(name.length), name];
    });
    return [boxed('chpl', [words([1 << 24, 0]), Uint8Array.of(Math.min(chapters.length, MAX_BYTE)), ...marks])];
}

/** Text in UTF-8 that fits, whole letters only. @param {string} text */
function cut(text) {
    const room = new Uint8Array(MAX_BYTE);
    return room.subarray(0, utf8.encodeInto(text, room).written);
}

/**
 * @param {Record<string, string>} tags by FFmpeg's names
 * @param {Uint8Array[]} pictures
 */
function itemList(tags, pictures) {
    const items = Object.entries(tags).map(([name, value]) => item(name, value));
    const handler = boxed('hdlr', [words([0, 0]), fourcc('mdirappl'), new Uint8Array(9)]);
    return boxed('meta', [words([0]), handler, boxed('ilst', [...items, ...pictures])]);
}

/** @param {string} name @param {string} value */
function item(name, value) {
    const atom = ATOMS.get(name);
    if (atom) return boxed(atom, [data(TEXT, utf8.encode(value))]);
    const part = PARTS.get(name);
    const [number, total = 0] = value.split('/').map(Number);
    if (part && number > 0) return boxed(part.atom, [data(BYTES, Uint8Array.of(0, 0, number >> 8, number, total >> 8, total, ...Array(part.rest).fill(0)))]);
    const words0 = words([0]);
    return boxed('----', [
        boxed('mean', [words0, utf8.encode('com.apple.iTunes')]),
        boxed('name', [words0, utf8.encode(name)]),
        data(TEXT, utf8.encode(value)),
    ]);
}

/** @param {number} kind @param {Uint8Array} value */
function data(kind, value) {
    return boxed('data', [words([kind, 0]), value]);
}

/** The cover pictures of the source. @param {Uint8Array} bytes @param {Box} moov */
function covers(bytes, moov) {
    const meta = find(bytes, moov, 'udta/meta') ?? find(bytes, moov, 'meta');
    if (!meta) return [];
    // QuickTime's lacks the version and flags that MP4's starts with.
    const isBare = meta.end - meta.body >= 8 && new Cursor(bytes.subarray(meta.body + 4)).fourcc() === 'hdlr';
    const covr = find(bytes, { ...meta, body: meta.body + (isBare ? 0 : 4) }, 'ilst/covr');
    return covr ? [bytes.slice(covr.start, covr.end)] : [];
}
