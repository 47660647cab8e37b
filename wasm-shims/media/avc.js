/** What an MP4 says of its H.264 beforehand: the `avcC` record, with the parameter sets of all its samples. */

import { BitReader } from './bits.js';
import { Cursor, isEqual } from './bytes.js';
import { unescaped } from './nal.js';

/**
 * @typedef {object} AvcRecord ISO/IEC 14496-15, 5.3.3.1
 * @property {number} profile
 * @property {number} compat the constraint flags
 * @property {number} level
 * @property {number} lengthSize bytes of the length before each NAL unit of a sample
 * @property {Uint8Array[]} sps NAL units
 * @property {Uint8Array[]} pps NAL units
 * @property {Uint8Array} ext what may follow for the High profiles, as it is
 */

const VERSION = 1;
/** Profiles by what a decoder of them can do; a stream of two needs the later one. Others come last. */
const RISING = [66, 77, 88, 100, 110, 122, 244];
/** As many sets as their counts have room for. */
const MAX_SPS = 31;
const MAX_PPS = 255;

/** @param {Uint8Array} bytes @returns {AvcRecord} throws a RangeError where it is no whole record */
export function parseAvcC(bytes) {
    const cursor = new Cursor(bytes);
    if (cursor.u8() !== VERSION) throw new RangeError('not an avcC of version 1');
    const [profile, compat, level] = [cursor.u8(), cursor.u8(), cursor.u8()];
    const lengthSize = (cursor.u8() & 3) + 1;
    const sets = (/** @type {number} */ count) => Array.from({ length: count }, () => cursor.take(cursor.u16()));
    const sps = sets(cursor.u8() & 31);
    const pps = sets(cursor.u8());
    return { profile, compat, level, lengthSize, sps, pps, ext: cursor.take(cursor.left) };
}

/** @param {AvcRecord} record @returns {Uint8Array<ArrayBuffer>} */
export function writeAvcC({ profile, compat, level, lengthSize, sps, pps, ext }) {
    const sized = (/** @type {Uint8Array} */ set) => [set.length >> 8, set.length & 0xff, ...set];
    const head = [VERSION, profile, compat, level, 0xfc | (lengthSize - 1), 0xe0 | sps.length];
    return Uint8Array.from([...head, ...sps.flatMap(sized), pps.length, ...pps.flatMap(sized), ...ext]);
}

/**
 * The record for samples of both; null where they contradict each other.
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 * @returns {Uint8Array<ArrayBuffer> | null}
 */
export function mergeAvcC(a, b) {
    const [one, other] = [parseAvcC(a), parseAvcC(b)];
    if (one.lengthSize !== other.lengthSize) return null;
    const sps = union(one.sps, other.sps, spsId);
    const pps = union(one.pps, other.pps, ppsId);
    if (!sps || !pps || sps.length > MAX_SPS || pps.length > MAX_PPS) return null;
    const profile = rank(other.profile) > rank(one.profile) ? other.profile : one.profile;
    return writeAvcC({
        profile,
        // A constraint holds for the whole only if it holds for both.
        compat: one.compat & other.compat,
        level: Math.max(one.level, other.level),
        lengthSize: one.lengthSize,
        sps,
        pps,
        ext: rank(other.profile) > rank(one.profile) || one.ext.length === 0 ? other.ext : one.ext,
    });
}

/**
 * Whether a record holds every set of another, and no other one under the id of such a set.
 * @param {Uint8Array} whole
 * @param {Uint8Array} part
 */
export function holds(whole, part) {
    const merged = mergeAvcC(whole, part);
    if (!merged) return false;
    const [one, both] = [parseAvcC(whole), parseAvcC(merged)];
    return one.sps.length === both.sps.length && one.pps.length === both.pps.length;
}

/** @param {number} profile */
function rank(profile) {
    const place = RISING.indexOf(profile);
    return place < 0 ? RISING.length : place;
}

/**
 * @param {Uint8Array[]} ours
 * @param {Uint8Array[]} theirs
 * @param {(set: Uint8Array) => number} idOf
 * @returns {Uint8Array[] | null} null where one id stands for two things
 */
function union(ours, theirs, idOf) {
    const all = new Map(ours.map((set) => [idOf(set), set]));
    for (const set of theirs) {
        const known = all.get(idOf(set));
        if (known && !isEqual(known, set)) return null;
        all.set(idOf(set), known ?? set);
    }
    return [...all.values()];
}

/** @param {Uint8Array} sps a NAL unit: its header, profile, constraints and level come before the id */
export function spsId(sps) {
    return new BitReader(unescaped(sps).subarray(4)).ue();
}

/** @param {Uint8Array} pps a NAL unit: its header comes before the id */
export function ppsId(pps) {
    return new BitReader(unescaped(pps).subarray(1)).ue();
}
