/** What an MP4 or QuickTime file says of its tracks beyond what mediabunny reads. */

import { boxes, find, open, readMoov } from './boxes.js';
import { Cursor, ifWhole, reduced, text } from './bytes.js';
import { incapable } from './failures.js';
import { fragmentDelays, isMixed } from './fragments.js';
import { mp4Chapters } from './mp4chapters.js';
import { MP4_CODECS, MP4_OBJECTS } from './names.js';

/**
 * @import {Box} from './boxes.js'
 * @import {Layout, Slot} from './layout.js'
 *
 * @typedef {object} Trak
 * @property {Uint8Array} bytes the index that `box` lies in
 * @property {Box} box
 * @property {number} id
 * @property {Slot['kind']} kind
 * @property {string} codec
 * @property {string | null} language
 * @property {number} scale ticks per second
 * @property {number} duration ticks
 * @property {number[]} chapters ids of the tracks that hold this one's chapters
 */

/** @type {Map<string, Slot['kind']>} */
const HANDLERS = new Map([
    ['vide', 'video'],
    ['soun', 'audio'],
    ['m1a ', 'audio'],
    ['subp', 'subtitle'],
    ['clcp', 'subtitle'],
    ['sbtl', 'subtitle'],
    ['subt', 'subtitle'],
    ['text', 'subtitle'],
]);

/** Macintosh's language numbers, from 0, as far as films use them. */
const MAC_LANGUAGES = 'eng fra deu ita nld swe spa dan por nor heb jpn ara fin ell isl mlt tur hrv zho urd hin tha kor'.split(' ');
/** Roles of the DASH scheme, which MP4 stores. */
const ROLES = new Map([
    ['caption', ['hearing_impaired']],
    ['commentary', ['comment']],
    ['description', ['visual_impaired']],
    ['forced-subtitle', ['forced']],
]);
/** Bytes in a picture's sample entry before its boxes. */
const PICTURE_FIELDS = 78;
/** Codecs whose depth, which those fields end with but for two bytes, tells whether something may show through. */
const CLEAR_CODECS = new Set(['qtrle', 'png']);
const CLEAR_DEPTH = 32;

/** Kinds of cover picture by the number that stands before their bytes. */
const COVERS = new Map([
    [13, 'mjpeg'],
    [14, 'png'],
    [27, 'bmp'],
]);

/**
 * @param {Blob} file
 * @returns {Promise<Layout | null>} null where there is no index to read; throws `capability` where mediabunny would not see all of it
 */
export async function readMp4(file) {
    const bytes = await readMoov(file);
    if (!bytes) return null;
    const [moov] = boxes(bytes);
    if (!moov) return null;
    const children = boxes(bytes, moov.body, moov.end);
    const traks = children.filter(({ type }) => type === 'trak').map((box) => trak(bytes, box));
    const referenced = new Set(traks.flatMap(({ chapters }) => chapters));
    const scale = movieScale(bytes, moov);
    const isFragmented = children.some(({ type }) => type === 'mvex');
    if (isFragmented && (await isMixed(file, traks))) throw incapable('The browser would see only the first part of this file.', 'samples in the index and in fragments', 'Another engine is used; nothing needs to be done.');
    const late = isFragmented ? await fragmentDelays(file) : new Map();
    // An edit list ends where the samples of the index end, and fragments go on behind it.
    const endless = isFragmented ? { presented_end: null } : {};
    /** @type {Slot[]} */
    const slots = traks.map((trak) => ({ ...slot(trak, referenced, scale), ...endless, late: late.get(trak.id) ?? 0 }));
    slots.push(...children.flatMap((child) => ifWhole(() => covers(bytes, child), [])));
    return { slots, chapters: await mp4Chapters(file, bytes, moov, traks, referenced), index: { bytes, moov, traks } };
}

/** @param {Uint8Array} bytes @param {Box} moov ticks per second of edit lists */
function movieScale(bytes, moov) {
    const mvhd = open(bytes, moov, 'mvhd');
    if (!mvhd) return 1000;
    return mvhd.skip(mvhd.u8() === 1 ? 3 + 16 : 3 + 8).u32() || 1000;
}

/**
 * @param {Uint8Array} bytes
 * @param {Box} box
 * @returns {Trak}
 */
function trak(bytes, box) {
    const tkhd = open(bytes, box, 'tkhd');
    const id = tkhd ? tkhd.skip(tkhd.u8() === 1 ? 3 + 16 : 3 + 8).u32() : -1;
    const mdhd = open(bytes, box, 'mdia/mdhd');
    const wide = mdhd?.u8() === 1;
    const scale = mdhd?.skip(wide ? 3 + 16 : 3 + 8).u32() || 1000;
    const duration = (wide ? mdhd?.u64() : mdhd?.u32()) ?? 0;
    const language = mdhd && mdhd.left >= 2 ? languageOf(mdhd.u16()) : null;
    const handler = open(bytes, box, 'mdia/hdlr')?.skip(8).fourcc() ?? '';
    const kind = HANDLERS.get(handler) ?? 'data';
    const chap = open(bytes, box, 'tref/chap');
    const chapters = [];
    while (chap && chap.left >= 4) chapters.push(chap.u32());
    return { bytes, box, id, kind, codec: ifWhole(() => codec(bytes, box, kind), 'unknown'), language, scale, duration, chapters };
}

/** @param {Uint8Array} bytes @param {Box} box @param {Slot['kind']} kind FFmpeg's name of the first sample entry's codec */
function codec(bytes, box, kind) {
    const stsd = find(bytes, box, 'mdia/minf/stbl/stsd');
    const [entry] = stsd ? boxes(bytes, stsd.body + 8, stsd.end) : [];
    if (!entry) return 'unknown';
    const named = MP4_CODECS.get(entry.type);
    if (!['mp4v', 'mp4a', 'mp4s'].includes(entry.type)) return named ?? (kind === 'data' ? 'unknown' : entry.type.trim().toLowerCase());
    return MP4_OBJECTS.get(objectType(bytes.subarray(entry.body, entry.end))) ?? named ?? 'aac';
}

/**
 * `objectTypeIndication` out of the `esds` box, which lies behind fields that differ by kind and version.
 * @param {Uint8Array} entry
 */
function objectType(entry) {
    for (let at = 4; at + 8 < entry.length; at++) {
        if (entry[at] !== 0x65 || new Cursor(entry.subarray(at)).fourcc() !== 'esds') continue;
        const cursor = new Cursor(entry.subarray(at + 8));
        if (cursor.u8() === 3) {
            descriptorLength(cursor);
            const flags = cursor.skip(2).u8();
            cursor.skip((flags & 0x80 ? 2 : 0) + (flags & 0x20 ? 2 : 0));
            if (flags & 0x40) cursor.skip(cursor.u8());
            if (cursor.u8() !== 4) return -1;
        }
        descriptorLength(cursor);
        return cursor.u8();
    }
    return -1;
}

/** @param {Cursor} cursor */
function descriptorLength(cursor) {
    for (let bytes = 0; bytes < 4 && cursor.u8() & 0x80; bytes++);
}

/**
 * @param {Trak} trak
 * @param {Set<number>} referenced the tracks that hold chapters
 * @param {number} movie
 * @returns {Slot}
 */
function slot(trak, referenced, movie) {
    const { bytes, box, id, scale, duration } = trak;
    const isChapters = referenced.has(id);
    const kind = isChapters ? 'data' : trak.kind;
    const { edits, start, end } = editList(bytes, box, scale, movie);
    const first = start ?? 0;
    const weight = sampleBytes(bytes, box);
    const presented = duration ? (end === null ? first + duration : Math.min(end, first + duration)) : null;
    return {
        id,
        kind,
        codec: isChapters ? 'bin_data' : trak.codec,
        title: ifWhole(() => title(bytes, box), null),
        language: trak.language,
        pixel_aspect: kind === 'video' ? ifWhole(() => pixelAspect(bytes, box), null) : null,
        alpha: kind === 'video' && CLEAR_CODECS.has(trak.codec) && ifWhole(() => depth(bytes, box) === CLEAR_DEPTH, false),
        time_base: `1/${scale}`,
        start: first,
        end: presented,
        presented_end: end,
        edits,
        bitrate: weight && duration ? Math.floor((weight * 8 * scale) / duration) : null,
        disposition: kind === 'data' ? [] : ifWhole(() => flags(bytes, box), []),
    };
}

/** @param {number} code three letters of 5 bits each, or Macintosh's number */
function languageOf(code) {
    if (code < 0x400) return MAC_LANGUAGES[code] ?? null;
    return String.fromCharCode(...[10, 5, 0].map((shift) => 0x60 + ((code >> shift) & 0x1f)));
}

/** @param {Uint8Array} bytes @param {Box} box */
function sampleEntry(bytes, box) {
    const stsd = find(bytes, box, 'mdia/minf/stbl/stsd');
    return stsd ? boxes(bytes, stsd.body + 8, stsd.end)[0] : undefined;
}

/** @param {Uint8Array} bytes @param {Box} box bits of a pixel, as the sample entry states them */
function depth(bytes, box) {
    const entry = sampleEntry(bytes, box);
    return entry ? new Cursor(bytes.subarray(entry.body + PICTURE_FIELDS - 4, entry.end)).u16() : 0;
}

/** @param {Uint8Array} bytes @param {Box} box the shape of a pixel as the sample entry states it */
function pixelAspect(bytes, box) {
    const entry = sampleEntry(bytes, box);
    const pasp = entry && open(bytes, { ...entry, body: entry.body + PICTURE_FIELDS }, 'pasp');
    const [across, down] = pasp && pasp.left >= 8 ? [pasp.u32(), pasp.u32()] : [0, 0];
    return across && down ? reduced(across, down) : null;
}

/** @param {Uint8Array} bytes @param {Box} box */
function flags(bytes, box) {
    const isEnabled = ((open(bytes, box, 'tkhd')?.u32() ?? 0) & 1) === 1;
    const kind = open(bytes, box, 'udta/kind')?.skip(4);
    const role = kind ? text(kind.bytes.subarray(kind.bytes.indexOf(0, kind.at) + 1)) : '';
    return [...(isEnabled ? ['default'] : []), ...(ROLES.get(role) ?? [])].sort();
}

/** @param {Uint8Array} bytes @param {Box} box */
function title(bytes, box) {
    const name = open(bytes, box, 'udta/name');
    return name ? text(name.take(name.left)) || null : null;
}

/**
 * The shift of a track's first sample and the end of what is presented, in the track's ticks.
 * @param {Uint8Array} bytes
 * @param {Box} box
 * @param {number} scale
 * @param {number} movie
 * @returns {{edits: number, start: number | null, end: number | null}} `edits` counts those that present something
 */
function editList(bytes, box, scale, movie) {
    const elst = open(bytes, box, 'edts/elst');
    if (!elst) return { edits: 0, start: null, end: null };
    const wide = elst.u8() === 1;
    const count = elst.skip(3).u32();
    let [edits, empty, start] = [0, 0, 0];
    /** @type {number | null} */
    let end = null;
    for (let i = 0; i < count && elst.left >= (wide ? 20 : 12); i++) {
        const length = wide ? elst.u64() : elst.u32();
        const from = wide ? elst.i64() : elst.i32();
        elst.skip(4);
        if (from === -1 && edits === 0) empty += length;
        if (from === -1 || edits++ > 0) continue;
        start = Math.round((empty * scale) / movie) - from;
        end = length > 0 ? Math.round(((empty + length) * scale) / movie) : null;
    }
    return { edits, start, end };
}

/** @param {Uint8Array} bytes @param {Box} box the size of all samples together */
function sampleBytes(bytes, box) {
    const stsz = open(bytes, box, 'mdia/minf/stbl/stsz');
    if (!stsz) return 0;
    const [size, count] = [stsz.skip(4).u32(), stsz.u32()];
    if (size > 0) return size > 1 ? size * count : 0;
    let sum = 0;
    for (let i = 0; i < count && stsz.left >= 4; i++) sum += stsz.u32();
    return sum;
}

/**
 * Cover pictures, each of which FFmpeg counts as a stream.
 * @param {Uint8Array} bytes
 * @param {Box} box a child of `moov`
 * @returns {Slot[]}
 */
function covers(bytes, box) {
    if (box.type !== 'udta' && box.type !== 'meta') return [];
    const meta = box.type === 'meta' ? box : find(bytes, box, 'meta');
    if (!meta) return [];
    const body = quickTimeMeta(bytes, meta) ? meta.body : meta.body + 4;
    const covr = find(bytes, { ...meta, body }, 'ilst/covr');
    if (!covr) return [];
    return boxes(bytes, covr.body, covr.end)
        .filter(({ type, body: at, end }) => type === 'data' && end - at > 8)
        .map(({ body: at }) => {
            const codec = COVERS.get(new Cursor(bytes.subarray(at)).u32() & 0xff) ?? 'mjpeg';
            return { id: null, kind: 'video', codec, disposition: ['attached_pic'], time_base: '1/90000' };
        });
}

/** QuickTime's `meta` lacks the version and flags that MP4's starts with. */
/** @param {Uint8Array} bytes @param {Box} meta */
function quickTimeMeta(bytes, meta) {
    return meta.end - meta.body >= 8 && new Cursor(bytes.subarray(meta.body + 4)).fourcc() === 'hdlr';
}
