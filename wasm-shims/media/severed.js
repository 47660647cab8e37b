/**
 * HEVC where a piece follows another that it did not follow in its source.
 *
 * An open group begins with a CRA picture, which in the middle of a stream counts on from the pictures before it: behind
 * others, decoders drop frames. A BLA picture is the same but for its type, and is decoded as if it were the first (ITU-T
 * H.265, 7.4.2.2). An end of sequence before a CRA picture would do that too, but what still waits to be shown is dropped
 * then (C.5.2.2), and is: FFmpeg loses up to three frames.
 */

import { read } from './bytes.js';
import { nalUnits } from './nal.js';

/**
 * @import {Cut} from './chosen.js'
 * @import {Part} from './pieces.js'
 */

/** Types of NAL units: slices of a CRA picture, and of a BLA picture before which no other is shown, as they are not copied. */
const [CRA, BLA] = [21, 18];
/** What of a unit's first byte is not its type. */
const OTHER_BITS = 0x81;
/** Where the size of lengths stands in `hvcC`. */
const LENGTH_SIZE = 21;

/** How many bytes stand before each unit; 0 where start codes part them. @param {Uint8Array | null} hvcC */
export function lengthSizeOf(hvcC) {
    return hvcC ? (hvcC[LENGTH_SIZE] & 3) + 1 : 0;
}

/**
 * Whether decoding has to start anew between two pieces. What was encoded for the result does so by itself.
 * @param {Pick<Part, 'piece' | 'entry' | 'isMade'>} before
 * @param {Pick<Part, 'piece' | 'entry' | 'isMade'>} after
 */
export function isSevered(before, after) {
    const goesOn = before.entry === after.entry && before.piece.span.end === after.piece.span.start;
    return !goesOn && !after.isMade;
}

/**
 * @param {Uint8Array} sample
 * @param {number} lengthSize
 * @returns {Uint8Array<ArrayBuffer>} as many bytes, from which decoding starts anew
 */
export function restarted(sample, lengthSize) {
    const changed = sample.slice();
    for (const unit of nalUnits(changed, lengthSize)) {
        if (((unit[0] >> 1) & 63) === CRA) unit[0] = (unit[0] & OTHER_BITS) | (BLA << 1);
    }
    return changed;
}

/**
 * Changes the first samples of pieces where decoding has to start anew.
 * @param {Cut[]} cuts of one track
 * @param {Uint8Array} hvcC
 */
export async function restart(cuts, hvcC) {
    const there = cuts.filter(({ kept }) => kept.length > 0);
    for (const [i, cut] of there.entries()) {
        if (i === 0 || !isSevered(there[i - 1].part, cut.part)) continue;
        const { file, table, kept: [first] } = cut;
        const sample = await read(file, table.offset[first], table.offset[first] + table.size[first]);
        cut.head = new Blob([restarted(sample, lengthSizeOf(hvcC))]);
    }
}
