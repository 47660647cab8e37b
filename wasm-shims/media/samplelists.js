/** The samples that the index of an MP4 file lists, read once for as long as the file is kept open. */

import { boxes, find } from './boxes.js';
import { SampleTable } from './samples.js';

/**
 * @import {Index} from './layout.js'
 * @import {Trak} from './mp4.js'
 */

/** Boxes that tie samples to what would have to be cut too. */
const UNSPLICEABLE = new Set(['saiz', 'saio', 'senc', 'subs', 'stz2', 'padb']);
/** An index of several hours; reading more of it ahead would be felt. */
const MAX_AHEAD_BYTES = 8 << 20;

/** @type {WeakMap<Trak, SampleTable>} */
const lists = new WeakMap();

/**
 * @param {Trak} trak
 * @returns {SampleTable | null} null where the samples are of a kind that cannot be spliced
 */
export function listed(trak) {
    const before = lists.get(trak);
    if (before) return before;
    const { bytes, box } = trak;
    const stbl = find(bytes, box, 'mdia/minf/stbl');
    if (!stbl || boxes(bytes, stbl.body, stbl.end).some(({ type }) => UNSPLICEABLE.has(type))) return null;
    const table = SampleTable.read(bytes, stbl);
    if (table) lists.set(trak, table);
    return table;
}

/** Reads the lists while nothing else is to be done, as a file that was opened is likely to be cut. @param {Index} index */
export function readAhead({ bytes, traks }) {
    if (bytes.length > MAX_AHEAD_BYTES) return;
    setTimeout(() => {
        try {
            traks.forEach(listed);
        } catch {
            // Whoever needs a broken list will say so.
        }
    });
}
