/** Headers of H.264 slices (ITU-T H.264, 7.3.3): read to find where they end, written with another set's id. */

import { BitReader, BitWriter } from './bits.js';
import { escaped, unescaped } from './nal.js';

/** @import {Pps, Sps} from './avcsets.js' */

const IDR = 5;
/** Kinds of slices; a header gives them plain or, where all of the picture's are of a kind, five higher. */
const [P, B, I, SP, SI] = [0, 1, 2, 3, 4];
const END_OF_LIST = 3;
/** Commands that mark references, each by how many numbers follow. */
const MARKING = new Map([[1, 1], [2, 1], [3, 2], [4, 1], [5, 0], [6, 1]]);

/** The id of a slice's parameter set. @param {Uint8Array} unit */
export function sliceSetId(unit) {
    // Three numbers of at most 32 bits each, and what was put between them.
    const bits = new BitReader(unescaped(unit.subarray(1, 24)));
    return [bits.ue(), bits.ue(), bits.ue()][2];
}

/**
 * @param {Uint8Array} unit
 * @param {{sps: Sps, pps: Pps, setId: number, idrId: number}} sets the slice's own, its set's new id, and the number that
 *   tells this IDR picture from one next to it
 * @returns {Uint8Array}
 */
export function rewriteSlice(unit, { sps, pps, setId, idrId }) {
    const bits = new BitReader(unescaped(unit));
    const out = new BitWriter(bits.bytes.length + 16);
    out.u(8, bits.u(8));
    const [refersTo, type] = [(unit[0] >> 5) & 3, unit[0] & 31];
    out.ue(bits.ue());
    const kind = bits.ue();
    out.ue(kind);
    bits.ue();
    out.ue(setId);
    const from = bits.at;
    const isField = skipToIdr(bits, sps);
    if (type === IDR) {
        const until = bits.at;
        bits.at = from;
        out.copy(bits, until);
        bits.ue();
        out.ue(idrId);
    } else bits.at = from;
    const start = bits.at;
    if (!pps.cabac) {
        out.copy(bits, bits.end);
        return escaped(out.closed());
    }
    if (type !== IDR) skipToIdr(bits, sps);
    skipRest(bits, { sps, pps, kind: kind % 5, isIdr: type === IDR, refersTo, isField });
    const end = bits.at;
    bits.at = start;
    out.copy(bits, end);
    out.align(true);
    // What CABAC wrote starts on a whole byte, and so can be kept as it is.
    out.append(bits.bytes.subarray((end + 7) >> 3));
    return escaped(out.written());
}

/** @param {BitReader} bits behind the set's id @param {Sps} sps @returns {boolean} whether it is half a picture */
function skipToIdr(bits, sps) {
    if (sps.separate) bits.u(2);
    bits.u(sps.frameNumBits);
    const isField = !sps.framesOnly && bits.flag();
    if (isField) bits.flag();
    return isField;
}

/**
 * @param {BitReader} bits behind the number of the IDR picture
 * @param {{sps: Sps, pps: Pps, kind: number, isIdr: boolean, refersTo: number, isField: boolean}} slice
 */
function skipRest(bits, { sps, pps, kind, isIdr, refersTo, isField }) {
    if (sps.orderType === 0) bits.u(sps.orderBits);
    const orders = sps.orderType === 0 ? 0 : sps.orderType === 1 && !sps.deltasAbsent ? 1 : -1;
    if (orders === 1) bits.se();
    if (orders >= 0 && pps.deltaOrder && !isField) bits.se();
    if (pps.redundant) bits.ue();
    if (kind === B) bits.flag();
    const isIntra = kind === I || kind === SI;
    const lists = isIntra ? 0 : kind === B ? 2 : 1;
    const counts = pps.references.slice(0, lists);
    if (lists > 0 && bits.flag()) counts.forEach((_, list) => (counts[list] = bits.ue() + 1));
    counts.forEach(() => skipListChanges(bits));
    if ((pps.weighted && (kind === P || kind === SP)) || (pps.weightedBoth === 1 && kind === B)) skipWeights(bits, sps, counts);
    if (refersTo !== 0) skipMarking(bits, isIdr);
    bits.skip(isIntra ? 1 : 2);
    if (kind === SP) bits.flag();
    if (kind === SP || kind === SI) bits.se();
    if (pps.deblocking && bits.ue() !== 1) bits.skip(2);
}

/** @param {BitReader} bits */
function skipListChanges(bits) {
    if (!bits.flag()) return;
    while (bits.ue() !== END_OF_LIST) bits.ue();
}

/** @param {BitReader} bits @param {Sps} sps @param {number[]} counts */
function skipWeights(bits, sps, counts) {
    const hasColor = sps.chroma !== 0 && !sps.separate;
    bits.skip(hasColor ? 2 : 1);
    for (const count of counts) {
        for (let i = 0; i < count; i++) {
            if (bits.flag()) bits.skip(2);
            if (hasColor && bits.flag()) bits.skip(4);
        }
    }
}

/** @param {BitReader} bits @param {boolean} isIdr */
function skipMarking(bits, isIdr) {
    if (isIdr) return void bits.u(2);
    if (!bits.flag()) return;
    for (let command = bits.ue(); command !== 0; command = bits.ue()) {
        bits.skip(MARKING.get(command) ?? 0);
    }
}
