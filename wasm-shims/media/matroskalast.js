/** How long the last picture lasts. Blocks state that only in groups; of all others readers know it by what follows, or take a usual length. */

import { Cursor } from './bytes.js';
import { elements, header } from './ebml.js';
import { element, unsignedElement } from './ebmlwriting.js';
import { CLUSTER, GROUP } from './matroskaids.js';

/**
 * @import {Block} from './matroskaclusters.js'
 * @typedef {object} Last all in ticks
 * @property {Block} block
 * @property {number} duration at least 1
 * @property {number} reference how much later than it the block is shown that was decoded before it
 */

/** What a block's flags say that a group says otherwise: that it is a key frame, and that it may be left out. */
const SIMPLE = 0x81;
const STAMP_BYTES = 2;

/**
 * The last picture that is shown, and what ends it.
 * @param {Block[]} kept one track's, in the order of decoding
 * @param {{to: number, next: number}} end the tick up to which pictures are wanted, and the one at which another would be shown
 * @returns {Last | null} null where the source ends as well
 */
export function lastOf(kept, { to, next }) {
    const block = kept.reduce((/** @type {Block | null} */ latest, one) => (latest && latest.time > one.time ? latest : one), null);
    if (!block || next === Infinity) return null;
    const duration = (block.time < to ? Math.min(to, next) : next) - block.time;
    const before = kept[kept.indexOf(block) - 1] ?? block;
    return duration > 0 ? { block, duration, reference: before.time - block.time } : null;
}

/**
 * A group that holds the same packet and says how long it lasts.
 * @param {Uint8Array} bytes the whole element of the block, simple or in a group already
 * @param {Last} last
 */
export function lasting(bytes, { block, duration, reference }) {
    const cursor = new Cursor(bytes);
    const { id } = header(cursor);
    const body = bytes.slice(cursor.at);
    const stated = unsignedElement(GROUP.duration, duration);
    if (id === CLUSTER.group) {
        const kept = elements(body).filter((part) => part.id !== GROUP.duration);
        return element(CLUSTER.group, ...kept.map((part) => element(part.id, part.body)), stated);
    }
    body[block.stamp + STAMP_BYTES - block.start - cursor.at] &= ~SIMPLE;
    const parts = [element(GROUP.block, body), stated, ...(block.isKey ? [] : [element(GROUP.reference, signed(reference))])];
    return element(CLUSTER.group, ...parts);
}

/** @param {number} value of 32 bits */
function signed(value) {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setInt32(0, value);
    return bytes;
}
