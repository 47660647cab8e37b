/** What becomes of a segment, in a word and in a line. */

import { bytes } from './words.js';

/**
 * @import {Plan, SegmentPlan} from '../protocol.gen.js'
 * @typedef {Pick<SegmentPlan, 'mode' | 'encoded_frames'>} Fate
 */

/**
 * What the plans say of the span from `start` to `end`, in µs; a joined neighbour may have become one with it.
 * @param {readonly Plan[]} plans
 * @param {string} source the id of its file
 * @param {number} start
 * @param {number} end
 * @returns {Fate | null}
 */
export function fateOf(plans, source, start, end) {
    const all = plans.flatMap((plan) => plan.segments.filter((segment) => segment.source === source));
    const same = all.find(({ request_span: asked }) => asked.start === start && asked.end === end);
    return same ?? all.find(({ request_span: asked }) => asked.start <= start && end <= asked.end) ?? null;
}

/** @param {Fate} fate */
export function fateName({ mode, encoded_frames: frames }) {
    if (mode === 'exact') return 're-encoded';
    if (mode === 'lossless' || frames === 0) return 'copied';
    return `smart · ${count(frames, 'frame')}`;
}

/**
 * @param {HTMLElement} chip
 * @param {Fate | 'removed' | null} fate null: not known yet
 */
export function showFate(chip, fate) {
    chip.hidden = fate === null;
    if (fate === null) return;
    chip.textContent = fate === 'removed' ? 'taken out' : fateName(fate);
    chip.dataset.action = fate === 'removed' ? 'drop' : fate.mode === 'exact' ? 'encode' : 'copy';
}

/**
 * How much of a segment is what.
 * @param {SegmentPlan} segment
 */
export function shares({ copied_bytes: copied, encoded_bytes: encoded }) {
    return [copied > 0 && `${bytes(copied)} copied`, encoded > 0 && `${bytes(encoded)} re-encoded`].filter(Boolean).join(', ');
}

/** @param {number} n @param {string} noun */
export function count(n, noun) {
    return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
