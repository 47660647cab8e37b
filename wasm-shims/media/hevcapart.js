/**
 * Pictures of HEVC under parameter sets of their own, so that decoders tell them from the same pictures that were there
 * just before.
 *
 * A slice names its picture parameter set in a variable-length number, which must not move what follows by less than a whole
 * byte (ITU-T H.265, 7.3.6.1 and 9.2): encoders number their sets 0, which takes one bit; 15 to 30 take nine.
 */

import { incapable } from './failures.js';
import { isKey, isSet, isSlice, kindOf, lengthSizeOf, PPS, setsOf, SPS, VPS, withSets } from './hevc.js';
import { setId, writeSet } from './hevcsets.js';
import { joinUnits, nalUnits } from './nal.js';

/**
 * @import {Ids} from './hevcsets.js'
 * @typedef {(sample: Uint8Array) => Uint8Array<ArrayBuffer>} Change
 */

/** The highest ids; neither of the two bytes that a slice then has in place of one is zero. */
const [HIGHEST, HIGHEST_PPS] = [15, 30];
/** Bits of the number 30, and bytes of a unit's header. */
const [LONG, HEADER] = [9, 2];
/** What a picture begins with where anything parts pictures. */
const DELIMITER = 35;

/**
 * For samples of which the sets are told beforehand.
 * @param {Uint8Array} hvcC
 * @returns {{record: Uint8Array<ArrayBuffer>, change: Change}} `record` tells both kinds of sets; throws `capability` where there
 *   cannot be others
 */
export function apartFrom(hvcC) {
    const sets = setsOf(hvcC);
    const ids = idsBeside(sets);
    const lengthSize = lengthSizeOf(hvcC);
    return {
        record: withSets(hvcC, sets.map((set) => writeSet(set, ids))),
        change: (sample) => joinUnits([...nalUnits(sample, lengthSize)].map((unit) => renumbered(unit, ids)), lengthSize),
    };
}

/**
 * For samples with start codes, which tell their sets themselves: the first one is made to.
 * @param {Uint8Array[]} sets
 * @returns {Change} to be given the samples of a piece in their order
 */
export function apartInside(sets) {
    const ids = idsBeside(sets);
    let isTold = false;
    return (sample) => {
        const units = [...nalUnits(sample, 0)];
        if (!isTold && !units.some(isSet)) units.splice(units.length > 0 && kindOf(units[0]) === DELIMITER ? 1 : 0, 0, ...sets);
        isTold = true;
        return joinUnits(units.map((unit) => renumbered(unit, ids)), 0);
    };
}

/** Ids that these sets do not have. @param {Uint8Array[]} sets @returns {Ids} */
function idsBeside(sets) {
    const own = new Map(sets.map((set) => [kindOf(set), setId(set)]));
    if (sets.length !== 3 || own.size !== 3) throw unfit(`${sets.length} parameter sets`);
    const free = (/** @type {number} */ kind, /** @type {number} */ highest) => (own.get(kind) === highest ? highest - 1 : highest);
    return { vps: free(VPS, HIGHEST), sps: free(SPS, HIGHEST), pps: free(PPS, HIGHEST_PPS) };
}

/** @param {Uint8Array} unit @param {Ids} ids */
function renumbered(unit, ids) {
    if (isSet(unit)) return writeSet(unit, ids);
    const kind = kindOf(unit);
    if (!isSlice(kind) || unit.length <= HEADER) return unit;
    // Before the id: first_slice_segment_in_pic_flag and, in pictures to start from, no_output_of_prior_pics_flag.
    const behind = isKey(kind) ? 5 : 6;
    const first = unit[HEADER];
    if (((first >> behind) & 1) === 0) throw unfit('a slice that names another parameter set than the first');
    const word = ((((first >> (behind + 1)) << LONG) | (ids.pps + 1)) << behind) | (first & ((1 << behind) - 1));
    const longer = new Uint8Array(unit.length + 1);
    longer.set(unit.subarray(0, HEADER));
    longer.set([word >> 8, word & 0xff], HEADER);
    // As neither byte is zero, what keeps the rest from looking like a start code stays as it is.
    longer.set(unit.subarray(HEADER + 1), HEADER + 2);
    return longer;
}

/** @param {string} detail */
function unfit(detail) {
    return incapable('These pieces show the same pictures again, which players could not tell apart in this file.', detail, 'Cut them exactly.');
}
