/**
 * HEVC where a piece follows another that it did not follow in its source.
 *
 * An open group begins with a CRA picture, which in the middle of a stream counts on from the pictures before it: behind
 * others, decoders drop frames. A BLA picture is the same but for its type, and is decoded as if it were the first (ITU-T
 * H.265, 7.4.2.2). An end of sequence before a CRA picture would do that too, but what still waits to be shown is dropped
 * then (C.5.2.2), and is: FFmpeg loses up to three frames.
 */

import { isCra } from './hevc.js';
import { nalUnits } from './nal.js';

/**
 * @import {Part} from './pieces.js'
 * @typedef {Pick<Part, 'piece' | 'entry' | 'isMade'>} Joined
 */

/** The kind of slices of a BLA picture before which no other is shown, as they are not copied. */
const BLA = 18;
/** What of a unit's first byte is not its kind. */
const OTHER_BITS = 0x81;

/** Whether a piece follows another as it did in its source. @param {Joined} before @param {Joined} after */
function goesOn(before, after) {
    return before.entry === after.entry && before.piece.span.end === after.piece.span.start;
}

/**
 * Whether decoding has to start anew between two pieces. What was encoded for the result does so by itself.
 * @param {Joined} before
 * @param {Joined} after
 */
export function isSevered(before, after) {
    return !goesOn(before, after) && !after.isMade;
}

/** Whether a piece starts inside the one before. @param {Joined} before @param {Joined} after */
export function overlaps({ piece: { span: before } }, { piece: { span: after } }) {
    return before.start <= after.start && after.start < before.end;
}

/**
 * For each piece whether it needs parameter sets of its own, to be told from the one before: every other one of those that
 * repeat pictures. FFmpeg from 7.1 on (hevc/refs.c) else finds the picture that a piece begins with still there, as one that
 * others refer to, and drops the new one.
 * @param {Joined[]} parts
 * @param {(place: number) => boolean} repeats whether the piece at a place, of the same track as the one before, begins with a
 *   picture that may still be there
 */
export function toldApart(parts, repeats) {
    /** @type {boolean[]} */
    const apart = [];
    for (const [i, after] of parts.entries()) {
        const before = parts[i - 1];
        if (!before || after.isMade) apart.push(false);
        else if (goesOn(before, after)) apart.push(apart[i - 1]);
        else apart.push(before.entry === after.entry && !apart[i - 1] && repeats(i));
    }
    return apart;
}

/**
 * @param {Uint8Array} sample
 * @param {number} lengthSize
 * @returns {Uint8Array<ArrayBuffer>} as many bytes, from which decoding starts anew
 */
export function restarted(sample, lengthSize) {
    const changed = sample.slice();
    for (const unit of nalUnits(changed, lengthSize)) {
        if (isCra(unit)) unit[0] = (unit[0] & OTHER_BITS) | (BLA << 1);
    }
    return changed;
}
