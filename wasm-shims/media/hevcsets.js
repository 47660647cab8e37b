/** Parameter sets of HEVC (ITU-T H.265, 7.3.2 and 7.3.3): read as far as their ids, written under others. */

import { BitReader, BitWriter } from './bits.js';
import { kindOf, PPS, SPS, VPS } from './hevc.js';
import { escaped, unescaped } from './nal.js';

/** @typedef {{vps: number, sps: number, pps: number}} Ids of one set each, which refer to each other */

/** In bits. */
const HEADER = 16;
/** Profile and level of the whole stream, of a layer's profile, of its level. */
const [GENERAL, PROFILE, LEVEL] = [96, 88, 8];
/** As many layers as there are places for, where there are any. */
const PLACES = 8;

/** @param {Uint8Array} unit a parameter set */
export function setId(unit) {
    const bits = new BitReader(unescaped(unit));
    bits.at = HEADER;
    if (kindOf(unit) === VPS) return bits.u(4);
    if (kindOf(unit) === SPS) skipToSpsId(bits);
    return bits.ue();
}

/** @param {BitReader} bits behind the header */
function skipToSpsId(bits) {
    bits.u(4);
    const layers = bits.u(3);
    bits.at += 1 + GENERAL;
    const given = Array.from({ length: layers }, () => [bits.u(1), bits.u(1)]);
    if (layers > 0) bits.at += 2 * (PLACES - layers);
    for (const [profile, level] of given) bits.at += PROFILE * profile + LEVEL * level;
}

/**
 * @param {Uint8Array} unit a parameter set
 * @param {Ids} ids its new one, and those of the sets that it refers to
 */
export function writeSet(unit, ids) {
    const bits = new BitReader(unescaped(unit));
    const out = new BitWriter(bits.bytes.length + 8);
    out.copy(bits, HEADER);
    if (kindOf(unit) === PPS) {
        bits.skip(2);
        out.ue(ids.pps);
        out.ue(ids.sps);
    } else {
        bits.u(4);
        out.u(4, ids.vps);
        if (kindOf(unit) === SPS) {
            const from = bits.at;
            bits.at = HEADER;
            skipToSpsId(bits);
            const until = bits.at;
            bits.at = from;
            out.copy(bits, until);
            bits.skip(1);
            out.ue(ids.sps);
        }
    }
    out.copy(bits, bits.end);
    return escaped(out.closed());
}
