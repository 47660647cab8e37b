/** What a track of the result says of itself: language, title, disposition, turn. None of it given leaves it as it was. */

import { boxes, find } from './boxes.js';
import { boxed, words } from './boxwriting.js';
import { fourcc } from './bytes.js';

/**
 * @import {AssembleTrack} from '../../web/protocol.gen.js'
 * @import {Box} from './boxes.js'
 * @typedef {Pick<AssembleTrack, 'language' | 'title' | 'disposition' | 'rotation'>} Labels
 */

export const UNLABELLED = { language: null, title: null, disposition: null, rotation: null };

const utf8 = new TextEncoder();
const LANGUAGE = /^[a-z]{3}$/;
const ONE = 0x10000;
/** Where the matrix stands in `tkhd`, and the picture's size behind it, counted from the end. */
const [MATRIX, SIZE] = [44, 8];
/** Cosine and sine of turns that films are made with. */
const TURNS = new Map([[0, [1, 0]], [90, [0, 1]], [180, [-1, 0]], [270, [0, -1]]]);
/** FFmpeg's flags as roles of the DASH scheme, which MP4 stores. */
const ROLES = new Map([
    ['hearing_impaired', 'caption'],
    ['comment', 'commentary'],
    ['visual_impaired', 'description'],
    ['dub', 'dub'],
    ['forced', 'forced-subtitle'],
]);
const SCHEME = 'urn:mpeg:dash:role:2011';

/**
 * @param {Uint8Array<ArrayBuffer>} tkhd is changed
 * @param {Labels} labels
 */
export function labelled(tkhd, { disposition, rotation }) {
    const view = new DataView(tkhd.buffer);
    // The lowest flag says that the track is to be played unless somebody chooses otherwise.
    if (disposition) tkhd[11] = (tkhd[11] & ~1) | (disposition.includes('default') ? 1 : 0);
    const turn = TURNS.get(rotation ?? -1);
    if (!turn) return tkhd;
    const [cos, sin] = turn;
    const [width, height] = [view.getUint32(tkhd.length - SIZE), view.getUint32(tkhd.length - SIZE + 4)];
    const across = cos < 0 ? width : sin > 0 ? height : 0;
    const down = cos < 0 ? height : sin < 0 ? width : 0;
    tkhd.set(words([cos * ONE, sin * ONE, 0, -sin * ONE, cos * ONE, 0, across, down, 0x40000000]), tkhd.length - MATRIX);
    return tkhd;
}

/**
 * @param {Uint8Array<ArrayBuffer>} mdhd is changed
 * @param {Labels} labels
 * @returns {Uint8Array[]} with the box for languages that need more than three letters
 */
export function spoken(mdhd, { language }) {
    if (!language) return [mdhd];
    const isShort = LANGUAGE.test(language);
    const code = [...(isShort ? language : 'und')].reduce((sum, letter) => (sum << 5) | (letter.charCodeAt(0) - 0x60), 0);
    new DataView(mdhd.buffer).setUint16(mdhd.length - 4, code);
    return isShort ? [mdhd] : [mdhd, boxed('elng', [words([0]), utf8.encode(`${language}\0`)])];
}

/**
 * @param {Uint8Array} bytes
 * @param {Box | undefined} udta the source's
 * @param {Labels} labels
 */
export function trackTags(bytes, udta, { title, disposition }) {
    const children = udta ? boxes(bytes, udta.body, udta.end) : [];
    const parts = children
        .filter(({ type }) => !(title !== null && type === 'name') && !(disposition && type === 'kind'))
        .map(({ start, end }) => bytes.subarray(start, end));
    if (title) parts.push(boxed('name', [utf8.encode(title)]));
    for (const flag of disposition ?? []) {
        const role = ROLES.get(flag);
        if (role) parts.push(boxed('kind', [words([0]), fourcc(`${SCHEME}\0${role}\0`)]));
    }
    return parts.length > 0 ? [boxed('udta', parts)] : [];
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes a whole index
 * @param {Labels[]} labels of its tracks, in the same order
 * @returns {Uint8Array<ArrayBuffer>} the index with the flags and roles that are wanted
 */
export function withLabels(bytes, labels) {
    if (labels.every(({ disposition }) => disposition === null)) return bytes;
    const [moov] = boxes(bytes);
    let nth = 0;
    const parts = boxes(bytes, moov.body, moov.end).map((child) => {
        const whole = bytes.subarray(child.start, child.end);
        if (child.type !== 'trak') return whole;
        const own = { ...labels[nth++], rotation: null };
        const kept = boxes(bytes, child.body, child.end).filter(({ type }) => type !== 'udta');
        const children = kept.map(({ type, start, end }) => (type === 'tkhd' ? labelled(bytes.slice(start, end), own) : bytes.subarray(start, end)));
        return boxed('trak', [...children, ...trackTags(bytes, find(bytes, child, 'udta'), own)]);
    });
    return boxed('moov', parts);
}
