/** One description for all pieces of a track: they are joined only where it fits them all. */

import { find } from './boxes.js';

/**
 * @import {Found} from './chosen.js'
 * @import {Line} from './pieces.js'
 */

/**
 * @param {Line} line
 * @param {Found[]} found
 * @returns {Promise<{stsd: Uint8Array, fitting: Found[]}>} the sample entries of the result, and the pieces with their
 *   samples fit for it
 */
export async function described(line, found) {
    const { trak } = found[line.parts.indexOf(line.main)];
    const stsd = find(trak.bytes, trak.box, 'mdia/minf/stbl/stsd');
    if (!stsd) throw new Error('a track without sample entries');
    return { stsd: trak.bytes.subarray(stsd.start, stsd.end), fitting: found };
}
