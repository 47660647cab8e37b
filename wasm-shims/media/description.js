/** One description for all pieces of a track: they are joined only where it fits them all. */

import { mergeAvcC } from './avc.js';
import { announces, rewriter } from './avcrewrite.js';
import { find } from './boxes.js';
import { read } from './bytes.js';
import { incapable } from './failures.js';
import { SampleTable } from './samples.js';
import { assertSame, inside, sampleEntries, stsdOf, withBox } from './sampleentry.js';

/**
 * @import {Found} from './chosen.js'
 * @import {Line} from './pieces.js'
 * @import {SampleEntry} from './sampleentry.js'
 */

/** Parts that are changed to fit are a few seconds long. */
const MAX_CHANGED = 512 << 20;
/** A file that was opened is changed in memory only where it is small; others are encoded again. */
const MAX_OPENED = 48 << 20;

/**
 * @param {Line} line
 * @param {Found[]} found
 * @returns {Promise<{stsd: Uint8Array, fitting: Found[]}>} the sample entries of the result, and the pieces with their
 *   samples fit for it
 */
export async function described(line, found) {
    const { trak } = found[line.parts.indexOf(line.main)];
    const stsd = entriesOf(trak);
    if (found.every((one) => one.trak === trak)) return { stsd, fitting: found };
    let entry = single(stsd, line);
    let edges = 0;
    /** @type {Map<unknown, Found>} */
    const known = new Map([[trak, found[line.parts.indexOf(line.main)]]]);
    const fitting = [];
    for (const one of found) {
        let same = known.get(one.trak);
        if (!same) {
            const own = single(entriesOf(one.trak), line);
            assertSame(entry, own, one.part.isMade);
            ({ entry, same } = await joined(entry, own, one, edges));
            if (one.part.isMade) edges++;
            known.set(one.trak, same);
        }
        fitting.push({ ...one, table: same.table, file: same.file });
    }
    return { stsd: stsdOf([entry]), fitting };
}

/** @param {Found['trak']} trak */
function entriesOf({ bytes, box }) {
    const stsd = find(bytes, box, 'mdia/minf/stbl/stsd');
    if (!stsd) throw new Error('a track without sample entries');
    return bytes.slice(stsd.start, stsd.end);
}

/** @param {Uint8Array} stsd @param {Line} line */
function single(stsd, { kind }) {
    const entries = sampleEntries(stsd, kind);
    if (entries.length !== 1) throw incapable('A track that changes in the middle cannot be joined with another.', `${entries.length} sample entries`);
    return entries[0];
}

/**
 * @param {SampleEntry} entry of all pieces so far
 * @param {SampleEntry} own
 * @param {Found} found
 * @param {number} edges how many parts were made to fit before
 * @returns {Promise<{entry: SampleEntry, same: Found}>}
 */
async function joined(entry, own, found, edges) {
    const [ours, theirs] = [inside(entry, 'avcC'), inside(own, 'avcC')];
    if (!ours || !theirs) return { entry, same: found };
    const isFit = !found.part.isMade || announces(ours, theirs);
    const merged = isFit ? mergeAvcC(ours, theirs) : null;
    if (merged) return { entry: withBox(entry, 'avcC', merged), same: found };
    if (!found.part.isMade && found.file.size > MAX_OPENED) {
        throw incapable('These files cannot be joined without encoding them again: their parameter sets contradict each other.', '', 'Cut them exactly, or one by one.');
    }
    const { config, rewrite } = rewriter(ours, theirs, edges);
    return { entry: withBox(entry, 'avcC', config), same: await changed(found, rewrite) };
}

/**
 * A part with all its samples changed, in memory.
 * @param {Found} found
 * @param {(sample: Uint8Array) => Uint8Array<ArrayBuffer>} change
 * @returns {Promise<Found>}
 */
async function changed({ table, file, ...found }, change) {
    if (file.size > MAX_CHANGED) throw incapable('An encoded part is too long to be changed to fit.', `${file.size} bytes`);
    const bytes = await read(file, 0, file.size);
    const fit = Object.assign(new SampleTable(table.count), { dts: table.dts, shift: table.shift, sync: table.sync, chunk: table.chunk, entry: table.entry });
    const samples = [];
    let at = 0;
    for (let i = 0; i < table.count; i++) {
        const sample = change(bytes.subarray(table.offset[i], table.offset[i] + table.size[i]));
        samples.push(sample);
        fit.size[i] = sample.length;
        fit.offset[i] = at;
        at += sample.length;
    }
    return { ...found, table: fit, file: new Blob(samples) };
}
