/** Sample entries of MP4: what a track's samples are, and whether those of another could be told by the same. */

import { parseAvcC } from './avc.js';
import { boxes } from './boxes.js';
import { boxed } from './boxwriting.js';
import { Cursor, ifWhole } from './bytes.js';
import { incapable } from './failures.js';

/**
 * @typedef {object} SampleEntry
 * @property {string} type
 * @property {Uint8Array<ArrayBuffer>} fields what stands before its boxes
 * @property {{type: string, bytes: Uint8Array<ArrayBuffer>}[]} children whole boxes
 * @property {string} shape size of the picture, or rate and channels of the sound, to be compared
 */

const HEADER = 8;
const PICTURE_FIELDS = 78;
const SOUND_FIELDS = 28;
/** QuickTime's later versions of sound entries have more. */
const MORE_FIELDS = [0, 16, 36];
/** Boxes that say how much data there is, how it was made, or how to show it, but not how to decode it. */
const LOOSE = new Set(['btrt', 'pasp', 'colr', 'clap', 'fiel', 'mdcv', 'clli', 'chan', 'SmDm', 'CoLL', 'avcC', 'dOps', 'name', 'free']);
/** Entries that differ in where parameter sets may be; what was made to fit takes either form. */
const FORMS = new Map([['avc3', 'avc1'], ['hev1', 'hvc1']]);
const HINT = 'Cut them exactly, or one by one.';

/**
 * @param {Uint8Array} stsd with its header
 * @param {'video' | 'audio' | 'subtitle' | 'data'} kind
 * @returns {SampleEntry[]}
 */
export function sampleEntries(stsd, kind) {
    return boxes(stsd, 2 * HEADER).map((box) => {
        const body = stsd.slice(box.body, box.end);
        const sound = kind === 'audio' ? ifWhole(() => soundShape(body), null) : null;
        const length = kind === 'video' ? PICTURE_FIELDS : (sound?.length ?? body.length);
        const children = boxes(body, Math.min(length, body.length)).map(({ type, start, end }) => ({ type, bytes: body.slice(start, end) }));
        const shape = kind === 'video' ? ifWhole(() => pictureShape(body), '') : (sound?.shape ?? '');
        return { type: box.type, fields: body.slice(0, length), children, shape };
    });
}

/** @param {Uint8Array} body */
function pictureShape(body) {
    const cursor = new Cursor(body).skip(24);
    return `${cursor.u16()}×${cursor.u16()}`;
}

/** @param {Uint8Array} body */
function soundShape(body) {
    const cursor = new Cursor(body).skip(8);
    const version = cursor.u16();
    const channels = cursor.skip(6).u16();
    const bits = cursor.u16();
    const rate = cursor.skip(4).u32() / 0x10000;
    return { length: SOUND_FIELDS + (MORE_FIELDS[version] ?? 0), shape: `${rate} Hz, ${channels} channels, ${bits} bits` };
}

/** @param {SampleEntry[]} entries @returns {Uint8Array<ArrayBuffer>} */
export function stsdOf(entries) {
    const head = new Uint8Array(HEADER);
    new DataView(head.buffer).setUint32(4, entries.length);
    return boxed('stsd', [head, ...entries.map(({ type, fields, children }) => boxed(type, [fields, ...children.map(({ bytes }) => bytes)]))]);
}

/** The contents of an entry's box, or null. @param {SampleEntry} entry @param {string} type */
export function inside({ children }, type) {
    return children.find((child) => child.type === type)?.bytes.subarray(HEADER) ?? null;
}

/** @param {SampleEntry} entry @param {string} type @param {Uint8Array} contents @returns {SampleEntry} */
export function withBox(entry, type, contents) {
    return { ...entry, children: entry.children.map((child) => (child.type === type ? { type, bytes: boxed(type, [contents]) } : child)) };
}

/**
 * Throws `capability` where one entry cannot stand for samples of both, parameter sets of H.264 left aside.
 * @param {SampleEntry} ours
 * @param {SampleEntry} theirs
 * @param {boolean} isMade theirs was made to fit
 */
export function assertSame(ours, theirs, isMade) {
    const form = (/** @type {string} */ type) => (isMade ? (FORMS.get(type) ?? type) : type);
    if (form(ours.type) !== form(theirs.type)) throw different('in codec', ours.type, theirs.type);
    if (ours.shape !== theirs.shape) throw different(ours.shape.includes('×') ? 'in size' : 'in their sound', ours.shape, theirs.shape);
    const [one, other] = [ours, theirs].map((entry) => ifWhole(() => parameters(entry, isMade), 'unknown'));
    if (one !== other) throw different('in how they were encoded', one, other);
}

/** @param {string} what @param {string} one @param {string} other */
function different(what, one, other) {
    const isShort = one.length + other.length < 80;
    const message = `These parts cannot be joined without encoding them again: they differ ${what}${isShort ? ` (${one} and ${other})` : ''}.`;
    return incapable(message, `${one} against ${other}`, HINT);
}

/** What a decoder has to know, as text to compare. @param {SampleEntry} entry @param {boolean} isMade its units can be written anew */
function parameters(entry, isMade) {
    const said = entry.children
        .filter(({ type }) => !LOOSE.has(type))
        .map(({ type, bytes }) => `${type} ${hex(essential(type, bytes.subarray(HEADER)))}`);
    const avcC = inside(entry, 'avcC');
    return [...said.sort(), ...(avcC && !isMade ? [`NAL sizes of ${parseAvcC(avcC).lengthSize} bytes`] : [])].join(', ');
}

/** @param {string} type @param {Uint8Array} contents */
function essential(type, contents) {
    // The profile, depth and form of colour, but not the level: a decoder for one takes both.
    if (type === 'av1C') return Uint8Array.of(contents[1] >> 5, contents[2] & 0x7c);
    if (type === 'vpcC') return Uint8Array.of(contents[4], contents[6] >> 4, Math.max(1, (contents[6] >> 1) & 7));
    if (type === 'esds') return specific(contents.subarray(4));
    // The sizes of blocks and the form of samples, but not how many there are.
    if (type === 'dfLa') return Uint8Array.of(...contents.subarray(8, 12), ...contents.subarray(18, 22).map((byte, i) => (i === 3 ? byte & 0xf0 : byte)));
    return contents;
}

/** What of `esds` is for the decoder: the kind of stream and its own record, without bit rates. @param {Uint8Array} descriptors */
function specific(descriptors) {
    const cursor = new Cursor(descriptors);
    const length = () => {
        let size = 0;
        for (let i = 0, byte = 0x80; i < 4 && byte & 0x80; i++) size = (size << 7) | ((byte = cursor.u8()) & 0x7f);
        return size;
    };
    if (cursor.u8() !== 3) return descriptors;
    length();
    const flags = cursor.skip(2).u8();
    cursor.skip((flags & 0x80 ? 2 : 0) + (flags & 0x20 ? 2 : 0));
    if (flags & 0x40) cursor.skip(cursor.u8());
    if (cursor.u8() !== 4) return descriptors;
    length();
    const object = cursor.u8();
    cursor.skip(12);
    const own = cursor.left > 0 && cursor.u8() === 5 ? cursor.take(length()) : new Uint8Array();
    return Uint8Array.of(object, ...own);
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
