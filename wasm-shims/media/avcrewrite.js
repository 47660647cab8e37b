/**
 * Encoded pictures made fit to stand beside copied ones: under parameter sets of their own, whose ids the source does
 * not use, so that one sample entry serves both and no copied byte changes.
 */

import { mergeAvcC, parseAvcC, ppsId, spsId, writeAvcC } from './avc.js';
import { delaysOf, readPps, readSps, writePps, writeSps } from './avcsets.js';
import { rewriteSlice, sliceSetId } from './avcslice.js';
import { isEqual } from './bytes.js';
import { incapable } from './failures.js';
import { joinUnits, nalUnits } from './nal.js';

/**
 * @import {AvcRecord} from './avc.js'
 * @import {Pps, Sps} from './avcsets.js'
 * @typedef {{sps: Sps, pps: Pps, setId: number}} Moved
 */

const MAX_SPS_ID = 31;
const MAX_PPS_ID = 255;
const MAX_IDR_ID = 65535;
/** Kinds of NAL units. */
const [PLAIN, IDR, SPS, PPS] = [1, 5, 7, 8];
const PARTITIONS = new Set([2, 3, 4]);

/**
 * @param {Uint8Array} sourceAvcC of the source; of the source and earlier edges, where there are several
 * @param {Uint8Array} edgeAvcC
 * @param {number} [edge] how many edges came before this one: two IDR pictures next to each other must differ in number
 * @returns {{config: Uint8Array<ArrayBuffer>, rewrite: (sample: Uint8Array) => Uint8Array<ArrayBuffer>}} `config` is the
 *   merged avcC; throws `capability` where the two cannot stand beside each other
 */
export function rewriter(sourceAvcC, edgeAvcC, edge = 0) {
    const [source, encoded] = [parseAvcC(sourceAvcC), parseAvcC(edgeAvcC)];
    const { record, moved } = renumbered(source, encoded);
    const config = mergeAvcC(sourceAvcC, writeAvcC(record));
    if (!config) throw incapable('The browser’s pictures cannot stand beside those of this file.', 'too many parameter sets');
    const known = [...encoded.sps, ...encoded.pps];
    let idrs = 0;
    return {
        config,
        rewrite(sample) {
            const units = [...nalUnits(sample, encoded.lengthSize)];
            const idrId = (MAX_IDR_ID - 2 * edge - (idrs % 2)) & MAX_IDR_ID;
            if (units.some((unit) => (unit[0] & 31) === IDR)) idrs++;
            const slices = units.flatMap((unit) => {
                const type = unit[0] & 31;
                if (PARTITIONS.has(type)) throw incapable('The browser encoded H.264 in partitions.', 'data partitioning');
                // Sets may be repeated among samples, but not changed there.
                if ((type === SPS || type === PPS) && !known.some((set) => isEqual(set, unit))) throw incapable('The browser changed its parameters on the way.', 'parameter sets among samples');
                if (type !== PLAIN && type !== IDR) return [];
                const sets = moved.get(sliceSetId(unit));
                if (!sets) throw incapable('The browser’s pictures lack their parameters.', `no picture parameter set ${sliceSetId(unit)}`);
                return [rewriteSlice(unit, { ...sets, idrId })];
            });
            return joinUnits(slices, source.lengthSize);
        },
    };
}

/**
 * Whether an edge tells decoders by itself how far out of order the source's pictures come that follow it; see `writeSps`.
 * @param {Uint8Array} sourceAvcC
 * @param {Uint8Array} edgeAvcC
 */
export function announces(sourceAvcC, edgeAvcC) {
    const { held } = delaysOf(readSps(parseAvcC(sourceAvcC).sps[0]));
    return parseAvcC(edgeAvcC).sps.every((unit) => (readSps(unit).vui?.restriction?.held ?? -1) >= held);
}

/**
 * The edge's sets under ids that the source does not use, and what they were by the ids they had.
 * @param {AvcRecord} source
 * @param {AvcRecord} encoded
 */
function renumbered(source, encoded) {
    const look = readSps(source.sps[0]);
    const [takenSps, takenPps] = [byId(source.sps, spsId), byId(source.pps, ppsId)];
    /** @type {Map<number, {sps: Sps, id: number}>} */
    const sequences = new Map();
    /** @type {Map<number, Moved>} */
    const moved = new Map();
    for (const unit of encoded.sps) {
        const sps = readSps(unit);
        assertAlike(look, sps);
        sequences.set(sps.id, { sps, id: placed(takenSps, MAX_SPS_ID, (id) => writeSps(sps, id, look)) });
    }
    for (const unit of encoded.pps) {
        const pps = readPps(unit);
        const sequence = sequences.get(pps.spsId);
        if (!sequence) throw incapable('The browser’s pictures lack their parameters.', `no sequence parameter set ${pps.spsId}`);
        const setId = placed(takenPps, MAX_PPS_ID, (id) => writePps(pps, id, sequence.id));
        moved.set(pps.id, { sps: sequence.sps, pps, setId });
    }
    const sps = [...new Set([...sequences.values()].map(({ id }) => id))].map((id) => /** @type {Uint8Array} */ (takenSps.get(id)));
    const pps = [...new Set([...moved.values()].map(({ setId }) => setId))].map((id) => /** @type {Uint8Array} */ (takenPps.get(id)));
    const level = Math.max(source.level, encoded.level);
    return { moved, record: { ...encoded, level, lengthSize: source.lengthSize, sps, pps } };
}

/** @param {Uint8Array[]} sets @param {(set: Uint8Array) => number} idOf */
function byId(sets, idOf) {
    return new Map(sets.map((set) => [idOf(set), set]));
}

/**
 * Gives a set the highest id that is free, or that stands for the very same already.
 * @param {Map<number, Uint8Array>} taken
 * @param {number} highest
 * @param {(id: number) => Uint8Array} write
 */
function placed(taken, highest, write) {
    for (let id = highest; id >= 0; id--) {
        const set = write(id);
        const known = taken.get(id);
        if (known && !isEqual(known, set)) continue;
        taken.set(id, set);
        return id;
    }
    throw incapable('This file uses up all parameter sets.', `no id up to ${highest} is free`);
}

/** @param {Sps} source @param {Sps} edge */
function assertAlike(source, edge) {
    if (!source.framesOnly || !edge.framesOnly) throw incapable('The browser cannot encode parts of interlaced pictures.', 'interlaced');
    const kind = (/** @type {Sps} */ { width, height, chroma, depth }) => `${width}×${height}, colour format ${chroma}, ${depth} bits`;
    const [wanted, got] = [kind(source), kind(edge)];
    const isCroppedAlike = shownSize(source) === shownSize(edge);
    if (wanted !== got || !isCroppedAlike) throw incapable('The browser cannot encode pictures like those of this file.', `${wanted} against ${got}`);
}

/** @param {Sps} sps in units of cropping @returns {string} */
function shownSize({ crop: [left, right, top, bottom] }) {
    return `${left + right}/${top + bottom}`;
}
