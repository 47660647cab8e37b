/** Parameter sets of H.264 (ITU-T H.264, 7.3.2 and E.1.1): read as far as slices need them, written under other ids. */

import { BitReader, BitWriter } from './bits.js';
import { incapable } from './failures.js';
import { escaped, unescaped } from './nal.js';

/**
 * @typedef {ReturnType<typeof readSps>} Sps
 * @typedef {ReturnType<typeof readPps>} Pps
 * @typedef {ReturnType<typeof readVui>} Vui
 * @typedef {{rest: number[], held: number, kept: number}} Restriction how many pictures decoders hold back and keep, at
 *   most; the rest as it stands
 */

/** Profiles whose sets tell the colour format and scaling lists. */
const HIGH = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const CHROMA_444 = 3;
const SAR_GIVEN = 255;
/** Macroblocks that a decoder keeps, by level (Table A-1). */
const KEPT_MACROBLOCKS = new Map([
    [9, 396], [10, 396], [11, 900], [12, 2376], [13, 2376], [20, 2376], [21, 4752], [22, 8100], [30, 8100], [31, 18000],
    [32, 20480], [40, 32768], [41, 32768], [42, 34816], [50, 110400], [51, 184320], [52, 184320], [60, 696320], [61, 696320], [62, 696320],
]);
const MAX_KEPT = 16;
/** Vectors may leave the picture, no bound on sizes, vectors as long as any (E.2.1, what is inferred where nothing is said). */
const UNRESTRICTED = [1, 0, 0, 15, 15];

/** @param {Uint8Array} unit */
export function readSps(unit) {
    const bits = new BitReader(unescaped(unit));
    const [, profile, compat, level, id] = [bits.u(8), bits.u(8), bits.u(8), bits.u(8), bits.ue()];
    const afterId = bits.at;
    const color = HIGH.has(profile) ? readColor(bits) : { chroma: 1, separate: false, depth: '8/8' };
    const frameNumBits = bits.ue() + 4;
    const order = readOrder(bits);
    const references = bits.ue();
    bits.flag();
    const [width, height] = [bits.ue() + 1, bits.ue() + 1];
    const framesOnly = bits.flag();
    if (!framesOnly) bits.flag();
    bits.flag();
    const crop = bits.flag() ? [bits.ue(), bits.ue(), bits.ue(), bits.ue()] : [0, 0, 0, 0];
    const beforeVui = bits.at;
    const vui = bits.flag() ? readVui(bits) : null;
    const size = { width, height: framesOnly ? height : height * 2, crop };
    return { bits, profile, compat, level, id, afterId, ...color, frameNumBits, ...order, references, ...size, framesOnly, beforeVui, vui };
}

/** @param {BitReader} bits */
function readColor(bits) {
    const chroma = bits.ue();
    const separate = chroma === CHROMA_444 && bits.flag();
    const depth = `${bits.ue() + 8}/${bits.ue() + 8}`;
    bits.flag();
    if (bits.flag()) {
        for (let list = 0; list < (chroma === CHROMA_444 ? 12 : 8); list++) {
            if (bits.flag()) skipScalingList(bits, list < 6 ? 16 : 64);
        }
    }
    return { chroma, separate, depth };
}

/** @param {BitReader} bits @param {number} size */
function skipScalingList(bits, size) {
    for (let [i, last] = [0, 8]; i < size; i++) {
        last = (last + bits.se() + 256) % 256;
        if (last === 0) return;
    }
}

/** How slices tell their place in order of presentation. @param {BitReader} bits */
function readOrder(bits) {
    const orderType = bits.ue();
    const orderBits = orderType === 0 ? bits.ue() + 4 : 0;
    let deltasAbsent = false;
    if (orderType === 1) {
        deltasAbsent = bits.flag();
        bits.skip(2);
        bits.skip(bits.ue());
    }
    return { orderType, orderBits, deltasAbsent };
}

/** @param {BitReader} bits */
export function readVui(bits) {
    const aspect = bits.flag() ? readAspect(bits) : null;
    const overscan = bits.flag() ? [bits.u(1)] : null;
    const signal = bits.flag() ? readSignal(bits) : null;
    const siting = bits.flag() ? [bits.ue(), bits.ue()] : null;
    if (bits.flag()) [32, 32, 1].forEach((count) => bits.u(count));
    const [nal, vcl] = [bits.flag() && skipHrd(bits), bits.flag() && skipHrd(bits)];
    if (nal || vcl) bits.flag();
    bits.flag();
    const restriction = bits.flag() ? readRestriction(bits) : null;
    return { aspect, overscan, signal, siting, restriction };
}

/** @param {BitReader} bits the index in a table, or the ratio itself */
function readAspect(bits) {
    const kind = bits.u(8);
    return kind === SAR_GIVEN ? [kind, bits.u(16), bits.u(16)] : [kind];
}

/** @param {BitReader} bits format and range, then perhaps primaries, transfer and matrix */
function readSignal(bits) {
    const [format, range] = [bits.u(3), bits.u(1)];
    return bits.flag() ? [format, range, bits.u(8), bits.u(8), bits.u(8)] : [format, range];
}

/** @param {BitReader} bits */
function skipHrd(bits) {
    const count = bits.ue() + 1;
    bits.u(8);
    for (let i = 0; i < count; i++) {
        bits.skip(2);
        bits.u(1);
    }
    bits.u(20);
    return true;
}

/** @param {BitReader} bits @returns {Restriction} */
function readRestriction(bits) {
    const rest = [bits.u(1), bits.ue(), bits.ue(), bits.ue(), bits.ue()];
    return { rest, held: bits.ue(), kept: bits.ue() };
}

/**
 * How many pictures a decoder of this stream holds back and keeps, at most; what E.2.1 infers where it is not said.
 * @param {Sps} sps
 */
export function delaysOf({ vui, level, width, height }) {
    const most = Math.min(MAX_KEPT, Math.floor((KEPT_MACROBLOCKS.get(level) ?? 0) / (width * height)));
    return vui?.restriction ?? { held: most, kept: most };
}

/**
 * An encoded part's set under another id, which presents its pictures as the source's does.
 * @param {Sps} sps
 * @param {number} id
 * @param {Sps} source
 * @returns {Uint8Array}
 */
export function writeSps({ bits, afterId, beforeVui, vui, ...sps }, id, source) {
    const out = new BitWriter(bits.bytes.length + 64);
    const { kept = 0, held = 0, rest = UNRESTRICTED } = vui?.restriction ?? {};
    const delays = delaysOf(source);
    bits.at = 0;
    out.copy(bits, 24);
    // A decoder may drop what it has not shown yet when pictures come that need another number to be kept, so they
    // need the same, and with it the level that allows for it.
    out.u(8, Math.max(sps.level, source.level));
    out.ue(id);
    bits.at = afterId;
    out.copy(bits, beforeVui);
    out.flag(true);
    // None is held back here, but the source's pictures follow: Chromium 156 loses pictures when it learns only at a
    // joint that some will have to be.
    writeVui(out, source.vui, { rest, held: Math.max(held, delays.held), kept: Math.max(kept, sps.references, delays.kept) });
    return escaped(out.closed());
}

/**
 * @param {BitWriter} out
 * @param {Vui | null} look of the source: shape and colour of its pixels
 * @param {Restriction} restriction
 */
function writeVui(out, look, { rest, held, kept }) {
    /** @type {(values: number[] | null | undefined, ...sizes: number[]) => void} */
    const optional = (values, ...sizes) => {
        out.flag(Boolean(values));
        values?.forEach((value, i) => (sizes[i] ? out.u(sizes[i], value) : out.ue(value)));
    };
    optional(look?.aspect, 8, 16, 16);
    optional(look?.overscan, 1);
    out.flag(Boolean(look?.signal));
    if (look?.signal) {
        const [format, range, ...color] = look.signal;
        out.u(3, format);
        out.u(1, range);
        optional(color.length > 0 ? color : null, 8, 8, 8);
    }
    optional(look?.siting);
    // No timing, no buffer models, no picture structure: samples have times, and bring no messages.
    for (let absent = 0; absent < 4; absent++) out.flag(false);
    optional([...rest, held, kept], 1);
}

/** @param {Uint8Array} unit */
export function readPps(unit) {
    const bits = new BitReader(unescaped(unit));
    bits.u(8);
    const [id, spsId] = [bits.ue(), bits.ue()];
    const afterIds = bits.at;
    const [cabac, deltaOrder] = [bits.flag(), bits.flag()];
    if (bits.ue() > 0) throw incapable('The browser encoded H.264 of a kind that cannot be joined.', 'slice groups');
    const references = [bits.ue() + 1, bits.ue() + 1];
    const [weighted, weightedBoth] = [bits.flag(), bits.u(2)];
    bits.skip(3);
    const deblocking = bits.flag();
    bits.flag();
    const redundant = bits.flag();
    return { bits, id, spsId, afterIds, cabac, deltaOrder, references, weighted, weightedBoth, deblocking, redundant };
}

/**
 * @param {Pps} pps
 * @param {number} id
 * @param {number} spsId
 * @returns {Uint8Array}
 */
export function writePps({ bits, afterIds }, id, spsId) {
    const out = new BitWriter(bits.bytes.length + 8);
    bits.at = 0;
    out.copy(bits, 8);
    out.ue(id);
    out.ue(spsId);
    bits.at = afterIds;
    out.copy(bits, bits.end);
    return escaped(out.closed());
}
