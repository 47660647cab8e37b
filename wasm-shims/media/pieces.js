/** An Assemble step with its files opened. */

import { ClipwrightError } from '../rpc.js';
import { Clock } from './clock.js';
import { Frames } from './frames.js';
import { withOpened } from './opened.js';

/**
 * @import {InputTrack} from 'mediabunny'
 * @import {Assemble, AssembleTrack, Piece} from '../../web/protocol.gen.js'
 * @import {Slot} from './layout.js'
 * @import {Entry, Opened} from './opened.js'
 *
 * @typedef {object} Part one piece of a track
 * @property {Piece} piece
 * @property {Blob} file
 * @property {Opened} opened
 * @property {Entry} entry
 * @property {InputTrack | null} track null for what mediabunny cannot read
 * @property {Frames | null} frames
 * @property {Clock} clock the track's own
 * @property {number} limit the tick at which its presentation stops
 * @property {boolean} isMade it was encoded for this result, so it may be changed to fit
 * @property {boolean} isFirst the result starts with it
 * @property {boolean} isLast
 *
 * @typedef {object} Line one track of the result
 * @property {Slot['kind']} kind
 * @property {AssembleTrack} wanted
 * @property {Part[]} parts at least one
 * @property {Part} main the part that says what the track is
 */

/**
 * Open every file that a step names, do `work`, and close them again.
 * @template T
 * @param {Record<string, Blob>} files
 * @param {string[]} keep those that will be asked for again
 * @param {AbortSignal} signal
 * @param {(opened: Map<string, Opened>) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withAllOpened(files, keep, signal, work) {
    /** @type {Map<string, Opened>} */
    const all = new Map();
    const names = Object.keys(files);

    /** @param {number} nth @returns {Promise<T>} */
    async function from(nth) {
        if (nth === names.length) return work(all);
        const name = names[nth];
        /** @param {Opened} opened */
        function next(opened) {
            all.set(name, opened);
            return from(nth + 1);
        }
        return withOpened(files[name], signal, next, keep.find((id) => id === name));
    }
    return from(0);
}

/**
 * @param {Assemble} step
 * @param {Record<string, Blob>} files
 * @param {Map<string, Opened>} opened
 * @param {Set<string>} made ids of the files that earlier steps made
 * @returns {Promise<Line[]>}
 */
export async function linesOf({ tracks }, files, opened, made) {
    if (tracks.length === 0) throw unusable('A result needs at least one track.');
    const lines = [];
    for (const wanted of tracks) {
        if (wanted.pieces.length === 0) throw unusable('A track needs at least one piece.');
        const parts = [];
        for (const [i, piece] of wanted.pieces.entries()) {
            const source = opened.get(piece.source);
            if (!source) throw unusable('A piece is from a file that is not open.');
            // Before a piece that starts later nothing can be hidden.
            const place = { isMade: made.has(piece.source), isFirst: i === 0 && piece.at === 0, isLast: i === wanted.pieces.length - 1 };
            parts.push({ piece, file: files[piece.source], opened: source, ...place, ...(await trackOf(source, piece.track)) });
        }
        const main = parts.find(({ isMade }) => !isMade) ?? parts[0];
        lines.push({ wanted, parts, main, kind: main.entry.slot?.kind ?? main.track?.type ?? wanted.kind });
    }
    return lines;
}

/** @param {string} message */
function unusable(message) {
    return new ClipwrightError('bad_request', message, { hint: 'Plan the cut again.', path: '$.step.tracks' });
}

/**
 * @param {Opened} opened
 * @param {number} index
 */
async function trackOf({ entries }, index) {
    const entry = entries[index];
    if (!entry) throw unusable(`There is no track ${index}.`);
    const { track, slot } = entry;
    const frames = track && (await Frames.of(entry, track));
    const clock = frames?.clock ?? new Clock(Number(slot?.time_base.split('/')[1] ?? 1000));
    return { entry, track, frames, clock, limit: slot?.presented_end ?? Infinity };
}
