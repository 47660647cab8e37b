/** Pieces of HEVC in MP4 made fit to follow one another, see `severed.js`: as a rule only their first samples change. */

import { read } from './bytes.js';
import { isCra, lengthSizeOf } from './hevc.js';
import { apartFrom } from './hevcapart.js';
import { nalUnits } from './nal.js';
import { isSevered, restarted, toldApart } from './severed.js';

/**
 * @import {Cut} from './chosen.js'
 * @import {Rewritten} from './rewritten.js'
 */

/** No picture is referred to any more from the second key frame behind it on (ITU-T H.265, 8.3.2). */
const KEYS_TO_FORGET = 2;

/**
 * @param {Cut[]} cuts of one track
 * @param {Uint8Array} hvcC
 * @param {Rewritten} rewritten takes the samples of pieces that change as a whole
 * @returns {Promise<Uint8Array>} the record for all of them
 */
export async function rejoined(cuts, hvcC, rewritten) {
    const there = cuts.filter(({ kept }) => kept.length > 0);
    const parts = there.map(({ part }) => part);
    /** @type {(Uint8Array | null)[]} */
    const firsts = [];
    for (const [i, cut] of there.entries()) firsts.push(i > 0 && isSevered(parts[i - 1], cut.part) ? await firstOf(cut) : null);
    const lengthSize = lengthSizeOf(hvcC);
    const isOpen = (/** @type {Uint8Array | null} */ sample) => sample !== null && [...nalUnits(sample, lengthSize)].some(isCra);
    // Decoders forget what was there when an IDR picture comes.
    const apart = toldApart(parts, (i) => isOpen(firsts[i]) && isRemembered(there[i - 1], there[i].kept[0]));
    const own = apart.includes(true) ? apartFrom(hvcC) : null;
    for (const [i, cut] of there.entries()) {
        const first = firsts[i];
        if (first) cut.head = new Blob([restarted(own && apart[i] ? own.change(first) : first, lengthSize)]);
    }
    if (own) await rewritten.add(there.filter((_, i) => apart[i]), own.change);
    return own?.record ?? hvcC;
}

/** @param {Cut} cut */
function firstOf({ file, table, kept: [first] }) {
    return read(file, table.offset[first], table.offset[first] + table.size[first]);
}

/** Whether others may still refer to a sample, a key frame, when a cut ends. @param {Cut} cut @param {number} sample */
function isRemembered({ kept, table: { sync } }, sample) {
    if (!kept.includes(sample)) return false;
    const later = kept.filter((one) => one > sample && (!sync || sync[one] === 1));
    return later.length < KEYS_TO_FORGET;
}
