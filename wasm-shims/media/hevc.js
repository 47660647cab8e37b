/** What an MP4 says of its HEVC beforehand: the `hvcC` record (ISO/IEC 14496-15, 8.3.3.1), with the parameter sets of its samples. */

import { Cursor } from './bytes.js';

/** Kinds of NAL units that are parameter sets, in the order in which they refer to each other. */
export const [VPS, SPS, PPS] = [32, 33, 34];
/** Kinds of the slices of a picture, and those of pictures that can be decoded on their own. */
const LAST_SLICE = 31;
const [FIRST_KEY, LAST_KEY] = [16, 23];
const CRA = 21;

/** What stands before the arrays of units, and where in it the size of lengths. */
const HEAD = 22;
const LENGTH_SIZE = 21;
/** What of an array's first byte is the kind of its units. */
const KIND_BITS = 63;

/** @param {Uint8Array} unit @returns {number} nal_unit_type */
export function kindOf(unit) {
    return (unit[0] >> 1) & 63;
}

/** @param {Uint8Array} unit */
export function isSet(unit) {
    const kind = kindOf(unit);
    return kind >= VPS && kind <= PPS;
}

/** @param {number} kind */
export function isSlice(kind) {
    return kind <= LAST_SLICE;
}

/** Whether slices of a kind are of a picture that can be decoded on its own. @param {number} kind */
export function isKey(kind) {
    return kind >= FIRST_KEY && kind <= LAST_KEY;
}

/** Whether a unit is of a picture that begins an open group. @param {Uint8Array} unit */
export function isCra(unit) {
    return kindOf(unit) === CRA;
}

/** How many bytes stand before each unit; 0 where start codes part them. @param {Uint8Array | null} hvcC */
export function lengthSizeOf(hvcC) {
    return hvcC ? (hvcC[LENGTH_SIZE] & 3) + 1 : 0;
}

/** @param {Uint8Array} hvcC throws a RangeError where it is no whole record */
function parsed(hvcC) {
    const cursor = new Cursor(hvcC);
    const head = cursor.take(HEAD);
    const arrays = Array.from({ length: cursor.u8() }, () => {
        const form = cursor.u8();
        return { form, units: Array.from({ length: cursor.u16() }, () => cursor.take(cursor.u16())) };
    });
    return { head, arrays };
}

/** The parameter sets of a record. @param {Uint8Array} hvcC */
export function setsOf(hvcC) {
    return parsed(hvcC).arrays.flatMap(({ units }) => units.filter(isSet));
}

/**
 * The record that tells some sets more.
 * @param {Uint8Array} hvcC
 * @param {Uint8Array[]} sets of kinds that it tells already
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function withSets(hvcC, sets) {
    const { head, arrays } = parsed(hvcC);
    const u16 = (/** @type {number} */ number) => [number >> 8, number & 0xff];
    const bytes = arrays.flatMap(({ form, units }) => {
        const all = [...units, ...sets.filter((set) => kindOf(set) === (form & KIND_BITS))];
        return [form, ...u16(all.length), ...all.flatMap((unit) => [...u16(unit.length), ...unit])];
    });
    return Uint8Array.from([...head, arrays.length, ...bytes]);
}
