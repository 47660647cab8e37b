/** The two things asked of Clipwright: a plan and its results, for one clip or for many, in one shape. */

/**
 * @import {Clipwright} from '../clipwright.js'
 * @import {Cut, Result} from '../results.js'
 * @import {CutPlan} from '../protocol.gen.js'
 * @import {Options} from '../client.js'
 * @import {Order} from './order.js'
 * @typedef {{results: readonly Result[], cut: Cut | null}} Made `cut`: what saves all of them, where there are several
 */

/**
 * @param {Clipwright} app
 * @param {Order} order
 * @returns {Promise<CutPlan>}
 */
export async function planOf(app, { media, clip, cut }) {
    return clip ? { plans: [await app.plan(media[0], clip)], notes: [] } : app.planCut([...media], cut);
}

/**
 * @param {Clipwright} app
 * @param {Order} order
 * @param {Options} options
 * @returns {Promise<Made>}
 */
export async function make(app, { media, clip, cut }, options) {
    if (clip) return { results: [await app.clip(media[0], clip, options)], cut: null };
    const done = await app.cut([...media], cut, options);
    return { results: done.results, cut: done.results.length > 1 ? done : null };
}

/** Give back the space of what nobody needs any more. @param {Made} made */
export function release({ results }) {
    results.forEach((result) => void result.release());
}
