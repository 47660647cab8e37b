/**
 * Pictures of a source that the edges of a clip were encoded from, kept for the comparison that follows: to decode them once more would
 * take longer than all else it does.
 */

/**
 * @import {InputTrack} from 'mediabunny'
 * @import {Picture} from './likeness.js'
 * @typedef {{tick: number, picture: Picture}} Original `tick` by the source's clock
 */

/** So many pictures of an edge are compared at its begin, and as many at its end. */
const AT_EACH_END = 3;
/** Two edges in 4K, with 12 MB for a picture. */
const MOST_BYTES = 160e6;

/** @type {(Original & {track: InputTrack})[]} the latest at the end */
let kept = [];

/**
 * Add a picture of an edge; those in its middle are let go.
 * @param {Original[]} edge
 * @param {Original} next
 */
export function addTo(edge, next) {
    edge.push(next);
    if (edge.length > 2 * AT_EACH_END) edge.splice(AT_EACH_END, 1);
}

/** @param {InputTrack} track @param {Original[]} edge */
export function keepOriginals(track, edge) {
    kept.push(...edge.map((one) => ({ ...one, track })));
    let bytes = kept.reduce((sum, { picture }) => sum + picture.data.length, 0);
    while (bytes > MOST_BYTES) bytes -= /** @type {Original} */ (kept.shift()).picture.data.length;
}

/**
 * @param {InputTrack} track
 * @param {number} tick
 * @returns {Picture | null} null where there is none, or several at one time
 */
export function originalAt(track, tick) {
    const found = kept.filter((one) => one.track === track && one.tick === tick);
    return found.length === 1 ? found[0].picture : null;
}

/** Nothing of it will be compared any more. */
export function forgetOriginals() {
    kept = [];
}
